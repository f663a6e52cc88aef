//! The library that reads Sigma, behind a wall: no type of its own stands in any signature
//! outside this folder.
//!
//! What a rule means (modifiers, wildcards, comparing numbers with text) is the library's. When
//! a rule is asked, and of which records, is ours: rules are judged with three answers, so that
//! most records are known to match nothing before any of their fields is read.

mod answer;
mod impossible;
mod judge;
mod link;
mod pair;
mod read;
mod told;

use super::record::Record;
use super::route::{Route, Routes};
use answer::{Answer, Asked, Tri, event_value};
use rsigma_eval::CompiledRule;
use std::collections::BTreeMap;

pub(crate) use link::{Bound, Link, LinkKind};
pub(crate) use read::{Draft, Refused};

/// An engine for rules. The numbers it gives count up from zero in the order of loading.
pub(crate) trait Engine {
    /// Reads the rules of a text; what cannot be used is told with why.
    fn load(&mut self, text: &str) -> Loaded;

    /// Appends the rules among the candidates that match a record, each once.
    fn evaluate(&self, record: &Record<'_>, candidates: &[(u32, Route)], found: &mut Vec<u32>);

    /// Returns the rules that may match a record, judged by what all records of its kind share.
    fn candidates(&self, record: &Record<'_>, routes: Routes) -> Vec<(u32, Route)>;

    /// Returns the fields on which a rule's match rests, with what they answered.
    fn matched(&self, rule: u32, record: &Record<'_>, routes: Routes) -> Vec<(String, String)>;
}

/// What a text gave.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// The rules that can be used, with their numbers.
    pub(crate) rules: Vec<(u32, Draft)>,
    /// The correlations.
    pub(crate) links: Vec<Link>,
    /// What cannot be used, and why.
    pub(crate) refused: Vec<Refused>,
}

/// The engine by `rsigma`.
#[derive(Debug, Default)]
pub(crate) struct Rsigma {
    rules: Vec<(CompiledRule, Vec<Route>)>,
}

impl Rsigma {
    fn is_match(&self, rule: u32, record: &Record<'_>, route: Route) -> Tri {
        let Some((rule, _)) = self.rules.get(rule as usize) else {
            return Tri::No;
        };
        judge::rule(rule, &Whole { record, route })
    }
}

impl Engine for Rsigma {
    fn load(&mut self, text: &str) -> Loaded {
        let mut loaded = Loaded::default();
        for one in read::documents(text) {
            match one {
                Ok(read::Document::Rule(mut rule, mut draft)) => {
                    pair::tie(&mut rule.detection.named);
                    match read::compile(&rule, &draft) {
                        Ok(compiled) => {
                            draft.never = read::never(&rule, &compiled, &draft);
                            loaded.rules.push((self.rules.len() as u32, *draft));
                            let routes = loaded.rules.last().map(|(_, one)| one.routes.clone());
                            self.rules.push((compiled, routes.unwrap_or_default()));
                        }
                        Err(refused) => loaded.refused.push(refused),
                    }
                }
                Ok(read::Document::Link(link)) => loaded.links.push(*link),
                Err(refused) => loaded.refused.push(refused),
            }
        }
        loaded
    }

    fn evaluate(&self, record: &Record<'_>, candidates: &[(u32, Route)], found: &mut Vec<u32>) {
        for (rule, route) in candidates {
            if !found.contains(rule) && self.is_match(*rule, record, *route) == Tri::Yes {
                found.push(*rule);
            }
        }
    }

    fn candidates(&self, record: &Record<'_>, routes: Routes) -> Vec<(u32, Route)> {
        let mut found = Vec::new();
        for (number, (rule, own)) in self.rules.iter().enumerate() {
            for route in own.iter().filter(|route| routes.has(**route)) {
                let view = Settled {
                    record,
                    route: *route,
                };
                if judge::rule(rule, &view) != Tri::No {
                    found.push((number as u32, *route));
                }
            }
        }
        found
    }

    fn matched(&self, rule: u32, record: &Record<'_>, routes: Routes) -> Vec<(String, String)> {
        let Some((compiled, own)) = self.rules.get(rule as usize) else {
            return Vec::new();
        };
        let mut found = BTreeMap::new();
        for route in own.iter().filter(|route| routes.has(**route)) {
            told::fields(
                compiled,
                &Whole {
                    record,
                    route: *route,
                },
                &mut found,
            );
        }
        found.into_iter().collect()
    }
}

/// A record with everything it says.
struct Whole<'w, 'a> {
    record: &'w Record<'a>,
    route: Route,
}

impl Asked for Whole<'_, '_> {
    fn field(&self, name: &str) -> Answer<'_> {
        match self.record.field(self.route, name) {
            Some(value) => Answer::Is(event_value(value)),
            None => Answer::Missing,
        }
    }

    fn any_text(&self, test: &mut dyn FnMut(&str) -> bool) -> Tri {
        let mut is_found = false;
        self.record
            .each_text(&mut |text| is_found = is_found || test(text));
        Tri::of(is_found)
    }
}

/// A record of which only that counts which all records of its kind share.
struct Settled<'w, 'a> {
    record: &'w Record<'a>,
    route: Route,
}

impl Asked for Settled<'_, '_> {
    fn field(&self, name: &str) -> Answer<'_> {
        if !super::fields::is_settled(self.record, self.route, name) {
            return Answer::Unknown;
        }
        match self.record.field(self.route, name) {
            Some(value) => Answer::Is(event_value(value)),
            None => Answer::Missing,
        }
    }

    fn any_text(&self, _test: &mut dyn FnMut(&str) -> bool) -> Tri {
        Tri::Unknown
    }
}
