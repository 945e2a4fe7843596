//! Documents that become knowledge, from their bytes to the plain form that `knowledge` cuts: headings are lines that
//! begin with `# `, list items begin with `- `, and the pages of a document are marked by lines like `[Page 3]`.
//!
//! Whoever wrote a document may mean harm. So [`read`] has limits on all that a document can make large, and
//! [`Apart`] reads each one in a process of its own ([`serve`] is its other side), which may take so much memory, so much
//! time and no file, and is ended when it takes more.

mod apart;
mod docx;
mod html;
mod inside;
mod packed;
mod pdf;
mod plain;
mod rows;
mod xlsx;

pub use apart::{Apart, Bounds};
pub use inside::serve;

use domain::documents::{DocumentKind, Unreadable};
use ports::documents::Document;

/// What a document may hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of what is looked at in a packed document, unpacked.
    pub unpacked: u64,
    /// Pages.
    pub pages: usize,
    /// Cells of a table, empty ones left out.
    pub cells: usize,
    /// Bytes of text.
    pub text: usize,
}

impl Default for Limits {
    /// A book of 700,000 words in 3,000 pages, a table of 300,000 cells.
    fn default() -> Self {
        Self { unpacked: 128 * 1024 * 1024, pages: 3_000, cells: 300_000, text: domain::limits::UPLOAD_BYTES - 1024 }
    }
}

/// Reads a document, in this process: nothing bounds the time and the memory that it takes.
///
/// # Errors
/// Why it cannot be read.
pub fn read(kind: DocumentKind, bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let document = match kind {
        DocumentKind::Pdf => pdf::read(bytes, limits),
        DocumentKind::Docx => docx::read(bytes, limits),
        DocumentKind::Xlsx => xlsx::read(bytes, limits),
        DocumentKind::Csv => rows::read(bytes, limits),
        DocumentKind::Html => html::read(bytes, limits),
    }?;
    let speaks = |line: &str| !line.is_empty() && !plain::is_page_mark(line);
    // A web page may be good for its links alone.
    let leads = !document.web.links.is_empty();
    if leads || document.text.lines().any(speaks) { Ok(document) } else { Err(Unreadable::Empty) }
}
