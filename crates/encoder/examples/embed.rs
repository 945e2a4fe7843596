//! Embeds the lines of standard input and writes the vectors as little-endian f32: `embed MODEL.bin < TEXTS > VECTORS`.

use std::{
    error::Error,
    io::{BufRead, BufWriter, Write},
    path::Path,
};

use encoder::{Model, e5::E5};
use ports::embeddings::Purpose;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("embed MODEL.bin < TEXTS > VECTORS")?;
    let model = E5::open(Path::new(&path))?;
    let lines: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for slice in lines.chunks(8) {
        for vector in model.embed(Purpose::Query, slice)? {
            for x in vector {
                out.write_all(&x.to_le_bytes())?;
            }
        }
    }
    Ok(())
}
