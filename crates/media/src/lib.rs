//! Avatars: a photo goes in, a small square without any metadata comes out. Pictures that are sent: the same pixels,
//! encoded anew ([`anew`]).

mod anew;

use std::{io::Cursor, sync::Arc};

use async_trait::async_trait;
use domain::files::FileType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, imageops::FilterType};
use ports::pictures::{Picture, Pictures, SizedPicture, UnusablePicture};
use tokio::sync::Semaphore;

/// Side of an avatar in pixels.
const SIDE: u32 = 256;
/// Longest side of a photo in pixels; looked at before anything is decoded.
const MAX_SIDE: u32 = 12_000;
/// Most pixels of a photo: 64 megapixels take a quarter of a gigabyte while they are scaled.
const MAX_PIXELS: u64 = 64_000_000;
/// Most memory that a decoder may take, in bytes.
const MAX_ALLOC: u64 = 300 * 1024 * 1024;

/// Makes pictures, one at a time: a few large photos at once must not eat the memory of the server.
#[derive(Debug)]
pub struct PictureMaker {
    one_at_a_time: Arc<Semaphore>,
}

impl Default for PictureMaker {
    fn default() -> Self {
        Self { one_at_a_time: Arc::new(Semaphore::new(1)) }
    }
}

impl PictureMaker {
    /// The permit goes with the work: a caller who goes away does not let the next one in beside it.
    async fn make<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, UnusablePicture> + Send + 'static,
    ) -> Result<T, UnusablePicture> {
        let failed = |_| UnusablePicture("The picture could not be read. Please try another one.".into());
        let stopping = |_| UnusablePicture("The server is stopping.".into());
        let permit = Arc::clone(&self.one_at_a_time).acquire_owned().await.map_err(stopping)?;
        let made = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        made.await.map_err(failed)?
    }
}

#[async_trait]
impl Pictures for PictureMaker {
    async fn avatar(&self, file: Vec<u8>) -> Result<Picture, UnusablePicture> {
        self.make(move || avatar(&file)).await
    }

    async fn encoded_anew(&self, file: Vec<u8>, kind: FileType) -> Result<SizedPicture, UnusablePicture> {
        self.make(move || anew::encoded_anew(&file, kind)).await
    }
}

fn unusable(text: &str) -> UnusablePicture {
    UnusablePicture(text.to_owned())
}

fn broken(_: image::ImageError) -> UnusablePicture {
    unusable("The picture is damaged or too large. Please try another one.")
}

/// Crops to the centre square, turns as the camera was held, scales to 256 pixels, encodes as PNG or (without
/// transparency) as JPEG.
fn avatar(file: &[u8]) -> Result<Picture, UnusablePicture> {
    let reader =
        ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| unusable("The file cannot be read."))?;
    // What the bytes are counts, not what the upload claims.
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err(unusable("Please choose a PNG, JPEG or WebP picture."));
    }
    encode(&square(&decoded(reader)?)).map_err(broken)
}

/// How much a decoder may take.
fn limits() -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

/// Looks at the size that the file claims, before anything of it is decoded.
fn within_limits((width, height): (u32, u32)) -> Result<(), UnusablePicture> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(unusable("The picture has too many pixels. Please choose one below 64 megapixels."));
    }
    Ok(())
}

/// The pixels, turned as the camera was held.
fn decoded(mut reader: ImageReader<Cursor<&[u8]>>) -> Result<DynamicImage, UnusablePicture> {
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(broken)?;
    within_limits(decoder.dimensions())?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn square(picture: &DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    picture.crop_imm((width - side) / 2, (height - side) / 2, side, side).resize_exact(SIDE, SIDE, FilterType::Triangle)
}

fn encode(picture: &DynamicImage) -> image::ImageResult<Picture> {
    let mut bytes = Cursor::new(Vec::new());
    let mime = if is_transparent(picture) {
        picture.to_rgba8().write_to(&mut bytes, ImageFormat::Png)?;
        "image/png"
    } else {
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 88);
        picture.to_rgb8().write_with_encoder(encoder)?;
        "image/jpeg"
    };
    Ok(Picture { mime: mime.to_owned(), bytes: bytes.into_inner() })
}

fn is_transparent(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255)
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    pub(super) fn file(width: u32, height: u32, format: ImageFormat, pixel: impl Fn(u32, u32) -> Rgba<u8>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, pixel));
        let picture = if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(picture.to_rgb8()) } else { picture };
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn the_centre_square_is_kept() {
        // Red, then green in the middle, then blue: only the middle third is left.
        let stripes = |x: u32, _| match x / 100 {
            0 => Rgba([255, 0, 0, 255]),
            1 => Rgba([0, 255, 0, 255]),
            _ => Rgba([0, 0, 255, 255]),
        };
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let made = avatar(&file(300, 100, format, stripes)).unwrap();
            assert_eq!(made.mime, "image/jpeg");
            let picture = image::load_from_memory(&made.bytes).unwrap().to_rgb8();
            assert_eq!(picture.dimensions(), (256, 256));
            let [r, g, b] = picture.get_pixel(128, 128).0;
            assert!(g > 200 && r < 60 && b < 60, "{format:?}: {r} {g} {b}");
        }
    }

    #[test]
    fn transparency_is_kept() {
        let made = avatar(&file(64, 64, ImageFormat::Png, |_, _| Rgba([9, 9, 9, 0]))).unwrap();
        assert_eq!(made.mime, "image/png");
        assert_eq!(image::load_from_memory(&made.bytes).unwrap().to_rgba8().get_pixel(9, 9).0[3], 0);
    }

    #[test]
    fn metadata_is_gone() {
        let jpeg = file(64, 64, ImageFormat::Jpeg, |_, _| Rgba([9, 9, 9, 255]));
        let secret = b"\xff\xe1\x00\x1aExif\0\0GPS 48.1371, 11.5754";
        let tagged = [&jpeg[..2], &secret[..28], &jpeg[2..]].concat();
        assert!(tagged.windows(3).any(|w| w == b"GPS"));
        let made = avatar(&tagged).unwrap();
        assert!(!made.bytes.windows(3).any(|w| w == b"GPS"));
        assert!(!made.bytes.windows(4).any(|w| w == b"Exif"));
    }

    #[test]
    fn what_is_no_picture_is_refused_in_plain_words() {
        let png = file(64, 64, ImageFormat::Png, |_, _| Rgba([9, 9, 9, 255]));
        for bad in
            [&b""[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a\x01\0\x01\0", &png[..40], &[0; 100]]
        {
            assert!(avatar(bad).is_err());
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        // A PNG header that claims 30,000 x 30,000 pixels: 3.6 GB when decoded.
        let mut png = file(8, 8, ImageFormat::Png, |_, _| Rgba([0, 0, 0, 255]));
        png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        assert!(avatar(&png).is_err());
    }
}
