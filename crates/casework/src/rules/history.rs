//! From the acts on a rule to its versions: what it did, from when to when.
//!
//! A rule is followed through its names and ids. Two rules may have one name, which Exchange
//! allows and an intruder may like; then an act that names only the name is taken for one on the
//! older, so that the younger is never thought to be gone.

use super::change::{Change, Setting, Verb};
use super::verdict::{Author, Judge};
use super::words::{self, Part};
use super::{RuleKind, RuleVersion};
use crate::attribution::{Confidence, Verdict};
use crate::interval::Interval;
use model::Timestamp;
use model::recipients::recipients;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Returns the versions of each rule; the changes may come in any order.
pub(super) fn histories(mut changes: Vec<Change>, judge: &Judge<'_>) -> Vec<Vec<RuleVersion>> {
    changes.sort_by(|left, right| {
        let key = |change: &Change| (change.time, change.kind, change.verb);
        key(left)
            .cmp(&key(right))
            .then_with(|| left.record.cmp(&right.record))
    });
    changes.dedup_by(|left, right| left.record == right.record);
    let mut rules: Vec<Rule> = Vec::new();
    for change in &changes {
        take(&mut rules, change, judge);
    }
    rules.into_iter().map(|rule| rule.finish(judge)).collect()
}

fn take(rules: &mut Vec<Rule>, change: &Change, judge: &Judge<'_>) {
    let act = Rc::new(Act {
        author: judge.author(change),
        change: change.clone(),
    });
    let at = find(rules, change).unwrap_or_else(|| {
        rules.push(unseen(rules, change));
        rules.len() - 1
    });
    if let Some(rule) = rules.get_mut(at) {
        rule.apply(&act);
    }
}

/// Returns the rule that a change is about, if one is known.
///
/// A made rule is another one even under a known name, but not under a known id.
fn find(rules: &[Rule], change: &Change) -> Option<usize> {
    let is_new = change.verb == Verb::Make && change.kind != RuleKind::Forwarding;
    let mut best: Option<(usize, usize)> = None;
    for (at, rule) in rules.iter().enumerate() {
        if rule.gone || rule.kind != change.kind {
            continue;
        }
        let has_its_id = !change.unique.is_empty() && rule.handles.contains(&change.unique);
        let may_be_named_alike = !is_new && (change.unique.is_empty() || !rule.has_id);
        let shared = rule.handles.intersection(&change.handles).count();
        let is_candidate = has_its_id || (may_be_named_alike && shared > 0);
        if is_candidate && best.is_none_or(|(_, most)| shared > most) {
            best = Some((at, shared));
        }
    }
    best.map(|(at, _)| at)
}

/// Makes the rule of which a change is the first that is known.
///
/// Whatever a cmdlet changes, switches off or removes was there before; it is not known since when
/// and what it did.
fn unseen(rules: &[Rule], change: &Change) -> Rule {
    let since = rules
        .iter()
        .filter(|rule| rule.kind == change.kind && !rule.handles.is_disjoint(&change.handles))
        .filter_map(|rule| rule.versions.last().map(|version| version.active.to))
        .max()
        .unwrap_or(Interval::ALL.from);
    let was_there = change.kind != RuleKind::Forwarding
        && matches!(
            change.verb,
            Verb::Replace | Verb::Edit | Verb::Disable | Verb::Remove
        );
    Rule {
        kind: change.kind,
        handles: BTreeSet::new(),
        has_id: false,
        name: change.name.clone().unwrap_or_else(|| change.unique.clone()),
        parts: BTreeMap::new(),
        is_on: change.verb != Verb::Enable,
        complete: change.verb == Verb::Make || change.kind == RuleKind::Forwarding,
        open: was_there.then_some(Open { since, by: None }),
        versions: Vec::new(),
        gone: false,
    }
}

/// An act with whose it is.
struct Act {
    change: Change,
    author: Author,
}

/// A part of a rule and the act that gave it its value.
struct Standing {
    setting: Setting,
    by: Rc<Act>,
}

/// A stretch of time in which a rule is active and unchanged.
struct Open {
    since: Timestamp,
    /// None where the records begin later.
    by: Option<Rc<Act>>,
}

/// A rule on its way through time.
struct Rule {
    kind: RuleKind,
    handles: BTreeSet<String>,
    has_id: bool,
    name: String,
    parts: BTreeMap<String, Standing>,
    is_on: bool,
    complete: bool,
    open: Option<Open>,
    versions: Vec<RuleVersion>,
    gone: bool,
}

impl Rule {
    fn apply(&mut self, act: &Rc<Act>) {
        let change = &act.change;
        self.close(change.time, Some(change));
        self.handles.extend(change.handles.iter().cloned());
        self.has_id |= !change.unique.is_empty();
        if let Some(name) = &change.name {
            self.name.clone_from(name);
        }
        match change.verb {
            Verb::Make | Verb::Replace => {
                self.complete = true;
                self.rewrite(act);
            }
            Verb::Edit => self.set(act),
            Verb::Enable => self.is_on = true,
            Verb::Disable => self.is_on = false,
            Verb::Remove => self.gone = true,
        }
        if let Some(is_on) = change.is_on {
            self.is_on = is_on;
        }
        let is_active = self.is_on && !self.gone && self.does_something();
        self.open = is_active.then(|| Open {
            since: change.time,
            by: Some(Rc::clone(act)),
        });
    }

    /// Forwarding exists only while there is somebody to forward to.
    fn does_something(&self) -> bool {
        self.kind != RuleKind::Forwarding || self.parts.values().any(Standing::sends)
    }

    fn rewrite(&mut self, act: &Rc<Act>) {
        let named: BTreeSet<String> = act
            .change
            .settings
            .iter()
            .map(|setting| setting.name.to_lowercase())
            .collect();
        self.parts.retain(|name, _| named.contains(name));
        self.set(act);
    }

    /// A part that is set to what it is already stays whose it was.
    fn set(&mut self, act: &Rc<Act>) {
        for setting in &act.change.settings {
            let key = setting.name.to_lowercase();
            if words::is_cleared(&setting.name, &setting.value) {
                self.parts.remove(&key);
                continue;
            }
            let is_kept = self
                .parts
                .get(&key)
                .is_some_and(|standing| standing.setting.value == setting.value);
            if !is_kept {
                let standing = Standing {
                    setting: setting.clone(),
                    by: Rc::clone(act),
                };
                self.parts.insert(key, standing);
            }
        }
    }

    fn close(&mut self, time: Timestamp, by: Option<&Change>) {
        let Some(open) = self.open.take() else {
            return;
        };
        let version = self.version(&open, time, by);
        self.versions.push(version);
    }

    fn version(&self, open: &Open, to: Timestamp, ended_by: Option<&Change>) -> RuleVersion {
        let author = self.author(open);
        let made_by = open.by.as_deref().map(|act| &act.change);
        let records: BTreeSet<&String> = made_by
            .into_iter()
            .chain(ended_by)
            .map(|change| &change.record)
            .chain(self.actions().map(|action| &action.by.change.record))
            .collect();
        RuleVersion {
            kind: self.kind,
            name: self.name.clone(),
            version: self.versions.len() as u32 + 1,
            active: Interval::new(open.since, to),
            ended: ended_by.is_some(),
            conditions: self.listed(Part::Condition),
            actions: self.listed(Part::Action),
            targets: self.targets(),
            actor: made_by.map_or_else(String::new, |change| change.actor.clone()),
            ip: made_by.map_or_else(String::new, |change| change.ip.clone()),
            context: author.context,
            verdict: author.verdict,
            confidence: author.confidence,
            because: author.because,
            complete: self.complete,
            records: records.into_iter().cloned().collect(),
        }
    }

    /// The version is whose its last change is, but the intruder's as long as one of its actions is.
    fn author(&self, open: &Open) -> Author {
        let author = match &open.by {
            Some(act) => act.author.clone(),
            None => Author {
                verdict: Verdict::Unknown,
                confidence: Confidence::Low,
                because: "it was made before the records begin".to_owned(),
                context: None,
            },
        };
        if author.verdict == Verdict::Intruder {
            return author;
        }
        let kept = self
            .actions()
            .filter(|action| action.by.author.verdict == Verdict::Intruder)
            .max_by_key(|action| action.by.author.confidence);
        match kept {
            Some(kept) => Author {
                verdict: Verdict::Intruder,
                confidence: kept.by.author.confidence,
                because: format!(
                    "`{}` stands as it was set at {}: {}",
                    kept.setting.name, kept.by.change.time, kept.by.author.because
                ),
                context: author.context,
            },
            None => author,
        }
    }

    fn actions(&self) -> impl Iterator<Item = &Standing> {
        self.parts
            .values()
            .filter(|standing| standing.setting.part == Part::Action)
    }

    fn listed(&self, part: Part) -> Vec<(String, String)> {
        self.parts
            .values()
            .map(|standing| &standing.setting)
            .filter(|setting| setting.part == part)
            .map(|setting| (setting.name.clone(), setting.value.clone()))
            .collect()
    }

    fn targets(&self) -> BTreeSet<String> {
        self.actions()
            .filter(|action| action.sends())
            .flat_map(|action| recipients(&action.setting.value).addresses)
            .collect()
    }

    /// A rule that nothing ended is active to the end of time.
    fn finish(mut self, judge: &Judge<'_>) -> Vec<RuleVersion> {
        self.close(Interval::ALL.to, None);
        let names = self.handles.iter();
        if judge.is_seeded(names.chain(self.versions.iter().flat_map(|version| &version.targets))) {
            for version in &mut self.versions {
                version.verdict = Verdict::Intruder;
                version.confidence = Confidence::High;
                "a seed names the rule".clone_into(&mut version.because);
            }
        }
        self.versions
    }
}

impl Standing {
    fn sends(&self) -> bool {
        self.setting.part == Part::Action && words::sends(&self.setting.name)
    }
}
