//! Inventories of a mailbox, as Graph and PowerShell write them.

use crate::{raw, with};
use model::{Family, Normalised, Shape, json};
use normalise::{Context, normalise};
use std::borrow::Cow;

/// What an inventory tells of a message, one line.
fn listed(found: &Normalised<'_>) -> String {
    let delivery = found.delivery.as_ref().expect("a delivery");
    let time = found.event.time.map(|time| time.to_string());
    format!(
        "{} {} {} | {} {} | {} > {} {} | {} | {} | {:?} {:?}",
        found.event.source,
        time.unwrap_or_default(),
        found.event.mailbox,
        delivery.internet_message_id,
        delivery.network_message_id,
        delivery.sender,
        delivery.recipient,
        delivery.direction,
        delivery.location,
        delivery.subject,
        delivery.size_bytes,
        found.errors,
    )
}

#[test]
fn a_message_in_an_inventory_is_the_same_in_every_dress() {
    let graph = r#"{"@odata.etag":"W/1","id":"AAMkAa","receivedDateTime":"2026-03-05T18:10:13Z","sentDateTime":"2026-03-05T18:10:11Z","hasAttachments":true,
        "internetMessageId":"<m1@supplier.example>","subject":"New bank details","isRead":false,"parentFolderId":"AAMkIn","mailbox":"Mira.Baker@alderholt.example",
        "from":{"emailAddress":{"name":"Billing","address":"Billing@supplier.example"}},"toRecipients":[{"emailAddress":{"address":"mira.baker@alderholt.example"}}]}"#;
    let cmdlet = r#"{"Id":"AAMkAa","ReceivedDateTime":"\/Date(1772734213000)\/","InternetMessageId":"m1@supplier.example","Subject":"New bank details","IsRead":true,
        "ParentFolderId":"AAMkIn","UserPrincipalName":"mira.baker@alderholt.example","From":{"EmailAddress":{"Address":"billing@supplier.example","Name":"Billing"}}}"#;
    let sheet = r#"{"Mailbox":"mira.baker@alderholt.example","Id":"AAMkAa","InternetMessageId":"<m1@supplier.example>","ReceivedDateTime":"3/5/2026 6:10:13 PM",
        "Subject":"New bank details","From":"Billing <billing@supplier.example>","ParentFolderId":"AAMkIn","IsRead":"True","ToRecipients":"Microsoft.Graph.PowerShell.Models.MicrosoftGraphRecipient"}"#;
    let expected = "inventory 2026-03-05T18:10:13Z mira.baker@alderholt.example | <m1@supplier.example> AAMkAa | billing@supplier.example > mira.baker@alderholt.example  | AAMkIn | New bank details | None []";
    let mut ids = Vec::new();
    for text in [graph, cmdlet, sheet] {
        with(Shape::MailboxInventory, text, |found| {
            assert_eq!(listed(found), expected);
            assert_eq!(found.event.family, Family::Message);
            ids.push((found.event.id.to_string(), found.event.fingerprint));
        });
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[test]
fn a_page_says_whose_messages_it_lists_and_in_which_folder() {
    let text = r#"{"id":"AAMkAb","receivedDateTime":"2026-03-05T18:10:13Z","subject":"","from":{"emailAddress":{"address":"MIRA@alderholt.example"}},"size":2048,"parentFolderId":"AAMkSent"}"#;
    let told = |around: &str, text: &str| {
        let body = json::parse(text).expect("JSON").value;
        let mut raw = raw(Shape::MailboxInventory, body);
        if !around.is_empty() {
            let around = (Cow::Borrowed("@odata.context"), Cow::Borrowed(around));
            raw.columns.push(around);
        }
        listed(&normalise(&raw, &Context::default()))
    };
    let page = "https://graph.microsoft.com/v1.0/$metadata#users('mira%40alderholt.example')";
    assert_eq!(
        told(&format!("{page}/messages"), text),
        "inventory 2026-03-05T18:10:13Z mira@alderholt.example |  AAMkAb | mira@alderholt.example > mira@alderholt.example Outbound | AAMkSent |  | Some(2048) []"
    );
    let deleted = format!("{page}/mailFolders('recoverableitemspurges')/messages(id)");
    assert_eq!(
        told(&deleted, text),
        "inventory 2026-03-05T18:10:13Z mira@alderholt.example |  AAMkAb | mira@alderholt.example > mira@alderholt.example Outbound | \\Recoverable Items\\Purges |  | Some(2048) []"
    );
    let draft = r#"{"id":"AAMkAc","isDraft":true,"receivedDateTime":"2026-03-05T18:10:13Z","folderPath":"/Inbox/Customers","mailbox":"mira@alderholt.example"}"#;
    assert_eq!(
        told("", draft),
        "inventory 2026-03-05T18:10:13Z mira@alderholt.example |  AAMkAc |  > mira@alderholt.example Outbound | \\Inbox\\Customers |  | None []"
    );
}

#[test]
fn a_listed_message_that_names_no_mailbox_is_kept_and_says_what_to_add() {
    let text = r#"{"id":"AAMkAb","internetMessageId":"<m1@supplier.example>","receivedDateTime":"2026-03-05T18:10:13Z"}"#;
    with(Shape::MailboxInventory, text, |found| {
        assert!(found.delivery.is_some() && !found.damaged);
        assert_eq!(found.errors.len(), 1, "{:?}", found.errors);
        assert!(found.errors[0].contains("`mailbox`"), "{:?}", found.errors);
    });
    with(Shape::MailboxInventory, r#"{"subject":"x"}"#, |found| {
        assert!(found.delivery.is_none() && found.damaged);
    });
}
