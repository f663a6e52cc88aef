//! `breachscope detect`, and `detect explain|list|test`.

mod explain;
mod list;
mod test;

use super::{data_folder, store};
use crate::cli::{DetectArgs, DetectVerb, Format, Global};
use crate::error::{Code, Trouble};
use crate::progress::Watcher;
use crate::table::{Align, Table, counted, csv_line, thousands};
use crate::ui::Ui;
use engine::{DetectRequest, Detected, WireFinding, WireIncident};
use model::shown::shown;
use model::{Finding, Incident, Severity};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Detects, or does what else is asked with detections.
pub(crate) fn run(args: &DetectArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let request = DetectRequest {
        folder: data_folder(global)?,
        inputs: args.what.input.clone(),
        rules: args.what.rules.clone(),
        anew: args.anew,
        tenant: global.tenant.clone(),
    };
    let code = match &args.verb {
        Some(DetectVerb::Explain { finding }) => explain::run(finding, &request, global, ui)?,
        Some(DetectVerb::List) => list::run(&request, ui)?,
        Some(DetectVerb::Test { rule, events }) => test::run(rule, events, ui)?,
        None => detect(args, &request, global, ui)?,
    };
    ui.flush()?;
    Ok(code)
}

fn detect(
    args: &DetectArgs,
    request: &DetectRequest,
    global: &Global,
    ui: &mut Ui,
) -> Result<Code, Trouble> {
    let mut detected = look(request, global, ui)?;
    let code = code(args, &detected);
    narrow(args, &mut detected);
    match (ui.format, args.incidents) {
        (Format::Table, _) => table(&detected, args.new || args.least.is_some(), ui)?,
        (Format::Json, _) => ui.json(&WireAnswer::of(&detected))?,
        (Format::Jsonl, false) => {
            for finding in &detected.findings {
                ui.json(&WireFinding::from(finding))?;
            }
        }
        (Format::Jsonl, true) => {
            for incident in &detected.incidents {
                ui.json(&WireIncident::from(incident))?;
            }
        }
        (Format::Csv, false) => findings_csv(&detected.findings, ui)?,
        (Format::Csv, true) => incidents_csv(&detected.incidents, ui)?,
    }
    ui.flush()?;
    summary(&detected, ui);
    Ok(code)
}

/// Looks at the files that are named, or at the lake.
fn look(request: &DetectRequest, global: &Global, ui: &mut Ui) -> Result<Detected, Trouble> {
    let mut watcher = Watcher::new(ui);
    Ok(if request.inputs.is_empty() {
        store(global)?.detect(request, &mut watcher)?
    } else {
        engine::detect_files(request, &mut watcher)?
    })
}

fn code(args: &DetectArgs, detected: &Detected) -> Code {
    let is_at_least = |least: Severity| {
        let mut findings = detected.findings.iter();
        findings.any(|one| one.severity >= least)
    };
    let is_partial = detected.files.iter().any(|file| file.error_count > 0);
    if detected.interrupted {
        Code::Interrupted
    } else if detected.is_empty && !is_partial {
        // Nothing looked at is not nothing found.
        Code::Incomplete
    } else if args
        .fail_on
        .is_some_and(|level| is_at_least(level.severity()))
    {
        Code::Findings
    } else if is_partial {
        Code::Partial
    } else {
        Code::Ok
    }
}

/// Leaves out what the operator does not want to see.
fn narrow(args: &DetectArgs, detected: &mut Detected) {
    if args.new {
        let new = std::mem::take(&mut detected.new_ids);
        detected.findings.retain(|one| new.contains(&one.id));
        let touched: BTreeSet<&str> = detected
            .findings
            .iter()
            .map(|one| one.incident.as_str())
            .collect();
        detected
            .incidents
            .retain(|one| touched.contains(one.id.as_str()));
    }
    if let Some(least) = args.least {
        let least = least.severity();
        detected.findings.retain(|one| one.severity >= least);
        detected.incidents.retain(|one| one.severity >= least);
    }
}

#[derive(Serialize)]
struct WireAnswer<'a> {
    findings: Vec<WireFinding<'a>>,
    incidents: Vec<WireIncident<'a>>,
    summary: WireSummary<'a>,
}

#[derive(Serialize)]
struct WireSummary<'a> {
    records: u64,
    looked_at: u64,
    by_table: &'a BTreeMap<&'static str, u64>,
    rejected: u64,
    new: Option<u64>,
    sources: Vec<&'static str>,
    blind: Vec<WireBlind<'a>>,
    places: &'a str,
    unusable_rules: usize,
}

#[derive(Serialize)]
struct WireBlind<'a> {
    detection: &'a str,
    lacks: &'a [&'static str],
}

impl<'a> WireAnswer<'a> {
    fn of(detected: &'a Detected) -> Self {
        let blind = detected.blind.iter().map(|one| WireBlind {
            detection: one.id,
            lacks: &one.lacks,
        });
        Self {
            findings: detected.findings.iter().map(WireFinding::from).collect(),
            incidents: detected.incidents.iter().map(WireIncident::from).collect(),
            summary: WireSummary {
                records: detected.records,
                looked_at: detected.looked_at,
                by_table: &detected.by_table,
                rejected: rejected(detected),
                new: detected.new,
                sources: detected.sources.iter().map(|one| one.name()).collect(),
                blind: blind.collect(),
                places: &detected.places,
                unusable_rules: detected.unusable.len(),
            },
        }
    }
}

fn rejected(detected: &Detected) -> u64 {
    detected.files.iter().map(|file| file.rejected).sum()
}

/// How many incidents the table tells in full.
const TOLD: usize = 20;

fn table(detected: &Detected, is_narrowed: bool, ui: &mut Ui) -> Result<(), Trouble> {
    if detected.incidents.is_empty() {
        ui.line(if detected.is_empty {
            "no record was there to look at: import evidence first"
        } else if is_narrowed {
            "nothing new, or nothing that urgent"
        } else {
            "nothing was found"
        })?;
        return Ok(());
    }
    let heads = [
        ("severity", Align::Left),
        ("from (UTC)", Align::Left),
        ("to (UTC)", Align::Left),
        ("findings", Align::Right),
        ("incident", Align::Left),
        ("what", Align::Left),
    ];
    let mut table = Table::new(&heads).widest(96);
    for incident in &detected.incidents {
        table.row(vec![
            incident.severity.name().to_owned(),
            incident.from.to_string(),
            incident.to.to_string(),
            thousands(incident.findings.len() as u64),
            incident.id.clone(),
            incident.title.clone(),
        ]);
    }
    ui.table(&table)?;
    for incident in detected.incidents.iter().take(TOLD) {
        if incident.severity >= Severity::High {
            tell(incident, detected, ui)?;
        }
    }
    Ok(())
}

/// How many seeds the line that says how to go on names.
const SEEDS: usize = 8;

/// Tells an incident: why it is that urgent, its findings in order of time, how to go on.
fn tell(incident: &Incident, detected: &Detected, ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("")?;
    ui.heading(&format!(
        "{} {}: {}",
        incident.severity,
        incident.id,
        shown(&incident.title)
    ))?;
    for reason in &incident.reasons {
        ui.line(&format!("  because of {}", shown(reason)))?;
    }
    for finding in detected
        .findings
        .iter()
        .filter(|one| one.incident == incident.id)
    {
        if finding.severity == Severity::Info {
            continue;
        }
        ui.line(&format!(
            "  {}  {:8}  {:7}  {}",
            finding.time,
            finding.severity.name(),
            finding.detection,
            shown(&finding.why)
        ))?;
    }
    if let Some(user) = incident.users.first()
        && !incident.seeds.is_empty()
    {
        let seeds = incident
            .seeds
            .iter()
            .map(|seed| format!("--seed {}", word(&seed.to_string())));
        let seeds: Vec<String> = seeds.take(SEEDS).collect();
        ui.line(&format!(
            "  next: breachscope investigate {} {}",
            word(user),
            seeds.join(" ")
        ))?;
    }
    Ok(())
}

/// Returns a text as one word of a shell: who copies the command must not run what an intruder
/// wrote into a session or a name.
pub(super) fn word(text: &str) -> String {
    let text = shown(text);
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "@._:/=+-".contains(one);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn findings_csv(findings: &[Finding], ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("finding,detection,title,severity,tenant,user,time,last_time,ips,mitre,why,records,incident")?;
    for one in findings {
        ui.line(&csv_line(&[
            one.id.clone(),
            one.detection.clone(),
            one.title.clone(),
            one.severity.name().to_owned(),
            one.tenant.clone(),
            one.user.clone(),
            one.time.to_string(),
            one.last_time.to_string(),
            one.ips.join(" "),
            one.mitre.join(" "),
            one.why.clone(),
            one.records.join(" "),
            one.incident.clone(),
        ]))?;
    }
    Ok(())
}

fn incidents_csv(incidents: &[Incident], ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("incident,severity,title,story,tenant,users,from,to,findings,seeds")?;
    for one in incidents {
        let seeds: Vec<String> = one.seeds.iter().map(ToString::to_string).collect();
        ui.line(&csv_line(&[
            one.id.clone(),
            one.severity.name().to_owned(),
            one.title.clone(),
            one.story.clone(),
            one.tenant.clone(),
            one.users.join(" "),
            one.from.to_string(),
            one.to.to_string(),
            one.findings.join(" "),
            seeds.join(" "),
        ]))?;
    }
    Ok(())
}

/// Says what was looked at, and what could not be seen.
fn summary(detected: &Detected, ui: &mut Ui) {
    for file in &detected.files {
        for said in &file.errors {
            let place = format!("{}, {}", shown(&file.path), said.place);
            ui.warn(&format!("{place}: {}", shown(&said.what)));
        }
    }
    let tables: Vec<String> = detected
        .by_table
        .iter()
        .map(|(table, many)| format!("{} {table}", thousands(*many)))
        .collect();
    let tables = if tables.is_empty() {
        String::new()
    } else {
        format!(" ({})", tables.join(", "))
    };
    let mut line = format!(
        "{} read{tables}, {} looked at in all; {} in {}",
        counted(detected.records, "record", "records"),
        thousands(detected.looked_at),
        counted(detected.findings.len() as u64, "finding", "findings"),
        counted(detected.incidents.len() as u64, "incident", "incidents")
    );
    if let Some(new) = detected.new {
        line = format!("{line}, {} new", thousands(new));
    }
    let rejected = rejected(detected);
    if rejected > 0 {
        line = format!(
            "{line}; {} records could not be read whole",
            thousands(rejected)
        );
    }
    ui.say(&line);
    blindness(detected, ui);
    if !detected.unusable.is_empty() {
        ui.say(&format!(
            "{} cannot be used: `breachscope detect list --rules DIR` says why",
            counted(detected.unusable.len() as u64, "rule", "rules")
        ));
    }
}

/// How many blind detections a line names; `--format json` names them all.
const NAMED: usize = 8;

fn blindness(detected: &Detected, ui: &mut Ui) {
    if detected.records == 0 {
        return;
    }
    let mut by_lack: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in &detected.blind {
        let ids = by_lack.entry(one.lacks.join(" or ")).or_default();
        ids.push(one.id);
    }
    for (lack, ids) in by_lack {
        let named = ids[..ids.len().min(NAMED)].join(" ");
        let more = match ids.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        ui.say(&format!("blind for want of {lack}: {named}{more}"));
    }
}
