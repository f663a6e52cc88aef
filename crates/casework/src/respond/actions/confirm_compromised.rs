//! Entra is told that the account was compromised, so that its own policies act.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, one};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{list, object as json, part, quoted};
use model::{Ask, Change, Json, Pace, Reply, Verb};

const ABOUT: About = About {
    id: "confirm-compromised",
    title: "Confirm compromised",
    sentence: "Tells Entra ID Protection that the account was compromised, so that policies on risk take hold.",
    permissions: &["IdentityRiskyUser.ReadWrite.All"],
    stage: Stage::Block,
    reversible: Reversible::Partly(
        "the risk is dismissed, and what raised it before is forgotten with it",
    ),
    notices: "Where a policy on user risk is on, the person is blocked or has to change the password.",
    limits: "Needs Entra ID P2; does nothing by itself where no policy looks at user risk.",
    automatic: false,
    ticked: false,
    on_request: true,
    attack: &["T1078.004"],
};

const FIELD: &str = "riskState";

/// Confirms that an account was compromised.
pub(crate) struct ConfirmCompromised;

impl Action for ConfirmCompromised {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        let path = format!("/v1.0/identityProtection/riskyUsers/{}", part(&object.id));
        let mut ask = get(path);
        ask.pace = Pace::Risk;
        vec![ask]
    }

    /// An account that was never at risk is not in the list.
    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = format!("the risk of {}", object.user);
        let read = one(&ABOUT, &asked, replies.first(), |risky| {
            match field(risky, FIELD) {
                state @ Json::String(_) => Ok(State::default().with(FIELD, state)),
                _ => Err(format!("graph told of {asked} without {FIELD}")),
            }
        });
        Ok(read?.unwrap_or_else(|| State::default().with_text(FIELD, "none")))
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        Ok(vec![post(object, "confirmCompromised")])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_text(FIELD, "confirmedCompromised")
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.word(FIELD).as_deref() == Some("atRisk") {
            let words = "the account was at risk before: dismissing would say that it is not";
            return Err(words.to_owned());
        }
        Ok(vec![post(object, "dismiss")])
    }

    fn is_undone(&self, _: &Object, _: &State, after: &State) -> bool {
        matches!(
            after.word(FIELD).as_deref(),
            Some("none" | "dismissed" | "remediated")
        )
    }

    fn manual(&self, object: &Object) -> String {
        format!(
            "Confirm-MgRiskyUserCompromised -UserIds {}",
            quoted(&object.id)
        )
    }
}

fn post(object: &Object, what: &str) -> Change {
    let body = json(&[("userIds", list([object.id.as_str()]))]);
    let path = format!("/v1.0/identityProtection/riskyUsers/{what}");
    let mut change = change(Verb::Post, path, Some(body));
    change.pace = Pace::Risk;
    change
}
