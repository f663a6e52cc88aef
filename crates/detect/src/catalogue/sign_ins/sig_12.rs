//! SIG-12: somebody entered a code that another device shows.

use super::habit::Habits;
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-12",
    title: "Device-code flow used",
    decides: "A successful sign-in with `authenticationProtocol` deviceCode or \
              `originalTransferMethod` deviceCodeFlow; in the unified log, request `Cmsi:Cmsi` by \
              the authentication broker.",
    severity: "high for the broker, an unmanaged device, or a session from two networks; medium \
               for a command line of an unmanaged device and where only a token's origin shows it; \
               low for command lines of the operator's administrators, of managed devices, and for \
               who used it on two days",
    benign: "Command lines on servers and meeting-room devices: name the people as administrators, \
             the rooms as machines.",
    attack: &["T1528", "T1566"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of a device code was at hand.",
};

const BROKER: &str = "29d9ed98-a469-4536-ade2-f981bc1d605e";

/// Command lines that ask for a code where there is no browser.
const COMMAND_LINES: &[&str] = &[
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "1950a258-227b-4e31-a9cf-717495945fc2",
    "14d82eec-204b-4c2f-b7e8-296a70dab67e",
    "fb78d390-0c51-40cd-8e17-fdbfab77341b",
];

/// How a record shows the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The code was entered here.
    Entered,
    /// The token stems from one.
    Inherited,
}

/// SIG-12.
#[derive(Debug, Default)]
pub(super) struct Sig12 {
    uses: Habits,
    first_of_session: BTreeMap<(Word, Word), (Fact, String)>,
    told: BTreeMap<(Word, Word, Word), Timestamp>,
}

impl Detection for Sig12 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::read(seen).filter(|one| one.is_persons() && one.is_in()) else {
            return;
        };
        let Some((shown, field, value)) = shown(seen, &sign_in) else {
            return;
        };
        if world.tenant.settings.machines.contains(seen.user()) {
            return;
        }
        let other = self.other_network(seen, world);
        let owner = (seen.fact().tenant, seen.fact().user);
        let uses = self.uses.meet(owner, seen.app(), seen.time());
        if other.is_none() && !self.is_first_today(seen) {
            return;
        }
        let severity = if other.is_some() {
            Severity::High
        } else if uses.is_usual(2) || sign_in.device().is_managed {
            Severity::Low
        } else {
            weigh(shown, seen, world)
        };
        let also = other.as_ref().map_or_else(String::new, |(_, network)| {
            format!("; the session came by {network} before")
        });
        let why = format!(
            "{} signed in to application {} from {} with a code shown elsewhere{also}",
            seen.user(),
            quoted(seen.app()),
            seen.ip()
        );
        hits.push(
            Hit::of(seen, severity, why)
                .with(other.as_ref().map(|(fact, _)| fact))
                .keyed(seen.app())
                .because(field, value)
                .because("appId", seen.app())
                .silent_if("no code had been used, or the account were named as a machine"),
        );
    }
}

impl Sig12 {
    /// Returns the first sign-in of the session and its network, if that was another one.
    fn other_network(&mut self, seen: &Seen<'_>, world: &World<'_>) -> Option<(Fact, String)> {
        let whence = Whence::read(seen, world)?;
        let fact = seen.fact();
        if fact.session.is_none() {
            return None;
        }
        let now = (*fact, whence.network);
        let session = (fact.tenant, fact.session);
        let first = self
            .first_of_session
            .entry(session)
            .or_insert_with(|| now.clone());
        if seconds_between(first.0.time, fact.time) > DAY {
            *first = now;
            return None;
        }
        (first.1 != now.1).then(|| first.clone())
    }

    /// Tokens are renewed every hour: a day of them is one use.
    fn is_first_today(&mut self, seen: &Seen<'_>) -> bool {
        let fact = seen.fact();
        let subject = (fact.tenant, fact.user, fact.app);
        let last = self.told.get(&subject).copied();
        let is_first = last.is_none_or(|last| seconds_between(last, fact.time) > DAY);
        if is_first {
            self.told.insert(subject, fact.time);
        }
        is_first
    }
}

fn weigh(shown: Shown, seen: &Seen<'_>, world: &World<'_>) -> Severity {
    let is_command_line = COMMAND_LINES.contains(&seen.app());
    if is_command_line && world.tenant.settings.admins.contains(seen.user()) {
        Severity::Low
    } else if is_command_line || (shown == Shown::Inherited && seen.app() != BROKER) {
        Severity::Medium
    } else {
        Severity::High
    }
}

fn shown(seen: &Seen<'_>, sign_in: &SignIn<'_, '_>) -> Option<(Shown, &'static str, String)> {
    let protocol = "authenticationProtocol";
    let transfer = "originalTransferMethod";
    if sign_in.says(protocol, &["deviceCode"]) {
        return Some((Shown::Entered, protocol, sign_in.word(protocol).to_owned()));
    }
    if sign_in.says(transfer, &["deviceCodeFlow"]) {
        return Some((
            Shown::Inherited,
            transfer,
            sign_in.word(transfer).to_owned(),
        ));
    }
    let is_broker = seen.app() == BROKER && sign_in.request().eq_ignore_ascii_case("Cmsi:Cmsi");
    is_broker.then(|| (Shown::Entered, "RequestType", sign_in.request().to_owned()))
}
