//! IDP-10: a guest is invited, or becomes a member.

use super::changes::{detail, new_word};
use super::concerned::{is_by_person, misused, suspicion};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World, domain};
use model::Severity;

const ABOUT: About = About {
    id: "IDP-10",
    title: "Guest invited or made a member",
    decides: "`Invite external user`, or `Add user` with the type Guest, whose domain is neither \
              the organisation's nor a partner's; `Update user` that changes the type from Guest \
              to Member.",
    severity: "medium for a guest who becomes a member, and for an invitation after a suspicious \
               sign-in of who invites; low for other invitations",
    benign: "Invitations are daily work: name the domains of partners.",
    attack: &["T1136.003", "T1098"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Context,
    untested: "No real record of a changed type was at hand.",
};

pub(super) struct Idp10;

impl Detection for Idp10 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Invite external user", "Add user", "Update user"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        if seen.is_action(&["Update user"]) {
            hits.extend(promoted(seen));
            return;
        }
        let is_user = seen.is_action(&["Add user"]);
        let kind = new_word(seen, &["UserType"]).unwrap_or_default();
        if is_user && !(kind.eq_ignore_ascii_case("guest") && is_by_person(seen)) {
            return;
        }
        let address = invited(seen);
        let Some(domain) = domain(&address).filter(|_| world.tenant.is_outside(&address)) else {
            return;
        };
        let user = misused(seen);
        let before = suspicion(world, seen.fact(), &user, DAY);
        let severity = match before {
            Some(_) => Severity::Medium,
            None => Severity::Low,
        };
        let why = format!("{} invited {}", user, quoted(&address));
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .keyed(domain)
                .to_destination(domain)
                .with(before.map(|one| &one.fact))
                .compared(
                    "invitedUserEmailAddress",
                    address.clone(),
                    "the organisation's and partners' domains",
                )
                .silent_if("the domain were a partner's"),
        );
    }
}

fn promoted(seen: &Seen<'_>) -> Option<Hit> {
    let change = super::changes::Difference::of(seen, &["UserType"])?;
    let is_promotion = change.old_at("").contains("guest") && change.new_at("").contains("member");
    let target = seen.target();
    let why = format!(
        "{target} was a guest and is now a member, by {}",
        seen.user()
    );
    is_promotion.then(|| {
        Hit::of(seen, Severity::Medium, why)
            .of_user(&misused(seen))
            .keyed(target)
            .compared("UserType", change.value, change.before)
            .silent_if("the type stayed what it was")
    })
}

/// Returns the invited address: named, or folded into the guest's name in the directory.
fn invited(seen: &Seen<'_>) -> String {
    let named = detail(seen, "invitedUserEmailAddress").to_lowercase();
    if named.contains('@') {
        return named;
    }
    let target = seen.target();
    let Some((front, _)) = target.split_once("#ext#") else {
        return target;
    };
    match front.rsplit_once('_') {
        Some((name, domain)) => format!("{name}@{domain}"),
        None => target,
    }
}
