//! COR-08: many small things about one person in a day.

use super::EVERYTHING;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeSet, HashMap};

const ABOUT: About = About {
    id: "COR-08",
    title: "Many small findings about one person",
    decides: "Five different detections of low severity, of three sections at least, about one person \
              within 24 hours, none of medium or more among them. The severity of an incident follows from the same sum: the \
              findings of a person, each detection once, those of a day before counting half.",
    severity: "medium",
    benign: "A journey, or a new telephone, is low in many ways at once, all of them sign-ins. Days on which much is low and nothing grave happen to whoever moves to a new machine: \
             the same detection counts once.",
    attack: &[],
    sources: &Source::ALL,
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

const DIFFERENT: usize = 5;
const SECTIONS: usize = 3;
/// How many findings of one person are remembered; the newest count.
const REMEMBERED: usize = 100;

/// What was low about whom in the last day.
#[derive(Default)]
pub(super) struct Cor08 {
    small: HashMap<(Word, String), Vec<(String, Fact)>>,
    grave: HashMap<(Word, String), Timestamp>,
}

impl Detection for Cor08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(EVERYTHING)
    }

    fn hear(&mut self, hit: &Hit, _: &World<'_>, hits: &mut Vec<Hit>) {
        if hit.severity == Severity::Info || !hit.user.contains('@') {
            return;
        }
        let now = hit.fact.time;
        let whose = (hit.fact.tenant, hit.user.clone());
        if hit.severity >= Severity::Medium {
            self.grave.insert(whose, now);
            return;
        }
        let small = self.small.entry(whose.clone()).or_default();
        small.retain(|(_, fact)| seconds_between(fact.time, now) <= DAY);
        if small.len() == REMEMBERED {
            small.remove(0);
        }
        small.push((hit.detection.to_string(), hit.fact));
        let different: BTreeSet<&str> = small.iter().map(|(id, _)| id.as_str()).collect();
        let is_grave = self
            .grave
            .get(&whose)
            .is_some_and(|when| seconds_between(*when, now) <= DAY);
        let sections: BTreeSet<&str> = different
            .iter()
            .filter_map(|id| id.split('-').next())
            .collect();
        if different.len() >= DIFFERENT && sections.len() >= SECTIONS && !is_grave {
            hits.push(sum(hit, &different, small));
            self.grave.insert(whose, now);
        }
    }
}

fn sum(hit: &Hit, different: &BTreeSet<&str>, small: &[(String, Fact)]) -> Hit {
    let named: Vec<&str> = different.iter().copied().collect();
    let why = format!(
        "{} low findings of different kinds about {} within a day: {}",
        different.len(),
        hit.user,
        named.join(", ")
    );
    Hit::after(hit, Severity::Medium, why)
        .with(small.iter().map(|(_, fact)| fact))
        .compared(
            "detections",
            different.len().to_string(),
            "5 within 24 hours",
        )
        .silent_if("fewer kinds of findings had come together within a day")
}
