//! What holds for every record, however hostile.

use crate::{check_reassembly, repeats_an_item};
use model::json::{parse, parse_record};
use model::raw::LOOKED_INTO;
use model::{DateOrder, Json, Place, Raw, Shape};
use normalise::{Context, normalise};
use proptest::prelude::*;

const KEYS: &[&str] = &[
    "Id",
    "CreationTime",
    "Operation",
    "RecordType",
    "OrganizationId",
    "UserId",
    "UserType",
    "UserKey",
    "Workload",
    "ObjectId",
    "ResultStatus",
    "ErrorNumber",
    "ClientIP",
    "ClientIPAddress",
    "ActorIpAddress",
    "ActorIP",
    "SessionId",
    "MailboxOwnerUPN",
    "MailboxGuid",
    "AppId",
    "ClientAppId",
    "ApplicationId",
    "UserAgent",
    "ClientInfoString",
    "LogonType",
    "CorrelationId",
    "DeviceId",
    "Folders",
    "Item",
    "AffectedItems",
    "Folder",
    "DestFolder",
    "Messages",
    "OperationProperties",
    "ExtendedProperties",
    "DeviceProperties",
    "Parameters",
    "AppAccessContext",
    "Target",
    "$",
    "$$",
    "FolderItems",
    "InternetMessageId",
    "Path",
    "Name",
    "Value",
    "ParentFolder",
    "SizeInBytes",
    "Subject",
    "OfficeId",
    "RawEventData",
    "Logon_Type",
];

const WORDS: &[&str] = &[
    "",
    "a",
    "<a@x>",
    "\\Inbox",
    "Bind",
    "Sync",
    "MailAccessType",
    "50",
    "2",
    "1.2.3.4",
    "::1",
    "mira@x.example",
    "MIRA@X.EXAMPLE",
    "2024-02-05T08:09:10",
    "yesterday",
    "[{\"Name\":\"MailAccessType\",\"Value\":\"Sync\"}]",
    "{\"Id\":\"q\",\"Operation\":\"Send\"}",
    "[",
    "é\r\n\"\\",
];

fn any_json() -> impl Strategy<Value = Json<'static>> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        prop::sample::select(vec![
            "0",
            "-1",
            "2",
            "15",
            "50",
            "1e9",
            "1707120550",
            "99999999999999999999"
        ])
        .prop_map(Json::Number),
        prop::sample::select(WORDS).prop_map(|word| Json::String(word.into())),
        "\\PC{0,12}".prop_map(|text| Json::String(text.into())),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::btree_map(prop::sample::select(KEYS), inner, 0..6).prop_map(
                |entries| Json::Object(
                    entries
                        .into_iter()
                        .map(|(key, value)| (key.into(), value))
                        .collect()
                )
            ),
        ]
    })
}

fn any_record() -> impl Strategy<Value = Json<'static>> {
    let operations = [
        "MailItemsAccessed",
        "Send",
        "Update",
        "SoftDelete",
        "New-InboxRule",
        "Set-Mailbox",
        "UserLoggedIn",
        "UserLoginFailed",
    ];
    let fields = prop::collection::btree_map(prop::sample::select(KEYS), any_json(), 0..24);
    (
        prop::option::of(prop::sample::select(operations.to_vec())),
        fields,
    )
        .prop_map(|(operation, mut fields)| {
            if let Some(operation) = operation {
                fields.insert("Operation", Json::String(operation.into()));
            }
            Json::Object(
                fields
                    .into_iter()
                    .map(|(key, value)| (key.into(), value))
                    .collect(),
            )
        })
}

fn understood(body: Json<'_>) -> String {
    let raw = Raw {
        shape: Shape::UnifiedAudit,
        body,
        columns: Vec::new(),
        place: Place::default(),
        dates: DateOrder::Unknown,
    };
    format!("{:?}", normalise(&raw, &Context::default()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_folded_record_is_understood_like_an_open_one(body in any_record()) {
        let mut text = String::new();
        body.write(&mut text);
        let open = parse(&text).expect("JSON").value;
        let expected = understood(open);
        for looked_into in [LOOKED_INTO, &[]] {
            let folded = parse_record(&text, looked_into).expect("JSON").value;
            prop_assert_eq!(understood(folded), expected.clone());
        }
    }

    #[test]
    fn any_record_is_understood_without_panic_and_put_together_again(body in any_record()) {
        let raw = Raw { shape: Shape::UnifiedAudit, body, columns: Vec::new(), place: Place::default(), dates: DateOrder::Unknown };
        let context = Context::default();
        let found = normalise(&raw, &context);
        let repeats = repeats_an_item(&raw.body);
        if !repeats {
            check_reassembly(&raw.body, &found);
        }
    }

    #[test]
    fn any_row_is_understood_without_panic(body in any_json(), shape in prop::sample::select(vec![Shape::UnifiedAudit, Shape::OfficeActivity, Shape::CloudAppEvents])) {
        let raw = Raw { shape, body, columns: Vec::new(), place: Place::default(), dates: DateOrder::DayFirst };
        let context = Context::default();
        let found = normalise(&raw, &context);
        prop_assert!(parse(&found.event.rest).is_ok());
    }
}
