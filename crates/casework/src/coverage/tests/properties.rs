//! What must hold whatever happened.

use super::masking::{HONEST, ROGUE, app_read};
use super::{close_with, frame, with};
use crate::brief::Brief;
use crate::coverage::invented::{
    USER, attribution, background, bind, brief, cmdlet, day, interval,
};
use crate::interval::{HOUR, MINUTE};
use model::{Event, Timestamp};
use proptest::prelude::*;

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
