//! What Graph switches on and off with `accountEnabled`: a device, an application.

use crate::respond::action::About;
use crate::respond::graph::{change, field, get, one};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, part};
use model::{Ask, Change, Json, Reply, Verb};

const FIELD: &str = "accountEnabled";

/// What is switched.
pub(super) struct Switch {
    /// The collection in Graph, which is also how its own id is named there.
    pub(super) collection: &'static str,
    /// What is asked for.
    pub(super) select: &'static str,
    /// What it is called.
    pub(super) name: &'static str,
}

impl Switch {
    /// Asks whether it is on.
    pub(super) fn look(&self, object: &Object) -> Vec<Ask> {
        let path = self.path(object);
        vec![get(format!("{path}?$select={}", self.select))]
    }

    /// Reads whether it is on. Left out of the answer it is not known, not off.
    pub(super) fn seen(
        &self,
        about: &About,
        object: &Object,
        replies: &[Reply],
    ) -> Result<State, String> {
        let asked = format!("the {} {}", self.name, object.id);
        let read = one(about, &asked, replies.first(), |found| {
            match field(found, FIELD) {
                enabled @ Json::Bool(_) => Ok(State::default().with(FIELD, enabled)),
                _ => Err(format!("graph told of {asked} without {FIELD}")),
            }
        });
        Ok(read?.unwrap_or_default())
    }

    /// Switches it off.
    pub(super) fn off(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err(format!("the {} is not there any more", self.name));
        }
        Ok(vec![self.set(object, false)])
    }

    /// Switches it to what it was.
    pub(super) fn back(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth(FIELD) {
            Some(enabled) => Ok(vec![self.set(object, enabled)]),
            None => Err(format!("the {} was not there", self.name)),
        }
    }

    fn path(&self, object: &Object) -> String {
        format!("/v1.0/{}/{}", self.collection, part(&object.id))
    }

    fn set(&self, object: &Object, enabled: bool) -> Change {
        let body = json(&[(FIELD, Json::Bool(enabled))]);
        change(Verb::Patch, self.path(object), Some(body))
    }
}

/// Returns how it stands when it is off; what is gone stays gone.
pub(super) fn wanted(before: &State) -> State {
    if before.is_gone() {
        return State::gone();
    }
    State::default().with_truth(FIELD, false)
}
