//! multilingual-e5-small with 4-bit weights (file magic `E5S1`).
//!
//! A text is one string with its prefix: `query: ` for what visitors say and for anything compared with it alike,
//! `passage: ` for knowledge that is searched (Wang et al. 2024).

mod file;
mod pieces;

use std::path::Path;

use ports::embeddings::Purpose;

use self::file::File;
pub use self::pieces::{Marks, Pieces};
use crate::{
    Model, ModelFileError,
    bert::{Bert, Names, normalise},
};

/// What the model is called: vectors of another name are not compared with its own.
pub const NAME: &str = "multilingual-e5-small-q4";
/// Pieces in one window; with the two marks around them as many as there are positions.
const WINDOW: usize = 510;
/// `<s>`, in front of every window.
const START: u32 = 0;
/// `</s>`, behind every window.
const END: u32 = 2;

const NAMES: Names = Names {
    embedding_norm: ["emb.ln.w", "emb.ln.b"],
    layer: "l",
    dot: ".",
    linears: ["q", "k", "v", "ao", "fi", "fo"],
    norms: ["aln", "oln"],
    endings: [".w", ".b"],
};

/// The model: weights of the layers in memory, rows of the word table read when they are used.
pub struct E5 {
    file: File,
    pieces: Pieces,
    bert: Bert,
    /// Position and token type, added: one row for each position.
    places: Vec<f32>,
}

impl E5 {
    /// Opens a model file.
    ///
    /// # Errors
    /// When it cannot be read, or anything in it does not fit together.
    pub fn open(path: &Path) -> Result<Self, ModelFileError> {
        let file = File::open(path)?;
        let pieces = Pieces::read(&file.head()?)?;
        let shape = file.shape();
        let bert = Bert::load(shape, &NAMES, &file)?;
        let kind = file.floats("emb.type", 2 * shape.hidden)?;
        let mut places = file.floats("emb.pos", shape.positions * shape.hidden)?;
        for row in places.chunks_exact_mut(shape.hidden) {
            for (x, k) in row.iter_mut().zip(&kind) {
                *x += k;
            }
        }
        Ok(Self { file, pieces, bert, places })
    }

    /// How texts become pieces.
    pub fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// For each text, given as its pieces, the mean over its tokens before it is brought to length 1. A text of more
    /// than 510 pieces is cut into windows whose means are averaged by their number of pieces.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub fn means(&self, texts: &[Vec<u32>]) -> Result<Vec<Vec<f32>>, ModelFileError> {
        let hidden = self.file.shape().hidden;
        let (mut rows, mut lengths, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for (text, ids) in texts.iter().enumerate() {
            let windows: Vec<&[u32]> = if ids.is_empty() { vec![&[]] } else { ids.chunks(WINDOW).collect() };
            for window in windows {
                let before = rows.len() / hidden;
                for id in std::iter::once(START).chain(window.iter().copied()).chain([END]) {
                    let place = rows.len() / hidden - before;
                    self.file.word(id, &mut rows)?;
                    let from = rows.len() - hidden;
                    for (x, p) in rows[from..].iter_mut().zip(&self.places[place * hidden..]) {
                        *x += p;
                    }
                }
                lengths.push(window.len() + 2);
                owners.push((text, window.len().max(1)));
            }
        }
        let mut sums = vec![(vec![0.0; hidden], 0); texts.len()];
        for ((text, weight), mean) in owners.into_iter().zip(self.bert.means(rows, &lengths)?) {
            let (sum, count) = &mut sums[text];
            *count += weight;
            for (s, m) in sum.iter_mut().zip(mean) {
                *s += m * weight as f32;
            }
        }
        for (sum, count) in &mut sums {
            for s in sum {
                *s /= *count as f32;
            }
        }
        Ok(sums.into_iter().map(|(sum, _)| sum).collect())
    }
}

impl Model for E5 {
    fn embed(&self, purpose: Purpose, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelFileError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let prefix = match purpose {
            Purpose::Query => "query: ",
            Purpose::Passage => "passage: ",
        };
        let cut = |text: &String| {
            let mut pieces = self.pieces.split(&format!("{prefix}{text}"));
            // Somebody waits for it, and what a message is about stands in its first four hundred words.
            if purpose == Purpose::Query {
                pieces.truncate(WINDOW);
            }
            pieces
        };
        let pieces: Vec<_> = texts.iter().map(cut).collect();
        self.means(&pieces)?.into_iter().map(normalise).collect()
    }
}
