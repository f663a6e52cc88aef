//! The audit log of Azure DevOps against a fake.

use super::*;
use crate::feed::{Memory, Next};
use crate::testing::{Answer, Drive, Maker, START, answer, parameter, with_header};
use crate::window::reader::Reader;

fn make() -> Maker {
    Box::new(|memory: &Memory, _| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-HOUR));
        Box::new(Reader::new(
            Audit::new("contoso", &settings),
            settings.since,
            memory,
        ))
    })
}

fn page(rows: &str, token: &str, more: bool) -> Answer {
    answer(
        200,
        format!(
            r#"{{"decoratedAuditLogEntries":[{rows}],"continuationToken":"{token}","hasMore":{more}}}"#
        ),
    )
}

#[test]
fn a_page_without_entries_is_not_the_end_while_more_is_promised() {
    let mut drive = Drive::new(make(), |ask: &Ask, _| {
        match parameter(ask, "continuationToken").as_deref() {
            None => page(r#"{"id":"a"}"#, "one two", true),
            Some("one two") => page("", "3", true),
            Some(_) => page(r#"{"id":"b"}"#, "", false),
        }
    });
    drive.run_once();
    let bodies = drive.store.bodies().concat();
    assert!(bodies.contains("\"a\"") && bodies.contains("\"b\""));
    assert!(drive.standing().caught_up.is_some());
}

#[test]
fn a_page_for_signing_in_is_no_empty_log() {
    for reply in [
        answer(203, "<html>"),
        with_header(answer(200, "<html>"), "content-type", "text/html"),
        answer(302, ""),
    ] {
        let mut drive = Drive::new(make(), move |_: &Ask, _| reply.clone());
        assert_eq!(drive.run_once(), Next::Stopped);
        assert!(
            drive
                .standing()
                .trouble
                .is_some_and(|trouble| trouble.access)
        );
    }
}
