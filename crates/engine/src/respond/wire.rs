//! Plans and acts as they are written: to the operator, and into the ledger.
//!
//! The names are a contract with whoever reads them; a new one may be added at the end.

use casework::respond::{
    Missing, Object, ObjectKind, Plan, Scope, State, Step, Subject, action, plan::Because,
};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which form [`WirePlan`] has.
const VERSION: u32 = 1;

/// A plan, whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WirePlan {
    version: u32,
    /// Its hash, by which it is approved.
    pub hash: String,
    /// The incident or case.
    pub case: String,
    /// The tenant.
    pub tenant: String,
    /// Whose account it secures; empty for one of the tenant.
    pub user: String,
    /// `user` or `tenant`.
    pub scope: String,
    /// When it was made.
    pub made_at: String,
    /// What is done, in this order.
    pub steps: Vec<WireStep>,
    /// What stays, and why.
    pub kept: Vec<WireMissing>,
    /// What the records show and is gone.
    pub gone: Vec<WireMissing>,
    /// What could not be read.
    pub unknown: Vec<WireMissing>,
    /// What this program does not do.
    pub refused: Vec<WireMissing>,
    /// Why a second person has to approve; empty where one is enough.
    pub second_approver: Vec<String>,
    /// The SHA-256 of the answers that the plan was made from, in the raw store.
    pub snapshot: String,
}

/// One step of a plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WireStep {
    /// Its number.
    pub step: u32,
    /// Whether it is to be done.
    pub ticked: bool,
    /// The action.
    pub action: String,
    /// What that is called.
    pub title: String,
    /// What it is done to.
    pub object: WireObject,
    /// How that stands.
    pub before: BTreeMap<String, serde_json::Value>,
    /// How it is to stand.
    pub after: BTreeMap<String, serde_json::Value>,
    /// Why.
    pub why: Vec<WireBecause>,
    /// Whether the object is surely the one that the records mean.
    pub sure: bool,
    /// `yes`, `partly` or `no`.
    pub reversible: String,
    /// What is lost, or why it cannot be taken back.
    pub lost: String,
    /// What the person will notice.
    pub notices: String,
    /// What a person types to do it by hand.
    pub manual: String,
    /// What is to be known before it is approved.
    pub caution: String,
}

/// What a step is done to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WireObject {
    /// What it is.
    pub kind: String,
    /// Whose.
    pub user: String,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What else its action needs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// What a record shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WireBecause {
    /// The record.
    pub record: String,
    /// What it shows.
    pub shows: String,
}

/// Something that is not done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WireMissing {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// Why a plan that was kept cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadPlan {
    /// It is no plan.
    #[error("it is no plan of this program: {0}")]
    NoPlan(#[from] serde_json::Error),
    /// It is of another version.
    #[error("it is of version {0}, which this program does not know: make the plan again")]
    Version(u32),
    /// It names something that there is not.
    #[error("it names the {what} `{name}`, which there is not")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Its hash is another.
    #[error("its content has the hash {0}: it was changed")]
    Changed(String),
}

/// Returns a plan as it is written.
pub(super) fn written(plan: &Plan, snapshot: &str) -> WirePlan {
    let subject = &plan.subject;
    WirePlan {
        version: VERSION,
        hash: plan.hash(),
        case: subject.case.clone(),
        tenant: subject.tenant.clone(),
        user: subject.user.clone(),
        scope: subject.scope.name().to_owned(),
        made_at: plan.made_at.to_string(),
        steps: plan.steps.iter().map(step).collect(),
        kept: missing(&plan.kept),
        gone: missing(&plan.gone),
        unknown: missing(&plan.unknown),
        refused: missing(&plan.refused),
        second_approver: plan.second_approver.clone(),
        snapshot: snapshot.to_owned(),
    }
}

fn missing(list: &[Missing]) -> Vec<WireMissing> {
    let one = |one: &Missing| WireMissing {
        what: one.what.clone(),
        why: one.why.clone(),
    };
    list.iter().map(one).collect()
}

fn step(step: &Step) -> WireStep {
    let object = &step.object;
    WireStep {
        step: step.number,
        ticked: step.ticked,
        action: step.action.to_owned(),
        title: title(step.action).to_owned(),
        object: WireObject {
            kind: object.kind.name().to_owned(),
            user: object.user.clone(),
            id: object.id.clone(),
            name: object.name.clone(),
            extra: object.extra.clone(),
        },
        before: values(&step.before),
        after: values(&step.wanted),
        why: step
            .because
            .iter()
            .map(|because| WireBecause {
                record: because.record.clone(),
                shows: because.sentence.clone(),
            })
            .collect(),
        sure: step.sure,
        reversible: step.reversible.name().to_owned(),
        lost: step.reversible.why().to_owned(),
        notices: step.notices.to_owned(),
        manual: step.manual.clone(),
        caution: step.caution.clone(),
    }
}

/// Returns what an action is called.
pub(crate) fn title(id: &str) -> &'static str {
    action(id).map_or("", |action| action.about().title)
}

/// Returns a state as JSON.
pub(super) fn values(state: &State) -> BTreeMap<String, serde_json::Value> {
    let value = |text: &String| {
        serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.clone()))
    };
    state
        .0
        .iter()
        .map(|(field, text)| (field.clone(), value(text)))
        .collect()
}

/// Reads a plan, and checks that it is what its hash says.
pub(super) fn read(text: &str) -> Result<(Plan, WirePlan), BadPlan> {
    let wire: WirePlan = serde_json::from_str(text)?;
    if wire.version != VERSION {
        return Err(BadPlan::Version(wire.version));
    }
    let unknown = |what, name: &str| BadPlan::Unknown {
        what,
        name: name.to_owned(),
    };
    let scope = Scope::of_name(&wire.scope).ok_or_else(|| unknown("scope", &wire.scope))?;
    let mut steps = Vec::with_capacity(wire.steps.len());
    for one in &wire.steps {
        let found = action(&one.action).ok_or_else(|| unknown("action", &one.action))?;
        let kind = &one.object.kind;
        let about = found.about();
        steps.push(Step {
            number: one.step,
            action: about.id,
            object: Object {
                tenant: wire.tenant.clone(),
                kind: ObjectKind::of_name(kind).ok_or_else(|| unknown("kind", kind))?,
                user: one.object.user.clone(),
                id: one.object.id.clone(),
                name: one.object.name.clone(),
                extra: one.object.extra.clone(),
            },
            before: state(&one.before),
            wanted: state(&one.after),
            because: one
                .why
                .iter()
                .map(|why| Because {
                    record: why.record.clone(),
                    sentence: why.shows.clone(),
                })
                .collect(),
            sure: one.sure,
            ticked: one.ticked,
            reversible: about.reversible,
            notices: about.notices,
            manual: one.manual.clone(),
            caution: one.caution.clone(),
        });
    }
    let list = |list: &[WireMissing]| -> Vec<Missing> {
        let one = |one: &WireMissing| Missing {
            what: one.what.clone(),
            why: one.why.clone(),
        };
        list.iter().map(one).collect()
    };
    let plan = Plan {
        subject: Subject {
            case: wire.case.clone(),
            tenant: wire.tenant.clone(),
            user: wire.user.clone(),
            scope,
        },
        made_at: normalise::read_time(&wire.made_at).unwrap_or(Timestamp(0)),
        steps,
        kept: list(&wire.kept),
        gone: list(&wire.gone),
        unknown: list(&wire.unknown),
        refused: list(&wire.refused),
        second_approver: wire.second_approver.clone(),
    };
    let hash = plan.hash();
    if hash != wire.hash {
        return Err(BadPlan::Changed(hash));
    }
    Ok((plan, wire))
}

/// Returns the state that was written.
pub(super) fn state(values: &BTreeMap<String, serde_json::Value>) -> State {
    let text = |value: &serde_json::Value| {
        let mut out = String::new();
        let written = value.to_string();
        // One spelling of JSON in the house: what is compared with it was written by the other hand.
        match model::json::parse(&written) {
            Ok(parsed) => parsed.value.write(&mut out),
            Err(_) => out = written,
        }
        out
    };
    State(
        values
            .iter()
            .map(|(field, value)| (field.clone(), text(value)))
            .collect(),
    )
}

/// One entry of the record of acts.
#[derive(Debug, Default, Serialize)]
pub(super) struct WireAct<'a> {
    /// `planned`, `approved`, `began`, `step`, `undone`, `ended`, `refused`.
    pub(super) act: &'a str,
    /// Who did it.
    pub(super) by: &'a str,
    /// How that is known: `command line`, or how they signed in.
    pub(super) known_by: &'a str,
    pub(super) plan: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) execution: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) object: Option<&'a WireObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<BTreeMap<String, serde_json::Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<BTreeMap<String, serde_json::Value>>,
    #[serde(skip_serializing_if = "<[WireRequest]>::is_empty")]
    pub(super) requests: &'a [WireRequest],
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) result: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) what: &'a str,
}

/// One request that was sent to change something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WireRequest {
    /// The service.
    pub service: String,
    /// The method and the path.
    pub request: String,
    /// The status of the answer; 0 where none came.
    pub status: u16,
    /// What the service calls it.
    pub request_id: String,
    /// What was said, where it was not taken.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}
