//! `intel`: indicators taken in from files, listed, and let expire.

use crate::clock;
use crate::error::EngineError;
use crate::inputs::{Input, inputs};
use crate::store::Store;
use ::detect::intel::{self, Indicator, IndicatorKind};
use ledger::StoredIndicator;
use model::Timestamp;
use std::io::{self, Read};

/// What an import of indicators made of its files.
#[derive(Clone, Debug, Default)]
pub struct IntelImport {
    /// How many indicators the files hold.
    pub read: u64,
    /// How many of them were not known.
    pub new: u64,
    /// What could not be used, by file.
    pub unread: Vec<IntelUnread>,
}

/// Something in a file that cannot be used as an indicator.
#[derive(Clone, Debug)]
pub struct IntelUnread {
    /// The file.
    pub path: String,
    /// The line, or the number of the object, from 1; 0 for the file itself.
    pub at: usize,
    /// What stands there, cut short.
    pub text: String,
    /// Why it cannot be used.
    pub why: String,
}

/// An indicator as it is listed.
#[derive(Clone, Debug)]
pub struct IntelLine {
    /// What kind of thing it is.
    pub kind: String,
    /// The thing.
    pub value: String,
    /// What is said of it.
    pub note: String,
    /// The file that it came from.
    pub source: String,
    /// When it was imported.
    pub imported: Timestamp,
    /// Until when it counts.
    pub expires: Option<Timestamp>,
}

impl Store {
    /// Takes in the indicators of files and folders; what is known already is renewed.
    pub fn intel_import(&self, words: &[String]) -> Result<IntelImport, EngineError> {
        let now = clock::now();
        let mut report = IntelImport::default();
        let mut stored = Vec::new();
        for input in inputs(words)? {
            let path = input.name();
            let text = match text_of(&input) {
                Ok(text) => text,
                Err(error) => {
                    report.unread.push(IntelUnread {
                        path,
                        at: 0,
                        text: String::new(),
                        why: format!("it cannot be read as text: {error}"),
                    });
                    continue;
                }
            };
            let (indicators, unread) = intel::read(&text, &|text| normalise::read_time(text));
            report.read += indicators.len() as u64;
            stored.extend(indicators.into_iter().map(|one| StoredIndicator {
                kind: one.kind.name().to_owned(),
                value: one.value,
                note: one.note,
                source: path.clone(),
                imported: now,
                expires: one.expires,
            }));
            report
                .unread
                .extend(unread.into_iter().map(|one| IntelUnread {
                    path: path.clone(),
                    at: one.at,
                    text: one.text,
                    why: one.why.to_owned(),
                }));
        }
        report.new = self.ledger.keep_indicators(&stored)?;
        Ok(report)
    }

    /// Returns every indicator, by kind and value.
    pub fn intel(&self) -> Result<Vec<IntelLine>, EngineError> {
        let stored = self.ledger.indicators()?.into_iter();
        Ok(stored
            .map(|one| IntelLine {
                kind: one.kind,
                value: one.value,
                note: one.note,
                source: one.source,
                imported: one.imported,
                expires: one.expires,
            })
            .collect())
    }

    /// Lets indicators expire now, by value or by the file that they came from; returns how many did.
    pub fn intel_expire(&self, values: &[String]) -> Result<u64, EngineError> {
        Ok(self.ledger.expire_indicators(values, clock::now())?)
    }
}

/// Returns the indicators that the ledger kept.
pub(super) fn read_back(stored: Vec<StoredIndicator>) -> Vec<Indicator> {
    stored
        .into_iter()
        .filter_map(|one| {
            let kind = IndicatorKind::of_name(&one.kind)?;
            Some(Indicator {
                note: one.note,
                expires: one.expires,
                ..Indicator::read(Some(kind), &one.value)?
            })
        })
        .collect()
}

fn text_of(input: &Input) -> io::Result<String> {
    match input {
        Input::File(path) | Input::InFolder(path) => std::fs::read_to_string(path),
        Input::Broken { why, .. } => Err(std::io::Error::other(why.clone())),
        Input::Stdin => {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text)?;
            Ok(text)
        }
    }
}
