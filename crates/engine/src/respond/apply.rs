//! Carrying a plan out: that plan and no other, each step read back.

use super::hands::{Hands, Sent};
use super::wire::{self, WireAct, WireObject, WirePlan, WireRequest};
use super::{
    ALREADY, Actor, ApplyRequest, DONE, ExecutionReport, FAILED, Reach, RespondWatch, UNKNOWN,
    WAITING, may_change, named, not_the_victim, step_report, subject,
};
use crate::clock;
use crate::error::EngineError;
use crate::store::Store;
use casework::respond::{self as planning, Action, Plan, Retry, State, Step};
use ledger::{Execution, ExecutionStep};
use model::Secret;
use std::collections::BTreeMap;
use std::error::Error;

/// How long an account belongs to one execution before another may take it.
const HELD_SECONDS: i64 = 900;

/// How long ago a plan may have been made; what was read then is too old to decide by.
const OLD_SECONDS: i64 = 24 * 3600;

/// One execution under way.
pub(super) struct Going<'a> {
    pub(super) store: &'a mut Store,
    pub(super) hands: &'a Hands,
    pub(super) plan: &'a Plan,
    pub(super) hash: &'a str,
    pub(super) execution: Execution,
    pub(super) actor: &'a Actor,
}

/// How a step ended.
pub(super) struct Ended {
    pub(super) state: &'static str,
    pub(super) after: Option<State>,
    pub(super) detail: String,
    pub(super) requests: Vec<WireRequest>,
}

impl Store {
    /// Applies a plan; one that was applied before is not applied again, and one that was cut off
    /// goes on where it was.
    pub fn respond_apply(
        &mut self,
        request: &ApplyRequest,
        actor: &Actor,
        reach: &Reach,
        watch: &mut dyn RespondWatch,
    ) -> Result<ExecutionReport, EngineError> {
        let (plan, wire) = self.approved_plan(request)?;
        let (config, tenant) = self.onboarded(&wire.tenant)?;
        may_change(&config)?;
        not_the_victim(&plan, actor)?;
        self.second_approver(&plan, &wire, actor)?;
        if plan.ticked().next().is_none() {
            return Err(EngineError::NotApproved {
                what: "the plan has no step that is ticked".to_owned(),
            });
        }
        let hands = Hands::new(
            subject::opened(&tenant)?,
            reach.roots.as_deref(),
            reach.limits.clone(),
        )?;
        let known = self.ledger.execution_of(&wire.hash)?;
        if let Some(known) = known.as_ref().filter(|one| one.ended.is_some()) {
            let mut report = self.reported(known)?;
            // What was taken back may be done again, where everything stands as the plan says.
            if report.is_whole() && !report.is_taken_back() {
                report.was_done = true;
                return Ok(report);
            }
        }
        self.hold(&plan, &wire.hash)?;
        let done = self.carry_out((&plan, &wire), known.as_ref(), &hands, actor, watch);
        self.ledger.release_object(&held_name(&plan), &wire.hash)?;
        done
    }

    fn carry_out(
        &mut self,
        (plan, wire): (&Plan, &WirePlan),
        begun: Option<&Execution>,
        hands: &Hands,
        actor: &Actor,
        watch: &mut dyn RespondWatch,
    ) -> Result<ExecutionReport, EngineError> {
        match begun {
            None => {
                is_fresh(plan)?;
                self.unchanged(plan, hands)?;
                // A plan that came as a file may never have been kept here.
                self.keep_plan(wire, actor)?;
            }
            Some(begun) if self.reported(begun)?.is_taken_back() => {
                self.unchanged(plan, hands)?;
            }
            Some(_) => {}
        }
        let (execution, opened) = self.ledger.open_execution(&Execution {
            id: format!("X-{}", &wire.hash[..12]),
            plan: wire.hash.clone(),
            tenant: wire.tenant.clone(),
            user: wire.user.clone(),
            by: actor.name.clone(),
            began: clock::now(),
            ended: None,
        })?;
        self.ledger.end_execution(&execution.id, None)?;
        let mut going = Going {
            store: self,
            hands,
            plan,
            hash: &wire.hash,
            execution,
            actor,
        };
        going.note(if opened { "began" } else { "resumed" }, None, None)?;
        let mut passwords = Vec::new();
        let done = going.until_the_end(watch, &mut passwords);
        let execution = going.execution.clone();
        let mut report = match (done, self.reported(&execution)) {
            (Ok(interrupted), Ok(report)) => ExecutionReport {
                interrupted,
                ..report
            },
            // Nothing is kept of a password: whoever waits for it gets it, whatever else fails.
            (Err(error), report) if !passwords.is_empty() => ExecutionReport {
                cut_off: Some(told(&error)),
                ..report.unwrap_or_default()
            },
            (Ok(_), Err(error)) if !passwords.is_empty() => ExecutionReport {
                cut_off: Some(told(&error)),
                ..ExecutionReport::default()
            },
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        report.passwords = passwords;
        Ok(report)
    }

    /// Refuses a plan that needs a second person and has none.
    fn second_approver(
        &self,
        plan: &Plan,
        wire: &WirePlan,
        actor: &Actor,
    ) -> Result<(), EngineError> {
        if plan.second_approver.is_empty() {
            return Ok(());
        }
        let others = self.approvals(&wire.hash)?;
        if others
            .iter()
            .any(|name| !name.eq_ignore_ascii_case(&actor.name))
        {
            return Ok(());
        }
        Err(EngineError::NotApproved {
            what: format!(
                "a second person has to approve it ({}): `breachscope respond approve {} --hash {}`",
                plan.second_approver.join("; "),
                &wire.hash[..12],
                wire.hash
            ),
        })
    }

    /// Refuses where anything that would be changed is not as the plan says.
    fn unchanged(&self, plan: &Plan, hands: &Hands) -> Result<(), EngineError> {
        let mut changed = Vec::new();
        for step in plan.ticked() {
            let Some(action) = planning::action(step.action) else {
                continue;
            };
            let now = self.runtime.block_on(hands.look(action, &step.object));
            match now {
                Ok(now) if now == step.before => {}
                Ok(now) => changed.push(format!(
                    "step {}, {}: it was {} and is {}",
                    step.number,
                    named(&step.object),
                    model::shown::shown(&step.before.to_string()),
                    model::shown::shown(&now.to_string())
                )),
                Err(no) => {
                    return Err(EngineError::Unread {
                        what: format!("step {}, {}: {}", step.number, named(&step.object), no.what),
                        access: no.access,
                    });
                }
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        Err(EngineError::PlanChanged {
            what: format!(
                "the state changed since the plan was made: {}",
                changed.join("; ")
            ),
        })
    }

    /// Takes the account: two who change it at once would read each other's half.
    pub(super) fn hold(&mut self, plan: &Plan, holder: &str) -> Result<(), EngineError> {
        let now = clock::now();
        let name = held_name(plan);
        let until = now.plus_seconds(HELD_SECONDS);
        match self.ledger.take_object(&name, holder, (now, until))? {
            None => Ok(()),
            Some(other) => Err(EngineError::Held {
                object: plan.subject.user.clone(),
                holder: format!("plan {}", &other[..other.len().min(12)]),
            }),
        }
    }
}

pub(super) fn held_name(plan: &Plan) -> String {
    format!("{}/{}", plan.subject.tenant, plan.subject.user)
}

fn is_fresh(plan: &Plan) -> Result<(), EngineError> {
    let age = (clock::now().0 - plan.made_at.0) / 1_000_000;
    if age <= OLD_SECONDS {
        return Ok(());
    }
    Err(EngineError::PlanChanged {
        what: format!("the plan was made at {} and counts for a day", plan.made_at),
    })
}

impl Going<'_> {
    /// Does what is to be done and writes down how far it came; returns whether it was stopped.
    fn until_the_end(
        &mut self,
        watch: &mut dyn RespondWatch,
        passwords: &mut Vec<(String, Secret)>,
    ) -> Result<bool, EngineError> {
        let interrupted = self.steps(watch, passwords)?;
        self.note(if interrupted { "stopped" } else { "ended" }, None, None)?;
        let ended = (!interrupted).then(clock::now);
        self.store.ledger.end_execution(&self.execution.id, ended)?;
        Ok(interrupted)
    }

    /// Does what is to be done; returns whether it was stopped before the end.
    fn steps(
        &mut self,
        watch: &mut dyn RespondWatch,
        passwords: &mut Vec<(String, Secret)>,
    ) -> Result<bool, EngineError> {
        let known: BTreeMap<u32, ExecutionStep> = self
            .store
            .ledger
            .steps(&self.execution.id)?
            .into_iter()
            .map(|step| (step.step, step))
            .collect();
        let mut later: Vec<u32> = Vec::new();
        let mut turns: Vec<(u32, bool)> = planning::order(self.plan)
            .into_iter()
            .map(|number| (number, false))
            .collect();
        let mut at = 0;
        while at < turns.len() {
            let (number, again) = turns[at];
            at += 1;
            let Some(step) = self.plan.step(number) else {
                continue;
            };
            let done = known
                .get(&number)
                .is_some_and(|kept| matches!(kept.state.as_str(), DONE | ALREADY));
            if done && !again {
                continue;
            }
            if watch.stopped() {
                return Ok(true);
            }
            watch.begins(number, wire::title(step.action), &named(&step.object));
            let was_begun = known.contains_key(&number) || again;
            let (ended, retry) = self.step(step, was_begun, passwords)?;
            let kept = self.keep(step, &ended)?;
            watch.ends(&step_report(step, Some(&kept)));
            // What is refused for others of its stage is tried once more behind all.
            if retry == Retry::AfterOthers && !again {
                later.push(number);
            }
            if at == turns.len() {
                turns.extend(later.drain(..).map(|number| (number, true)));
            }
        }
        Ok(false)
    }

    /// Does one step.
    fn step(
        &mut self,
        step: &Step,
        was_begun: bool,
        passwords: &mut Vec<(String, Secret)>,
    ) -> Result<(Ended, Retry), EngineError> {
        let Some(action) = planning::action(step.action) else {
            let what = format!("there is no action {}", step.action);
            return Ok((failed(what, None, Vec::new()), Retry::No));
        };
        let hands = self.hands;
        let runtime = &self.store.runtime;
        // An acknowledgement that was lost, of this run or of one before, is found by looking.
        let now = match runtime.block_on(hands.look(action, &step.object)) {
            Ok(now) => now,
            Err(no) => return Ok((failed(no.what, None, Vec::new()), Retry::Later)),
        };
        if action.is_done(&step.object, &step.before, &now) && !action.needs_secret() {
            let state = if was_begun { DONE } else { ALREADY };
            return Ok((ended(state, now, String::new(), Vec::new()), Retry::No));
        }
        if now != step.before && !was_begun {
            let what = format!("it changed meanwhile: it is {now}");
            return Ok((failed(what, Some(now), Vec::new()), Retry::No));
        }
        // Written before it is sent: whoever goes on knows that it may have been made.
        self.begin(step)?;
        let secret = made(action)?;
        let mut requests = Vec::new();
        let runtime = &self.store.runtime;
        let sent = runtime.block_on(hands.carry_out(
            action,
            &step.object,
            &now,
            secret.as_ref(),
            &mut requests,
        ));
        let sent = match sent {
            Ok(sent) => sent,
            Err(what) => return Ok((failed(what, Some(now), requests), Retry::No)),
        };
        let (said, retry) = match &sent {
            Sent::Taken => (String::new(), Retry::No),
            Sent::Refused(what, retry) => (what.clone(), *retry),
            Sent::Unknown(what) => (what.clone(), Retry::Later),
        };
        let is_done = |after: &State| action.is_done(&step.object, &step.before, after);
        let refused = matches!(sent, Sent::Refused(..));
        let after = if refused {
            runtime.block_on(hands.look(action, &step.object))
        } else {
            runtime.block_on(hands.look_until(action, &step.object, None, &is_done))
        };
        let ended = match after {
            Ok(after) if is_done(&after) => ended(DONE, after, said, requests),
            Ok(after) if refused => failed(said, Some(after), requests),
            Ok(after) => {
                let what = if said.is_empty() {
                    "it was taken, and reads back as it was".to_owned()
                } else {
                    format!("{said}; read back, it is not done")
                };
                failed(what, Some(after), requests)
            }
            Err(no) => Ended {
                state: UNKNOWN,
                after: None,
                detail: format!("it was sent and cannot be read back: {}", no.what),
                requests,
            },
        };
        // What may have been set is handed over, whatever is read back: nobody could ask for it again.
        if let Some(secret) = secret.filter(|_| !refused) {
            let doubt = if ended.state == DONE {
                ""
            } else {
                " (it is not sure that it was set)"
            };
            passwords.push((format!("{}{doubt}", step.object.user), secret));
        }
        let retry = if ended.state == DONE {
            Retry::No
        } else {
            retry
        };
        Ok((ended, retry))
    }

    fn begin(&self, step: &Step) -> Result<(), EngineError> {
        Ok(self.store.ledger.keep_step(
            &self.execution.id,
            &ExecutionStep {
                step: step.number,
                state: WAITING.to_owned(),
                before: step.before.to_string(),
                after: String::new(),
                detail: "it is being sent".to_owned(),
                at: clock::now(),
            },
        )?)
    }

    /// Writes down how a step ended: into the record of acts first, then where the execution stands.
    pub(super) fn keep(
        &mut self,
        step: &Step,
        ended: &Ended,
    ) -> Result<ExecutionStep, EngineError> {
        self.note("step", Some(step), Some(ended))?;
        let kept = ExecutionStep {
            step: step.number,
            state: ended.state.to_owned(),
            before: step.before.to_string(),
            after: ended
                .after
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            detail: ended.detail.clone(),
            at: clock::now(),
        };
        self.store.ledger.keep_step(&self.execution.id, &kept)?;
        Ok(kept)
    }

    /// Adds to the record of acts.
    pub(super) fn note(
        &mut self,
        act: &str,
        step: Option<&Step>,
        ended: Option<&Ended>,
    ) -> Result<(), EngineError> {
        let object = step.map(|step| WireObject {
            kind: step.object.kind.name().to_owned(),
            user: step.object.user.clone(),
            id: step.object.id.clone(),
            name: step.object.name.clone(),
            extra: step.object.extra.clone(),
        });
        let entry = WireAct {
            act,
            by: &self.actor.name,
            known_by: &self.actor.known_by,
            plan: self.hash,
            execution: &self.execution.id,
            step: step.map(|step| step.number),
            action: step.map_or("", |step| step.action),
            object: object.as_ref(),
            before: step.map(|step| wire::values(&step.before)),
            after: ended
                .and_then(|ended| ended.after.as_ref())
                .map(wire::values),
            requests: ended.map_or(&[], |ended| &ended.requests),
            result: ended.map_or("", |ended| ended.state),
            what: ended.map_or("", |ended| &ended.detail),
        };
        let tenant = self.plan.subject.tenant.clone();
        self.store.note_act(&tenant, &entry)?;
        Ok(())
    }
}

/// What it is, and why.
fn told(error: &EngineError) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let words: Vec<String> = std::iter::once(error.to_string())
        .chain(causes.map(ToString::to_string))
        .collect();
    words.join(": ")
}

/// Makes a secret for an action that needs one.
fn made(action: &dyn Action) -> Result<Option<Secret>, EngineError> {
    if !action.needs_secret() {
        return Ok(None);
    }
    let mut entropy = [0; planning::PASSWORD_ENTROPY];
    getrandom::fill(&mut entropy)
        .map_err(|error| EngineError::Spool(std::io::Error::other(error)))?;
    Ok(Some(planning::made_password(&entropy)))
}

fn ended(state: &'static str, after: State, detail: String, requests: Vec<WireRequest>) -> Ended {
    Ended {
        state,
        after: Some(after),
        detail,
        requests,
    }
}

pub(super) fn failed(detail: String, after: Option<State>, requests: Vec<WireRequest>) -> Ended {
    Ended {
        state: FAILED,
        after,
        detail,
        requests,
    }
}
