//! The fixtures that every engine of this kind must get right, as far as they concern messages.

mod caught;
mod inventory;
mod properties;

use super::*;
use crate::attribution::{Confidence, Verdict};
use crate::coverage::{Gap, GapId};
use crate::messages::case::{
    ANN, CUSTOMERS, Case, INBOX, at, between, delivered, delivered_to_inbox, done, moved, opened,
    synced,
};
use crate::messages::{Delivered, Handled, crawl};
use model::Touch;

const ID: &str = "<a@example.com>";
const MINUTE: i64 = 60;

/// A case whose intruder synchronised the inbox once, at second 5,000.
fn inbox_synced() -> Case {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.synced(&[synced("sync", INBOX, "Inbox", 5_000)]);
    case
}

#[test]
fn delivered_half_an_hour_after_the_last_sync_it_may_have_been_taken_along() {
    let case = inbox_synced();
    let after = |minutes: i64| [delivered_to_inbox("t", ID, 5_000 + minutes * MINUTE)];
    case.check(&[], &after(30), Class::S);
    case.check(&[], &after(70), Class::N);
    let judged = case.judge(&[], &after(30));
    assert_eq!(judged.records, ["sync"]);
    assert_eq!(judged.folders, ["Inbox"]);
    assert_eq!(judged.first_seen, Some(at(5_000)));
    assert_eq!(judged.times, 0);
    assert_eq!(judged.received, Some(at(6_800)));
}

#[test]
fn a_delivery_of_which_the_folder_is_unknown_may_have_been_in_any() {
    inbox_synced().check(&[], &[delivered("t", ID, 4_000)], Class::S);
}

#[test]
fn moved_twice_before_a_sync_it_is_judged_by_the_last_folder() {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.owner("o", &["m1", "m2"]);
    let moves = [
        moved("m1", "\\Inbox", "\\Customers", 3_000),
        moved("m2", "\\Customers", "\\Customers\\Old", 4_000),
    ];
    let arrival = [delivered_to_inbox("t", ID, 2_000)];
    for (folder, class) in [
        ("Old", Class::S),
        ("Inbox", Class::N),
        ("\\Customers", Class::N),
    ] {
        case.synced(&[synced("sync", "", folder, 5_000)]);
        case.check(&moves, &arrival, class);
    }
}

#[test]
fn folders_are_told_apart_by_id_though_their_names_are_equal() {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.owner("o", &["r"]);
    case.synced(&[synced("sync", CUSTOMERS, "Inbox", 5_000)]);
    case.check(&[opened("r", ID, 4_000)], &[], Class::N);
    case.synced(&[synced("sync", INBOX, "Postaláda", 5_000)]);
    case.check(&[opened("r", ID, 4_000)], &[], Class::S);
}

#[test]
fn a_folder_of_no_known_kind_is_the_inbox_until_another_is() {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.owner("o", &["other"]);
    let arrival = [delivered_to_inbox("t", ID, 2_000)];
    let strange = synced("sync", CUSTOMERS, "Postaláda", 5_000);
    case.synced(std::slice::from_ref(&strange));
    case.check(&[], &arrival, Class::S);
    case.synced(&[strange, synced("other", INBOX, "Inbox", 900)]);
    case.check(&[], &arrival, Class::N);
}

#[test]
fn an_imported_folder_with_the_inboxs_name_is_not_the_inbox() {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.owner("o", &["other"]);
    let arrival = [delivered_to_inbox("t", ID, 2_000)];
    let imported = synced("sync", CUSTOMERS, "Boîte de réception", 5_000);
    case.synced(&[imported, synced("other", INBOX, "Inbox", 900)]);
    case.check(&[], &arrival, Class::N);
}

#[test]
fn a_folder_synchronised_by_the_owner_is_no_evidence() {
    let mut case = Case::default();
    case.owner("o", &["sync"]);
    case.synced(&[synced("sync", INBOX, "Inbox", 5_000)]);
    case.check(&[], &[delivered_to_inbox("t", ID, 4_000)], Class::N);
}

#[test]
fn an_outlook_of_nobodys_leaves_it_unresolved() {
    let mut case = Case::default();
    let id = case.unknown("u", &["sync"]);
    case.synced(&[synced("sync", INBOX, "Inbox", 5_000)]);
    let judged = case.judge(&[], &[delivered_to_inbox("t", ID, 4_000)]);
    assert_eq!(judged.class, Class::U);
    assert_eq!(judged.contexts, [id]);
}

#[test]
fn what_the_intruder_opened_is_proved_by_the_confidence_of_the_context() {
    let mut case = Case::default();
    let high = case.intruder("s", &["r1"]);
    let medium = case.context("m", Verdict::Intruder, Confidence::Medium, &["r2"]);
    case.unknown("u", &["r3"]);
    let arrival = [delivered("t", ID, 1_500)];
    case.check(&[opened("r1", ID, 2_000)], &arrival, Class::P1);
    case.check(&[opened("r2", ID, 2_000)], &arrival, Class::P2);
    let judged = case.judge(
        &[
            opened("r2", ID, 1_900),
            opened("r1", ID, 2_000),
            opened("r3", ID, 1_800),
        ],
        &arrival,
    );
    assert_eq!(judged.class, Class::P1);
    assert_eq!(judged.records, ["r3", "r2", "r1"]);
    assert_eq!(judged.contexts.len(), 3);
    assert!(judged.contexts.contains(&high) && judged.contexts.contains(&medium));
    assert_eq!(judged.first_seen, Some(at(1_900)));
    assert_eq!(judged.last_seen, Some(at(2_000)));
    assert_eq!(judged.times, 3);
    assert!(judged.because.contains("record r1"), "{}", judged.because);
}

#[test]
fn what_the_intruder_opened_counts_outside_the_window_too() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    case.check(&[opened("r", ID, 500_000)], &[], Class::P1);
}

#[test]
fn a_failed_act_is_no_evidence() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let failed = Handled {
        failed: true,
        ..opened("r", ID, 2_000)
    };
    case.check(&[failed], &[delivered("t", ID, 1_500)], Class::N);
}

#[test]
fn what_the_intruder_sent_left_and_what_they_moved_was_in_their_hands() {
    let mut case = Case::default();
    case.intruder("s", &["c", "s", "m"]);
    let create = done("c", Touch::Create, "Create", 2_000);
    let send = done("s", Touch::Send, "SendAs", 2_100);
    let judged = case.judge(&[create, send], &[]);
    assert_eq!(judged.class, Class::E);
    assert_eq!(judged.tags, [Tag::Sent, Tag::NoMetadata]);
    assert_eq!(judged.records, ["c", "s"]);

    let judged = case.judge(&[done("m", Touch::Move, "MoveToDeletedItems", 2_000)], &[]);
    assert_eq!(judged.class, Class::P1);
    assert!(judged.tags.contains(&Tag::Tampered));
}

#[test]
fn an_unknown_hand_counts_inside_the_window_only() {
    let mut case = Case::default();
    case.unknown("u", &["r"]);
    case.check(&[opened("r", ID, 2_000)], &[], Class::U);
    case.check(&[opened("r", ID, 900)], &[], Class::U);
    case.check(&[opened("r", ID, 500)], &[], Class::N);
    case.attribution.window = None;
    case.check(&[opened("r", ID, 500)], &[], Class::U);
}

#[test]
fn a_record_of_no_context_is_nobodys() {
    let judged = Case::default().judge(&[opened("r", ID, 2_000)], &[]);
    assert_eq!(judged.class, Class::U);
    assert!(judged.contexts.is_empty());
}

#[test]
fn the_owners_own_reading_is_no_evidence() {
    let mut case = Case::default();
    case.owner("o", &["r"]);
    let judged = case.judge(&[opened("r", ID, 2_000)], &[delivered("t", ID, 1_500)]);
    assert_eq!(judged.class, Class::N);
    assert_eq!(judged.tags, [Tag::AlsoReadByOwner]);
    assert!(judged.records.is_empty());
    assert_eq!(judged.times, 0);
    assert_eq!(judged.folders, ["\\Inbox"]);
}

#[test]
fn blindness_counts_only_while_the_message_was_there() {
    let mut case = Case::default();
    case.blind(&[between(10_000, 20_000)]);
    case.coverage.gaps = vec![Gap {
        id: GapId::G6,
        interval: Some(between(10_000, 20_000)),
        scope: ANN.to_owned(),
        effect: "reading was not recorded".to_owned(),
        proof: String::new(),
        records: Vec::new(),
        blind: true,
        fix: String::new(),
    }];
    let judged = case.judge(&[], &[delivered("t", ID, 15_000)]);
    assert_eq!(judged.class, Class::B);
    assert!(judged.because.contains("G6"), "{}", judged.because);
    case.check(&[], &[delivered("t", ID, 25_000)], Class::N);
    case.owner("o", &["h"]);
    let destroyed = done("h", Touch::Delete, "HardDelete", 9_000);
    case.check(&[destroyed], &[delivered("t", ID, 2_000)], Class::N);
}

#[test]
fn what_was_not_there_in_the_window_is_out_of_it() {
    let mut case = Case::default();
    case.owner("o", &["h"]);
    let late = case.judge(&[], &[delivered("t", ID, 200_000)]);
    assert_eq!((late.class, late.records), (Class::O, vec!["t".to_owned()]));
    let gone = case.judge(
        &[done("h", Touch::Delete, "HardDelete", 500)],
        &[delivered("t", ID, 100)],
    );
    assert_eq!((gone.class, gone.records), (Class::O, vec!["h".to_owned()]));
    let quarantined = Delivered {
        status: "Quarantined".to_owned(),
        ..delivered("t", ID, 2_000)
    };
    let refused = case.judge(&[], &[quarantined]);
    assert_eq!(refused.class, Class::O);
    assert!(
        refused.because.contains("Quarantined"),
        "{}",
        refused.because
    );
    // Two minutes are allowed for clocks.
    case.check(&[], &[delivered("t", ID, 100_060)], Class::N);
}

#[test]
fn a_message_released_from_quarantine_is_judged_like_any() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let quarantined = Delivered {
        status: "Quarantined".to_owned(),
        ..delivered("t", ID, 2_000)
    };
    case.check(&[opened("r", ID, 3_000)], &[quarantined], Class::P1);
}

#[test]
fn without_an_intruder_nothing_is_out_of_a_window() {
    let mut case = Case::default();
    case.attribution.window = None;
    let judged = case.judge(&[], &[delivered("t", ID, 200_000)]);
    assert_eq!(judged.class, Class::N);
    assert!(judged.because.contains("no intruder"), "{}", judged.because);
    case.blind(&[between(300_000, 300_001)]);
    case.check(&[], &[delivered("t", ID, 200_000)], Class::B);
    case.check(&[], &[delivered("t", ID, 400_000)], Class::N);
}

#[test]
fn an_item_without_message_id_is_a_message() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let item = Handled {
        internet_message_id: String::new(),
        item_id: "AAkALgAA-item".to_owned(),
        ..opened("r", "", 2_000)
    };
    let judged = case.judge(&[item], &[]);
    assert_eq!(judged.id, "AAkALgAA-item");
    assert_eq!(judged.class, Class::P1);
    assert!(judged.tags.contains(&Tag::NoMessageId));
}

#[test]
fn an_item_seen_with_a_message_id_belongs_to_that_message() {
    let mut case = Case::default();
    case.intruder("s", &["r1"]);
    case.owner("o", &["r2"]);
    let nameless = Handled {
        internet_message_id: String::new(),
        item_id: "item-1".to_owned(),
        ..opened("r1", "", 2_000)
    };
    let named = Handled {
        item_id: "item-1".to_owned(),
        ..opened("r2", ID, 2_100)
    };
    let judged = case.judge(&[nameless, named], &[]);
    assert_eq!(judged.id, ID);
    assert_eq!(judged.class, Class::P1);
    assert!(!judged.tags.contains(&Tag::NoMessageId));
}

#[test]
fn spellings_that_differ_in_case_are_joined_when_only_one_was_delivered() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let judged = case.judge(
        &[opened("r", "<Ab@Example.COM>", 2_000)],
        &[delivered("t", "<ab@example.com>", 1_500)],
    );
    assert_eq!(judged.id, "<ab@example.com>");
    assert_eq!(judged.class, Class::P1);
    assert_eq!(judged.subject, "Invoice 7");
    assert_eq!(
        judged.tags,
        [Tag::IndividuallyOpened, Tag::JoinedByCasefold]
    );
}

#[test]
fn spellings_that_differ_in_case_are_two_messages_when_both_were_delivered() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let judged = case.judge_all(
        &[opened("r", "<Ab@example.com>", 2_000)],
        &[
            delivered("t1", "<Ab@example.com>", 1_500),
            delivered("t2", "<ab@example.com>", 1_600),
        ],
    );
    let told: Vec<(&str, Class)> = judged
        .iter()
        .map(|judged| (judged.id.as_str(), judged.class))
        .collect();
    assert_eq!(
        told,
        [
            ("<Ab@example.com>", Class::P1),
            ("<ab@example.com>", Class::N)
        ]
    );
}

#[test]
fn a_touch_that_may_be_of_either_message_counts_for_both() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let judged = case.judge_all(
        &[opened("r", "<AB@example.com>", 2_000)],
        &[
            delivered("t1", "<Ab@example.com>", 1_500),
            delivered("t2", "<ab@example.com>", 1_600),
        ],
    );
    assert_eq!(judged.len(), 2);
    for message in judged {
        assert_eq!(message.class, Class::P1);
        assert!(message.tags.contains(&Tag::JoinedByCasefold));
    }
}

#[test]
fn two_messages_on_their_way_under_one_id_stay_candidates() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let other = Delivered {
        network_message_id: "n-2".to_owned(),
        subject: "Something else".to_owned(),
        ..delivered("t2", ID, 1_600)
    };
    let judged = case.judge(
        &[opened("r", ID, 2_000)],
        &[delivered("t1", ID, 1_500), other],
    );
    assert_eq!(judged.class, Class::P1);
    assert_eq!(judged.subject, "Invoice 7 | Something else");
    assert!(judged.tags.contains(&Tag::SharedMessageId));
}

#[test]
fn the_records_own_subject_comes_before_the_traces() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let row = Handled {
        subject: "As the item says".to_owned(),
        size_bytes: Some(7),
        ..opened("r", ID, 2_000)
    };
    let to_bob = Delivered {
        recipient: "bob@example.com".to_owned(),
        ..delivered("t2", ID, 1_500)
    };
    let judged = case.judge(&[row], &[to_bob, delivered("t1", ID, 1_500)]);
    assert_eq!(judged.subject, "As the item says");
    assert_eq!(judged.size_bytes, Some(7));
    assert_eq!(judged.from, "carl@example.org");
    assert_eq!(judged.to, [ANN, "bob@example.com"]);
    assert_eq!(judged.received, Some(at(1_500)));
}

#[test]
fn other_peoples_mail_is_no_message_of_the_mailbox() {
    let to_bob = Delivered {
        recipient: "bob@example.com".to_owned(),
        ..delivered("t", ID, 1_500)
    };
    assert_eq!(Case::default().judge_all(&[], &[to_bob]), []);
}

#[test]
fn in_another_mailbox_the_persons_own_mail_is_not_what_was_delivered() {
    let mut case = Case::default();
    "office@example.com".clone_into(&mut case.brief.mailbox);
    assert_eq!(case.judge_all(&[], &[delivered("t", ID, 1_500)]), []);
    let to_office = Delivered {
        recipient: "office@example.com".to_owned(),
        ..delivered("t", ID, 1_500)
    };
    let judged = case.judge(&[], &[to_office]);
    assert_eq!(judged.mailbox, "office@example.com");
}

#[test]
fn what_was_touched_and_never_traced_says_so() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let judged = case.judge(&[opened("r", ID, 2_000)], &[]);
    assert!(judged.tags.contains(&Tag::NoMetadata));
    assert_eq!(judged.received, None);
}

#[test]
fn the_number_of_items_in_a_record_tells_a_preload_from_an_opening() {
    let mut case = Case::default();
    let id = case.intruder("s", &["r1", "r2", "r3"]);
    let of = |record: &str, items: u32| Handled {
        items_in_record: items,
        ..opened(record, ID, 2_000)
    };
    let arrival = [delivered("t", ID, 1_500)];
    let tags = |case: &Case, items: u32| case.judge(&[of("r1", items)], &arrival).tags;
    assert_eq!(tags(&case, 1), [Tag::IndividuallyOpened]);
    assert_eq!(tags(&case, 3), []);
    assert_eq!(tags(&case, 10), [Tag::BulkPreload]);
    let rows = [of("r1", 3), of("r2", 3), of("r3", 3)];
    let mut log = crawl::Log::new();
    for row in &rows {
        log.hear(row);
    }
    case.crawls = log.close(&case.attribution);
    assert!(case.crawls.is_crawl(at(2_000), &id));
    assert_eq!(case.judge(&rows, &arrival).tags, [Tag::Crawl]);
}

#[test]
fn a_message_without_any_time_is_kept() {
    let mut case = inbox_synced();
    case.owner("o", &["r"]);
    let undated = Handled {
        time: None,
        ..opened("r", ID, 0)
    };
    let judged = case.judge(&[undated], &[]);
    assert_eq!(judged.class, Class::S);
    assert_eq!(judged.records, ["sync"]);
}

#[test]
fn of_many_synchronisations_the_first_seven_and_the_last_are_named() {
    let mut case = Case::default();
    let names: Vec<String> = (0..40).map(|number| format!("r{number:02}")).collect();
    let records: Vec<&str> = names.iter().map(String::as_str).collect();
    case.intruder("s", &records);
    let rows: Vec<Handled> = records
        .iter()
        .zip(0..)
        .map(|(record, number)| synced(record, INBOX, "Inbox", 5_000 + 600 * number))
        .collect();
    case.synced(&rows);
    let judged = case.judge(&[], &[delivered_to_inbox("t", ID, 2_000)]);
    assert_eq!(
        judged.records,
        ["r00", "r01", "r02", "r03", "r04", "r05", "r06", "r39"]
    );
}

#[test]
fn what_came_behind_the_last_record_is_blind_and_never_out_of_the_window() {
    let mut case = Case::default();
    case.intruder("s", &["in"]);
    let late = [delivered("t", ID, 200_000)];
    case.check(&[], &late, Class::O);
    case.coverage.late = Some(between(100_000, 200_001));
    case.check(&[], &late, Class::B);
    assert_eq!(case.judge(&[], &late).records, ["t"]);
    // What lay there while the records were complete stays what it was.
    case.check(&[], &[delivered("t", ID, 50_000)], Class::N);
    case.check(&[], &[delivered("t", ID, 100_000)], Class::B);
}
