//! The network of both models: a BERT encoder with its layer norms after the sums (Devlin et al. 2018), without pooler.
//!
//! Texts of a batch are packed one behind the other: everything but attention works on each token by itself, so the
//! weights are read once for all of them, and nothing is padded. Attention looks at each text alone.

use candle_core::{D, DType, Device, Module, Result, Tensor};
use candle_nn::{LayerNorm, ops::softmax_last_dim};

use crate::{
    dense::{Dense, Matrix},
    gelu::Gelu,
};

/// Sizes of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Numbers a token is described by.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// Attention heads; `hidden` is a multiple.
    pub heads: usize,
    /// Width of the feed-forward part.
    pub feed_forward: usize,
    /// Tokens that a text may have at most.
    pub positions: usize,
    /// Epsilon of the layer norms.
    pub epsilon: f64,
}

/// Weights by name, whatever file they come from. Names are those of [`names`].
pub trait Weights {
    /// A matrix, row-major `[out, in]`.
    ///
    /// # Errors
    /// When it is not there or has another size.
    fn matrix(&self, name: &str, rows: usize, columns: usize) -> std::result::Result<Matrix, crate::ModelFileError>;
    /// A vector.
    ///
    /// # Errors
    /// When it is not there or has another size.
    fn vector(&self, name: &str, length: usize) -> std::result::Result<Vec<f32>, crate::ModelFileError>;
}

/// How the parts of a network are named in a file.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    /// Layer norm of the embeddings: weight, bias.
    pub embedding_norm: [&'static str; 2],
    /// What stands before a layer's number.
    pub layer: &'static str,
    /// What stands between the number and a part's name.
    pub dot: &'static str,
    /// Query, key, value, attention output, feed-forward in and out; each has a weight and a bias.
    pub linears: [&'static str; 6],
    /// Layer norms after the attention and after the feed-forward part.
    pub norms: [&'static str; 2],
    /// Endings for weights and biases.
    pub endings: [&'static str; 2],
}

struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    attention_out: Dense,
    attention_norm: LayerNorm,
    up: Dense,
    down: Dense,
    out_norm: LayerNorm,
}

/// A network, ready to run.
pub struct Bert {
    shape: Shape,
    embedding_norm: LayerNorm,
    layers: Vec<Layer>,
}

impl Bert {
    /// Takes the weights from a file.
    ///
    /// # Errors
    /// When a part is missing or has another size than the shape says.
    pub fn load(
        shape: Shape,
        names: &Names,
        weights: &dyn Weights,
    ) -> std::result::Result<Self, crate::ModelFileError> {
        let norm = |[weight, bias]: [&str; 2]| {
            let vector = |name: &str| {
                let numbers = weights.vector(name, shape.hidden)?;
                Ok::<_, crate::ModelFileError>(Tensor::from_vec(numbers, shape.hidden, &Device::Cpu)?)
            };
            Ok::<_, crate::ModelFileError>(LayerNorm::new(vector(weight)?, vector(bias)?, shape.epsilon))
        };
        let [weight, bias] = names.endings;
        let layer = |number: usize| {
            let part = |name: &str, ending: &str| format!("{}{number}{}{name}{ending}", names.layer, names.dot);
            let linear = |which: usize, rows: usize, columns: usize| {
                let name = names.linears[which];
                let matrix = weights.matrix(&part(name, weight), rows, columns)?;
                Dense::new(matrix, weights.vector(&part(name, bias), rows)?)
                    .ok_or_else(|| crate::ModelFileError::Damaged(part(name, bias)))
            };
            let norm_of = |which: usize| {
                let name = names.norms[which];
                norm([&part(name, weight), &part(name, bias)])
            };
            let (hidden, wide) = (shape.hidden, shape.feed_forward);
            Ok::<_, crate::ModelFileError>(Layer {
                query: linear(0, hidden, hidden)?,
                key: linear(1, hidden, hidden)?,
                value: linear(2, hidden, hidden)?,
                attention_out: linear(3, hidden, hidden)?,
                up: linear(4, wide, hidden)?,
                down: linear(5, hidden, wide)?,
                attention_norm: norm_of(0)?,
                out_norm: norm_of(1)?,
            })
        };
        Ok(Self {
            shape,
            embedding_norm: norm(names.embedding_norm)?,
            layers: (0..shape.layers).map(layer).collect::<std::result::Result<_, _>>()?,
        })
    }

    /// Runs the network.
    ///
    /// `rows` are the embeddings of all tokens, text behind text: word, position and token type already added, `hidden`
    /// numbers each. `lengths` says how many tokens each text has, none of them 0. Gives the mean of each text's tokens, not yet of length 1.
    ///
    /// # Errors
    /// When the numbers do not fit together.
    pub fn means(&self, rows: Vec<f32>, lengths: &[usize]) -> Result<Vec<Vec<f32>>> {
        let tokens: usize = lengths.iter().sum();
        let mut x = Tensor::from_vec(rows, (tokens, self.shape.hidden), &Device::Cpu)?;
        x = self.embedding_norm.forward(&x)?;
        for layer in &self.layers {
            x = layer.forward(&x, lengths, self.shape.heads)?;
        }
        let mut means = Vec::with_capacity(lengths.len());
        let mut start = 0;
        for &length in lengths {
            means.push(x.narrow(0, start, length)?.mean(0)?.to_dtype(DType::F32)?.to_vec1()?);
            start += length;
        }
        Ok(means)
    }
}

impl Layer {
    fn forward(&self, x: &Tensor, lengths: &[usize], heads: usize) -> Result<Tensor> {
        let dense = |x: &Tensor, dense: &Dense| x.apply_op1_no_bwd(dense);
        let (query, key, value) = (dense(x, &self.query)?, dense(x, &self.key)?, dense(x, &self.value)?);
        let mut contexts = Vec::with_capacity(lengths.len());
        let mut start = 0;
        for &length in lengths {
            let part = |all: &Tensor| all.narrow(0, start, length);
            contexts.push(attend(&part(&query)?, &part(&key)?, &part(&value)?, heads)?);
            start += length;
        }
        let context = if contexts.len() == 1 { contexts.swap_remove(0) } else { Tensor::cat(&contexts, 0)? };
        let x = self.attention_norm.forward(&(x + dense(&context, &self.attention_out)?)?)?;
        let wide = dense(&x, &self.up)?;
        wide.inplace_op1(&Gelu)?;
        self.out_norm.forward(&(&x + dense(&wide, &self.down)?)?)
    }
}

/// Scaled dot-product attention of one text: softmax(q·kᵀ / √d)·v in every head.
fn attend(query: &Tensor, key: &Tensor, value: &Tensor, heads: usize) -> Result<Tensor> {
    let (tokens, hidden) = query.dims2()?;
    let width = hidden / heads;
    let split = |all: &Tensor| all.reshape((tokens, heads, width))?.transpose(0, 1)?.contiguous();
    let (query, key, value) = ((split(query)? / (width as f64).sqrt())?, split(key)?, split(value)?);
    let weights = softmax_last_dim(&query.matmul(&key.transpose(D::Minus2, D::Minus1)?)?)?;
    weights.matmul(&value)?.transpose(0, 1)?.reshape((tokens, hidden))
}

/// Brings a vector to length 1; one without a direction stays as it is.
///
/// # Errors
/// When it is none: weights that are no numbers make no vector.
pub(crate) fn normalise(mut vector: Vec<f32>) -> std::result::Result<Vec<f32>, crate::ModelFileError> {
    if vector.iter().any(|x| !x.is_finite()) {
        return Err(crate::ModelFileError::Damaged("its weights".to_owned()));
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in &mut vector {
            *x /= length;
        }
    }
    Ok(vector)
}
