//! Securing an account without a person: only where and upon what the operator said, only steps that
//! casework knows to be harmless to take back, each account of an incident once, a few in an hour.
//!
//! It is the same plan, the same record of acts and the same undo as a person's.

use super::{Actor, ApplyRequest, PlanRequest, Reach, RespondWatch, StepReport, may_change, wire};
use crate::clock;
use crate::config::{Automatic, Config};
use crate::detect::DetectRequest;
use crate::error::EngineError;
use crate::store::Store;
use model::{Finding, Incident};

/// Who acts.
const NAME: &str = "automatic";
/// An incident that was last seen longer ago than this is left to people: a record may take a day
/// to arrive, and what a first run finds of last month is no emergency of today.
const RECENT_SECONDS: i64 = 48 * 3600;

/// Nobody watches.
struct Unseen;

impl RespondWatch for Unseen {
    fn begins(&mut self, _step: u32, _title: &str, _object: &str) {}
    fn ends(&mut self, _step: &StepReport) {}
}

impl Store {
    /// Secures what the operator wants to have secured at once, and returns what was done or why it
    /// was not, a line each.
    pub fn respond_automatically(&mut self, reach: &Reach) -> Result<Vec<String>, EngineError> {
        let config = Config::read(self.folder())?;
        let Some(automatic) = &config.response.automatic else {
            return Ok(Vec::new());
        };
        may_change(&config)?;
        let detected = self.detected(&DetectRequest::default())?;
        let oldest = clock::now().plus_seconds(-RECENT_SECONDS);
        let mut said = Vec::new();
        for incident in detected.incidents.iter().filter(|one| one.to >= oldest) {
            let Some(rule) = is_meant(automatic, &config, incident, &detected.findings) else {
                continue;
            };
            for user in &incident.users {
                if self.was_tried(incident, user)? {
                    continue;
                }
                if self.done_in_an_hour()? >= automatic.most_an_hour as usize {
                    said.push(format!(
                        "{}, {user}: left to people, {} were secured in this hour",
                        incident.id, automatic.most_an_hour
                    ));
                    continue;
                }
                let done = self.secure(incident, user, rule, reach);
                let done = done.unwrap_or_else(|error| format!("not secured: {error}"));
                said.push(format!("{}, {user}: {done}", incident.id));
            }
        }
        Ok(said)
    }

    fn secure(
        &mut self,
        incident: &Incident,
        user: &str,
        rule: &str,
        reach: &Reach,
    ) -> Result<String, EngineError> {
        let actor = Actor {
            name: NAME.to_owned(),
            known_by: format!("the configuration, upon {rule}"),
        };
        let request = PlanRequest {
            subject: incident.id.clone(),
            user: Some(user.to_owned()),
            tenant: Some(incident.tenant.clone()),
            ..PlanRequest::default()
        };
        let draft = self.draft(&request, reach)?;
        let whole = draft.plan.clone();
        let (plan, why_not) = match draft.plan.for_automatic(&draft.policy) {
            Ok(plan) if plan.ticked().next().is_some() => (plan, None),
            Ok(plan) => (
                plan,
                Some("nothing is to be done without a person".to_owned()),
            ),
            Err(why) => (whole, Some(why)),
        };
        let wire = wire::written(&plan, &draft.snapshot);
        // Kept whatever comes of it: that is how it is known that it was tried.
        self.keep_plan(&wire, &actor)?;
        self.keep_watch(&wire.hash, &draft.terms)?;
        if let Some(why) = why_not {
            return Ok(format!("left to people: {why}"));
        }
        let approved = ApplyRequest {
            plan: wire.hash.clone(),
            hash: wire.hash,
        };
        let report = self.respond_apply(&approved, &actor, reach, &mut Unseen)?;
        Ok(if report.is_whole() {
            format!(
                "secured, {} steps; `breachscope respond undo {}`",
                report.steps.len(),
                report.id
            )
        } else {
            format!(
                "secured in part: see `breachscope respond status`, {}",
                report.id
            )
        })
    }

    /// Returns whether a plan was made for this account of the incident before.
    fn was_tried(&self, incident: &Incident, user: &str) -> Result<bool, EngineError> {
        let plans = self.ledger.plans("")?;
        Ok(plans
            .iter()
            .any(|plan| plan.by == NAME && plan.subject == incident.id && plan.user == user))
    }

    fn done_in_an_hour(&self) -> Result<usize, EngineError> {
        let since = clock::now().plus_seconds(-3600);
        let executions = self.ledger.executions()?;
        let own = executions.iter();
        Ok(own
            .filter(|one| one.by == NAME && one.began >= since)
            .count())
    }
}

/// Returns the detection upon which an incident is answered without a person, if it is.
fn is_meant<'f>(
    automatic: &Automatic,
    config: &Config,
    incident: &Incident,
    findings: &'f [Finding],
) -> Option<&'f str> {
    let tenant = config.tenants.iter().find(|one| one.is(&incident.tenant))?;
    automatic.tenants.iter().find(|named| tenant.is(named))?;
    let own = findings.iter().filter(|one| one.incident == incident.id);
    let mut named = own.filter(|one| automatic.detections.contains(&one.detection));
    named.next().map(|one| one.detection.as_str())
}
