//! Says of every tenant whether it can be collected, what is blind and how that is put right; and in
//! one verdict, of how many mailboxes an intrusion could be proved message by message if it happened
//! today.
//!
//! The services are asked in `heard`, what this machine knows is in `known`, each check judges what
//! was heard as a pure function (`checks`), and so does the verdict. Nothing is changed anywhere: a
//! fix is words and a script.

mod answers;
mod checks;
mod finding;
mod heard;
pub(crate) mod kept;
mod known;
mod question;
mod room;
mod script;
mod verdict;

pub use finding::{About, Finding, Shell, State, Step};
pub use kept::{KeptCheck, KeptHealth};
pub use script::fix_script;
pub use verdict::{MailboxVerdict, Provable, Shares, Verdict, percent};

use crate::clock;
use crate::collect;
use crate::config::{Config, Onboarded, Proof};
use crate::error::EngineError;
use crate::store::Store;
use checks::{
    azure_log, bypass, certificate, clock_skew, disk, feed, licence, mailbox_audit, message_trace,
    organisation_audit, permission, risk_log, search_audit, secret, sign_in_log, subscription,
    token, unified_audit,
};
use cloud::{Access, Door, Limits};
use futures::StreamExt;
use heard::HeardAll;
use known::Known;
use model::Timestamp;
use std::time::Duration;
use verdict::{Around, Licence, Mailbox};

/// Whom to look at.
#[derive(Clone, Debug, Default)]
pub struct DoctorRequest {
    /// Ids or names of tenants; every one where none is named.
    pub tenants: Vec<String>,
    /// Certificates to trust beside the system's, PEM.
    pub roots: Option<Vec<u8>>,
    /// How patient to be.
    pub limits: Option<Limits>,
}

/// How everything stands.
#[derive(Clone, Debug, Default)]
pub struct DoctorReport {
    /// The moment of this report.
    pub now: Timestamp,
    /// What concerns this machine.
    pub here: Vec<Finding>,
    /// Each tenant, in the order of ids.
    pub tenants: Vec<TenantHealth>,
}

/// How one tenant stands.
#[derive(Clone, Debug, Default)]
pub struct TenantHealth {
    /// Its id.
    pub tenant: String,
    /// What the operator calls it.
    pub name: String,
    /// Whether any service answered: without that there is no sign-in or no permission at all.
    pub is_open: bool,
    /// What each check found.
    pub findings: Vec<Finding>,
    /// Of how many mailboxes an intrusion could be proved.
    pub verdict: Verdict,
}

impl TenantHealth {
    /// Returns whether nothing is wrong, blind or unknown, and every mailbox is provable.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let provable = self
            .verdict
            .shares
            .is_some_and(|shares| shares.provable == shares.mailboxes);
        provable && self.findings.iter().all(|finding| finding.state.is_well())
    }
}

/// How many tenants are looked at side by side.
const AT_ONCE: usize = 8;

/// A look is no collecting: who asks wants to know now, and that a service does not answer is an
/// answer too.
fn impatient() -> Limits {
    Limits {
        patience: Duration::from_secs(45),
        backoff: Duration::from_secs(5),
        tries: 2,
        replication_pause: Duration::from_secs(2),
        ..Limits::default()
    }
}

impl Store {
    /// Looks at tenants and keeps what was found for whoever shows it later; `looked_at` hears after each
    /// of them how many were looked at, of how many.
    pub fn doctor(
        &self,
        request: &DoctorRequest,
        looked_at: &mut dyn FnMut(usize, usize),
    ) -> Result<DoctorReport, EngineError> {
        let config = Config::read(self.folder())?;
        let chosen = patients(&config, &request.tenants)?;
        let limits = request.limits.clone().unwrap_or_else(impatient);
        let door =
            Door::new(limits, clock::now, request.roots.as_deref()).map_err(EngineError::Door)?;
        let now = clock::now();
        let known = chosen
            .iter()
            .map(|tenant| self.known(tenant, &config, now))
            .collect::<Result<Vec<_>, _>>()?;
        let many = known.len();
        let mut tenants = self.runtime.block_on(async {
            let looks = known.into_iter().map(|known| look(&door, known));
            let mut looks = futures::stream::iter(looks).buffer_unordered(AT_ONCE);
            let mut tenants = Vec::with_capacity(many);
            while let Some(health) = looks.next().await {
                tenants.push(health);
                looked_at(tenants.len(), many);
            }
            tenants
        });
        tenants.sort_by(|one, other| one.tenant.cmp(&other.tenant));
        let report = DoctorReport {
            now,
            here: vec![disk::judge(room::room(self.folder()))],
            tenants,
        };
        self.ledger.keep_health(&kept::written(&report)?)?;
        Ok(report)
    }
}

fn patients(config: &Config, names: &[String]) -> Result<Vec<Onboarded>, EngineError> {
    if config.tenants.is_empty() {
        return Err(EngineError::NoTenants);
    }
    if names.is_empty() {
        return Ok(config.tenants.clone());
    }
    let mut chosen: Vec<Onboarded> = Vec::new();
    for name in names {
        let found = config.tenants.iter().find(|tenant| tenant.is(name));
        let tenant = found.ok_or_else(|| EngineError::NoSuchTenant { name: name.clone() })?;
        if !chosen.iter().any(|one| one.id == tenant.id) {
            chosen.push(tenant.clone());
        }
    }
    Ok(chosen)
}

/// Looks at one tenant.
async fn look(door: &Door, known: Known) -> TenantHealth {
    // A command that fetches a secret may take its time, and others are looked at meanwhile.
    let tenant = known.tenant.clone();
    let opened = tokio::task::spawn_blocking(move || collect::access(&tenant)).await;
    let health = TenantHealth {
        tenant: known.tenant.id.clone(),
        name: known.tenant.name.clone(),
        ..TenantHealth::default()
    };
    match opened {
        Ok(Ok(access)) => {
            let heard = heard::hear(door, &access, &known).await;
            let (findings, verdict) = judged(&access, &known, &heard);
            TenantHealth {
                is_open: heard.any_answer(),
                findings,
                verdict,
                ..health
            }
        }
        Ok(Err(error)) => closed(health, &known, Some(&error)),
        Err(_) => closed(health, &known, None),
    }
}

/// A tenant whose secret cannot be had: nothing can be asked, and nothing is said of what was not.
fn closed(health: TenantHealth, known: &Known, error: Option<&EngineError>) -> TenantHealth {
    let interrupted = EngineError::Interrupted;
    let mut findings = vec![secret::judge(Some(error.unwrap_or(&interrupted)))];
    findings.extend(stand(known));
    TenantHealth {
        findings,
        verdict: verdict::verdict(
            Err("the application's secret cannot be read"),
            Around::default(),
        ),
        ..health
    }
}

fn stand(known: &Known) -> Vec<Finding> {
    feed::judge(
        &known.tenant.id,
        &known.feeds,
        &known.stored,
        &known.gaps,
        known.paused,
        known.now,
    )
}

/// Judges what was heard: every check, then the verdict.
fn judged(access: &Access, known: &Known, heard: &HeardAll) -> (Vec<Finding>, Verdict) {
    let tenant = &known.tenant;
    let licences = licence::of_users(&heard.skus, &heard.users);
    let refused = heard.skus.as_ref().err().or(heard.users.as_ref().err());
    let refused = refused.map(|refusal| refusal.said.as_str());
    let client_id = &access.client_id;
    let mut found = vec![secret::judge(None)];
    found.extend(certificate(access, tenant, known.now));
    found.extend(token::judge(&heard.tokens, &consent(tenant)));
    found.extend(permission::judge(
        &known.feeds,
        &heard.tokens,
        heard.audit.as_ref().err(),
        client_id,
    ));
    found.push(clock_skew::judge(&heard.skews));
    found.push(unified_audit::judge(&heard.audit, &heard.organisation));
    found.push(organisation_audit::judge(&heard.organisation));
    found.extend(mailbox_audit::judge(&heard.mailboxes));
    found.push(search_audit::judge(&heard.mailboxes, &known.vips));
    found.push(bypass::judge(&heard.bypass));
    found.push(licence::judge(
        &heard.mailboxes,
        licences.as_ref(),
        &known.seen,
        refused.unwrap_or_default(),
    ));
    found.extend(subscription::judge(
        &heard.subscriptions,
        &known.feeds,
        &tenant.id,
    ));
    found.push(sign_in_log::judge(&heard.signins));
    found.push(risk_log::judge(&heard.risk));
    found.extend(message_trace::judge(heard.trace.as_ref()));
    found.extend(azure_log::judge(
        heard.azure.as_ref(),
        &tenant.subscriptions,
        client_id,
    ));
    found.extend(stand(known));
    let place = |finding: &Finding| {
        let mut all = checks::ALL.iter();
        all.position(|about| about.name == finding.about.name)
    };
    found.sort_by_key(place);
    (found, judged_mailboxes(known, heard, licences.as_ref()))
}

fn certificate(access: &Access, tenant: &Onboarded, now: Timestamp) -> Option<Finding> {
    if !matches!(tenant.proof, Proof::Certificate(_)) {
        return None;
    }
    certificate::judge(access.credential.certificate_ends(), now)
}

/// Returns where an administrator of the tenant consents.
fn consent(tenant: &Onboarded) -> String {
    format!(
        "{}/{}/v2.0/adminconsent?client_id={}&scope=https://graph.microsoft.com/.default",
        tenant.endpoints.login(),
        tenant.id,
        tenant.client_id
    )
}

fn judged_mailboxes(
    known: &Known,
    heard: &HeardAll,
    licences: Option<&std::collections::BTreeMap<String, Licence>>,
) -> Verdict {
    let around = Around {
        unified: unified_audit::is_on(&heard.audit),
        organisation: organisation_audit::is_on(&heard.organisation),
        bypass_known: heard.bypass.is_ok(),
        licences_known: licences.is_some(),
    };
    let bypassing = bypass::on(&heard.bypass);
    let rows = match &heard.mailboxes {
        Ok(rows) => rows,
        Err(refusal) => {
            let why = format!("the mailboxes could not be listed: {}", refusal.said);
            return verdict::verdict(Err(&why), around);
        }
    };
    let mailboxes: Vec<Mailbox> = rows
        .iter()
        .map(|row| Mailbox {
            address: row.address().to_owned(),
            is_audited_kind: row.is_audited_kind(),
            recorded: row.recorded(),
            bypassed: bypassing.iter().any(|one| one.is_of(row)),
            licence: match licences {
                None => Licence::Unknown,
                Some(all) => {
                    let id = row.external_directory_object_id.to_lowercase();
                    all.get(&id).copied().unwrap_or(Licence::Less)
                }
            },
            seen: known.seen.contains(&row.address().to_lowercase()),
        })
        .collect();
    verdict::verdict(Ok(&mailboxes), around)
}
