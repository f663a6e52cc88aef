//! `breachscope investigate`.

use super::store;
use crate::cli::{Format, Global, InvestigateArgs};
use crate::error::{Code, Trouble};
use crate::progress::Watcher;
use crate::table::{Align, Table, csv_line, thousands};
use crate::times;
use crate::ui::Ui;
use engine::casework::shell::quoted;
use engine::casework::{Class, Context, Gap, Judged, Seed, Verdict};
use engine::{InvestigateRequest, Investigation, WireCase, WireMessage};
use model::Timestamp;
use model::shown::shown;
use std::ops::ControlFlow;

/// Investigates a person and prints what was found.
pub(crate) fn run(args: &InvestigateArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let request = request(args, global)?;
    let found = store(global)?.investigate(&request, &mut Watcher::new(ui))?;
    print(&found, ui)
}

fn request(args: &InvestigateArgs, global: &Global) -> Result<InvestigateRequest, Trouble> {
    let now = engine::clock::now();
    let (since, until) = times::window(args.since.as_deref(), args.until.as_deref(), now)?;
    Ok(InvestigateRequest {
        tenant: global.tenant.clone(),
        user: args.user.clone(),
        seeds: args
            .seeds
            .iter()
            .map(|text| seed(text))
            .collect::<Result<_, _>>()?,
        since,
        until,
    })
}

fn seed(text: &str) -> Result<Seed, Trouble> {
    text.parse().map_err(|error: engine::casework::SeedError| Trouble::Argument {
        what: error
            .to_string()
            .trim_start_matches("understand ")
            .to_owned(),
        hint: "for example --seed app=00000000-0000-0000-0000-000000000000, --seed ip=203.0.113.7, --seed signin=RECORD-ID".to_owned(),
    })
}

/// Prints a case and returns the exit code that its coverage deserves.
pub(crate) fn print(found: &Investigation, ui: &mut Ui) -> Result<Code, Trouble> {
    ui.say(&format!("case: {}", found.case));
    ui.say(&format!("window: {} (UTC)", found.window_told()));
    match ui.format {
        Format::Json => ui.json(&WireCase(found))?,
        Format::Jsonl => each(found, &Class::ALL, ui, |judged, ui| {
            ui.json(&WireMessage::of(judged, &found.entries))
        })?,
        Format::Csv => csv(found, ui)?,
        Format::Table => table(found, ui)?,
    }
    ui.flush()?;
    if found.coverage.is_complete() {
        return Ok(Code::Ok);
    }
    ui.warn(&shown(&found.coverage.sentence));
    Ok(Code::Incomplete)
}

/// Hands the messages of some classes to a printer, and stops at the first trouble.
fn each(
    found: &Investigation,
    classes: &[Class],
    ui: &mut Ui,
    mut one: impl FnMut(&Judged, &mut Ui) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut trouble = None;
    found
        .messages
        .each_of(classes, &mut |judged| match one(judged, ui) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                trouble = Some(error);
                ControlFlow::Break(())
            }
        })?;
    trouble.map_or(Ok(()), Err)
}

fn csv(found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("mailbox,internet_message_id,class,first_seen,last_seen,times,folders,subject,from,to,received,contexts,records,tags,because")?;
    each(found, &Class::ALL, ui, |judged, ui| {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let contexts: Vec<&str> = judged.contexts.iter().map(|id| id.0.as_str()).collect();
        let tags: Vec<&str> = judged.tags.iter().map(|tag| tag.name()).collect();
        ui.line(&csv_line(&[
            judged.mailbox.clone(),
            judged.id.clone(),
            judged.class.name().to_owned(),
            time(judged.first_seen),
            time(judged.last_seen),
            judged.times.to_string(),
            judged.folders.join(";"),
            judged.subject.clone(),
            judged.from.clone(),
            judged.to.join(";"),
            time(judged.received),
            contexts.join(";"),
            judged.records.join(";"),
            tags.join(";"),
            judged.because.clone(),
        ]))
    })
}

/// How many messages the table for eyes lists: the gravest; all of them are in the other formats.
const LISTED: usize = 40;

fn table(found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&shown(&found.statement.text))?;
    ui.line("")?;
    counts(found, ui)?;
    contexts(found, ui)?;
    gaps(&found.coverage.gaps, ui)?;
    messages(found, ui)?;
    hints(found, ui)?;
    if !found.statement.next.is_empty() {
        ui.heading(&format!("next: {}", shown(&found.statement.next)))?;
    }
    Ok(())
}

fn counts(found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    let mut table = Table::new(&[
        ("class", Align::Left),
        ("messages", Align::Right),
        ("meaning", Align::Left),
    ])
    .widest(100);
    for class in Class::ALL {
        table.row(vec![
            class.name().to_owned(),
            thousands(found.counts.of(class)),
            format!("{}: {}", class.title(), class.says()),
        ]);
    }
    put(&table, ui)
}

fn put(table: &Table, ui: &mut Ui) -> Result<(), Trouble> {
    ui.table(table)?;
    ui.line("")
}

/// Lists who was there, those that wait for a decision first.
fn contexts(found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    let waiting = |context: &Context| {
        found
            .undecided
            .iter()
            .find(|open| open.context == context.id)
            .map_or(0, |open| open.messages)
    };
    let mut contexts: Vec<&Context> = found.attribution.contexts.iter().collect();
    contexts.sort_by_key(|context| {
        let rank = match context.verdict {
            Verdict::Unknown if waiting(context) > 0 => 0,
            Verdict::Intruder => 1,
            Verdict::Unknown => 2,
            Verdict::Owner => 3,
            Verdict::Service => 4,
        };
        (rank, context.first, context.id.clone())
    });
    if contexts.is_empty() {
        return ui.line("no record shows anybody in this mailbox\n");
    }
    let mut table = Table::new(&[
        ("context", Align::Left),
        ("verdict", Align::Left),
        ("sure", Align::Left),
        ("waiting", Align::Right),
        ("records", Align::Right),
        ("first (UTC)", Align::Left),
        ("last (UTC)", Align::Left),
        ("from", Align::Left),
        ("through", Align::Left),
        ("session", Align::Left),
        ("why", Align::Left),
    ])
    .widest(76);
    for context in contexts {
        table.row(context_row(context, waiting(context)));
    }
    put(&table, ui)
}

pub(crate) fn context_row(context: &Context, waiting: u64) -> Vec<String> {
    let time = |time: Option<Timestamp>| {
        time.map_or_else(|| "undated".to_owned(), |time| time.to_string())
    };
    let ips: Vec<&str> = context.ips.iter().map(String::as_str).collect();
    let through = [context.client.as_str(), context.app.as_str()];
    let through: Vec<&str> = through
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    vec![
        context.id.to_string(),
        context.verdict.name().to_owned(),
        context.confidence.name().to_owned(),
        if waiting == 0 {
            String::new()
        } else {
            thousands(waiting)
        },
        thousands(context.records),
        time(context.first),
        time(context.last),
        ips.join(" "),
        through.join(" "),
        // Whole: it is copied into `--seed session=`.
        context.session.clone(),
        context
            .reasons
            .first()
            .map(|reason| reason.text.clone())
            .unwrap_or_default(),
    ]
}

fn gaps(gaps: &[Gap], ui: &mut Ui) -> Result<(), Trouble> {
    if gaps.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&[
        ("gap", Align::Left),
        ("from (UTC)", Align::Left),
        ("to (UTC)", Align::Left),
        ("scope", Align::Left),
        ("effect", Align::Left),
        ("proof", Align::Left),
    ])
    .widest(76);
    for gap in gaps {
        let ends = gap.interval.map_or_else(
            || (String::new(), String::new()),
            |interval| (engine::told(interval.from), engine::told(interval.to)),
        );
        table.row(vec![
            gap.id.name().to_owned(),
            ends.0,
            ends.1,
            gap.scope.clone(),
            gap.effect.clone(),
            gap.proof.clone(),
        ]);
    }
    put(&table, ui)
}

fn messages(found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    let grave = [Class::E, Class::P1, Class::P2, Class::S, Class::R, Class::U];
    let total: u64 = grave.iter().map(|class| found.counts.of(*class)).sum();
    if total == 0 {
        return Ok(());
    }
    let mut table = Table::new(&[
        ("class", Align::Left),
        ("first seen (UTC)", Align::Left),
        ("message", Align::Left),
        ("subject", Align::Left),
        ("folder", Align::Left),
        ("tags", Align::Left),
    ])
    .widest(48);
    let mut listed = 0;
    found.messages.each_of(&grave, &mut |judged| {
        let tags: Vec<&str> = judged.tags.iter().map(|tag| tag.name()).collect();
        table.row(vec![
            judged.class.name().to_owned(),
            judged
                .first_seen
                .map(|time| time.to_string())
                .unwrap_or_default(),
            judged.id.clone(),
            judged.subject.clone(),
            judged.folders.join(" "),
            tags.join(" "),
        ]);
        listed += 1;
        if listed < LISTED {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    put(&table, ui)?;
    if total > listed as u64 {
        ui.line(&format!(
            "{} more: every message with the records that prove it: --format jsonl, or breachscope report {} --format xlsx\n",
            thousands(total - listed as u64),
            found.case
        ))?;
    }
    Ok(())
}

/// Says what else the records suggest: where to look on, and seeds that were not given.
fn hints(found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    for pivot in &found.attribution.pivots {
        let follow = if pivot.follow.is_empty() {
            String::new()
        } else {
            format!("; follow it: {}", pivot.follow)
        };
        ui.line(&shown(&format!("pivot: {}{follow}", pivot.text)))?;
    }
    for proposal in &found.attribution.proposals {
        if !found.brief.seeds.contains(&proposal.seed) {
            ui.line(&shown(&format!(
                "proposed ({}): --seed {}: {}",
                proposal.confidence.name(),
                quoted(&proposal.seed.to_string()),
                proposal.why
            )))?;
        }
    }
    Ok(())
}
