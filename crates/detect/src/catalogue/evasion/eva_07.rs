//! EVA-07: mail from somebody is let past the filters.

use super::switch::Switch;
use crate::about::{About, Method, Source};
use crate::catalogue::mail_flow::list::{added, domain_of, is_accepted, mistaken_for};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::regular::Regulars;
use crate::seen::Seen;
use crate::world::World;
use model::{Address, Severity};
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "EVA-07",
    title: "Sender allowed past mail filters",
    decides: "`New-`/`Set-TenantAllowBlockListItems` and `-SpoofItems` that allow; \
              `Set-`/`New-HostedContentFilterPolicy` that adds allowed senders or domains; \
              `Set-HostedConnectionFilterPolicy` that adds to `IPAllowList`; a new override for \
              simulations or security mailboxes.",
    severity: "high for a whole domain, an own domain or its look-alike, a network, an override, \
               and for what never expires, all one step less for who does so regularly; medium for a \
               single sender, address or file.",
    benign: "Who runs the mail filter lets somebody past it every week. Vendors of simulations and mail security: silent when all entries are a partner's or \
             lie in own networks. Blocking and taking off the list are silent.",
    attack: &["T1562.001"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "No real record of these cmdlets was at hand.",
};

/// Where the entries stand.
const ENTRIES: &[&str] = &[
    "Entries",
    "SpoofedUser",
    "SendingInfrastructure",
    "AllowedSenders",
    "AllowedSenderDomains",
    "IPAllowList",
    "Domains",
    "SenderDomainIs",
    "SenderIpRanges",
    "SentTo",
];

#[derive(Default)]
pub(super) struct Eva07 {
    regulars: Regulars,
}

impl Detection for Eva07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-TenantAllowBlockListItems",
            "Set-TenantAllowBlockListItems",
            "New-TenantAllowBlockListSpoofItems",
            "Set-TenantAllowBlockListSpoofItems",
            "New-HostedContentFilterPolicy",
            "Set-HostedContentFilterPolicy",
            "Set-HostedConnectionFilterPolicy",
            "New-PhishSimOverrideRule",
            "New-SecOpsOverrideRule",
            "New-ExoPhishSimOverrideRule",
            "New-ExoSecOpsOverrideRule",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        if !is_allowing(&cmdlet) {
            return;
        }
        let Some(allowed) = Allowed::read(&cmdlet, world) else {
            return;
        };
        let Some(first) = allowed.entries.first() else {
            return;
        };
        let is_regular = self.regulars.is_one(seen, first, world);
        let severity = match allowed.severity(&cmdlet) {
            severity if is_regular => severity.lowered(),
            severity => severity,
        };
        let more = match allowed.entries.len() {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        let near = allowed
            .near
            .map_or(String::new(), |own| format!(", which looks like {own}"));
        let switch = Switch {
            severity,
            what: format!("lets {}{more} past the mail filters{near}", quoted(first)),
            field: allowed.field,
            value: allowed.value,
            baseline: "partners and own networks",
        };
        let silent_if = "every entry were a partner's or lay in an own network";
        let hit = switch.hit(&cmdlet, seen, world, silent_if);
        let destination = domain_of(first).unwrap_or_default().to_owned();
        hits.push(hit.keyed(first).to_destination(destination));
    }
}

/// Whether the cmdlet allows at all; most of them can block as well.
fn is_allowing(cmdlet: &Cmdlet<'_, '_>) -> bool {
    let noun = cmdlet.noun().to_ascii_lowercase();
    match noun.as_str() {
        "tenantallowblocklistitems" => cmdlet.is_on("Allow"),
        "tenantallowblocklistspoofitems" => cmdlet
            .value("Action")
            .is_some_and(|action| action.eq_ignore_ascii_case("Allow")),
        _ => true,
    }
}

/// What is let past, partners and own networks aside.
struct Allowed<'c, 't> {
    field: &'static str,
    value: &'c str,
    entries: Vec<String>,
    near: Option<&'t str>,
    is_own: bool,
    is_override: bool,
}

impl<'c, 't> Allowed<'c, 't> {
    fn read(cmdlet: &'c Cmdlet<'_, '_>, world: &World<'t>) -> Option<Self> {
        let tenant = world.tenant;
        let is_override = cmdlet.noun().to_ascii_lowercase().ends_with("overriderule");
        let given: Vec<(&'static str, &str, BTreeSet<String>)> = ENTRIES
            .iter()
            .filter_map(|field| Some((*field, cmdlet.value(field)?)))
            .map(|(field, value)| (field, value, added(value)))
            .collect();
        let is_foreign = |one: &&String| !is_accepted(one, tenant);
        let (field, value, entries) = given
            .iter()
            .find(|(_, _, entries)| entries.iter().any(|one| is_foreign(&one)))?;
        let entries: Vec<String> = entries.iter().filter(is_foreign).cloned().collect();
        let near = entries
            .iter()
            .find_map(|one| mistaken_for(domain_of(one)?, tenant));
        let is_own = entries
            .iter()
            .any(|one| domain_of(one).is_some_and(|name| tenant.is_own_domain(name)));
        Some(Self {
            field,
            value,
            entries,
            near,
            is_own,
            is_override,
        })
    }

    fn severity(&self, cmdlet: &Cmdlet<'_, '_>) -> Severity {
        let is_network =
            |one: &String| Address::read(one.split('/').next().unwrap_or_default()).is_some();
        let is_domain = |one: &String| !one.contains('@') && domain_of(one) == Some(one.as_str());
        let is_broad = self
            .entries
            .iter()
            .any(|one| is_network(one) || is_domain(one));
        let never_expires = cmdlet.is_on("NoExpiration");
        if is_broad || never_expires || self.is_own || self.is_override || self.near.is_some() {
            Severity::High
        } else {
            Severity::Medium
        }
    }
}
