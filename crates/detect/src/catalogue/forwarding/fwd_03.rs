//! FWD-03: forwarding is taken away.

use super::forward::{SETTING, is_removal, owner};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, World, seconds_between};
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "FWD-03",
    title: "Forwarding removed",
    decides: "`Set-Mailbox` with an empty `ForwardingSmtpAddress` or `ForwardingAddress` and no other \
              forwarding address.",
    severity: "medium: the forwarding was found by FWD-01 as medium or higher, and whoever set it \
               takes it away within 48 hours: the trail is covered; else info.",
    benign: "Owners, help desk and responders who end a forwarding.",
    attack: &["T1070.008"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

/// How soon after it was set a removal looks like covering the trail.
const SOON: i64 = 48 * HOUR;

#[derive(Default)]
pub(super) struct Fwd03 {
    flagged: BTreeMap<(Word, String), Fact>,
}

impl Detection for Fwd03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(SETTING).hearing(&["FWD-01"])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_removal(seen) {
            return;
        }
        let owner = owner(seen);
        let set = self.flagged.remove(&(seen.fact().tenant, owner.clone()));
        let covered = set.filter(|set| {
            set.user == seen.fact().user && seconds_between(set.time, seen.time()) <= SOON
        });
        let hit = match covered {
            Some(set) => covering(seen, &owner, &set),
            None => ended(seen, &owner),
        };
        hits.push(
            hit.of_user(&owner)
                .keyed(seen.object())
                .because("ForwardingSmtpAddress", ""),
        );
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, _hits: &mut Vec<Hit>) {
        if hit.severity >= Severity::Medium {
            let place = (hit.fact.tenant, hit.user.clone());
            self.flagged.insert(place, hit.fact);
        }
    }
}

fn covering(seen: &Seen<'_>, owner: &str, set: &Fact) -> Hit {
    let seconds = seconds_between(set.time, seen.time());
    let why = format!(
        "{} took the forwarding of the mailbox of {} away {seconds} seconds after setting it to an \
         address outside",
        seen.user(),
        owner
    );
    Hit::of(seen, Severity::Medium, why)
        .with([set])
        .compared(
            "seconds since it was set",
            seconds.to_string(),
            SOON.to_string(),
        )
        .silent_if("no forwarding to outside had been set in the 48 hours before (then info)")
}

fn ended(seen: &Seen<'_>, owner: &str) -> Hit {
    let why = format!(
        "{} ended the forwarding of the mailbox of {}",
        seen.user(),
        owner
    );
    Hit::of(seen, Severity::Info, why).silent_if("an address were set")
}
