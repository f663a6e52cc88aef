//! A rule tried on records: what an author of rules wants to see.

use super::record::Record;
use super::rule::Unusable;
use super::set::RuleSet;
use crate::run::Rules;
use model::{Event, Json};

/// A rule that matched a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The rule's title.
    pub rule: String,
    /// The fields on which the match rests, with what they answered.
    pub fields: Vec<(String, String)>,
}

/// The rules of a text, on trial.
pub struct RuleTest {
    set: RuleSet,
    numbers: Vec<u32>,
}

impl RuleTest {
    /// Reads the rules of a text; or says why none of them can be used.
    pub fn load(text: &str) -> Result<Self, Vec<Unusable>> {
        let set = RuleSet::load([(String::from("the rule"), text.to_owned())]);
        if set.rules().is_empty() {
            return Err(set.unusable().to_vec());
        }
        Ok(Self {
            set,
            numbers: Vec::new(),
        })
    }

    /// Returns which of the rules match a record, and on what.
    pub fn matches(&mut self, event: &Event<'_>, body: &Json<'_>) -> Vec<Match> {
        self.numbers.clear();
        self.set.matching(event, body, &mut self.numbers);
        let record = Record::of_event(event, body);
        let matches = self.numbers.iter().filter_map(|number| {
            Some(Match {
                rule: self.set.rule(*number)?.title.clone(),
                fields: self.set.fields(*number, &record),
            })
        });
        matches.collect()
    }
}
