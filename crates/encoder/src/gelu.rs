//! The network's bend: GELU(x) = x/2 * (1 + erf(x/√2)) (Hendrycks and Gimpel 2016).
//!
//! The library calls an error function number by number. This one has no branch and no
//! exponential, so that the compiler takes several numbers at a time.

use candle_core::{CpuStorage, InplaceOp1, Layout, Result, bail};

/// 1 - (1 + a₁x + .. + a₆x⁶)⁻¹⁶ is the error function for x ≥ 0, but for 3e-7 at most
/// (Abramowitz and Stegun 1964, 7.1.28; rounded to the numbers at hand).
const ERF: [f32; 6] = [0.070_523_076, 0.042_282_01, 0.009_270_527, 0.000_152_014_3, 0.000_276_567_2, 0.000_043_063_8];
/// From here on the error function is 1 to every digit, and the power would outgrow its numbers.
const FAR: f32 = 4.0;

/// GELU, where the numbers stand.
pub(crate) struct Gelu;

impl InplaceOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let (CpuStorage::F32(numbers), Some((from, to))) = (storage, layout.contiguous_offsets()) else {
            bail!("gelu is of single numbers, one behind the other");
        };
        numbers[from..to].iter_mut().for_each(|x| *x = gelu(*x));
        Ok(())
    }
}

/// What is no number stays none: the weights are broken then, and whoever takes the vector looks for that.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

fn erf(x: f32) -> f32 {
    let at = x.abs().min(FAR);
    let sum = ERF.iter().rev().fold(0.0, |sum, a| (sum + a) * at) + 1.0;
    let squared = sum * sum;
    let fourth = squared * squared;
    let eighth = fourth * fourth;
    (1.0 - 1.0 / (eighth * eighth)).copysign(x)
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use super::*;

    #[test]
    fn it_is_what_the_library_gives_number_by_number() {
        let numbers: Vec<f32> = (-12_000_i16..12_000).map(|n| f32::from(n) / 1_000.0).collect();
        let ours = Tensor::from_vec(numbers, (3, 8_000), &Device::Cpu).unwrap();
        let theirs: Vec<f32> = ours.gelu_erf().unwrap().flatten_all().unwrap().to_vec1().unwrap();
        ours.inplace_op1(&Gelu).unwrap();
        let ours: Vec<f32> = ours.flatten_all().unwrap().to_vec1().unwrap();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!((ours - theirs).abs() < 2e-6, "{ours} for {theirs}");
        }
    }

    #[test]
    fn what_is_no_number_stays_none() {
        assert!(gelu(f32::NAN).is_nan());
        assert_eq!(gelu(f32::INFINITY), f32::INFINITY);
    }
}
