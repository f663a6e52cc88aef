//! What the pages show of plans, executions and acts. Nothing is written and no tenant is asked.

use super::Looking;
use crate::error::EngineError;
use crate::respond::{ExecutionReport, FAILED, PlanReport, UNKNOWN, WAITING, kept};
use model::Timestamp;

/// An account that was to be secured, and of which not every step was read back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenExecution {
    /// The execution.
    pub id: String,
    /// The tenant.
    pub tenant: String,
    /// Whose account; empty for one of the whole tenant.
    pub user: String,
    /// Who confirmed it.
    pub by: String,
    /// When it began.
    pub began: Timestamp,
    /// Whether it is not at its end: it goes on now, or was cut off.
    pub is_cut_off: bool,
    /// How many of its steps failed or cannot be told.
    pub open: u64,
}

/// A plan that two have to approve, and that nobody has carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingPlan {
    /// Its hash.
    pub hash: String,
    /// The tenant.
    pub tenant: String,
    /// The incident or case.
    pub subject: String,
    /// Whose account; empty for one of the whole tenant.
    pub user: String,
    /// Who had it made.
    pub made_by: String,
    /// When.
    pub made: Timestamp,
    /// Who approved it so far.
    pub approved_by: Vec<String>,
}

/// How long a plan counts.
const COUNTS_MICROS: i64 = 24 * 3600 * 1_000_000;

impl Looking {
    /// Returns the plan with this hash, the whole of it.
    pub fn plan(&self, hash: &str) -> Result<Option<PlanReport>, EngineError> {
        kept::shown(&self.ledger, hash)
    }

    /// Returns how far an execution is.
    pub fn execution(&self, id: &str) -> Result<Option<ExecutionReport>, EngineError> {
        kept::executed(&self.ledger, id)
    }

    /// Returns the accounts that were to be secured and of which not every step was read back.
    pub fn open_executions(&self) -> Result<Vec<OpenExecution>, EngineError> {
        let open = self.ledger.open_executions([FAILED, UNKNOWN, WAITING])?;
        let open = open.into_iter().map(|(one, open)| OpenExecution {
            id: one.id,
            tenant: one.tenant,
            user: one.user,
            by: one.by,
            began: one.began,
            is_cut_off: one.ended.is_none(),
            open,
        });
        Ok(open.collect())
    }

    /// Returns the plans that need two people and that nobody has carried out.
    pub fn waiting_plans(&self, now: Timestamp) -> Result<Vec<WaitingPlan>, EngineError> {
        let mut waiting = Vec::new();
        for plan in self.ledger.plans_since(Timestamp(now.0 - COUNTS_MICROS))? {
            // One of another version of the program is made again; it keeps no page from being shown.
            let report = match kept::shown(&self.ledger, &plan.hash) {
                Ok(Some(report)) => report,
                Ok(None)
                | Err(EngineError::PlanChanged { .. } | EngineError::NoSuchPlan { .. }) => continue,
                Err(error) => return Err(error),
            };
            if !report.plan.second_approver.is_empty() {
                waiting.push(WaitingPlan {
                    hash: plan.hash,
                    tenant: plan.tenant,
                    subject: plan.subject,
                    user: plan.user,
                    made_by: plan.by,
                    made: plan.made,
                    approved_by: report.approved_by,
                });
            }
        }
        Ok(waiting)
    }
}
