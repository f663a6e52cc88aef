//! What somebody was assigned in the directory: a role of a person, a permission of an application.

use crate::respond::action::About;
use crate::respond::graph::{change, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, part, text};
use model::{Change, Reply, Verb};

/// What is assigned.
pub(super) struct Assignment {
    /// What it is called.
    pub(super) name: &'static str,
    /// By which fields one is known among all; the id changes when it is made anew.
    pub(super) known_by: &'static [&'static str],
    /// Which of them are kept as the state.
    pub(super) kept: &'static [&'static str],
    /// With which fields it is made anew.
    pub(super) made_with: &'static [&'static str],
}

impl Assignment {
    /// Reads whether it is there.
    pub(super) fn seen(
        &self,
        (about, asked): (&About, &str),
        object: &Object,
        replies: &[Reply],
    ) -> Result<State, String> {
        let read = rows(about, asked, replies.first(), |all| {
            let found = all.iter().find(|one| {
                let mut names = self.known_by.iter();
                names.all(|name| is_same(&word(one, name), object.extra(name)))
            });
            Ok(found.map_or_else(State::gone, |one| {
                self.kept.iter().fold(State::default(), |state, name| {
                    state.with_text(name, &word(one, name))
                })
            }))
        });
        Ok(read?.unwrap_or_default())
    }

    /// Takes it away from the list at a path.
    pub(super) fn remove(
        &self,
        path: &str,
        object: &Object,
        before: &State,
    ) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err(format!("the {} is not there any more", self.name));
        }
        let path = format!("{path}/{}", part(&object.id));
        Ok(vec![change(Verb::Delete, path, None)])
    }

    /// Makes it anew in the list at a path.
    pub(super) fn again(&self, path: String, object: &Object, before: &State) -> Vec<Change> {
        if before.is_gone() {
            return Vec::new();
        }
        let fields = self.made_with.iter();
        let fields: Vec<_> = fields
            .map(|name| (*name, text(object.extra(name))))
            .collect();
        vec![change(Verb::Post, path, Some(json(&fields)))]
    }
}
