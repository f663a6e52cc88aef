//! What the last look of the doctor found, as the ledger keeps it: small, and read by whoever shows it
//! without asking anybody.
//!
//! Mailboxes are not kept one by one, for a tenant may have a hundred thousand; neither is why a check
//! matters, for the program knows that.

use super::checks::ALL;
use super::{DoctorReport, Finding, Shares, State, TenantHealth};
use crate::error::EngineError;
use ledger::StoredHealth;
use model::Timestamp;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// How many commands of a fix are kept; `breachscope doctor --fix-script` writes all of them.
const COMMANDS: usize = 5;

/// What the last look at a tenant, or at this machine, found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptHealth {
    /// The tenant; empty for this machine.
    pub tenant: String,
    /// When it was looked at.
    pub at: Timestamp,
    /// Whether any service answered.
    pub is_open: bool,
    /// Whether nothing was wrong, blind or unknown, and every mailbox provable.
    pub is_well: bool,
    /// The verdict in one sentence; empty for this machine.
    pub sentence: String,
    /// What the verdict does not take into account.
    pub caveats: Vec<String>,
    /// How many mailboxes stand how; nothing where no verdict could be given.
    pub shares: Option<Shares>,
    /// What each check found.
    pub checks: Vec<KeptCheck>,
}

/// What one check found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheck {
    /// The check.
    pub name: String,
    /// What it looked at; empty where there is one thing alone.
    pub subject: String,
    /// How that stands.
    pub state: State,
    /// What was found.
    pub what: String,
    /// Why it matters.
    pub why: &'static str,
    /// What is to be done; empty where nothing is.
    pub fix: String,
    /// The first commands of it.
    pub commands: Vec<String>,
    /// How many more there are.
    pub more_commands: usize,
    /// Microsoft's page on it; empty where there is none.
    pub link: &'static str,
}

impl KeptHealth {
    /// Returns how it stands as a whole: as its worst check does.
    #[must_use]
    pub fn state(&self) -> State {
        let worst = self.checks.iter().map(|one| one.state).max();
        let worst = worst.unwrap_or(State::Unknown);
        if worst == State::Well && !self.is_well {
            State::Wrong
        } else {
            worst
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    version: u32,
    open: bool,
    well: bool,
    sentence: String,
    caveats: Vec<String>,
    shares: Option<WireShares>,
    checks: Vec<WireCheck>,
}

#[derive(Serialize, Deserialize)]
struct WireShares {
    mailboxes: usize,
    provable: usize,
    folder_level: usize,
    not_provable: usize,
}

#[derive(Serialize, Deserialize)]
struct WireCheck {
    check: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    subject: String,
    state: String,
    what: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    fix: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    commands: Vec<String>,
    #[serde(default, skip_serializing_if = "is_none")]
    more: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_none(many: &usize) -> bool {
    *many == 0
}

/// Returns a report as it is kept, by tenant.
pub(super) fn written(report: &DoctorReport) -> Result<Vec<StoredHealth>, EngineError> {
    let mut all = vec![stored("", report.now, &machine(&report.here))?];
    for tenant in &report.tenants {
        all.push(stored(&tenant.tenant, report.now, &of_tenant(tenant))?);
    }
    Ok(all)
}

fn stored(tenant: &str, at: Timestamp, wire: &Wire) -> Result<StoredHealth, EngineError> {
    Ok(StoredHealth {
        tenant: tenant.to_owned(),
        at,
        body: serde_json::to_string(wire).map_err(EngineError::Kept)?,
    })
}

fn machine(findings: &[Finding]) -> Wire {
    Wire {
        version: VERSION,
        open: true,
        well: findings.iter().all(|one| one.state.is_well()),
        sentence: String::new(),
        caveats: Vec::new(),
        shares: None,
        checks: findings.iter().map(check).collect(),
    }
}

fn of_tenant(tenant: &TenantHealth) -> Wire {
    let verdict = &tenant.verdict;
    Wire {
        version: VERSION,
        open: tenant.is_open,
        well: tenant.is_well(),
        sentence: verdict.sentence(),
        caveats: verdict.caveats.clone(),
        shares: verdict.shares.map(|shares| WireShares {
            mailboxes: shares.mailboxes,
            provable: shares.provable,
            folder_level: shares.folder_level,
            not_provable: shares.not_provable,
        }),
        checks: tenant.findings.iter().map(check).collect(),
    }
}

fn check(finding: &Finding) -> WireCheck {
    let commands = finding.steps.iter().take(COMMANDS);
    WireCheck {
        check: finding.about.name.to_owned(),
        subject: finding.subject.clone(),
        state: finding.state.name().to_owned(),
        what: finding.what.clone(),
        fix: finding.fix.clone(),
        commands: commands.map(|step| step.line.clone()).collect(),
        more: finding.steps.len().saturating_sub(COMMANDS),
    }
}

/// Reads what was kept; nothing where another version of the program wrote it in another way.
pub(crate) fn read(stored: &StoredHealth) -> Option<KeptHealth> {
    let wire: Wire = serde_json::from_str(&stored.body).ok()?;
    if wire.version != VERSION {
        return None;
    }
    Some(KeptHealth {
        tenant: stored.tenant.clone(),
        at: stored.at,
        is_open: wire.open,
        is_well: wire.well,
        sentence: wire.sentence,
        caveats: wire.caveats,
        shares: wire.shares.map(|shares| Shares {
            mailboxes: shares.mailboxes,
            provable: shares.provable,
            folder_level: shares.folder_level,
            not_provable: shares.not_provable,
        }),
        checks: wire.checks.into_iter().map(checked).collect(),
    })
}

fn checked(wire: WireCheck) -> KeptCheck {
    let about = ALL.iter().find(|about| about.name == wire.check);
    KeptCheck {
        name: wire.check,
        subject: wire.subject,
        // A word that is not known says nothing of how it stands.
        state: State::of_name(&wire.state).unwrap_or(State::Unknown),
        what: wire.what,
        why: about.map_or("", |about| about.why),
        fix: wire.fix,
        commands: wire.commands,
        more_commands: wire.more,
        link: about.map_or("", |about| about.link),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Shell, checks::disk};
    use super::*;

    fn report() -> DoctorReport {
        let lines = (0..7).map(|number| format!("Get-Mailbox {number}"));
        let finding = disk::ABOUT
            .blind("nothing is recorded")
            .of("a service")
            .fix("switch it on")
            .steps(Shell::Exchange, lines);
        DoctorReport {
            now: Timestamp(9),
            here: vec![disk::ABOUT.well("room is left")],
            tenants: vec![TenantHealth {
                tenant: "contoso".to_owned(),
                is_open: true,
                findings: vec![disk::ABOUT.advice("it could be better"), finding],
                ..TenantHealth::default()
            }],
        }
    }

    #[test]
    fn a_look_is_read_as_it_was_kept() {
        let kept = written(&report()).expect("written");
        let here = read(&kept[0]).expect("read");
        assert_eq!((here.tenant.as_str(), here.is_well), ("", true));
        assert_eq!(here.state(), State::Well);
        let tenant = read(&kept[1]).expect("read");
        assert_eq!((tenant.at, tenant.is_well), (Timestamp(9), false));
        assert_eq!(tenant.state(), State::Blind);
        assert!(tenant.sentence.contains("cannot be told"));
        let blind = &tenant.checks[1];
        assert_eq!(
            (blind.subject.as_str(), blind.fix.as_str()),
            ("a service", "switch it on")
        );
        assert_eq!((blind.commands.len(), blind.more_commands), (5, 2));
        assert_eq!(
            blind.why,
            disk::ABOUT.why,
            "from the program, not from the ledger"
        );
    }

    #[test]
    fn what_another_version_wrote_is_not_guessed_at() {
        let mut kept = written(&report()).expect("written").remove(1);
        kept.body = kept.body.replace("\"blind\"", "\"odd\"");
        let odd = read(&kept).expect("read");
        assert_eq!(odd.state(), State::Unknown);
        kept.body = kept.body.replace("\"version\":1", "\"version\":2");
        assert_eq!(read(&kept), None);
    }
}
