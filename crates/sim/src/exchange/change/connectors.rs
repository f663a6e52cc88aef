//! Connectors: by which mail enters the organisation, and by which it leaves.
//! <https://learn.microsoft.com/powershell/module/exchange/set-inboundconnector>

use super::{Cmdlet, Done, ORGANIZATION, bad, needed, words};
use crate::exchange::{Failure, Order};
use crate::world::Connector;

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "New-InboundConnector",
        roles: ORGANIZATION,
        parameters: INBOUND,
        run: |order| add(order, true),
    },
    Cmdlet {
        name: "Set-InboundConnector",
        roles: ORGANIZATION,
        parameters: INBOUND,
        run: |order| set(order, true),
    },
    Cmdlet {
        name: "Remove-InboundConnector",
        roles: ORGANIZATION,
        parameters: &[],
        run: |order| remove(order, true),
    },
    Cmdlet {
        name: "New-OutboundConnector",
        roles: ORGANIZATION,
        parameters: OUTBOUND,
        run: |order| add(order, false),
    },
    Cmdlet {
        name: "Set-OutboundConnector",
        roles: ORGANIZATION,
        parameters: OUTBOUND,
        run: |order| set(order, false),
    },
    Cmdlet {
        name: "Remove-OutboundConnector",
        roles: ORGANIZATION,
        parameters: &[],
        run: |order| remove(order, false),
    },
];

/// Parameters of the inbound ones; the first two are kept by themselves.
const INBOUND: &[&str] = &[
    "Name",
    "Enabled",
    "AssociatedAcceptedDomains",
    "ClientHostNames",
    "CloudServicesMailEnabled",
    "Comment",
    "ConnectorSource",
    "ConnectorType",
    "EFSkipIPs",
    "EFSkipLastIP",
    "EFSkipMailGateway",
    "EFUsers",
    "RequireTls",
    "RestrictDomainsToCertificate",
    "RestrictDomainsToIPAddresses",
    "ScanAndDropRecipients",
    "SenderDomains",
    "SenderIPAddresses",
    "TlsSenderCertificateName",
    "TreatMessagesAsInternal",
    "TrustedOrganizations",
];
/// The same of the outbound ones.
const OUTBOUND: &[&str] = &[
    "Name",
    "Enabled",
    "AllAcceptedDomains",
    "CloudServicesMailEnabled",
    "Comment",
    "ConnectorSource",
    "ConnectorType",
    "IsTransportRuleScoped",
    "RecipientDomains",
    "RouteAllMessagesViaOnPremises",
    "SenderRewritingEnabled",
    "SmartHosts",
    "TestMode",
    "TlsDomain",
    "TlsSettings",
    "UseMXRecord",
];
const OWN: usize = 2;

/// What of a connector is said besides its name and whether it is on.
fn said(order: &Order<'_>, known: &[&str]) -> Vec<(String, String)> {
    let said = known.iter().skip(OWN).filter_map(|name| {
        let value = order.parameters.value(name)?;
        Some(((*name).to_owned(), words(value)))
    });
    said.collect()
}

fn known_of(inbound: bool) -> &'static [&'static str] {
    if inbound { INBOUND } else { OUTBOUND }
}

fn add(order: &Order<'_>, inbound: bool) -> Result<Done, Failure> {
    let name = needed(order, "Name")?.to_owned();
    let from = if inbound {
        "SenderDomains"
    } else {
        "RecipientDomains"
    };
    if inbound {
        needed_any(order, from)?;
    }
    let now = order.cloud.now();
    let connector = Connector {
        id: order.cloud.chance_of("connector").guid(),
        name: name.clone(),
        inbound,
        enabled: order.parameters.value("Enabled").is_none() || order.parameters.is_on("Enabled"),
        parameters: said(order, known_of(inbound)),
        made: now,
        changed: now,
    };
    order.cloud.change(order.place, |tenant| {
        let mut all = tenant.connectors.iter();
        if all.any(|known| known.inbound == inbound && known.name.eq_ignore_ascii_case(&name)) {
            return Err(Failure::new(
                400,
                "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
                format!("The proposed connector name '{name}' already exists."),
            ));
        }
        let shown = crate::exchange::cmdlets::connector(&connector);
        tenant.connectors.push(connector);
        Ok(Done::on(name.as_str()).showing(shown))
    })
}

fn needed_any(order: &Order<'_>, name: &str) -> Result<(), Failure> {
    if order.parameters.value(name).is_some() {
        return Ok(());
    }
    needed(order, name).map(|_| ())
}

fn is_it(known: &Connector, inbound: bool, name: &str) -> bool {
    known.inbound == inbound && (known.id == name || known.name.eq_ignore_ascii_case(name))
}

fn set(order: &Order<'_>, inbound: bool) -> Result<Done, Failure> {
    let name = needed(order, "Identity")?;
    let said = said(order, known_of(inbound));
    let enabled = order
        .parameters
        .value("Enabled")
        .map(|value| (value, order.parameters.is_on("Enabled")));
    if enabled.is_some_and(|(value, _)| !value.is_boolean() && value.as_str().is_none()) {
        return Err(bad(
            "Cannot process argument transformation on parameter 'Enabled'.",
        ));
    }
    let now = order.cloud.now();
    order.cloud.change(order.place, |tenant| {
        let mut all = tenant.connectors.iter_mut();
        let found = all.find(|known| is_it(known, inbound, name));
        let found = found.ok_or_else(|| Failure::not_found(name))?;
        let before = found.clone();
        if let Some((_, enabled)) = enabled {
            found.enabled = enabled;
        }
        if let Some(called) = order.parameters.text("Name") {
            called.clone_into(&mut found.name);
        }
        for (name, value) in said {
            found.parameters.retain(|(known, _)| *known != name);
            found.parameters.push((name, value));
        }
        if *found == before {
            return Ok(Done::unchanged(&found.name));
        }
        found.changed = now;
        Ok(Done::on(&found.name))
    })
}

fn remove(order: &Order<'_>, inbound: bool) -> Result<Done, Failure> {
    let name = needed(order, "Identity")?;
    order.cloud.change(order.place, |tenant| {
        let all = &mut tenant.connectors;
        let place = all.iter().position(|known| is_it(known, inbound, name));
        let place = place.ok_or_else(|| Failure::not_found(name))?;
        Ok(Done::on(all.remove(place).name))
    })
}
