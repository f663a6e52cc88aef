//! Azure's activity against a fake with several subscriptions.

use super::*;
use crate::feed::Memory;
use crate::testing::{Drive, Maker, START, address, answer};
use crate::window::reader::Reader;

fn make() -> Maker {
    Box::new(|memory: &Memory, _| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-DAY));
        Box::new(Reader::new(
            Activity::of_subscriptions(&settings),
            settings.since,
            memory,
        ))
    })
}

#[test]
fn every_subscription_that_is_listed_is_read_and_one_that_is_closed_stops_no_other() {
    let mut drive = Drive::new(make(), |ask: &Ask, now| {
        let at = address(ask);
        if at == "/subscriptions?api-version=2020-01-01" {
            let next = r#""nextLink":"https://arm.example/subscriptions?page=2""#;
            return answer(
                200,
                format!(
                    r#"{{"value":[{{"subscriptionId":"s1"}},{{"subscriptionId":"s2"}}],{next}}}"#
                ),
            );
        }
        if at.ends_with("page=2") {
            let third = if now > START.plus_seconds(DAY) {
                r#",{"subscriptionId":"s4"}"#
            } else {
                ""
            };
            return answer(
                200,
                format!(r#"{{"value":[{{"subscriptionId":"s3"}}{third}]}}"#),
            );
        }
        assert!(!at.contains(" lt ") && at.contains("eventTimestamp"));
        if at.contains("/s2/") {
            return answer(
                403,
                r#"{"error":{"code":"AuthorizationFailed","message":"no"}}"#,
            );
        }
        let id = at.split('/').nth(2).expect("an id");
        answer(200, format!(r#"{{"value":[{{"eventDataId":"of-{id}"}}]}}"#))
    });
    drive.run(2 * HOUR);
    let bodies = drive.store.bodies().concat();
    assert!(bodies.contains("of-s1") && bodies.contains("of-s3"));
    assert!(
        drive
            .standing()
            .trouble
            .is_some_and(|trouble| trouble.what.contains("/subscriptions/s2"))
    );
    let of_closed = drive
        .asks
        .iter()
        .filter(|ask| address(ask).contains("/s2/"))
        .count();
    assert!(of_closed <= 2, "{of_closed}");

    drive.run(2 * DAY);
    assert!(drive.store.bodies().concat().contains("of-s4"));
}
