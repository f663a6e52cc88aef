//! The families beside the unified audit log, each in every dress it is known to wear.
//!
//! The records are invented. What real ones look like is checked against the data beside
//! the checkout, where that is there.

mod azure;
mod diagnostic;
mod directory;
mod inventory;
mod messages;
mod properties;
mod real;
mod risk;
mod sign_ins;

use model::{DateOrder, Event, Json, Normalised, Place, Raw, Shape, Timestamp, json};
use normalise::{Context, normalise};

pub(crate) const TENANT: &str = "7d3c1f60-0a4e-4b52-9c1d-2f6a8e5b9c01";

/// Normalises one record and looks at what came of it.
pub(crate) fn with<T>(shape: Shape, text: &str, look: impl FnOnce(&Normalised<'_>) -> T) -> T {
    with_tenant(shape, text, None, look)
}

pub(crate) fn with_tenant<T>(
    shape: Shape,
    text: &str,
    tenant: Option<&str>,
    look: impl FnOnce(&Normalised<'_>) -> T,
) -> T {
    let body = json::parse(text)
        .unwrap_or_else(|error| panic!("{error} in {text}"))
        .value;
    let raw = raw(shape, body);
    look(&normalise(
        &raw,
        &Context {
            tenant,
            ..Context::default()
        },
    ))
}

pub(crate) fn raw(shape: Shape, body: Json<'_>) -> Raw<'_> {
    Raw {
        shape,
        body,
        columns: Vec::new(),
        place: Place::default(),
        dates: DateOrder::Unknown,
    }
}

/// What must be alike in every dress.
pub(crate) fn facts(event: &Event<'_>) -> String {
    format!(
        "{} {} {} made={} print={:x}\n{} {} {:?} {} {} {}\n{} {} {} {} {}\n{} {} {} {} {} {} {}",
        event.source,
        event.tenant,
        event.id,
        event.id_made,
        event.fingerprint,
        // The portal writes whole seconds.
        event
            .time
            .map(|time| Timestamp(time.0 - time.0 % 1_000_000).to_string())
            .unwrap_or_default(),
        event.user,
        event.user_kind,
        event.user_key,
        event.workload,
        event.action,
        event.object,
        event.outcome.name(),
        event
            .address
            .map(|address| address.to_string())
            .unwrap_or_default(),
        event.error,
        event.result,
        event.app,
        event.resource_app,
        event.session,
        event.token,
        event.device,
        event.correlation,
        event.agent,
    )
}

/// Normalises one record in several dresses and demands the same facts of each.
pub(crate) fn same(dresses: &[(Shape, &str)]) -> String {
    let all: Vec<String> = dresses
        .iter()
        .map(|(shape, text)| {
            with_tenant(*shape, text, Some(TENANT), |found| {
                assert!(found.errors.is_empty(), "{shape:?}: {:?}", found.errors);
                assert!(!found.damaged, "{shape:?}");
                facts(&found.event)
            })
        })
        .collect();
    for (facts, (shape, _)) in all.iter().zip(dresses) {
        assert_eq!(facts, &all[0], "{shape:?} differs from {:?}", dresses[0].0);
    }
    all[0].clone()
}

pub(crate) fn diagnostic_line(category: &str, properties: &str) -> String {
    format!(
        r#"{{"time":"2026-03-01T09:16:01.1111111Z","resourceId":"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName":"Sign-in activity","category":"{category}","tenantId":"{TENANT}","resultType":"50126",
        "durationMs":"0","callerIpAddress":"203.0.113.7","Level":4,"properties":{properties}}}"#
    )
}

pub(crate) fn as_text(text: &str) -> String {
    let mut out = String::new();
    json::write_string(text, &mut out);
    out
}
