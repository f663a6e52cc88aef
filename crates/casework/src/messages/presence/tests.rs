//! Where a message is said to have been, from a few rows.

use super::*;
use crate::messages::case::{
    ANN, CUSTOMERS, Case, INBOX, at, between, delivered, delivered_to_inbox, done, listed,
    listed_own, moved, opened,
};
use crate::messages::cluster::{Cluster, messages};
use crate::messages::{Delivered, Handled};
use model::Touch;
use std::fmt::Write;

const ID: &str = "<a@example.com>";
const EVER: i64 = i64::MIN;
const NEVER: i64 = i64::MAX;

/// Writes stretches as `from..to Folder + Folder`, seconds apart from the ends of time.
fn told(presence: &Presence<'_>) -> String {
    let second = |time: Timestamp| match time.0 {
        EVER | NEVER => String::new(),
        micros => (micros / 1_000_000).to_string(),
    };
    let mut text = String::new();
    for stretch in &presence.stretches {
        let mut places: Vec<&str> = stretch
            .places
            .iter()
            .map(|place| {
                if place.is_anywhere() {
                    "?"
                } else {
                    place.label()
                }
            })
            .collect();
        places.sort_unstable();
        let _ = writeln!(
            text,
            "{}..{} {}",
            second(stretch.during.from),
            second(stretch.during.to),
            places.join(" + ")
        );
    }
    text
}

fn check(handled: &[Handled], delivered: &[Delivered], expected: &str) {
    let case = Case::default();
    for reversed in [false, true] {
        let mut cluster = Cluster {
            id: ID.to_owned(),
            handled: handled.to_vec(),
            delivered: delivered.to_vec(),
        };
        if reversed {
            cluster.handled.reverse();
            cluster.delivered.reverse();
        }
        let messages = messages(&cluster, &case.scope());
        let [message] = messages.as_slice() else {
            panic!("{messages:?}")
        };
        assert_eq!(told(&presence(message)), expected);
    }
}

fn seen_in(folder: &str, second: i64) -> Handled {
    Handled {
        folder_id: String::new(),
        folder: folder.to_owned(),
        ..opened(&format!("seen-{second}"), ID, second)
    }
}

#[test]
fn a_delivery_begins_its_life() {
    check(
        &[],
        &[delivered_to_inbox("t", ID, 10)],
        "10.. Inbox/folder\n",
    );
    check(&[], &[delivered("t", ID, 10)], "10.. ?\n");
}

#[test]
fn what_was_first_opened_was_there_before() {
    check(&[opened("r", ID, 10)], &[], "..10 \\Inbox\n10.. \\Inbox\n");
}

#[test]
fn between_two_folders_it_may_have_been_in_either() {
    check(
        &[seen_in("\\Customers", 5_000)],
        &[delivered_to_inbox("t", ID, 10)],
        "10..5000 Inbox/folder + \\Customers\n5000.. \\Customers\n",
    );
}

#[test]
fn moved_twice_it_is_in_one_folder_at_a_time() {
    check(
        &[
            moved("m1", "\\Inbox", "\\Customers", 100),
            moved("m2", "\\Customers", "\\Customers\\Old", 200),
        ],
        &[delivered_to_inbox("t", ID, 10)],
        "10..100 \\Inbox\n100..200 \\Customers\n200.. \\Customers\\Old\n",
    );
}

#[test]
fn a_destination_given_as_id_is_the_folder_of_that_id() {
    let long = format!("{}{}", "L".repeat(30), CUSTOMERS);
    let to_id = moved("m", "\\Inbox", &long, 100);
    let then = Handled {
        folder_id: long.clone(),
        folder: "\\Customers".to_owned(),
        ..opened("r", ID, 200)
    };
    check(
        &[to_id, then],
        &[],
        &format!("..100 \\Inbox\n100..200 {long}\n200.. \\Customers\n"),
    );
}

#[test]
fn softly_deleted_it_is_still_there_and_destroyed_it_is_not() {
    check(
        &[
            done("d", Touch::Delete, "SoftDelete", 100),
            done("h", Touch::Delete, "HardDelete", 200),
        ],
        &[delivered_to_inbox("t", ID, 10)],
        "10..100 \\Inbox\n100..200 Recoverable Items + \\Inbox\n",
    );
}

#[test]
fn a_failed_act_moves_nothing() {
    let failed = Handled {
        failed: true,
        ..done("h", Touch::Delete, "HardDelete", 200)
    };
    check(
        &[failed],
        &[delivered_to_inbox("t", ID, 10)],
        "10.. Inbox/folder\n",
    );
}

#[test]
fn a_draft_that_is_sent_goes_to_the_sent_items() {
    let draft = Handled {
        folder_id: String::new(),
        folder: "\\Drafts".to_owned(),
        ..done("c", Touch::Create, "Create", 10)
    };
    let send = Handled {
        folder_id: String::new(),
        folder: "\\Drafts".to_owned(),
        ..done("s", Touch::Send, "Send", 50)
    };
    check(&[draft, send], &[], "10..50 \\Drafts\n50.. Sent Items\n");
}

#[test]
fn a_message_to_oneself_is_in_two_folders() {
    let to_self = Delivered {
        sender: ANN.to_owned(),
        direction: "Intra-org".to_owned(),
        ..delivered_to_inbox("t", ID, 10)
    };
    check(
        &[moved("m", "\\Sent Items", "\\Customers", 100)],
        &[to_self],
        "10..100 Inbox/folder + \\Sent Items\n100.. Inbox/folder + \\Customers\n",
    );
}

#[test]
fn a_copy_stays_where_the_original_was() {
    let copied = Handled {
        action: "Copy".to_owned(),
        ..moved("c", "\\Inbox", "\\Customers", 100)
    };
    check(
        &[copied, moved("m", "\\Customers", "\\Old", 200)],
        &[],
        "..100 \\Inbox\n100..200 \\Customers + \\Inbox\n200.. \\Inbox + \\Old\n",
    );
}

#[test]
fn a_read_that_was_written_late_brings_nothing_back() {
    check(
        &[
            moved("m", "\\Inbox", "\\Customers", 100),
            opened("late", ID, 160),
        ],
        &[delivered_to_inbox("t", ID, 10)],
        "10..100 \\Inbox\n100.. \\Customers\n",
    );
}

#[test]
fn what_was_kept_out_is_nowhere_until_it_is_seen() {
    let quarantined = Delivered {
        status: "Quarantined".to_owned(),
        ..delivered("t", ID, 10)
    };
    check(&[], std::slice::from_ref(&quarantined), "");
    check(
        &[opened("r", ID, 500)],
        &[quarantined],
        "10..500 \\Inbox\n500.. \\Inbox\n",
    );
}

#[test]
fn of_two_reports_of_one_delivery_the_one_that_knows_the_folder_counts() {
    check(
        &[],
        &[
            delivered("trace", ID, 11),
            delivered_to_inbox("events", ID, 10),
        ],
        "10.. Inbox/folder\n",
    );
}

#[test]
fn clocks_that_differ_by_a_minute_make_no_earlier_life() {
    check(
        &[opened("r", ID, 100)],
        &[delivered_to_inbox("t", ID, 160)],
        "100.. \\Inbox\n",
    );
}

#[test]
fn without_any_time_it_was_always_there() {
    let undated = Handled {
        time: None,
        ..opened("r", ID, 0)
    };
    check(std::slice::from_ref(&undated), &[], ".. \\Inbox\n");
    check(
        &[undated],
        &[Delivered {
            location: "Junk folder".to_owned(),
            ..delivered("t", ID, 10)
        }],
        "10.. Junk folder + \\Inbox\n",
    );
    let undated_delivery = Delivered {
        time: None,
        ..delivered_to_inbox("t", ID, 0)
    };
    check(&[], &[undated_delivery], ".. Inbox/folder\n");
}

#[test]
fn one_record_that_names_it_in_two_folders_speaks_of_two_items() {
    let other = Handled {
        folder_id: CUSTOMERS.to_owned(),
        folder: "\\Customers".to_owned(),
        ..opened("r", ID, 100)
    };
    assert_ne!(INBOX, CUSTOMERS);
    check(
        &[
            opened("r", ID, 100),
            other,
            moved("m", "\\Customers", "\\Old", 200),
        ],
        &[],
        "..100 \\Inbox\n100..200 \\Customers + \\Inbox\n200.. \\Inbox + \\Old\n",
    );
}

#[test]
fn the_first_shared_moment_with_a_set_is_found() {
    let presence = Presence {
        stretches: vec![Stretch {
            during: between(10, 50),
            places: Vec::new(),
        }],
    };
    let set: Intervals = [between(0, 5), between(40, 60)].into_iter().collect();
    assert_eq!(
        presence.meeting(&set, &Interval::ALL),
        Some(Interval::new(at(40), at(50)))
    );
    assert_eq!(presence.meeting(&set, &between(0, 30)), None);
}

#[test]
fn what_is_listed_is_in_its_folder_or_was_in_another_before() {
    check(
        &[],
        &[listed("i", ID, "\\Customers", 10)],
        "10.. ? + \\Customers\n",
    );
    check(&[], &[listed("i", ID, "", 10)], "10.. ?\n");
}

#[test]
fn a_delivery_tells_the_first_folder_of_what_is_listed() {
    check(
        &[],
        &[
            listed("i", ID, "\\Customers", 12),
            delivered_to_inbox("t", ID, 10),
        ],
        "10.. Inbox/folder + \\Customers\n",
    );
}

#[test]
fn listed_long_before_its_delivery_another_copy_was_there() {
    check(
        &[],
        &[
            listed("i", ID, "\\Customers", 10),
            delivered_to_inbox("t", ID, 5_000),
        ],
        "10..5000 ? + \\Customers\n5000.. ? + Inbox/folder + \\Customers\n",
    );
}

#[test]
fn after_an_opening_it_was_where_it_was_opened_or_where_it_is_listed() {
    check(
        &[seen_in("\\Inbox", 5_000)],
        &[listed("i", ID, "\\Customers", 10)],
        "10..5000 ? + \\Customers + \\Inbox\n5000.. \\Customers + \\Inbox\n",
    );
}

#[test]
fn what_is_listed_was_not_gone_though_a_record_says_it_was_destroyed() {
    check(
        &[done("h", Touch::Delete, "HardDelete", 200)],
        &[
            delivered_to_inbox("t", ID, 10),
            listed("i", ID, "\\Recoverable Items\\Purges", 10),
        ],
        "10..200 \\Inbox + \\Recoverable Items\\Purges\n200.. \\Recoverable Items\\Purges\n",
    );
}

#[test]
fn what_lies_among_the_drafts_or_the_sent_items_began_there_and_a_name_alone_says_nothing() {
    check(
        &[],
        &[listed_own("i", ID, "\\Drafts", 10)],
        "10.. Sent Items + \\Drafts\n",
    );
    check(
        &[],
        &[listed_own("i", ID, "\\Projects", 10)],
        "10.. ? + \\Projects\n",
    );
}

#[test]
fn listed_in_two_folders_there_are_two_items() {
    check(
        &[moved("m", "\\Inbox", "\\Customers", 100)],
        &[
            delivered_to_inbox("t", ID, 10),
            listed("i", ID, "\\Inbox", 10),
            listed("j", ID, "\\Customers", 10),
        ],
        "10..100 \\Customers + \\Inbox\n100.. \\Customers + \\Inbox\n",
    );
}

#[test]
fn a_listed_message_without_a_time_was_there_at_any_time() {
    let undated = Delivered {
        time: None,
        ..listed("i", ID, "\\Customers", 0)
    };
    check(&[], &[undated], ".. ? + \\Customers\n");
}

#[test]
fn a_folder_whose_id_cannot_be_compared_may_be_any() {
    let id = format!("AAkALg{}", "A".repeat(60));
    let hidden = listed("i", ID, &id, 10);
    check(
        &[seen_in("\\Inbox", 50)],
        &[hidden],
        &format!("10..50 ? + {id} + \\Inbox\n50.. ? + {id} + \\Inbox\n"),
    );
}
