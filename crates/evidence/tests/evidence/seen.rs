//! What a visitor saw of an input, kept for comparison.

use evidence::{Ended, Options, Summary};
use model::{Found, NoticeKind, Place, Shape};
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// A record, as far as the tests look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) shape: Shape,
    pub(crate) id: Option<String>,
    pub(crate) body: String,
    pub(crate) place: Place,
    pub(crate) dates: model::DateOrder,
    pub(crate) columns: usize,
}

/// Everything that was seen.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) records: Vec<Record>,
    pub(crate) rejects: Vec<(Place, String, model::Salvage)>,
    pub(crate) errors: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) summary: Summary,
}

impl Seen {
    /// Returns how many errors a report would count.
    pub(crate) fn error_count(&self) -> usize {
        let ended = matches!(self.summary.ended, Ended::Empty | Ended::NotEvidence(_));
        self.rejects.len() + self.errors.len() + usize::from(ended)
    }

    /// Returns the ids in their order.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.records
            .iter()
            .map(|record| record.id.as_deref().unwrap_or(""))
            .collect()
    }
}

/// Reads bytes from memory.
pub(crate) fn read(bytes: &[u8]) -> Seen {
    read_from(&mut Cursor::new(bytes), &Options::default())
}

/// Reads from any reader.
pub(crate) fn read_from(input: &mut dyn evidence::ReadSeek, options: &Options) -> Seen {
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let summary = evidence::read(input, options, &mut |found| {
        match found {
            Found::Record(raw) => {
                assert!(
                    matches!(raw.body, model::Json::Object(_)),
                    "a body is an object"
                );
                let mut body = String::new();
                raw.body.write(&mut body);
                let id = ["Id", "OfficeId"]
                    .iter()
                    .find_map(|key| raw.body.get_any_case(key));
                records.push(Record {
                    shape: raw.shape,
                    id: id.and_then(|id| id.as_word()).map(str::to_owned),
                    body,
                    place: raw.place,
                    dates: raw.dates,
                    columns: raw.columns.len(),
                });
            }
            Found::Reject(reject) => rejects.push((reject.place, reject.reason, reject.salvage)),
            Found::Notice(notice) if notice.kind == NoticeKind::Error => errors.push(notice.what),
            Found::Notice(notice) => warnings.push(notice.what),
        }
        ControlFlow::Continue(())
    });
    Seen {
        records,
        rejects,
        errors,
        warnings,
        summary: summary.expect("readable"),
    }
}

/// Returns the folder of real data, if this checkout stands beside it.
#[allow(clippy::print_stderr)]
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no `shared/data/{folder}` beside the checkout");
    None
}
