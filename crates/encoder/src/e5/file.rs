//! The bytes of a model file: header, tokenizer, directory, tensors. Everything little-endian.
//!
//! The word table is three quarters of the file and of each text only a few rows are needed, so those are read when
//! they are used: the system keeps them in memory as it does with any file, and nothing has to be mapped.

use std::{collections::HashMap, fs, os::unix::fs::FileExt, path::Path};

use crate::{
    Matrix, ModelFileError,
    bert::{Shape, Weights},
};

/// Weights in one block.
const BLOCK: usize = 32;
/// Bytes of one block: a half-precision scale and 32 nibbles.
const BLOCK_BYTES: usize = 18;
/// The tokenizer and the directory of a file end before this; ours take under 5 MB.
const MOST_HEAD: u64 = 64 << 20;
/// A directory of more tensors is none.
const MOST_TENSORS: usize = 10_000;
/// The sizes in the header must be sane before anything is allocated by them.
const MOST_SIZE: usize = 1 << 20;

#[derive(Debug, Clone, Copy)]
struct Entry {
    quantised: bool,
    elements: usize,
    offset: u64,
    bytes: usize,
}

/// An open model file.
pub(super) struct File {
    file: fs::File,
    head: Vec<u8>,
    shape: Shape,
    tensors: HashMap<String, Entry>,
    words: Entry,
}

/// Where the tokenizer stands in the head.
pub(super) struct Head<'a> {
    /// Bytes after the fixed header.
    pub reader: Reader<'a>,
    /// Number of pieces.
    pub pieces: usize,
    /// Bytes of all their texts.
    pub text_bytes: usize,
    /// Id of the piece for what is unknown.
    pub unknown: u32,
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, ModelFileError> {
        let file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        let mut head = vec![0; usize::try_from(length.min(MOST_HEAD)).unwrap_or(0)];
        file.read_exact_at(&mut head, 0)?;
        let mut reader = Reader(&head);
        if reader.take(4)? != b"E5S1" || reader.u32()? != 1 {
            return Err(damaged("its first bytes"));
        }
        let [hidden, layers, heads, feed_forward, rows, positions, kinds] = reader.sizes()?;
        let epsilon = f64::from(reader.f32()?);
        let [block] = reader.sizes()?;
        let shape = Shape { hidden, layers, heads, feed_forward, positions, epsilon };
        if block != BLOCK
            || kinds != 2
            || positions < 512
            || !hidden.is_multiple_of(heads)
            || !hidden.is_multiple_of(BLOCK)
        {
            return Err(damaged("the sizes in its header"));
        }
        let mut at = Head::after(reader)?;
        at.skip_tokenizer()?;
        let tensors = directory(&mut at.reader, length)?;
        let words = tensors.get("emb.word").copied().ok_or_else(|| damaged("there is no word table"))?;
        if !words.quantised || words.elements != rows * hidden || at.pieces > rows {
            return Err(damaged("the word table has another size"));
        }
        let used = head.len() - at.reader.0.len();
        head.truncate(used);
        Ok(Self { file, head, shape, tensors, words })
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    /// The tokenizer's part of the file.
    pub(super) fn head(&self) -> Result<Head<'_>, ModelFileError> {
        let mut reader = Reader(&self.head);
        reader.take(44)?;
        Head::after(reader)
    }

    /// Puts a row of the word table at the end of `rows`.
    pub(super) fn word(&self, id: u32, rows: &mut Vec<f32>) -> Result<(), ModelFileError> {
        let bytes = self.shape.hidden / BLOCK * BLOCK_BYTES;
        let mut row = vec![0; bytes];
        self.file.read_exact_at(&mut row, self.words.offset + u64::from(id) * bytes as u64)?;
        dequantise(&row, rows);
        Ok(())
    }

    /// A tensor of plain numbers.
    pub(super) fn floats(&self, name: &str, elements: usize) -> Result<Vec<f32>, ModelFileError> {
        let (entry, bytes) = self.read(name, elements)?;
        if entry.quantised {
            return Err(damaged(name));
        }
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn read(&self, name: &str, elements: usize) -> Result<(Entry, Vec<u8>), ModelFileError> {
        let entry = self.tensors.get(name).copied().filter(|e| e.elements == elements).ok_or_else(|| damaged(name))?;
        let mut bytes = vec![0; entry.bytes];
        self.file.read_exact_at(&mut bytes, entry.offset)?;
        Ok((entry, bytes))
    }
}

impl Weights for File {
    fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix, ModelFileError> {
        let (entry, bytes) = self.read(name, rows * columns)?;
        let blocks = bytes.chunks_exact(BLOCK_BYTES).map(weights_of);
        Matrix::of_blocks(rows, columns, blocks).filter(|_| entry.quantised).ok_or_else(|| damaged(name))
    }

    fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelFileError> {
        self.floats(name, length)
    }
}

impl<'a> Head<'a> {
    fn after(mut reader: Reader<'a>) -> Result<Self, ModelFileError> {
        let [pieces, _, _, _, unknown] = reader.sizes_from_zero()?;
        let text_bytes = reader.u64()?;
        let text_bytes = usize::try_from(text_bytes).ok().filter(|b| *b < MOST_HEAD as usize);
        let text_bytes = text_bytes.ok_or_else(|| damaged("the length of the pieces' text"))?;
        Ok(Self { reader, pieces, text_bytes, unknown: unknown as u32 })
    }

    fn skip_tokenizer(&mut self) -> Result<(), ModelFileError> {
        self.reader.take((self.pieces + 1) * 4 + self.pieces * 4 + self.text_bytes)?;
        self.reader.u32()?;
        let bytes = self.reader.u32()?;
        self.reader.take(bytes as usize).map(|_| ())
    }
}

fn directory(reader: &mut Reader<'_>, length: u64) -> Result<HashMap<String, Entry>, ModelFileError> {
    let count = reader.u32()? as usize;
    if count > MOST_TENSORS {
        return Err(damaged("the number of its tensors"));
    }
    let mut tensors = HashMap::new();
    for _ in 0..count {
        let name = usize::from(reader.u16()?);
        let name = String::from_utf8(reader.take(name)?.to_vec()).map_err(|_| damaged("the name of a tensor"))?;
        let kind = reader.take(1)?[0];
        let elements = reader.u32()? as usize;
        let (offset, bytes) = (reader.u64()?, reader.u64()?);
        let wanted = match kind {
            0 => elements as u64 * 4,
            1 if elements.is_multiple_of(BLOCK) => (elements / BLOCK * BLOCK_BYTES) as u64,
            _ => return Err(damaged(&name)),
        };
        if bytes != wanted || offset.checked_add(bytes).is_none_or(|end| end > length) {
            return Err(damaged(&name));
        }
        let entry = Entry { quantised: kind == 1, elements, offset, bytes: wanted as usize };
        tensors.insert(name, entry);
    }
    Ok(tensors)
}

/// Unpacks a block of ggml's Q4_0: its scale, and what is multiplied by it. That is a nibble less 8; the low nibbles are the
/// first sixteen.
fn weights_of(block: &[u8]) -> (f32, [i8; BLOCK]) {
    let weight = |nibble: u8| nibble.cast_signed() - 8;
    let (low, high) = (block[2..].iter().map(|b| weight(b & 15)), block[2..].iter().map(|b| weight(b >> 4)));
    let mut weights = [0; BLOCK];
    weights.iter_mut().zip(low.chain(high)).for_each(|(to, from)| *to = from);
    (half(u16::from_le_bytes([block[0], block[1]])), weights)
}

/// The same as plain numbers, block behind block.
fn dequantise(blocks: &[u8], out: &mut Vec<f32>) {
    for (scale, weights) in blocks.chunks_exact(BLOCK_BYTES).map(weights_of) {
        out.extend(weights.map(|weight| f32::from(weight) * scale));
    }
}

/// IEEE 754 half precision to single; exact.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f32::from(bits & 0x3ff);
    sign * match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

pub(super) fn damaged(what: &str) -> ModelFileError {
    ModelFileError::Damaged(what.to_owned())
}

/// Reads from the front of bytes and never past their end.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, bytes: usize) -> Result<&'a [u8], ModelFileError> {
        let (taken, rest) = self.0.split_at_checked(bytes).ok_or_else(|| damaged("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelFileError> {
        self.take(N)?.try_into().map_err(|_| damaged("it ends too early"))
    }

    pub(super) fn u8(&mut self) -> Result<u8, ModelFileError> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16, ModelFileError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, ModelFileError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, ModelFileError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn f32(&mut self) -> Result<f32, ModelFileError> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    /// Sizes: greater than 0 and not absurd.
    fn sizes<const N: usize>(&mut self) -> Result<[usize; N], ModelFileError> {
        let sizes = self.sizes_from_zero()?;
        if sizes.contains(&0) { Err(damaged("the sizes in its header")) } else { Ok(sizes) }
    }

    fn sizes_from_zero<const N: usize>(&mut self) -> Result<[usize; N], ModelFileError> {
        let mut sizes = [0; N];
        for size in &mut sizes {
            *size = self.u32()? as usize;
            if *size > MOST_SIZE {
                return Err(damaged("the sizes in its header"));
            }
        }
        Ok(sizes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_read_exactly() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x7bff, 65504.0),
            (0, 0.0),
        ] {
            assert_eq!(half(bits), value, "{bits:#x}");
        }
        assert!(half(0x7e00).is_nan());
        assert_eq!(half(0xfc00), f32::NEG_INFINITY);
    }

    #[test]
    fn a_block_has_its_low_nibbles_first() {
        let mut block = vec![0x00, 0xbc];
        block.extend((0..16).map(|n| n | (15 - n) << 4));
        let mut out = Vec::new();
        dequantise(&block, &mut out);
        assert_eq!(out[..3], [8.0, 7.0, 6.0], "the scale is -1");
        assert_eq!(out[16..19], [-7.0, -6.0, -5.0]);
    }
}
