//! Messages that an inventory lists, with and without anything else that is known of them.

use super::*;
use crate::messages::case::{listed, listed_own};

#[test]
fn a_message_that_nobody_touched_is_judged_by_what_the_log_could_see() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let inventory = [listed("i", ID, "\\Customers", 2_000)];
    case.check(&[], &inventory, Class::N);
    case.check(&[], &[listed("i", ID, "\\Customers", 200_000)], Class::O);
    case.blind(&[between(500, 1_500)]);
    case.check(&[], &inventory, Class::N);
    case.blind(&[between(50_000, 50_001)]);
    case.check(&[], &inventory, Class::B);
}

#[test]
fn it_has_its_folder_and_its_metadata_from_the_inventory() {
    let case = Case::default();
    let judged = case.judge(&[], &[listed("i", ID, "\\Customers", 2_000)]);
    assert_eq!(judged.folders, ["\\Customers"]);
    assert_eq!(judged.subject, "Invoice 7");
    assert_eq!(judged.from, "carl@example.org");
    assert_eq!(judged.to, [ANN]);
    assert_eq!(judged.received, Some(at(2_000)));
    assert_eq!(judged.tags, []);
    let draft = case.judge(&[], &[listed_own("i", ID, "\\Drafts", 2_000)]);
    assert_eq!(draft.from, ANN);
    assert!(draft.to.is_empty(), "{:?}", draft.to);
    assert_eq!(draft.folders, ["\\Drafts"]);
}

#[test]
fn a_listed_message_may_have_been_in_the_folder_that_was_synchronised() {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.synced(&[synced("sync", INBOX, "Inbox", 5_000)]);
    case.check(&[], &[listed("i", ID, "\\Customers", 2_000)], Class::S);
    case.check(&[], &[listed("i", ID, "\\Inbox", 9_000)], Class::N);
    // What the person sent never was in the inbox, but who sent it is told by its folder alone.
    case.check(&[], &[listed_own("i", ID, "\\Sent Items", 2_000)], Class::N);
    case.check(&[], &[listed_own("i", ID, "\\Customers", 2_000)], Class::S);
    let elsewhere = [
        delivered_to_inbox("t", ID, 6_000),
        listed("i", ID, "\\Customers", 2_000),
    ];
    case.check(&[], &elsewhere, Class::S);
}

#[test]
fn an_unrecorded_move_to_a_synchronised_folder_is_seen_by_the_inventory() {
    let mut case = Case::default();
    case.intruder("s", &["sync"]);
    case.owner("o", &["r"]);
    case.synced(&[synced("sync", CUSTOMERS, "Customers", 8_000)]);
    let opened = [opened("r", ID, 3_000)];
    let arrival = delivered_to_inbox("t", ID, 2_000);
    case.check(&opened, std::slice::from_ref(&arrival), Class::N);
    let inventory = listed("i", ID, "\\Customers", 2_000);
    case.check(&opened, &[arrival, inventory], Class::S);
}

#[test]
fn what_was_kept_out_and_is_listed_came_in_after_all() {
    let mut case = Case::default();
    case.intruder("s", &["r"]);
    let refused = Delivered {
        status: "Quarantined".to_owned(),
        ..delivered("t", ID, 2_000)
    };
    case.check(&[], std::slice::from_ref(&refused), Class::O);
    case.check(&[], &[refused, listed("i", ID, "\\Inbox", 3_000)], Class::N);
}

#[test]
fn two_inventories_and_a_trace_are_no_two_messages_under_one_id() {
    let case = Case::default();
    let judged = case.judge(
        &[],
        &[
            delivered("t", ID, 2_000),
            listed("i", ID, "\\Inbox", 2_000),
            listed("j", ID, "\\Customers", 2_000),
        ],
    );
    assert_eq!(judged.tags, []);
    assert_eq!(judged.folders, ["\\Customers", "\\Inbox"]);
}

#[test]
fn without_a_message_id_the_items_id_stands_for_it() {
    let case = Case::default();
    let judged = case.judge(&[], &[listed("i", "", "\\Inbox", 2_000)]);
    assert_eq!(judged.id, "AAMk-i");
    assert_eq!(judged.tags, [Tag::NoMessageId]);
}

#[test]
fn anothers_inventory_lists_no_message_of_this_mailbox() {
    let case = Case::default();
    let anothers = Delivered {
        sender: ANN.to_owned(),
        recipient: "bob@example.com".to_owned(),
        ..listed("i", ID, "\\Inbox", 2_000)
    };
    assert_eq!(case.judge_all(&[], &[anothers]), []);
}
