//! Where in the scene a token shows: in which strands, and through them in which contexts.
//!
//! A token lives for an hour, and some clients ask for one a record: it names records and no
//! context, so its places are kept as numbers.

use super::{Draft, Part, Scene};
use crate::attribution::names::Name;
use crate::attribution::strand::Sample;
use std::collections::{BTreeMap, BTreeSet};

/// The strands of every token.
#[derive(Debug, Default)]
pub(in crate::attribution) struct Tokens {
    /// Token and strand, for finding and for nothing else: both follow the order of arrival.
    strands: Vec<(Name, u32)>,
    /// The context of each strand.
    contexts: Vec<Option<u32>>,
    /// Tokens that deeds carry.
    of_acts: BTreeSet<Name>,
}

impl Tokens {
    /// Returns the strands with a token, those of other mailboxes too.
    fn strands(&self, token: Name) -> impl Iterator<Item = u32> {
        let from = self.strands.partition_point(|(known, _)| *known < token);
        let rest = self.strands[from..].iter();
        rest.take_while(move |(known, _)| *known == token)
            .map(|(_, strand)| *strand)
    }

    fn context(&self, strand: u32) -> Option<usize> {
        let context = self.contexts.get(strand as usize).copied().flatten();
        context.map(|at| at as usize)
    }
}

impl Scene<'_> {
    /// Finds the places of the tokens, once the contexts are there.
    pub(super) fn set_tokens(&mut self) {
        let mut tokens = Tokens {
            contexts: vec![None; self.strands.len()],
            ..Tokens::default()
        };
        for (at, draft) in self.drafts.iter().enumerate() {
            for part in &draft.heard {
                tokens.contexts[part.strand as usize] = Some(at as u32);
            }
        }
        let strands = self.strands.iter().enumerate();
        tokens.strands = strands
            .filter(|(_, strand)| strand.way.token != Name::default())
            .map(|(at, strand)| (strand.way.token, at as u32))
            .collect();
        tokens.strands.sort_unstable();
        let carried = self.acts.iter().map(|act| self.names.known(&act.token));
        tokens.of_acts = carried.flatten().collect();
        self.tokens = tokens;
    }

    /// Returns the strands of the case that carry a token, with the context of each, by context.
    pub(in crate::attribution) fn carriers(&self, token: &str) -> BTreeSet<(usize, u32)> {
        let known = self.names.known(token).into_iter();
        let strands = known.flat_map(|token| self.tokens.strands(token));
        strands
            .filter_map(|strand| Some((self.tokens.context(strand)?, strand)))
            .collect()
    }

    /// Returns the contexts in which a token shows, each with the first records that carry it.
    pub(in crate::attribution) fn contexts_with(&self, token: &str) -> BTreeMap<usize, Sample> {
        let mut found: BTreeMap<usize, Sample> = BTreeMap::new();
        for (at, strand) in self.carriers(token) {
            let sample = &self.strands[strand as usize].sample;
            found.entry(at).or_default().merge(sample);
        }
        found
    }

    /// Returns the tokens of a context that show anywhere else: in another context or mailbox,
    /// at a sign-in, with a deed. The rest, which may be a million, lead nowhere.
    pub(in crate::attribution) fn tokens_beyond(&self, at: usize) -> BTreeSet<&str> {
        let mut names: Vec<Name> = self.drafts[at]
            .heard
            .iter()
            .map(|p| self.token(p))
            .collect();
        names.sort_unstable();
        names.dedup();
        let is_beyond = |token: &Name| {
            let mut strands = self.tokens.strands(*token);
            strands.any(|strand| self.tokens.context(strand) != Some(at))
                || self.tokens.of_acts.contains(token)
                || !self.issues_of(self.names.text(*token)).is_empty()
        };
        let beyond = names.into_iter().filter(is_beyond);
        let texts = beyond.map(|token| self.names.text(token));
        texts.filter(|token| !token.is_empty()).collect()
    }

    /// Returns the tokens that the contexts show, without order or repeats.
    pub(super) fn tokens_shown(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<Name> = self.strands_shown().map(|way| way.token).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|token| self.names.text(token))
    }

    /// Returns the token that all of some records share; empty where they do not.
    pub(in crate::attribution) fn shared_token(&self, records: &[Part]) -> &str {
        let mut tokens = records.iter().map(|part| self.token(part));
        let first = tokens.next().unwrap_or_default();
        let is_shared = tokens.all(|token| token == first);
        if is_shared {
            self.names.text(first)
        } else {
            ""
        }
    }

    /// Returns the first of some records of a context, as far as they are remembered.
    pub(in crate::attribution) fn sample_of(&self, draft: &Draft) -> Sample {
        let records: BTreeSet<u64> = draft.heard.iter().map(|part| part.record).collect();
        let strands: BTreeSet<u32> = draft.heard.iter().map(|part| part.strand).collect();
        let mut sample = draft.sample.clone();
        sample.keep(&records);
        for strand in strands {
            let mut known = self.strands[strand as usize].sample.clone();
            known.keep(&records);
            sample.merge(&known);
        }
        sample
    }

    fn token(&self, part: &Part) -> Name {
        let strand = self.strands.get(part.strand as usize);
        strand.map(|strand| strand.way.token).unwrap_or_default()
    }

    fn strands_shown(&self) -> impl Iterator<Item = &crate::attribution::strand::Way> {
        let places = self.tokens.contexts.iter().zip(&self.strands);
        places
            .filter(|(context, _)| context.is_some())
            .map(|(_, strand)| &strand.way)
    }
}
