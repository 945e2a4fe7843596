/** A line with the size of its letters; an empty one leaves a gap. */
export type Line = [size: number, text: string];

/** A PDF whose pages have these lines. */
export function pdf(...pages: Line[][]): Buffer {
  const kids = pages.map((_, page) => `${4 + 2 * page} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  for (const [page, lines] of pages.entries()) {
    let y = 780;
    let drawn = "";
    for (const [size, text] of lines) {
      drawn += `BT /F1 ${size} Tf 60 ${y} Td (${text.replace(/[\\()]/g, "\\$&")}) Tj ET\n`;
      y -= Math.round(size * 1.2);
    }
    const resources = "/Resources << /Font << /F1 3 0 R >> >>";
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + 2 * page} 0 R ${resources} >>`,
      `<< /Length ${drawn.length} >>\nstream\n${drawn}endstream`,
    );
  }
  let out = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = out.length;
    out += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.from(`${out}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${end}`, "latin1");
}
