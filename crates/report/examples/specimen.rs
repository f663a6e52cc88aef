//! Writes an invented report in every format, to be looked at:
//! `cargo run -p report --example specimen -- FOLDER [MESSAGES]`.

#[path = "../tests/specimen.rs"]
mod specimen;

use report::csv::Bom;
use report::{Block, csv, html, pdf, xlsx};
use specimen::Specimen;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write to")?);
    let messages = arguments.next().map_or(Ok(450), |count| count.parse())?;
    std::fs::create_dir_all(&folder)?;
    let specimen = Specimen::new(messages);
    let document = specimen.document();
    let open = |name: &str| File::create(folder.join(name)).map(BufWriter::new);

    let mut page = open("report.html")?;
    html::write(&document, &mut page)?;
    page.flush()?;
    let mut paper = open("report.pdf")?;
    pdf::write(&document, None, &mut paper)?;
    paper.flush()?;
    let mut workbook = open("report.xlsx")?;
    xlsx::write(&document, None, &mut workbook)?;
    workbook.flush()?;
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    for block in blocks {
        if let Block::Table(table) = block {
            let mut lines = open(&format!("{}.csv", table.id))?;
            csv::write(table, Bom::With, &mut lines)?;
            lines.flush()?;
        }
    }
    Ok(())
}
