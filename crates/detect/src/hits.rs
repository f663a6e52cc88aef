//! Everything that was raised, kept as small as findings need it.
//!
//! What is raised over and over about one subject is one finding, and a finding says why once and
//! shows a number of proofs. So only the hits that can decide these keep their words; the others
//! point to the words of one that did. Memory follows what is found, not how often.

use crate::fact::{Fact, Moment};
use crate::group::{SHOWN_PROOFS, is_one_run};
use crate::hit::Hit;
use crate::words::Word;
use crate::world::{HOUR, seconds_between};
use foldhash::quality::RandomState;
use indexmap::{Equivalent, IndexMap};
use model::{Proof, Severity};
use std::rc::Rc;

/// What hits are about that may be one finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Subject {
    pub(crate) tenant: Word,
    pub(crate) detection: Box<str>,
    pub(crate) user: Box<str>,
    pub(crate) key: Box<str>,
}

/// A subject, borrowed from a hit; hashed as [`Subject`] is.
#[derive(Hash)]
struct Asked<'h> {
    tenant: Word,
    detection: &'h str,
    user: &'h str,
    key: &'h str,
}

impl Equivalent<Subject> for Asked<'_> {
    fn equivalent(&self, other: &Subject) -> bool {
        self.tenant == other.tenant
            && *self.user == *other.user
            && *self.key == *other.key
            && *self.detection == *other.detection
    }
}

/// What a finding says of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) moment: Moment,
    pub(crate) user: Word,
    pub(crate) address: Word,
    pub(crate) session: Word,
    pub(crate) app: Word,
}

impl Shown {
    fn of(fact: &Fact) -> Self {
        Self {
            moment: fact.moment(),
            user: fact.user,
            address: fact.address,
            session: fact.session,
            app: fact.app,
        }
    }
}

/// The words of a hit.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) why: Box<str>,
    pub(crate) silent_if: Box<str>,
    pub(crate) title: Box<str>,
    pub(crate) app: Box<str>,
    pub(crate) attack: Box<[String]>,
    pub(crate) proofs: Box<[Proof]>,
}

/// A hit, as small as findings need it.
#[derive(Debug)]
pub(crate) struct Small {
    pub(crate) fact: Shown,
    /// All records that show it, where there is another than the deciding one.
    pub(crate) others: Box<[Shown]>,
    pub(crate) more: u64,
    pub(crate) severity: Severity,
    pub(crate) said: Rc<Said>,
    /// Whether the words, and so the proofs, are this hit's own.
    pub(crate) is_own: bool,
}

/// The hits about one subject, in the order in which they were raised.
#[derive(Debug, Default)]
pub(crate) struct Series {
    pub(crate) hits: Vec<Small>,
    /// Where the run of hits began that the last one belongs to.
    from: usize,
    /// The gravest of that run.
    gravest: usize,
    /// The last that kept its own words.
    spoken: usize,
    /// How many records of that run have shown proofs.
    proven: usize,
}

/// Everything that was raised.
#[derive(Debug, Default)]
pub struct Hits {
    series: IndexMap<Subject, Series, RandomState>,
}

impl Hits {
    /// Keeps a hit.
    pub(crate) fn push(&mut self, hit: Hit) {
        let asked = Asked {
            tenant: hit.fact.tenant,
            detection: &hit.detection,
            user: &hit.user,
            key: &hit.key,
        };
        if let Some(series) = self.series.get_mut(&asked) {
            return series.push(hit);
        }
        let subject = Subject {
            tenant: hit.fact.tenant,
            detection: hit.detection.as_ref().into(),
            user: hit.user.as_str().into(),
            key: hit.key.as_str().into(),
        };
        self.series.entry(subject).or_default().push(hit);
    }

    /// Hands over the hits of each subject.
    pub(crate) fn into_series(self) -> impl Iterator<Item = (Subject, Series)> {
        self.series.into_iter()
    }
}

impl Series {
    fn push(&mut self, hit: Hit) {
        let fact = Shown::of(&hit.fact);
        let goes_on = self.goes_on(fact.moment);
        if !goes_on {
            (self.from, self.gravest) = (self.hits.len(), self.hits.len());
            self.proven = 0;
        }
        let repeats = goes_on && self.has_heard(&hit, fact.moment);
        let is_gravest = !goes_on || hit.severity > self.hits[self.gravest].severity;
        if is_gravest {
            self.gravest = self.hits.len();
        }
        let others: Box<[Shown]> = match hit.facts.as_slice() {
            [one] if one.moment() == fact.moment => Box::default(),
            facts => facts.iter().map(Shown::of).collect(),
        };
        let (more, severity) = (hit.more, hit.severity);
        let said = if repeats {
            Rc::clone(&self.hits[self.gravest].said)
        } else {
            self.spoken = self.hits.len();
            self.proven += usize::from(!hit.proofs.is_empty());
            Rc::new(Said::of(hit))
        };
        self.hits.push(Small {
            fact,
            others,
            more,
            severity,
            said,
            is_own: !repeats,
        });
    }

    /// Returns whether a hit comes after the last one, so close that both are one finding.
    fn goes_on(&self, now: Moment) -> bool {
        let (Some(first), Some(last)) = (self.hits.get(self.from), self.hits.last()) else {
            return false;
        };
        let (first, last) = (first.fact.moment.time, last.fact.moment.time);
        now.time >= last && is_one_run(first, last, now.time)
    }

    /// Returns whether the words of a hit could not decide what its finding says.
    fn has_heard(&self, hit: &Hit, now: Moment) -> bool {
        let (gravest, spoken) = (&self.hits[self.gravest], &self.hits[self.spoken]);
        let is_proven = self.proven >= SHOWN_PROOFS || hit.proofs.is_empty();
        is_proven
            && hit.severity <= gravest.severity
            && *hit.app == *gravest.said.app
            && self.hits.last().is_none_or(|last| last.fact.moment != now)
            // A hit that comes late may cut a long series elsewhere.
            && seconds_between(spoken.fact.moment.time, now.time) <= HOUR
    }
}

impl Said {
    fn of(hit: Hit) -> Self {
        Self {
            why: hit.why.into(),
            silent_if: hit.silent_if.into(),
            title: hit.title.into(),
            app: hit.app.into(),
            attack: hit.attack.into(),
            proofs: hit.proofs.into(),
        }
    }
}
