//! The rules that are known so far: a change names only what it changes, and letting a rule loose
//! again names nothing.

use super::rule::{Act, Rule};
use crate::seen::Seen;
use crate::words::Word;
use std::collections::BTreeMap;

/// How many rules are remembered; past it new ones are judged by what their record says alone.
const REMEMBERED: usize = 100_000;

/// The last known rules, by tenant, mailbox and name.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleBook {
    known: BTreeMap<(Word, String, String), Rule>,
}

impl RuleBook {
    /// Learns what a record says of a rule; returns the rule as it now is where the record made or
    /// changed something of it.
    pub(super) fn learn(&mut self, seen: &Seen<'_>) -> Option<Rule> {
        let told = Rule::read(seen)?;
        if told.name.is_none() {
            return matches!(told.act, Act::Made | Act::Changed).then_some(told);
        }
        let place = (seen.fact().tenant, told.owner.clone(), told.key());
        match told.act {
            Act::Disabled => None,
            Act::Removed => {
                self.known.remove(&place);
                None
            }
            Act::Enabled => {
                let known = self.known.get(&place)?.clone();
                Some(Rule {
                    act: Act::Enabled,
                    ..known
                })
            }
            Act::Made | Act::Changed => self.change(place, told),
        }
    }

    fn change(&mut self, place: (Word, String, String), told: Rule) -> Option<Rule> {
        let before = self.known.get(&place);
        let rule = match before {
            Some(before) if !told.is_whole => merged(before, told),
            _ => told,
        };
        // Clients write rules again that nobody touched.
        let is_same =
            rule.act == Act::Changed && before.is_some_and(|before| before.parts == rule.parts);
        if before.is_some() || self.known.len() < REMEMBERED {
            self.known.insert(place, rule.clone());
        }
        (!is_same).then_some(rule)
    }
}

fn merged(before: &Rule, told: Rule) -> Rule {
    let mut parts = before.parts.clone();
    parts.extend(told.parts);
    Rule {
        parts,
        is_whole: before.is_whole,
        ..told
    }
}
