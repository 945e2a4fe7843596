//! Documents as other programs write them, and as nobody should: made here, byte by byte, so that a test says what is in
//! them.

#![expect(clippy::unwrap_used, reason = "tests: what cannot be written is a panic")]

use std::io::{Cursor, Write};

use flate2::{Compress, Compression, FlushCompress, write::ZlibEncoder};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const MEGABYTE: usize = 1024 * 1024;

/// An object of a PDF, without its number.
type Object = Vec<u8>;

/// A PDF of objects, numbered from 1; the first one is the catalog. `trailer` stands in its trailer.
fn pdf_of(objects: &[Object], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    out
}

fn stream(entries: &str, bytes: &[u8]) -> Object {
    let mut object = format!("<< {entries} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    object.extend(bytes);
    object.extend(b"\nendstream");
    object
}

/// The objects of a PDF whose pages have these contents; the font is object 3.
fn pages(contents: Vec<Object>, resources: &str) -> Vec<Object> {
    let first = 4;
    let kids: Vec<String> = (0..contents.len()).map(|page| format!("{} 0 R", first + 2 * page)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    for (page, content) in contents.into_iter().enumerate() {
        let content_number = first + 2 * page + 1;
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content_number} 0 R \
             /Resources << /Font << /F1 3 0 R >> {resources} >> >>"
        );
        objects.push(page.into_bytes());
        objects.push(content);
    }
    objects
}

/// What draws lines, each in its size, from the top of the page to its bottom. An empty one leaves a gap.
fn drawn(lines: &[(u32, &str)]) -> Object {
    let mut content = String::new();
    let mut y = 780;
    for (size, line) in lines {
        let escaped = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        content += &format!("BT /F1 {size} Tf 60 {y} Td ({escaped}) Tj ET\n");
        y -= i32::try_from(*size).unwrap() * 6 / 5;
    }
    // The letters of Latin-1 are where WinAnsi has them.
    let bytes: Vec<u8> = content.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    stream("", &bytes)
}

/// A PDF whose pages have these lines, each with the size of its letters.
pub fn pdf(of: &[&[(u32, &str)]]) -> Vec<u8> {
    pdf_of(&pages(of.iter().map(|lines| drawn(lines)).collect(), ""), "")
}

/// A PDF that opens with a password which nobody knows.
pub fn encrypted_pdf() -> Vec<u8> {
    let mut objects = pages(vec![drawn(&[(12, "Secret")])], "");
    let unknown = "5a".repeat(32);
    objects.push(format!("<< /Filter /Standard /V 1 /R 2 /O <{unknown}> /U <{unknown}> /P -44 >>").into_bytes());
    let number = objects.len();
    pdf_of(&objects, &format!("/Encrypt {number} 0 R /ID [<{0}> <{0}>]", "01".repeat(16)))
}

/// A PDF of some kilobytes whose page unpacks to so many megabytes.
pub fn pdf_bomb(megabytes: usize) -> Vec<u8> {
    let mut packer = Compress::new(Compression::fast(), false);
    let mut block = Vec::with_capacity(MEGABYTE);
    // Each block stands by itself, so that one is enough.
    packer.compress_vec(&vec![b' '; MEGABYTE], &mut block, FlushCompress::Full).unwrap();
    let mut once = vec![0x78, 0x01];
    for _ in 0..megabytes {
        once.extend(&block);
    }
    once.extend([0x01, 0x00, 0x00, 0xff, 0xff, 0, 0, 0, 0]);
    let mut twice = ZlibEncoder::new(Vec::new(), Compression::best());
    twice.write_all(&once).unwrap();
    let content = stream("/Filter [/FlateDecode /FlateDecode]", &twice.finish().unwrap());
    pdf_of(&pages(vec![content], ""), "")
}

/// A PDF whose page draws a form ten times, which draws another one ten times, and so on: it would be done in some years.
pub fn endless_pdf() -> Vec<u8> {
    let levels = 14;
    let mut objects = pages(vec![stream("", b"/X0 Do")], "/XObject << /X0 6 0 R >>");
    for level in 0..levels {
        let next = objects.len() + 2;
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X{} {next} 0 R >> >>",
            level + 1
        );
        objects.push(stream(&entries, format!("/X{} Do\n", level + 1).repeat(10).as_bytes()));
    }
    objects.push(stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 m 9 9 l S"));
    pdf_of(&objects, "")
}

/// A PDF with a form that draws itself.
pub fn pdf_in_itself() -> Vec<u8> {
    let mut objects = pages(vec![stream("", b"/X Do")], "/XObject << /X 6 0 R >>");
    objects.push(stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
        b"/X Do",
    ));
    pdf_of(&objects, "")
}

/// A packed folder.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(*name, packed).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A Word document of paragraphs, each with the name of its style: `Title`, `Heading 1`, `List`, or nothing.
pub fn docx(paragraphs: &[(&str, &str)]) -> Vec<u8> {
    let paragraph = |(style, text): &(&str, &str)| {
        let of = match *style {
            "" => String::new(),
            "List" => "<w:pPr><w:numPr><w:ilvl w:val=\"0\"/></w:numPr></w:pPr>".to_owned(),
            style => format!("<w:pPr><w:pStyle w:val=\"id of {style}\"/></w:pPr>"),
        };
        format!("<w:p>{of}<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escaped(text))
    };
    let body: String = paragraphs.iter().map(paragraph).collect();
    let style = |name: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"id of {name}\"><w:name w:val=\"{}\"/></w:style>",
            name.to_lowercase()
        )
    };
    let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let styles =
        format!("<?xml version=\"1.0\"?><w:styles {space}>{}{}</w:styles>", style("Title"), style("Heading 1"));
    let body = format!("<?xml version=\"1.0\"?><w:document {space}><w:body>{body}</w:body></w:document>");
    zip(&[("word/styles.xml", styles.as_bytes()), ("word/document.xml", body.as_bytes())])
}

/// A Word document of some hundred kilobytes whose text unpacks to so many megabytes.
pub fn docx_bomb(megabytes: usize) -> Vec<u8> {
    let mut body = b"<w:document><w:body><w:p><w:r><w:t>".to_vec();
    body.resize(megabytes * MEGABYTE, b'x');
    zip(&[("word/document.xml", &body)])
}

/// A workbook with sheets of rows.
pub fn xlsx(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut names = String::new();
    let mut targets = String::new();
    let mut files = Vec::new();
    for (number, (name, rows)) in sheets.iter().enumerate() {
        let number = number + 1;
        names += &format!("<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"r{number}\"/>", escaped(name));
        targets += &format!(
            "<Relationship Id=\"r{number}\" Type=\"{of}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        let mut sheet = format!("<?xml version=\"1.0\"?><worksheet xmlns=\"{main}\"><sheetData>");
        for (row, cells) in rows.iter().enumerate() {
            sheet += &format!("<row r=\"{}\">", row + 1);
            for (column, cell) in cells.iter().enumerate() {
                let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
                sheet += &match cell.parse::<f64>() {
                    Ok(_) => format!("<c r=\"{place}\"><v>{cell}</v></c>"),
                    Err(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(cell)),
                };
            }
            sheet += "</row>";
        }
        files.push((format!("xl/worksheets/sheet{number}.xml"), sheet + "</sheetData></worksheet>"));
    }
    files.push((
        "xl/workbook.xml".into(),
        format!(
            "<?xml version=\"1.0\"?><workbook xmlns=\"{main}\" xmlns:r=\"{of}\"><sheets>{names}</sheets></workbook>"
        ),
    ));
    files.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!("<?xml version=\"1.0\"?><Relationships xmlns=\"{rels}\">{targets}</Relationships>"),
    ));
    files.push((
        "_rels/.rels".into(),
        format!(
            "<?xml version=\"1.0\"?><Relationships xmlns=\"{rels}\"><Relationship Id=\"r1\" Type=\"{of}/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    ));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&files)
}
