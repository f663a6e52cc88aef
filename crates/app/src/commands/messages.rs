//! `breachscope messages`.

use super::store;
use crate::cli::{Format, Global, MessagesArgs};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, counted, csv_line, thousands};
use crate::times;
use crate::ui::Ui;
use engine::{Answer, Line, MessagesRequest, Subject, Summary};
use model::{Timestamp, Touch};
use serde::Serialize;
use std::collections::BTreeSet;

/// Prints which messages were touched.
pub(crate) fn run(args: &MessagesArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let request = request(args, global)?;
    echo_window(&request, ui);
    let answer = store(global)?.messages(&request)?;
    match ui.format {
        Format::Table => table(&answer, ui)?,
        Format::Json => ui.json(&WireAnswer {
            summary: wire_summary(&answer.summary),
            lines: answer.lines.iter().map(wire).collect(),
        })?,
        Format::Jsonl => {
            for line in &answer.lines {
                ui.json(&wire(line))?;
            }
            say_summary(&answer, ui);
        }
        Format::Csv => {
            csv(&answer, ui)?;
            say_summary(&answer, ui);
        }
    }
    ui.flush()?;
    Ok(Code::Ok)
}

fn request(args: &MessagesArgs, global: &Global) -> Result<MessagesRequest, Trouble> {
    let now = engine::clock::now();
    let (since, until) = times::window(args.since.as_deref(), args.until.as_deref(), now)?;
    Ok(MessagesRequest {
        tenant: global.tenant.clone(),
        mailbox: args.mailbox.clone(),
        user: args.user.clone(),
        address: args.ip.clone(),
        session: args.session.clone(),
        app: args.app.clone(),
        since,
        until,
        touches: args
            .types
            .iter()
            .filter_map(|name| Touch::of_name(name))
            .collect(),
        foreground: args.foreground,
    })
}

fn echo_window(request: &MessagesRequest, ui: &mut Ui) {
    let end = |time: Option<Timestamp>, open: &str| {
        time.map_or_else(|| open.to_owned(), |time| time.to_string())
    };
    ui.say(&format!(
        "window: {} to {} (UTC)",
        end(request.since, "the first record"),
        end(request.until, "the last")
    ));
}

/// One line as it is written; the names are part of the command's contract.
#[derive(Serialize)]
struct WireLine<'a> {
    mailbox: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    internet_message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder_id: Option<&'a str>,
    first_seen: Option<String>,
    last_seen: Option<String>,
    times: usize,
    folders: &'a BTreeSet<String>,
    subject: &'a str,
    types: Vec<&'static str>,
    users: &'a BTreeSet<String>,
    ips: &'a BTreeSet<String>,
    sessions: &'a BTreeSet<String>,
    apps: &'a BTreeSet<String>,
    records: &'a BTreeSet<String>,
}

fn wire(line: &Line) -> WireLine<'_> {
    let (message, item, folder_id) = match &line.subject_of {
        Subject::Message(id) => (Some(id.as_str()), None, None),
        Subject::Item(id) => (None, Some(id.as_str()), None),
        Subject::Folder(id) => (None, None, Some(id.as_str())),
    };
    WireLine {
        mailbox: &line.mailbox,
        internet_message_id: message,
        item_id: item,
        folder: folder_id.map(|id| line.folders.first().map_or(id, String::as_str)),
        folder_id,
        first_seen: line.first_seen.map(|time| time.to_string()),
        last_seen: line.last_seen.map(|time| time.to_string()),
        times: line.times,
        folders: &line.folders,
        subject: &line.subject,
        types: line.types.iter().map(|touch| touch.name()).collect(),
        users: &line.users,
        ips: &line.ips,
        sessions: &line.sessions,
        apps: &line.apps,
        records: &line.records,
    }
}

#[derive(Serialize)]
struct WireAnswer<'a> {
    summary: WireSummary<'a>,
    lines: Vec<WireLine<'a>>,
}

#[derive(Serialize)]
struct WireSummary<'a> {
    messages: usize,
    folders: usize,
    records: usize,
    mailboxes: usize,
    background_left_out: usize,
    not_covered: &'a [String],
}

fn wire_summary(summary: &Summary) -> WireSummary<'_> {
    WireSummary {
        messages: summary.messages,
        folders: summary.folders,
        records: summary.records,
        mailboxes: summary.mailboxes,
        background_left_out: summary.background,
        not_covered: &summary.not_covered,
    }
}

fn headline(summary: &Summary) -> String {
    let count = |number: usize, one: &str, many: &str| counted(number as u64, one, many);
    let folders = if summary.folders == 0 {
        String::new()
    } else {
        format!(
            " and {}",
            count(summary.folders, "whole folder", "whole folders")
        )
    };
    format!(
        "{}{folders} in {}, shown by {}",
        count(summary.messages, "message", "messages"),
        count(summary.mailboxes, "mailbox", "mailboxes"),
        count(summary.records, "record", "records"),
    )
}

fn say_summary(answer: &Answer, ui: &mut Ui) {
    ui.say(&headline(&answer.summary));
    for line in not_covered(&answer.summary) {
        ui.say(&line);
    }
}

fn not_covered(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    if summary.background > 0 {
        lines.push(format!(
            "left out: {} background read(s) of Microsoft's services; see them without --foreground",
            thousands(summary.background as u64)
        ));
    }
    lines.extend(
        summary
            .not_covered
            .iter()
            .map(|what| format!("not covered: {}", model::shown::shown(what))),
    );
    lines
}

fn table(answer: &Answer, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&headline(&answer.summary))?;
    for line in not_covered(&answer.summary) {
        ui.line(&line)?;
    }
    if answer.lines.is_empty() {
        return Ok(());
    }
    ui.line("")?;
    let mut table = Table::new(&[
        ("first seen (UTC)", Align::Left),
        ("last seen (UTC)", Align::Left),
        ("n", Align::Right),
        ("how", Align::Left),
        ("mailbox", Align::Left),
        ("folder", Align::Left),
        ("message", Align::Left),
        ("subject", Align::Left),
        ("from", Align::Left),
        ("through", Align::Left),
    ])
    .widest(44);
    for line in &answer.lines {
        table.row(row(line));
    }
    ui.table(&table)?;
    ui.line("")?;
    ui.line("every id whole, and the records that prove each line: --format jsonl; one record: breachscope show RECORD-ID")
}

fn row(line: &Line) -> Vec<String> {
    let joined =
        |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let what = match &line.subject_of {
        Subject::Message(id) => id.clone(),
        Subject::Item(_) => "(item without Message-ID)".to_owned(),
        Subject::Folder(_) => "(whole folder)".to_owned(),
    };
    let through = if line.apps.is_empty() {
        &line.sessions
    } else {
        &line.apps
    };
    vec![
        line.first_seen
            .map_or_else(|| "undated".to_owned(), |time| time.to_string()),
        line.last_seen
            .map_or_else(|| "undated".to_owned(), |time| time.to_string()),
        line.times.to_string(),
        line.types
            .iter()
            .map(|touch| touch.name())
            .collect::<Vec<_>>()
            .join(" "),
        line.mailbox.clone(),
        joined(&line.folders),
        what,
        line.subject.clone(),
        joined(&line.ips),
        joined(through),
    ]
}

fn csv(answer: &Answer, ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("mailbox,internet_message_id,item_id,folder_id,first_seen,last_seen,times,folders,subject,types,users,ips,sessions,apps,records")?;
    for line in &answer.lines {
        let wire = wire(line);
        let joined =
            |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(";");
        let cells = [
            wire.mailbox.to_owned(),
            wire.internet_message_id.unwrap_or_default().to_owned(),
            wire.item_id.unwrap_or_default().to_owned(),
            wire.folder_id.unwrap_or_default().to_owned(),
            wire.first_seen.unwrap_or_default(),
            wire.last_seen.unwrap_or_default(),
            wire.times.to_string(),
            joined(wire.folders),
            wire.subject.to_owned(),
            wire.types.join(";"),
            joined(wire.users),
            joined(wire.ips),
            joined(wire.sessions),
            joined(wire.apps),
            joined(wire.records),
        ];
        ui.line(&csv_line(&cells))?;
    }
    Ok(())
}
