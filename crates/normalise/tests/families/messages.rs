//! Messages on their way: message trace and EmailEvents.

use crate::{TENANT, with};
use model::{Outcome, Shape};

#[test]
fn a_traced_message_is_one_delivery_in_every_dress() {
    let cmdlet = r#"{"MessageTraceId":"cf7a249a-5edd-4350-130a-08da8f69e0f6","Received":"2026-03-05T18:10:13.4907658","SenderAddress":"Billing@supplier.example",
        "RecipientAddress":"Mira.Baker@alderholt.example","Subject":"New bank details","Status":"Delivered","FromIP":"198.51.100.9","Size":"87891","MessageId":"<m1@supplier.example>"}"#;
    let graph = r#"{"id":"cf7a249a-5edd-4350-130a-08da8f69e0f6","receivedDateTime":"2026-03-05T18:10:13.4907658Z","senderAddress":"billing@supplier.example",
        "recipientAddress":"mira.baker@alderholt.example","subject":"New bank details","status":"delivered","fromIP":"198.51.100.9","size":87891,"messageId":"m1@supplier.example"}"#;
    let report = r#"{"origin_timestamp_utc":"2026-03-05T18:10:13.4907658Z","sender_address":"billing@supplier.example","recipient_status":"mira.baker@alderholt.example",
        "message_subject":"New bank details","total_bytes":"87891","message_id":"<m1@supplier.example>","network_message_id":"cf7a249a-5edd-4350-130a-08da8f69e0f6","original_client_ip":"198.51.100.9","directionality":"Incoming"}"#;
    for (shape, text) in [
        (Shape::MessageTrace, cmdlet),
        (Shape::MessageTraceGraph, graph),
        (Shape::MessageTraceReport, report),
    ] {
        with(shape, text, |found| {
            assert!(found.errors.is_empty(), "{shape:?}: {:?}", found.errors);
            assert_eq!(found.event.source, "message.trace");
            assert_eq!(
                found.event.id.as_str(),
                "cf7a249a-5edd-4350-130a-08da8f69e0f6/mira.baker@alderholt.example"
            );
            let delivery = found.delivery.as_ref().expect("a delivery");
            assert_eq!(&*delivery.internet_message_id, "<m1@supplier.example>");
            assert_eq!(&*delivery.sender, "billing@supplier.example");
            assert_eq!(&*delivery.recipient, "mira.baker@alderholt.example");
            assert_eq!(&*delivery.subject, "New bank details");
            assert_eq!(delivery.size_bytes, Some(87891));
            assert_eq!(found.event.address_text, "198.51.100.9");
        });
    }
}

#[test]
fn a_report_row_with_several_recipients_keeps_them_joined() {
    let row = r#"{"origin_timestamp_utc":"2026-03-05T18:10:13Z","sender_address":"billing@supplier.example","message_id":"<m1@supplier.example>","network_message_id":"cf7a",
        "recipient_status":"Mira.Baker@alderholt.example##Receive, Deliver;tom@alderholt.example##Receive, Fail"}"#;
    with(Shape::MessageTraceReport, row, |found| {
        let delivery = found.delivery.as_ref().expect("a delivery");
        assert_eq!(
            &*delivery.recipient,
            "mira.baker@alderholt.example;tom@alderholt.example"
        );
        assert_eq!(&*delivery.status, "Receive, Deliver;Receive, Fail");
        assert_eq!(found.event.outcome, Outcome::Partial);
    });
}

#[test]
fn an_empty_wrapper_is_one_error_and_no_message() {
    with(
        Shape::MessageTrace,
        r#"{"@odata.context":"x","value":null}"#,
        |found| {
            assert_eq!(found.errors.len(), 1, "{:?}", found.errors);
            assert!(found.damaged && found.delivery.is_none());
        },
    );
}

#[test]
fn an_email_event_is_keyed_by_message_recipient_and_time() {
    let row = r#"{"Timestamp":"2026-03-05T18:10:13.5Z","NetworkMessageId":"cf7a249a","InternetMessageId":"<m1@supplier.example>","SenderFromAddress":"billing@supplier.example",
        "RecipientEmailAddress":"mira.baker@alderholt.example","Subject":"New bank details","EmailDirection":"Inbound","DeliveryAction":"Delivered","DeliveryLocation":"Inbox/folder","SenderIPv4":"198.51.100.9"}"#;
    let line = format!(
        r#"{{"time":"2026-03-05T18:12:00Z","tenantId":"{TENANT}","category":"AdvancedHunting-EmailEvents","properties":{row}}}"#
    );
    for (shape, text) in [
        (Shape::EmailEvents, row),
        (Shape::Diagnostic, line.as_str()),
    ] {
        with(shape, text, |found| {
            assert_eq!(found.event.source, "message.emailevents");
            assert_eq!(
                found.event.id.as_str(),
                "cf7a249a/mira.baker@alderholt.example/2026-03-05T18:10:13.5Z"
            );
            let delivery = found.delivery.as_ref().expect("a delivery");
            assert_eq!(
                (&*delivery.direction, &*delivery.location),
                ("Inbound", "Inbox/folder")
            );
            assert_eq!(found.event.outcome, Outcome::Success);
        });
    }
}
