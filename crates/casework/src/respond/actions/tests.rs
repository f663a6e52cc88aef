//! Every action against an invented tenant: how it stands, what is sent, that it is done, that it
//! is taken back; and what each documented refusal means.

use crate::respond::action::{Action, Reversible};
use crate::respond::catalogue::{action, catalogue};
use crate::respond::heard::{Heard, Retry};
use crate::respond::invented::{
    BACKUP, GRAPH, NORA, NORA_ID, READER, ROLE, TENANT, Tenant, error, exchange_error, reply,
};
use crate::respond::object::{Object, ObjectKind};
use crate::respond::state::State;
use model::{Change, Reply, Secret};
use serde_json::json;

fn object(kind: ObjectKind, id: &str, name: &str) -> Object {
    Object::new(TENANT, kind, NORA, id, name)
}

fn user() -> Object {
    object(ObjectKind::User, NORA_ID, "Nora Lindqvist")
}

/// Each action with the object of the intruder's that it is tried on.
fn cases() -> Vec<(&'static str, Object)> {
    use ObjectKind as Kind;
    vec![
        ("block-sign-in", user()),
        ("confirm-compromised", user()),
        ("revoke-sessions", user()),
        ("reset-password", user()),
        (
            "revoke-grant",
            object(Kind::Grant, "g/theirs=", READER)
                .with("clientId", READER)
                .with("resourceId", GRAPH)
                .with("principalId", NORA_ID),
        ),
        (
            "revoke-app-role",
            object(Kind::AppRole, "ar-1", "reader")
                .with("principalId", READER)
                .with("resourceId", GRAPH)
                .with("appRoleId", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"),
        ),
        (
            "remove-app-credential",
            object(Kind::Credential, "k-theirs", "sync")
                .with("holder", "reg-1")
                .with("where", "applications"),
        ),
        (
            "remove-app-credential",
            object(Kind::Credential, "c-theirs", "CN=x")
                .with("holder", "reg-1")
                .with("where", "applications"),
        ),
        (
            "disable-service-principal",
            object(Kind::ServicePrincipal, READER, "reader"),
        ),
        (
            "block-by-policy",
            object(Kind::User, NORA_ID, "Nora Lindqvist").with("spared", "break-glass"),
        ),
        (
            "remove-role",
            object(Kind::RoleAssignment, "ra-1", "Global Administrator")
                .with("principalId", NORA_ID)
                .with("roleDefinitionId", ROLE)
                .with("directoryScopeId", "/"),
        ),
        (
            "remove-method",
            object(Kind::Method, "m-theirs", "Pixel 6")
                .with("type", "softwareOath")
                .with("userId", NORA_ID),
        ),
        (
            "remove-method",
            object(Kind::Method, "3179e48a-750b-4051-897c-87b9720928f7", "+32")
                .with("type", "phone")
                .with("userId", NORA_ID),
        ),
        (
            "disable-device",
            object(Kind::Device, "d-theirs", "DESKTOP-7Q2KLM"),
        ),
        ("disable-rule", object(Kind::InboxRule, "111", ".")),
        (
            "disable-rule",
            object(Kind::InboxRule, "111", ".").with("graph", "graph-111"),
        ),
        // A rule that is only known by its name.
        ("disable-rule", object(Kind::InboxRule, "", "Newsletters")),
        ("remove-rule", object(Kind::InboxRule, "222", "Newsletters")),
        (
            "remove-rule",
            object(Kind::InboxRule, "222", "Newsletters").with("graph", "graph-222"),
        ),
        (
            "disable-sweep-rule",
            object(Kind::SweepRule, "s1", "Sweep bank"),
        ),
        ("clear-forwarding", object(Kind::Mailbox, NORA, NORA)),
        ("auto-reply-off", object(Kind::Mailbox, NORA, NORA)),
        ("disable-protocols", object(Kind::Mailbox, NORA, NORA)),
        (
            "remove-mailbox-permission",
            object(Kind::MailboxPermission, "helper@corp.example", "helper"),
        ),
        (
            "remove-recipient-permission",
            object(Kind::RecipientPermission, "helper@corp.example", "helper"),
        ),
        (
            "remove-send-on-behalf",
            object(Kind::SendOnBehalf, "helper@corp.example", "helper"),
        ),
        (
            "remove-folder-permission",
            object(Kind::FolderPermission, "Helper Person", "Helper Person")
                .with("folder", "\\Inbox"),
        ),
        (
            "remove-folder-permission",
            object(Kind::FolderPermission, "Default", "Default").with("folder", "\\Inbox"),
        ),
        (
            "expire-sharing-link",
            object(Kind::SharingLink, "p-theirs", "https://x")
                .with("drive", "dr1")
                .with("item", "i1"),
        ),
        (
            "disable-transport-rule",
            object(Kind::TransportRule, "t-theirs", "Journal copy"),
        ),
        (
            "disable-connector",
            object(Kind::Connector, "Relay", "Relay").with("direction", "inbound"),
        ),
        (
            "disable-connector",
            object(Kind::Connector, "Smart", "Smart").with("direction", "outbound"),
        ),
        ("end-audit-bypass", object(Kind::Mailbox, NORA, NORA)),
        (
            "switch-audit-on",
            object(Kind::AuditLog, "unified audit log", "unified audit log"),
        ),
        (
            "set-outbound-autoforward-off",
            object(Kind::OutboundPolicy, "Default", "Default"),
        ),
    ]
}

fn known(id: &str) -> &'static dyn Action {
    action(id).expect("an action of that id")
}

fn asked(tenant: &Tenant, action: &dyn Action, object: &Object) -> Vec<Reply> {
    let asks = action.look(object);
    asks.iter().map(|ask| tenant.answer(ask)).collect()
}

fn seen(tenant: &Tenant, action: &dyn Action, object: &Object) -> State {
    let replies = asked(tenant, action, object);
    let seen = action.seen(object, &replies);
    seen.unwrap_or_else(|why| panic!("{}: {why}", action.about().id))
}

fn make(tenant: &mut Tenant, action: &dyn Action, object: &Object, changes: &[Change]) {
    for change in changes {
        let reply = tenant.make(change);
        let heard = action.heard(object, &reply);
        assert_eq!(heard, Heard::Taken, "{} {change:?}", action.about().id);
    }
}

#[test]
fn every_action_is_tried() {
    let tried: Vec<&str> = cases().iter().map(|(id, _)| *id).collect();
    for one in catalogue() {
        let id = one.about().id;
        assert!(
            id == "purge-sent" || tried.contains(&id),
            "{id} is not tried"
        );
    }
}

#[test]
fn every_action_is_done_and_read_back_and_taken_back() {
    for (id, object) in cases() {
        let action = known(id);
        let mut tenant = Tenant::new();
        let before = seen(&tenant, action, &object);
        assert!(!before.is_gone(), "{id}");
        assert!(
            !action.is_done(&object, &before, &before),
            "{id}: there is something to do"
        );
        if action.needs_secret() {
            let sealed = action.change_with(&object, &before, &Secret::from("pw".to_owned()));
            let sealed = sealed.expect("a request");
            make(
                &mut tenant,
                action,
                &object,
                std::slice::from_ref(sealed.open()),
            );
        } else {
            let changes = action.change(&object, &before).expect("requests");
            make(&mut tenant, action, &object, &changes);
        }
        let after = seen(&tenant, action, &object);
        assert!(
            action.is_done(&object, &before, &after),
            "{id}: {before} -> {after}"
        );
        assert_ne!(before, after, "{id}");
        taken_back(&mut tenant, action, &object, &before, &after);
    }
}

fn taken_back(
    tenant: &mut Tenant,
    action: &dyn Action,
    object: &Object,
    before: &State,
    after: &State,
) {
    let id = action.about().id;
    assert!(!action.is_undone(object, before, after), "{id}");
    let undo = match action.undo_from(object, before, after) {
        Ok(undo) => undo,
        Err(why) => {
            assert_ne!(action.about().reversible, Reversible::Yes, "{id}: {why}");
            return;
        }
    };
    make(tenant, action, object, &undo);
    let replies = asked(tenant, action, object);
    let again = action.seen_undone(object, before, &replies);
    let again = again.expect("how it stands");
    assert!(
        action.is_undone(object, before, &again),
        "{id}: {before} -> {again}"
    );
    if action.about().reversible == Reversible::Yes {
        assert_eq!(again, *before, "{id}");
    }
}

#[test]
fn nothing_of_the_others_is_touched() {
    let rest = |tenant: &Tenant, list: &str, own: &str| {
        let rows = tenant.lists[list].iter();
        let rows = rows.filter(|row| !row.to_string().contains(own));
        rows.cloned().collect::<Vec<_>>()
    };
    for (id, object, list, own) in [
        (
            "disable-rule",
            object(ObjectKind::InboxRule, "111", "."),
            "InboxRule",
            "111",
        ),
        (
            "remove-mailbox-permission",
            object(ObjectKind::MailboxPermission, "helper@corp.example", ""),
            "MailboxPermission",
            "helper",
        ),
        (
            "disable-device",
            object(ObjectKind::Device, "d-theirs", ""),
            "devices",
            "theirs",
        ),
    ] {
        let mut tenant = Tenant::new();
        let untouched = rest(&tenant, list, own);
        let before = seen(&tenant, known(id), &object);
        let changes = known(id).change(&object, &before).expect("requests");
        make(&mut tenant, known(id), &object, &changes);
        assert_eq!(rest(&tenant, list, own), untouched, "{id}");
    }
    let mut tenant = Tenant::new();
    let certificate = object(ObjectKind::Credential, "c-theirs", "")
        .with("holder", "reg-1")
        .with("where", "applications");
    let action = known("remove-app-credential");
    let before = seen(&tenant, action, &certificate);
    let changes = action.change(&certificate, &before).expect("requests");
    make(&mut tenant, action, &certificate, &changes);
    let left = &tenant.lists["applications"][0]["keyCredentials"];
    assert_eq!(left[0]["keyId"], "c-own");
    assert_eq!(left.as_array().map(Vec::len), Some(1));
}

#[test]
fn what_cannot_be_read_is_never_a_state() {
    let html = "<html>proxy</html>";
    for (status, body) in [
        (
            403,
            error(
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            ),
        ),
        (401, String::new()),
        (404, html.to_owned()),
        (
            404,
            exchange_error("The term 'Get-X' is not recognized as the name of a cmdlet"),
        ),
        (429, error("TooManyRequests", "slow down")),
        (500, "\0\0".to_owned()),
        (200, html.to_owned()),
        (200, "{\"value\":[{\"a\":".to_owned()),
    ] {
        for (id, object) in cases() {
            let action = known(id);
            let replies: Vec<Reply> = action
                .look(&object)
                .iter()
                .map(|_| reply(status, &body))
                .collect();
            let seen = action.seen(&object, &replies);
            let why = seen.expect_err(&format!("{id} {status} {body}"));
            assert!(!why.is_empty());
            if status == 403 {
                let needed = action.about().permissions[0];
                assert!(why.contains(needed), "{id}: {why}");
            }
        }
    }
    for (id, object) in cases() {
        assert!(
            known(id).seen(&object, &[]).is_err(),
            "{id}: nothing was answered"
        );
    }
}

#[test]
fn a_part_of_a_list_does_not_show_that_something_is_gone() {
    let part = json!({"value": [], "@odata.nextLink": "https://x/y"}).to_string();
    for (id, object) in cases() {
        let action = known(id);
        let seen = action.seen(&object, &[reply(200, &part)]);
        assert!(seen.is_err(), "{id}: {seen:?}");
    }
}

#[test]
fn a_policy_shuts_out_one_account_and_spares_who_must_never_be_shut_out() {
    let action = known("block-by-policy");
    let nora = object(ObjectKind::User, NORA_ID, "").with("spared", "break-1,break-2");
    let mut tenant = Tenant::new();
    let before = seen(&tenant, action, &nora);
    let made = action.change(&nora, &before).expect("requests");
    make(&mut tenant, action, &nora, &made);
    let policies = &tenant.lists["policies"];
    let own = policies.last().expect("a policy");
    let users = &own["conditions"]["users"];
    assert_eq!(users["includeUsers"], json!([NORA_ID]));
    assert_eq!(users["excludeUsers"], json!(["break-1", "break-2"]));
    assert_eq!(own["grantControls"]["builtInControls"], json!(["block"]));
    let others = policies.len() - 1;

    // Switched off by somebody, it is switched on again, and off where that is taken back.
    let last = tenant.list("policies").last_mut().expect("a policy");
    last["state"] = json!("disabled");
    let off = seen(&tenant, action, &nora);
    let on = action.change(&nora, &off).expect("requests");
    make(&mut tenant, action, &nora, &on);
    let again = seen(&tenant, action, &nora);
    assert!(action.is_done(&nora, &off, &again), "{again}");
    let back = action.undo_from(&nora, &off, &again).expect("requests");
    make(&mut tenant, action, &nora, &back);
    assert_eq!(seen(&tenant, action, &nora), off);

    // One of the same name that holds for somebody else is not ours.
    let last = tenant.list("policies").last_mut().expect("a policy");
    last["conditions"]["users"]["includeUsers"] = json!(["somebody"]);
    let theirs = seen(&tenant, action, &nora);
    assert!(action.change(&nora, &theirs).is_err());
    assert_eq!(tenant.lists["policies"].len(), others + 1);
}

#[test]
fn an_empty_list_with_a_warning_is_no_answer() {
    let warned = json!({"value": [], "@adminapi.warnings": ["A task was canceled."]}).to_string();
    let rule = object(ObjectKind::InboxRule, "111", ".");
    let seen = known("disable-rule").seen(&rule, &[reply(200, &warned)]);
    assert!(seen.expect_err("a warning").contains("canceled"));
}

#[test]
fn what_is_gone_is_gone_and_nothing_is_sent() {
    for (id, object) in cases() {
        let action = known(id);
        let gone = State::gone();
        if action.is_done(&object, &gone, &gone) {
            assert!(action.change(&object, &gone).is_err(), "{id}");
        }
    }
}

#[test]
fn documented_remarks_are_understood() {
    let right = known("remove-mailbox-permission");
    let helper = object(ObjectKind::MailboxPermission, "helper@corp.example", "");
    let warned = |text: &str| {
        reply(
            200,
            &json!({"value": [], "@adminapi.warnings": [text]}).to_string(),
        )
    };
    for text in [
        "The appropriate access control entry is already gone because the ACE doesn't exist on the object.",
        "... because the ACE isn't present.",
        "The command completed successfully but no settings of 'nora' have been modified.",
    ] {
        let heard = right.heard(&helper, &warned(text));
        assert!(matches!(heard, Heard::AlreadySo(_)), "{text}: {heard:?}");
    }
    let heard = right.heard(
        &helper,
        &warned("It may take an hour until the change holds."),
    );
    assert_eq!(heard, Heard::Taken);
    let heard = right.heard(&helper, &warned("The task failed on one server."));
    assert!(matches!(heard, Heard::Refused { .. }));
}

#[test]
fn a_method_that_is_the_default_is_tried_again_after_the_others() {
    let method = known("remove-method");
    let theirs = object(ObjectKind::Method, "m-own", "")
        .with("type", "microsoftAuthenticator")
        .with("userId", NORA_ID);
    for text in [
        "Cannot delete default method with other methods configured. Please change the default method first.",
        "The method matches the user's current default authentication method",
    ] {
        let heard = method.heard(&theirs, &reply(400, &error("badRequest", text)));
        let Heard::Refused { retry, hint, .. } = heard else {
            panic!("{text}");
        };
        assert_eq!(retry, Retry::AfterOthers);
        assert!(hint.contains("after the others"));
    }
}

#[test]
fn a_refusal_over_a_role_holder_names_the_role_and_is_not_retried() {
    let body = error(
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    );
    for id in ["block-sign-in", "reset-password"] {
        let Heard::Refused { what, hint, retry } = known(id).heard(&user(), &reply(403, &body))
        else {
            panic!("{id}");
        };
        assert_eq!(retry, Retry::No);
        assert!(what.contains("Insufficient privileges"));
        assert!(
            hint.contains("Privileged Authentication Administrator"),
            "{hint}"
        );
        assert!(hint.contains(known(id).about().permissions[0]), "{hint}");
    }
    let heard = known("block-sign-in").heard(&user(), &reply(503, ""));
    assert!(matches!(
        heard,
        Heard::Refused {
            retry: Retry::Later,
            ..
        }
    ));
    let licence = error(
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "no",
    );
    let heard = known("confirm-compromised").heard(&user(), &reply(403, &licence));
    assert!(matches!(heard, Heard::Refused { hint, .. } if hint.contains("licence")));
    let gone = error("Request_ResourceNotFound", "it does not exist");
    let heard = known("revoke-grant").heard(&user(), &reply(404, &gone));
    assert!(matches!(heard, Heard::AlreadySo(_)));
}

#[test]
fn a_secret_is_in_no_text_but_the_request() {
    let action = known("reset-password");
    let before = seen(&Tenant::new(), action, &user());
    let secret = Secret::from("Sesame-open-1".to_owned());
    let sealed = action
        .change_with(&user(), &before, &secret)
        .expect("a request");
    assert!(
        sealed
            .open()
            .body
            .as_deref()
            .is_some_and(|body| body.contains("Sesame-open-1"))
    );
    let texts = [
        format!("{secret:?}"),
        format!("{sealed:?}"),
        format!("{before:?} {before}"),
        action.wanted(&user(), &before).to_string(),
        action.manual(&user()),
    ];
    assert!(
        texts.iter().all(|text| !text.contains("Sesame")),
        "{texts:?}"
    );
    assert!(action.change(&user(), &before).is_err());
    assert!(
        known("block-sign-in")
            .change_with(&user(), &before, &secret)
            .is_err()
    );
}

#[test]
fn what_may_not_be_done_is_refused_in_words() {
    let synced = user()
        .with("synced", "yes")
        .with("onPremises", "nlindqvist");
    let reset = known("reset-password");
    let why = reset.change_with(&synced, &State::gone(), &Secret::from("x".to_owned()));
    assert!(why.expect_err("synchronised").contains("on premises"));
    assert!(
        reset
            .manual(&synced)
            .starts_with("Set-ADAccountPassword -Identity 'nlindqvist'")
    );
    assert!(
        known("block-sign-in")
            .manual(&synced)
            .starts_with("Disable-ADAccount")
    );
    let password = object(
        ObjectKind::Method,
        "28c10230-6103-485e-b985-444c60001490",
        "",
    )
    .with("type", "password");
    assert!(known("remove-method").look(&password).is_empty());
    assert!(
        known("remove-method")
            .change(&password, &State::default().with_truth("x", true))
            .is_err()
    );
    let delegate = object(ObjectKind::InboxRule, "1", "Delegate Rule -1");
    let some = State::default().with_truth("Enabled", true);
    assert!(known("disable-rule").change(&delegate, &some).is_err());
    let hidden = object(ObjectKind::InboxRule, "1", "x").with("hidden", "yes");
    assert!(known("remove-rule").undo(&hidden, &some).is_err());
    let purge = known("purge-sent");
    assert!(purge.change(&user(), &State::gone()).is_err() && purge.look(&user()).is_empty());
    assert!(purge.manual(&user()).contains("New-ComplianceSearchAction"));
    let backup = object(ObjectKind::ServicePrincipal, BACKUP, "x")
        .with("owner", "F8CDEF31-a31e-4b4a-93e4-5f571e91255a");
    assert!(
        known("disable-service-principal")
            .change(&backup, &some)
            .is_err()
    );
}

#[test]
fn every_kind_of_method_has_its_own_path() {
    for (kind, path) in [
        ("phone", "/v1.0/users/u/authentication/phoneMethods/x"),
        ("email", "/v1.0/users/u/authentication/emailMethods/x"),
        ("fido2", "/v1.0/users/u/authentication/fido2Methods/x"),
        (
            "passwordlessMicrosoftAuthenticator",
            "/beta/users/u/authentication/passwordlessMicrosoftAuthenticatorMethods/x",
        ),
        (
            "temporaryAccessPass",
            "/v1.0/users/u/authentication/temporaryAccessPassMethods/x",
        ),
        ("qrCodePin", "/beta/users/u/authentication/qrCodePinMethod"),
    ] {
        let method = object(ObjectKind::Method, "x", "")
            .with("type", kind)
            .with("userId", "u");
        let some = State::default().with_truth("x", true);
        let changes = known("remove-method")
            .change(&method, &some)
            .expect("a request");
        assert_eq!(changes[0].path, path);
    }
}

#[test]
fn two_rules_of_one_name_without_ids_are_not_guessed_between() {
    let mut tenant = Tenant::new();
    let twin = tenant.lists["InboxRule"][0].clone();
    tenant.list("InboxRule").push(twin);
    let rule = object(ObjectKind::InboxRule, "", ".");
    let replies = asked(&tenant, known("disable-rule"), &rule);
    assert!(known("disable-rule").seen(&rule, &replies).is_err());
}

#[test]
fn a_hostile_name_stays_inside_its_quotes() {
    let rule = object(
        ObjectKind::InboxRule,
        "",
        "x'; Remove-Mailbox nora; '\u{202e}",
    );
    let manual = known("disable-rule").manual(&rule);
    assert!(
        manual.contains("'x''; Remove-Mailbox nora; ''<U+202E>'"),
        "{manual}"
    );
}
