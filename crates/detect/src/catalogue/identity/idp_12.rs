//! IDP-12: a network becomes one from which nothing more is asked.

use super::changes::Difference;
use super::concerned::misused;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::{World, is_in};
use model::Severity;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// How many networks are told.
const TOLD: usize = 5;

const ABOUT: About = About {
    id: "IDP-12",
    title: "Trusted network added",
    decides: "A named location that is marked as trusted, or that is trusted and gains a network; \
              `Set Company Information` whose `StrongAuthenticationPolicy` gains one.",
    severity: "high; low where all new networks are the organisation's own by the operator's \
               word, and for locations that are not trusted",
    benign: "New offices and new lines: name the organisation's networks.",
    attack: &["T1556.009", "T1562.007"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record with a network in it was at hand.",
};

pub(super) struct Idp12;

impl Detection for Idp12 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add named location",
            "Update named location",
            "Set Company Information",
            "Add policy",
            "Update policy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        for change in Difference::all(seen) {
            let Some((networks, is_trusted)) = new_networks(seen, &change) else {
                continue;
            };
            let is_own = !networks.is_empty()
                && networks.iter().all(|network| {
                    let mut own = world.tenant.settings.networks.iter();
                    own.any(|own| network.1 >= own.1 && is_in(*own, network.0))
                });
            let severity = if is_trusted && !is_own {
                Severity::High
            } else {
                Severity::Low
            };
            let user = misused(seen);
            let list = told(&networks);
            let trust = if is_trusted { "trusted" } else { "named" };
            let why = format!("{user} added a {trust} network: {list}");
            hits.push(
                Hit::of(seen, severity, why)
                    .of_user(&user)
                    .keyed(seen.object())
                    .compared(&change.name, list, told(&of_leaves(change.old_at(""))))
                    .silent_if("no network were added or trusted"),
            );
        }
    }
}

type Network = (IpAddr, u8);

/// Returns the networks that a change adds, or trusts from now on, and whether they are trusted.
fn new_networks(seen: &Seen<'_>, change: &Difference) -> Option<(BTreeSet<Network>, bool)> {
    let (new, old) = (of_leaves(change.new_at("")), of_leaves(change.old_at("")));
    let added: BTreeSet<Network> = new.difference(&old).copied().collect();
    if seen.is_action(&["Set Company Information"]) {
        let is_policy = change
            .name
            .eq_ignore_ascii_case("StrongAuthenticationPolicy");
        return (is_policy && !added.is_empty()).then_some((added, true));
    }
    let is_location = change.has_path("istrusted")
        || change.has_path("cidr")
        || change.has_path("knownnetworkpolicies");
    if !is_location {
        return None;
    }
    let trusted = change.new_at("istrusted").contains("true")
        || change.new_at("categories").contains("trusted");
    let was = change.old_at("istrusted").contains("true")
        || change.old_at("categories").contains("trusted");
    if trusted && !was {
        return Some((new, true));
    }
    (!added.is_empty()).then_some((added, trusted))
}

/// Returns the networks among words, some of which are lists of them.
fn of_leaves(leaves: BTreeSet<&str>) -> BTreeSet<Network> {
    let words = leaves
        .into_iter()
        .flat_map(|leaf| leaf.split([',', ';', ' ', '\n', '\r', '"', '[', ']']));
    words.filter_map(network).collect()
}

fn network(word: &str) -> Option<Network> {
    let (address, length) = word.trim().split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let length: u8 = length.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    (length <= most).then_some((address, length))
}

fn told(networks: &BTreeSet<Network>) -> String {
    let list = networks.iter().take(TOLD);
    let text: Vec<String> = list
        .map(|(address, length)| format!("{address}/{length}"))
        .collect();
    let text = text.join(", ");
    match networks.len().saturating_sub(TOLD) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}
