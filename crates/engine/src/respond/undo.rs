//! Taking an execution back, step by step, from what was read before.

use super::apply::{Ended, Going, failed, held_name};
use super::hands::{Hands, Sent};
use super::{
    Actor, DONE, ExecutionReport, Reach, RespondWatch, UNDONE, UNKNOWN, may_change, named,
    not_the_victim, step_report, subject, wire,
};
use crate::error::EngineError;
use crate::store::Store;
use casework::respond::{self as planning, Plan, Reversible, State, Step};
use ledger::Execution;

impl Store {
    /// Takes back every step of an execution that was done and can be taken back, or one of them.
    pub fn respond_undo(
        &mut self,
        name: &str,
        only: Option<u32>,
        actor: &Actor,
        reach: &Reach,
        watch: &mut dyn RespondWatch,
    ) -> Result<ExecutionReport, EngineError> {
        let execution = self.execution(name)?;
        let (plan, wire) = self.find_plan(&execution.plan)?;
        let (config, tenant) = self.onboarded(&wire.tenant)?;
        may_change(&config)?;
        not_the_victim(&plan, actor)?;
        self.second_approver_of_undo(&plan, &wire.hash, actor)?;
        let hands = Hands::new(
            subject::opened(&tenant)?,
            reach.roots.as_deref(),
            reach.limits.clone(),
        )?;
        self.hold(&plan, &wire.hash)?;
        let mut going = Going {
            store: self,
            hands: &hands,
            plan: &plan,
            hash: &wire.hash,
            execution: execution.clone(),
            actor,
        };
        let done = going.take_back(only, watch);
        self.ledger.release_object(&held_name(&plan), &wire.hash)?;
        let interrupted = done?;
        let mut report = self.reported(&execution)?;
        report.interrupted = interrupted;
        Ok(report)
    }

    fn execution(&self, name: &str) -> Result<Execution, EngineError> {
        let found = self.ledger.execution(name.trim())?;
        found.ok_or_else(|| EngineError::NoSuchExecution {
            name: name.to_owned(),
        })
    }

    /// What two had to approve, two have to take back: one who approved the plan beside who acts.
    fn second_approver_of_undo(
        &self,
        plan: &Plan,
        hash: &str,
        actor: &Actor,
    ) -> Result<(), EngineError> {
        let others = self.approvals(hash)?;
        let has = others
            .iter()
            .any(|name| !name.eq_ignore_ascii_case(&actor.name));
        if plan.second_approver.is_empty() || has {
            return Ok(());
        }
        Err(EngineError::NotApproved {
            what:
                "what two people approved is taken back by two: another one approves the plan first"
                    .to_owned(),
        })
    }
}

impl Going<'_> {
    fn take_back(
        &mut self,
        only: Option<u32>,
        watch: &mut dyn RespondWatch,
    ) -> Result<bool, EngineError> {
        let kept = self.store.ledger.steps(&self.execution.id)?;
        let was_done = |number: u32| {
            kept.iter()
                .any(|step| step.step == number && matches!(step.state.as_str(), DONE | UNKNOWN))
        };
        if let Some(number) = only
            && !was_done(number)
        {
            return Err(EngineError::NoSuchExecution {
                name: format!("{}, step {number}: it was not done", self.execution.id),
            });
        }
        let mut order = planning::order(self.plan);
        order.reverse();
        for number in order {
            if only.is_some_and(|only| only != number) || !was_done(number) {
                continue;
            }
            let Some(step) = self.plan.step(number) else {
                continue;
            };
            // What cannot be taken back was said before it was approved.
            if only.is_none() && matches!(step.reversible, Reversible::No(_)) {
                continue;
            }
            if watch.stopped() {
                return Ok(true);
            }
            watch.begins(number, wire::title(step.action), &named(&step.object));
            let ended = self.step_back(step);
            let kept = self.keep(step, &ended)?;
            watch.ends(&step_report(step, Some(&kept)));
        }
        Ok(false)
    }

    fn step_back(&mut self, step: &Step) -> Ended {
        let still_done = |what: String, after, requests| Ended {
            state: DONE,
            ..failed(what, after, requests)
        };
        let Some(action) = planning::action(step.action) else {
            return failed(
                format!("there is no action {}", step.action),
                None,
                Vec::new(),
            );
        };
        let (hands, runtime) = (self.hands, &self.store.runtime);
        let looking = hands.look_back(action, &step.object, &step.before);
        let now = match runtime.block_on(looking) {
            Ok(now) => now,
            Err(no) => {
                let what = format!("it is not taken back: {}", no.what);
                return still_done(what, None, Vec::new());
            }
        };
        if action.is_undone(&step.object, &step.before, &now) {
            return Ended {
                state: UNDONE,
                after: Some(now),
                detail: "somebody took it back before".to_owned(),
                requests: Vec::new(),
            };
        }
        let changes = match action.undo_from(&step.object, &step.before, &now) {
            Ok(changes) => changes,
            Err(why) => {
                return still_done(format!("it is not taken back: {why}"), None, Vec::new());
            }
        };
        let is_ours = action.is_done(&step.object, &step.before, &now);
        let mut requests = Vec::new();
        let sent = hands.send_all(action, &step.object, &changes, &mut requests);
        let sent = runtime.block_on(sent);
        let is_undone = |after: &State| action.is_undone(&step.object, &step.before, after);
        let after = runtime.block_on(hands.look_until(
            action,
            &step.object,
            Some(&step.before),
            &is_undone,
        ));
        let said = match &sent {
            Ok(Sent::Taken) => String::new(),
            Ok(Sent::Refused(what, _) | Sent::Unknown(what)) | Err(what) => what.clone(),
        };
        match after {
            Ok(after) if is_undone(&after) => Ended {
                state: UNDONE,
                after: Some(after),
                detail: if is_ours {
                    said
                } else {
                    "it had been changed by somebody else since".to_owned()
                },
                requests,
            },
            // It stands as it was done, or neither so nor so: it can be tried again.
            Ok(after) => Ended {
                state: UNKNOWN,
                after: Some(after),
                detail: format!("taking it back failed: {said}"),
                requests,
            },
            Err(no) => Ended {
                state: UNKNOWN,
                after: None,
                detail: format!(
                    "taking it back was sent and cannot be read back: {}",
                    no.what
                ),
                requests,
            },
        }
    }
}
