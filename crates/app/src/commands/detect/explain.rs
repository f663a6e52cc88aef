//! `breachscope detect explain FINDING`.

use super::look;
use crate::cli::{Format, Global};
use crate::commands::store;
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, counted, thousands};
use crate::ui::Ui;
use engine::{DetectRequest, EngineError, Listed, WireFinding};
use model::shown::shown;
use model::{Finding, Proof};
use serde::Serialize;

/// Explains a finding: of the lake as it stands, or of the files that are named.
pub(super) fn run(
    id: &str,
    request: &DetectRequest,
    global: &Global,
    ui: &mut Ui,
) -> Result<Code, Trouble> {
    let detected = if request.inputs.is_empty() {
        store(global)?.detected(request)?
    } else {
        look(request, global, ui)?
    };
    let finding = one_of(id, &detected.findings)?;
    let (listed, _) = engine::listed(&request.rules)?;
    let about = listed.into_iter().find(|one| one.id == finding.detection);
    match ui.format {
        Format::Table | Format::Csv => tell(finding, about.as_ref(), ui)?,
        Format::Json | Format::Jsonl => ui.json(&Wire::of(finding, about.as_ref()))?,
    }
    Ok(Code::Ok)
}

/// Returns the finding whose id begins like this.
fn one_of<'f>(id: &str, findings: &'f [Finding]) -> Result<&'f Finding, Trouble> {
    let mut alike = findings.iter().filter(|one| one.id.starts_with(id));
    match (alike.next(), alike.next()) {
        (Some(finding), None) if !id.is_empty() => Ok(finding),
        (Some(_), Some(_)) => Err(Trouble::Argument {
            what: format!("the finding `{id}`: several begin like this"),
            hint: "give more of its id".to_owned(),
        }),
        _ => Err(EngineError::NoSuchFinding { id: id.to_owned() }.into()),
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    finding: WireFinding<'a>,
    record_count: u64,
    proofs: Vec<WireProof<'a>>,
    silent_if: &'a str,
    decides: &'a str,
    severity_when: &'a str,
    benign: &'a str,
    sessions: &'a [String],
    apps: &'a [String],
}

#[derive(Serialize)]
struct WireProof<'a> {
    record: &'a str,
    field: &'a str,
    value: &'a str,
    baseline: &'a str,
}

impl<'a> Wire<'a> {
    fn of(finding: &'a Finding, about: Option<&'a Listed>) -> Self {
        let proof = |one: &'a Proof| WireProof {
            record: &one.record,
            field: &one.field,
            value: &one.value,
            baseline: &one.baseline,
        };
        Self {
            finding: WireFinding::from(finding),
            record_count: finding.record_count,
            proofs: finding.proofs.iter().map(proof).collect(),
            silent_if: &finding.silent_if,
            decides: about.map_or("", |about| &about.decides),
            severity_when: about.map_or("", |about| &about.severity),
            benign: about.map_or("", |about| &about.benign),
            sessions: &finding.sessions,
            apps: &finding.apps,
        }
    }
}

/// How many records are listed for eyes.
const LISTED: usize = 20;

fn tell(finding: &Finding, about: Option<&Listed>, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&format!(
        "{} {} {}: {}",
        finding.severity,
        finding.detection,
        finding.id,
        shown(&finding.title)
    ))?;
    ui.line(&shown(&finding.why))?;
    ui.line("")?;
    let facts = [
        ("whom", finding.user.clone()),
        ("tenant", finding.tenant.clone()),
        ("from", finding.time.to_string()),
        ("to", finding.last_time.to_string()),
        ("addresses", finding.ips.join(" ")),
        ("sessions", finding.sessions.join(" ")),
        ("applications", finding.apps.join(" ")),
        ("ATT&CK", finding.mitre.join(" ")),
        ("incident", finding.incident.clone()),
    ];
    for (name, value) in facts {
        if !value.is_empty() {
            ui.line(&format!("{name:12}  {}", shown(&value)))?;
        }
    }
    proofs(&finding.proofs, ui)?;
    records(finding, ui)?;
    let mut words = vec![("silent if", finding.silent_if.as_str())];
    if let Some(about) = about {
        words.push(("decides", &about.decides));
        words.push(("severity", &about.severity));
        words.push(("benign", &about.benign));
        words.push(("untested", &about.untested));
    }
    for (name, value) in words {
        if !value.is_empty() {
            ui.line(&format!("\n{name}: {}", shown(value)))?;
        }
    }
    Ok(())
}

fn proofs(proofs: &[Proof], ui: &mut Ui) -> Result<(), Trouble> {
    if proofs.is_empty() {
        return Ok(());
    }
    let heads = ["record", "field", "value", "compared with"];
    let mut table = Table::new(&heads.map(|head| (head, Align::Left)));
    for proof in proofs {
        table.row(vec![
            proof.record.clone(),
            proof.field.clone(),
            proof.value.clone(),
            proof.baseline.clone(),
        ]);
    }
    ui.line("")?;
    ui.table(&table)?;
    Ok(())
}

fn records(finding: &Finding, ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("")?;
    ui.heading(&format!(
        "{}: `breachscope show RECORD` shows one",
        counted(finding.record_count, "record", "records")
    ))?;
    for record in finding.records.iter().take(LISTED) {
        ui.line(&shown(record))?;
    }
    if finding.record_count > LISTED as u64 {
        let more = finding.record_count - LISTED as u64;
        ui.line(&format!("{} more: --format json", thousands(more)))?;
    }
    Ok(())
}
