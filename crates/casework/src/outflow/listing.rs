//! The list of files that were touched, a line for each file, act and context.

use super::file_operations::act;
use super::files::Acts;
use super::group::earliest;
use super::{FileAct, FileTouched};
use crate::attribution::{ContextId, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// What the files of a case come to.
#[derive(Debug, Default)]
pub(super) struct Listing {
    lines: BTreeMap<Line, FileTouched>,
    /// How many acts of the person are not listed.
    pub(super) left_out: u64,
    /// With whom the intruder shared, and the records.
    pub(super) shared_with: BTreeMap<String, BTreeSet<String>>,
}

/// What makes one line.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    object: String,
    act: FileAct,
    verdict: Verdict,
    context: Option<ContextId>,
    actor: String,
    app: String,
}

impl Listing {
    /// Lists acts that are the intruder's or nobody's known.
    pub(super) fn list(&mut self, acts: Acts<'_>) {
        let Some(act) = act(acts.operation) else {
            return;
        };
        if acts.verdict == Verdict::Intruder {
            self.note_sharing(&acts);
        }
        let line = Line {
            object: acts.object.to_owned(),
            act,
            verdict: acts.verdict,
            context: acts.context.map(|context| context.id.clone()),
            actor: acts.who.actor.to_string(),
            app: acts.who.app.to_string(),
        };
        let touched = self.lines.entry(line).or_insert_with_key(blank);
        touched.operations.insert(acts.operation.to_owned());
        if !acts.who.ip.is_empty() {
            touched.ips.insert(acts.who.ip.to_string());
        }
        touched.first = earliest(touched.first, acts.group.first);
        touched.last = touched.last.max(acts.group.last);
        touched.times += acts.group.times;
        let records = acts.group.seen.into_iter();
        touched
            .records
            .extend(records.map(|seen| String::from(seen.record)));
    }

    fn note_sharing(&mut self, acts: &Acts<'_>) {
        for address in &acts.group.shared_with {
            let records = acts.group.seen.iter().map(|seen| seen.record.to_string());
            let known = self.shared_with.entry(address.clone()).or_default();
            known.extend(records);
        }
    }

    /// Returns the lines in order; each names the first of its records.
    pub(super) fn files(&mut self) -> Vec<FileTouched> {
        let lines = std::mem::take(&mut self.lines);
        lines
            .into_values()
            .map(|mut file| {
                file.records.sort_unstable();
                file.records.dedup();
                file.records.truncate(FileTouched::RECORDS);
                file
            })
            .collect()
    }
}

fn blank(line: &Line) -> FileTouched {
    FileTouched {
        object: line.object.clone(),
        act: line.act,
        operations: BTreeSet::new(),
        verdict: line.verdict,
        context: line.context.clone(),
        actor: line.actor.clone(),
        app: line.app.clone(),
        ips: BTreeSet::new(),
        first: None,
        last: None,
        times: 0,
        records: Vec::new(),
    }
}
