//! The plain tables of a pack, as CSV that is safe to open, and what to type to compute them again.

use crate::error::EngineError;
use crate::investigate::Investigation;
use casework::Class;
use ledger::EntryKind;
use model::Timestamp;
use model::shown::spreadsheet_safe;
use std::fmt::Write as _;
use std::io::Write;

/// Writes the contexts with their verdicts.
pub(super) fn contexts(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    let mut rows = vec![head(&[
        "context",
        "verdict",
        "confidence",
        "decided_by_analyst",
        "mailbox",
        "actor",
        "logon_type",
        "session",
        "token",
        "app",
        "client",
        "device",
        "ips",
        "records",
        "first",
        "last",
        "reasons",
        "evidence",
    ])];
    for context in &found.attribution.contexts {
        let ips: Vec<&str> = context.ips.iter().map(String::as_str).collect();
        let reasons: Vec<&str> = context
            .reasons
            .iter()
            .map(|reason| reason.text.as_str())
            .collect();
        let evidence: Vec<&str> = context
            .reasons
            .iter()
            .flat_map(|reason| reason.records.iter().map(String::as_str))
            .collect();
        rows.push(vec![
            context.id.to_string(),
            context.verdict.name().to_owned(),
            context.confidence.name().to_owned(),
            context.overridden.to_string(),
            context.mailbox.clone(),
            context.actor.clone(),
            context
                .logon_type
                .map(|logon| logon.to_string())
                .unwrap_or_default(),
            context.session.clone(),
            context.token.clone(),
            context.app.clone(),
            context.client.clone(),
            context.device.clone(),
            ips.join("; "),
            context.records.to_string(),
            time(context.first),
            time(context.last),
            reasons.join("; "),
            evidence.join("; "),
        ]);
    }
    write(&rows, out)
}

/// Writes the gap register.
pub(super) fn gaps(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    let mut rows = vec![head(&[
        "gap", "from", "to", "scope", "effect", "proof", "blind", "records",
    ])];
    for gap in &found.coverage.gaps {
        let end = |time| crate::investigate::end(time).unwrap_or_default();
        rows.push(vec![
            gap.id.name().to_owned(),
            gap.interval
                .map(|interval| end(interval.from))
                .unwrap_or_default(),
            gap.interval
                .map(|interval| end(interval.to))
                .unwrap_or_default(),
            gap.scope.clone(),
            gap.effect.clone(),
            gap.proof.clone(),
            gap.blind.to_string(),
            gap.records.join("; "),
        ]);
    }
    write(&rows, out)
}

/// Writes what analysts decided and noted.
pub(super) fn verdicts(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    let mut rows = vec![head(&["at", "by", "kind", "object", "value", "reason"])];
    for entry in &found.entries {
        let is_taken_back = entry.kind == EntryKind::Verdict && entry.value.is_empty();
        rows.push(vec![
            entry.at.to_string(),
            entry.by.clone(),
            entry.kind.name().to_owned(),
            entry.object.clone(),
            if is_taken_back {
                "taken back".to_owned()
            } else {
                entry.value.clone()
            },
            entry.reason.clone(),
        ]);
    }
    write(&rows, out)
}

/// Writes what to type to compute the case again and to look at what it was computed from.
pub(super) fn queries(found: &Investigation, out: &mut dyn Write) -> Result<(), EngineError> {
    let sql = |text: &str| text.replace('\'', "''");
    let seeds: Vec<String> = found
        .brief
        .seeds
        .iter()
        .map(|seed| format!(" --seed {}", quoted(&seed.to_string())))
        .collect();
    let end = |name: &str, time: Option<Timestamp>| {
        time.map(|time| format!(" --{name} {time}"))
            .unwrap_or_default()
    };
    let mailbox = sql(&found.brief.mailbox);
    let tenant = quoted(&found.brief.tenant);
    let investigate = format!(
        "breachscope --tenant {tenant} investigate {}{}{}{} --format json",
        quoted(&found.brief.user),
        seeds.concat(),
        end("since", found.brief.since),
        end("until", found.brief.until),
    );
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "The case again, on a lake with the same records:\n{}  {investigate}\n\
         It must say: evidence snapshot {}\n\nCounts:",
        verdicts_again(found, &investigate),
        found.snapshot,
    );
    for class in Class::ALL {
        let _ = writeln!(text, "  {} {}", class.name(), found.counts.of(class));
    }
    let _ = write!(
        text,
        "\nThe accesses behind it:\n  breachscope --tenant {tenant} messages --mailbox {} --format jsonl\n  \
         breachscope sql \"SELECT * FROM mail_items WHERE mailbox = '{mailbox}' ORDER BY time, record_id\"\n\
         \nOne record, as it was received and as it was understood:\n  breachscope show RECORD-ID\n",
        quoted(&found.brief.mailbox),
    );
    out.write_all(text.as_bytes()).map_err(EngineError::Spool)
}

/// Returns what gives the analysts' verdicts again, and what else counts: a case must be open before
/// anything can be decided in it.
fn verdicts_again(found: &Investigation, investigate: &str) -> String {
    let mut text = String::new();
    if !found.brief.overrides.is_empty() {
        let _ = writeln!(text, "  {investigate}");
    }
    for (context, ruled) in &found.brief.overrides {
        let _ = writeln!(
            text,
            "  breachscope case verdict {} {} {} --reason {}",
            found.case,
            context,
            ruled.verdict.name(),
            quoted(&ruled.reason)
        );
    }
    if !found.brief.own_apps.is_empty() {
        let apps = found.brief.own_apps.join(", ");
        let _ = writeln!(
            text,
            "  (with these applications as own_apps in config.toml: {apps})"
        );
    }
    if !found.brief.missed.is_empty() {
        text.push_str("  (with the gaps of the collection that gaps.csv names as G9)\n");
    }
    text
}

/// Returns a text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Writes rows as CSV in which no cell is a formula.
pub(super) fn write(rows: &[Vec<String>], out: &mut dyn Write) -> Result<(), EngineError> {
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| format!("\"{}\"", spreadsheet_safe(cell).replace('"', "\"\"")))
            .collect();
        out.write_all(cells.join(",").as_bytes())
            .and_then(|()| out.write_all(b"\r\n"))
            .map_err(EngineError::Spool)?;
    }
    Ok(())
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn time(time: Option<Timestamp>) -> String {
    time.map(|time| time.to_string()).unwrap_or_default()
}
