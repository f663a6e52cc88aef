//! Which ids belong to one application, as far as the records have shown.

use super::subject::Subject;
use crate::words::Word;
use std::collections::BTreeMap;

/// How many ids are remembered; more do not occur outside of an attack on this very memory.
const KEPT: usize = 20_000;

/// The ids of applications: any of them leads to the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    one: BTreeMap<(Word, String), String>,
    /// The application's own id and its name, by the id that stands for it.
    words: BTreeMap<(Word, String), (String, String)>,
}

impl Known {
    /// Learns which ids a record names together.
    pub(super) fn learn(&mut self, tenant: Word, subject: &Subject) {
        let ids: Vec<&String> = [&subject.app, &subject.registration, &subject.principal]
            .into_iter()
            .filter(|id| !id.is_empty())
            .collect();
        if ids.len() < 2 || self.one.len() >= KEPT {
            return;
        }
        let known = ids
            .iter()
            .find_map(|id| self.one.get(&(tenant, (*id).clone())));
        let name = known.unwrap_or(ids[0]).clone();
        let words = self.words.entry((tenant, name.clone())).or_default();
        for (word, own) in [(&mut words.0, &subject.app), (&mut words.1, &subject.name)] {
            if word.is_empty() {
                own.clone_into(word);
            }
        }
        for id in ids {
            self.one
                .entry((tenant, id.clone()))
                .or_insert_with(|| name.clone());
        }
    }

    /// Returns the one id that stands for an application.
    pub(super) fn one(&self, tenant: Word, id: &str) -> String {
        let id = id.to_lowercase();
        self.one.get(&(tenant, id.clone())).cloned().unwrap_or(id)
    }

    /// Adds to what a record names of an application what others have told of it.
    pub(super) fn complete(&self, tenant: Word, subject: &mut Subject) {
        let one = self.one(tenant, subject.key());
        let Some((app, name)) = self.words.get(&(tenant, one)) else {
            return;
        };
        for (own, word) in [(&mut subject.app, app), (&mut subject.name, name)] {
            if own.is_empty() {
                word.clone_into(own);
            }
        }
    }
}
