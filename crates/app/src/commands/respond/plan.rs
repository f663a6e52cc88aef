//! A plan for eyes, and for programs.

use crate::cli::Format;
use crate::error::{Code, Trouble};
use crate::table::csv;
use crate::ui::Ui;
use engine::{PlanReport, WireMissing, WirePlan, WireStep};
use model::shown::shown;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct WirePlanned<'a> {
    #[serde(flatten)]
    plan: &'a WirePlan,
    others: &'a [String],
    of_tenant: usize,
    approved_by: &'a [String],
}

pub(super) fn plan(report: &PlanReport, ui: &mut Ui) -> Result<Code, Trouble> {
    let plan = &report.plan;
    match ui.format {
        Format::Json | Format::Jsonl => ui.json(&WirePlanned {
            plan,
            others: &report.others,
            of_tenant: report.of_tenant,
            approved_by: &report.approved_by,
        })?,
        Format::Csv => {
            ui.line(&csv(&[
                "step",
                "ticked",
                "action",
                "kind",
                "object",
                "before",
                "after",
                "reversible",
                "why",
            ]))?;
            for step in &plan.steps {
                let why: Vec<&str> = step.why.iter().map(|why| why.shows.as_str()).collect();
                ui.line(&csv(&[
                    &step.step.to_string(),
                    &step.ticked.to_string(),
                    &step.action,
                    &step.object.kind,
                    &step.object.name,
                    &told(&step.before),
                    &told(&step.after),
                    &step.reversible,
                    &why.join("; "),
                ]))?;
            }
        }
        Format::Table => for_eyes(report, ui)?,
    }
    Ok(if plan.unknown.is_empty() {
        Code::Ok
    } else {
        Code::Partial
    })
}

fn for_eyes(report: &PlanReport, ui: &mut Ui) -> Result<(), Trouble> {
    let plan = &report.plan;
    let whom = if plan.user.is_empty() {
        format!("tenant {}", shown(&plan.tenant))
    } else {
        format!("{} in tenant {}", shown(&plan.user), shown(&plan.tenant))
    };
    ui.heading(&format!("Plan for {whom}, {}", shown(&plan.case)))?;
    if plan.steps.is_empty() {
        ui.line("nothing to do: no record leads to anything that stands there now")?;
    }
    for step in &plan.steps {
        ui.line("")?;
        one_step(step, ui)?;
    }
    section("Stays as it is", &plan.kept, ui)?;
    section("Gone already", &plan.gone, ui)?;
    section(
        "Could not be read: it may be the intruder's",
        &plan.unknown,
        ui,
    )?;
    section("Not done by this program", &plan.refused, ui)?;
    ui.line("")?;
    let ticked = plan.steps.iter().filter(|step| step.ticked).count();
    ui.heading(&format!(
        "{ticked} of {} steps are ticked",
        plan.steps.len()
    ))?;
    ui.line(&format!("hash {}", plan.hash))?;
    ui.line(&format!("state before, kept as {}", plan.snapshot))?;
    for why in &plan.second_approver {
        ui.line(&format!("needs a second person: {}", shown(why)))?;
    }
    if !report.approved_by.is_empty() {
        let names = report.approved_by.join(", ");
        ui.line(&format!("approved by {}", shown(&names)))?;
    }
    if report.of_tenant > 0 && plan.scope == "user" {
        ui.say(&format!(
            "{} things of the whole tenant were changed too: breachscope respond plan {} --of-tenant",
            report.of_tenant, plan.case
        ));
    }
    for other in &report.others {
        ui.say(&format!(
            "the incident concerns {} too: breachscope respond plan {} --user {}",
            shown(other),
            plan.case,
            shown(other)
        ));
    }
    if ticked > 0 {
        ui.say(&format!(
            "apply it with: breachscope respond apply {} --hash {}",
            &plan.hash[..12],
            plan.hash
        ));
    }
    Ok(())
}

fn one_step(step: &WireStep, ui: &mut Ui) -> Result<(), Trouble> {
    let tick = if step.ticked { "[x]" } else { "[ ]" };
    let name = if step.object.name.is_empty() {
        &step.object.id
    } else {
        &step.object.name
    };
    let doubt = if step.sure {
        ""
    } else {
        " (not surely this one)"
    };
    ui.heading(&format!(
        "{tick} {:>2}  {}: {} `{}`{doubt}",
        step.step,
        step.title,
        step.object.kind,
        shown(name)
    ))?;
    for (field, before) in &step.before {
        let after = step.after.get(field);
        if after != Some(before) {
            let after = after.map_or("not there".to_owned(), ToString::to_string);
            let line = format!(
                "        {}: {} -> {}",
                shown(field),
                short(&before.to_string()),
                short(&after)
            );
            ui.line(&line)?;
        }
    }
    for (field, after) in &step.after {
        if !step.before.contains_key(field) {
            ui.line(&format!(
                "        {}: -> {}",
                shown(field),
                short(&after.to_string())
            ))?;
        }
    }
    for why in &step.why {
        let record = if why.record.is_empty() {
            String::new()
        } else {
            format!(" (record {})", shown(&why.record))
        };
        ui.line(&format!("        why: {}{record}", shown(&why.shows)))?;
    }
    let lost = if step.lost.is_empty() {
        String::new()
    } else {
        format!(": {}", step.lost)
    };
    ui.line(&format!(
        "        can be taken back: {}{lost}",
        step.reversible
    ))?;
    ui.line(&format!("        the person will notice: {}", step.notices))?;
    if !step.caution.is_empty() {
        ui.line(&format!("        caution: {}", shown(&step.caution)))?;
    }
    if !step.manual.is_empty() {
        ui.line(&format!("        by hand: {}", shown(&step.manual)))?;
    }
    Ok(())
}

fn section(heading: &str, list: &[WireMissing], ui: &mut Ui) -> Result<(), Trouble> {
    if list.is_empty() {
        return Ok(());
    }
    ui.line("")?;
    ui.heading(heading)?;
    list.iter()
        .try_for_each(|one| ui.line(&format!("  {}: {}", shown(&one.what), shown(&one.why))))
}

/// Returns a value fit for a line.
fn short(text: &str) -> String {
    const LONGEST: usize = 160;
    let text = shown(text);
    if text.chars().count() <= LONGEST {
        return text.into_owned();
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{cut}...")
}

fn told(state: &BTreeMap<String, serde_json::Value>) -> String {
    let pairs: Vec<String> = state
        .iter()
        .map(|(field, value)| format!("{field}: {value}"))
        .collect();
    pairs.join(", ")
}
