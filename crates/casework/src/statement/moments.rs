//! How a rule, a sent message and a file are told as moments.

use super::Moment;
use crate::attribution::{Reason, Verdict};
use crate::coverage::words::{count, moment};
use crate::outflow::{FileAct, FileTouched, Sent};
use crate::rules::RuleVersion;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How many messages, recipients or files are told one by one.
const FEW: usize = 5;

/// Returns the moment in which a version of a rule was made, where a record shows it.
pub(super) fn rule_made(version: &RuleVersion) -> Option<Moment> {
    let verb = if version.version > 1 {
        "changed"
    } else {
        "made"
    };
    let by = match version.actor.as_str() {
        "" => String::new(),
        actor => format!(" by `{actor}`"),
    };
    let targets: Vec<&str> = version.targets.iter().map(String::as_str).collect();
    let to = match targets.as_slice() {
        [] => String::new(),
        targets => format!(", sends mail to {}", targets.join(", ")),
    };
    let text = format!("{} {verb}{by}{to}", rule_name(version));
    (version.active.from > Timestamp(i64::MIN)).then(|| of_rule(version, version.active.from, text))
}

/// Returns the moment in which a version of a rule ended, where a record shows it.
pub(super) fn rule_ended(version: &RuleVersion) -> Option<Moment> {
    let is_ended = version.ended && version.active.to < Timestamp(i64::MAX);
    let text = format!("{} ended", rule_name(version));
    is_ended.then(|| of_rule(version, version.active.to, text))
}

fn rule_name(version: &RuleVersion) -> String {
    let kind = version.kind.name();
    match version.name.as_str() {
        "" => format!("{kind} without a name"),
        name => format!("{kind} `{name}`"),
    }
}

fn of_rule(version: &RuleVersion, time: Timestamp, text: String) -> Moment {
    let records = version.records.iter().take(Reason::RECORDS);
    Moment {
        time,
        kind: "rule".to_owned(),
        text,
        verdict: version.verdict.name().to_owned(),
        records: records.cloned().collect(),
    }
}

/// Returns the moments of sending: a few of one context one by one, many as one.
pub(super) fn of_sent(sent: &[Sent]) -> Vec<Moment> {
    let mut by_context: BTreeMap<&str, Vec<(Timestamp, &Sent)>> = BTreeMap::new();
    for message in sent {
        let of_context = by_context.entry(&message.context.0).or_default();
        of_context.extend(message.time.map(|time| (time, message)));
    }
    let mut moments = Vec::new();
    for mut messages in by_context.into_values() {
        messages.sort_by(|one, other| (one.0, &one.1.record).cmp(&(other.0, &other.1.record)));
        if messages.len() > FEW {
            moments.extend(many_sent(&messages));
        } else {
            moments.extend(
                messages
                    .iter()
                    .map(|(time, message)| one_sent(*time, message)),
            );
        }
    }
    moments
}

fn one_sent(time: Timestamp, message: &Sent) -> Moment {
    let copy = if message.left_no_copy {
        ", no copy kept"
    } else {
        ""
    };
    let text = format!(
        "message `{}` sent to {}{copy}",
        message.subject,
        addressees(&message.recipients)
    );
    by_intruder("sent", time, text, one(&message.record))
}

fn many_sent(messages: &[(Timestamp, &Sent)]) -> Option<Moment> {
    let (first, _) = messages.first()?;
    let (last, _) = messages.last()?;
    let recipients = messages.iter().flat_map(|(_, message)| &message.recipients);
    let text = format!(
        "{} sent until {} UTC, to {}",
        count(messages.len() as u64, "message"),
        moment(*last),
        addressees(&recipients.cloned().collect())
    );
    let records = messages.iter().map(|(_, message)| message.record.clone());
    let records = records.take(Reason::RECORDS).collect();
    Some(by_intruder("sent", *first, text, records))
}

fn addressees(recipients: &BTreeSet<String>) -> String {
    let few: Vec<&str> = recipients.iter().map(String::as_str).take(FEW).collect();
    match recipients.len() {
        0 => "recipients that the records do not name".to_owned(),
        all if all > FEW => format!("{} and {} more", few.join(", "), all - FEW),
        _ => few.join(", "),
    }
}

/// Returns the moments of taking and sharing files: one for each context and act.
pub(super) fn of_files(files: &[FileTouched]) -> Vec<Moment> {
    let mut by_hand: BTreeMap<(FileAct, &str), Vec<&FileTouched>> = BTreeMap::new();
    for file in files.iter().filter(|file| is_told(file)) {
        let context = file.context.as_ref().map(|context| context.0.as_str());
        let hand = context.unwrap_or(&file.actor);
        by_hand.entry((file.act, hand)).or_default().push(file);
    }
    by_hand
        .iter()
        .filter_map(|((act, _), files)| of_hand(*act, files))
        .collect()
}

fn is_told(file: &FileTouched) -> bool {
    file.verdict == Verdict::Intruder && matches!(file.act, FileAct::Taken | FileAct::Shared)
}

fn of_hand(act: FileAct, files: &[&FileTouched]) -> Option<Moment> {
    let first = files.iter().filter_map(|file| file.first).min()?;
    let objects: BTreeSet<&str> = files.iter().map(|file| file.object.as_str()).collect();
    let few = objects.iter().take(FEW).map(|object| format!("`{object}`"));
    let mut few: Vec<String> = few.collect();
    if objects.len() > FEW {
        few.push("others".to_owned());
    }
    let text = format!(
        "{} {}: {}",
        count(objects.len() as u64, "file"),
        act.name(),
        few.join(", ")
    );
    let records: BTreeSet<&String> = files.iter().flat_map(|file| &file.records).collect();
    let records = records.into_iter().take(Reason::RECORDS).cloned().collect();
    Some(by_intruder("file", first, text, records))
}

fn by_intruder(kind: &str, time: Timestamp, text: String, records: Vec<String>) -> Moment {
    Moment {
        time,
        kind: kind.to_owned(),
        text,
        verdict: Verdict::Intruder.name().to_owned(),
        records,
    }
}

/// Returns one record as a list; an empty name is none.
pub(super) fn one(record: &str) -> Vec<String> {
    [record]
        .into_iter()
        .filter(|record| !record.is_empty())
        .map(str::to_owned)
        .collect()
}
