//! x·W + b with weights of 8 bits: where a network's time goes.
//!
//! A short message is read in the time that it takes to fetch the weights from memory, so they are kept small: whole numbers of
//! 8 bits, and one scale for 32 of them in a row. Those of a 4-bit file fit exactly. The inputs are rounded to 16 bits, a token
//! at a time. Whole numbers are added up exactly, in whatever order, on every
//! machine.
//!
//! Sixteen rows of the matrix are worked off side by side, two inputs at a time. The instructions are chosen when it runs:
//! AVX-512, AVX2, or what the compiler makes of the plain form. What is to use them has to be a part of the call that chose
//! them: hence loops over places, where iterators and closures would be functions of their own, and three times as slow.

#![expect(clippy::inline_always, reason = "see above")]

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, bail};
use pulp::NullaryFnOnce;

/// Weights of a row that share a scale.
const BLOCK: usize = 32;
/// Rows that are worked off side by side.
const TILE: usize = 16;
/// Inputs that are multiplied together: a pair.
const PAIRS: usize = BLOCK / 2;
/// Tokens that share a look at the weights.
const TOKENS: usize = 4;
/// The largest weight, and the largest input: 32 products of both stay far below 2³¹.
const MOST_WEIGHT: f32 = 127.0;
const MOST_INPUT: f32 = 32_767.0;

/// A block of a tile: for each pair of inputs, the two weights of each row.
type Weights = [[i8; 2 * TILE]; PAIRS];
/// A block of a token's inputs, in pairs.
type Inputs = [[i16; 2]; PAIRS];
/// A number for each row of a tile.
type Row = [f32; TILE];

/// A matrix `[out, in]` of whole numbers and scales, tile by tile and block by block.
#[derive(Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    weights: Vec<Weights>,
    scales: Vec<Row>,
}

/// A matrix and what is added to each row.
#[derive(Debug)]
pub(crate) struct Dense {
    matrix: Matrix,
    bias: Vec<f32>,
}

impl Matrix {
    /// Of blocks as they stand in a file: row behind row, each block a scale and its 32 weights. Nothing when they are not as
    /// many as the sizes say, or when the sizes are no multiples of a tile and of a block.
    pub fn of_blocks(
        rows: usize,
        columns: usize,
        blocks: impl ExactSizeIterator<Item = (f32, [i8; BLOCK])>,
    ) -> Option<Self> {
        let wide = columns / BLOCK;
        let whole = rows.is_multiple_of(TILE) && columns.is_multiple_of(BLOCK) && wide > 0;
        if !whole || blocks.len() != rows * wide {
            return None;
        }
        let mut weights = vec![[[0; 2 * TILE]; PAIRS]; rows / TILE * wide];
        let mut scales = vec![[0.0; TILE]; rows / TILE * wide];
        for (at, (scale, block)) in blocks.enumerate() {
            let (row, column) = (at / wide, at % wide);
            let (place, lane) = (row / TILE * wide + column, row % TILE);
            scales[place][lane] = scale;
            for (pair, two) in weights[place].iter_mut().zip(block.as_chunks::<2>().0) {
                pair[2 * lane..2 * lane + 2].copy_from_slice(two);
            }
        }
        Some(Self { rows, columns, weights, scales })
    }

    /// Of plain numbers, row behind row: rounded to whole ones, the largest of a block to 127.
    pub fn of_numbers(rows: usize, columns: usize, numbers: &[f32]) -> Option<Self> {
        let (blocks, rest) = numbers.as_chunks::<BLOCK>();
        let rounded = blocks.iter().map(|block| {
            let largest = block.iter().fold(0.0, |most: f32, number| most.max(number.abs()));
            // What is no number is passed over by a maximum, and by no sum.
            let scale = largest / MOST_WEIGHT + block.iter().map(|number| number * 0.0).sum::<f32>();
            let step = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
            let whole = block.map(|number| (number * step).round() as i8);
            (scale, whole)
        });
        if rest.is_empty() { Self::of_blocks(rows, columns, rounded) } else { None }
    }
}

impl Dense {
    /// Nothing when there is not one bias for each row.
    pub(crate) fn new(matrix: Matrix, bias: Vec<f32>) -> Option<Self> {
        (matrix.rows == bias.len()).then_some(Self { matrix, bias })
    }

    /// The rows of each token, token behind token, as the inputs are.
    fn of(&self, inputs: &[f32]) -> Vec<f32> {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(lanes) = pulp::x86::V4::try_new() {
                return lanes.vectorize(Run { dense: self, inputs, lanes });
            }
            if let Some(lanes) = pulp::x86::V3::try_new() {
                return lanes.vectorize(Run { dense: self, inputs, lanes });
            }
        }
        Run { dense: self, inputs, lanes: Plain }.call()
    }
}

impl CustomOp1 for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (CpuStorage::F32(numbers), Some((from, to))) = (storage, layout.contiguous_offsets()) else {
            bail!("inputs are single numbers, one behind the other");
        };
        let (tokens, columns) = layout.shape().dims2()?;
        if columns != self.matrix.columns {
            bail!("{columns} inputs for a matrix of {}", self.matrix.columns);
        }
        Ok((CpuStorage::F32(self.of(&numbers[from..to])), Shape::from((tokens, self.matrix.rows))))
    }
}

/// Sixteen rows at once, as a machine does them.
trait Lanes: Copy {
    /// Two weights of each row.
    type Pair: Copy;
    /// A whole number for each row.
    type Sums: Copy;
    /// A number for each row.
    type Numbers: Copy;

    fn pair(self, weights: &[i8; 2 * TILE]) -> Self::Pair;
    fn no_sums(self) -> Self::Sums;
    fn no_numbers(self) -> Self::Numbers;
    /// `sums` + weights · inputs.
    fn add(self, sums: Self::Sums, pair: Self::Pair, inputs: [i16; 2]) -> Self::Sums;
    /// `numbers` + `sums` · `scales`.
    fn scaled(self, numbers: Self::Numbers, sums: Self::Sums, scales: &Row) -> Self::Numbers;
    fn row(self, numbers: Self::Numbers) -> Row;
}

/// One call, to be compiled for each kind of lanes.
struct Run<'a, L> {
    dense: &'a Dense,
    inputs: &'a [f32],
    lanes: L,
}

impl<L: Lanes> NullaryFnOnce for Run<'_, L> {
    type Output = Vec<f32>;

    // Has to be a part of whoever calls it: only there the instructions may be used.
    #[inline(always)]
    fn call(self) -> Vec<f32> {
        let Dense { matrix, bias } = self.dense;
        let wide = matrix.columns / BLOCK;
        let tokens = self.inputs.len() / matrix.columns;
        let mut rounded = Vec::with_capacity(tokens * wide);
        let mut steps = Vec::with_capacity(tokens);
        for token in self.inputs.chunks_exact(matrix.columns) {
            steps.push(round(token, &mut rounded));
        }
        let mut out = vec![0.0; tokens * matrix.rows];
        for (tile, bias) in bias.as_chunks::<TILE>().0.iter().enumerate() {
            let blocks = tile * wide..(tile + 1) * wide;
            let (weights, scales) = (&matrix.weights[blocks.clone()], &matrix.scales[blocks]);
            let mut token = 0;
            while token < tokens {
                let inputs = |token: usize| &rounded[token * wide..(token + 1) * wide];
                if token + TOKENS <= tokens {
                    let together = [inputs(token), inputs(token + 1), inputs(token + 2), inputs(token + 3)];
                    let sums: [Row; TOKENS] = sums(self.lanes, weights, scales, together);
                    for (at, sums) in (token..).zip(&sums) {
                        put(&mut out, at * matrix.rows + tile * TILE, sums, steps[at], bias);
                    }
                    token += TOKENS;
                } else {
                    let [sums] = sums(self.lanes, weights, scales, [inputs(token)]);
                    put(&mut out, token * matrix.rows + tile * TILE, &sums, steps[token], bias);
                    token += 1;
                }
            }
        }
        out
    }
}

/// Puts the rows of a tile in their place.
#[inline(always)]
fn put(out: &mut [f32], from: usize, sums: &Row, step: f32, bias: &Row) {
    let out = &mut out[from..from + TILE];
    for lane in 0..TILE {
        out[lane] = sums[lane] * step + bias[lane];
    }
}

/// Rounds a token's inputs to 16 bits behind `out`; what one of the whole numbers stands for.
#[inline(always)]
fn round(token: &[f32], out: &mut Vec<Inputs>) -> f32 {
    let (blocks, _) = token.as_chunks::<BLOCK>();
    let mut most = [0.0; BLOCK];
    let mut all = [0.0; BLOCK];
    for block in blocks {
        for lane in 0..BLOCK {
            most[lane] = block[lane].abs().max(most[lane]);
            // What is no number is passed over by a maximum, and by no sum.
            all[lane] += block[lane] * 0.0;
        }
    }
    let (mut largest, mut sum) = (0.0_f32, 0.0);
    for lane in 0..BLOCK {
        largest = largest.max(most[lane]);
        sum += all[lane];
    }
    let scale = if largest > 0.0 { MOST_INPUT / largest } else { 0.0 };
    for block in blocks {
        let mut whole = [[0; 2]; PAIRS];
        for pair in 0..PAIRS {
            whole[pair] = [nearest(block[2 * pair] * scale), nearest(block[2 * pair + 1] * scale)];
        }
        out.push(whole);
    }
    largest / MOST_INPUT + sum
}

/// The nearest whole number; of two the even one. Where a fraction has no bits left it is lost by itself, which takes two additions
/// and no instruction of its own.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "between -32,767 and 32,767")]
fn nearest(number: f32) -> i16 {
    const NO_FRACTION: f32 = 12_582_912.0; // 1.5 · 2²³
    (number + NO_FRACTION - NO_FRACTION) as i16
}

/// The sums of a tile for some tokens.
#[inline(always)]
fn sums<L: Lanes, const N: usize>(lanes: L, weights: &[Weights], scales: &[Row], inputs: [&[Inputs]; N]) -> [Row; N] {
    let mut numbers = [lanes.no_numbers(); N];
    for block in 0..weights.len().min(scales.len()) {
        let weights = &weights[block];
        let mut sums = [lanes.no_sums(); N];
        for pair in 0..PAIRS {
            let weights = lanes.pair(&weights[pair]);
            for token in 0..N {
                sums[token] = lanes.add(sums[token], weights, inputs[token][block][pair]);
            }
        }
        for token in 0..N {
            numbers[token] = lanes.scaled(numbers[token], sums[token], &scales[block]);
        }
    }
    let mut rows = [[0.0; TILE]; N];
    for token in 0..N {
        rows[token] = lanes.row(numbers[token]);
    }
    rows
}

/// What any machine can do.
#[derive(Debug, Clone, Copy)]
struct Plain;

impl Lanes for Plain {
    type Pair = [[i16; 2]; TILE];
    type Sums = [i32; TILE];
    type Numbers = Row;

    #[inline(always)]
    fn pair(self, weights: &[i8; 2 * TILE]) -> Self::Pair {
        std::array::from_fn(|lane| [i16::from(weights[2 * lane]), i16::from(weights[2 * lane + 1])])
    }

    #[inline(always)]
    fn no_sums(self) -> Self::Sums {
        [0; TILE]
    }

    #[inline(always)]
    fn no_numbers(self) -> Self::Numbers {
        [0.0; TILE]
    }

    #[inline(always)]
    fn add(self, mut sums: Self::Sums, pair: Self::Pair, [one, other]: [i16; 2]) -> Self::Sums {
        for (sum, [a, b]) in sums.iter_mut().zip(pair) {
            *sum += i32::from(a) * i32::from(one) + i32::from(b) * i32::from(other);
        }
        sums
    }

    #[inline(always)]
    fn scaled(self, mut numbers: Self::Numbers, sums: Self::Sums, scales: &Row) -> Self::Numbers {
        for ((number, sum), scale) in numbers.iter_mut().zip(sums).zip(scales) {
            *number += sum as f32 * scale;
        }
        numbers
    }

    #[inline(always)]
    fn row(self, numbers: Self::Numbers) -> Row {
        numbers
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use pulp::{
        cast, f32x8, f32x16, i8x16, i16x16, i16x32, i32x8, i32x16,
        x86::{V3, V4},
    };

    use super::{Lanes, Row, TILE};

    impl Lanes for V4 {
        type Pair = i16x32;
        type Sums = i32x16;
        type Numbers = f32x16;

        #[inline(always)]
        fn pair(self, weights: &[i8; 2 * TILE]) -> i16x32 {
            self.convert_i8x32_to_i16x32(cast(*weights))
        }

        #[inline(always)]
        fn no_sums(self) -> i32x16 {
            self.splat_i32x16(0)
        }

        #[inline(always)]
        fn no_numbers(self) -> f32x16 {
            self.splat_f32x16(0.0)
        }

        #[inline(always)]
        fn add(self, sums: i32x16, pair: i16x32, inputs: [i16; 2]) -> i32x16 {
            let inputs: i16x32 = cast(self.splat_i32x16(cast(inputs)));
            self.wrapping_add_i32x16(sums, self.multiply_wrapping_add_adjacent_i16x32(pair, inputs))
        }

        #[inline(always)]
        fn scaled(self, numbers: f32x16, sums: i32x16, scales: &Row) -> f32x16 {
            self.mul_add_f32x16(self.convert_i32x16_to_f32x16(sums), cast(*scales), numbers)
        }

        #[inline(always)]
        fn row(self, numbers: f32x16) -> Row {
            cast(numbers)
        }
    }

    /// In two halves.
    impl Lanes for V3 {
        type Pair = [i16x16; 2];
        type Sums = [i32x8; 2];
        type Numbers = [f32x8; 2];

        #[inline(always)]
        fn pair(self, weights: &[i8; 2 * TILE]) -> [i16x16; 2] {
            let [low, high]: [i8x16; 2] = cast(*weights);
            [self.convert_i8x16_to_i16x16(low), self.convert_i8x16_to_i16x16(high)]
        }

        #[inline(always)]
        fn no_sums(self) -> [i32x8; 2] {
            [self.splat_i32x8(0); 2]
        }

        #[inline(always)]
        fn no_numbers(self) -> [f32x8; 2] {
            [self.splat_f32x8(0.0); 2]
        }

        #[inline(always)]
        fn add(self, [low, high]: [i32x8; 2], [a, b]: [i16x16; 2], inputs: [i16; 2]) -> [i32x8; 2] {
            let inputs: i16x16 = cast(self.splat_i32x8(cast(inputs)));
            let (a, b) = (
                self.multiply_wrapping_add_adjacent_i16x16(a, inputs),
                self.multiply_wrapping_add_adjacent_i16x16(b, inputs),
            );
            [self.wrapping_add_i32x8(low, a), self.wrapping_add_i32x8(high, b)]
        }

        #[inline(always)]
        fn scaled(self, [low, high]: [f32x8; 2], [a, b]: [i32x8; 2], scales: &Row) -> [f32x8; 2] {
            let (a, b) = (self.convert_i32x8_to_f32x8(a), self.convert_i32x8_to_f32x8(b));
            let [first, second]: [f32x8; 2] = cast(*scales);
            [self.mul_add_f32x8(a, first, low), self.mul_add_f32x8(b, second, high)]
        }

        #[inline(always)]
        fn row(self, numbers: [f32x8; 2]) -> Row {
            cast(numbers)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers between -1 and 1 that repeat late.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / f32::from(u16::MAX) / 128.0 - 1.0
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    fn dense(rows: usize, columns: usize) -> (Vec<f32>, Dense) {
        let weights = numbers(rows * columns, 1);
        let matrix = Matrix::of_numbers(rows, columns, &weights).unwrap();
        (weights, Dense::new(matrix, numbers(rows, 2)).unwrap())
    }

    #[test]
    fn it_is_the_product_but_for_the_rounding_of_weights() {
        let (rows, columns) = (48, 96);
        let (weights, dense) = dense(rows, columns);
        for tokens in 0..10 {
            let inputs = numbers(tokens * columns, 3);
            let ours = dense.of(&inputs);
            assert_eq!(ours.len(), tokens * rows);
            for (at, ours) in ours.iter().enumerate() {
                let (token, row) = (at / rows, at % rows);
                let products = weights[row * columns..].iter().zip(&inputs[token * columns..(token + 1) * columns]);
                let exact = products.map(|(a, b)| a * b).sum::<f32>() + dense.bias[row];
                assert!((ours - exact).abs() < 0.05, "{tokens} tokens, row {row}: {ours} for {exact}");
            }
        }
    }

    #[test]
    fn every_machine_gives_the_same() {
        let (_, dense) = dense(32, 128);
        let inputs = numbers(7 * 128, 4);
        let plain = Run { dense: &dense, inputs: &inputs, lanes: Plain }.call();
        let alike = |name: &str, other: Vec<f32>| {
            for (a, b) in plain.iter().zip(other) {
                assert!((a - b).abs() < 1e-4, "{name}: {b} for {a}");
            }
        };
        alike("as chosen", dense.of(&inputs));
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = pulp::x86::V3::try_new() {
            alike("AVX2", lanes.vectorize(Run { dense: &dense, inputs: &inputs, lanes }));
        }
    }

    #[test]
    fn whole_weights_stay_what_they_are() {
        let block: [i8; BLOCK] = std::array::from_fn(|at| at as i8 - 8);
        let matrix = Matrix::of_blocks(TILE, BLOCK, vec![(0.5, block); TILE].into_iter()).unwrap();
        let dense = Dense::new(matrix, vec![0.0; TILE]).unwrap();
        for at in 0..BLOCK {
            let mut inputs = [0.0; BLOCK];
            inputs[at] = 2.0;
            for row in dense.of(&inputs) {
                assert!((row - f32::from(block[at])).abs() < 1e-4, "{row} at {at}");
            }
        }
    }

    #[test]
    fn the_largest_numbers_overflow_nothing() {
        let matrix = Matrix::of_blocks(TILE, 64, vec![(1.0, [-128; BLOCK]); 2 * TILE].into_iter()).unwrap();
        let dense = Dense::new(matrix, vec![0.0; TILE]).unwrap();
        let row = dense.of(&[-1.0; 64])[0];
        assert!((row - 8_192.0).abs() < 0.1, "{row}");
    }

    #[test]
    fn what_is_no_number_makes_none_and_other_sizes_are_refused() {
        let (_, dense) = dense(16, 64);
        let mut inputs = numbers(2 * 64, 5);
        inputs[70] = f32::NAN;
        let rows = dense.of(&inputs);
        assert!(rows[..16].iter().all(|row| row.is_finite()) && rows[16..].iter().all(|row| row.is_nan()));
        let mut weights = numbers(16 * 64, 6);
        weights[3] = f32::INFINITY;
        let broken = Dense::new(Matrix::of_numbers(16, 64, &weights).unwrap(), vec![0.0; 16]).unwrap();
        assert!(broken.of(&[1.0; 64])[0].is_nan());
        assert!(dense.of(&[0.0; 64]).iter().zip(&dense.bias).all(|(row, bias)| (row - bias).abs() < f32::EPSILON));
        assert!(Matrix::of_numbers(15, 64, &numbers(15 * 64, 7)).is_none(), "no whole tile");
        assert!(Matrix::of_numbers(16, 33, &numbers(16 * 33, 8)).is_none(), "no whole block");
        assert!(Matrix::of_numbers(16, 64, &numbers(16 * 32, 9)).is_none(), "half of them");
        assert!(Matrix::of_numbers(16, 0, &[]).is_none(), "no inputs");
        assert!(Dense::new(Matrix::of_numbers(16, 64, &numbers(16 * 64, 10)).unwrap(), Vec::new()).is_none());
    }
}
