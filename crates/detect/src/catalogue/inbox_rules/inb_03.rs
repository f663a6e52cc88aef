//! INB-03: an inbox rule has a throw-away name.

use super::name::{Throwaway, throwaway};
use super::rule::Act;
use super::rule_book::RuleBook;
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "INB-03",
    title: "Inbox rule with a throw-away name",
    decides: "The name of a rule that was made or changed is empty, only punctuation, one character \
              repeated, or a few letters at random.",
    severity: "low; it counts for the severity of INB-02.",
    benign: "Short names that mean something to their owner (`HR`, `News`) count less and are not \
             told.",
    attack: &["T1564.008"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

#[derive(Default)]
pub(super) struct Inb03 {
    rules: RuleBook,
}

impl Detection for Inb03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::ALL)
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = self.rules.learn(seen) else {
            return;
        };
        let is_meaningless =
            rule.name.as_deref().and_then(throwaway) == Some(Throwaway::Meaningless);
        if rule.act == Act::Enabled || !is_meaningless {
            return;
        }
        let what = "its name is one that nobody means to find again";
        let hit = tell::hit(seen, &rule, Severity::Low, what);
        hits.push(tell::with_name(hit, &rule).silent_if("the name said what the rule is for"));
    }
}
