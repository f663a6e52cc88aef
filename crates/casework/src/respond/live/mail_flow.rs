//! What concerns everybody's mail: transport rules, connectors, policies for outbound mail, and
//! whether the log is written.

use super::{Found, Looking, Part};
use crate::respond::actions::flow::id;
use crate::respond::actions::{
    disable_connector, disable_transport_rule, set_outbound_autoforward_off, switch_audit_on,
};
use crate::respond::exchange::{field, word, words};
use crate::respond::footholds::{FootholdKind, Sign, called};
use crate::respond::names::is_same;
use crate::respond::object::{Object, ObjectKind};
use model::Json;
use model::recipients::recipients;
use std::collections::BTreeSet;

/// Asks for all of it: a tenant has few.
pub(super) fn begin(looking: &mut Looking) {
    let tenant = looking.live.tenant.clone();
    looking.want(Part::TransportRules, disable_transport_rule::all(&tenant));
    let (inbound, outbound) = (Part::InboundConnectors, Part::OutboundConnectors);
    looking.want(inbound, disable_connector::all(&tenant, "inbound"));
    looking.want(outbound, disable_connector::all(&tenant, "outbound"));
    let policies = set_outbound_autoforward_off::all(&tenant);
    looking.want(Part::OutboundPolicies, policies);
    looking.want(Part::AuditLog, switch_audit_on::one(&tenant));
}

fn found(looking: &Looking, kind: FootholdKind, object: ObjectKind, row: &Json<'_>) -> Found {
    let (id, name) = (id(row), word(row, "Name"));
    let name = if name.is_empty() { id.clone() } else { name };
    let mut signs = BTreeSet::from([Sign::Id(id.to_lowercase())]);
    for known in ["Name", "Identity"] {
        signs.insert(Sign::Name(word(row, known).trim().to_lowercase()));
    }
    signs.remove(&Sign::Name(String::new()));
    Found {
        kind,
        object: Object::new(&looking.live.tenant, object, "", &id, &name),
        signs,
        made: None,
        words: format!("{} {}", object.name(), called(&name)),
    }
}

/// Reads the transport rules.
pub(super) fn read_rules(looking: &mut Looking, rows: &[Json<'_>]) {
    for row in rows {
        let (kind, object) = (FootholdKind::TransportRule, ObjectKind::TransportRule);
        let mut found = found(looking, kind, object, row);
        for action in [
            "BlindCopyTo",
            "CopyTo",
            "AddToRecipients",
            "RedirectMessageTo",
        ] {
            let to = recipients(&words(row, action).join(";")).addresses;
            found.signs.extend(to.into_iter().map(Sign::Address));
        }
        looking.live.found.push(found);
    }
}

/// Reads the connectors of a direction.
pub(super) fn read_connectors(looking: &mut Looking, direction: &str, rows: &[Json<'_>]) {
    for row in rows {
        let (kind, object) = (FootholdKind::Connector, ObjectKind::Connector);
        let mut found = found(looking, kind, object, row);
        found.object = found.object.with("direction", direction);
        looking.live.found.push(found);
    }
}

/// Reads the policies for outbound mail: those that let mail be forwarded.
pub(super) fn read_policies(looking: &mut Looking, rows: &[Json<'_>]) {
    for row in rows {
        let mode = field(row, "AutoForwardingMode")
            .as_word()
            .unwrap_or_default();
        if !is_same(mode, "Off") {
            let (kind, object) = (FootholdKind::OutboundPolicy, ObjectKind::OutboundPolicy);
            let found = found(looking, kind, object, row);
            looking.live.found.push(found);
        }
    }
}

/// Reads whether the audit log is written.
pub(super) fn read_audit_log(looking: &mut Looking, rows: &[Json<'_>]) {
    let on = rows.first().and_then(|row| {
        let field = field(row, "UnifiedAuditLogIngestionEnabled");
        field.as_truth()
    });
    if on == Some(false) {
        let name = "unified audit log";
        let tenant = &looking.live.tenant;
        looking.live.found.push(Found {
            kind: FootholdKind::AuditOff,
            object: Object::new(tenant, ObjectKind::AuditLog, "", name, name),
            signs: BTreeSet::from([Sign::Name(name.to_owned())]),
            made: None,
            words: "the unified audit log, which is off".to_owned(),
        });
    }
}
