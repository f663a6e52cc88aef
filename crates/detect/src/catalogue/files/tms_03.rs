//! TMS-03: a guest comes, leaves a file, and is gone.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, World, seconds_between};
use model::bags::each_object;
use model::{Json, Severity};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "TMS-03",
    title: "Guest added, file uploaded, guest removed",
    decides: "A guest becomes a member of a team, uploads a file, and is removed again, all within an hour.",
    severity: "medium",
    benign: "Guests stay for weeks as a rule; one who leaves no file is of no interest.",
    attack: &["T1136", "T1534"],
    sources: &[Source::Teams, Source::SharePoint],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a guest in a team was at hand.",
};

const KEPT: usize = 2000;

#[derive(Default)]
pub(super) struct Tms03 {
    guests: BTreeMap<(Word, String), Visit>,
}

struct Visit {
    came: Fact,
    by: Word,
    upload: Option<Fact>,
}

impl Detection for Tms03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["MemberAdded", "MemberRemoved", "FileUploaded"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = *seen.fact();
        if seen.is_action(&["FileUploaded"]) {
            if let Some(visit) = self.guests.get_mut(&(fact.tenant, folded(seen.user())))
                && seconds_between(visit.came.time, fact.time) <= HOUR
            {
                visit.upload = Some(fact);
            }
            return;
        }
        for guest in guests(seen) {
            let whose = (fact.tenant, folded(&guest));
            if seen.is_action(&["MemberAdded"]) {
                self.guests
                    .retain(|_, one| seconds_between(one.came.time, fact.time) <= HOUR);
                if self.guests.len() < KEPT {
                    let visit = Visit {
                        came: fact,
                        by: fact.user,
                        upload: None,
                    };
                    self.guests.insert(whose, visit);
                }
            } else if let Some(visit) = self.guests.remove(&whose) {
                hits.extend(left(seen, world, &guest, &visit));
            }
        }
    }
}

fn left(seen: &Seen<'_>, world: &World<'_>, guest: &str, visit: &Visit) -> Option<Hit> {
    let upload = visit.upload?;
    let minutes = seconds_between(visit.came.time, seen.time()) / 60;
    if minutes > 60 {
        return None;
    }
    let team = quoted(seen.word("TeamName"));
    let why = format!(
        "the guest {} was in the team {team} for {minutes} minutes and left a file",
        quoted(guest)
    );
    let hit = Hit::of(seen, Severity::Medium, why)
        .of_user(world.text(visit.by))
        .keyed(guest)
        .with([&visit.came, &upload])
        .compared("Members", guest, "members who stay for more than an hour")
        .silent_if("the guest had stayed, or left no file");
    Some(hit)
}

fn guests(seen: &Seen<'_>) -> Vec<String> {
    let mut found = Vec::new();
    each_object(seen.body().get_any_case("Members"), &mut |one| {
        let address = one
            .get_any_case("UPN")
            .and_then(Json::as_word)
            .unwrap_or_default();
        let address = address.to_lowercase();
        if address.contains("#ext#") {
            found.push(address);
        }
    });
    found
}

/// SharePoint names a guest by the own address, Teams by the one in this tenant.
fn folded(address: &str) -> String {
    let own = address.split_once("#ext#").map_or(address, |(own, _)| own);
    own.replace('@', "_")
}
