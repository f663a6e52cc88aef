//! `breachscope respond plan|show|approve|apply|undo|status|ledger|actions`.

use super::{roots, store, who};
use crate::cli::{Format, Global, RespondArgs, RespondVerb};
use crate::error::{Code, Trouble};
use crate::progress::Interrupt;
use crate::table::{Align, Table, csv};
use crate::ui::Ui;
use engine::casework::respond::catalogue;
use engine::{
    ActRecord, Actor, ApplyRequest, EngineError, ExecutionReport, PlanReport, PlanRequest, Reach,
    RespondWatch, StepReport, WireMissing, WirePlan, WireStep,
};
use model::shown::shown;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Does what is asked about an intruder.
pub(crate) fn run(args: &RespondArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    if matches!(args.verb, RespondVerb::Actions) {
        actions(ui)?;
        ui.flush()?;
        return Ok(Code::Ok);
    }
    let mut store = store(global)?;
    let actor = Actor {
        name: who(args.by.as_ref()),
        known_by: "command line".to_owned(),
    };
    let reach = Reach {
        roots: roots(args.roots.as_deref())?,
        limits: None,
    };
    let code = match &args.verb {
        RespondVerb::Plan {
            subject,
            user,
            of_tenant,
            with,
            ticks,
            output,
        } => {
            let request = PlanRequest {
                subject: subject.clone(),
                user: user.clone(),
                tenant: global.tenant.clone(),
                of_tenant: *of_tenant,
                with: with.clone(),
                ticks: ticks.all(),
            };
            let report = store.respond_plan(&request, &actor, &reach)?;
            if let Some(path) = output {
                write_plan(&report.plan, path)?;
                ui.say(&format!("wrote `{}`", path.display()));
            }
            plan(&report, ui)?
        }
        RespondVerb::Show { plan: name, ticks } => {
            plan(&store.respond_show(name, &ticks.all(), &actor)?, ui)?
        }
        RespondVerb::Approve { plan, hash } => {
            let names = store.respond_approve(&asked(plan, hash), &actor)?;
            ui.say(&format!("approved by {}", shown(&names.join(", "))));
            Code::Ok
        }
        RespondVerb::Apply {
            plan,
            hash,
            password_file,
        } => {
            // Opened first: a password that cannot be handed over is worse than none that is set.
            let mut handed = Handover::open(password_file.as_deref())?;
            let report = {
                let mut watch = Telling::new(ui);
                store.respond_apply(&asked(plan, hash), &actor, &reach, &mut watch)?
            };
            handed.over(&report, ui)?;
            executed(&report, "applied", ui)?
        }
        RespondVerb::Undo { execution, step } => {
            let report = {
                let mut watch = Telling::new(ui);
                store.respond_undo(execution, *step, &actor, &reach, &mut watch)?
            };
            executed(&report, "taken back", ui)?
        }
        RespondVerb::Status { execution } => {
            let mut all = store.respond_status()?;
            if let Some(name) = execution {
                all.retain(|one| one.id.eq_ignore_ascii_case(name));
                if all.is_empty() {
                    return Err(EngineError::NoSuchExecution { name: name.clone() }.into());
                }
            }
            status(&all, ui)?
        }
        RespondVerb::Ledger { verify } => ledger(&store.acts(*verify)?, *verify, ui)?,
        RespondVerb::Actions => Code::Ok,
    };
    ui.flush()?;
    Ok(code)
}

fn asked(plan: &str, hash: &str) -> ApplyRequest {
    ApplyRequest {
        plan: plan.to_owned(),
        hash: hash.to_owned(),
    }
}

fn write_plan(plan: &WirePlan, path: &Path) -> Result<(), Trouble> {
    let written = |source| EngineError::Written {
        path: path.to_owned(),
        source,
    };
    let text = serde_json::to_string_pretty(plan).map_err(|error| written(error.into()))?;
    std::fs::write(path, text + "\n").map_err(written)?;
    Ok(())
}

/// Tells how far applying is, a line a step.
struct Telling<'u> {
    interrupt: Interrupt,
    ui: &'u mut Ui,
}

impl<'u> Telling<'u> {
    fn new(ui: &'u mut Ui) -> Self {
        Self {
            interrupt: Interrupt::new(ui),
            ui,
        }
    }
}

impl RespondWatch for Telling<'_> {
    fn begins(&mut self, step: u32, title: &str, object: &str) {
        self.ui.say(&format!("{step:>3}  {title}: {object}"));
    }

    fn ends(&mut self, step: &StepReport) {
        let detail = if step.detail.is_empty() {
            String::new()
        } else {
            format!(": {}", shown(&step.detail))
        };
        self.ui.say(&format!("     {}{detail}", step.state));
    }

    fn stopped(&self) -> bool {
        self.interrupt.is_raised()
    }
}

/// Where new passwords go: to the terminal, once, or into a file of the operator's.
struct Handover(Option<(std::path::PathBuf, std::fs::File)>);

impl Handover {
    fn open(path: Option<&Path>) -> Result<Self, Trouble> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|source| EngineError::Written {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self(Some((path.to_owned(), file))))
    }

    fn over(&mut self, report: &ExecutionReport, ui: &mut Ui) -> Result<(), Trouble> {
        for (user, secret) in &report.passwords {
            match &mut self.0 {
                Some((path, file)) => {
                    writeln!(file, "{user}\t{}", secret.reveal())
                        .and_then(|()| file.sync_all())
                        .map_err(|source| EngineError::Written {
                            path: path.clone(),
                            source,
                        })?;
                    ui.say(&format!(
                        "the new password of {} is in `{}`",
                        shown(user),
                        path.display()
                    ));
                }
                // Not on the way of the answer, which may be kept in a file.
                None => ui.warn(&format!(
                    "the new password of {}, shown this once and kept nowhere: {}",
                    shown(user),
                    secret.reveal()
                )),
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct WirePlanned<'a> {
    #[serde(flatten)]
    plan: &'a WirePlan,
    others: &'a [String],
    of_tenant: usize,
    approved_by: &'a [String],
}

fn plan(report: &PlanReport, ui: &mut Ui) -> Result<Code, Trouble> {
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

#[derive(Serialize)]
struct WireExecution<'a> {
    execution: &'a str,
    plan: &'a str,
    tenant: &'a str,
    user: &'a str,
    by: &'a str,
    steps: Vec<WireStepState<'a>>,
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

fn wire(report: &ExecutionReport) -> WireExecution<'_> {
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
    WireExecution {
        execution: &report.id,
        plan: &report.plan,
        tenant: &report.tenant,
        user: &report.user,
        by: &report.by,
        steps: report.steps.iter().map(step).collect(),
    }
}

fn executed(report: &ExecutionReport, what: &str, ui: &mut Ui) -> Result<Code, Trouble> {
    if report.was_done {
        ui.say("this plan was applied before: nothing was done now");
    }
    status(std::slice::from_ref(report), ui)?;
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

fn status(all: &[ExecutionReport], ui: &mut Ui) -> Result<Code, Trouble> {
    match ui.format {
        Format::Json => {
            let wires: Vec<WireExecution<'_>> = all.iter().map(wire).collect();
            ui.json(&wires)?;
        }
        Format::Jsonl => {
            for report in all {
                ui.json(&wire(report))?;
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
            }
        }
    }
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct WireAct<'a> {
    number: u64,
    at: String,
    tenant: &'a str,
    act: serde_json::Value,
    digest: &'a str,
    signature: &'a str,
}

fn ledger(record: &ActRecord, verify: bool, ui: &mut Ui) -> Result<Code, Trouble> {
    let wire: Vec<WireAct<'_>> = record
        .acts
        .iter()
        .map(|act| WireAct {
            number: act.number,
            at: act.at.to_string(),
            tenant: &act.tenant,
            act: serde_json::from_str(&act.body)
                .unwrap_or_else(|_| serde_json::Value::String(act.body.clone())),
            digest: &act.digest,
            signature: &act.signature,
        })
        .collect();
    let text = |act: &WireAct<'_>, key: &str| {
        let value = act.act.get(key).and_then(serde_json::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let row = |act: &WireAct<'_>| {
        let object = act
            .act
            .pointer("/object/name")
            .and_then(serde_json::Value::as_str);
        vec![
            act.number.to_string(),
            act.at.clone(),
            text(act, "by"),
            text(act, "act"),
            text(act, "action"),
            object.unwrap_or_default().to_owned(),
            text(act, "result"),
            text(act, "plan").chars().take(12).collect(),
        ]
    };
    const HEADS: [&str; 8] = [
        "number", "at", "by", "act", "action", "object", "result", "plan",
    ];
    match ui.format {
        Format::Json => ui.json(&wire)?,
        Format::Jsonl => wire.iter().try_for_each(|act| ui.json(act))?,
        Format::Csv => {
            ui.line(&csv(&HEADS))?;
            for act in &wire {
                let cells = row(act);
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                ui.line(&csv(&cells))?;
            }
        }
        Format::Table => {
            let heads = HEADS.map(|head| {
                let align = if head == "number" {
                    Align::Right
                } else {
                    Align::Left
                };
                (head, align)
            });
            let mut table = Table::new(&heads);
            wire.iter().for_each(|act| table.row(row(act)));
            ui.table(&table)?;
        }
    }
    if !verify {
        return Ok(Code::Ok);
    }
    if record.breaks.is_empty() {
        ui.say(&format!(
            "{} acts, chained and signed by {}: none was changed, taken out, put in or moved",
            record.acts.len(),
            record.key
        ));
        return Ok(Code::Ok);
    }
    for what in &record.breaks {
        ui.warn(what);
    }
    Ok(Code::Verification)
}

#[derive(Serialize)]
struct WireAction {
    action: &'static str,
    title: &'static str,
    sentence: &'static str,
    permissions: &'static [&'static str],
    reversible: &'static str,
    lost: &'static str,
    notices: &'static str,
    limits: &'static str,
    on_request: bool,
    attack: &'static [&'static str],
}

fn actions(ui: &mut Ui) -> Result<(), Trouble> {
    let all: Vec<WireAction> = catalogue()
        .iter()
        .map(|action| {
            let about = action.about();
            WireAction {
                action: about.id,
                title: about.title,
                sentence: about.sentence,
                permissions: about.permissions,
                reversible: about.reversible.name(),
                lost: about.reversible.why(),
                notices: about.notices,
                limits: about.limits,
                on_request: about.on_request,
                attack: about.attack,
            }
        })
        .collect();
    match ui.format {
        Format::Json => ui.json(&all),
        Format::Jsonl => all.iter().try_for_each(|one| ui.json(one)),
        Format::Csv => {
            ui.line(&csv(&[
                "action",
                "title",
                "sentence",
                "permissions",
                "reversible",
                "lost",
                "notices",
                "limits",
            ]))?;
            all.iter().try_for_each(|one| {
                ui.line(&csv(&[
                    one.action,
                    one.title,
                    one.sentence,
                    &one.permissions.join("; "),
                    one.reversible,
                    one.lost,
                    one.notices,
                    one.limits,
                ]))
            })
        }
        Format::Table => all.iter().try_for_each(|one| {
            ui.heading(&format!("{}: {}", one.action, one.title))?;
            ui.line(&format!("    {}", one.sentence))?;
            ui.line(&format!("    needs: {}", one.permissions.join(", ")))?;
            let lost = if one.lost.is_empty() {
                String::new()
            } else {
                format!(": {}", one.lost)
            };
            ui.line(&format!("    can be taken back: {}{lost}", one.reversible))?;
            ui.line(&format!("    the person will notice: {}", one.notices))?;
            if !one.limits.is_empty() {
                ui.line(&format!("    limits: {}", one.limits))?;
            }
            if one.on_request {
                ui.line("    planned only where somebody asks for it, with `--with`")?;
            }
            Ok(())
        }),
    }
}
