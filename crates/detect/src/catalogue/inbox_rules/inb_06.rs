//! INB-06: a rule that sends or hides mail, made by Outlook, EWS or another mail client.

use super::destination::{Destination, destination};
use super::rule::{Act, Hide, Rule};
use super::rule_book::RuleBook;
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::lists::agents;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "INB-06",
    title: "Rule made or changed by a mail client",
    decides: "`UpdateInboxRules` that adds a rule, or changes the actions of one, and the rule \
              forwards, deletes or moves to a hiding folder. What the rule does is judged by INB-01 \
              to INB-05 and INB-07 as well.",
    severity: "medium: through a program or library that is no mail client, or a known rule was \
               changed to send mail outside; else low.",
    benign: "Outlook writes all its rules again and again: a record without actions, one that says \
             neither new nor changed, and one that repeats what is known are silent.",
    attack: &["T1114.003", "T1564.008"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of `UpdateInboxRules` was at hand: `RuleActions` and `RuleCondition` are \
               read as published reports show them, `Actions` and `ServerRule` by their names.",
};

#[derive(Default)]
pub(super) struct Inb06 {
    rules: RuleBook,
}

impl Detection for Inb06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::ALL)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = self.rules.learn(seen).filter(|rule| rule.is_from_client) else {
            return;
        };
        if rule.hide() <= Hide::Read && rule.forwards().next().is_none() {
            return;
        }
        let is_program = agents::is_tool(seen.agent());
        let is_turned = rule.act == Act::Changed && is_sent_outside(&rule, world);
        let severity = if is_program || is_turned {
            Severity::Medium
        } else {
            Severity::Low
        };
        let what = match (is_program, is_turned) {
            (true, _) => "a program made it that is no mail client",
            (_, true) => "it was changed by a mail client and now sends mail outside",
            _ => "it was made by a mail client and sends or hides mail",
        };
        let hit = tell::hit(seen, &rule, severity, what)
            .because(
                "RuleOperation",
                seen.properties().get("RuleOperation").unwrap_or_default(),
            )
            .because("ClientInfoString", seen.agent());
        hits.push(
            tell::with_hiding(tell::with_forwards(hit, &rule), &rule).silent_if(
                "the rule were known with the same actions, or neither sent nor hid mail",
            ),
        );
    }
}

fn is_sent_outside(rule: &Rule, world: &World<'_>) -> bool {
    let addresses = rule.recipients().addresses;
    addresses
        .iter()
        .any(|one| destination(one, &rule.owner, world.tenant) == Destination::Outside)
}
