//! Ordinary messages as embedding models read them: what any message is a little like. How near a message lies to an
//! owner's examples says more when it is compared with how near it lies to these (score normalisation with a cohort, as
//! speaker recognition does it: Auckenthaler et al. 2000).
//!
//! `train-head` makes the files in `data/` from the detector's own ordinary examples.

use std::sync::OnceLock;

use crate::{language, train};

const MAGIC: &[u8; 8] = b"BATONEC1";
const BUILT_IN: [&[u8]; 2] = [include_bytes!("../data/e5.cohort"), include_bytes!("../data/minilm.cohort")];
/// English messages; models that know English only have these alone.
pub const ENGLISH: usize = 128;
/// Messages in other languages.
const OTHERS: usize = 128;

/// Vectors of ordinary messages by one model, the English ones first.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    model: String,
    vectors: Vec<Vec<f32>>,
}

/// The messages, the English ones first, and how many of them are English.
pub fn messages() -> (Vec<String>, usize) {
    let (mut english, mut others) = (Vec::new(), Vec::new());
    let mut last = 0;
    for example in train::examples() {
        let ordinary = matches!(example.category.as_str(), "faq" | "complaint" | "info-hours" | "chitchat" | "oos");
        // The first expansion stands for its template; slips of the finger repeat what was there.
        if !ordinary || example.template <= last {
            continue;
        }
        last = example.template;
        if language::guess(&example.text) == Some("en") { &mut english } else { &mut others }.push(example.text);
    }
    let mut all = spread(english, ENGLISH);
    let count = all.len();
    all.extend(spread(others, OTHERS));
    (all, count)
}

/// So many of them, evenly.
fn spread(texts: Vec<String>, wanted: usize) -> Vec<String> {
    let all = texts.len();
    let taken = |at: usize| at * wanted / all.max(1) != (at + 1) * wanted / all.max(1);
    texts.into_iter().enumerate().filter(|(at, _)| all <= wanted || taken(*at)).map(|(_, text)| text).collect()
}

impl Cohort {
    /// The cohort of a model, if it is one of ours.
    pub fn built_in(model: &str) -> Option<&'static Self> {
        static COHORTS: OnceLock<Vec<Cohort>> = OnceLock::new();
        let all = COHORTS.get_or_init(|| BUILT_IN.iter().filter_map(|bytes| Self::read(bytes)).collect());
        all.iter().find(|cohort| cohort.model == model)
    }

    /// A cohort of vectors that a model has made of [`messages`].
    pub fn new(model: &str, vectors: Vec<Vec<f32>>) -> Self {
        Self { model: model.to_owned(), vectors }
    }

    /// The vectors.
    pub fn vectors(&self) -> &[Vec<f32>] {
        &self.vectors
    }

    /// The file: each vector as its greatest number and a byte for each of its numbers.
    #[expect(clippy::cast_possible_truncation, reason = "rounded to within a byte")]
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(u8::try_from(self.model.len()).unwrap_or(0));
        out.extend(self.model.as_bytes());
        out.extend(u16::try_from(self.vectors.first().map_or(0, Vec::len)).unwrap_or(0).to_le_bytes());
        for vector in &self.vectors {
            let most = vector.iter().fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
            out.extend(most.to_le_bytes());
            out.extend(vector.iter().map(|x| (x / most * 127.0).round() as i8).map(|x| x.to_le_bytes()[0]));
        }
        out
    }

    /// Reads a file; `None` when it is not one of ours.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (&length, rest) = rest.split_first()?;
        let (model, rest) = rest.split_at_checked(usize::from(length))?;
        let (size, rest) = rest.split_first_chunk::<2>()?;
        let size = usize::from(u16::from_le_bytes(*size));
        if size == 0 || !rest.len().is_multiple_of(size + 4) {
            return None;
        }
        let vectors = rest.chunks_exact(size + 4).map(|row| {
            let (most, row) = row.split_first_chunk::<4>()?;
            let most = f32::from_le_bytes(*most);
            most.is_finite().then(|| row.iter().map(|x| f32::from(i8::from_le_bytes([*x])) / 127.0 * most).collect())
        });
        Some(Self { model: String::from_utf8_lossy(model).into_owned(), vectors: vectors.collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_back_nearly_and_a_broken_one_is_refused() {
        let cohort = Cohort::new("some model", vec![vec![0.5, -0.25, 0.001], vec![0.1, 0.2, 0.3]]);
        let bytes = cohort.bytes();
        let read = Cohort::read(&bytes).unwrap();
        assert_eq!(read.model, "some model");
        for (one, other) in cohort.vectors.iter().flatten().zip(read.vectors.iter().flatten()) {
            assert!((one - other).abs() < 0.005, "{one} and {other}");
        }
        for end in 0..bytes.len() {
            assert!(Cohort::read(&bytes[..end]).is_none_or(|less| less.vectors.len() < 2), "{end}");
        }
        assert_eq!(Cohort::read(b"BATONEC1\x00\x00\x00"), None);
    }

    #[test]
    fn the_shipped_cohorts_are_of_the_messages() {
        let (messages, english) = messages();
        assert_eq!((messages.len(), english), (ENGLISH + OTHERS, ENGLISH));
        let of = |model| Cohort::built_in(model).unwrap_or_else(|| panic!("{model}: run `make train`")).vectors().len();
        assert_eq!(of("multilingual-e5-small-q4"), messages.len());
        assert_eq!(of("all-MiniLM-L6-v2"), english);
    }
}
