//! INB-02: an inbox rule deletes or hides mail.

use super::conditions::is_catch_all;
use super::rule::Hide;
use super::rule_book::RuleBook;
use super::{tell, weight};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;

const ABOUT: About = About {
    id: "INB-02",
    title: "Inbox rule deletes or hides mail",
    decides: "A rule that was made, changed or enabled and that deletes mail, moves it to a folder \
              which hardly anybody opens (in some twenty languages), or marks it as read while \
              moving it. A score decides: deletes 3, unvisited folder 3, archive, junk or deleted 2, \
              marks as read 1, stops other rules 1, no condition 3, name that says nothing 2 (short \
              name 1), warning or money words 3, a single counterpart 2, a doubtful sign-in in the \
              day before 4; only senders that no person answers -2.",
    severity: "critical from 8, high from 5, medium from 3, else low; mail that is only marked as \
               read in a folder of the owner's own is low, unless the rule has no condition or its \
               name or the folder's says nothing.",
    benign: "Tidying up: newsletters and notifications, folders of the owner's own.",
    attack: &["T1564.008"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "`Set-InboxRule`, `Enable-InboxRule` and `UpdateInboxRules`; folder names in other \
               languages than English are from documentation. \
               A client names the folder by an opaque id only: such a move is not scored.",
};

#[derive(Default)]
pub(super) struct Inb02 {
    rules: RuleBook,
}

impl Detection for Inb02 {
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
        let is_hiding = match rule.hide() {
            Hide::No => false,
            Hide::Read => rule.folder().is_some() || is_catch_all(&rule),
            _ => true,
        };
        if !is_hiding {
            return;
        }
        let weight = weight::weigh_in_context(&rule, seen, world);
        let what = format!("score {}: {}", weight.points, weight.reasons.join(", "));
        let hit = tell::hit(seen, &rule, weight.severity(), &what);
        let hit = tell::with_conditions(tell::with_hiding(hit, &rule), &rule);
        hits.push(
            tell::with_name(hit, &rule)
                .compared(
                    "score",
                    weight.points.to_string(),
                    "3 medium, 5 high, 8 critical",
                )
                .silent_if("the rule moved mail to a folder of its owner's own and left it unread"),
        );
    }
}
