//! MIA-04: whole folders leave for a client or a place that the mailbox does not know.

use super::access::{client, is_somebody, mailbox, mailbox_name};
use super::familiar::Familiar;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::{doubt, doubts};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "MIA-04",
    title: "Whole folders synchronised by a new client or place",
    decides: "`MailItemsAccessed` with `MailAccessType` Sync, by a client (`ClientInfoString`) or from a \
              network that this mailbox was not seen with before the last day, though it has been \
              seen for a week. What was found of the account's sign-in, or of a device or method \
              that it got, within the day before makes it graver; what was found of the same \
              session or address is enough by itself.",
    severity: "after such a finding: high; client and network both new: medium; one of them alone: low",
    benign: "New telephones and computers: a telephone brings its client and its carrier's network in one \
             day, so both together are no more than medium. The same program by a network from which \
             the account was active before is silent.",
    attack: &["T1114.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

/// Who has been seen for so long has shown what is usual.
const KNOWN_DAYS: i64 = 7;
/// Who has been seen for so long has shown a little of it.
const LEAST_DAYS: i64 = 3;

#[derive(Default)]
pub(super) struct Mia04 {
    clients: Familiar,
    networks: Familiar,
}

impl Detection for Mia04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::MailAccess, Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let (whose, now, network) = (mailbox(seen), seen.time(), seen.network());
        self.networks.note(whose, &network, now);
        if seen.kind() == Kind::SignIn {
            return;
        }
        let own = client(seen.agent());
        self.clients.note(whose, own, now);
        if !seen.fact().is_sync || world.tenant.is_approved_app(seen.app()) {
            return;
        }
        // Whoever signed in for a week and never opened a mailbox does so with a new client too.
        let unfamiliar = |days: i64| {
            let is_new_client = self.clients.is_new(whose, own, now, days);
            (
                is_new_client,
                self.networks.is_new(whose, &network, now, days),
            )
        };
        let (is_new_client, is_new_network) = unfamiliar(LEAST_DAYS);
        let is_well_known = unfamiliar(KNOWN_DAYS) == (is_new_client, is_new_network);
        // The person goes on with their own client from where they always were, whatever an intruder
        // does elsewhere: then only what was found of this very session or address counts.
        let is_new = is_new_client || is_new_network;
        let found = before(seen, world).filter(|_| is_new || is_itself_in_doubt(seen, world));
        let severity = match (is_new_client, is_new_network) {
            _ if found.is_some() => Severity::High,
            (true, true) => Severity::Medium,
            (true, false) => Severity::Low,
            (false, true) if is_well_known => Severity::Low,
            (false, _) => return,
        };
        let usual = [
            self.clients.usual(whose, now),
            self.networks.usual(whose, now),
        ];
        hits.push(hit(
            seen,
            severity,
            (is_new_client, is_new_network),
            found,
            &usual,
        ));
    }
}

/// Returns whether something was found of the session or the address of a record itself.
fn is_itself_in_doubt(seen: &Seen<'_>, world: &World<'_>) -> bool {
    let fact = seen.fact();
    doubts(fact, mailbox_name(seen), world, DAY).any(|one| {
        let is_session = !fact.session.is_none() && one.fact.session == fact.session;
        is_session || one.fact.address == fact.address
    })
}

/// Returns what was found of the account within the last day that makes any synchronisation suspect.
fn before(seen: &Seen<'_>, world: &World<'_>) -> Option<String> {
    let (fact, owner) = (seen.fact(), mailbox_name(seen));
    if let Some(sign_in) = doubt(fact, owner, world) {
        return Some(sign_in.detection.to_string());
    }
    let mut found = world.board.of_user(fact.tenant, owner, fact.time, DAY);
    found
        .find(|one| one.detection.starts_with("IDP-") && one.severity >= Severity::Medium)
        .map(|one| one.detection.to_string())
}

fn hit(
    seen: &Seen<'_>,
    severity: Severity,
    (is_new_client, is_new_network): (bool, bool),
    found: Option<String>,
    usual: &[String; 2],
) -> Hit {
    let (own, network) = (client(seen.agent()), seen.network());
    let mut reasons = Vec::new();
    if is_new_client {
        reasons.push(format!("the client {} is new for it", quoted(own)));
    }
    if is_new_network {
        reasons.push(format!("the network {network} is new for it"));
    }
    if let Some(found) = found {
        reasons.push(format!(
            "{found} was raised for the account within a day before"
        ));
    }
    let why = format!(
        "whole folders of {} were synchronised from {}: {}; every message in them must be taken as read",
        mailbox_name(seen),
        seen.ip(),
        reasons.join(", ")
    );
    Hit::of(seen, severity, why)
        .keyed(own)
        .because("OperationProperties.MailAccessType", "Sync")
        .compared("ClientInfoString", seen.agent(), usual[0].as_str())
        .compared("ClientIPAddress", seen.ip(), usual[1].as_str())
        .silent_if("client and network had been seen with this mailbox a day before")
}
