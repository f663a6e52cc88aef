//! A document as one web page that needs nothing from anywhere.
//!
//! Style and script stand in the page and are allowed by their hashes alone; nothing is
//! fetched. Rows are data that the script sets as text, never as markup. Small tables are
//! plain HTML too, so that they read without a script and print whole.

mod page;
mod policy;
mod rows;

use crate::document::Document;
use crate::error::ReportError;
use std::io::Write;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("table.js");

/// Writes the page.
pub fn write(document: &Document<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    page::head(document, out)?;
    page::front(document, out)?;
    page::contents(document, out)?;
    out.write_all(b"<main id=\"main\">\n")?;
    for (at, section) in document.sections.iter().enumerate() {
        page::section(document, section, at + 1, out)?;
    }
    out.write_all(b"</main>\n")?;
    page::foot(document, out)
}
