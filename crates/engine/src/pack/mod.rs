//! Sealing a case into an evidence pack, and verifying one.
//!
//! A pack holds what the case says and what it says it from: the answer as data and as
//! documents, the raw text of every record that it cites, and what to type to compute it again.

mod cited;
mod key;
mod sheets;

use crate::documents::{Profile, Redaction, Report, ReportFormat};
use crate::error::EngineError;
use crate::investigate::Investigation;
use crate::store::Store;
use cited::Cited;
use custody::{Fingerprint, Label, Seal, Sealer, Verified};
use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::Path;
use tempfile::SpooledTempFile;

/// Returns the key of a data folder: what this install seals, it seals with this.
pub(crate) fn signing_key(data_folder: &Path) -> Result<custody::SigningKey, EngineError> {
    key::of(data_folder)
}

/// Returns the key of a data folder, where there is one.
pub(crate) fn known_key(data_folder: &Path) -> Result<Option<custody::SigningKey>, EngineError> {
    key::known(data_folder)
}

pub use custody::{
    Difference, Progress as PackProgress, Seal as SealedPack, Verified as VerifiedPack,
};

/// How much of one file of a pack is held in memory before it goes to disk.
const IN_MEMORY: usize = 8 << 20;

impl Store {
    /// Seals a case into a pack.
    pub fn export_evidence(&self, found: &Investigation, out: &Path) -> Result<Seal, EngineError> {
        let key = key::of(self.folder())?;
        let cited = self.cited_records(found)?;
        // Written beside its place and moved there whole: a torn pack is never taken for one.
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .map_err(EngineError::written(out))?;
        let mut pack = Sealer::new(BufWriter::new(file.as_file_mut()), label(found));
        self.add_files(found, &cited, &mut pack)?;
        let seal = pack.seal(&key)?;
        file.as_file()
            .sync_all()
            .map_err(EngineError::written(out))?;
        file.persist(out)
            .map_err(|error| EngineError::written(out)(error.error))?;
        Ok(seal)
    }

    /// Adds the files of a pack in the order of their paths.
    fn add_files<W: Write>(
        &self,
        found: &Investigation,
        cited: &Cited,
        pack: &mut Sealer<W>,
    ) -> Result<(), EngineError> {
        let report = Report {
            found,
            profile: Profile::Legal,
            redaction: Redaction::None,
        };
        add(pack, "case.json", &mut |out| {
            report.write(ReportFormat::Json, out)
        })?;
        add(pack, "contexts.csv", &mut |out| {
            sheets::contexts(found, out)
        })?;
        add(pack, "gaps.csv", &mut |out| sheets::gaps(found, out))?;
        add(pack, "messages.csv", &mut |out| {
            report.write(ReportFormat::Csv, out)
        })?;
        add(pack, "messages.xlsx", &mut |out| {
            report.write(ReportFormat::Xlsx, out)
        })?;
        add(pack, "queries.txt", &mut |out| sheets::queries(found, out))?;
        add(pack, "raw_records.jsonl", &mut |out| {
            self.write_raw(cited, out)
        })?;
        add(pack, "report.html", &mut |out| {
            report.write(ReportFormat::Html, out)
        })?;
        add(pack, "report.pdf", &mut |out| {
            report.write(ReportFormat::Pdf, out)
        })?;
        add(pack, "source_files.csv", &mut |out| {
            self.write_sources(cited, out)
        })?;
        add(pack, "verdicts.csv", &mut |out| {
            sheets::verdicts(found, out)
        })
    }
}

/// Adds one file, whatever its size.
fn add<W: Write>(
    pack: &mut Sealer<W>,
    path: &str,
    write: &mut dyn FnMut(&mut dyn Write) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let mut content = BufWriter::new(SpooledTempFile::new(IN_MEMORY));
    write(&mut content)?;
    let mut content = content
        .into_inner()
        .map_err(|error| EngineError::Spool(error.into_error()))?;
    content.rewind().map_err(EngineError::Spool)?;
    pack.file(path, &mut BufReader::new(content))?;
    Ok(())
}

fn label(found: &Investigation) -> Label {
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Label {
        title: format!("Evidence of the case {}", found.case),
        engine: format!("breachscope {}", env!("CARGO_PKG_VERSION")),
        facts: vec![
            fact("case", &found.case),
            fact("tenant", &found.brief.tenant),
            fact("mailbox", &found.brief.mailbox),
            fact("snapshot", &found.snapshot),
            fact("statement", &found.statement.text),
        ],
    }
}

/// Verifies a pack; a key that is trusted must have signed it.
pub fn verify_evidence(
    pack: &Path,
    trusted: Option<&str>,
    watch: &mut dyn FnMut(PackProgress),
) -> Result<Verified, EngineError> {
    let trusted = trusted
        .map(|text| {
            text.parse::<Fingerprint>()
                .map_err(|_| EngineError::NoFingerprint {
                    text: text.to_owned(),
                })
        })
        .transpose()?;
    let file = File::open(pack).map_err(|source| EngineError::Input {
        path: pack.display().to_string(),
        source,
    })?;
    Ok(custody::verify(
        &mut BufReader::new(file),
        trusted.as_ref(),
        watch,
    )?)
}
