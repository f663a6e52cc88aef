//! `breachscope doctor`: can it be collected, what is blind, the exact fix, and one verdict.

use super::store_or_new;
use crate::cli::{DoctorArgs, Format, Global};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, counted, csv_line};
use crate::ui::Ui;
use engine::{
    DoctorReport, DoctorRequest, EngineError, Finding, Provable, State, TenantHealth, fix_script,
    percent,
};
use model::shown::shown;
use serde::Serialize;
use std::path::Path;

/// Looks at the tenants and says how they stand.
pub(crate) fn run(args: &DoctorArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let request = DoctorRequest {
        tenants: args.tenants.iter().chain(&global.tenant).cloned().collect(),
        roots: super::roots(args.roots.as_deref())?,
        limits: None,
    };
    let store = store_or_new(global)?;
    let mut next_line = seconds() + SECONDS_A_LINE;
    let report = store.doctor(&request, &mut |done, many| {
        if seconds() >= next_line && done < many {
            next_line = seconds() + SECONDS_A_LINE;
            ui.say(&format!("looked at {done} of {many} tenants"));
        }
    })?;
    if let Some(path) = &args.fix_script {
        write_script(&report, path)?;
        ui.say(&format!(
            "wrote `{}`: read it before you run any of it",
            path.display()
        ));
    }
    if args.mailboxes {
        mailboxes(&report, ui)?;
    } else {
        print(&report, ui)?;
    }
    ui.flush()?;
    Ok(code(&report))
}

/// How often a long look says how far it is.
const SECONDS_A_LINE: i64 = 10;

fn seconds() -> i64 {
    engine::clock::now().0 / 1_000_000
}

fn write_script(report: &DoctorReport, path: &Path) -> Result<(), Trouble> {
    let script = fix_script(&report.tenants, report.now);
    std::fs::write(path, script).map_err(|source| {
        Trouble::Engine(EngineError::Written {
            path: path.to_owned(),
            source,
        })
    })
}

fn code(report: &DoctorReport) -> Code {
    let here = report.here.iter().all(|finding| finding.state.is_well());
    if !report.tenants.iter().any(|tenant| tenant.is_open) {
        Code::Access
    } else if here && report.tenants.iter().all(TenantHealth::is_well) {
        Code::Ok
    } else {
        Code::Partial
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    checked: String,
    here: Vec<WireCheck<'a>>,
    tenants: Vec<WireTenant<'a>>,
}

#[derive(Serialize)]
struct WireTenant<'a> {
    tenant: &'a str,
    name: &'a str,
    open: bool,
    well: bool,
    verdict: WireVerdict<'a>,
    checks: Vec<WireCheck<'a>>,
}

#[derive(Serialize)]
struct WireVerdict<'a> {
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shares: Option<WireShares>,
    #[serde(skip_serializing_if = "str::is_empty")]
    untold: &'a str,
    caveats: &'a [String],
    /// The mailboxes of which not everything could be proved.
    less_than_provable: Vec<WireMailbox<'a>>,
}

#[derive(Serialize)]
struct WireShares {
    mailboxes: usize,
    provable: usize,
    folder_level: usize,
    not_provable: usize,
    provable_percent: f64,
}

#[derive(Serialize)]
struct WireMailbox<'a> {
    tenant: &'a str,
    mailbox: &'a str,
    provable: &'static str,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct WireCheck<'a> {
    check: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    state: &'static str,
    what: &'a str,
    why: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    fix: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    commands: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    link: &'a str,
}

fn wire_check(finding: &Finding) -> WireCheck<'_> {
    WireCheck {
        check: finding.about.name,
        subject: &finding.subject,
        state: finding.state.name(),
        what: &finding.what,
        why: finding.about.why,
        fix: &finding.fix,
        commands: finding
            .steps
            .iter()
            .map(|step| step.line.as_str())
            .collect(),
        link: finding.about.link,
    }
}

fn wire_mailboxes(tenant: &TenantHealth) -> impl Iterator<Item = WireMailbox<'_>> {
    tenant.verdict.mailboxes.iter().map(|one| WireMailbox {
        tenant: &tenant.tenant,
        mailbox: &one.mailbox,
        provable: one.provable.name(),
        reasons: &one.reasons,
    })
}

fn wire_tenant(tenant: &TenantHealth) -> WireTenant<'_> {
    let verdict = &tenant.verdict;
    WireTenant {
        tenant: &tenant.tenant,
        name: &tenant.name,
        open: tenant.is_open,
        well: tenant.is_well(),
        verdict: WireVerdict {
            sentence: verdict.sentence(),
            shares: verdict.shares.map(|shares| WireShares {
                mailboxes: shares.mailboxes,
                provable: shares.provable,
                folder_level: shares.folder_level,
                not_provable: shares.not_provable,
                provable_percent: (shares.provable * 1000 / shares.mailboxes.max(1)) as f64 / 10.0,
            }),
            untold: &verdict.untold,
            caveats: &verdict.caveats,
            less_than_provable: wire_mailboxes(tenant)
                .filter(|one| one.provable != Provable::Message.name())
                .collect(),
        },
        checks: tenant.findings.iter().map(wire_check).collect(),
    }
}

fn print(report: &DoctorReport, ui: &mut Ui) -> Result<(), Trouble> {
    match ui.format {
        Format::Json => ui.json(&Wire {
            checked: report.now.to_string(),
            here: report.here.iter().map(wire_check).collect(),
            tenants: report.tenants.iter().map(wire_tenant).collect(),
        }),
        Format::Jsonl => report
            .tenants
            .iter()
            .try_for_each(|tenant| ui.json(&wire_tenant(tenant))),
        Format::Csv => csv(report, ui),
        Format::Table => table(report, ui),
    }
}

fn csv(report: &DoctorReport, ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("tenant,name,check,subject,state,what,why,fix,link")?;
    let line = |tenant: &str, name: &str, one: &Finding| {
        let about = one.about;
        csv_line(&[
            tenant.to_owned(),
            name.to_owned(),
            about.name.to_owned(),
            one.subject.clone(),
            one.state.name().to_owned(),
            one.what.clone(),
            about.why.to_owned(),
            one.fix.clone(),
            about.link.to_owned(),
        ])
    };
    for one in &report.here {
        ui.line(&line("", "", one))?;
    }
    for tenant in &report.tenants {
        for one in &tenant.findings {
            ui.line(&line(&tenant.tenant, &tenant.name, one))?;
        }
        let blank = String::new;
        ui.line(&csv_line(&[
            tenant.tenant.clone(),
            tenant.name.clone(),
            "verdict".to_owned(),
            blank(),
            blank(),
            tenant.verdict.sentence(),
            tenant.verdict.caveats.join("; "),
            blank(),
            blank(),
        ]))?;
    }
    Ok(())
}

fn table(report: &DoctorReport, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading("This machine")?;
    findings(&report.here, ui)?;
    for tenant in &report.tenants {
        ui.line("")?;
        ui.heading(&format!(
            "{} ({})",
            shown(&tenant.name),
            shown(&tenant.tenant)
        ))?;
        findings(&tenant.findings, ui)?;
        ui.line("")?;
        ui.heading(&shown(&tenant.verdict.sentence()))?;
        for caveat in &tenant.verdict.caveats {
            ui.line(&format!("  {}", shown(caveat)))?;
        }
    }
    if report.tenants.len() > 1 {
        all(report, ui)?;
    }
    Ok(())
}

/// How many commands of a fix are shown to eyes; `--fix-script` writes all of them.
const COMMANDS: usize = 2;

fn findings(findings: &[Finding], ui: &mut Ui) -> Result<(), Trouble> {
    let mut explained = "";
    let mut fixed = "";
    for one in findings {
        let about = one.about;
        let subject = match one.subject.as_str() {
            "" => String::new(),
            subject => format!(" {subject}"),
        };
        ui.line(&format!(
            "{:<8} {}{}: {}",
            one.state.name(),
            about.name,
            shown(&subject),
            shown(&one.what)
        ))?;
        if one.state == State::Well {
            continue;
        }
        // Of twenty sources that stand alike, one tells why it matters.
        if explained != about.name {
            ui.line(&format!("         why: {}", about.why))?;
        }
        if !one.fix.is_empty() && (fixed != one.fix || explained != about.name) {
            ui.line(&format!("         fix: {}", shown(&one.fix)))?;
            commands(one, ui)?;
            if !about.link.is_empty() {
                ui.line(&format!("         {}", about.link))?;
            }
        }
        (explained, fixed) = (about.name, &one.fix);
    }
    Ok(())
}

fn commands(one: &Finding, ui: &mut Ui) -> Result<(), Trouble> {
    for step in one.steps.iter().take(COMMANDS) {
        for line in step.line.lines() {
            ui.line(&format!("           {}", shown(line)))?;
        }
    }
    let more = one.steps.len().saturating_sub(COMMANDS);
    if more > 0 {
        let many = counted(more as u64, "more command", "more commands");
        ui.line(&format!(
            "           and {many}: `--fix-script FILE` writes them"
        ))?;
    }
    Ok(())
}

/// The verdicts of many tenants side by side.
fn all(report: &DoctorReport, ui: &mut Ui) -> Result<(), Trouble> {
    ui.line("")?;
    let mut table = Table::new(&[
        ("tenant", Align::Left),
        ("mailboxes", Align::Right),
        ("provable", Align::Right),
        ("folder-level", Align::Right),
        ("not provable", Align::Right),
        ("not well", Align::Right),
    ]);
    for tenant in &report.tenants {
        let findings = tenant.findings.iter();
        let not_well = findings.filter(|one| !one.state.is_well()).count();
        let mut cells = vec![tenant.name.clone()];
        match tenant.verdict.shares {
            Some(shares) => cells.extend([
                shares.mailboxes.to_string(),
                percent(shares.provable, shares.mailboxes),
                percent(shares.folder_level, shares.mailboxes),
                percent(shares.not_provable, shares.mailboxes),
            ]),
            None => cells.extend(["?"; 4].map(str::to_owned)),
        }
        cells.push(not_well.to_string());
        table.row(cells);
    }
    ui.table(&table)
}

fn mailboxes(report: &DoctorReport, ui: &mut Ui) -> Result<(), Trouble> {
    let mut lines = report.tenants.iter().flat_map(wire_mailboxes);
    match ui.format {
        Format::Json => ui.json(&lines.collect::<Vec<_>>()),
        Format::Jsonl => lines.try_for_each(|line| ui.json(&line)),
        Format::Csv => {
            ui.line("tenant,mailbox,provable,reasons")?;
            lines.try_for_each(|one| {
                let cells = [one.tenant, one.mailbox, one.provable].map(str::to_owned);
                let reasons = one.reasons.join("; ");
                ui.line(&csv_line(&[&cells[..], &[reasons]].concat()))
            })
        }
        Format::Table => {
            let mut table = Table::new(&[
                ("tenant", Align::Left),
                ("mailbox", Align::Left),
                ("provable", Align::Left),
                ("why no more", Align::Left),
            ])
            .widest(100);
            for one in lines {
                let cells = [one.tenant, one.mailbox, one.provable].map(str::to_owned);
                table.row([&cells[..], &[one.reasons.join("; ")]].concat());
            }
            ui.table(&table)?;
            report
                .tenants
                .iter()
                .try_for_each(|tenant| ui.line(&shown(&tenant.verdict.sentence())))
        }
    }
}
