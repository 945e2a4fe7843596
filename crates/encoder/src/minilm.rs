//! all-MiniLM-L6-v2: English, weights as safetensors, words cut by WordPiece (its `tokenizer.json`).

use std::{collections::HashMap, path::Path};

use candle_core::{Device, Tensor};
use ports::embeddings::Purpose;
use tokenizers::{Tokenizer, TruncationParams};

use crate::{
    Matrix, Model, ModelFileError,
    bert::{Bert, Names, Shape, Weights, normalise},
};

/// Tokens of a text that the model was made for (its `sentence_bert_config.json`).
const MOST_TOKENS: usize = 256;
const SHAPE: Shape = Shape { hidden: 384, layers: 6, heads: 12, feed_forward: 1536, positions: 512, epsilon: 1e-12 };
const WORDS: usize = 30_522;
/// What the model is called: vectors of another name are not compared with its own.
pub const NAME: &str = "all-MiniLM-L6-v2";

const NAMES: Names = Names {
    embedding_norm: ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"],
    layer: "encoder.layer.",
    dot: ".",
    linears: [
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    ],
    norms: ["attention.output.LayerNorm", "output.LayerNorm"],
    endings: [".weight", ".bias"],
};

/// The model: its weights rounded to 8 bits, its word table as it is.
pub struct MiniLm {
    tokenizer: Tokenizer,
    bert: Bert,
    words: Vec<f32>,
    /// Position and token type, added: one row for each position.
    places: Vec<f32>,
}

impl MiniLm {
    /// Opens the weights and the tokenizer.
    ///
    /// # Errors
    /// When a file cannot be read, or is not of this model.
    pub fn open(weights: &Path, tokenizer: &Path) -> Result<Self, ModelFileError> {
        let mut tokenizer = Tokenizer::from_file(tokenizer).map_err(|e| ModelFileError::Damaged(e.to_string()))?;
        tokenizer.with_padding(None);
        let truncation = TruncationParams { max_length: MOST_TOKENS, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|e| ModelFileError::Damaged(e.to_string()))?;
        let tensors = Tensors(candle_core::safetensors::load(weights, &Device::Cpu)?);
        let rows = |name: &str, count: usize| -> Result<Vec<f32>, ModelFileError> {
            tensors.find(name, &[count, SHAPE.hidden])
        };
        let words = rows("embeddings.word_embeddings.weight", WORDS)?;
        let kinds = rows("embeddings.token_type_embeddings.weight", 2)?;
        let mut places = rows("embeddings.position_embeddings.weight", SHAPE.positions)?;
        for row in places.chunks_exact_mut(SHAPE.hidden) {
            for (x, k) in row.iter_mut().zip(&kinds) {
                *x += k;
            }
        }
        Ok(Self { tokenizer, bert: Bert::load(SHAPE, &NAMES, &tensors)?, words, places })
    }

    /// The tokens of a text with the marks around it.
    ///
    /// # Errors
    /// When the tokenizer refuses it.
    pub fn split(&self, text: &str) -> Result<Vec<u32>, ModelFileError> {
        let encoding = self.tokenizer.encode(text, true).map_err(|e| ModelFileError::Damaged(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }
}

impl Model for MiniLm {
    fn embed(&self, _purpose: Purpose, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelFileError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let (mut rows, mut lengths) = (Vec::new(), Vec::new());
        for text in texts {
            let ids = self.split(text)?;
            for (place, id) in ids.iter().enumerate() {
                let word = self.words.chunks_exact(SHAPE.hidden).nth(*id as usize);
                let word = word.ok_or_else(|| ModelFileError::Damaged("a token without a row".to_owned()))?;
                rows.extend(word.iter().zip(&self.places[place * SHAPE.hidden..]).map(|(w, p)| w + p));
            }
            lengths.push(ids.len());
        }
        self.bert.means(rows, &lengths)?.into_iter().map(normalise).collect()
    }
}

struct Tensors(HashMap<String, Tensor>);

impl Tensors {
    fn find(&self, name: &str, dimensions: &[usize]) -> Result<Vec<f32>, ModelFileError> {
        match self.0.get(name) {
            Some(tensor) if tensor.dims() == dimensions => {
                Ok(tensor.to_dtype(candle_core::DType::F32)?.flatten_all()?.to_vec1()?)
            }
            _ => Err(ModelFileError::Damaged(name.to_owned())),
        }
    }
}

impl Weights for Tensors {
    fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix, ModelFileError> {
        let numbers = self.find(name, &[rows, columns])?;
        Matrix::of_numbers(rows, columns, &numbers).ok_or_else(|| ModelFileError::Damaged(name.to_owned()))
    }

    fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelFileError> {
        self.find(name, &[length])
    }
}
