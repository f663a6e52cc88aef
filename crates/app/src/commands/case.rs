//! `breachscope case list|show|verdict|why|note|tag|snapshot|diff`.

use super::{investigate, store, who};
use crate::cli::{CaseArgs, CaseVerb, Format, Global};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv_line};
use crate::ui::Ui;
use engine::casework::Verdict;
use engine::casework::attribution::Step;
use engine::{CaseChange, CaseSnapshot, CaseSummary, Entry, EntryKind, Store, WireEntry};
use model::shown::shown;
use serde::Serialize;

/// Does what is asked with a case.
pub(crate) fn run(args: &CaseArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let store = store(global)?;
    let code = match &args.verb {
        CaseVerb::List => list(&store.cases()?, ui)?,
        CaseVerb::Show { case, snapshot } => show(&store, case, snapshot.as_deref(), ui)?,
        CaseVerb::Verdict {
            case,
            context,
            verdict,
            reason,
            by,
        } => {
            let decided = verdict_of(verdict)?;
            let worked = store.decide(case, context, decided, reason, &who(by.as_ref())?)?;
            investigate::print(&worked, ui)?
        }
        CaseVerb::Why { case, context } => why(&store, case, context, ui)?,
        CaseVerb::Note { case, text, on, by } => {
            add(&store, case, EntryKind::Note, on, text, by.as_ref(), ui)?
        }
        CaseVerb::Tag {
            case,
            object,
            tag,
            by,
        } => add(&store, case, EntryKind::Tag, object, tag, by.as_ref(), ui)?,
        CaseVerb::Snapshot { case } => pinned(&store.pin(case)?, ui)?,
        CaseVerb::Diff {
            case,
            before,
            after,
        } => differences(&store.compare(case, before, after.as_deref())?, ui)?,
    };
    ui.flush()?;
    Ok(code)
}

fn verdict_of(text: &str) -> Result<Option<Verdict>, Trouble> {
    if text.eq_ignore_ascii_case("engine") {
        return Ok(None);
    }
    Verdict::of_name(text)
        .map(Some)
        .ok_or_else(|| Trouble::Argument {
            what: format!("the verdict `{}`", shown(text)),
            hint: "choose one of INTRUDER, OWNER, SERVICE, UNKNOWN, or `engine` to take a decision back".to_owned(),
        })
}

fn add(
    store: &Store,
    case: &str,
    kind: EntryKind,
    object: &str,
    value: &str,
    by: Option<&String>,
    ui: &mut Ui,
) -> Result<Code, Trouble> {
    let entry = Entry {
        object: object.to_owned(),
        value: value.to_owned(),
        by: who(by)?,
    };
    store.add_to_case(case, kind, &entry)?;
    ui.say(&format!("{} kept in {}", kind.name(), shown(case)));
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct WireSummary<'a> {
    case: &'a str,
    tenant: &'a str,
    user: &'a str,
    mailbox: &'a str,
    seeds: &'a [String],
    since: Option<String>,
    until: Option<String>,
    opened: String,
    entries: Vec<WireEntry<'a>>,
    snapshots: Vec<WireSnapshot<'a>>,
}

#[derive(Serialize)]
struct WireSnapshot<'a> {
    snapshot: &'a str,
    taken: String,
    engine: &'a str,
    seeds: Vec<&'a str>,
    counts: &'a str,
    versions: &'a str,
}

fn wire(summary: &CaseSummary) -> WireSummary<'_> {
    let file = &summary.file;
    WireSummary {
        case: &file.id,
        tenant: &file.tenant,
        user: &file.user,
        mailbox: &file.mailbox,
        seeds: &file.seeds,
        since: file.since.map(|time| time.to_string()),
        until: file.until.map(|time| time.to_string()),
        opened: file.opened.to_string(),
        entries: summary.entries.iter().map(WireEntry::from).collect(),
        snapshots: summary.snapshots.iter().map(wire_snapshot).collect(),
    }
}

fn wire_snapshot(snapshot: &CaseSnapshot) -> WireSnapshot<'_> {
    WireSnapshot {
        snapshot: &snapshot.id,
        taken: snapshot.taken.to_string(),
        engine: &snapshot.engine,
        seeds: snapshot.seeds.lines().collect(),
        counts: &snapshot.counts,
        versions: &snapshot.versions,
    }
}

fn list(cases: &[CaseSummary], ui: &mut Ui) -> Result<Code, Trouble> {
    let cells = |case: &CaseSummary| {
        vec![
            case.file.id.clone(),
            case.file.user.clone(),
            case.file.seeds.join(" "),
            case.file.opened.to_string(),
            case.entries.len().to_string(),
            case.snapshots.len().to_string(),
        ]
    };
    match ui.format {
        Format::Json => ui.json(&cases.iter().map(wire).collect::<Vec<_>>())?,
        Format::Jsonl => cases.iter().try_for_each(|case| ui.json(&wire(case)))?,
        Format::Csv => {
            ui.line("case,user,seeds,opened,entries,snapshots")?;
            cases
                .iter()
                .try_for_each(|case| ui.line(&csv_line(&cells(case))))?;
        }
        Format::Table if cases.is_empty() => {
            ui.line("no case yet: open one with `breachscope investigate USER --seed KIND=VALUE`")?;
        }
        Format::Table => {
            let mut table = Table::new(&[
                ("case", Align::Left),
                ("user", Align::Left),
                ("seeds", Align::Left),
                ("opened (UTC)", Align::Left),
                ("entries", Align::Right),
                ("snapshots", Align::Right),
            ]);
            for case in cases {
                table.row(cells(case));
            }
            ui.table(&table)?;
        }
    }
    Ok(Code::Ok)
}

fn show(store: &Store, case: &str, snapshot: Option<&str>, ui: &mut Ui) -> Result<Code, Trouble> {
    let worked = match snapshot {
        Some(snapshot) => store.work_snapshot(case, snapshot)?,
        None => store.work_case(case)?,
    };
    let code = investigate::print(&worked, ui)?;
    if ui.format == Format::Table {
        added(&store.case(case)?, ui)?;
    }
    Ok(code)
}

/// Prints what analysts added to a case.
fn added(summary: &CaseSummary, ui: &mut Ui) -> Result<(), Trouble> {
    for entry in &summary.entries {
        let reason = if entry.reason.is_empty() {
            String::new()
        } else {
            format!(" ({})", entry.reason)
        };
        let value = if entry.value.is_empty() {
            "taken back"
        } else {
            &entry.value
        };
        ui.line(&shown(&format!(
            "{} {} by {}: {} {value}{reason}",
            entry.at,
            entry.kind.name(),
            entry.by,
            entry.object
        )))?;
    }
    for snapshot in &summary.snapshots {
        ui.line(&format!(
            "{} snapshot {} of engine {}: {}",
            snapshot.taken, snapshot.id, snapshot.engine, snapshot.counts
        ))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct WireStep {
    from: String,
    to: String,
    by: String,
    records: Vec<String>,
}

fn why(store: &Store, case: &str, context: &str, ui: &mut Ui) -> Result<Code, Trouble> {
    let (worked, steps) = store.why(case, context)?;
    if ui.format != Format::Table {
        let wire = |step: &'_ Step| WireStep {
            from: step.from.clone(),
            to: step.to.clone(),
            by: step.by.clone(),
            records: step.records.clone(),
        };
        ui.json(&steps.iter().map(wire).collect::<Vec<_>>())?;
        return Ok(Code::Ok);
    }
    let found = worked
        .attribution
        .contexts
        .iter()
        .find(|one| one.id.0 == context);
    if let Some(found) = found {
        ui.heading(&shown(&format!(
            "{context} is {} ({} confidence)",
            found.verdict.name(),
            found.confidence.name()
        )))?;
        for reason in &found.reasons {
            ui.line(&shown(&format!(
                "  because {}{}",
                reason.text,
                named(&reason.records)
            )))?;
        }
    }
    if steps.is_empty() {
        ui.line("no path of evidence leads from a seed to it")?;
    }
    for step in &steps {
        ui.line(&shown(&format!(
            "  {} -> {}: {}{}",
            step.from,
            step.to,
            step.by,
            named(&step.records)
        )))?;
    }
    Ok(Code::Ok)
}

fn named(records: &[String]) -> String {
    if records.is_empty() {
        String::new()
    } else {
        format!(" [{}]", records.join(" "))
    }
}

fn pinned(snapshot: &CaseSnapshot, ui: &mut Ui) -> Result<Code, Trouble> {
    if ui.format == Format::Table {
        ui.line(&format!(
            "snapshot {} pins engine {}, {} decision(s) and notes, tables {}: {}",
            snapshot.id, snapshot.engine, snapshot.entries, snapshot.versions, snapshot.counts
        ))?;
    } else {
        ui.json(&wire_snapshot(snapshot))?;
    }
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct WireChange<'a> {
    internet_message_id: &'a str,
    before: Option<&'static str>,
    after: Option<&'static str>,
}

fn differences(changes: &[CaseChange], ui: &mut Ui) -> Result<Code, Trouble> {
    let wire = |change: &CaseChange| {
        let name =
            |class: Option<engine::casework::Class>| class.map(engine::casework::Class::name);
        (name(change.before), name(change.after))
    };
    if ui.format == Format::Table {
        ui.heading(&format!("{} message(s) changed their class", changes.len()))?;
        for change in changes {
            let (before, after) = wire(change);
            ui.line(&shown(&format!(
                "{} -> {}  {}",
                before.unwrap_or("not there"),
                after.unwrap_or("not there"),
                change.id
            )))?;
        }
        return Ok(Code::Ok);
    }
    let all: Vec<WireChange<'_>> = changes
        .iter()
        .map(|change| {
            let (before, after) = wire(change);
            WireChange {
                internet_message_id: &change.id,
                before,
                after,
            }
        })
        .collect();
    if ui.format == Format::Json {
        ui.json(&all)?;
    } else {
        all.iter().try_for_each(|change| ui.json(change))?;
    }
    Ok(Code::Ok)
}
