//! Listings of mailboxes, in every container that Graph and its cmdlets leave them in.

use crate::seen::read;
use evidence::Options;
use model::listing::CONTEXT;
use model::{Found, Shape};
use std::io::Cursor;
use std::ops::ControlFlow;

const PAGE: &str =
    "https://graph.microsoft.com/v1.0/$metadata#users('ann.berg%40fjordline.example')/messages(id)";

/// A message as Graph lists it.
fn message(id: &str) -> String {
    format!(
        r#"{{"@odata.etag":"W/1","id":"{id}","internetMessageId":"<{id}@harbour.example>","receivedDateTime":"2026-03-02T08:15:16Z","subject":"Berth","parentFolderId":"AAMkIn","isRead":true,"hasAttachments":false,"from":{{"emailAddress":{{"address":"ole@harbour.example"}}}},"toRecipients":[]}}"#
    )
}

/// Returns each message with what its page says, and counts what was complained of.
fn listed(text: &str) -> (Vec<String>, usize) {
    let mut listed = Vec::new();
    let mut complaints = 0;
    let mut input = Cursor::new(text.as_bytes());
    let read = evidence::read(&mut input, &Options::default(), &mut |found| {
        match found {
            Found::Record(raw) => {
                let page = raw.columns.iter().find(|(key, _)| key == CONTEXT);
                let page = page.map_or("", |(_, page)| page);
                let id = raw.body.get_any_case("id").and_then(|id| id.as_word());
                assert_eq!(raw.shape, Shape::MailboxInventory, "{text}");
                listed.push(format!("{} {page}", id.unwrap_or_default()));
            }
            Found::Reject(_) | Found::Notice(_) => complaints += 1,
        }
        ControlFlow::Continue(())
    });
    read.expect("readable");
    (listed, complaints)
}

#[test]
fn a_page_tells_each_of_its_messages_whose_it_is() {
    let (one, two) = (message("a"), message("b"));
    let other = PAGE.replace("messages", "mailFolders('inbox')/messages");
    for (what, text) in [
        (
            "context first",
            format!(r#"{{"@odata.context":"{PAGE}","value":[{one},{two}]}}"#),
        ),
        (
            "context last, as a table of hashes is written",
            format!(r#"{{"value":[{one},{two}],"@odata.context":"{PAGE}"}}"#),
        ),
        (
            "pages as lines",
            format!(
                "{{\"@odata.context\":\"{PAGE}\",\"value\":[{one}]}}\n{{\"@odata.context\":\"{PAGE}\",\"value\":[{two}]}}"
            ),
        ),
        (
            "pages in an array",
            format!(
                r#"[{{"@odata.context":"{PAGE}","value":[{one}]}},{{"@odata.context":"{PAGE}","value":[{two}]}}]"#
            ),
        ),
    ] {
        let expected = [format!("a {PAGE}"), format!("b {PAGE}")];
        assert_eq!(listed(&text), (expected.to_vec(), 0), "{what}");
    }
    let two_pages = format!(
        "{{\"@odata.context\":\"{PAGE}\",\"value\":[{one}]}}\n{{\"@odata.context\":\"{other}\",\"value\":[{two}]}}\n{one}"
    );
    let expected = [format!("a {PAGE}"), format!("b {other}"), "a ".to_owned()];
    assert_eq!(
        listed(&two_pages).0,
        expected,
        "a page says nothing of the next"
    );
}

#[test]
fn a_large_page_is_walked_through_and_says_it_all_the_same() {
    let many: Vec<String> = (0..4_000).map(|n| message(&format!("m{n}"))).collect();
    let text = format!(
        r#"{{"@odata.context":"{PAGE}","value":[{}],"@odata.nextLink":"https://graph.microsoft.com/x"}}"#,
        many.join(",")
    );
    let (listed, complaints) = listed(&text);
    assert_eq!(listed.len(), 4_000);
    assert!(listed.iter().all(|line| line.ends_with(PAGE)));
    assert_eq!(complaints, 1, "further pages exist");
}

#[test]
fn a_page_is_believed_where_a_message_says_too_little_of_itself() {
    let text = format!(r#"{{"@odata.context":"{PAGE}","value":[{{"id":"a","subject":"Berth"}}]}}"#);
    assert_eq!(listed(&text), (vec![format!("a {PAGE}")], 0));
}

#[test]
fn messages_without_a_page_are_told_by_their_keys() {
    let (one, two) = (message("a"), message("b"));
    let cmdlet = one
        .replace("internetMessageId", "InternetMessageId")
        .replace("receivedDateTime", "ReceivedDateTime");
    for text in [
        format!("[{one},{two}]"),
        format!("{one}\n{two}\n"),
        format!("[{cmdlet},{two}]"),
        format!(r#"{{"value":[{one},{two}],"Count":2}}"#),
        "Id,InternetMessageId,ReceivedDateTime,Subject,ParentFolderId,IsRead,From\na,<a@x>,3/2/2026 8:15:16 AM,Berth,AAMkIn,True,ole@harbour.example\nb,<b@x>,3/2/2026 8:15:16 AM,Berth,AAMkIn,True,ole@harbour.example\n".to_owned(),
        "\"ID\";\"INTERNETMESSAGEID\";\"SENTDATETIME\";\"SUBJECT\";\"MAILBOX\"\n\"a\";\"<a@x>\";\"2026-03-02\";\"\";\"ann\"\n\"b\";\"\";\"2026-03-02\";\"\";\"ann\"\n".to_owned(),
    ] {
        let expected = vec!["a ".to_owned(), "b ".to_owned()];
        assert_eq!(listed(&text), (expected, 0), "{text}");
    }
}

#[test]
fn what_somebody_did_to_a_message_is_no_listing_of_it() {
    for (line, shape) in [
        (
            r#"{"CreationTime":"2026-03-02T08:15:00","Id":"1","Operation":"MailItemsAccessed","RecordType":50,"InternetMessageId":"<a@x>","ReceivedDateTime":"2026-03-02","Subject":"s"}"#,
            Shape::UnifiedAudit,
        ),
        (
            r#"{"Timestamp":"2026-03-02T08:15:00Z","NetworkMessageId":"n","InternetMessageId":"<a@x>","SenderFromAddress":"a@x","RecipientEmailAddress":"b@x","Subject":"s"}"#,
            Shape::EmailEvents,
        ),
        (
            r#"{"id":"1","receivedDateTime":"2026-03-02T08:15:00Z","senderAddress":"a@x","recipientAddress":"b@x","subject":"s","messageId":"<a@x>"}"#,
            Shape::MessageTraceGraph,
        ),
    ] {
        let seen = read(line.as_bytes());
        assert_eq!(seen.records[0].shape, shape, "{line}");
        let page = format!(r#"{{"@odata.context":"{PAGE}","value":[{line}]}}"#);
        assert_eq!(read(page.as_bytes()).records[0].shape, shape, "{line}");
    }
}
