//! INB-07: an inbox rule hides the mail of one counterpart.

use super::isolation::isolated;
use super::rule_book::RuleBook;
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;

const ABOUT: About = About {
    id: "INB-07",
    title: "Inbox rule hides one counterpart",
    decides: "`From`, `FromAddressContainsWords`, `SentTo`, `SubjectContainsWords` or a client's \
              condition names a single address or domain that a person answers, and the rule \
              deletes the mail or hides it.",
    severity: "high: in an unvisited folder, or deleted by a rule that also marks as read, has a \
               name that says nothing or came after a doubtful sign-in; medium: deleted, or the \
               same signs with archive, junk or deleted mail folder; low: only such a folder.",
    benign: "Sorting by customer into folders of the owner's own; senders that no person answers; \
             one bothersome sender sent to junk.",
    attack: &["T1564.008"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Context,
    untested: "No real record of such a rule was at hand. Whether the mailbox corresponds with the \
               counterpart is not asked: no record says it.",
};

#[derive(Default)]
pub(super) struct Inb07 {
    rules: RuleBook,
}

impl Detection for Inb07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::ALL)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = self.rules.learn(seen) else {
            return;
        };
        let Some(isolated) = isolated(&rule, seen, world) else {
            return;
        };
        let what = format!(
            "it keeps the mail of {} from its owner",
            quoted(&isolated.whom)
        );
        let hit =
            tell::hit(seen, &rule, isolated.severity, &what).because(isolated.field, isolated.whom);
        hits.push(
            tell::with_hiding(hit, &rule).silent_if("the mail went to a folder of the owner's own"),
        );
    }
}
