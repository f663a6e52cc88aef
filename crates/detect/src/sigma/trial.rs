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

/// Returns for each record which rules of a text match it, and on what; or why none of them can
/// be used.
pub fn test_rule<'e>(
    text: &str,
    records: impl IntoIterator<Item = (&'e Event<'e>, &'e Json<'e>)>,
) -> Result<Vec<Vec<Match>>, Vec<Unusable>> {
    let mut set = RuleSet::load([(String::from("the rule"), text.to_owned())]);
    if set.rules().is_empty() {
        return Err(set.unusable().to_vec());
    }
    let mut answers = Vec::new();
    let mut numbers = Vec::new();
    for (event, body) in records {
        numbers.clear();
        set.matching(event, body, &mut numbers);
        let record = Record::of_event(event, body);
        let matches = numbers.iter().filter_map(|number| {
            Some(Match {
                rule: set.rule(*number)?.title.clone(),
                fields: set.fields(*number, &record),
            })
        });
        answers.push(matches.collect());
    }
    Ok(answers)
}
