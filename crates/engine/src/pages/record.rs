//! The chained record of acts as the pages show it: some of it, and whether all of it holds.

use super::Looking;
use crate::error::EngineError;
use crate::pack;
use crate::respond::{WireObject, WireRequest, action_title, chain};
use ledger::{ActsOf, PlannedAct};
use model::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

pub use custody::chain::Proven;

/// One act in the words of its record.
#[derive(Clone, Debug, Default)]
pub struct ActLine {
    /// Its place, from 1.
    pub number: u64,
    /// When it was done.
    pub at: Timestamp,
    /// In which tenant.
    pub tenant: String,
    /// What was done: `planned`, `approved`, `began`, `step`, `ended`...; the body as it is, where it
    /// cannot be read.
    pub act: String,
    /// Who did it.
    pub by: String,
    /// How that is known.
    pub known_by: String,
    /// The plan.
    pub plan: String,
    /// The execution.
    pub execution: String,
    /// The step.
    pub step: Option<u32>,
    /// What the action of the step is called.
    pub title: String,
    /// What it was done to.
    pub object: Option<WireObject>,
    /// How that stood.
    pub before: BTreeMap<String, serde_json::Value>,
    /// How it was read back.
    pub after: BTreeMap<String, serde_json::Value>,
    /// What was sent.
    pub requests: Vec<WireRequest>,
    /// How it ended.
    pub result: String,
    /// What was said.
    pub what: String,
    /// Whose account the plan secures; empty for one of the whole tenant.
    pub user: String,
    /// The incident or case that the plan answers.
    pub subject: String,
    /// The digest that the next act holds.
    pub digest: String,
}

/// Whether the record holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// How many acts there are.
    pub acts: u64,
    /// The fingerprint of the key that they have to be signed with; empty where there is no key.
    pub key: String,
    /// Where it does not hold; none where it does.
    pub breaks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct ReadAct {
    act: String,
    by: String,
    known_by: String,
    plan: String,
    execution: String,
    step: Option<u32>,
    action: String,
    object: Option<WireObject>,
    before: BTreeMap<String, serde_json::Value>,
    after: BTreeMap<String, serde_json::Value>,
    requests: Vec<WireRequest>,
    result: String,
    what: String,
}

impl Looking {
    /// Returns the acts that are asked for, the newest first, and how many there are in all.
    pub fn acts(&self, asked: &ActsOf) -> Result<(Vec<ActLine>, u64), EngineError> {
        let (acts, all) = self.ledger.acts_of(asked)?;
        Ok((acts.into_iter().map(line).collect(), all))
    }

    /// Checks the whole record, every digest of it; a signature that was proven before is not proven again.
    pub fn check_acts(&self, proven: &mut Proven) -> Result<Chain, EngineError> {
        let acts = self.ledger.acts()?;
        let many = acts.len() as u64;
        let Some(key) = pack::known_key(&self.folder)? else {
            let missing = "the key that signs the record is not in the data folder".to_owned();
            return Ok(Chain {
                acts: many,
                key: String::new(),
                breaks: if acts.is_empty() {
                    Vec::new()
                } else {
                    vec![missing]
                },
            });
        };
        let key = key.public();
        Ok(Chain {
            acts: many,
            breaks: chain::breaks(&self.ledger, &key, &acts, proven)?,
            key: key.fingerprint().to_string(),
        })
    }
}

fn line(planned: PlannedAct) -> ActLine {
    let act = planned.act;
    let place = ActLine {
        number: act.number,
        at: act.at,
        tenant: act.tenant,
        user: planned.user,
        subject: planned.subject,
        digest: act.digest,
        ..ActLine::default()
    };
    let Ok(read) = serde_json::from_str::<ReadAct>(&act.body) else {
        return ActLine {
            act: "cannot be read".to_owned(),
            what: act.body,
            ..place
        };
    };
    ActLine {
        title: action_title(&read.action).to_owned(),
        act: read.act,
        by: read.by,
        known_by: read.known_by,
        plan: read.plan,
        execution: read.execution,
        step: read.step,
        object: read.object,
        before: read.before,
        after: read.after,
        requests: read.requests,
        result: read.result,
        what: read.what,
        ..place
    }
}
