//! Readers: any byte stream of evidence into records, rejects and notices.
//!
//! A stream is taken out of its containers (`archive`), decoded into a sliding window of
//! text (`text`, `encoding`), walked through as JSON (`values`, `wrapper`, `resync`) or as CSV
//! (`sheet`, `header`, `cells`), taken out of its envelopes (`envelope`) and recognised
//! record by record (`shape`, `rules`). What a file is called decides nothing. Memory follows the
//! longest record, never the file.
//!
//! This room opens no file, knows no other room but `model`, and understands no record:
//! that is `normalise`'s work.

mod archive;
mod cells;
mod dates;
mod encoding;
mod envelope;
mod format;
mod header;
mod passing;
mod portal;
mod read;
mod refused;
mod resync;
mod row;
mod rules;
mod salvage;
mod session;
mod shape;
mod sheet;
mod text;
mod values;
mod walk;
mod wrapper;

pub use archive::decoded;
pub use format::{FORMATS, Format, FormatInfo, format_named};
pub use read::{Depth, Ended, EvidenceError, Options, ReadSeek, Summary, Visitor, read, read_for};
