//! Cases as documents: what stands in which section, for whom.
//!
//! The room `report` makes bytes of a document; here is decided what a document of a case
//! says. Everything comes from one investigation, so that no two numbers can disagree.

mod columns;
mod figures;
mod people;
mod redact;
mod sections;
mod tables;

use crate::error::EngineError;
use crate::investigate::{Investigation, WireCase};
use ::report::csv::Bom;
use ::report::{csv, html, pdf, timesketch, xlsx};
use std::io::{self, Seek, Write};
use tables::Prepared;
use tempfile::SpooledTempFile;

/// For whom a report is, which decides its sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Everything.
    Legal,
    /// What happened and what to decide.
    Exec,
    /// For the person whose mailbox it is.
    User,
    /// What an insurer asks.
    Insurer,
}

impl Profile {
    /// Returns the word in the report's head.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Exec => "exec",
            Self::User => "user",
            Self::Insurer => "insurer",
        }
    }
}

/// What is hidden of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redaction {
    /// Nothing.
    None,
    /// Subjects are hidden, mail addresses replaced by digests.
    SubjectsAndAddresses,
}

/// In which form a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// One page that needs nothing else.
    Html,
    /// Pages to print.
    Pdf,
    /// A workbook, a sheet a class.
    Xlsx,
    /// Every message, comma-separated.
    Csv,
    /// The whole case as JSON.
    Json,
    /// The timeline for Timesketch, one event a line.
    Timesketch,
}

impl ReportFormat {
    /// Returns what its file's name ends in.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Timesketch => "timesketch.jsonl",
        }
    }
}

/// How much of a workbook is held in memory before it goes to disk.
const IN_MEMORY: usize = 16 << 20;

/// A case as it is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The case.
    pub found: &'a Investigation,
    /// For whom.
    pub profile: Profile,
    /// What is hidden.
    pub redaction: Redaction,
}

impl Report<'_> {
    /// Writes the case in one form.
    pub fn write(&self, format: ReportFormat, out: &mut dyn Write) -> Result<(), EngineError> {
        match self.redaction {
            Redaction::None => write(self.found, self.profile, format, out),
            Redaction::SubjectsAndAddresses => {
                write(&redact::redacted(self.found)?, self.profile, format, out)
            }
        }
    }
}

fn write(
    found: &Investigation,
    profile: Profile,
    format: ReportFormat,
    out: &mut dyn Write,
) -> Result<(), EngineError> {
    // The last record is the date of everything said from it: a report of today's is the same
    // as tomorrow's, and as one of another folder that holds the same records.
    let date = found.last_record;
    match format {
        ReportFormat::Json => return json(found, out),
        ReportFormat::Timesketch => return moments(found, out),
        _ => {}
    }
    let prepared = Prepared::of(found)?;
    match format {
        ReportFormat::Csv => csv::write(&tables::messages_table(found), Bom::Without, out)?,
        ReportFormat::Html => html::write(&sections::document(found, &prepared, profile), out)?,
        ReportFormat::Pdf => pdf::write(&sections::document(found, &prepared, profile), date, out)?,
        _ => {
            // A workbook is written by a thread of its library's, which needs a file of its own.
            let mut file = SpooledTempFile::new(IN_MEMORY);
            let document = sections::document(found, &prepared, profile);
            xlsx::write(&document, date, &mut file)?;
            file.rewind()
                .and_then(|()| io::copy(&mut file, out))
                .map_err(EngineError::Spool)?;
        }
    }
    Ok(())
}

fn json(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    serde_json::to_writer(&mut *out, &WireCase(found))
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .map_err(EngineError::Spool)
}

fn moments(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    for moment in &found.timeline {
        let extra = [
            ("case", found.case.as_str()),
            ("mailbox", &found.brief.mailbox),
            ("verdict", &moment.verdict),
            ("records", &moment.records.join(" ")),
        ];
        let moment = ::report::Moment {
            time: moment.time,
            message: moment.text.clone(),
            what: moment.kind.clone(),
            extra: extra
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        };
        timesketch::write(&moment, out)?;
    }
    accesses(found, out)
}

/// Writes the first and last access of every message that was reached.
fn accesses(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    let mut failed = None;
    found.messages.each_of(&tables::REACHED, &mut |judged| {
        let mut ends = vec![("first access", judged.first_seen)];
        if judged.last_seen != judged.first_seen {
            ends.push(("last access", judged.last_seen));
        }
        for (what, time) in ends {
            let Some(time) = time else { continue };
            let extra = [
                ("case", found.case.as_str()),
                ("mailbox", &judged.mailbox),
                ("internet_message_id", &judged.id),
                ("class", judged.class.name()),
                ("subject", &judged.subject),
                ("records", &judged.records.join(" ")),
            ];
            let moment = ::report::Moment {
                time,
                message: format!("[{}] {}", judged.class.name(), judged.because),
                what: what.to_owned(),
                extra: extra
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .collect(),
            };
            if let Err(error) = timesketch::write(&moment, out) {
                failed = Some(error);
                return std::ops::ControlFlow::Break(());
            }
        }
        std::ops::ControlFlow::Continue(())
    })?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}
