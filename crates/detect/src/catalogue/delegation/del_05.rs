//! DEL-05: somebody is made a delegate of another's calendar.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::{Json, Severity};

const ABOUT: About = About {
    id: "DEL-05",
    title: "Calendar delegate added",
    decides: "`UpdateCalendarDelegation`, and whom it names.",
    severity: "low if the delegate is outside the organisation, is not named, or somebody else \
               than the owner did it; info otherwise.",
    benign: "Assistants, every day. It only tells the story of an account that something else \
             puts in doubt.",
    attack: &["T1098.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Context,
    untested: "No real record of this operation was at hand; where the delegate stands in it is \
               read in every place that Microsoft's other mailbox records use.",
};

pub(super) struct Del05;

impl Detection for Del05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["UpdateCalendarDelegation"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if Cmdlet::done(seen).is_none() {
            return;
        }
        let delegate = delegate(seen);
        let is_owners = seen.mailbox().is_empty() || seen.mailbox() == seen.user();
        let is_known = delegate
            .as_deref()
            .is_some_and(|one| !world.tenant.is_outside(one));
        let severity = if is_owners && is_known {
            Severity::Info
        } else {
            Severity::Low
        };
        let named = delegate.as_deref().map_or("somebody".to_owned(), quoted);
        let whose = if is_owners {
            seen.user()
        } else {
            seen.mailbox()
        };
        let why = format!(
            "{} made {named} a delegate of the calendar of {whose}",
            seen.user()
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(delegate.clone().unwrap_or_default())
                .compared(
                    "delegate",
                    delegate.unwrap_or_default(),
                    "the accepted domains",
                )
                .silent_if("nobody had been made a delegate"),
        );
    }
}

fn delegate(seen: &Seen<'_>) -> Option<String> {
    let by_folder = || {
        let item = seen.body().get_any_case("Item")?.opened();
        let parent = item.get_any_case("ParentFolder")?.opened();
        let member = parent.get_any_case("MemberUpn").and_then(Json::as_word)?;
        Some(member.to_lowercase())
    };
    let mut named = seen.properties().iter().chain(seen.parameters().iter());
    let by_name = named
        .find(|one| one.name.to_ascii_lowercase().contains("delegate") && one.value.contains('@'))
        .map(|one| one.value.trim().to_lowercase());
    by_name.or_else(by_folder).filter(|one| !one.is_empty())
}
