//! The rules of an operator: loaded, matched against records, made into hits.

use super::correlate::{Chained, Correlations, GROUPED};
use super::library::{Engine, Link, Rsigma};
use super::memory::Memory;
use super::record::Record;
use super::route::{Route, Routes};
use super::rule::{Rule, Unusable};
use super::sentence::{silent_if, user, why};
use crate::fact::Kind;
use crate::gather::Surface;
use crate::hit::Hit;
use crate::run::Rules;
use crate::seen::Seen;
use model::{Event, Family, Json, Severity};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A rule that a correlation names; one that is a correlation itself has no number.
struct Member {
    number: Option<u32>,
    detection: String,
}

/// The rules of an operator.
#[derive(Default)]
pub struct RuleSet {
    engine: Rsigma,
    rules: Vec<Rule>,
    links: Vec<Link>,
    chains: Vec<Chained>,
    unusable: Vec<Unusable>,
    /// For each rule whose matches a correlation counts: the names and fields to group by.
    grouped: BTreeMap<u32, Vec<(String, String)>>,
    /// The rules that only count towards a correlation.
    silent: Vec<u32>,
    memory: Memory,
}

impl RuleSet {
    /// Loads rules from the texts of files, each with its name. Nothing fails: what cannot be
    /// used is listed by [`RuleSet::unusable`].
    #[must_use]
    pub fn load(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut set = Self::default();
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut names = Vec::new();
        for (file, text) in files {
            let loaded = set.engine.load(&text);
            for refused in loaded.refused {
                set.unusable.push(Unusable::new(refused, &file));
            }
            for (_, draft) in &loaded.rules {
                names.push(draft.name.clone());
                set.rules.push(Rule::new(draft, &file));
            }
            for link in loaded.links {
                set.chains.push(Chained {
                    rule: Rule::new(&link.draft, &file),
                    members: Vec::new(),
                });
                set.links.push(link);
            }
        }
        set.drop_repeated(&mut known);
        set.link(&names);
        set
    }

    /// Returns the rules that are used, those over other rules last.
    #[must_use]
    pub fn rules(&self) -> Vec<&Rule> {
        let chained = self.chains.iter().map(|one| &one.rule);
        let is_used = |one: &&Rule| !one.detection.is_empty();
        self.rules.iter().chain(chained).filter(is_used).collect()
    }

    /// Returns the rules that are not used, with why: unreadable, without a log that is
    /// collected, with an unresolved placeholder, impossible.
    #[must_use]
    pub fn unusable(&self) -> &[Unusable] {
        &self.unusable
    }

    /// Returns what evaluates the correlations, to be run beside the catalogue.
    #[must_use]
    pub fn correlations(&self) -> Correlations {
        Correlations::new(
            self.links
                .iter()
                .cloned()
                .zip(self.chains.iter().cloned())
                .collect(),
        )
    }

    /// Two files may hold the same rule: the first counts.
    fn drop_repeated(&mut self, known: &mut BTreeMap<String, String>) {
        for (number, rule) in self.rules.iter_mut().enumerate() {
            if let Some(first) = known.get(&rule.detection) {
                let why = format!("a rule with the same id stands in `{first}`");
                self.unusable.push(Unusable::of(rule, why));
                rule.detection.clear();
                self.silent.push(number as u32);
            } else {
                known.insert(rule.detection.clone(), rule.file.clone());
            }
        }
    }

    /// Finds the rules that correlations name, by id, name or title.
    fn link(&mut self, names: &[String]) {
        let chained: Vec<(String, String)> = self
            .links
            .iter()
            .zip(&self.chains)
            .map(|(link, one)| (link.draft.name.clone(), one.rule.detection.clone()))
            .collect();
        let links = std::mem::take(&mut self.links);
        let chains = std::mem::take(&mut self.chains);
        let mut speaks: BTreeMap<u32, bool> = BTreeMap::new();
        for (link, mut chain) in links.into_iter().zip(chains) {
            let members: Result<Vec<Member>, &String> = link
                .rules
                .iter()
                .map(|wanted| self.member(wanted, names, &chained).ok_or(wanted))
                .collect();
            let members = match members {
                Ok(members) => members,
                Err(wanted) => {
                    let why = format!("it counts matches of `{wanted}`, which is no rule in use");
                    self.unusable.push(Unusable::of(&chain.rule, why));
                    continue;
                }
            };
            for (member, wanted) in members.into_iter().zip(&link.rules) {
                if let Some(number) = member.number {
                    *speaks.entry(number).or_default() |= link.rules_speak;
                    let fields = self.grouped.entry(number).or_default();
                    fields.extend(Chained::fields(&link, wanted));
                }
                chain.members.push(member.detection);
            }
            self.links.push(link);
            self.chains.push(chain);
        }
        let quiet = speaks.into_iter().filter(|(_, speaks)| !speaks);
        self.silent.extend(quiet.map(|(rule, _)| rule));
        for fields in self.grouped.values_mut() {
            fields.sort();
            fields.dedup();
        }
    }

    /// Returns the rule that a correlation names: one that matches records, or another correlation.
    fn member(
        &self,
        wanted: &String,
        names: &[String],
        chained: &[(String, String)],
    ) -> Option<Member> {
        let own = (0..self.rules.len()).find(|at| {
            let rule = &self.rules[*at];
            let is_used = !rule.detection.is_empty();
            is_used && (rule.id == *wanted || names[*at] == *wanted || rule.title == *wanted)
        });
        if let Some(at) = own {
            return Some(Member {
                number: Some(at as u32),
                detection: self.rules[at].detection.clone(),
            });
        }
        let mut others = chained.iter();
        let (_, detection) = others.find(|(name, detection)| {
            name == wanted || detection.strip_prefix("sigma:") == Some(wanted)
        })?;
        Some(Member {
            number: None,
            detection: detection.clone(),
        })
    }

    /// Returns the fields on which a rule's match rests.
    pub(super) fn fields(&self, rule: u32, record: &Record<'_>) -> Vec<(String, String)> {
        let routes = Routes::of_record(&record.columns, record.body());
        self.engine.matched(rule, record, routes)
    }

    /// Returns a rule by its number.
    pub(super) fn rule(&self, number: u32) -> Option<&Rule> {
        self.rules.get(number as usize)
    }

    fn severity(&self, number: u32, rule: &Rule, seen: &Seen<'_>) -> Severity {
        let is_silent = self.silent.contains(&number);
        let is_service_act = seen.is_service() && seen.kind() != Kind::Alert;
        match (is_silent, is_service_act) {
            (true, _) => Severity::Info,
            (_, true) => rule.severity.min(Severity::Low),
            _ => rule.severity,
        }
    }
}

impl Rules for RuleSet {
    fn want(&mut self, surface: &Surface<'_>) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        let record = Record::of_surface(surface);
        let routes = Routes::of_record(&record.columns, record.body());
        // By which sign-ins are told apart does not stand on their surface.
        if routes.has(Route::SignIn) {
            return true;
        }
        let engine = &self.engine;
        let judge = || engine.candidates(&record, routes);
        let candidates = self.memory.candidates(&record, routes, judge);
        !candidates.is_empty()
    }

    fn matching(&mut self, event: &Event<'_>, body: &Json<'_>, found: &mut Vec<u32>) {
        if event.family == Family::Message || self.rules.is_empty() {
            return;
        }
        let record = Record::of_event(event, body);
        let routes = Routes::of_record(&record.columns, record.body());
        if routes.is_empty() {
            return;
        }
        let engine = &self.engine;
        let judge = || engine.candidates(&record, routes);
        let candidates = self.memory.candidates(&record, routes, judge);
        if candidates.is_empty() {
            return;
        }
        self.engine.evaluate(&record, &candidates, found);
        found.retain(|rule| !self.rules[*rule as usize].detection.is_empty());
    }

    fn hit(&self, number: u32, seen: &Seen<'_>) -> Hit {
        let Some(rule) = self.rule(number) else {
            return Hit::of(seen, Severity::Info, "");
        };
        let record = Record::of_seen(seen);
        let fields = self.fields(number, &record);
        let mut hit = Hit::of(seen, self.severity(number, rule, seen), why(rule, &fields))
            .of_user(&user(seen, &record))
            .titled(rule.title.clone())
            .silent_if(silent_if(rule));
        hit.detection = Cow::Owned(rule.detection.clone());
        hit.attack.clone_from(&rule.attack);
        for (field, value) in fields {
            hit = hit.compared(&field, value, format!("rule `{}`", rule.title));
        }
        let routes = Routes::of_record(&record.columns, record.body());
        for (name, field) in self.grouped.get(&number).into_iter().flatten() {
            let mut all = ALL_ROUTES.into_iter().filter(|route| routes.has(*route));
            let value = all.find_map(|route| record.field(route, field));
            if let Some(value) = value {
                hit = hit.compared(name, value.shown().to_lowercase(), GROUPED);
            }
        }
        hit
    }
}

const ALL_ROUTES: [Route; 11] = [
    Route::SignIn,
    Route::Directory,
    Route::Unified,
    Route::Security,
    Route::Risk,
    Route::Pim,
    Route::Activity,
    Route::Storage,
    Route::Intune,
    Route::DevOps,
    Route::Kubernetes,
];
