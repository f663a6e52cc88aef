//! Ties the name and the value of a bag's pair together.
//!
//! A rule that asks `Parameters.Name: X` and `Parameters.Value: Y` means one pair. Taken by
//! themselves the two match when X and Y stand in different pairs, so they are made one question
//! about a single member of the list.

use super::super::fields::{PAIRS, leaf, pouch_of};
use rsigma_parser::{ArrayQuantifier, Detection, DetectionItem};
use std::collections::{BTreeMap, HashMap};

/// Ties what belongs together in every detection.
pub(super) fn tie(named: &mut HashMap<String, Detection>) {
    for (_, detection) in named.iter_mut() {
        tie_one(detection);
    }
}

fn tie_one(detection: &mut Detection) {
    match detection {
        Detection::AllOf(items) => {
            if let Some(tied) = tied(items) {
                *detection = tied;
            }
        }
        Detection::AnyOf(all) | Detection::And(all) => all.iter_mut().for_each(tie_one),
        _ => {}
    }
}

fn tied(items: &[DetectionItem]) -> Option<Detection> {
    let mut bags: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(bag) = bag_of(item) {
            bags.entry(bag).or_default().push(at);
        }
    }
    bags.retain(|_, members| members.len() > 1);
    if bags.is_empty() {
        return None;
    }
    let is_tied = |at: &usize| bags.values().any(|members| members.contains(at));
    let free: Vec<DetectionItem> = (0..items.len())
        .filter(|at| !is_tied(at))
        .map(|at| items[at].clone())
        .collect();
    let mut all = Vec::new();
    if !free.is_empty() {
        all.push(Detection::AllOf(free));
    }
    for (bag, members) in &bags {
        let body = members.iter().map(|at| side(&items[*at])).collect();
        all.push(Detection::ArrayMatch {
            field: format!("{bag}{PAIRS}"),
            quantifier: ArrayQuantifier::Any,
            body: Box::new(Detection::AllOf(body)),
        });
    }
    Some(Detection::And(all))
}

/// Returns the bag of whose pairs an item asks one side, in lower case: rules mix the cases.
fn bag_of(item: &DetectionItem) -> Option<String> {
    let (bag, last) = item.field.name.as_deref()?.rsplit_once('.')?;
    (leaf(last).is_some() && pouch_of(bag).is_some()).then(|| bag.to_ascii_lowercase())
}

fn side(item: &DetectionItem) -> DetectionItem {
    let mut item = item.clone();
    let last = item
        .field
        .name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'));
    let key = last
        .and_then(|(_, last)| leaf(last))
        .map(super::super::fields::Leaf::key);
    item.field.name = key.map(str::to_owned);
    item
}
