//! The digest by which a plan is approved.

use super::Plan;
use crate::respond::object::Object;
use crate::respond::state::State;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The form of the text that is hashed; another form is another number.
const FORM: &str = "plan 2";

/// Returns the digest of a plan, lower-case hexadecimal.
pub(super) fn of(plan: &Plan) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        // The length before each text: no two lists of texts are one run of letters.
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    };
    let subject = &plan.subject;
    add(FORM);
    add(&subject.tenant);
    add(&subject.case);
    add(&subject.user);
    add(subject.scope.name());
    for step in plan.ticked() {
        add("step");
        add(step.action);
        object(&step.object, &mut add);
        state(&step.before, &mut add);
        state(&step.wanted, &mut add);
    }
    // A plan that one person may carry out is not the one that needs two.
    for why in &plan.second_approver {
        add("second");
        add(why);
    }
    let mut out = String::with_capacity(64);
    for byte in digest.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn object(object: &Object, add: &mut impl FnMut(&str)) {
    add(&object.tenant);
    add(object.kind.name());
    add(&object.user);
    add(&object.id);
    add(&object.name);
    add(&object.extra.len().to_string());
    for (key, value) in &object.extra {
        add(key);
        add(value);
    }
}

fn state(state: &State, add: &mut impl FnMut(&str)) {
    add(&state.0.len().to_string());
    for (field, value) in &state.0 {
        add(field);
        add(value);
    }
}
