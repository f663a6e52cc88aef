//! The message trace by cmdlet against a fake that hands out the newest rows first.

use super::*;
use crate::feed::Memory;
use crate::moment::HOUR;
use crate::testing::{Drive, Maker, START, answer};
use crate::window::reader::Reader;
use std::collections::BTreeSet;

#[test]
fn what_follows_a_full_answer_is_asked_for_from_its_last_row_on() {
    let make: Maker = Box::new(|memory: &Memory, _| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-HOUR));
        Box::new(Reader::new(Trace::new(&settings), settings.since, memory))
    });
    // 12,000 rows, several a second, newest first.
    let all: Vec<(String, String)> = (0..12_000)
        .map(|n| {
            (
                START.plus_seconds(-60 - n / 5).to_string(),
                format!("{n:05}@x.example"),
            )
        })
        .collect();
    let rows = all.clone();
    let mut drive = Drive::new(make, move |ask: &Ask, _| {
        let body: Value = serde_json::from_str(ask.body.as_deref().expect("a body")).expect("JSON");
        let given = &body["CmdletInput"]["Parameters"];
        let start = given["StartDate"].as_str().expect("a start");
        let end = given["EndDate"].as_str().expect("an end");
        let recipient = given["StartingRecipientAddress"].as_str();
        let from = rows.iter().position(|(at, to)| match recipient {
            Some(recipient) => at == end && to == recipient,
            None => at.as_str() <= end,
        });
        let found = rows[from.unwrap_or(rows.len())..]
            .iter()
            .take_while(|(at, _)| at.as_str() >= start)
            .take(MOST as usize);
        let found: Vec<String> = found
            .map(|(at, to)| format!(r#"{{"Received":"{at}","RecipientAddress":"{to}"}}"#))
            .collect();
        answer(200, format!(r#"{{"value":[{}]}}"#, found.join(",")))
    });
    drive.run_once();
    let bodies = drive.store.bodies().concat();
    let words: BTreeSet<&str> = bodies.split('"').collect();
    assert!(all.iter().all(|(_, to)| words.contains(to.as_str())));
    assert!(drive.standing().caught_up.is_some() && drive.store.gaps.is_empty());
}

#[test]
fn one_moment_with_more_rows_than_an_answer_is_told() {
    let make: Maker = Box::new(|memory: &Memory, _| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-HOUR));
        Box::new(Reader::new(Trace::new(&settings), settings.since, memory))
    });
    let moment = START.plus_seconds(-1800);
    let row = format!(r#"{{"Received":"{moment}","RecipientAddress":"a@x.example"}}"#);
    let full = format!(r#"{{"value":[{}]}}"#, vec![row; MOST as usize].join(","));
    let mut drive = Drive::new(make, move |ask: &Ask, _| {
        let body: Value = serde_json::from_str(ask.body.as_deref().expect("a body")).expect("JSON");
        let given = &body["CmdletInput"]["Parameters"];
        let (from, to) = (
            given["StartDate"].as_str().expect("from"),
            given["EndDate"].as_str().expect("to"),
        );
        let holds = from <= moment.to_string().as_str() && moment.to_string().as_str() < to
            || to == moment.to_string();
        answer(
            200,
            if holds {
                full.clone()
            } else {
                r#"{"value":[]}"#.to_owned()
            },
        )
    });
    drive.run(HOUR);
    assert!(
        !drive.store.gaps.is_empty()
            && drive
                .store
                .gaps
                .iter()
                .all(|gap| gap.to.0 - gap.from.0 <= 2_000_000)
    );
    assert_eq!(drive.standing().waiting, 0);
}
