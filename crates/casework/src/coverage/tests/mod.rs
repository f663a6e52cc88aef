//! The gaps of a register, each from invented events.

use super::invented::{
    USER, attribution, background, bind, brief, cmdlet, context, day, event, interval,
};
use super::{Coverage, Gap, GapId, Log, Rejected};
use crate::attribution::{Attribution, Verdict};
use crate::brief::Brief;
use crate::interval::{DAY, HOUR, Interval, MINUTE};
use model::{Address, Event, Timestamp};
use proptest::prelude::*;

/// The window of most cases: ten days in the middle of the records.
fn window() -> Interval {
    interval(day(10), day(20))
}

fn case() -> Attribution {
    let mut owner = context("c2", Verdict::Owner);
    owner.first = Some(Timestamp(day(2)));
    attribution(
        Some(window()),
        vec![context("c1", Verdict::Intruder), owner],
    )
}

/// Records on both sides of the window, and a read of the mailbox before it.
fn frame() -> Vec<Event<'static>> {
    vec![
        event("first", day(1), "New-Mailbox"),
        bind("read", day(2)),
        event("last", day(28), "New-Mailbox"),
    ]
}

fn close(events: &[Event<'_>]) -> Coverage {
    close_with(&brief(), &case(), events)
}

fn close_with(brief: &Brief, attribution: &Attribution, events: &[Event<'_>]) -> Coverage {
    let mut log = Log::new(brief);
    for event in events {
        log.event(event);
    }
    log.close(brief, attribution)
}

fn with(events: Vec<Event<'static>>) -> Coverage {
    close(&[frame(), events].concat())
}

fn of(coverage: &Coverage, id: GapId) -> Vec<&Gap> {
    coverage.gaps.iter().filter(|gap| gap.id == id).collect()
}

/// Checks that there is one gap of a kind, and when it blinds.
fn check(coverage: &Coverage, id: GapId, blind: &[Interval]) {
    assert_eq!(of(coverage, id).len(), 1, "{:#?}", coverage.gaps);
    assert_eq!(coverage.blind.as_slice(), blind, "{:#?}", coverage.gaps);
}

#[test]
fn records_on_both_sides_and_no_gap_are_complete() {
    let coverage = close(&frame());
    assert!(coverage.is_complete(), "{coverage:#?}");
    assert_eq!(coverage.sentence, "");
    let kinds: Vec<GapId> = coverage.gaps.iter().map(|gap| gap.id).collect();
    assert_eq!(kinds, [GapId::G11, GapId::G13]);
    assert!(
        coverage.heartbeat.starts_with("no heartbeat: 0 gaps"),
        "{}",
        coverage.heartbeat
    );
}

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
fn a_mailbox_without_any_record_of_reading_is_blind() {
    let other = Event {
        mailbox: "bob@example.com".into(),
        ..bind("bobs", day(2))
    };
    let coverage = close(&[
        event("first", day(1), "x"),
        other,
        event("last", day(28), "x"),
    ]);
    check(&coverage, GapId::G5, &[window()]);
    assert_eq!(coverage.covered, 0);
    insta::assert_snapshot!(coverage.sentence, @"In the whole window no record could have shown an access; the largest gap is G5 (2024-03-10 00:00:00 to 2024-03-20 00:00:00 UTC): no record of reading exists for this mailbox: licence, audit set or export.");
}

#[test]
fn a_renamed_mailbox_is_one_mailbox() {
    let old = Event {
        mailbox: "ann.before@example.com".into(),
        ..bind("old", day(2))
    };
    let events = [
        event("first", day(1), "x"),
        old,
        event("last", day(28), "x"),
    ];
    check(&close(&events), GapId::G5, &[window()]);
    let mut case = case();
    case.person
        .names
        .insert("ann.before@example.com".to_owned());
    assert!(close_with(&brief(), &case, &events).is_complete());
}

#[test]
fn a_throttled_record_blinds_a_day() {
    for rest in [
        r#"{"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"True"}]}"#,
        r#"{"OperationProperties":"[{\"Name\":\"IsThrottled\",\"Value\":\"True\"}]"}"#,
        r#"{"IsThrottled":true}"#,
    ] {
        let throttled = Event {
            rest: rest.to_owned(),
            ..bind("t", day(12))
        };
        check(
            &with(vec![throttled]),
            GapId::G6,
            &[interval(day(12), day(13))],
        );
    }
    let not = Event {
        rest: r#"{"OperationProperties":[{"Name":"IsThrottled","Value":"False"}]}"#.to_owned(),
        ..bind("t", day(12))
    };
    assert!(with(vec![not]).is_complete());
}

#[test]
fn a_thousand_and_one_reads_and_a_silence_blind_the_day_behind_them() {
    let reads = (0..1_001).map(|number| bind(&format!("r{number}"), day(12) + number * MINUTE));
    let others =
        (0..48).map(|number| event(&format!("o{number}"), day(12) + number * HOUR, "Set-User"));
    let coverage = with(reads.chain(others).collect());
    let last = day(12) + 1_000 * MINUTE;
    check(&coverage, GapId::G6, &[interval(last, last + DAY)]);
    assert!(of(&coverage, GapId::G6)[0].effect.starts_with("suspected"));
}

#[test]
fn one_record_handed_over_twice_counts_once() {
    let reads: Vec<Event<'_>> = (0..500)
        .map(|number| bind(&format!("r{number}"), day(12) + number * MINUTE))
        .collect();
    let others =
        (0..48).map(|number| event(&format!("o{number}"), day(12) + number * HOUR, "Set-User"));
    let twice: Vec<Event<'_>> = reads.iter().chain(&reads).cloned().chain(others).collect();
    assert!(with(twice).is_complete());
}

#[test]
fn a_window_beyond_the_records_is_blind_there() {
    let case = attribution(Some(interval(day(1) - 10 * DAY, day(30))), Vec::new());
    let coverage = close_with(&brief(), &case, &frame());
    assert_eq!(of(&coverage, GapId::G7).len(), 2);
    let blind = [
        interval(day(1) - 10 * DAY, day(1)),
        interval(day(28) + 1, day(30)),
    ];
    assert_eq!(coverage.blind.as_slice(), blind);
}

#[test]
fn an_hour_beyond_the_records_is_told_and_not_blind() {
    let case = attribution(Some(interval(day(10), day(28) + HOUR)), Vec::new());
    let coverage = close_with(&brief(), &case, &frame());
    check(&coverage, GapId::G7, &[]);
    assert!(coverage.is_complete());
}

#[test]
fn a_window_without_ends_is_measured_over_the_records_and_never_complete() {
    let coverage = close_with(
        &brief(),
        &attribution(Some(Interval::ALL), Vec::new()),
        &frame(),
    );
    assert_eq!(coverage.covered, 9_999);
    assert!(!coverage.is_complete());
    insta::assert_snapshot!(coverage.sentence, @"Beyond the collected records no record could have shown an access; the largest gap is G7: the first collected record of Exchange is of 2024-03-01 00:00:00 UTC.");
}

#[test]
fn without_a_record_nothing_is_covered() {
    for window in [Some(window()), Some(Interval::ALL), None] {
        let coverage = close_with(&brief(), &attribution(window, Vec::new()), &[]);
        assert_eq!(coverage.covered, 0, "{window:?}");
        assert!(!coverage.sentence.is_empty());
    }
}

#[test]
fn the_last_three_days_before_collecting_are_provisional() {
    let brief = Brief {
        collected: Some(Timestamp(day(21))),
        ..brief()
    };
    let coverage = close_with(&brief, &case(), &frame());
    check(&coverage, GapId::G8, &[]);
    let gap = of(&coverage, GapId::G8)[0];
    assert_eq!(gap.interval, Some(interval(day(18), day(20))));
    insta::assert_snapshot!(gap.fix, @"collect and run again after 2024-03-22 00:00:00 UTC, and once more after 2024-03-28 00:00:00 UTC");
}

fn rejected(time: Option<i64>, operation: &str, user: &str, record: &str) -> Rejected {
    Rejected {
        time: time.map(Timestamp),
        operation: operation.to_owned(),
        user: user.to_owned(),
        reason: "the JSON is cut off".to_owned(),
        record: record.to_owned(),
    }
}

fn with_rejected(rows: &[Rejected]) -> Coverage {
    let brief = brief();
    let mut log = Log::new(&brief);
    for event in &frame() {
        log.event(event);
    }
    for row in rows {
        log.rejected(row);
    }
    log.close(&brief, &case())
}

#[test]
fn a_damaged_row_that_may_tell_of_reading_blinds_around_its_time() {
    let coverage = with_rejected(&[
        rejected(Some(day(12)), "MailItemsAccessed", "Ann@Example.com", "r1"),
        rejected(Some(day(12) + MINUTE), "", "", "r2"),
    ]);
    let blind = interval(day(12) - 2 * MINUTE, day(12) + 3 * MINUTE + 1);
    check(&coverage, GapId::G9, &[blind]);
    assert_eq!(of(&coverage, GapId::G9)[0].records, ["r1", "r2"]);
}

#[test]
fn a_damaged_row_without_a_time_blinds_the_whole_window() {
    let coverage = with_rejected(&[rejected(None, "MailItemsAccessed", "", "r1")]);
    check(&coverage, GapId::G9, &[window()]);
    assert_eq!(of(&coverage, GapId::G9)[0].interval, None);
}

#[test]
fn damaged_rows_of_other_acts_and_other_people_are_only_listed() {
    let coverage = with_rejected(&[
        rejected(None, "Add service principal.", "", "r1"),
        rejected(Some(day(12)), "MailItemsAccessed", "bob@example.com", "r2"),
    ]);
    check(&coverage, GapId::G9, &[]);
    assert_eq!(of(&coverage, GapId::G9)[0].records, ["r1", "r2"]);
}

#[test]
fn a_file_that_was_not_read_to_its_end_may_hold_anything() {
    let brief = brief();
    let mut log = Log::new(&brief);
    for event in &frame() {
        log.event(event);
    }
    log.unfinished(0);
    log.unfinished(2);
    let coverage = log.close(&brief, &case());
    check(&coverage, GapId::G9, &[window()]);
}

#[test]
fn the_period_of_the_trace_is_told() {
    let brief = brief();
    let mut log = Log::new(&brief);
    for event in &frame() {
        log.event(event);
    }
    log.trace(Some(Timestamp(day(5))), Some(Timestamp(day(25))));
    let coverage = log.close(&brief, &case());
    let gap = of(&coverage, GapId::G11)[0];
    insta::assert_snapshot!(gap.proof, @"the message trace of this mailbox covers 2024-03-05 00:00:00 to 2024-03-25 00:00:00 UTC");
    assert!(coverage.is_complete());
}

#[test]
fn an_inventory_is_told_beside_the_trace_and_never_as_one() {
    let brief = brief();
    let told = |trace: bool| {
        let mut log = Log::new(&brief);
        for event in &frame() {
            log.event(event);
        }
        log.inventory(1_204, Some(Timestamp(day(1))), Some(Timestamp(day(28))));
        if trace {
            log.trace(Some(Timestamp(day(5))), Some(Timestamp(day(25))));
        }
        let coverage = log.close(&brief, &case());
        assert!(coverage.is_complete());
        let gap = of(&coverage, GapId::G11)[0].clone();
        format!("{}: {}", gap.effect, gap.proof)
    };
    insta::assert_snapshot!(told(false), @"messages purged before the inventory was made are listed only if a record names them, and in which folders a listed message was before is not known: no message trace of this mailbox was collected; its inventory lists 1204 items received 2024-03-01 00:00:00 to 2024-03-28 00:00:00 UTC");
    insta::assert_snapshot!(told(true), @"messages delivered outside that period and purged before the inventory was made are listed only if a record names them, and in which folders a listed message was before is not known: the message trace of this mailbox covers 2024-03-05 00:00:00 to 2024-03-25 00:00:00 UTC; its inventory lists 1204 items received 2024-03-01 00:00:00 to 2024-03-28 00:00:00 UTC");
}

/// An application reading from Microsoft's network without a session.
fn app_read(id: &str, time: i64, app: &'static str) -> Event<'static> {
    Event {
        agent: "Client=REST;;".into(),
        app: app.into(),
        address: Address::read("20.190.160.24"),
        ..bind(id, time)
    }
}

const ROGUE: &str = "33330000-0000-0000-0000-00000000000a";
const HONEST: &str = "33330000-0000-0000-0000-00000000000b";

fn masking(honest: Event<'static>) -> Coverage {
    let mut rogue = context("c1", Verdict::Intruder);
    rogue.app = ROGUE.to_owned();
    let case = attribution(Some(window()), vec![rogue]);
    let events = [frame(), vec![app_read("r", day(12), ROGUE), honest]].concat();
    close_with(&brief(), &case, &events)
}

#[test]
fn an_application_in_anothers_shadow_is_named_with_it() {
    let coverage = masking(app_read("h", day(12) - 50 * MINUTE, HONEST));
    check(&coverage, GapId::G12, &[]);
    let effect = &of(&coverage, GapId::G12)[0].effect;
    assert!(
        effect.contains(ROGUE) && effect.contains(HONEST),
        "{effect}"
    );
}

#[test]
fn no_shadow_falls_from_afar_or_from_another_client_or_address() {
    let far = app_read("h", day(12) - 61 * MINUTE, HONEST);
    let other_client = Event {
        agent: "Client=REST;Client=RESTSystem;;".into(),
        ..app_read("h", day(12) - MINUTE, HONEST)
    };
    let public = Event {
        address: Address::read("198.51.100.7"),
        ..app_read("h", day(12) - MINUTE, HONEST)
    };
    for honest in [far, other_client, public] {
        assert!(of(&masking(honest), GapId::G12).is_empty());
    }
}

#[test]
fn what_records_of_reading_never_cover_is_always_told_and_more_where_it_was_used() {
    let discovery = Event {
        record_type: Some(24),
        workload: "SecurityComplianceCenter".into(),
        ..event("d", day(12), "SearchCreated")
    };
    let bobs = Event {
        user: "bob@example.com".into(),
        ..event("k", day(12), "CopilotInteraction")
    };
    let coverage = with(vec![discovery, bobs]);
    let gaps = of(&coverage, GapId::G13);
    assert_eq!(gaps.len(), 2, "{gaps:#?}");
    assert!(gaps.iter().any(|gap| gap.records == ["d"]));
    assert!(coverage.is_complete());
}

#[test]
fn the_investigations_own_reads_are_counted() {
    let brief = Brief {
        own_apps: vec!["44440000-0000-0000-0000-00000000000C".to_owned()],
        ..brief()
    };
    let own = Event {
        app: "44440000-0000-0000-0000-00000000000c".into(),
        ..bind("own", day(12))
    };
    let coverage = close_with(&brief, &case(), &[frame(), vec![own]].concat());
    check(&coverage, GapId::G14, &[]);
    assert!(
        of(&coverage, GapId::G14)[0]
            .effect
            .starts_with("1 read of the mailbox")
    );
}

/// Background reads each two hours from ten days before the first to the 28th, but for some,
/// in a tenant that writes a record each hour.
fn heartbeats(missing: std::ops::Range<i64>) -> Vec<Event<'static>> {
    let every = |step: i64| (0..).map(move |number| day(1) - 10 * DAY + number * step);
    let beats = every(2 * HOUR).take_while(|time| *time < day(28));
    let others = every(HOUR).take_while(|time| *time < day(28));
    beats
        .filter(|time| !missing.contains(time))
        .map(|time| background(&format!("b{time}"), time))
        .chain(others.map(|time| event(&format!("o{time}"), time, "Set-User")))
        .collect()
}

#[test]
fn a_silence_of_the_heartbeat_inside_the_window_is_a_suspected_gap() {
    let coverage = with(heartbeats(day(12)..day(13)));
    let blind = interval(day(12) - 2 * HOUR, day(13));
    check(&coverage, GapId::G9, &[blind]);
    insta::assert_snapshot!(coverage.heartbeat, @"heartbeat: 108 reads of the mailbox in the window, the last at 2024-03-19 22:00:00 UTC; 1 silence longer than 6 h");
    insta::assert_snapshot!(of(&coverage, GapId::G9)[0].proof, @"no record of reading for 1 d 2 h, where 99 of 100 gaps between background reads in the 30 days before the window were no longer than 6 h");
}

#[test]
fn a_read_by_anybody_shows_that_the_log_was_alive() {
    let mut events = heartbeats(day(12)..day(12) + 10 * HOUR);
    events.push(bind("alive", day(12) + 4 * HOUR));
    let coverage = with(events);
    assert!(
        coverage.gaps.iter().all(|gap| gap.id != GapId::G9),
        "{coverage:#?}"
    );
}

#[test]
fn a_hole_of_the_whole_collection_is_found_by_its_silence() {
    let hourly = (0..31 * 24).map(|number| day(1) - 3 * DAY + number * HOUR);
    let events = hourly
        .filter(|time| !(day(12)..day(15)).contains(time))
        .map(|time| event(&format!("o{time}"), time, "Set-User"));
    let coverage = with(events.collect());
    check(&coverage, GapId::G9, &[interval(day(12), day(15))]);
    assert_eq!(of(&coverage, GapId::G9)[0].scope, "tenant");
}

#[test]
fn a_tenant_that_is_often_silent_for_days_has_no_hole() {
    let weekly = (0..60).map(|number| day(1) + number / 2 * 2 * DAY + number % 2 * HOUR);
    let events = weekly.map(|time| event(&format!("o{time}"), time, "Set-User"));
    assert!(with(events.collect()).is_complete());
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

/// Acts that blind, and acts that do not.
fn any_act() -> impl Strategy<Value = Event<'static>> {
    (0..9u8, 0..28i64 * 24).prop_map(|(kind, hour)| {
        let time = day(1) + hour * HOUR;
        let id = format!("{kind}-{hour}");
        let truth = if hour % 2 == 0 { "True" } else { "False" };
        match kind {
            0 => cmdlet(
                &id,
                time,
                "Set-AdminAuditLogConfig",
                &[("UnifiedAuditLogIngestionEnabled", truth)],
            ),
            1 => cmdlet(
                &id,
                time,
                "Set-OrganizationConfig",
                &[("AuditDisabled", truth)],
            ),
            2 => cmdlet(
                &id,
                time,
                "Set-Mailbox",
                &[("Identity", USER), ("AuditEnabled", truth)],
            ),
            3 => cmdlet(
                &id,
                time,
                "Set-Mailbox",
                &[("Identity", USER), ("AuditOwner", "Update")],
            ),
            4 => cmdlet(
                &id,
                time,
                "Set-MailboxAuditBypassAssociation",
                &[("Identity", USER), ("AuditBypassEnabled", truth)],
            ),
            5 => Event {
                rest: r#"{"IsThrottled":true}"#.to_owned(),
                ..bind(&id, time)
            },
            6 => bind(&id, time),
            7 => app_read(&id, time, if hour % 2 == 0 { ROGUE } else { HONEST }),
            _ => background(&id, time),
        }
    })
}

/// An act after auditing was seen alive: a first switching on blinds nothing then, as it would
/// until somebody is seen switching off before it.
fn later_act() -> impl Strategy<Value = Event<'static>> {
    any_act().prop_filter("after the first read", |act| {
        act.time.is_some_and(|time| time.0 > day(2))
    })
}

/// An act that takes sight and never gives it back.
fn blinding() -> impl Strategy<Value = Event<'static>> {
    (0..5u8, 3 * 24..27i64 * 24).prop_map(|(kind, hour)| {
        let time = day(1) + hour * HOUR + MINUTE;
        match kind {
            0 => cmdlet(
                "blind",
                time,
                "Set-AdminAuditLogConfig",
                &[("UnifiedAuditLogIngestionEnabled", "False")],
            ),
            1 => cmdlet(
                "blind",
                time,
                "Set-OrganizationConfig",
                &[("AuditDisabled", "True")],
            ),
            2 => cmdlet(
                "blind",
                time,
                "Set-Mailbox",
                &[("Identity", USER), ("AuditOwner", "Update")],
            ),
            3 => cmdlet(
                "blind",
                time,
                "Set-MailboxAuditBypassAssociation",
                &[("Identity", USER), ("AuditBypassEnabled", "True")],
            ),
            _ => Event {
                rest: r#"{"IsThrottled":true}"#.to_owned(),
                ..bind("blind", time)
            },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_events_changes_nothing(
        acts in prop::collection::vec(any_act(), 0..40).prop_flat_map(|acts| (Just(acts.clone()), Just(acts).prop_shuffle()))
    ) {
        let (one, other) = acts;
        prop_assert_eq!(with(one), with(other));
    }

    #[test]
    fn records_handed_over_twice_change_nothing(acts in prop::collection::vec(any_act(), 0..20)) {
        let twice = [acts.clone(), acts.clone()].concat();
        prop_assert_eq!(with(acts).blind, with(twice).blind);
    }

    #[test]
    fn a_blinding_act_never_raises_coverage(
        mut acts in prop::collection::vec(later_act(), 0..20), blind in blinding()
    ) {
        let before = with(acts.clone()).covered;
        acts.push(blind);
        prop_assert!(with(acts).covered <= before);
    }

    #[test]
    fn no_window_overflows(from in any::<i64>(), to in any::<i64>(), at in any::<i64>()) {
        let case = attribution(Some(interval(from, to)), Vec::new());
        let brief = Brief { collected: Some(Timestamp(at)), ..brief() };
        let coverage = close_with(&brief, &case, &[frame(), vec![bind("x", at)]].concat());
        prop_assert!(coverage.covered <= 10_000);
        prop_assert_eq!(coverage.is_complete(), !coverage.blind.meets(&interval(from, to.max(from.saturating_add(1)))));
    }
}
