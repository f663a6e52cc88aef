//! The cmdlets that are known here, by name.

use serde_json::{Value, json};

use super::{Failure, Order, Output, change, mailboxes, search, trace};
use crate::stamp::seconds;
use crate::world::Connector;

/// What a cmdlet does.
enum Work {
    /// Runs, and may fail.
    Runs(fn(&Order<'_>) -> Result<Output, Failure>),
    /// Shows what stands in the tenant.
    Shows(fn(&Order<'_>) -> Vec<Value>),
    /// Finds nothing: no tenant of this cloud has any.
    Nothing,
}

use Work::{Nothing, Runs, Shows};

const CMDLETS: &[(&str, Work)] = &[
    ("Search-UnifiedAuditLog", Runs(search::run)),
    ("Get-MessageTraceV2", Runs(trace::run)),
    ("Get-MessageTraceDetailV2", Runs(trace::detail)),
    ("Get-Mailbox", Runs(mailboxes::mailboxes)),
    ("Get-EXOMailbox", Runs(mailboxes::mailboxes)),
    ("Get-CASMailbox", Runs(mailboxes::protocols)),
    ("Get-InboxRule", Runs(mailboxes::rules)),
    ("Get-SweepRule", Runs(mailboxes::sweep_rules)),
    ("Get-MailboxAuditBypassAssociation", Runs(mailboxes::bypass)),
    ("Get-MailboxPermission", Runs(mailboxes::permissions)),
    ("Get-RecipientPermission", Runs(mailboxes::send_as)),
    ("Get-MailboxFolderStatistics", Runs(mailboxes::folders)),
    (
        "Get-MailboxFolderPermission",
        Runs(mailboxes::folder_permissions),
    ),
    (
        "Get-MailboxAutoReplyConfiguration",
        Runs(mailboxes::automatic_replies),
    ),
    ("Get-MobileDevice", Runs(mailboxes::phones)),
    ("Get-AdminAuditLogConfig", Shows(audit_config)),
    ("Get-OrganizationConfig", Shows(organization)),
    ("Get-AcceptedDomain", Shows(domains)),
    ("Get-TransportRule", Shows(transport_rules)),
    ("Get-TransportConfig", Shows(transport_config)),
    ("Get-HostedOutboundSpamFilterPolicy", Shows(outbound)),
    ("Get-RemoteDomain", Shows(remote_domain)),
    ("Get-JournalRule", Nothing),
    (
        "Get-InboundConnector",
        Runs(|order| connectors(order, true)),
    ),
    (
        "Get-OutboundConnector",
        Runs(|order| connectors(order, false)),
    ),
    ("Get-TenantAllowBlockListItems", Nothing),
    ("Get-HostedContentFilterPolicy", Nothing),
    ("Get-HostedConnectionFilterPolicy", Nothing),
    ("Get-ApplicationAccessPolicy", Nothing),
    ("Get-ManagementRoleAssignment", Nothing),
    ("Get-ServicePrincipal", Nothing),
];

/// Runs a cmdlet; names are compared without regard to case.
pub(super) fn run(order: &Order<'_>) -> Result<Output, Failure> {
    if let Some(cmdlet) = change::find(&order.cmdlet) {
        return change::run(cmdlet, order);
    }
    let known = CMDLETS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&order.cmdlet));
    let (_, work) = known.ok_or_else(|| Failure::unknown(&order.cmdlet))?;
    match work {
        Runs(run) => run(order),
        Shows(show) => Ok(Output::of(show(order))),
        Nothing => Ok(Output::default()),
    }
}

/// Whether a cmdlet of this name changes something.
pub(super) fn changes(name: &str) -> bool {
    change::find(name).is_some()
}

/// Returns the names of all cmdlets.
pub(super) fn names() -> Vec<&'static str> {
    let changes = change::CMDLETS.iter().copied().flatten();
    let reads = CMDLETS.iter().map(|(name, _)| *name);
    reads.chain(changes.map(|cmdlet| cmdlet.name)).collect()
}

fn audit_config(order: &Order<'_>) -> Vec<Value> {
    let settings = &order.tenant.settings;
    vec![json!({
        "Name": "Admin Audit Log Settings", "AdminAuditLogEnabled": true,
        "UnifiedAuditLogIngestionEnabled": settings.unified_audit,
        "UnifiedAuditLogFirstOptInDate": seconds(settings.audit_since),
        "AdminAuditLogAgeLimit": "90.00:00:00",
    })]
}

fn organization(order: &Order<'_>) -> Vec<Value> {
    vec![json!({
        "Name": order.tenant.initial_domain, "DisplayName": order.tenant.name,
        "AuditDisabled": order.tenant.settings.audit_disabled, "IsDehydrated": false,
        "OAuth2ClientProfileEnabled": true, "CustomerLockboxEnabled": false,
    })]
}

fn domains(order: &Order<'_>) -> Vec<Value> {
    let domains = order.tenant.domains.iter().enumerate();
    let json = |(place, domain): (usize, &String)| {
        json!({"Name": domain, "DomainName": domain, "DomainType": "Authoritative", "Default": place == 0,
            "InitialDomain": *domain == order.tenant.initial_domain})
    };
    domains.map(json).collect()
}

fn transport_rules(order: &Order<'_>) -> Vec<Value> {
    let rules = order
        .tenant
        .transport_rules
        .iter()
        .enumerate()
        .map(|(place, rule)| {
            let mut body = json!({
                "Name": rule.name, "Guid": rule.id, "Identity": rule.name, "State": rule.state,
                "Mode": "Enforce", "Priority": place, "WhenChanged": seconds(rule.changed),
                "CreatedBy": rule.created_by, "LastModifiedBy": rule.created_by, "Description": "",
            });
            for (name, value) in &rule.parameters {
                body[name.as_str()] = parameter(value);
            }
            body
        });
    rules.collect()
}

/// The connectors of a direction, or the one that is named.
fn connectors(order: &Order<'_>, inbound: bool) -> Result<Output, Failure> {
    let named = order.parameters.text("Identity");
    let fits = |one: &&Connector| {
        let is_named =
            named.is_none_or(|name| one.id == name || one.name.eq_ignore_ascii_case(name));
        one.inbound == inbound && is_named
    };
    let found = order.tenant.connectors.iter().filter(fits);
    let found: Vec<Value> = found.map(connector).collect();
    match named {
        Some(name) if found.is_empty() => Err(Failure::not_found(name)),
        _ => Ok(Output::of(found)),
    }
}

/// A connector as the cmdlets show it.
pub(super) fn connector(one: &Connector) -> Value {
    let mut body = json!({
        "Name": one.name, "Identity": one.name, "Guid": one.id, "Enabled": one.enabled,
        "ConnectorType": "Partner", "ConnectorSource": "Default", "Comment": null, "IsValid": true,
        "CloudServicesMailEnabled": false, "WhenCreated": seconds(one.made),
        "WhenChanged": seconds(one.changed),
    });
    let lists: &[&str] = if one.inbound {
        &[
            "SenderDomains",
            "SenderIPAddresses",
            "AssociatedAcceptedDomains",
            "EFSkipIPs",
        ]
    } else {
        &["RecipientDomains", "SmartHosts"]
    };
    for name in lists {
        body[*name] = json!([]);
    }
    for (name, value) in &one.parameters {
        body[name.as_str()] = if lists.contains(&name.as_str()) {
            json!(value.split(';').collect::<Vec<_>>())
        } else {
            parameter(value)
        };
    }
    body
}

/// A parameter as a property: lists and switches are more than text.
pub(super) fn parameter(value: &str) -> Value {
    match value {
        "True" => json!(true),
        "False" => json!(false),
        text if text.contains(';') || text.contains('@') => {
            json!(text.split(';').collect::<Vec<_>>())
        }
        text => json!(text),
    }
}

fn transport_config(_: &Order<'_>) -> Vec<Value> {
    vec![json!({"Name": "Transport Settings", "SmtpClientAuthenticationDisabled": true})]
}

fn outbound(order: &Order<'_>) -> Vec<Value> {
    let mode = order.tenant.settings.auto_forwarding;
    vec![
        json!({"Name": "Default", "Identity": "Default", "IsDefault": true, "AutoForwardingMode": mode}),
    ]
}

fn remote_domain(order: &Order<'_>) -> Vec<Value> {
    let forwards = order.tenant.settings.remote_domain_forwarding;
    vec![
        json!({"Name": "Default", "Identity": "Default", "DomainName": "*", "AutoForwardEnabled": forwards}),
    ]
}
