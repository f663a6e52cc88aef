//! One invented record or more for each rule of the room.

use crate::{check_reassembly, messages, pairs, raw, record, unified, with};
use model::json::parse;
use model::{ActorKind, AddressClass, Json, Outcome, Shape, Touch};
use normalise::{Context, normalise};

#[test]
fn every_typed_field_is_filled() {
    let text = r#"{"CreationTime":"2024-02-05T08:09:10","Id":"0c1d","Operation":"UserLoggedIn","OrganizationId":"AAAAAAAA-0000-4000-8000-000000000001",
      "RecordType":15,"ResultStatus":"Success","UserKey":"9d","UserType":0,"Workload":"AzureActiveDirectory","ClientIP":"203.0.113.9:4433","ActorIpAddress":"203.0.113.9:4433",
      "ObjectId":"00000002-0000-0ff1-ce00-000000000000","UserId":"MiraB@fabrikam.example","ErrorNumber":"50140","ApplicationId":"ABCDEF00-0000-4000-8000-000000000002",
      "InterSystemsId":"c0","IntraSystemId":"0c1d",
      "ExtendedProperties":[{"Name":"UserAgent","Value":"Mozilla/5.0 (X)"},{"Name":"RequestType","Value":"Login:login"}],
      "DeviceProperties":[{"Name":"Id","Value":"dev-1"},{"Name":"SessionId","Value":"ses-1"}]}"#;
    unified(text, |found| {
        let event = &found.event;
        assert_eq!(event.source, "unified");
        assert_eq!(
            event.tenant.as_str(),
            "aaaaaaaa-0000-4000-8000-000000000001"
        );
        assert_eq!((event.id.as_str(), event.id_made), ("0c1d", false));
        assert_eq!(
            event.time.map(|time| time.to_string()).as_deref(),
            Some("2024-02-05T08:09:10Z")
        );
        assert_eq!(
            (event.record_type, &*event.workload),
            (Some(15), "AzureActiveDirectory")
        );
        assert_eq!(
            (&*event.user, &*event.user_text),
            ("mirab@fabrikam.example", "MiraB@fabrikam.example")
        );
        assert_eq!(
            (&*event.user_key, event.user_kind),
            ("9d", ActorKind::Person)
        );
        assert_eq!((event.outcome, &*event.error), (Outcome::Success, "50140"));
        assert_eq!(
            event.address.map(|address| address.to_string()).as_deref(),
            Some("203.0.113.9")
        );
        assert_eq!(
            (&*event.session, &*event.device, &*event.correlation),
            ("ses-1", "dev-1", "c0")
        );
        assert_eq!(&*event.app, "abcdef00-0000-4000-8000-000000000002");
        assert_eq!(&*event.resource_app, "00000002-0000-0ff1-ce00-000000000000");
        assert_eq!(&*event.agent, "Mozilla/5.0 (X)");
        assert!(found.errors.is_empty() && !found.damaged && found.items.is_empty());
    });
}

#[test]
fn the_tenant_is_the_records_own_word_first() {
    let context = Context {
        tenant: Some("Fabrikam"),
        ..Context::default()
    };
    let own = raw(Shape::UnifiedAudit, r#"{"Id":"a","OrganizationId":"AB"}"#);
    assert_eq!(normalise(&own, &context).event.tenant.as_str(), "ab");
    let none = raw(Shape::UnifiedAudit, r#"{"Id":"a"}"#);
    assert_eq!(normalise(&none, &context).event.tenant.as_str(), "fabrikam");
    assert_eq!(
        normalise(&none, &Context::default()).event.tenant.as_str(),
        "unknown"
    );
}

#[test]
fn operations_are_compared_without_their_typography() {
    for (operation, expected) in [
        ("Consent to application.", "Consent to application"),
        (
            "Update application \u{2013} Certificates and secrets management ",
            "Update application - Certificates and secrets management",
        ),
        ("Create company", "Create company"),
    ] {
        unified(&record(operation, ""), |found| {
            assert_eq!(
                (&*found.event.action, &*found.event.operation),
                (expected, operation)
            );
        });
    }
}

#[test]
fn an_undated_record_is_kept_and_only_a_wrong_time_damages_it() {
    let check = |time: &str, errors: &[&str], damaged: bool| {
        unified(
            &format!(r#"{{"Id":"a","Operation":"X","CreationTime":{time}}}"#),
            |found| {
                assert_eq!(found.event.time, None);
                assert_eq!(
                    (&found.errors[..], found.damaged),
                    (
                        &errors.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()[..],
                        damaged
                    )
                );
            },
        );
    };
    check("null", &["no CreationTime: kept undated"], false);
    check(
        "\"yesterday\"",
        &["the time `yesterday` cannot be read: kept undated"],
        true,
    );
    check("\"\"", &["the time `` cannot be read: kept undated"], true);
}

#[test]
fn a_record_without_id_gets_one_from_its_content() {
    let id = |text: &str| {
        unified(text, |found| {
            assert!(found.event.id_made);
            assert_eq!(found.errors, ["no Id: kept under a content hash"]);
            found.event.id.as_str().to_owned()
        })
    };
    let one = id(r#"{"CreationTime":"2024-02-05T08:09:10","Operation":"X","Id":null}"#);
    assert_eq!(
        one,
        id(
            r#"{"Operation":"X","Id":"","CreationTime":"2024-02-05T08:09:10"}"#
                .replace(r#""Id":"","#, "")
                .as_str()
        )
    );
    assert!(one.starts_with("sha256:"));
}

#[test]
fn the_address_is_the_callers_and_never_an_empty_one() {
    let check = |more: &str, text: &str, address: Option<&str>| {
        unified(&record("MailItemsAccessed", more), |found| {
            assert_eq!(&*found.event.address_text, text, "{more}");
            assert_eq!(
                found
                    .event
                    .address
                    .map(|address| address.to_string())
                    .as_deref(),
                address,
                "{more}"
            );
        });
    };
    check(
        r#","ClientIPAddress":"198.51.100.7","ClientIP":"203.0.113.1""#,
        "198.51.100.7",
        Some("198.51.100.7"),
    );
    check(
        r#","ClientIPAddress":"","ClientIP":"203.0.113.1""#,
        "203.0.113.1",
        Some("203.0.113.1"),
    );
    check(
        r#","ClientIPAddress":"::1","ClientIP":"[2001:db8::1]:4711""#,
        "[2001:db8::1]:4711",
        Some("2001:db8::1"),
    );
    check(
        r#","ClientIPAddress":"20.190.160.24","ActorIP":"203.0.113.1""#,
        "203.0.113.1",
        Some("203.0.113.1"),
    );
    check(r#","ClientIPAddress":"X""#, "X", None);
    check(r#","ClientIP":null"#, "", None);
    unified(&record("Create", r#","ClientIP":"::1""#), |found| {
        assert_eq!(
            found.event.address.map(|address| address.class()),
            Some(AddressClass::Loopback)
        );
    });
}

#[test]
fn the_client_application_is_never_the_resource() {
    const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
    let check = |more: &str, client: &str, resource: &str| {
        unified(&record("MailItemsAccessed", more), |found| {
            assert_eq!(
                (&*found.event.app, &*found.event.resource_app),
                (client, resource),
                "{more}"
            );
        });
    };
    check(
        &format!(r#","AppId":"{GRAPH}","ClientAppId":"AA01""#),
        "aa01",
        GRAPH,
    );
    check(
        &format!(r#","AppId":"{GRAPH}","ClientAppId":"""#),
        "",
        GRAPH,
    );
    check(
        &format!(r#","AppId":"{GRAPH}","ClientInfoString":"Client=REST;;[AppId=aa02]""#),
        "aa02",
        GRAPH,
    );
    check(r#","AppId":"aa03""#, "aa03", "");
    check(r#","AppId":"aa03","ClientAppId":"aa03""#, "aa03", "");
    check(
        &format!(
            r#","ClientAppId":"aa03","AppAccessContext":{{"ClientAppId":"aa04","APIId":"{GRAPH}"}}"#
        ),
        "aa04",
        GRAPH,
    );
}

#[test]
fn session_and_token_are_one_key_wherever_they_stand() {
    let more = r#","AppAccessContext":{"AADSessionId":"ses-2","UniqueTokenId":"AbC_d","CorrelationId":"cor"}"#;
    unified(&record("FileAccessed", more), |found| {
        assert_eq!(
            (
                &*found.event.session,
                &*found.event.token,
                &*found.event.correlation
            ),
            ("ses-2", "AbC_d", "cor")
        );
    });
}

#[test]
fn the_mailbox_of_an_administrators_cmdlet_is_the_one_it_names() {
    let check = |operation: &str, more: &str, expected: &str| {
        let text = format!(
            r#"{{"Id":"a","Operation":"{operation}","UserId":"MiraB@fabrikam.example","RecordType":1{more}}}"#
        );
        unified(&text, |found| {
            assert_eq!(&*found.event.mailbox, expected, "{operation} {more}");
        });
    };
    let identity =
        |value: &str| format!(r#","Parameters":[{{"Name":"Identity","Value":"{value}"}}]"#);
    check(
        "Set-Mailbox",
        &identity("Tom@fabrikam.example"),
        "tom@fabrikam.example",
    );
    check("Set-Mailbox", &identity("mirab"), "mirab@fabrikam.example");
    check(
        "Add-MailboxFolderPermission",
        &identity(r"tom@fabrikam.example:\\Inbox"),
        "tom@fabrikam.example",
    );
    check(
        "Set-Mailbox",
        r#","ObjectId":"EUR.PROD/Hosted Organizations/fabrikam/MiraB""#,
        "mirab@fabrikam.example",
    );
    check("Set-Mailbox", r#","ObjectId":"tom""#, "");
    check(
        "New-InboxRule",
        r#","Parameters":[{"Name":"Mailbox","Value":"Tom@fabrikam.example"}]"#,
        "tom@fabrikam.example",
    );
    check(
        "New-InboxRule",
        r#","ObjectId":"MiraB\\.""#,
        "mirab@fabrikam.example",
    );
    check("New-InboxRule", "", "mirab@fabrikam.example");
    check("Set-TransportConfig", &identity("tom@fabrikam.example"), "");
}

const BIND: &str = r#","OperationProperties":[{"Name":"MailAccessType","Value":"Bind"}],"ClientIPAddress":"198.51.100.7","Folders":[
  {"Id":"F1","Path":"\\Inbox","FolderItems":[{"InternetMessageId":"<a@x>"},{"InternetMessageId":"<b@x>"},{"InternetMessageId":"<a@x>"}]},
  {"Id":"F2","Path":"\\Sent Items","FolderItems":[{"InternetMessageId":"<a@x>","Id":"i1","SizeInBytes":12,"Subject":"Offer"}]},
  {"Id":"F3","Path":"\\Drafts","FolderItems":[]}]"#;

#[test]
fn bind_walks_every_folder_and_every_item() {
    unified(&record("MailItemsAccessed", BIND), |found| {
        let expected = [
            ("<a@x>", "\\Inbox"),
            ("<b@x>", "\\Inbox"),
            ("<a@x>", "\\Sent Items"),
            ("", "\\Drafts"),
        ];
        assert_eq!(messages(found), pairs(&expected));
        assert!(found.items.iter().all(|item| item.touch == Touch::Bind));
        let last = &found.items[2];
        assert_eq!(
            (
                &*last.item_id,
                &*last.subject,
                last.size_bytes,
                &*last.folder_id
            ),
            ("i1", "Offer", Some(12), "F2")
        );
        assert!(
            !found.event.rest.contains("Folders"),
            "the items say it all: {}",
            found.event.rest
        );
    });
}

#[test]
fn folders_stay_in_the_rest_when_the_items_cannot_say_it_all() {
    let more = BIND.replace(r#""Id":"i1""#, r#""Id":"i1","Sensitivity":"Private""#);
    unified(&record("MailItemsAccessed", &more), |found| {
        assert_eq!(found.items.len(), 4);
        assert!(found.event.rest.contains("Private"));
    });
}

#[test]
fn fields_as_text_name_the_same_messages() {
    let expected = unified(&record("MailItemsAccessed", BIND), messages);
    let object = format!("{{{}}}", &BIND[1..]);
    let parsed = parse(&object).expect("JSON").value;
    let mut more = String::new();
    for (key, value) in parsed.entries() {
        more.push_str(",\"");
        more.push_str(key);
        more.push_str("\":");
        let mut text = String::new();
        value.write(&mut text);
        match value {
            Json::Array(_) => Json::String(text.into()).write(&mut more),
            _ => more.push_str(&text),
        }
    }
    unified(&record("MailItemsAccessed", &more), |found| {
        assert_eq!(messages(found), expected);
    });
    let lower = record("MailItemsAccessed", BIND);
    let lower = [
        "Id",
        "CreationTime",
        "Operation",
        "OrganizationId",
        "RecordType",
        "Workload",
        "UserId",
        "MailboxOwnerUPN",
        "OperationProperties",
        "Folders",
        "FolderItems",
        "InternetMessageId",
        "Path",
        "Name",
        "Value",
    ]
    .iter()
    .fold(lower, |text, key| {
        text.replace(
            &format!("\"{key}\":"),
            &format!("\"{}\":", key.to_lowercase()),
        )
    });
    unified(&lower, |found| assert_eq!(messages(found), expected));
}

#[test]
fn sync_names_the_folder_and_no_message() {
    let more = r#","OperationProperties":[{"Name":"MailAccessType","Value":"Sync"}],"Item":{"Id":"F9","ParentFolder":{"Id":"F9","Name":"Entwürfe","Path":"Not Available"}}"#;
    unified(&record("MailItemsAccessed", more), |found| {
        assert_eq!(messages(found), pairs(&[("", "Entwürfe")]));
        assert_eq!(
            (found.items[0].touch, &*found.items[0].folder_id),
            (Touch::Sync, "F9")
        );
    });
}

#[test]
fn every_mailbox_operation_has_its_touch() {
    let item = r#","Item":{"Id":"Unknown","InternetMessageId":"<c@x>","Subject":"Hi","SizeInBytes":7,"ParentFolder":{"Id":"F1","Path":"\\Drafts"}}"#;
    for (operation, touch) in [
        ("Send", Touch::Send),
        ("SendAs", Touch::Send),
        ("SendOnBehalf", Touch::Send),
        ("Create", Touch::Create),
        ("Update", Touch::Update),
    ] {
        unified(&record(operation, item), |found| {
            assert_eq!(messages(found), pairs(&[("<c@x>", "\\Drafts")]));
            assert_eq!(
                (
                    found.items[0].touch,
                    &*found.items[0].item_id,
                    found.items[0].size_bytes
                ),
                (touch, "", Some(7))
            );
        });
    }
    let affected = r#","Folder":{"Id":"F1","Path":"\\Inbox"},"DestFolder":{"Id":"F4","Path":"\\Deleted Items"},"AffectedItems":[{"Id":"i1","InternetMessageId":"<d@x>","Subject":"S"},{"Id":"i2"}]"#;
    for (operation, touch) in [
        ("Move", Touch::Move),
        ("Copy", Touch::Move),
        ("MoveToDeletedItems", Touch::Move),
        ("SoftDelete", Touch::Delete),
        ("HardDelete", Touch::Delete),
    ] {
        unified(&record(operation, affected), |found| {
            assert_eq!(
                messages(found),
                pairs(&[("<d@x>", "\\Inbox"), ("", "\\Inbox")])
            );
            assert!(
                found
                    .items
                    .iter()
                    .all(|item| item.touch == touch && item.to_folder == "\\Deleted Items")
            );
        });
    }
    unified(&record("UpdateInboxRules", affected), |found| {
        assert!(found.items.is_empty() && found.errors.is_empty());
    });
}

#[test]
fn message_ids_have_one_form() {
    for spelled in [
        "<k@x>",
        "k@x",
        " <k@x> ",
        "<<k@x>>",
        "<k\\r\\n @x>",
        "<k@x>\\r\\n",
    ] {
        let more = format!(r#","Item":{{"InternetMessageId":"{spelled}"}}"#);
        unified(&record("Send", &more), |found| {
            assert_eq!(found.items[0].internet_message_id, "<k@x>", "{spelled}");
        });
    }
}

#[test]
fn a_mailbox_record_that_names_nothing_says_so() {
    unified(
        &record("MailItemsAccessed", r#","Folders":"[{cut""#),
        |found| {
            assert!(found.items.is_empty());
            assert!(
                found.errors.iter().any(|error| error.contains("Folders")),
                "{:?}",
                found.errors
            );
        },
    );
    unified(&record("Send", ""), |found| {
        assert_eq!(found.errors, ["Send names no message"]);
    });
    unified(
        r#"{"Id":"a","CreationTime":"2024-02-05T08:09:10","Operation":"Create","Workload":"Project"}"#,
        |found| assert!(found.errors.is_empty()),
    );
}

#[test]
fn a_row_of_sentinel_is_the_record_it_was() {
    let row = r#"{"TenantId":"workspace","RecordType":"ExchangeItemAggregated","TimeGenerated":"2024-02-05T08:09:10Z","Operation":"MailItemsAccessed",
      "OrganizationId":"AAAAAAAA-0000-4000-8000-000000000001","UserType":"Regular","OfficeWorkload":"Exchange","UserId":"MiraB@fabrikam.example","UserId_":"MiraB@fabrikam.example",
      "Logon_Type":"Delegated","Client_IPAddress":"198.51.100.7","MailboxOwnerUPN":"tom@fabrikam.example","OfficeId":"11111111-2222-3333-4444-555555555555","Site_":"",
      "OperationProperties":"[{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"}]","AppAccessContext":"{\"AADSessionId\":\"ses-3\"}",
      "Folders":"[{\"Id\":\"F1\",\"Path\":\"\\\\Inbox\",\"FolderItems\":[{\"InternetMessageId\":\"<a@x>\"}]}]"}"#;
    with(Shape::OfficeActivity, row, |found| {
        let event = &found.event;
        assert_eq!(
            (event.source, event.id.as_str()),
            ("unified", "11111111-2222-3333-4444-555555555555")
        );
        assert_eq!(
            (event.record_type, event.logon_type, event.user_kind),
            (Some(50), Some(2), ActorKind::Person)
        );
        assert_eq!(
            (&*event.mailbox, &*event.session, &*event.address_text),
            ("tom@fabrikam.example", "ses-3", "198.51.100.7")
        );
        assert_eq!(messages(found), pairs(&[("<a@x>", "\\Inbox")]));
        assert!(found.errors.is_empty() && !event.rest.contains("UserId_"));
    });
}

#[test]
fn a_row_of_defender_holds_the_record_as_object_or_text() {
    let inner = record("MailItemsAccessed", BIND);
    let expected = unified(&inner, |found| {
        (
            messages(found),
            found.event.fingerprint,
            found.event.id.to_string(),
        )
    });
    let mut quoted = String::new();
    Json::String(inner.as_str().into()).write(&mut quoted);
    for data in [inner.clone(), quoted] {
        let row = format!(
            r#"{{"Timestamp":"2024-02-05T08:09:10Z","ReportId":"r1","ActionType":"MailItemsAccessed","RawEventData":{data}}}"#
        );
        with(Shape::CloudAppEvents, &row, |found| {
            assert_eq!(
                (
                    messages(found),
                    found.event.fingerprint,
                    found.event.id.to_string()
                ),
                expected
            );
            assert_eq!(found.event.source, "unified");
        });
    }
    let bare = r#"{"Timestamp":"2024-02-05T08:09:10Z","ReportId":"r1","ActionType":"login","ObjectId":"o","AccountId":"MiraB@fabrikam.example"}"#;
    with(Shape::CloudAppEvents, bare, |found| {
        assert_eq!(
            (
                found.event.source,
                found.event.id.as_str(),
                &*found.event.action
            ),
            ("cloudapp", "r1", "login")
        );
        assert!(found.event.rest.contains("\"o\""));
    });
}

#[test]
fn a_record_is_put_together_again() {
    for text in [
        record(
            "MailItemsAccessed",
            &BIND.replace(r#",{"InternetMessageId":"<a@x>"}]"#, "]"),
        ),
        record(
            "Send",
            r#","ClientIP":"","AppId":null,"$":7,"$$":"x","Nested":{"$":1}"#,
        ),
        r#"{"Id":"","RecordType":"50","Operation":"X.","LogonType":"0","SessionId":""}"#.to_owned(),
        r#"{"id":"a","creationtime":"2022-12-12 22:19:00","operation":"X"}"#.to_owned(),
        "{}".to_owned(),
    ] {
        let raw = raw(Shape::UnifiedAudit, &text);
        check_reassembly(&raw.body, &normalise(&raw, &Context::default()));
    }
}

#[test]
fn no_value_is_kept_twice() {
    unified(&record("MailItemsAccessed", BIND), |found| {
        for word in [
            "11111111-2222",
            "2024-02-05",
            "MailItemsAccessed",
            "MiraB",
            "198.51.100.7",
            "Succeeded",
            "\"Exchange\"",
        ] {
            assert!(
                !found.event.rest.contains(word),
                "{word} in {}",
                found.event.rest
            );
        }
    });
}
