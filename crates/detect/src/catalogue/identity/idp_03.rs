//! IDP-03: a second factor is taken away.

use super::changes::{Difference, reason};
use super::concerned::{is_by_person, is_on_another, is_suspicion, suspicion};
use super::methods::{DELETED, REGISTERED, new_methods, removed_methods};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::evidence;
use crate::recent::Recent;
use crate::regular::Regulars;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "IDP-03",
    title: "Second factor removed or switched off",
    decides: "`Disable Strong Authentication`; `Update user` that sets the state in \
              `StrongAuthenticationRequirement` to 0 or empties `StrongAuthenticationMethod`; or \
              Entra's own records of a deleted method.",
    severity: "high where it was switched off or all is gone, critical if a doubtful sign-in \
               of the account follows within a day; medium for one method that an administrator \
               deleted; low for one that its owner gave up, for help desks (who did so for a week, or \
               for five people) and named administrators, and for the owner where somebody else is to \
               answer for it; high after a doubtful sign-in of who did it",
    benign: "Help desks reset methods before a new registration; people replace their phones.",
    attack: &["T1556.006"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of a deleted method, nor of `Disable Strong Authentication`, was at hand.",
};

pub(super) struct Idp03 {
    regulars: Regulars,
    removed: Recent<(Word, String), (Fact, String)>,
}

impl Default for Idp03 {
    fn default() -> Self {
        Self {
            regulars: Regulars::default(),
            removed: Recent::over(DAY),
        }
    }
}

/// What was taken away, and how much of it.
struct Removal {
    change: Option<Difference>,
    severity: Severity,
    what: &'static str,
}

impl Detection for Idp03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Disable Strong Authentication",
            "Update user",
            "User deleted security info",
            "Admin deleted security info",
            "User registered security info",
            "User registered all required security info",
            "User updated security info",
            "Admin registered security info",
            "Admin updated security info",
        ])
        .hearing(&["SIG-", "INTEL", "ALR-03"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let user = seen.target();
        let whose = (seen.fact().tenant, user.clone());
        if REGISTERED.iter().any(|name| seen.is_action(&[name])) || !new_methods(seen).is_empty() {
            return;
        }
        let Some(mut removal) = removal(seen) else {
            return;
        };
        let is_regular = is_on_another(seen) && self.regulars.is_one(seen, &user, world);
        if is_regular && removal.severity == Severity::Medium {
            removal.severity = Severity::Low;
        }
        self.removed
            .note(&whose, seen.fact(), seen.user().to_owned());
        raise(seen, world, &user, &removal, hits);
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_suspicion(&hit.detection, hit.severity) {
            return;
        }
        let whose = (hit.fact.tenant, hit.user.clone());
        let removed = self.removed.noted(&whose, hit.fact.time).next_back();
        let Some((fact, actor)) = removed else {
            return;
        };
        let why = format!(
            "{}'s second factor was removed by {}, and then came a doubtful sign-in ({})",
            hit.user, actor, hit.detection
        );
        hits.push(
            Hit::after(hit, Severity::Critical, why)
                .with([fact])
                .compared("finding", hit.detection.to_string(), hit.why.clone())
                .silent_if("the sign-in were not suspicious"),
        );
    }
}

fn removal(seen: &Seen<'_>) -> Option<Removal> {
    if seen.is_action(&["Update user"]) {
        let change = removed_methods(seen)?;
        let is_requirement = change
            .name
            .eq_ignore_ascii_case("StrongAuthenticationRequirement");
        return Some(Removal {
            change: Some(change),
            severity: Severity::High,
            what: if is_requirement {
                "is no longer asked for a second factor"
            } else {
                "has no second factor left"
            },
        });
    }
    if DELETED.iter().any(|name| seen.is_action(&[name])) {
        return Some(Removal {
            change: None,
            severity: if is_on_another(seen) {
                Severity::Medium
            } else {
                Severity::Low
            },
            what: "lost a sign-in method",
        });
    }
    seen.is_action(&["Disable Strong Authentication"])
        .then_some(Removal {
            change: None,
            severity: Severity::High,
            what: "is no longer asked for a second factor",
        })
}

/// Who did it to somebody else is to answer for it; the owner's story gets a line of context.
fn raise(seen: &Seen<'_>, world: &World<'_>, user: &str, removal: &Removal, hits: &mut Vec<Hit>) {
    let mut severity = removal.severity;
    let actor = if is_by_person(seen) {
        seen.user()
    } else {
        user
    };
    let why = format!("{user} {}, by {}", removal.what, seen.user());
    let before = suspicion(world, seen.fact(), actor, DAY);
    if before.is_some() {
        severity = severity.max(Severity::High);
    }
    let told = |hit: Hit| {
        let hit = match &removal.change {
            Some(change) => hit.compared(
                &change.name,
                evidence(&change.value),
                evidence(&change.before),
            ),
            None => hit.because("resultReason", evidence(reason(seen))),
        };
        hit.silent_if("a second factor were asked for as before")
    };
    let hit = Hit::of(seen, severity, why.clone())
        .of_user(actor)
        .keyed(user);
    hits.push(told(hit.with(before.map(|one| &one.fact))));
    if actor != user {
        let hit = Hit::of(seen, Severity::Low, why).of_user(user).keyed(user);
        hits.push(told(hit));
    }
}
