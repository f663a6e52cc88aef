//! Plans over an invented tenant: what is proposed, what stays, and what the hash says.

use super::{Plan, Policy, Scope, Subject, order, plan};
use crate::respond::catalogue::action;
use crate::respond::footholds::{Foothold, FootholdKind, Sign};
use crate::respond::heard::Heard;
use crate::respond::invented::{
    BACKUP, GRAPH, HELPER, HELPER_ID, NORA, NORA_ID, READER, READER_APP, TENANT, Tenant, error,
};
use crate::respond::live::tests::{drive, foothold};
use crate::respond::live::{Live, Looking};
use model::{Secret, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

const BREAK_GLASS: &str = "22222222-aaaa-4bbb-8ccc-0000000000bb";

fn text(text: &str) -> String {
    text.to_owned()
}

/// What the intruder of the invented tenant left behind, as records would show it.
fn theirs() -> Vec<Foothold> {
    use FootholdKind as Kind;
    vec![
        foothold(Kind::InboxRule, &[Sign::Name(text("."))]),
        foothold(
            Kind::Forwarding,
            &[Sign::Address(text("drop@mailbox-keep.example"))],
        ),
        foothold(Kind::Grant, &[Sign::App(text(READER_APP))]),
        foothold(Kind::Application, &[Sign::Principal(text(READER))]),
        foothold(
            Kind::AppRole,
            &[
                Sign::Principal(text(READER)),
                Sign::Permission(text("810c84a8-4a9e-49e6-bf7d-12d183f40d01")),
            ],
        ),
        foothold(
            Kind::Credential,
            &[
                Sign::Id(text("k-theirs")),
                Sign::Registration(text("reg-1")),
            ],
        ),
        foothold(Kind::Method, &[Sign::Id(text("m-theirs"))]),
        foothold(Kind::Device, &[Sign::Id(text("d-theirs"))]),
        foothold(
            Kind::FullAccess,
            &[Sign::Trustee(text("helper@corp.example"))],
        ),
        foothold(Kind::SendAs, &[Sign::Trustee(text("helper@corp.example"))]),
        foothold(
            Kind::SendOnBehalf,
            &[Sign::Trustee(text("helper@corp.example"))],
        ),
        foothold(
            Kind::FolderRight,
            &[
                Sign::Trustee(text("default")),
                Sign::Folder(text("\\inbox")),
            ],
        ),
        foothold(
            Kind::Link,
            &[
                Sign::Url(text("https://x/plan.xlsx")),
                Sign::Id(text("p-theirs")),
            ],
        ),
    ]
}

fn subject(scope: Scope) -> Subject {
    Subject {
        case: text("incident-1"),
        tenant: text(TENANT),
        user: match scope {
            Scope::User => text(NORA),
            Scope::Tenant => String::new(),
        },
        scope,
    }
}

fn live(tenant: &Tenant, footholds: &[Foothold], policy: &Policy) -> Live {
    drive(tenant, Looking::at_user(TENANT, NORA, footholds, policy))
}

fn planned(tenant: &Tenant, footholds: &[Foothold], policy: &Policy) -> Plan {
    let live = live(tenant, footholds, policy);
    plan(&live, footholds, policy, subject(Scope::User), Timestamp(0))
}

fn steps(plan: &Plan) -> Vec<(&str, &str)> {
    let steps = plan.steps.iter();
    steps
        .map(|step| (step.action, step.object.id.as_str()))
        .collect()
}

fn whys(list: &[super::Missing]) -> String {
    let lines: Vec<String> = list
        .iter()
        .map(|one| format!("{}: {}", one.what, one.why))
        .collect();
    lines.join("\n")
}

#[test]
fn everything_of_the_intruders_and_nothing_of_the_owners() {
    let plan = planned(&Tenant::new(), &theirs(), &Policy::default());
    assert_eq!(
        steps(&plan),
        [
            ("block-sign-in", NORA_ID),
            ("revoke-sessions", NORA_ID),
            ("revoke-grant", "g/theirs="),
            ("revoke-app-role", "ar-1"),
            ("remove-app-credential", "k-theirs"),
            ("disable-service-principal", READER),
            ("remove-method", "m-theirs"),
            ("disable-device", "d-theirs"),
            ("disable-rule", "111"),
            ("clear-forwarding", NORA),
            ("remove-mailbox-permission", "helper@corp.example"),
            ("remove-recipient-permission", "helper@corp.example"),
            ("remove-send-on-behalf", "helper@corp.example"),
            ("remove-folder-permission", "Default"),
            ("expire-sharing-link", "p-theirs"),
            ("reset-password", NORA_ID),
        ]
    );
    assert!(plan.steps.iter().all(|step| step.ticked && step.sure));
    let numbers: Vec<u32> = plan.steps.iter().map(|step| step.number).collect();
    assert_eq!(order(&plan), numbers);
    let kept = whys(&plan.kept);
    for own in [
        "Newsletters",
        "Nora's phone",
        "NORA-LAPTOP",
        "daniel@corp.example",
        "User.Read",
    ] {
        assert!(kept.contains(own), "{own} in\n{kept}");
    }
    assert_eq!(
        (whys(&plan.gone), whys(&plan.unknown), whys(&plan.refused)),
        Default::default()
    );
    assert!(plan.second_approver.is_empty());
}

#[test]
fn applied_in_its_order_the_plan_leaves_the_intruder_nothing() {
    let mut tenant = Tenant::new();
    let plan = planned(&tenant, &theirs(), &Policy::default());
    for number in order(&plan) {
        let step = plan.step(number).expect("a step");
        let action = action(step.action).expect("an action");
        let changes = if action.needs_secret() {
            let sealed =
                action.change_with(&step.object, &step.before, &Secret::from("pw".to_owned()));
            vec![sealed.expect("a request").open().clone()]
        } else {
            action.change(&step.object, &step.before).expect("requests")
        };
        for change in changes {
            let reply = tenant.make(&change);
            assert_eq!(
                action.heard(&step.object, &reply),
                Heard::Taken,
                "{}",
                step.action
            );
        }
        let asks = action.look(&step.object);
        let replies: Vec<_> = asks.iter().map(|ask| tenant.answer(ask)).collect();
        let after = action.seen(&step.object, &replies).expect("how it stands");
        assert!(
            action.is_done(&step.object, &step.before, &after),
            "{}",
            step.action
        );
    }
    let again = planned(&tenant, &theirs(), &Policy::default());
    // Only what is never done for good could be done once more.
    assert_eq!(
        steps(&again),
        [("revoke-sessions", NORA_ID), ("reset-password", NORA_ID)]
    );
    assert!(
        whys(&again.gone).contains(
            "block-sign-in: the account nora@corp.example: it is already as it should be"
        )
    );
}

#[test]
fn without_a_record_only_the_account_is_cut_off() {
    let plan = planned(&Tenant::new(), &[], &Policy::default());
    let actions: Vec<&str> = plan.steps.iter().map(|step| step.action).collect();
    assert_eq!(
        actions,
        ["block-sign-in", "revoke-sessions", "reset-password"]
    );
}

#[test]
fn one_name_for_two_rules_is_no_proof() {
    let mut tenant = Tenant::new();
    let mut twin = tenant.lists["InboxRule"][0].clone();
    twin["RuleIdentity"] = json!("444");
    tenant.list("InboxRule").push(twin);
    let plan = planned(&tenant, &theirs()[..1], &Policy::default());
    let rules: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.action == "disable-rule")
        .collect();
    assert_eq!(rules.len(), 2);
    assert!(
        rules
            .iter()
            .all(|step| !step.ticked && !step.sure && step.caution.contains("may be another"))
    );
}

#[test]
fn a_number_beats_a_name() {
    let mut tenant = Tenant::new();
    let mut twin = tenant.lists["InboxRule"][0].clone();
    twin["RuleIdentity"] = json!("444");
    tenant.list("InboxRule").push(twin);
    let known = foothold(
        FootholdKind::InboxRule,
        &[Sign::Id(text("444")), Sign::Name(text("."))],
    );
    let plan = planned(&tenant, &[known], &Policy::default());
    let rules: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.action == "disable-rule")
        .collect();
    assert_eq!(rules.len(), 1);
    assert!(rules[0].ticked && rules[0].object.id == "444");
}

#[test]
fn what_one_person_consented_to_does_not_touch_what_everybody_has() {
    let mut tenant = Tenant::new();
    let for_all = json!({"id": "g-all", "clientId": READER, "consentType": "AllPrincipals",
        "principalId": null, "resourceId": GRAPH, "scope": "User.Read"});
    tenant.list("grants").push(for_all);
    let personal = foothold(FootholdKind::Grant, &[Sign::App(text(READER_APP))]);
    let everybody = foothold(
        FootholdKind::Grant,
        &[Sign::App(text(READER_APP)), Sign::ForAll],
    );
    let ids = |footholds: &[Foothold]| -> Vec<(String, bool)> {
        let plan = planned(&tenant, footholds, &Policy::default());
        let steps = plan.steps.into_iter();
        let grants = steps.filter(|step| step.action == "revoke-grant");
        grants.map(|step| (step.object.id, step.ticked)).collect()
    };
    assert_eq!(ids(&[personal]), [(text("g/theirs="), true)]);
    assert_eq!(ids(&[everybody]), [(text("g-all"), true)]);
}

#[test]
fn a_method_made_at_that_moment_of_that_kind_is_the_one() {
    let at = |hour, minute| Timestamp::from_civil(2026, 3, 10, hour, minute, 0, 0);
    for (signs, time, expected) in [
        (vec![Sign::MethodKind(text("code"))], at(9, 50), Some(true)),
        (vec![], at(9, 50), Some(false)),
        (vec![Sign::MethodKind(text("phone"))], at(9, 50), None),
        (vec![Sign::MethodKind(text("code"))], at(14, 0), None),
        (vec![Sign::Name(text("pixel 6"))], at(14, 0), Some(false)),
        (vec![Sign::Id(text("another"))], at(9, 50), None),
    ] {
        let mut method = foothold(FootholdKind::Method, &signs);
        method.time = time;
        let plan = planned(&Tenant::new(), &[method], &Policy::default());
        let found = plan
            .steps
            .iter()
            .find(|step| step.action == "remove-method");
        assert_eq!(
            found.map(|step| step.ticked),
            expected,
            "{signs:?} {time:?}"
        );
    }
}

#[test]
fn the_default_method_goes_last() {
    let both = [
        foothold(FootholdKind::Method, &[Sign::Id(text("m-own"))]),
        foothold(FootholdKind::Method, &[Sign::Id(text("m-theirs"))]),
    ];
    let plan = planned(&Tenant::new(), &both, &Policy::default());
    let methods: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.action == "remove-method")
        .collect();
    assert_eq!(methods[0].object.id, "m-theirs");
    assert_eq!(methods[1].object.id, "m-own");
    assert!(methods[1].caution.contains("default"));
}

#[test]
fn what_could_not_be_read_is_never_gone() {
    let mut tenant = Tenant::new();
    let denied = error("Authorization_RequestDenied", "no");
    tenant.refuse("Get-InboxRule", 403, &denied);
    tenant.refuse("authentication/methods", 403, &denied);
    let plan = planned(&tenant, &theirs(), &Policy::default());
    assert!(
        plan.steps
            .iter()
            .all(|step| !["disable-rule", "remove-method"].contains(&step.action))
    );
    let unknown = whys(&plan.unknown);
    assert!(unknown.contains("r-inbox rule"), "{unknown}");
    assert!(unknown.contains("r-sign-in method"), "{unknown}");
    assert!(unknown.contains("it may still stand"), "{unknown}");
    assert_eq!(whys(&plan.gone), "");
}

#[test]
fn what_is_gone_is_said() {
    let mut tenant = Tenant::new();
    tenant.list("InboxRule").clear();
    tenant.list("Mailbox")[0]["ForwardingSmtpAddress"] = json!(null);
    let plan = planned(&tenant, &theirs(), &Policy::default());
    let gone = whys(&plan.gone);
    assert!(
        gone.contains("no inbox rule like it stands any more"),
        "{gone}"
    );
    assert!(
        gone.contains("no mailbox forwarding like it stands any more"),
        "{gone}"
    );
}

#[test]
fn an_account_that_cannot_be_read_is_left_to_a_person() {
    let mut tenant = Tenant::new();
    tenant.refuse("/users/", 503, "");
    let plan = planned(&tenant, &theirs(), &Policy::default());
    assert!(plan.steps.iter().all(|step| step.action != "block-sign-in"));
    assert!(plan.steps.iter().any(|step| step.action == "disable-rule"));
    assert!(whys(&plan.refused).contains("done by hand"));
    assert!(whys(&plan.unknown).contains("r-delegated grant"));
}

#[test]
fn a_synchronised_account_is_told_what_to_do_on_premises() {
    let mut tenant = Tenant::new();
    tenant.list("users")[0]["onPremisesSyncEnabled"] = json!(true);
    tenant.list("users")[0]["onPremisesSamAccountName"] = json!("nlindqvist");
    let plan = planned(&tenant, &[], &Policy::default());
    let block = plan.steps.first().expect("a block");
    assert_eq!(block.action, "block-sign-in");
    assert!(block.caution.contains("disable it there too"));
    assert!(
        block
            .manual
            .starts_with("Disable-ADAccount -Identity 'nlindqvist'")
    );
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action != "reset-password")
    );
    assert!(whys(&plan.refused).contains("Set-ADAccountPassword -Identity 'nlindqvist'"));
}

#[test]
fn a_protected_account_is_never_touched() {
    for name in [NORA, "NORA@corp.example", NORA_ID] {
        let policy = Policy {
            protected: BTreeSet::from([text(name)]),
            ..Policy::default()
        };
        let plan = planned(&Tenant::new(), &theirs(), &policy);
        let touched: Vec<_> = plan
            .steps
            .iter()
            .filter(|step| step.object.user == NORA)
            .collect();
        assert!(touched.is_empty(), "{touched:?}");
        assert!(whys(&plan.refused).contains("is protected by the policy"));
    }
}

#[test]
fn this_systems_own_application_is_never_touched() {
    for id in [READER_APP, READER] {
        let policy = Policy {
            own_apps: BTreeSet::from([text(id)]),
            ..Policy::default()
        };
        let plan = planned(&Tenant::new(), &theirs(), &policy);
        let texts = format!(
            "{:?}",
            plan.steps.iter().map(|one| &one.object).collect::<Vec<_>>()
        );
        assert!(!texts.contains(READER), "{texts}");
        assert!(whys(&plan.refused).contains("own application"));
    }
}

/// The responder's own service principal: a permission that it holds, and a role.
#[test]
fn this_systems_own_service_principal_keeps_its_secrets_permissions_and_roles() {
    let own_app = "44444444-aaaa-4bbb-8ccc-0000000000f0";
    let own = "33333333-aaaa-4bbb-8ccc-0000000000f0";
    let global = "62e90394-69f5-4237-9190-012177145e10";
    let read = "810c84a8-4a9e-49e6-bf7d-12d183f40d01";
    let mut tenant = Tenant::new();
    tenant.list("servicePrincipals").push(json!({
        "id": own, "appId": own_app, "displayName": "Breachscope", "accountEnabled": true,
        "passwordCredentials": [{"keyId": "k-own-app", "displayName": "ours"}], "keyCredentials": [],
    }));
    tenant
        .list("appRoles")
        .push(json!({"id": "ar-own", "principalId": own, "resourceId": GRAPH, "appRoleId": read}));
    tenant.list("roleAssignments").push(json!({
        "id": "ra-own", "principalId": own, "roleDefinitionId": global, "directoryScopeId": "/",
        "roleDefinition": {"id": global, "displayName": "Global Administrator", "templateId": global},
    }));
    let of_own = |kind, sign: Sign| Foothold {
        owner: String::new(),
        ..foothold(kind, &[Sign::Principal(text(own)), sign])
    };
    let all = [
        of_own(FootholdKind::Role, Sign::Permission(text(global))),
        of_own(FootholdKind::AppRole, Sign::Permission(text(read))),
        of_own(FootholdKind::Application, Sign::App(text(own_app))),
        of_own(FootholdKind::Credential, Sign::Id(text("k-own-app"))),
    ];
    let of_the_app = |plan: &Plan| {
        let own_actions = [
            "remove-role",
            "revoke-app-role",
            "disable-service-principal",
            "remove-app-credential",
        ];
        let steps = plan.steps.iter();
        let mut of_app: Vec<&str> = steps
            .map(|step| step.action)
            .filter(|action| own_actions.contains(action))
            .collect();
        of_app.sort_unstable();
        of_app.len()
    };
    let anybodys = planned(&tenant, &all, &Policy::default());
    assert_eq!(of_the_app(&anybodys), 4, "{:#?}", anybodys.steps);
    let policy = Policy {
        own_apps: BTreeSet::from([text(own_app)]),
        ..Policy::default()
    };
    let plan = planned(&tenant, &all, &policy);
    assert_eq!(of_the_app(&plan), 0, "{:#?}", plan.steps);
    let refused = plan.refused.iter();
    let refused = refused.filter(|one| one.why.contains("own application"));
    assert_eq!(refused.count(), 4, "{:#?}", plan.refused);
    // A role names no application: what could not be asked is not taken away.
    tenant.refuse("appId%20eq", 503, "{}");
    let blind = planned(&tenant, &all[..1], &policy);
    assert_eq!(of_the_app(&blind), 0);
    assert!(whys(&blind.refused).contains("could not be read"));
}

#[test]
fn what_somebody_else_did_is_listed_and_not_ticked() {
    let mut all = theirs();
    for one in &mut all {
        one.doubt = text("nothing shows that it was not admin@corp.example who did it");
    }
    let plan = planned(&Tenant::new(), &all, &Policy::default());
    let of_records = plan.steps.iter();
    let of_records: Vec<_> = of_records
        .filter(|step| step.because.iter().any(|one| !one.record.is_empty()))
        .collect();
    assert!(of_records.len() > 10);
    for step in of_records {
        assert!(!step.ticked, "{}", step.action);
        let record = &step.because[0].record;
        let says = format!(
            "to decide: nothing shows that it was not admin@corp.example who did it ({record}"
        );
        assert!(step.caution.contains(&says), "{}", step.caution);
    }
    // What the intruder did to the same thing goes, whatever else somebody did to it.
    let mut both = theirs();
    both.extend(all);
    let plan = planned(&Tenant::new(), &both, &Policy::default());
    let rule = plan.steps.iter().find(|step| step.action == "disable-rule");
    assert!(rule.is_some_and(|step| step.ticked && !step.caution.contains("to decide")));
}

#[test]
fn an_account_that_only_its_owner_used_is_left_alone_unless_somebody_ticks_it() {
    let why = "all of it was done from where this person always works";
    let plan = planned(&Tenant::new(), &theirs(), &Policy::default()).leaving_the_account(why);
    let account = ["block-sign-in", "revoke-sessions", "reset-password"];
    let (of_account, others): (Vec<_>, Vec<_>) = plan
        .steps
        .iter()
        .partition(|step| account.contains(&step.action));
    assert_eq!(of_account.len(), 3);
    for step in of_account {
        assert!(!step.ticked && step.caution.contains(why), "{step:#?}");
        assert_eq!(step.because[0].sentence, why);
    }
    assert!(others.iter().any(|step| step.ticked));
}

#[test]
fn a_role_or_the_policy_wants_two_people() {
    let mut tenant = Tenant::new();
    let role = json!({"@odata.type": "#microsoft.graph.directoryRole", "displayName": "Helpdesk Administrator"});
    tenant.list("memberOf").push(role);
    let plan = planned(&tenant, &[], &Policy::default());
    assert_eq!(
        plan.second_approver,
        ["nora@corp.example holds `Helpdesk Administrator`"]
    );
    assert!(plan.steps[0].caution.contains("at least as high"));
    let policy = Policy {
        second_approver_for: BTreeSet::from([text("Nora@Corp.example")]),
        ..Policy::default()
    };
    assert_eq!(
        planned(&Tenant::new(), &[], &policy).second_approver.len(),
        1
    );
    // A role that could not be read may be one.
    let mut tenant = Tenant::new();
    tenant.refuse("transitiveMemberOf", 403, "");
    assert_eq!(
        planned(&tenant, &[], &Policy::default())
            .second_approver
            .len(),
        1
    );
}

#[test]
fn another_account_that_the_intruder_can_use_is_taken_care_of() {
    let about_helper = |kind, signs: &[Sign]| Foothold {
        owner: text(HELPER),
        ..foothold(kind, signs)
    };
    let name = [Sign::Name(text(HELPER))];
    let footholds = [
        about_helper(FootholdKind::Password, &name),
        about_helper(
            FootholdKind::Role,
            &[Sign::Name(text("global administrator"))],
        ),
    ];
    let mut tenant = Tenant::new();
    tenant.list("roleAssignments")[0]["principalId"] = json!(HELPER_ID);
    let plan = planned(&tenant, &footholds, &Policy::default());
    let about = plan
        .steps
        .iter()
        .filter(|step| step.object.user == HELPER && step.ticked);
    let actions: Vec<&str> = about.map(|step| step.action).collect();
    assert_eq!(
        actions,
        ["revoke-sessions", "remove-role", "reset-password"]
    );
    let mut early = about_helper(FootholdKind::Password, &name);
    early.time = Timestamp::from_civil(2026, 3, 9, 8, 0, 0, 0);
    let again = planned(&tenant, &[early], &Policy::default());
    assert!(again.steps.iter().all(|step| step.object.user != HELPER));
    assert!(whys(&again.gone).contains("no password that was set like it"));
    let made = about_helper(FootholdKind::Account, &name);
    let plan = planned(&tenant, &[made], &Policy::default());
    let about = plan.steps.iter().filter(|step| step.object.id == HELPER_ID);
    let actions: Vec<&str> = about.map(|step| step.action).collect();
    assert_eq!(actions, ["block-sign-in", "revoke-sessions"]);
    let policy = Policy {
        protected: BTreeSet::from([text(HELPER)]),
        ..Policy::default()
    };
    let plan = planned(&tenant, &footholds, &policy);
    assert!(plan.steps.iter().all(|step| step.object.user != HELPER));
}

#[test]
fn what_was_kept_out_of_the_log_is_recorded_again() {
    let mut bypass = foothold(FootholdKind::AuditBypass, &[Sign::Name(text("nora"))]);
    bypass.owner = text("nora");
    let off = foothold(
        FootholdKind::AuditOff,
        &[Sign::Name(text("unified audit log"))],
    );
    let footholds = [bypass, off];
    let tenant = Tenant::new();
    let of_user = planned(&tenant, &footholds, &Policy::default());
    assert!(
        of_user
            .steps
            .iter()
            .any(|step| step.action == "end-audit-bypass" && step.ticked)
    );
    let policy = Policy::default();
    let live = drive(&tenant, Looking::at_tenant(TENANT, &footholds, &policy));
    let of_tenant = plan(
        &live,
        &footholds,
        &policy,
        subject(Scope::Tenant),
        Timestamp(0),
    );
    assert_eq!(
        steps(&of_tenant),
        [("switch-audit-on", "unified audit log")]
    );
}

#[test]
fn without_a_person_only_what_can_be_taken_back_is_done() {
    let plan = planned(&Tenant::new(), &theirs(), &Policy::default());
    assert!(plan.clone().for_automatic(&Policy::default()).is_err());
    let policy = Policy {
        automatic: Some(super::Automatic { per_hour: 3 }),
        ..Policy::default()
    };
    let automatic = plan.for_automatic(&policy).expect("a plan");
    let actions: Vec<&str> = automatic.ticked().map(|step| step.action).collect();
    assert_eq!(
        actions,
        [
            "block-sign-in",
            "revoke-sessions",
            "disable-rule",
            "clear-forwarding"
        ]
    );
    let mut of_two = automatic;
    of_two.second_approver.push(text("a role"));
    assert!(of_two.for_automatic(&policy).is_err());
}

#[test]
fn a_right_that_is_named_otherwise_is_not_said_to_be_gone() {
    let by_number = foothold(
        FootholdKind::FullAccess,
        &[Sign::Trustee(text("s-1-5-21-1-2-3-1001"))],
    );
    let plan = planned(&Tenant::new(), &[by_number], &Policy::default());
    let unknown = whys(&plan.unknown);
    assert!(
        unknown.contains("cannot be told") && unknown.contains("helper@corp.example"),
        "{unknown}"
    );
    let another = foothold(
        FootholdKind::FullAccess,
        &[Sign::Trustee(text("someone@corp.example"))],
    );
    let plan = planned(&Tenant::new(), &[another], &Policy::default());
    assert!(whys(&plan.gone).contains("no full access like it"));
    let by_alias = foothold(FootholdKind::FullAccess, &[Sign::Trustee(text("helper"))]);
    let plan = planned(&Tenant::new(), &[by_alias], &Policy::default());
    let step = plan
        .steps
        .iter()
        .find(|step| step.action == "remove-mailbox-permission");
    assert!(step.is_some_and(|step| !step.ticked && !step.sure));
}

#[test]
fn what_is_of_another_account_is_for_a_plan_of_its_own() {
    let theirs = Foothold {
        owner: text("elin@corp.example"),
        ..foothold(FootholdKind::Grant, &[Sign::App(text(READER_APP))])
    };
    let plan = planned(&Tenant::new(), &[theirs], &Policy::default());
    assert!(plan.steps.iter().all(|step| step.action != "revoke-grant"));
    assert!(whys(&plan.unknown).contains("plan for elin@corp.example too"));
    assert_eq!(whys(&plan.gone), "");
}

#[test]
fn a_secret_is_found_where_the_record_has_the_other_id() {
    let mut tenant = Tenant::new();
    let secret = json!([{"keyId": "k-third", "displayName": "x", "startDateTime": null, "endDateTime": null}]);
    tenant.list("servicePrincipals")[1]["passwordCredentials"] = secret;
    for registration in [BACKUP, "reg-1"] {
        let signs = [
            Sign::Id(text("k-third")),
            Sign::Registration(text(registration)),
        ];
        let added = foothold(FootholdKind::Credential, &signs);
        let plan = planned(&tenant, &[added], &Policy::default());
        let step = plan
            .steps
            .iter()
            .find(|step| step.action == "remove-app-credential");
        assert!(
            step.is_some_and(|step| step.object.extra("where") == "servicePrincipals"),
            "{registration}"
        );
    }
}

#[test]
fn an_account_that_nobody_was_in_can_be_spared() {
    let plan = planned(&Tenant::new(), &theirs()[2..4], &Policy::default());
    let plan = plan.sparing_the_account("no sign-in of the intruder is known");
    let actions: Vec<&str> = plan.ticked().map(|step| step.action).collect();
    assert_eq!(
        actions,
        [
            "revoke-sessions",
            "revoke-grant",
            "disable-service-principal"
        ]
    );
    assert!(plan.steps[0].caution.contains("no sign-in of the intruder"));
}

#[test]
fn the_caps_are_said() {
    let mut policy = Policy::default();
    policy.caps.steps = 3;
    let plan = planned(&Tenant::new(), &theirs(), &policy);
    assert_eq!(plan.steps.len(), 3);
    assert_eq!(plan.steps[0].action, "block-sign-in");
    assert!(whys(&plan.refused).contains("a plan holds 3 steps at most"));
}

#[test]
fn what_is_on_request_is_planned_on_request_alone_and_unticked() {
    let asked = [
        "remove-rule",
        "confirm-compromised",
        "disable-protocols",
        "block-by-policy",
        "purge-sent",
    ];
    let policy = Policy {
        asked: asked.map(text).into(),
        protected: [text(BREAK_GLASS), text("glass@corp.example")].into(),
        ..Policy::default()
    };
    let plan = planned(&Tenant::new(), &theirs(), &policy);
    let removal = plan.steps.iter().find(|step| step.action == "remove-rule");
    let removal = removal.expect("a removal");
    let undo = action("remove-rule").map(|action| action.undo(&removal.object, &removal.before));
    let undo = undo.expect("an action").expect("requests");
    assert!(undo[0].path.ends_with("/messageRules"), "{undo:?}");
    for id in &asked[..4] {
        let step = plan.steps.iter().find(|step| step.action == *id);
        assert!(step.is_some_and(|step| !step.ticked), "{id}");
    }
    assert!(whys(&plan.refused).contains("New-ComplianceSearchAction"));
    let mut blocks = plan
        .steps
        .iter()
        .filter(|step| step.action == "block-by-policy");
    let block = blocks.next().map(|step| step.object.extra("spared"));
    assert_eq!(block, Some(BREAK_GLASS));
}

#[test]
fn the_tenant_has_a_plan_of_its_own() {
    let rule = foothold(
        FootholdKind::TransportRule,
        &[Sign::Name(text("journal copy"))],
    );
    let connector = foothold(FootholdKind::Connector, &[Sign::Name(text("relay"))]);
    let mut footholds = theirs();
    footholds.extend([rule, connector]);
    let policy = Policy::default();
    let of_user = planned(&Tenant::new(), &footholds, &policy);
    assert!(
        of_user
            .steps
            .iter()
            .all(|step| !step.object.user.is_empty() || step.action != "disable-transport-rule")
    );
    assert_eq!(of_user, planned(&Tenant::new(), &theirs(), &policy));
    let looking = Looking::at_tenant(TENANT, &footholds, &policy);
    let live = drive(&Tenant::new(), looking);
    let plan = plan(
        &live,
        &footholds,
        &policy,
        subject(Scope::Tenant),
        Timestamp(0),
    );
    assert_eq!(
        steps(&plan),
        [
            ("disable-transport-rule", "t-theirs"),
            ("disable-connector", "Relay")
        ]
    );
    let ticked: Vec<bool> = plan.steps.iter().map(|step| step.ticked).collect();
    assert_eq!(ticked, [true, true]);
    assert!(whys(&plan.kept).contains("Disclaimer"));
    assert_eq!(plan.second_approver.len(), 1);
}

#[test]
fn the_hash_does_not_know_the_hour_but_everything_else() {
    let tenant = Tenant::new();
    let live = live(&tenant, &theirs(), &Policy::default());
    let made = |at| {
        plan(
            &live,
            &theirs(),
            &Policy::default(),
            subject(Scope::User),
            Timestamp(at),
        )
    };
    let plan = made(0);
    let hash = plan.hash();
    assert_eq!(hash.len(), 64);
    assert_eq!(hash, made(1_000_000).hash());
    let unticked = plan.clone().with_ticks(&[(1, false)]).expect("a step");
    assert_ne!(unticked.hash(), hash);
    let again = unticked.with_ticks(&[(1, true)]).expect("a step");
    assert_eq!(again.hash(), hash);
    assert!(again.with_ticks(&[(99, true)]).is_err());
    let other = |change: fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        assert_ne!(plan.hash(), hash);
    };
    other(|plan| plan.subject.tenant.push('x'));
    other(|plan| plan.subject.case.push('x'));
    other(|plan| plan.subject.user.push('x'));
    other(|plan| plan.steps[0].object.id.push('x'));
    other(|plan| plan.steps[0].object.name.push('x'));
    other(|plan| plan.steps[2].object.extra.clear());
    other(|plan| {
        plan.steps.pop();
    });
}

fn some_of<T: Clone>(all: &[T], chosen: &[bool]) -> Vec<T> {
    let chosen = all.iter().zip(chosen).filter(|(_, chosen)| **chosen);
    chosen.map(|(one, _)| one.clone()).collect()
}

/// Ids of what is the owner's.
const OWN: [&str; 9] = [
    "222",
    "m-own",
    "d-own",
    "g-own",
    "daniel@corp.example",
    "p-own",
    "k-own",
    "c-own",
    BACKUP,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_proposed_without_a_record_and_the_owners_stay(
        chosen in proptest::collection::vec(any::<bool>(), 13),
        removed in proptest::collection::vec(any::<bool>(), 4),
        shift in 0..13_usize,
    ) {
        let mut tenant = Tenant::new();
        for list in some_of(&["InboxRule", "devices", "MailboxPermission", "grants"], &removed) {
            tenant.list(list).clear();
        }
        let mut footholds = some_of(&theirs(), &chosen);
        let plan = planned(&tenant, &footholds, &Policy::default());
        let records: BTreeSet<&str> = footholds
            .iter()
            .flat_map(|one| one.records.iter().map(String::as_str))
            .collect();
        for step in &plan.steps {
            prop_assert!(!OWN.contains(&step.object.id.as_str()), "{step:?}");
            let is_account = step.object.id == NORA_ID;
            let is_shown = step.because.iter().all(|one| records.contains(one.record.as_str()));
            prop_assert!(is_account || (is_shown && !step.because.is_empty()), "{step:?}");
        }
        // Each foothold is a step, or said to be gone.
        for record in records {
            let in_steps = plan.steps.iter().any(|step| step.because.iter().any(|one| one.record == record));
            let is_said = whys(&plan.gone).contains(record) || whys(&plan.unknown).contains(record);
            prop_assert!(in_steps || is_said, "{record}");
        }
        prop_assert!(plan.steps.is_sorted_by_key(super::order::rank));
        let hash = plan.hash();
        let shift = shift.min(footholds.len());
        footholds.rotate_left(shift);
        prop_assert_eq!(planned(&tenant, &footholds, &Policy::default()).hash(), hash);
    }

    #[test]
    fn another_state_before_is_another_hash(step in 0..16_usize, field in any::<prop::sample::Index>()) {
        let mut plan = planned(&Tenant::new(), &theirs(), &Policy::default());
        let hash = plan.hash();
        let before = &mut plan.steps[step].before.0;
        let names: Vec<String> = before.keys().cloned().collect();
        let name = field.get(&names).clone();
        before.entry(name).and_modify(|value| value.push('x'));
        prop_assert_ne!(plan.hash(), hash);
    }
}
