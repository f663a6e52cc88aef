//! Judges a compiled rule with three answers: yes, no, and what cannot be told yet.

use super::answer::{Answer, Asked, Tri, text_of};
use rsigma_eval::{
    CompiledDetection, CompiledDetectionItem, CompiledMatcher, CompiledRule, EventValue, MapEvent,
};
use rsigma_parser::{ArrayQuantifier, ConditionExpr, Quantifier, SelectorPattern};
use std::borrow::Cow;
use std::collections::HashMap;

/// How deep conditions and detections may nest.
pub(super) const DEEPEST: u8 = 32;

/// Judges a rule.
pub(super) fn rule(rule: &CompiledRule, asked: &dyn Asked) -> Tri {
    let conditions = rule.conditions.iter();
    Tri::any(conditions.map(|one| condition(one, &rule.detections, asked, DEEPEST)))
}

fn condition(
    expression: &ConditionExpr,
    named: &HashMap<String, CompiledDetection>,
    asked: &dyn Asked,
    depth: u8,
) -> Tri {
    let Some(depth) = depth.checked_sub(1) else {
        return Tri::Unknown;
    };
    let inner = |one: &ConditionExpr| condition(one, named, asked, depth);
    match expression {
        ConditionExpr::Identifier(name) => match named.get(name) {
            Some(found) => detection(found, asked, depth),
            None => Tri::No,
        },
        ConditionExpr::And(all) => Tri::all(all.iter().map(inner)),
        ConditionExpr::Or(any) => Tri::any(any.iter().map(inner)),
        ConditionExpr::Not(one) => inner(one).not(),
        ConditionExpr::Selector {
            quantifier,
            pattern,
        } => {
            let chosen = chosen(named, pattern);
            let answers = chosen.into_iter().map(|one| detection(one, asked, depth));
            match quantifier {
                Quantifier::Any => Tri::any(answers),
                Quantifier::All => Tri::all(answers),
                Quantifier::Count(least) => count(answers, *least),
            }
        }
    }
}

fn chosen<'n>(
    named: &'n HashMap<String, CompiledDetection>,
    pattern: &SelectorPattern,
) -> Vec<&'n CompiledDetection> {
    let mut found = Vec::new();
    for (name, detection) in named {
        if pattern.matches_detection_name(name) {
            found.push(detection);
        }
    }
    found
}

fn count(answers: impl Iterator<Item = Tri>, least: u64) -> Tri {
    let (mut yes, mut open) = (0, 0);
    for answer in answers {
        match answer {
            Tri::Yes => yes += 1,
            Tri::Unknown => open += 1,
            Tri::No => {}
        }
    }
    match () {
        () if yes >= least => Tri::Yes,
        () if yes + open >= least => Tri::Unknown,
        () => Tri::No,
    }
}

pub(super) fn detection(one: &CompiledDetection, asked: &dyn Asked, depth: u8) -> Tri {
    let Some(depth) = depth.checked_sub(1) else {
        return Tri::Unknown;
    };
    match one {
        CompiledDetection::AllOf(items) => Tri::all(items.iter().map(|one| item(one, asked))),
        CompiledDetection::AnyOf(any) => {
            Tri::any(any.iter().map(|one| detection(one, asked, depth)))
        }
        CompiledDetection::And(all) => Tri::all(all.iter().map(|one| detection(one, asked, depth))),
        CompiledDetection::Keywords(matcher) => keyword(matcher, asked),
        CompiledDetection::Conditional {
            named,
            condition: own,
        } => condition(own, named, asked, depth),
        CompiledDetection::ArrayMatch {
            field,
            quantifier,
            body,
        } => array(asked.field(field), *quantifier, body, asked, depth),
    }
}

fn array(
    answer: Answer<'_>,
    quantifier: ArrayQuantifier,
    body: &CompiledDetection,
    outer: &dyn Asked,
    depth: u8,
) -> Tri {
    let members = match answer {
        Answer::Unknown | Answer::OneOf(_) => return Tri::Unknown,
        Answer::Missing | Answer::Is(EventValue::Null) => Vec::new(),
        Answer::Is(EventValue::Array(members)) => members,
        Answer::Is(single) => vec![single],
    };
    let answers = members.iter().map(|value| {
        let member = Member { value, outer };
        detection(body, &member, depth)
    });
    match quantifier {
        ArrayQuantifier::Any => Tri::any(answers),
        ArrayQuantifier::None => Tri::any(answers).not(),
        ArrayQuantifier::All if members.is_empty() => Tri::No,
        ArrayQuantifier::All | ArrayQuantifier::AllOrEmpty => Tri::all(answers),
    }
}

pub(super) fn item(one: &CompiledDetectionItem, asked: &dyn Asked) -> Tri {
    let Some(name) = &one.field else {
        return match asked.member() {
            Some(member) => Tri::of(one.matcher.matches(member, &nobody())),
            None => keyword(&one.matcher, asked),
        };
    };
    let answer = asked.field(name);
    if let Some(expected) = one.exists {
        return match answer {
            Answer::Unknown | Answer::OneOf(_) => Tri::Unknown,
            Answer::Missing => Tri::of(!expected),
            Answer::Is(value) => Tri::of(value.is_null() != expected),
        };
    }
    match answer {
        Answer::Unknown => Tri::Unknown,
        Answer::Missing if matches!(one.matcher, CompiledMatcher::Null) => Tri::Yes,
        Answer::Missing => {
            asked.refuted(name);
            Tri::No
        }
        Answer::Is(value) => compare(&one.matcher, &value, asked),
        Answer::OneOf(values) => {
            let could = values
                .iter()
                .any(|value| compare(&one.matcher, value, asked) != Tri::No);
            if could || matches!(one.matcher, CompiledMatcher::Null) {
                return Tri::Unknown;
            }
            asked.refuted(name);
            Tri::No
        }
    }
}

/// A matcher that compares with another field is given that field.
fn compare(matcher: &CompiledMatcher, value: &EventValue<'_>, asked: &dyn Asked) -> Tri {
    let mut others = Vec::new();
    other_fields(matcher, &mut others);
    if others.is_empty() {
        return Tri::of(matcher.matches(value, &nobody()));
    }
    let mut known = HashMap::new();
    for other in others {
        match asked.field(other) {
            Answer::Unknown | Answer::OneOf(_) => return Tri::Unknown,
            Answer::Missing => {}
            Answer::Is(found) => {
                known.insert(other.to_owned(), text_of(&found));
            }
        }
    }
    let known = MapEvent::new(known);
    match value {
        // The library compares a list with a field as a whole.
        EventValue::Array(values) => Tri::of(values.iter().any(|one| matcher.matches(one, &known))),
        _ => Tri::of(matcher.matches(value, &known)),
    }
}

fn other_fields<'m>(matcher: &'m CompiledMatcher, found: &mut Vec<&'m str>) {
    match matcher {
        CompiledMatcher::FieldRef { field, .. } => found.push(field),
        CompiledMatcher::Not(inner) => other_fields(inner, found),
        CompiledMatcher::AnyOf(all) | CompiledMatcher::AllOf(all) => {
            for one in all {
                other_fields(one, found);
            }
        }
        _ => {}
    }
}

fn keyword(matcher: &CompiledMatcher, asked: &dyn Asked) -> Tri {
    let nobody = nobody();
    // All of several keywords may stand in several places.
    if let CompiledMatcher::AllOf(all) = matcher {
        return Tri::all(all.iter().map(|one| keyword(one, asked)));
    }
    asked.any_text(&mut |text| matcher.matches(&EventValue::Str(Cow::Borrowed(text)), &nobody))
}

pub(super) fn nobody() -> MapEvent {
    MapEvent::new(HashMap::new())
}

/// A member of a list.
pub(super) struct Member<'m, 'v> {
    pub(super) value: &'m EventValue<'v>,
    pub(super) outer: &'m dyn Asked,
}

impl Asked for Member<'_, '_> {
    fn field(&self, name: &str) -> Answer<'_> {
        match inside(self.value, name) {
            Some(value) => Answer::Is(value.clone()),
            None => Answer::Missing,
        }
    }

    fn any_text(&self, test: &mut dyn FnMut(&str) -> bool) -> Tri {
        self.outer.any_text(test)
    }

    fn member(&self) -> Option<&EventValue<'_>> {
        Some(self.value)
    }
}

fn inside<'v, 'e>(value: &'v EventValue<'e>, path: &str) -> Option<&'v EventValue<'e>> {
    let EventValue::Map(entries) = value else {
        return None;
    };
    let own = |key: &str| {
        entries
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    };
    own(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        inside(own(first)?, rest)
    })
}
