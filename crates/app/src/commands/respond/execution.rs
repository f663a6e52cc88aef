//! How far executions are.

use crate::cli::Format;
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv};
use crate::ui::Ui;
use engine::{ComeBack, ExecutionReport, StepReport};
use model::Timestamp;
use model::shown::shown;
use serde::Serialize;

#[derive(Serialize)]
struct WireExecution<'a> {
    execution: &'a str,
    plan: &'a str,
    tenant: &'a str,
    user: &'a str,
    by: &'a str,
    steps: Vec<WireStepState<'a>>,
    /// Records of the intruder since the account was secured.
    seen_again: Vec<WireSign<'a>>,
}

#[derive(Serialize)]
struct WireSign<'a> {
    record: &'a str,
    time: String,
    what: &'a str,
}

#[derive(Serialize)]
struct WireStepState<'a> {
    step: u32,
    action: &'a str,
    object: &'a str,
    state: &'a str,
    before: &'a str,
    after: &'a str,
    detail: &'a str,
    reversible: &'a str,
}

fn wire<'a>(report: &'a ExecutionReport, back: &'a [ComeBack]) -> WireExecution<'a> {
    fn step(one: &StepReport) -> WireStepState<'_> {
        WireStepState {
            step: one.step,
            action: &one.action,
            object: &one.object,
            state: &one.state,
            before: &one.before,
            after: &one.after,
            detail: &one.detail,
            reversible: &one.reversible,
        }
    }
    fn sign((record, at, what): &(String, Timestamp, String)) -> WireSign<'_> {
        WireSign {
            record,
            time: at.to_string(),
            what,
        }
    }
    WireExecution {
        execution: &report.id,
        plan: &report.plan,
        tenant: &report.tenant,
        user: &report.user,
        by: &report.by,
        steps: report.steps.iter().map(step).collect(),
        seen_again: of(report, back).map(sign).collect(),
    }
}

/// Returns what shows the intruder since: record, time, and what it was.
fn of<'a>(
    report: &ExecutionReport,
    back: &'a [ComeBack],
) -> impl Iterator<Item = &'a (String, Timestamp, String)> {
    let own = back.iter().filter(|one| one.execution == report.id);
    own.flat_map(|one| &one.signs)
}

pub(super) fn executed(report: &ExecutionReport, what: &str, ui: &mut Ui) -> Result<Code, Trouble> {
    if report.was_done {
        ui.say("this plan was applied before: nothing was done now");
    }
    status(std::slice::from_ref(report), &[], ui)?;
    if let Some(why) = &report.cut_off {
        ui.warn(&format!(
            "it was cut off and its record may be behind what was done: {}; run the same command again",
            shown(why)
        ));
        return Ok(Code::Partial);
    }
    if report.interrupted {
        ui.say("interrupted: run the same command again, it goes on where it was");
        return Ok(Code::Interrupted);
    }
    if report.is_whole() {
        ui.say(&format!("{what}, each step read back"));
        Ok(Code::Ok)
    } else {
        ui.warn(&format!(
            "not everything was {what}: see what failed, then run the same command again or make a new plan"
        ));
        Ok(Code::Partial)
    }
}

pub(super) fn status(
    all: &[ExecutionReport],
    back: &[ComeBack],
    ui: &mut Ui,
) -> Result<Code, Trouble> {
    match ui.format {
        Format::Json => {
            let wires: Vec<_> = all.iter().map(|report| wire(report, back)).collect();
            ui.json(&wires)?;
        }
        Format::Jsonl => {
            for report in all {
                ui.json(&wire(report, back))?;
            }
        }
        Format::Csv => {
            ui.line(&csv(&[
                "execution",
                "step",
                "action",
                "object",
                "state",
                "before",
                "after",
                "detail",
            ]))?;
            for report in all {
                for step in &report.steps {
                    ui.line(&csv(&[
                        &report.id,
                        &step.step.to_string(),
                        &step.action,
                        &step.object,
                        &step.state,
                        &step.before,
                        &step.after,
                        &step.detail,
                    ]))?;
                }
            }
        }
        Format::Table => {
            for report in all {
                ui.heading(&format!(
                    "{}  {}, plan {}, by {}",
                    report.id,
                    shown(&report.user),
                    &report.plan[..report.plan.len().min(12)],
                    shown(&report.by)
                ))?;
                let mut table = Table::new(&[
                    ("step", Align::Right),
                    ("state", Align::Left),
                    ("undo", Align::Left),
                    ("action", Align::Left),
                    ("object", Align::Left),
                    ("said", Align::Left),
                ]);
                for step in &report.steps {
                    table.row(vec![
                        step.step.to_string(),
                        step.state.clone(),
                        step.reversible.clone(),
                        step.title.clone(),
                        step.object.clone(),
                        step.detail.clone(),
                    ]);
                }
                ui.table(&table)?;
                let mut seen = of(report, back);
                if let Some((record, at, what)) = seen.next() {
                    let more = seen.count();
                    ui.warn(&format!(
                        "still active after {} was secured: {at} {} (record {record}), and {more} records more",
                        shown(&report.user),
                        shown(what)
                    ));
                }
            }
        }
    }
    Ok(Code::Ok)
}
