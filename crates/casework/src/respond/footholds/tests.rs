//! Records as both logs write them, and what they leave behind.

use super::{Foothold, FootholdKind, Sign, of};
use crate::invented::{bag, event};
use model::{Event, Outcome, Timestamp};
use proptest::prelude::*;
use serde_json::json;

const NORA: &str = "nora@corp.example";

fn record(action: &str, rest: String) -> Event<'static> {
    let time = Timestamp::from_civil(2026, 3, 10, 9, 58, 1, 0).unwrap_or_default();
    Event {
        user: NORA.into(),
        rest,
        ..event("r1", time, action)
    }
}

fn cmdlet(action: &str, object: &str, parameters: &[(&str, &str)]) -> Vec<Foothold> {
    of(&Event {
        object: object.to_owned().into(),
        ..record(action, bag("Parameters", parameters))
    })
}

fn one(mut found: Vec<Foothold>) -> Foothold {
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn has(foothold: &Foothold, sign: &Sign) {
    assert!(foothold.signs.contains(sign), "{sign:?} in {foothold:?}");
}

fn name(text: &str) -> Sign {
    Sign::Name(text.to_owned())
}

fn id(text: &str) -> Sign {
    Sign::Id(text.to_owned())
}

#[test]
fn a_rule_of_a_browser_is_known_by_its_name_and_where_it_sends() {
    let found = one(cmdlet(
        "New-InboxRule",
        "X.EXAMPLE/Hosted Organizations/corp/nora\\.",
        &[
            ("Name", "."),
            ("ForwardTo", "\"Drop\" [SMTP:drop@mailbox-keep.example]"),
            ("Force", "False"),
        ],
    ));
    assert_eq!(
        (found.kind, found.owner.as_str()),
        (FootholdKind::InboxRule, "nora")
    );
    has(&found, &name("."));
    has(
        &found,
        &Sign::Address("drop@mailbox-keep.example".to_owned()),
    );
    assert_eq!(found.records, ["r1"]);
    assert_eq!(
        found.sentence,
        "nora@corp.example made the inbox rule `.` of nora at 2026-03-10T09:58:01Z"
    );
}

#[test]
fn a_rule_is_known_by_its_number_where_the_record_has_it() {
    let found = one(cmdlet(
        "Set-InboxRule",
        "nora\\12345678901234567890",
        &[
            ("Identity", "nora\\12345678901234567890"),
            ("Mailbox", "Nora@corp.example"),
        ],
    ));
    has(&found, &id("12345678901234567890"));
    assert_eq!(found.owner, NORA);
}

#[test]
fn a_rule_of_a_mail_client_is_known_by_its_number_without_a_sign() {
    let rest = bag(
        "OperationProperties",
        &[
            ("RuleOperation", "AddMailboxRule"),
            ("RuleId", "-6917529027641081856"),
            ("RuleName", ".."),
            (
                "RuleActions",
                r#"[{"ActionType":"Forward","Recipients":["x@drop.example"]}]"#,
            ),
        ],
    );
    let found = one(of(&Event {
        mailbox: NORA.into(),
        ..record("UpdateInboxRules", rest)
    }));
    has(&found, &id("11529215046068469760"));
    has(&found, &name(".."));
    has(&found, &Sign::Address("x@drop.example".to_owned()));
    let removed = bag(
        "OperationProperties",
        &[("RuleOperation", "RemoveMailboxRule"), ("RuleId", "1")],
    );
    assert!(of(&record("UpdateInboxRules", removed)).is_empty());
}

#[test]
fn what_takes_away_or_failed_leaves_nothing_behind() {
    for action in [
        "Remove-InboxRule",
        "Disable-InboxRule",
        "Remove-MailboxPermission",
        "Remove-TransportRule",
        "Get-InboxRule",
    ] {
        assert!(
            cmdlet(action, "nora\\.", &[("Identity", "nora\\.")]).is_empty(),
            "{action}"
        );
    }
    let failed = Event {
        outcome: Outcome::Failure,
        ..record("New-InboxRule", bag("Parameters", &[("Name", ".")]))
    };
    assert!(of(&failed).is_empty());
    let cleared = &[("Identity", "nora"), ("ForwardingSmtpAddress", "")];
    assert!(cmdlet("Set-Mailbox", "nora", cleared).is_empty());
    let cleared = &[("Identity", "nora"), ("ForwardingSmtpAddress", "$null")];
    assert!(cmdlet("Set-Mailbox", "nora", cleared).is_empty());
}

#[test]
fn forwarding_is_known_by_where_it_goes() {
    let found = one(cmdlet(
        "Set-Mailbox",
        "nora",
        &[
            ("Identity", "nora"),
            ("ForwardingSmtpAddress", "smtp:Drop@mailbox-keep.example"),
            ("DeliverToMailboxAndForward", "True"),
        ],
    ));
    assert_eq!(
        (found.kind, found.owner.as_str()),
        (FootholdKind::Forwarding, "nora")
    );
    has(
        &found,
        &Sign::Address("drop@mailbox-keep.example".to_owned()),
    );
}

#[test]
fn a_right_is_known_by_who_has_it() {
    for (action, parameter, kind) in [
        ("Add-MailboxPermission", "User", FootholdKind::FullAccess),
        ("Add-RecipientPermission", "Trustee", FootholdKind::SendAs),
        (
            "Set-Mailbox",
            "GrantSendOnBehalfTo",
            FootholdKind::SendOnBehalf,
        ),
    ] {
        let parameters = &[("Identity", "manager"), (parameter, "Helper@corp.example")];
        let found = one(cmdlet(action, "manager", parameters));
        assert_eq!((found.kind, found.owner.as_str()), (kind, "manager"));
        has(&found, &Sign::Trustee("helper@corp.example".to_owned()));
    }
}

#[test]
fn a_right_to_a_folder_is_known_by_both_kinds_of_records() {
    let found = one(cmdlet(
        "Add-MailboxFolderPermission",
        "",
        &[
            ("Identity", "nora@corp.example:\\Inbox"),
            ("User", "helper@corp.example"),
            ("AccessRights", "Reviewer"),
        ],
    ));
    assert_eq!(
        (found.kind, found.owner.as_str()),
        (FootholdKind::FolderRight, NORA)
    );
    has(&found, &Sign::Folder("\\inbox".to_owned()));
    let rest = json!({"Item": {"ParentFolder": {"Path": "\\Inbox", "MemberUpn": "helper@corp.example",
        "MemberRights": "ReadAny, Visible"}}});
    let same = one(of(&Event {
        mailbox: NORA.into(),
        ..record("AddFolderPermissions", rest.to_string())
    }));
    assert_eq!(same.signs, found.signs);
    let none = &[
        ("Identity", "nora:\\Inbox"),
        ("User", "Default"),
        ("AccessRights", "None"),
    ];
    assert!(cmdlet("Set-MailboxFolderPermission", "", none).is_empty());
}

/// A change of the directory as the audit log writes it.
fn audit(action: &str, target: &[&str], changes: &[(&str, &str, &str)]) -> Event<'static> {
    let target: Vec<_> = target
        .iter()
        .map(|id| json!({"ID": id, "Type": 2}))
        .collect();
    let changes: Vec<_> = changes
        .iter()
        .map(|(name, old, new)| json!({"Name": name, "OldValue": old, "NewValue": new}))
        .collect();
    record(
        action,
        json!({"Target": target, "ModifiedProperties": changes}).to_string(),
    )
}

/// The same as Graph writes it: values are JSON in strings.
fn graph(action: &str, kind: &str, id: &str, changes: &[(&str, &str, &str)]) -> Event<'static> {
    let quoted = |text: &str| {
        if text.starts_with('[') && !text.starts_with("[[") {
            text.to_owned()
        } else {
            json!(text).to_string()
        }
    };
    let changes: Vec<_> = changes
        .iter()
        .map(|(name, old, new)| json!({"displayName": name, "oldValue": quoted(old), "newValue": quoted(new)}))
        .collect();
    let target = json!([{"id": id, "type": kind, "displayName": "Reader",
        "userPrincipalName": (kind == "User").then_some(NORA), "modifiedProperties": changes}]);
    record(
        action,
        json!({"targetResources": target, "resultReason": ""}).to_string(),
    )
}

const PRINCIPAL: &str = "33333333-aaaa-4bbb-8ccc-000000000001";
const APP: &str = "44444444-aaaa-4bbb-8ccc-000000000001";

#[test]
fn a_consent_is_known_by_its_application_and_grant() {
    let permissions = format!(
        "[] => [[Id: g-1, ClientId: {PRINCIPAL}, PrincipalId: u, ResourceId: x, ConsentType: Principal, Scope: Mail.Read User.Read, CreatedDateTime: ]]; "
    );
    let changes = [
        ("ConsentContext.OnBehalfOfAll", "", "False"),
        ("ConsentAction.Permissions", "", permissions.as_str()),
        ("TargetId.ServicePrincipalNames", "", APP),
    ];
    let target = format!("ServicePrincipal_{PRINCIPAL}");
    for event in [
        audit("Consent to application", &[&target], &changes),
        graph(
            "Consent to application",
            "ServicePrincipal",
            PRINCIPAL,
            &changes,
        ),
    ] {
        let found = one(of(&event));
        assert_eq!(found.kind, FootholdKind::Grant);
        has(&found, &id("g-1"));
        has(&found, &Sign::Principal(PRINCIPAL.to_owned()));
        has(&found, &Sign::App(APP.to_owned()));
        assert!(!found.signs.contains(&Sign::ForAll));
    }
}

#[test]
fn a_grant_for_everybody_says_so() {
    let changes = [
        ("DelegatedPermissionGrant.Scope", "", "Mail.Read"),
        ("DelegatedPermissionGrant.ConsentType", "", "AllPrincipals"),
        ("ServicePrincipal.ObjectID", "", PRINCIPAL),
        ("ServicePrincipal.AppId", "", APP),
    ];
    for event in [
        audit(
            "Add delegated permission grant",
            &["ServicePrincipal_x"],
            &changes,
        ),
        graph(
            "Add delegated permission grant",
            "ServicePrincipal",
            "x",
            &changes,
        ),
    ] {
        let found = one(of(&event));
        has(&found, &Sign::ForAll);
        has(&found, &Sign::Principal(PRINCIPAL.to_owned()));
    }
}

#[test]
fn an_application_permission_is_known_by_role_and_application() {
    let changes = [
        ("AppRole.Id", "", "810C84A8-4a9e-49e6-bf7d-12d183f40d01"),
        ("AppRole.Value", "", "Mail.Read"),
        ("ServicePrincipal.ObjectID", "", PRINCIPAL),
    ];
    let event = audit(
        "Add app role assignment to service principal",
        &[],
        &changes,
    );
    let found = one(of(&event));
    assert_eq!(found.kind, FootholdKind::AppRole);
    has(
        &found,
        &Sign::Permission("810c84a8-4a9e-49e6-bf7d-12d183f40d01".to_owned()),
    );
}

#[test]
fn a_secret_is_known_by_its_key_and_old_ones_are_not_told() {
    let old =
        "[\r\n  \"[KeyIdentifier=k-own,KeyType=Password,KeyUsage=Verify,DisplayName=2025]\"\r\n]";
    let new = "[\r\n  \"[KeyIdentifier=k-own,KeyType=Password,KeyUsage=Verify,DisplayName=2025]\",\r\n  \"[KeyIdentifier=K-THEIRS,KeyType=Password,KeyUsage=Verify,DisplayName=sync]\"\r\n]";
    let registration = "77777777-aaaa-4bbb-8ccc-000000000001";
    let changes = [("KeyDescription", old, new)];
    let action = "Update application - Certificates and secrets management";
    let target = format!("Application_{registration}");
    for event in [
        audit(action, &[&target], &changes),
        graph(action, "Application", registration, &changes),
    ] {
        let found = one(of(&event));
        assert_eq!(found.kind, FootholdKind::Credential);
        has(&found, &id("k-theirs"));
        has(&found, &Sign::Registration(registration.to_owned()));
    }
}

#[test]
fn a_method_is_known_by_what_is_new() {
    let old = r#"[{"Id":"m-own","DeviceName":"Nora's phone"}]"#;
    let new =
        r#"[{"Id":"m-own","DeviceName":"Nora's phone"},{"Id":"M-theirs","DeviceName":"Pixel 6"}]"#;
    let changes = [("StrongAuthenticationPhoneAppDetail", old, new)];
    for event in [
        audit("Update user", &["User_x", NORA], &changes),
        graph("Update user", "User", "x", &changes),
    ] {
        let found = one(of(&event));
        assert_eq!(
            (found.kind, found.owner.as_str()),
            (FootholdKind::Method, NORA)
        );
        has(&found, &id("m-theirs"));
        has(&found, &name("pixel 6"));
    }
    let details = [(
        "StrongAuthenticationUserDetails",
        r#"[{"PhoneNumber":"+32 470000000"}]"#,
        r#"[{"PhoneNumber":"+32 470000000","AlternativePhoneNumber":"+234 8000"}]"#,
    )];
    let found = one(of(&audit("Update user", &[NORA], &details)));
    has(&found, &Sign::Phone("2348000".to_owned()));
    assert!(of(&audit("Update user", &[NORA], &[("DisplayName", "a", "b")])).is_empty());
}

#[test]
fn a_registration_tells_its_kind() {
    for (action, reason, kind) in [
        (
            "User registered security info",
            "User registered Authenticator App with Code",
            "code",
        ),
        (
            "User registered security info",
            "User registered Authenticator App with Notification and Code",
            "authenticator",
        ),
        (
            "User registered security info",
            "User registered Authenticator App with Notification",
            "authenticator",
        ),
        (
            "User registered security info",
            "User registered Mobile Phone SMS",
            "phone",
        ),
        ("Add FIDO2 security key", "", "key"),
    ] {
        let rest = json!({"resultReason": reason}).to_string();
        let found = one(of(&record(action, rest)));
        has(&found, &Sign::MethodKind(kind.to_owned()));
    }
}

#[test]
fn a_device_is_known_by_its_object() {
    let device = "88888888-aaaa-4bbb-8ccc-000000000001";
    let target = format!("Device_{device}");
    let changes = [("DisplayName", "[]", "[\r\n  \"DESKTOP-7Q2KLM\"\r\n]")];
    let made = one(of(&audit("Add device", &[&target], &changes)));
    has(&made, &id(device));
    has(&made, &name("desktop-7q2klm"));
    let changes = [
        ("Device.ObjectID", "", device),
        ("Device.DisplayName", "", "DESKTOP-7Q2KLM"),
    ];
    let owned = one(of(&audit(
        "Add registered owner to device",
        &[NORA],
        &changes,
    )));
    has(&owned, &id(device));
    assert_eq!(owned.owner, NORA);
}

#[test]
fn a_role_is_known_by_its_template_and_who_got_it() {
    let template = "62e90394-69f5-4237-9190-012177145e10";
    let changes = [
        ("Role.DisplayName", "", "Global Administrator"),
        ("Role.TemplateId", "", template),
    ];
    let found = one(of(&audit(
        "Add member to role",
        &["User_x", "helper@corp.example"],
        &changes,
    )));
    assert_eq!(found.owner, "helper@corp.example");
    has(&found, &Sign::Permission(template.to_owned()));
}

#[test]
fn a_role_that_an_application_got_is_not_the_one_of_whoever_gave_it() {
    let changes = [("Role.DisplayName", "", "Global Administrator")];
    let principal = "33333333-aaaa-4bbb-8ccc-000000000001";
    let target = format!("ServicePrincipal_{principal}");
    let found = one(of(&audit("Add member to role", &[&target], &changes)));
    assert_eq!(found.owner, "");
    has(&found, &Sign::Principal(principal.to_owned()));
}

#[test]
fn a_password_that_was_set_for_somebody_else_is_known() {
    let helper = "helper@corp.example";
    let found = one(of(&audit("Reset user password", &["User_x", helper], &[])));
    assert_eq!(
        (found.kind, found.owner.as_str()),
        (FootholdKind::Password, helper)
    );
    let made = one(of(&audit("Add user", &[helper], &[])));
    assert_eq!(made.kind, FootholdKind::Account);
    // One's own is no foothold: it is reset whatever the records say.
    assert!(of(&audit("Reset user password", &[NORA], &[])).is_empty());
}

#[test]
fn what_is_left_out_of_the_log_is_known() {
    let on = &[("Identity", "helper"), ("AuditBypassEnabled", "True")];
    let found = one(cmdlet("Set-MailboxAuditBypassAssociation", "helper", on));
    assert_eq!(
        (found.kind, found.owner.as_str()),
        (FootholdKind::AuditBypass, "helper")
    );
    let off = &[("Identity", "helper"), ("AuditBypassEnabled", "False")];
    assert!(cmdlet("Set-MailboxAuditBypassAssociation", "helper", off).is_empty());
    let off = &[("UnifiedAuditLogIngestionEnabled", "False")];
    let found = one(cmdlet("Set-AdminAuditLogConfig", "", off));
    assert!(found.kind.is_of_tenant());
}

#[test]
fn a_link_is_known_by_its_file_and_its_id() {
    let share = "99999999-aaaa-4bbb-8ccc-00000000000a";
    let rest = json!({"UniqueSharingId": share}).to_string();
    let found = one(of(&Event {
        object: "https://corp-my.sharepoint.example/personal/nora/Documents/Plan.xlsx".into(),
        ..record("AnonymousLinkCreated", rest)
    }));
    assert_eq!(found.kind, FootholdKind::Link);
    has(&found, &id(share));
    has(&found, &Sign::ForAll);
    for action in [
        "AnonymousLinkUsed",
        "AnonymousLinkRemoved",
        "FileDownloaded",
    ] {
        assert!(of(&record(action, "{}".to_owned())).is_empty(), "{action}");
    }
}

#[test]
fn the_tenants_own_mail_flow_is_known_by_name() {
    let rule = one(cmdlet(
        "New-TransportRule",
        "Journal copy",
        &[
            ("Name", "Journal copy"),
            ("BlindCopyTo", "ledger.copy@mailbox-keep.example"),
        ],
    ));
    has(&rule, &name("journal copy"));
    assert!(rule.kind.is_of_tenant());
    let off = &[("Identity", "Default"), ("AutoForwardingMode", "Off")];
    assert!(cmdlet("Set-HostedOutboundSpamFilterPolicy", "", off).is_empty());
    let on = &[("Identity", "Default"), ("AutoForwardingMode", "On")];
    let policy = one(cmdlet("Set-HostedOutboundSpamFilterPolicy", "", on));
    assert_eq!(policy.kind, FootholdKind::OutboundPolicy);
}

#[test]
fn hostile_names_are_marked_and_damaged_bodies_give_nothing() {
    let found = one(cmdlet(
        "New-InboxRule",
        "nora\\x",
        &[("Name", "a`b\u{202e}\n")],
    ));
    assert!(
        found.sentence.contains("`a'b<U+202E>`"),
        "{}",
        found.sentence
    );
    for rest in [
        "",
        "{",
        "[1,2",
        "{\"Parameters\":\"x\"}",
        "{\"ModifiedProperties\":[1]}",
    ] {
        for action in [
            "Set-Mailbox",
            "Update user",
            "Add member to role",
            "AddFolderPermissions",
        ] {
            let _ = of(&record(action, rest.to_owned()));
        }
    }
}

proptest! {
    #[test]
    fn no_body_panics_and_every_foothold_names_its_record(
        action in proptest::sample::select(vec![
            "New-InboxRule", "UpdateInboxRules", "Set-Mailbox", "Consent to application", "Update user",
            "Add member to role", "Add device", "SharingSet", "AddFolderPermissions", "New-TransportRule",
            "Update application - Certificates and secrets management", "Add user",
        ]),
        key in proptest::sample::select(vec![
            "Parameters", "OperationProperties", "ModifiedProperties", "Target", "TargetResources", "Item",
        ]),
        value in "[\\[\\]{}\":,a-zA-Z@=>. \\\\]{0,80}",
    ) {
        let rest = json!({key: value, "Item": {"ParentFolder": value}}).to_string();
        for found in of(&record(action, rest)) {
            prop_assert_eq!(found.records, ["r1"]);
        }
        for found in of(&record(action, value)) {
            prop_assert_eq!(found.records, ["r1"]);
        }
    }
}

#[test]
fn a_connector_that_was_made_is_theirs_and_one_that_was_changed_is_looked_at_first() {
    let made = &[("Name", "Relay"), ("SenderIPAddresses", "203.0.113.66")];
    let made = one(cmdlet("New-InboundConnector", "Relay", made));
    assert_eq!(
        (made.kind, made.doubt.as_str()),
        (FootholdKind::Connector, "")
    );
    let changed = &[("Identity", "Branch"), ("SmartHosts", "mx.box.example")];
    let changed = one(cmdlet("Set-OutboundConnector", "Branch", changed));
    has(&changed, &Sign::Name("branch".to_owned()));
    assert!(
        changed.doubt.contains("was there before"),
        "{}",
        changed.doubt
    );
    let off = &[("Identity", "Branch"), ("Enabled", "False")];
    assert!(cmdlet("Set-OutboundConnector", "Branch", off).is_empty());
}
