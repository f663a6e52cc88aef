//! What the intruder's rules did with a message, told from metadata and the trace.
//!
//! A rule that only hides or deletes makes no mail leave, so it gives no hit: it is listed among
//! the versions. A message whose delivery time nothing knows is held against no rule.

use super::conditions::{Truth, holds};
use super::departures::{Fate, ROUNDING, Sighting};
use super::words::sends;
use super::{Arrival, RuleHit, RuleVersion, Rules};
use crate::attribution::{Confidence, Verdict};
use crate::messages::Tag;
use model::Timestamp;
use std::collections::BTreeSet;

impl Rules {
    /// Returns what the intruder's rules did with a message, a hit for each version that matched.
    ///
    /// A version's window is exact, but a trace rounds to seconds: one second of allowance on both
    /// edges.
    #[must_use]
    pub fn matches(&self, arrival: &Arrival<'_>) -> Vec<RuleHit> {
        let Some(time) = arrival.time else {
            return Vec::new();
        };
        self.versions
            .iter()
            .filter(|version| version.is_sending_at(time))
            .filter_map(|version| Some((version, Evaluation::of(version, arrival)?)))
            .map(|(version, evaluation)| self.hit(version, &evaluation, arrival))
            .collect()
    }

    fn hit(
        &self,
        version: &RuleVersion,
        evaluation: &Evaluation<'_>,
        arrival: &Arrival<'_>,
    ) -> RuleHit {
        let sightings: Vec<Sighting<'_>> = version
            .targets
            .iter()
            .flat_map(|target| self.departures.of(target, arrival))
            .collect();
        let best = sightings.iter().map(|sighting| sighting.fate).max();
        let decisive: Vec<&Sighting<'_>> = sightings
            .iter()
            .filter(|sighting| Some(sighting.fate) == best)
            .collect();
        let targets: BTreeSet<&str> = match best {
            Some(Fate::Left) => decisive.iter().map(|sighting| sighting.target).collect(),
            _ => version.targets.iter().map(String::as_str).collect(),
        };
        let records: BTreeSet<&str> = version
            .records
            .iter()
            .map(String::as_str)
            .chain(decisive.iter().map(|sighting| sighting.record))
            .collect();
        RuleHit {
            left: best == Some(Fate::Left),
            tags: match best {
                Some(Fate::Left) => vec![Tag::Forwarded],
                Some(Fate::Refused) => vec![Tag::Blocked],
                _ => Vec::new(),
            },
            because: self.because(version, evaluation, &decisive),
            targets: targets.into_iter().map(str::to_owned).collect(),
            records: records.into_iter().map(str::to_owned).collect(),
        }
    }

    fn because(
        &self,
        version: &RuleVersion,
        evaluation: &Evaluation<'_>,
        decisive: &[&Sighting<'_>],
    ) -> String {
        let whose = match version.confidence {
            Confidence::High => "the intruder's",
            Confidence::Medium | Confidence::Low => "what is probably the intruder's",
        };
        let mut text = format!(
            "{whose} {} `{}` (version {}) sends mail to {}",
            version.kind.name(),
            version.name,
            version.version,
            self.whereto(version)
        );
        evaluation.tell(&mut text);
        text.push_str("; ");
        text.push_str(&trace_says(decisive));
        text
    }

    fn whereto(&self, version: &RuleVersion) -> String {
        let named: Vec<String> = version
            .targets
            .iter()
            .map(|target| {
                if self.organisation.is_outside(target) {
                    target.clone()
                } else {
                    format!("{target}, inside the organisation")
                }
            })
            .collect();
        if named.is_empty() {
            "somebody whose address the records do not give".to_owned()
        } else {
            named.join(" and ")
        }
    }
}

impl RuleVersion {
    fn is_sending_at(&self, time: Timestamp) -> bool {
        self.verdict == Verdict::Intruder
            && self.active.widened(ROUNDING, ROUNDING).holds(time)
            && self.actions.iter().any(|(action, _)| sends(action))
    }
}

/// The conditions of a version that hold for a message, and those that cannot be evaluated.
struct Evaluation<'v> {
    holding: Vec<&'v str>,
    unknown: Vec<&'v str>,
    complete: bool,
}

impl<'v> Evaluation<'v> {
    /// Evaluates a version; nothing where a condition does not hold, so that the rule did not act.
    fn of(version: &'v RuleVersion, arrival: &Arrival<'_>) -> Option<Self> {
        let mut evaluation = Self {
            holding: Vec::new(),
            unknown: Vec::new(),
            complete: version.complete,
        };
        for (name, value) in &version.conditions {
            match holds(name, value, arrival) {
                Truth::True => evaluation.holding.push(name),
                Truth::Unknown => evaluation.unknown.push(name),
                Truth::False => return None,
            }
        }
        Some(evaluation)
    }

    fn tell(&self, text: &mut String) {
        for (names, says) in [
            (&self.holding, "matched on metadata"),
            (&self.unknown, "cannot be evaluated on metadata"),
        ] {
            if !names.is_empty() {
                let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                text.push_str("; ");
                text.push_str(&quoted.join(", "));
                text.push(' ');
                text.push_str(says);
            }
        }
        if !self.complete {
            text.push_str("; conditions set before the records begin cannot be evaluated");
        } else if self.holding.is_empty() && self.unknown.is_empty() {
            text.push_str("; it has no condition");
        }
    }
}

fn trace_says(decisive: &[&Sighting<'_>]) -> String {
    let Some(first) = decisive
        .iter()
        .min_by_key(|sighting| (sighting.time, sighting.record))
    else {
        return "the trace cannot confirm that it left".to_owned();
    };
    let (target, time) = (first.target, first.time);
    match first.fate {
        Fate::Left => format!("the trace shows that it left for {target} at {time}"),
        Fate::Refused => {
            format!("the trace shows that it was refused on its way to {target} at {time}")
        }
        Fate::Pending => format!(
            "the trace shows it on its way to {target} at {time} and cannot confirm that it left"
        ),
    }
}
