//! What an analyst does with a case: look, decide, note, tag, pin, compare.

use crate::error::EngineError;
use crate::investigate::Investigation;
use crate::store::Store;
use crate::watch::Unwatched;
use casework::attribution::Step;
use casework::{Class, ContextId, Judged, Verdict};
use lake::{StoredRecord, Versions};
use ledger::{CaseEntry, CaseFile, CaseSnapshot, EntryKind};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A case with what was added to it.
#[derive(Clone, Debug)]
pub struct CaseSummary {
    /// The case.
    pub file: CaseFile,
    /// What analysts decided and wrote.
    pub entries: Vec<CaseEntry>,
    /// The snapshots that were taken.
    pub snapshots: Vec<CaseSnapshot>,
}

/// What an analyst adds to a case.
#[derive(Clone, Debug)]
pub struct Entry {
    /// On what: a context, a record, a message; empty for the case itself.
    pub object: String,
    /// The note or the tag.
    pub value: String,
    /// Who adds it.
    pub by: String,
}

/// How a message's class differs between two states of a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseChange {
    /// The message.
    pub id: String,
    /// Its class before; none where it was not known.
    pub before: Option<Class>,
    /// Its class after.
    pub after: Option<Class>,
}

impl Store {
    /// Returns every case.
    pub fn cases(&self) -> Result<Vec<CaseSummary>, EngineError> {
        let files = self.ledger.cases()?;
        files.into_iter().map(|file| self.summary(file)).collect()
    }

    /// Returns one case.
    pub fn case(&self, id: &str) -> Result<CaseSummary, EngineError> {
        self.summary(self.case_file(id)?)
    }

    fn summary(&self, file: CaseFile) -> Result<CaseSummary, EngineError> {
        Ok(CaseSummary {
            entries: self.ledger.entries(&file.id)?,
            snapshots: self.ledger.snapshots(Some(&file.id))?,
            file,
        })
    }

    /// Keeps an analyst's verdict on a context, or takes the last one back where there is
    /// none, and works the case again.
    pub fn decide(
        &self,
        case: &str,
        context: &str,
        verdict: Option<Verdict>,
        reason: &str,
        by: &str,
    ) -> Result<Investigation, EngineError> {
        let file = self.case_file(case)?;
        let known = self.work(&file)?;
        if known
            .attribution
            .context(&ContextId(context.to_owned()))
            .is_none()
        {
            return Err(not_in_case("context", context));
        }
        let entry = CaseEntry {
            kind: EntryKind::Verdict,
            object: context.to_owned(),
            value: verdict.map(Verdict::name).unwrap_or_default().to_owned(),
            reason: reason.to_owned(),
            by: by.to_owned(),
            at: crate::clock::now(),
        };
        self.ledger.add_entry(case, &entry)?;
        self.work(&file)
    }

    /// Keeps a note or a tag on the case, or on a context, a message or a record that there is.
    pub fn add_to_case(
        &self,
        case: &str,
        kind: EntryKind,
        entry: &Entry,
    ) -> Result<(), EngineError> {
        let file = self.case_file(case)?;
        if !entry.object.is_empty() && !self.is_in_case(&file, &entry.object)? {
            return Err(not_in_case("context, message or record", &entry.object));
        }
        let entry = CaseEntry {
            kind,
            object: entry.object.clone(),
            value: entry.value.clone(),
            reason: String::new(),
            by: entry.by.clone(),
            at: crate::clock::now(),
        };
        Ok(self.ledger.add_entry(case, &entry)?)
    }

    /// Returns whether a name is that of a record of the case's tenant, or of a context or a message
    /// of the case.
    fn is_in_case(&self, file: &CaseFile, name: &str) -> Result<bool, EngineError> {
        let is_tenants = |record: &StoredRecord| {
            let mut of = record.columns.iter().filter(|(name, _)| name == "tenant");
            of.all(|(_, tenant)| tenant.is_empty() || *tenant == file.tenant)
        };
        let records = self.runtime.block_on(self.lake.record(name))?;
        if records.iter().any(is_tenants) {
            return Ok(true);
        }
        let worked = self.work(file)?;
        let mut is_known = worked
            .attribution
            .context(&ContextId(name.to_owned()))
            .is_some();
        if !is_known {
            worked.messages.each(&mut |judged| {
                is_known = judged.id == name;
                if is_known {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
        }
        Ok(is_known)
    }

    /// Returns the shortest path of evidence from a seed to a context.
    pub fn why(
        &self,
        case: &str,
        context: &str,
    ) -> Result<(Investigation, Vec<Step>), EngineError> {
        let worked = self.work_case(case)?;
        let id = ContextId(context.to_owned());
        if worked.attribution.context(&id).is_none() {
            return Err(not_in_case("context", context));
        }
        let steps = worked.attribution.why(&id);
        Ok((worked, steps))
    }

    /// Pins the case as it is: the tables' versions, the decisions, the engine's version.
    pub fn pin(&self, case: &str) -> Result<CaseSnapshot, EngineError> {
        let file = self.case_file(case)?;
        let versions = self.runtime.block_on(self.lake.versions())?;
        let entries = self.ledger.entries(case)?;
        let lake = self.lake.at(&versions);
        let worked = self.work_on(&lake, &file, entries, None, &mut Unwatched)?;
        let counts: BTreeMap<&str, u64> = worked
            .counts
            .0
            .iter()
            .map(|(class, count)| (class.name(), *count))
            .collect();
        let snapshot = CaseSnapshot {
            id: worked.snapshot.clone(),
            taken: crate::clock::now(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            entries: worked.entries.len() as u64,
            versions: text_of(&versions.0),
            seeds: file.seeds.join("\n"),
            counts: text_of(&counts),
        };
        self.ledger.keep_snapshot(case, &snapshot)?;
        Ok(snapshot)
    }

    /// Works a case as it was when a snapshot was taken; a unique beginning names it.
    pub fn work_snapshot(&self, case: &str, snapshot: &str) -> Result<Investigation, EngineError> {
        let mut file = self.case_file(case)?;
        let pinned = self.snapshot(case, snapshot)?;
        let versions: BTreeMap<String, u64> =
            serde_json::from_str(&pinned.versions).unwrap_or_default();
        file.seeds = pinned.seeds.lines().map(str::to_owned).collect();
        let mut entries = self.ledger.entries(case)?;
        entries.truncate(pinned.entries as usize);
        self.work_on(
            &self.lake.at(&Versions(versions)),
            &file,
            entries,
            Some(pinned.taken),
            &mut Unwatched,
        )
    }

    /// Returns which messages changed their class between two snapshots; without a second, since the first.
    pub fn compare(
        &self,
        case: &str,
        before: &str,
        after: Option<&str>,
    ) -> Result<Vec<CaseChange>, EngineError> {
        let before = classes(&self.work_snapshot(case, before)?)?;
        let after = match after {
            Some(after) => classes(&self.work_snapshot(case, after)?)?,
            None => classes(&self.work_case(case)?)?,
        };
        let mut changes = Vec::new();
        for (id, class) in &before {
            if after.get(id) != Some(class) {
                changes.push(CaseChange {
                    id: id.clone(),
                    before: Some(*class),
                    after: after.get(id).copied(),
                });
            }
        }
        for (id, class) in &after {
            if !before.contains_key(id) {
                changes.push(CaseChange {
                    id: id.clone(),
                    before: None,
                    after: Some(*class),
                });
            }
        }
        changes.sort();
        Ok(changes)
    }

    fn snapshot(&self, case: &str, name: &str) -> Result<CaseSnapshot, EngineError> {
        let mut fits = self
            .ledger
            .snapshots(Some(case))?
            .into_iter()
            .filter(|snapshot| !name.is_empty() && snapshot.id.starts_with(name));
        match (fits.next(), fits.next()) {
            (Some(one), None) => Ok(one),
            _ => Err(not_in_case("snapshot", name)),
        }
    }

    /// Returns the versions of the tables that snapshots cite.
    pub(crate) fn cited(&self) -> Result<Vec<Versions>, EngineError> {
        let snapshots = self.ledger.snapshots(None)?;
        Ok(snapshots
            .iter()
            .filter_map(|snapshot| serde_json::from_str(&snapshot.versions).ok())
            .map(Versions)
            .collect())
    }
}

fn not_in_case(what: &'static str, name: &str) -> EngineError {
    EngineError::NotInCase {
        what,
        name: name.to_owned(),
    }
}

fn text_of<K: AsRef<str>>(map: &BTreeMap<K, u64>) -> String {
    let map: serde_json::Map<String, serde_json::Value> = map
        .iter()
        .map(|(key, value)| (key.as_ref().to_owned(), (*value).into()))
        .collect();
    serde_json::Value::Object(map).to_string()
}

fn classes(worked: &Investigation) -> Result<BTreeMap<String, Class>, EngineError> {
    let mut classes = BTreeMap::new();
    let mut take = |judged: &Judged| {
        classes.insert(judged.id.clone(), judged.class);
        ControlFlow::Continue(())
    };
    worked.messages.each(&mut take)?;
    Ok(classes)
}
