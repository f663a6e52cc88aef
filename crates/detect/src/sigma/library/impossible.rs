//! Finds the rules that no record can ever match, from what is known of a log beforehand.

use super::super::fields::{closed_words, is_ever_answered, is_operation};
use super::super::route::Route;
use super::answer::{Answer, Asked, Tri, in_order};
use super::judge;
use rsigma_eval::{CompiledRule, EventValue};
use rsigma_parser::{Detection, Modifier, SigmaRule, SigmaValue};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How many operations are tried before a rule is believed.
const TRIED: usize = 400;
/// An operation that no rule names.
const ANOTHER: &str = "\u{1}";

/// Returns why no record of any of these logs can match a rule, if none can.
pub(super) fn why(rule: &SigmaRule, compiled: &CompiledRule, routes: &[Route]) -> Option<String> {
    let mut reasons = BTreeSet::new();
    for route in routes {
        let view = Beforehand::new(*route);
        let operations = operations(rule, *route);
        let could = match &operations {
            Some(operations) => operations.iter().any(|one| {
                view.operation.replace(Some(one.clone()));
                judge::rule(compiled, &view) != Tri::No
            }),
            None => judge::rule(compiled, &view) != Tri::No,
        };
        if could {
            return None;
        }
        let told = view.told.into_inner();
        if told.is_empty() {
            reasons.insert("it asks one record for two different operations".to_owned());
        }
        reasons.extend(told);
    }
    let reasons: Vec<String> = reasons.into_iter().collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// What is known of every record of a log.
struct Beforehand {
    route: Route,
    operation: RefCell<Option<String>>,
    told: RefCell<BTreeSet<String>>,
}

impl Beforehand {
    fn new(route: Route) -> Self {
        Self {
            route,
            operation: RefCell::new(None),
            told: RefCell::new(BTreeSet::new()),
        }
    }
}

impl Asked for Beforehand {
    fn field(&self, name: &str) -> Answer<'_> {
        if is_operation(self.route, name) {
            return match self.operation.borrow().as_ref() {
                Some(one) => Answer::Is(EventValue::Str(Cow::Owned(one.clone()))),
                None => Answer::Unknown,
            };
        }
        if let Some(words) = closed_words(self.route, name) {
            let words = words
                .iter()
                .map(|word| EventValue::Str(Cow::Borrowed(word)));
            return Answer::OneOf(words.collect());
        }
        if !is_ever_answered(self.route, name) {
            return Answer::Missing;
        }
        Answer::Unknown
    }

    fn refuted(&self, name: &str) {
        let why = match closed_words(self.route, name) {
            Some(words) => format!("`{name}` is only ever one of {}", words.join(", ")),
            None => format!("no record of this log has a field `{name}`"),
        };
        self.told.borrow_mut().insert(why);
    }

    fn any_text(&self, _test: &mut dyn FnMut(&str) -> bool) -> Tri {
        Tri::Unknown
    }
}

/// Returns operations of which at least one matches the rule if any operation does; nothing where
/// that cannot be told.
fn operations(rule: &SigmaRule, route: Route) -> Option<BTreeSet<String>> {
    let mut parts = Parts::default();
    for detection in in_order(&rule.detection.named).into_values() {
        gather(detection, route, &mut parts)?;
    }
    if parts.is_empty() {
        return None;
    }
    let mut found: BTreeSet<String> = parts.whole.clone();
    found.insert(ANOTHER.to_owned());
    let middle: String = parts.middle.iter().map(String::as_str).collect();
    let with_none = |set: &BTreeSet<String>| -> Vec<String> {
        set.iter().cloned().chain([String::new()]).collect()
    };
    for front in with_none(&parts.front) {
        for back in with_none(&parts.back) {
            found.insert(format!("{front}{middle}{back}"));
            if found.len() > TRIED {
                return None;
            }
        }
    }
    Some(found)
}

/// The texts with which a rule compares the operation.
#[derive(Default)]
struct Parts {
    whole: BTreeSet<String>,
    front: BTreeSet<String>,
    middle: BTreeSet<String>,
    back: BTreeSet<String>,
}

impl Parts {
    fn is_empty(&self) -> bool {
        let sets = [&self.whole, &self.front, &self.middle, &self.back];
        sets.iter().all(|set| set.is_empty())
    }
}

fn gather(detection: &Detection, route: Route, parts: &mut Parts) -> Option<()> {
    match detection {
        Detection::AllOf(items) => {
            for item in items {
                let is_own = item
                    .field
                    .name
                    .as_deref()
                    .is_some_and(|one| is_operation(route, one));
                if !is_own {
                    continue;
                }
                let set = match item.field.modifiers.as_slice() {
                    [] => &mut parts.whole,
                    [Modifier::StartsWith] => &mut parts.front,
                    [Modifier::EndsWith] => &mut parts.back,
                    [Modifier::Contains] | [Modifier::Contains, Modifier::All] => &mut parts.middle,
                    _ => return None,
                };
                for value in &item.values {
                    let SigmaValue::String(text) = value else {
                        return None;
                    };
                    set.insert(text.as_plain()?);
                }
            }
            Some(())
        }
        Detection::AnyOf(all) | Detection::And(all) => {
            all.iter().try_for_each(|one| gather(one, route, parts))
        }
        _ => Some(()),
    }
}
