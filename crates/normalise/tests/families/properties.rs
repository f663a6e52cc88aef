//! What must hold of any record at all.

use crate::raw;
use model::{Json, Shape, json};
use normalise::{Context, normalise};
use proptest::prelude::*;
use std::borrow::Cow;

const ALL_SHAPES: [Shape; 24] = [
    Shape::UnifiedAudit,
    Shape::OfficeActivity,
    Shape::CloudAppEvents,
    Shape::SignInGraph,
    Shape::SignInTable,
    Shape::SignInPortal,
    Shape::DirectoryAuditGraph,
    Shape::DirectoryAuditTable,
    Shape::DirectoryAuditPortal,
    Shape::RiskGraph,
    Shape::RiskTable,
    Shape::Diagnostic,
    Shape::AzureActivityApi,
    Shape::AzureActivityTable,
    Shape::AzureActivityPortal,
    Shape::DevOpsAuditApi,
    Shape::DevOpsAuditTable,
    Shape::MessageTrace,
    Shape::MessageTraceGraph,
    Shape::MessageTraceReport,
    Shape::EmailEvents,
    Shape::MailboxInventory,
    Shape::Alert,
    Shape::Other,
];

/// Keys that the families look at, so that arbitrary values reach the code behind them.
const KEYS: &[&str] = &[
    "id",
    "Id",
    "time",
    "category",
    "properties",
    "createdDateTime",
    "TimeGenerated",
    "status",
    "ResultType",
    "signInEventTypes",
    "deviceDetail",
    "initiatedBy",
    "targetResources",
    "additionalDetails",
    "additionalInfo",
    "riskLastUpdatedDateTime",
    "claims",
    "identity",
    "operationName",
    "resourceId",
    "Hierarchy",
    "tenantId",
    "evidence",
    "alerts",
    "entities",
    "Actor",
    "recipientStatus",
    "MessageTraceId",
    "Timestamp",
    "user",
    "app",
    "value",
    "$",
    "RawEventData",
    "httpRequest",
    "correlationId",
    "Size",
    "userId",
    "scopeId",
];

fn any_value() -> impl Strategy<Value = Json<'static>> {
    let words = prop::sample::select(vec![
        "",
        "x",
        "0",
        "-1",
        "AuditLogs",
        "SignInLogs",
        "RiskyUsers",
        "Administrative",
        "AdvancedHunting-EmailEvents",
        "AdvancedHunting-CloudAppEvents",
        "2026-03-01T09:00:00Z",
        "{",
        "[",
        "{\"user\":[]}",
        "[{\"key\":1}]",
        "{\"claims\":\"{}\"}",
        "[1,null,\"x\"]",
        "/tenants/",
        "\u{202e}é",
        "[::1]:1",
        "Success",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        prop::sample::select(vec![
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            "1772355600"
        ])
        .prop_map(Json::Number),
        words.prop_map(|word| Json::String(Cow::Borrowed(word))),
        "\\PC{0,12}".prop_map(|text| Json::String(Cow::Owned(text))),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            any_object(inner),
        ]
    })
}

fn any_object(value: impl Strategy<Value = Json<'static>>) -> impl Strategy<Value = Json<'static>> {
    let key = prop::sample::select(KEYS).prop_map(Cow::Borrowed);
    prop::collection::vec((key, value), 0..12).prop_map(Json::Object)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_record_in_any_dress_makes_it_panic(body in any_object(any_value())) {
        for shape in ALL_SHAPES {
            let raw = raw(shape, body.clone());
            let context = Context::default();
            let found = normalise(&raw, &context);
            prop_assert!(!found.event.id.as_str().is_empty(), "{shape:?}");
            prop_assert!(json::parse(&found.event.rest).is_ok(), "{shape:?}: {}", found.event.rest);
        }
    }
}
