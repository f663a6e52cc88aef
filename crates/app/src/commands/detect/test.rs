//! `breachscope detect test RULE --events FILE`.

use crate::cli::Format;
use crate::error::{Code, Trouble};
use crate::table::thousands;
use crate::ui::Ui;
use engine::Matched;
use model::shown::shown;
use serde::Serialize;
use std::path::Path;

/// Tries a rule on evidence: which records it matches, and on what.
pub(super) fn run(rule: &Path, events: &[String], ui: &mut Ui) -> Result<Code, Trouble> {
    let trial = engine::test_rule(rule, events)?;
    for one in &trial.unusable {
        ui.warn(&format!("`{}`: {}", shown(&one.rule), shown(&one.why)));
    }
    if !trial.unusable.is_empty() {
        return Err(Trouble::Argument {
            what: format!("the rule in `{}`: it cannot be used", rule.display()),
            hint: "mend what is told above".to_owned(),
        });
    }
    let (many, matched) = (trial.records, trial.matched);
    match ui.format {
        Format::Table => {
            for one in &matched {
                tell(one, ui)?;
            }
        }
        Format::Json => ui.json(&matched.iter().map(wire).collect::<Vec<_>>())?,
        Format::Jsonl | Format::Csv => {
            for one in &matched {
                ui.json(&wire(one))?;
            }
        }
    }
    ui.say(&format!(
        "{} of {} records match",
        thousands(matched.len() as u64),
        thousands(many)
    ));
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct Wire<'a> {
    record: &'a str,
    place: &'a str,
    rules: Vec<WireRule<'a>>,
}

#[derive(Serialize)]
struct WireRule<'a> {
    rule: &'a str,
    fields: std::collections::BTreeMap<&'a str, &'a str>,
}

fn wire(one: &Matched) -> Wire<'_> {
    let rules = one.rules.iter().map(|(rule, fields)| WireRule {
        rule,
        fields: fields
            .iter()
            .map(|(field, value)| (field.as_str(), value.as_str()))
            .collect(),
    });
    Wire {
        record: &one.record,
        place: &one.place,
        rules: rules.collect(),
    }
}

fn tell(one: &Matched, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&format!("{}  ({})", shown(&one.record), shown(&one.place)))?;
    for (rule, fields) in &one.rules {
        ui.line(&format!("  {}", shown(rule)))?;
        for (field, value) in fields {
            ui.line(&format!("    {} = {}", shown(field), shown(value)))?;
        }
    }
    Ok(())
}
