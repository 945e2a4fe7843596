//! Documents that are packed: Word and Excel write folders of XML in a ZIP file.

use std::io::{Cursor, Read};

use domain::documents::Unreadable;
use zip::{ZipArchive, result::ZipError};

use crate::Limits;

/// Most files in a packed document.
const FILES: usize = 10_000;
/// What is unpacked at once.
const PART: usize = 64 * 1024;
/// How the older formats of Office begin, and documents that Office has encrypted.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// The name of the stream with what is encrypted, as it stands in such a file.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// A packed document.
pub(crate) type Packed<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Opens a packed document after a look at how much its XML really unpacks to: what it claims counts for nothing.
pub(crate) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Packed<'a>, Unreadable> {
    if bytes.starts_with(COMPOUND) {
        let encrypted = bytes.windows(ENCRYPTED.len()).any(|part| part == ENCRYPTED);
        return Err(if encrypted { Unreadable::Encrypted } else { Unreadable::Broken });
    }
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if packed.len() > FILES {
        return Err(Unreadable::TooLarge);
    }
    let mut left = limits.unpacked;
    let mut part = vec![0; PART];
    for index in 0..packed.len() {
        let mut file = packed.by_index(index).map_err(broken)?;
        // Pictures and the like are never looked at.
        if !file.name().is_ok_and(|name| name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        loop {
            match file.read(&mut part) {
                Ok(0) => break,
                Ok(read) => left = left.checked_sub(read as u64).ok_or(Unreadable::TooLarge)?,
                Err(_) => return Err(Unreadable::Broken),
            }
        }
    }
    Ok(packed)
}

/// A file of a packed document; nothing when it has none of that name.
pub(crate) fn file(packed: &mut Packed<'_>, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
    let mut file = match packed.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(broken(error)),
    };
    let mut bytes = Vec::new();
    // How long it is was looked at when it was opened.
    file.read_to_end(&mut bytes).map_err(|_| Unreadable::Broken)?;
    Ok(Some(bytes))
}

fn broken(error: ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => Unreadable::Encrypted,
        ZipError::InvalidPassword => Unreadable::Encrypted,
        _ => Unreadable::Broken,
    }
}
