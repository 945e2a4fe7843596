//! A picture that is sent: decoded within limits and encoded anew, so that nothing of the file but its pixels is left. No
//! place where it was taken, no thumbnail of what was cut off, nothing that hides behind the end.

use std::io::Cursor;

use domain::files::FileType;
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageFormat, ImageReader, ImageResult,
    codecs::{
        gif::{GifDecoder, GifEncoder, Repeat},
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType as PngFilter, PngEncoder},
    },
    imageops::FilterType,
};
use ports::pictures::{SizedPicture, UnusablePicture};

use super::{MAX_PIXELS, broken, decoded, is_transparent, limits, unusable, within_limits};

/// Longest side of what is kept, in pixels: more than screens have.
const KEPT_SIDE: u32 = 4_096;
/// Quality of photos, as encoders of JPEG count.
const QUALITY: u8 = 86;
/// Most frames of an animation.
const FRAMES: usize = 300;
/// How carefully colours of a frame are chosen, from 1 (slowest) to 30.
const SPEED: i32 = 10;
/// Largest result, in bytes: some pictures grow.
const KEPT_BYTES: usize = 24 * 1024 * 1024;

/// Encodes a picture anew. Screenshots stay PNG and photos JPEG; WebP becomes one of them, an animation stays one.
pub(super) fn encoded_anew(file: &[u8], kind: FileType) -> Result<SizedPicture, UnusablePicture> {
    let format = match kind {
        FileType::Png => ImageFormat::Png,
        FileType::Jpeg => ImageFormat::Jpeg,
        FileType::WebP => ImageFormat::WebP,
        FileType::Gif => return moving(file),
        _ => return Err(unusable("This is not a picture.")),
    };
    let picture = fitted(decoded(ImageReader::with_format(Cursor::new(file), format))?);
    let kept = match kind {
        FileType::WebP if !is_transparent(&picture) => FileType::Jpeg,
        FileType::Jpeg => FileType::Jpeg,
        _ => FileType::Png,
    };
    sized(kept, encode(&picture, kept).map_err(broken)?, (picture.width(), picture.height()))
}

fn sized(kind: FileType, bytes: Vec<u8>, pixels: (u32, u32)) -> Result<SizedPicture, UnusablePicture> {
    if bytes.len() > KEPT_BYTES {
        return Err(unusable("The picture is too large. Please send a smaller one."));
    }
    Ok(SizedPicture { kind, bytes, pixels })
}

fn fitted(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= KEPT_SIDE {
        return picture;
    }
    picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle)
}

fn encode(picture: &DynamicImage, kind: FileType) -> ImageResult<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    if kind == FileType::Jpeg {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    } else {
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive);
        if picture.color().has_alpha() {
            picture.to_rgba8().write_with_encoder(encoder)?;
        } else {
            picture.to_rgb8().write_with_encoder(encoder)?;
        }
    }
    Ok(bytes.into_inner())
}

/// An animation, frame by frame: all its frames together have as many pixels as one picture may have.
fn moving(file: &[u8]) -> Result<SizedPicture, UnusablePicture> {
    let mut decoder = GifDecoder::new(Cursor::new(file)).map_err(broken)?;
    decoder.set_limits(limits()).map_err(broken)?;
    let (width, height) = decoder.dimensions();
    within_limits((width, height))?;
    let mut left = MAX_PIXELS;
    let mut bytes = Vec::new();
    let mut frames = decoder.into_frames();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(broken)?;
    let too_long = || unusable("The animation is too long. Please send a shorter one, or a picture.");
    for (number, frame) in frames.by_ref().enumerate() {
        let frame: Frame = frame.map_err(broken)?;
        left = left.checked_sub(u64::from(width) * u64::from(height)).ok_or_else(too_long)?;
        if number >= FRAMES {
            return Err(too_long());
        }
        encoder.encode_frame(frame).map_err(broken)?;
    }
    drop(encoder);
    if left == MAX_PIXELS {
        return Err(unusable("There is no picture in this file."));
    }
    sized(FileType::Gif, bytes, (width, height))
}

#[cfg(test)]
mod tests {
    use image::{Delay, Rgba, RgbaImage};

    use super::{super::tests::file, *};

    fn animation(width: u32, height: u32, frames: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
        for number in 0..frames {
            let shade = u8::try_from(number * 40 % 256).unwrap();
            let picture = RgbaImage::from_pixel(width, height, Rgba([shade, 0, 0, 255]));
            let delay = Delay::from_numer_denom_ms(100, 1);
            encoder.encode_frame(Frame::from_parts(picture, 0, 0, delay)).unwrap();
        }
        drop(encoder);
        bytes
    }

    #[test]
    fn screenshots_stay_png_and_photos_jpeg() {
        let grey = |_, _| Rgba([90, 90, 90, 255]);
        let glass = |_, _| Rgba([90, 90, 90, 90]);
        let check = |from: ImageFormat, kind, pixel: &dyn Fn(u32, u32) -> Rgba<u8>, expect| {
            let made = encoded_anew(&file(40, 30, from, pixel), kind).unwrap();
            assert_eq!((made.kind, made.pixels), (expect, (40, 30)), "{from:?}");
            assert_eq!(image::load_from_memory(&made.bytes).unwrap().width(), 40);
        };
        check(ImageFormat::Png, FileType::Png, &grey, FileType::Png);
        check(ImageFormat::Jpeg, FileType::Jpeg, &grey, FileType::Jpeg);
        check(ImageFormat::WebP, FileType::WebP, &grey, FileType::Jpeg);
        check(ImageFormat::WebP, FileType::WebP, &glass, FileType::Png);
    }

    #[test]
    fn metadata_and_what_hides_behind_the_end_are_gone() {
        let jpeg = file(64, 64, ImageFormat::Jpeg, |_, _| Rgba([9, 9, 9, 255]));
        let secret = b"\xff\xe1\x00\x1aExif\0\0GPS 48.1371, 11.5754";
        let tagged = [&jpeg[..2], &secret[..28], &jpeg[2..], b"<script>alert(1)</script>"].concat();
        let made = encoded_anew(&tagged, FileType::Jpeg).unwrap();
        for gone in [&b"GPS"[..], b"Exif", b"script"] {
            assert!(!made.bytes.windows(gone.len()).any(|part| part == gone));
        }
    }

    #[test]
    fn what_is_larger_than_screens_is_scaled_down() {
        let made =
            encoded_anew(&file(5_000, 10, ImageFormat::Png, |_, _| Rgba([1, 2, 3, 255])), FileType::Png).unwrap();
        assert_eq!(made.pixels, (4_096, 8));
    }

    #[test]
    fn an_animation_keeps_moving() {
        let made = encoded_anew(&animation(20, 10, 5), FileType::Gif).unwrap();
        assert_eq!((made.kind, made.pixels), (FileType::Gif, (20, 10)));
        let frames = GifDecoder::new(Cursor::new(made.bytes)).unwrap().into_frames();
        assert_eq!(frames.collect_frames().unwrap().len(), 5);
        assert!(encoded_anew(&animation(2, 2, 301), FileType::Gif).is_err(), "but not for ever");
    }

    #[test]
    fn bombs_are_refused_before_they_are_decoded() {
        let mut png = file(8, 8, ImageFormat::Png, |_, _| Rgba([0, 0, 0, 255]));
        png[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
        // The checksum of the header is right: only the claim is hostile.
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        let refused = encoded_anew(&png, FileType::Png).unwrap_err();
        assert!(refused.0.contains("too many pixels"), "{refused}");
        // A GIF whose canvas alone would take 16 GB.
        let mut gif = animation(4, 4, 1);
        gif[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert!(encoded_anew(&gif, FileType::Gif).is_err());
        // Few bytes, many frames on a large canvas.
        let mut long = animation(4, 4, 60);
        long[6..10].copy_from_slice(&[0xe8, 0x03, 0xe8, 0x03]);
        assert!(encoded_anew(&long, FileType::Gif).is_ok());
        long[6..10].copy_from_slice(&[0xd0, 0x07, 0xd0, 0x07]);
        assert!(encoded_anew(&long, FileType::Gif).unwrap_err().0.contains("too long"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = file(64, 64, ImageFormat::Png, |_, _| Rgba([9, 9, 9, 255]));
        for (bytes, kind) in [
            (&png[..40], FileType::Png),
            (&png[..], FileType::Jpeg),
            (&b"GIF89a\x01\0\x01\0"[..], FileType::Gif),
            (b"RIFF\0\0\0\0WEBPVP8 ", FileType::WebP),
            (b"%PDF-1.7", FileType::Pdf),
        ] {
            assert!(encoded_anew(bytes, kind).is_err(), "{kind:?}");
        }
    }

    /// CRC-32 as PNG uses it.
    fn crc(bytes: &[u8]) -> u32 {
        let step = |sum: u32, byte: &u8| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 })
        };
        !bytes.iter().fold(u32::MAX, step)
    }
}
