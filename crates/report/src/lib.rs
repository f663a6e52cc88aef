//! Documents into bytes: a self-contained web page, PDF, a workbook, CSV, Timesketch lines.
//!
//! A [`Document`] is composed by somebody else; this room knows nothing of cases, records
//! or Microsoft, opens no file and decides nothing about what is said. Every text it is
//! given is hostile: it stays text in every format, and hidden characters become marks.
//! The same document gives the same bytes.

pub mod csv;
pub mod document;
pub mod error;
pub mod figure;
pub mod html;
pub mod pdf;
mod text;
pub mod timesketch;
pub mod xlsx;

pub use document::{
    Block, Cell, Class, Column, Count, Document, Kind, Notice, Pattern, Rows, Section, Sheets,
    Table, Tone,
};
pub use error::ReportError;
pub use figure::{Attack, Blind, Figure, Lane, Layer, Link, Mark, Node, Timeline};
pub use timesketch::Moment;
