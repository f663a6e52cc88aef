//! What is left behind in everybody's mail flow.

use super::cmdlet::Cmdlet;
use super::{Foothold, FootholdKind, Sign, called, foothold};
use crate::respond::names::last;
use model::Event;
use model::recipients::recipients;

/// Reads a transport rule, a connector, or a policy that lets mail be forwarded.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let Some(cmdlet) = Cmdlet::read(event).filter(Cmdlet::is_making) else {
        return Vec::new();
    };
    let kind = match cmdlet.noun.as_str() {
        "transportrule" => FootholdKind::TransportRule,
        "inboundconnector" | "outboundconnector" => FootholdKind::Connector,
        "hostedoutboundspamfilterpolicy" => FootholdKind::OutboundPolicy,
        _ => return Vec::new(),
    };
    let is_off = cmdlet.truth("Enabled") == Some(false);
    let mode = cmdlet.value("AutoForwardingMode");
    let lets_forward = mode.is_some_and(|mode| !mode.eq_ignore_ascii_case("Off"));
    if is_off || (kind == FootholdKind::OutboundPolicy && !lets_forward) {
        return Vec::new();
    }
    // A rule's name may hold a slash; only in the directory's paths it divides.
    let identity = cmdlet.identity();
    let identity = if identity.contains("Hosted Organizations/") {
        last(identity)
    } else {
        identity
    };
    let name = match cmdlet.verb.as_str() {
        "new" => cmdlet.value("Name").unwrap_or(identity),
        _ => identity,
    };
    let mut signs = vec![
        Sign::Name(name.trim().to_lowercase()),
        Sign::Id(name.trim().to_lowercase()),
    ];
    if let Some(renamed) = cmdlet.value("Name") {
        signs.push(Sign::Name(renamed.trim().to_lowercase()));
    }
    for parameter in [
        "BlindCopyTo",
        "CopyTo",
        "AddToRecipients",
        "RedirectMessageTo",
    ] {
        let to = recipients(cmdlet.value(parameter).unwrap_or_default()).addresses;
        signs.extend(to.into_iter().map(Sign::Address));
    }
    let did = if cmdlet.verb == "new" {
        "made"
    } else {
        "changed"
    };
    let what = format!("{did} the {} {}", kind.name(), called(name));
    let mut foothold = foothold(event, kind, "", signs, &what);
    if kind == FootholdKind::Connector && cmdlet.verb != "new" {
        // It was there before, and may carry everybody's mail.
        "the connector was there before and was changed: switching it off may stop mail"
            .clone_into(&mut foothold.doubt);
    }
    vec![foothold]
}
