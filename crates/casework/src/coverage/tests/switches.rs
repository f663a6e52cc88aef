//! Who switched auditing off: of the organisation, of a mailbox, of an actor.

use super::{case, check, close, close_with, frame, of, window, with};
use crate::attribution::Verdict;
use crate::coverage::GapId;
use crate::coverage::invented::{
    USER, attribution, bind, brief, cmdlet, context, day, event, interval,
};
use crate::interval::{HOUR, MINUTE};
use model::Event;

#[test]
fn ingestion_switched_off_and_on_blinds_the_time_between() {
    let turn = |id, time, on| {
        cmdlet(
            id,
            time,
            "Set-AdminAuditLogConfig",
            &[("UnifiedAuditLogIngestionEnabled", on)],
        )
    };
    let coverage = with(vec![
        turn("off", day(12), "False"),
        turn("on", day(13), "True"),
    ]);
    check(&coverage, GapId::G1, &[interval(day(12), day(13))]);
    assert_eq!(coverage.covered, 9_000);
    assert_eq!(of(&coverage, GapId::G1)[0].records, ["off", "on"]);
    insta::assert_snapshot!(coverage.sentence, @"For 1 d of the 10 d of the window (10.00 %) no record could have shown an access; the largest gap is G1 (2024-03-12 00:00:00 to 2024-03-13 00:00:00 UTC): `admin@example.com` switched ingestion into the unified audit log off, and it was on again 1 d later.");
}

#[test]
fn ingestion_never_switched_on_again_blinds_to_the_end() {
    let coverage = with(vec![cmdlet(
        "off",
        day(15),
        "Set-AdminAuditLogConfig",
        &[("UnifiedAuditLogIngestionEnabled", "$false")],
    )]);
    check(&coverage, GapId::G1, &[interval(day(15), day(28) + 1)]);
    assert_eq!(coverage.covered, 5_000);
}

#[test]
fn other_settings_of_the_audit_log_are_no_gap() {
    let coverage = with(vec![
        cmdlet(
            "a",
            day(12),
            "Set-AdminAuditLogConfig",
            &[("AdminAuditLogEnabled", "False")],
        ),
        cmdlet("b", day(12), "Enable-OrganizationCustomization", &[]),
    ]);
    assert!(coverage.is_complete(), "{coverage:#?}");
}

#[test]
fn a_switch_that_failed_is_no_gap() {
    let failed = Event {
        outcome: model::Outcome::Failure,
        ..cmdlet(
            "off",
            day(12),
            "Set-OrganizationConfig",
            &[("AuditDisabled", "True")],
        )
    };
    assert!(with(vec![failed]).is_complete());
}

/// Auditing in the whole organisation is switched off, or on again.
fn organisation(id: &str, time: i64, disabled: &str) -> Event<'static> {
    let parameters = [("AuditDisabled", disabled)];
    cmdlet(id, time, "Set-OrganizationConfig", &parameters)
}

#[test]
fn auditing_off_in_the_organisation_blinds_every_mailbox() {
    let coverage = with(vec![
        organisation("on", day(13), "False"),
        organisation("off", day(12), "True"),
    ]);
    check(&coverage, GapId::G2, &[interval(day(12), day(13))]);
}

#[test]
fn a_first_switching_on_without_any_earlier_mailbox_record_blinds_what_was_before() {
    let on = cmdlet(
        "on",
        day(12),
        "Set-OrganizationConfig",
        &[("AuditDisabled", "False")],
    );
    let events = [
        event("first", day(1), "New-Mailbox"),
        on.clone(),
        bind("read", day(14)),
        event("last", day(28), "x"),
    ];
    check(&close(&events), GapId::G2, &[interval(day(1), day(12))]);
    let coverage = with(vec![on]);
    assert!(
        coverage.is_complete(),
        "an earlier read proves that it was on: {coverage:#?}"
    );
}

#[test]
fn a_read_long_after_switching_off_contradicts_the_switch_until_then() {
    let off = cmdlet(
        "off",
        day(12),
        "Set-Mailbox",
        &[("Identity", "example.com/Ann"), ("AuditEnabled", "False")],
    );
    let coverage = with(vec![off.clone(), bind("soon", day(12) + 10 * MINUTE)]);
    check(&coverage, GapId::G3, &[interval(day(12), day(28) + 1)]);
    let coverage = with(vec![off, bind("later", day(14))]);
    assert_eq!(coverage.blind.as_slice(), [interval(day(14), day(28) + 1)]);
    insta::assert_snapshot!(of(&coverage, GapId::G3)[0].effect, @"none until 2024-03-14 00:00:00 UTC: the log holds 1 read of the mailbox of that time");
}

#[test]
fn an_audit_set_without_reading_is_blind_for_its_logon() {
    let set = |id, time, parameter, value| {
        cmdlet(
            id,
            time,
            "Set-Mailbox",
            &[("Identity", USER), (parameter, value)],
        )
    };
    for (parameter, value) in [
        ("AuditOwner", "@{Remove=\"MailItemsAccessed\"}"),
        ("AuditOwner", "Update, HardDelete, Send"),
    ] {
        let restored = set("back", day(14), "DefaultAuditSet", "Admin,Delegate,Owner");
        let coverage = with(vec![set("off", day(12), parameter, value), restored]);
        check(&coverage, GapId::G3, &[interval(day(12), day(14))]);
    }
    let coverage = with(vec![set("off", day(12), "AuditDelegate", "Update, Send")]);
    check(&coverage, GapId::G3, &[]);
    assert_eq!(
        of(&coverage, GapId::G3)[0].interval,
        Some(interval(day(12), day(28) + 1))
    );
}

#[test]
fn a_delegates_set_is_blind_where_a_delegate_was_seen() {
    let mut delegate = context("c3", Verdict::Unknown);
    delegate.logon_type = Some(2);
    let case = attribution(
        Some(window()),
        vec![context("c1", Verdict::Intruder), delegate],
    );
    let off = cmdlet(
        "off",
        day(12),
        "Set-Mailbox",
        &[("Identity", USER), ("AuditDelegate", "Update,Send")],
    );
    let coverage = close_with(&brief(), &case, &[frame(), vec![off]].concat());
    check(&coverage, GapId::G3, &[interval(day(12), day(28) + 1)]);
}

#[test]
fn a_set_without_sending_hides_no_read() {
    let off = cmdlet(
        "off",
        day(12),
        "Set-Mailbox",
        &[("Identity", USER), ("AuditOwner", "@{Remove='Send'}")],
    );
    let coverage = with(vec![off]);
    check(&coverage, GapId::G3, &[]);
    assert!(
        of(&coverage, GapId::G3)[0]
            .effect
            .contains("messages sent by owner logons")
    );
}

#[test]
fn another_mailboxs_audit_set_does_not_concern_this_one() {
    let off = cmdlet(
        "off",
        day(12),
        "Set-Mailbox",
        &[("Identity", "bob@example.com"), ("AuditEnabled", "False")],
    );
    assert!(of(&with(vec![off]), GapId::G3).is_empty());
}

#[test]
fn a_bypass_toggled_inside_the_window_blinds_while_it_lasts() {
    let turn = |id, time, who, on| {
        cmdlet(
            id,
            time,
            "Set-MailboxAuditBypassAssociation",
            &[("Identity", who), ("AuditBypassEnabled", on)],
        )
    };
    let coverage = with(vec![
        turn("a", day(12), "example.com/Users/Ann", "True"),
        turn("b", day(12) + HOUR, USER, "False"),
    ]);
    check(&coverage, GapId::G4, &[interval(day(12), day(12) + HOUR)]);
    assert_eq!(of(&coverage, GapId::G4)[0].scope, USER);
}

#[test]
fn a_bypass_of_somebody_else_is_listed_and_blinds_only_if_the_intruder_set_it() {
    let turn = cmdlet(
        "a",
        day(12),
        "Set-MailboxAuditBypassAssociation",
        &[
            ("Identity", "backup@example.com"),
            ("AuditBypassEnabled", "True"),
        ],
    );
    check(&with(vec![turn.clone()]), GapId::G4, &[]);
    let mut case = case();
    case.of_record.note("a", 0);
    let coverage = close_with(&brief(), &case, &[frame(), vec![turn]].concat());
    check(&coverage, GapId::G4, &[interval(day(12), day(28) + 1)]);
}

#[test]
fn a_blind_moment_is_enough_to_be_incomplete() {
    let coverage = with(vec![
        organisation("a", day(12), "True"),
        organisation("b", day(12) + 1, "False"),
    ]);
    assert_eq!(coverage.covered, 9_999);
    assert!(!coverage.is_complete());
}
