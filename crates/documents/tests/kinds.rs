//! Each kind of document, as other programs write it and as nobody should.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use documents::{Limits, read};
use domain::documents::{
    DocumentKind::{self, Csv, Docx, Html, Pdf, Xlsx},
    Unreadable,
};
use proptest::prelude::*;
use testkit::papers;

fn text(kind: DocumentKind, bytes: &[u8]) -> (Option<String>, String) {
    let document = read(kind, bytes, &Limits::default()).unwrap();
    (document.title, document.text)
}

fn check(kind: DocumentKind, bytes: &[u8], title: Option<&str>, expect: &str) {
    assert_eq!(text(kind, bytes), (title.map(str::to_owned), format!("{expect}\n\n")));
}

#[test]
fn a_pdf_keeps_its_headings_and_pages() {
    let bytes = papers::pdf(&[
        &[
            (20, "Terms of hire"),
            (10, ""),
            (10, "A canoe costs 35 euros a day (with paddles)."),
            (10, "A day ends at six."),
        ],
        &[(16, "Deposit"), (10, ""), (10, "The deposit is 100 euros f\u{fc}r each canoe.")],
    ]);
    check(
        Pdf,
        &bytes,
        Some("Terms of hire"),
        "[Page 1]\n\n# Terms of hire\n\nA canoe costs 35 euros a day (with paddles). A day ends at six.\n\n\
         [Page 2]\n\n# Deposit\n\nThe deposit is 100 euros f\u{fc}r each canoe.",
    );
}

#[test]
fn a_word_document_keeps_headings_and_lists() {
    let bytes = papers::docx(&[
        ("Title", "Care & repair"),
        ("Heading 1", "Tents"),
        ("", "Dry it <before> you pack it."),
        ("List", "no sun"),
        ("List", "no heat"),
        ("", ""),
    ]);
    check(
        Docx,
        &bytes,
        Some("Care & repair"),
        "# Care & repair\n\n# Tents\n\nDry it <before> you pack it.\n\n- no sun\n- no heat",
    );
}

#[test]
fn rows_of_a_workbook_name_their_columns() {
    let rows: [&[&str]; 3] = [&["Tent", "Price"], &["Dome", "199"], &["Tunnel", "249.5"]];
    let bytes = papers::xlsx(&[("Prices", &rows), ("Empty", &[])]);
    check(Xlsx, &bytes, None, "# Prices\n\nTent; Price\n\nTent: Dome; Price: 199\n\nTent: Tunnel; Price: 249.5");
}

#[test]
fn what_has_no_text_says_so() {
    for (kind, bytes) in [
        (Pdf, papers::pdf(&[&[]])),
        (Docx, papers::docx(&[("", " ")])),
        (Xlsx, papers::xlsx(&[("Sheet1", &[])])),
        (Csv, b";;\n".to_vec()),
        (Html, b"<script>alert(1)</script>".to_vec()),
    ] {
        assert_eq!(read(kind, &bytes, &Limits::default()), Err(Unreadable::Empty), "{kind:?}");
    }
}

#[test]
fn what_is_broken_says_so() {
    let pdf = papers::pdf(&[&[(12, "Hello")]]);
    let docx = papers::docx(&[("", "Hello")]);
    for (kind, bytes) in [
        (Pdf, &b"no PDF at all"[..]),
        (Pdf, &pdf[..60]),
        (Pdf, &docx),
        (Docx, &pdf),
        (Docx, &docx[..docx.len() / 2]),
        (Docx, &papers::zip(&[("other.xml", b"<x/>")])),
        (Docx, &papers::zip(&[("word/document.xml", b"<w:p><w:t>never closed</w:q>")])),
        (Xlsx, &docx),
        (Xlsx, b"PK\x03\x04"),
        (Csv, b"a\0b"),
    ] {
        assert_eq!(
            read(kind, bytes, &Limits::default()),
            Err(Unreadable::Broken),
            "{kind:?} {:?}",
            &bytes[..4.min(bytes.len())]
        );
    }
}

#[test]
fn what_needs_a_password_says_so() {
    assert_eq!(read(Pdf, &papers::encrypted_pdf(), &Limits::default()), Err(Unreadable::Encrypted));
    let mut office = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    office.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for kind in [Docx, Xlsx] {
        assert_eq!(read(kind, &office, &Limits::default()), Err(Unreadable::Encrypted));
    }
}

#[test]
fn what_is_too_large_says_so() {
    let small = Limits { unpacked: 1_000_000, pages: 2, cells: 4, text: 60 };
    let many: Vec<&[&str]> = vec![&["a", "b"]; 3];
    let line: &[(u32, &str)] = &[(12, "A line of text that is not long.")];
    for (kind, bytes) in [
        (Docx, papers::docx_bomb(2)),
        (Docx, papers::docx(&[("", &"word ".repeat(40))])),
        (Xlsx, papers::zip(&[("xl/media/a.xml", &vec![b' '; 2_000_000])])),
        (Xlsx, papers::xlsx(&[("S", &many)])),
        (Csv, b"a,b\nc,d\ne,f".to_vec()),
        (Pdf, papers::pdf(&[line; 3])),
        (Pdf, papers::pdf(&[&[(12, "A line of text that is as long as there is room for, and longer.")]])),
        (Html, format!("<p>{}", "word ".repeat(40)).into_bytes()),
    ] {
        assert_eq!(read(kind, &bytes, &small), Err(Unreadable::TooLarge), "{kind:?}");
    }
}

#[test]
fn a_document_has_no_entities_of_its_own() {
    let body = "<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><d><p><t>x &b; &#65; &lt;</t></p></d>";
    check(Docx, &papers::zip(&[("word/document.xml", body.as_bytes())]), None, "x A <");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_byte_gone_wrong_is_no_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0..4_usize) {
        let rows: [&[&str]; 2] = [&["Tent", "Price"], &["Dome", "199"]];
        let (kind, mut bytes) = match which {
            0 => (Pdf, papers::pdf(&[&[(20, "Terms"), (10, "Text.")]])),
            1 => (Docx, papers::docx(&[("Title", "Terms"), ("", "Text.")])),
            2 => (Xlsx, papers::xlsx(&[("Prices", &rows)])),
            _ => (Html, b"<title>a</title><h1>Terms</h1><p>Text.".to_vec()),
        };
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read(kind, &bytes, &Limits::default());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), which in 0..5_usize) {
        let _ = read(DocumentKind::ALL[which], &bytes, &Limits::default());
    }
}
