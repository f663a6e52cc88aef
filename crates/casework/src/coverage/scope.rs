//! What a gap is measured against: the window, the period of the records, and whom the case is about.

use crate::attribution::{Attribution, Context, Verdict};
use crate::brief::Brief;
use crate::interval::Interval;
use model::Timestamp;

/// The frame of a case, once everything is known.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// What is asked.
    pub(super) brief: &'a Brief,
    /// Who was there.
    pub(super) attribution: &'a Attribution,
    /// The window as found or asked; an end may be open.
    pub(super) asked: Interval,
    /// The window with open ends set to the ends of the records: what coverage is a share of.
    pub(super) measured: Interval,
    /// From the first record of the tenant to just behind the last; none without a record.
    pub(super) records: Option<Interval>,
    /// Where the window ends, whatever came later.
    pub(super) ends: Timestamp,
    /// From the last record to the last message that is known, while the access may have gone on.
    pub(super) late: Option<Interval>,
}

impl<'a> Scope<'a> {
    /// Makes the frame; without an intruder's window the analyst's, and without that the whole period.
    pub(super) fn new(
        brief: &'a Brief,
        attribution: &'a Attribution,
        records: Option<Interval>,
        last_arrival: Option<Timestamp>,
    ) -> Self {
        let whole = records.unwrap_or(Interval::new(Timestamp(0), Timestamp(0)));
        let asked = attribution.window.unwrap_or(Interval {
            from: brief.since.unwrap_or(match brief.until {
                // Before all records nothing shows where to begin.
                Some(until) if until <= whole.from => Timestamp(i64::MIN),
                _ => whole.from,
            }),
            to: brief.until.unwrap_or(whole.to),
        });
        let is_open =
            brief.until.is_none() && (attribution.window.is_none() || attribution.is_open);
        let end = if is_open {
            Timestamp(i64::MAX)
        } else {
            asked.to
        };
        let late = last_arrival.map(|at| Interval {
            from: whole.to,
            to: Timestamp(at.0.saturating_add(1)).min(end),
        });
        let late = late.filter(|late| records.is_some() && !late.is_empty());
        let asked = at_least_a_moment(asked);
        let ends = asked.to;
        // A message that came behind the window is asked about all the same.
        let asked = Interval {
            to: late.map_or(asked.to, |late| late.to.max(asked.to)),
            ..asked
        };
        Self {
            brief,
            attribution,
            asked,
            measured: at_least_a_moment(closed(asked, whole)),
            records,
            ends,
            late,
        }
    }

    /// Returns the mailbox that is scoped.
    pub(super) fn mailbox(&self) -> &'a str {
        mailbox_of(self.brief)
    }

    /// Returns an interval as a register tells it: an open end becomes the end of what the case knows.
    pub(super) fn told(&self, interval: Interval) -> Interval {
        let known = self.records.map_or(self.measured, |records| Interval {
            from: records.from.min(self.measured.from),
            to: records.to.max(self.measured.to),
        });
        Interval {
            from: match interval.from {
                Timestamp(i64::MIN) if self.asked.from > Timestamp(i64::MIN) => known.from,
                from => from,
            },
            to: match interval.to {
                Timestamp(i64::MAX) if self.asked.to < Timestamp(i64::MAX) => known.to,
                to => to,
            },
        }
    }

    /// Returns whether an interval touches the window.
    pub(super) fn concerns(&self, interval: &Interval) -> bool {
        interval.meets(&self.asked)
    }

    /// Returns whether a text names the scoped mailbox.
    pub(super) fn names_mailbox(&self, text: &str) -> bool {
        let mailbox = self.mailbox();
        let is_own = mailbox == self.brief.user || self.attribution.person.names.contains(mailbox);
        is_called(text, mailbox) || (is_own && self.names_person(text))
    }

    /// Returns whether a text names the person.
    pub(super) fn names_person(&self, text: &str) -> bool {
        is_called(text, &self.brief.user) || self.attribution.person.is_named(text)
    }

    /// Returns whether a name that records give a mailbox is the scoped one's.
    pub(super) fn is_scoped(&self, mailbox: &str) -> bool {
        let names = &self.attribution.person.names;
        let is_own = names.contains(self.mailbox());
        mailbox == self.mailbox() || (is_own && names.contains(mailbox))
    }

    /// Returns the contexts in the scoped mailbox.
    pub(super) fn contexts(&self) -> impl Iterator<Item = &'a Context> {
        let contexts = self.attribution.contexts.iter();
        contexts.filter(|context| self.is_scoped(&context.mailbox))
    }

    /// Returns whether a text names an actor whose acts the case turns on: the person, or whoever
    /// was in the mailbox and is neither its owner nor a service.
    pub(super) fn names_actor(&self, text: &str) -> bool {
        let is_in_question =
            |context: &&Context| matches!(context.verdict, Verdict::Intruder | Verdict::Unknown);
        self.names_person(text)
            || self
                .contexts()
                .filter(is_in_question)
                .any(|context| is_called(text, &context.actor))
    }
}

/// Returns the mailbox that a brief scopes: the person's own unless it says otherwise.
pub(crate) fn mailbox_of(brief: &Brief) -> &str {
    if brief.mailbox.is_empty() {
        &brief.user
    } else {
        &brief.mailbox
    }
}

/// Returns whether a text is an address or its local part, alone or at the end of a directory path.
pub(super) fn is_called(text: &str, address: &str) -> bool {
    let text = text.trim().trim_matches('"').to_lowercase();
    let last = text.rsplit('/').next().unwrap_or_default();
    let local = address.split_once('@').map_or("", |(local, _)| local);
    !last.is_empty() && (last == address || last == local)
}

fn closed(window: Interval, whole: Interval) -> Interval {
    let from = match window.from {
        Timestamp(i64::MIN) => whole.from.min(window.to),
        from => from,
    };
    let to = match window.to {
        Timestamp(i64::MAX) => whole.to.max(from),
        to => to,
    };
    Interval::new(from, to)
}

/// A share of nothing is no number: the shortest window is a microsecond.
fn at_least_a_moment(window: Interval) -> Interval {
    let from = window.from.min(Timestamp(i64::MAX - 1));
    Interval::new(from, window.to.max(Timestamp(from.0 + 1)))
}
