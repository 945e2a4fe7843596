//! A model file that is damaged is refused or gives some vector, and never breaks the program. The file is a small one of
//! the same kind, so that it can be cut everywhere.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]

use std::{fs, path::Path};

use encoder::{Model, ModelFileError, e5::E5, minilm::MiniLm};
use ports::embeddings::Purpose;
use proptest::prelude::*;

const HIDDEN: usize = 32;
const POSITIONS: usize = 512;
const PIECES: [&str; 6] = ["<s>", "<pad>", "</s>", "<unk>", "\u{2581}a", "b"];

fn number(out: &mut Vec<u8>, number: usize) {
    out.extend((number as u32).to_le_bytes());
}

/// Name, whether it is in 4 bit, and how many numbers it has.
fn tensors() -> Vec<(String, bool, usize)> {
    let (square, vector) = (HIDDEN * HIDDEN, HIDDEN);
    let mut tensors: Vec<(String, bool, usize)> = vec![
        ("emb.word".into(), true, PIECES.len() * HIDDEN),
        ("emb.pos".into(), false, POSITIONS * HIDDEN),
        ("emb.type".into(), false, 2 * HIDDEN),
        ("emb.ln.w".into(), false, vector),
        ("emb.ln.b".into(), false, vector),
    ];
    for part in ["q", "k", "v", "ao", "fi", "fo"] {
        tensors.push((format!("l0.{part}.w"), true, square));
        tensors.push((format!("l0.{part}.b"), false, vector));
    }
    for part in ["aln", "oln"] {
        tensors.push((format!("l0.{part}.w"), false, vector));
        tensors.push((format!("l0.{part}.b"), false, vector));
    }
    tensors
}

/// A whole model file of one layer.
fn model_file() -> Vec<u8> {
    let mut head = b"E5S1".to_vec();
    number(&mut head, 1);
    for size in [HIDDEN, 1, 2, HIDDEN, PIECES.len(), POSITIONS, 2] {
        number(&mut head, size);
    }
    head.extend(1e-5_f32.to_le_bytes());
    number(&mut head, 32);
    for size in [PIECES.len(), 0, 1, 2, 3] {
        number(&mut head, size);
    }
    let text = PIECES.concat();
    head.extend((text.len() as u64).to_le_bytes());
    let mut start = 0;
    for piece in PIECES {
        number(&mut head, start);
        start += piece.len();
    }
    number(&mut head, start);
    (0..PIECES.len()).for_each(|n| head.extend((-(n as f32)).to_le_bytes()));
    head.extend(text.bytes());
    // One character that becomes another.
    let mut table = u32::from('ａ').to_le_bytes().to_vec();
    table.push(1);
    table.extend(u32::from('a').to_le_bytes());
    number(&mut head, 1);
    number(&mut head, table.len());
    head.extend(table);

    let tensors = tensors();
    let bytes_of = |quantised: bool, elements: usize| if quantised { elements / 32 * 18 } else { elements * 4 };
    let directory: usize = 4 + tensors.iter().map(|(name, ..)| 2 + name.len() + 1 + 4 + 8 + 8).sum::<usize>();
    let mut offset = head.len() + directory;
    number(&mut head, tensors.len());
    let mut data = Vec::new();
    for (name, quantised, elements) in &tensors {
        let bytes = bytes_of(*quantised, *elements);
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(name.bytes());
        head.push(u8::from(*quantised));
        number(&mut head, *elements);
        head.extend((offset as u64).to_le_bytes());
        head.extend((bytes as u64).to_le_bytes());
        offset += bytes;
        for n in 0..bytes {
            // Blocks of 18 bytes begin with their scale: 1/16 in half precision. Plain numbers are small, too.
            data.push(match (*quantised, n % 18, n % 4) {
                (true, 0, _) => 0x00,
                (true, 1, _) => 0x2c,
                (true, ..) => (n * 37 % 256) as u8,
                (false, _, 3) => 0x3d,
                (false, ..) => (n * 11 % 128) as u8,
            });
        }
    }
    head.extend(data);
    head
}

fn open(bytes: &[u8]) -> Result<E5, ModelFileError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    E5::open(file.path())
}

fn embeds(model: &E5) -> Result<Vec<Vec<f32>>, ModelFileError> {
    model.embed(Purpose::Query, &["ａ b a".to_owned(), String::new()])
}

#[test]
fn the_whole_file_is_read() {
    let vectors = embeds(&open(&model_file()).unwrap()).unwrap();
    assert_eq!(vectors.iter().map(Vec::len).collect::<Vec<_>>(), [HIDDEN, HIDDEN]);
    for vector in vectors {
        let length = vector.iter().map(|x| x * x).sum::<f32>();
        assert!((length - 1.0).abs() < 1e-4, "{length}");
    }
}

#[test]
fn a_query_is_read_as_far_as_one_window_goes() {
    let model = open(&model_file()).unwrap();
    let of = |purpose, letters: usize| model.embed(purpose, &["ab".repeat(letters)]).unwrap().swap_remove(0);
    assert_eq!(of(Purpose::Query, 1_000), of(Purpose::Query, 4_000), "what comes later is not waited for");
    assert_ne!(of(Purpose::Query, 20), of(Purpose::Query, 21));
    assert_ne!(of(Purpose::Passage, 1_000), of(Purpose::Passage, 4_000), "of knowledge all is read");
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let whole = model_file();
    let places = (0..700).chain((700..whole.len()).step_by(997)).chain([whole.len() - 1]);
    for end in places {
        assert!(open(&whole[..end]).is_err(), "cut at {end} of {}", whole.len());
    }
    assert!(open(b"").is_err() && open(&[0xff; 4096]).is_err());
    assert!(E5::open(Path::new("/nowhere/at/all")).is_err());
}

#[test]
fn weights_that_are_no_numbers_give_an_error() {
    let mut bytes = model_file();
    let last = bytes.len() - 4;
    bytes[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(embeds(&open(&bytes).unwrap()).is_err());
}

#[test]
fn a_damaged_english_model_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (weights, tokenizer) = (folder.path().join("model.safetensors"), folder.path().join("tokenizer.json"));
    let words = r#"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
        "pre_tokenizer":null,"post_processor":null,"decoder":null,"model":{"type":"WordPiece","unk_token":"a",
        "continuing_subword_prefix":"__","max_input_chars_per_word":9,"vocab":{"a":0}}}"#;
    let none = &b"\x08\0\0\0\0\0\0\0{}      "[..];
    for (weight, words) in [
        (none, words),
        (b"", words),
        (b"\xff\xff\xff\xff\xff\xff\xff\xff", words),
        (b"\x08\0\0\0\0\0\0\0not json", words),
        (none, "{"),
    ] {
        fs::write(&weights, weight).unwrap();
        fs::write(&tokenizer, words).unwrap();
        assert!(MiniLm::open(&weights, &tokenizer).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// In the head most changes are seen; in the weights none is, and the vector is another one.
    #[test]
    fn changed_bytes_never_break_the_program(
        changes in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 1..6),
        in_head: bool,
    ) {
        let mut bytes = model_file();
        let span = if in_head { 900 } else { bytes.len() };
        for (place, byte) in changes {
            bytes[(place * span as f64) as usize] = byte;
        }
        if let Ok(model) = open(&bytes)
            && let Ok(vectors) = embeds(&model)
        {
            prop_assert!(vectors.iter().flatten().all(|x| x.is_finite()));
        }
    }
}
