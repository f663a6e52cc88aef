//! SIG-16: a token becomes a device, and the device becomes a lasting key to the account.

use super::habit::{Habits, Owner};
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::identity::idp_05::KIT_BUILDS;
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubts;
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, MINUTE, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-16",
    title: "Device registered straight after a sign-in",
    decides: "A sign-in to the Device Registration Service, within half an hour a device \
              registered for the same person, and within an hour a sign-in by that device's \
              primary refresh token.",
    severity: "critical with a registration tool's operating system build, a tool's agent, a code \
               entered elsewhere, or a doubtful sign-in before it, or if the primary refresh \
               token comes from another network; low by a network that the person has used for a \
               week, and for somebody who is new themselves while the records reach back two weeks; \
               else medium",
    benign: "Joining one's new computer looks the same: by a usual network, and in a new colleague's \
             first week, it is context.",
    attack: &["T1098.005", "T1528"],
    sources: &[Source::SignIn, Source::Directory],
    needs: &[],
    method: Method::Sequence,
    untested: "The sign-in by the primary refresh token and the tools' builds: no real record was \
               at hand.",
};

const REGISTRATION_SERVICE: &str = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9";
const REGISTERED_SECONDS: i64 = 30 * MINUTE;
/// Where the records reach back so far, who has no past in them is new.
const WARM_DAYS: i64 = 14;
const REFRESHED_SECONDS: i64 = HOUR;
/// How long a doubtful sign-in casts doubt on what follows.
const DOUBT_SECONDS: i64 = 6 * HOUR;

/// Registrations in the directory's audit.
const REGISTRATIONS: &[&str] = &[
    "Add device",
    "Register device",
    "Add registered owner to device",
    "Add registered users to device",
];

/// A sign-in to the registration service, and what came of it.
#[derive(Clone, Debug)]
struct Begun {
    fact: Fact,
    network: String,
    is_usual: bool,
    sign: Option<String>,
    registered: Option<Fact>,
}

/// A device that was added to the directory.
#[derive(Clone, Debug)]
struct Added {
    fact: Fact,
    object: String,
    build: Option<String>,
}

impl Added {
    fn read(seen: &Seen<'_>) -> Self {
        Self {
            fact: *seen.fact(),
            object: seen.object().to_lowercase(),
            build: build(seen),
        }
    }

    /// Returns whether it is the device of an id, or where there is none, one added just before.
    fn is(&self, id: &str, now: Timestamp) -> bool {
        let is_named = id.is_empty() || self.object.contains(&id.to_lowercase());
        is_named && seconds_between(self.fact.time, now) <= MINUTE
    }
}

/// SIG-16.
#[derive(Debug, Default)]
pub(super) struct Sig16 {
    networks: Habits,
    begun: BTreeMap<Owner, Begun>,
    /// The newest device that the directory added, until an owner is named for it.
    added: BTreeMap<Word, Added>,
}

impl Detection for Sig16 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::SignIn],
            actions: REGISTRATIONS,
            hears: &[],
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        match SignIn::read(seen) {
            Some(sign_in) if sign_in.is_persons() && sign_in.is_in() => {
                self.signed_in(seen, &sign_in, world, hits);
            }
            Some(_) => {}
            None if seen.is_done() => self.registered(seen, world, hits),
            None => {}
        }
    }
}

impl Sig16 {
    fn signed_in(
        &mut self,
        seen: &Seen<'_>,
        sign_in: &SignIn<'_, '_>,
        world: &World<'_>,
        hits: &mut Vec<Hit>,
    ) {
        let owner = (seen.fact().tenant, seen.fact().user);
        let network = Whence::read(seen, world).map_or_else(String::new, |one| one.network);
        let meeting = self.networks.meet(owner, &network, seen.time());
        if seen.resource() == REGISTRATION_SERVICE {
            let begun = Begun {
                fact: *seen.fact(),
                network,
                is_usual: if meeting.is_settled() {
                    meeting.is_usual(2)
                } else {
                    world.tenant.is_warm(seen.time(), WARM_DAYS)
                },
                sign: sign_of_tool(seen, sign_in),
                registered: None,
            };
            self.begun.insert(owner, begun);
        } else if sign_in.says("incomingTokenType", &["primaryRefreshToken"]) {
            hits.extend(self.refreshed(seen, &network));
        }
    }

    /// The directory adds the device first, and then names its owner or user.
    fn registered(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let tenant = seen.fact().tenant;
        let Some(owner) = self.who(seen, world) else {
            self.added.insert(tenant, Added::read(seen));
            return;
        };
        let device = seen.change("Device.ObjectID").map_or("", |(id, _)| id);
        let added = self
            .added
            .get(&tenant)
            .filter(|added| added.is(device, seen.time()));
        let Some(begun) = self.begun.get_mut(&owner) else {
            return;
        };
        let seconds = seconds_between(begun.fact.time, seen.time());
        if seconds > REGISTERED_SECONDS {
            return;
        }
        begun.registered = Some(*seen.fact());
        let user = world.text(owner.1);
        let build = build(seen).or_else(|| added.and_then(|added| added.build.clone()));
        let sign = build
            .or_else(|| begun.sign.clone())
            .or_else(|| doubted(&begun.fact, user, world));
        let severity = match (&sign, begun.is_usual) {
            (Some(_), _) => Severity::Critical,
            (None, true) => Severity::Low,
            (None, false) => Severity::Medium,
        };
        let why = format!(
            "{user} signed in to the registration service from {} \
             and a device was registered {seconds} s later{}",
            world.text(begun.fact.address),
            sign.map_or_else(String::new, |sign| format!(": {sign}"))
        );
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(user)
                .with([&begun.fact])
                .with(added.map(|added| &added.fact))
                .because("Operation", seen.action())
                .because("Device.DisplayName", device_name(seen))
                .silent_if("no sign-in to the registration service had come before it"),
        );
    }

    /// Returns whose device it is: the target, if that person signed in to register one.
    fn who(&self, seen: &Seen<'_>, world: &World<'_>) -> Option<Owner> {
        let user = world.words.known(&seen.target())?;
        let owner = (seen.fact().tenant, user);
        self.begun.contains_key(&owner).then_some(owner)
    }

    fn refreshed(&self, seen: &Seen<'_>, network: &str) -> Option<Hit> {
        let owner = (seen.fact().tenant, seen.fact().user);
        let begun = self.begun.get(&owner)?;
        let registered = begun.registered?;
        let is_soon = seconds_between(registered.time, seen.time()) <= REFRESHED_SECONDS;
        if !is_soon || begun.network.is_empty() || network.is_empty() || network == begun.network {
            return None;
        }
        let why = format!(
            "the device just registered for {} by {} is in use from {} by {network}",
            seen.user(),
            begun.network,
            seen.ip()
        );
        Some(
            Hit::of(seen, Severity::Critical, why)
                .with([&begun.fact, &registered])
                .because("incomingTokenType", "primaryRefreshToken")
                .compared("ClientIP", seen.ip(), begun.network.clone())
                .silent_if("the device had been used by the network by which it was registered"),
        )
    }
}

/// Returns which doubtful sign-in came before.
fn doubted(fact: &Fact, user: &str, world: &World<'_>) -> Option<String> {
    let mut before = doubts(fact, user, world, DOUBT_SECONDS);
    let grave = before.find(|one| one.severity >= Severity::High)?;
    Some(format!("after {}", grave.detection))
}

/// Returns what of a sign-in to the service says that a tool made it.
fn sign_of_tool(seen: &Seen<'_>, sign_in: &SignIn<'_, '_>) -> Option<String> {
    if agents::is_tool(seen.agent()) {
        return Some(format!("by agent {}", quoted(seen.agent())));
    }
    let by_code = sign_in.says("authenticationProtocol", &["deviceCode"])
        || sign_in.says("originalTransferMethod", &["deviceCodeFlow"])
        || sign_in.request().eq_ignore_ascii_case("Cmsi:Cmsi");
    by_code.then(|| "by a code entered elsewhere".to_owned())
}

/// Returns the build that the device claims, if it is a registration tool's.
fn build(seen: &Seen<'_>) -> Option<String> {
    let claims = |build: &&&str| seen.changes().iter().any(|one| one.value.contains(**build));
    let found = KIT_BUILDS.iter().find(claims)?;
    Some(format!("operating system build {found}"))
}

fn device_name(seen: &Seen<'_>) -> String {
    let names = ["Device.DisplayName", "DisplayName"];
    let found = names.iter().find_map(|name| seen.change(name));
    found.map_or_else(String::new, |(name, _)| name.to_owned())
}
