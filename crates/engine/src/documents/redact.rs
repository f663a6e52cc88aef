//! A case to be handed to others: subjects hidden, mail addresses replaced by digests.
//!
//! Done once, on what was found, so that every format hides the same. A digest depends on
//! the case's snapshot: one address has one digest in a case and another in the next.

use crate::error::EngineError;
use crate::investigate::{Investigation, Messages, hex};
use casework::attribution::Reason;
use casework::{Judged, Seed};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What stands for a subject.
const HIDDEN: &str = "[hidden]";

/// Returns the case with its subjects hidden and its mail addresses replaced.
pub(super) fn redacted(found: &Investigation) -> Result<Investigation, EngineError> {
    let veil = Veil {
        salt: found.snapshot.clone(),
    };
    let mut brief = found.brief.clone();
    veil.over_all([&mut brief.user, &mut brief.mailbox, &mut brief.tenant]);
    for seed in &mut brief.seeds {
        if let Seed::Rule(name) = seed {
            veil.over(name);
        }
    }
    let mut case = Investigation {
        case: format!("case-{}", &veil.digest(&found.case)[..6]),
        brief,
        attribution: found.attribution.clone(),
        coverage: found.coverage.clone(),
        rules: found.rules.clone(),
        outflow: found.outflow.clone(),
        syncs: found.syncs.clone(),
        counts: found.counts.clone(),
        undecided: found.undecided.clone(),
        statement: found.statement.clone(),
        timeline: found.timeline.clone(),
        messages: veil.messages(&found.messages)?,
        entries: found.entries.clone(),
        snapshot: found.snapshot.clone(),
        records: found.records,
        last_record: found.last_record,
        stakes: found.stakes.clone(),
    };
    veil.over_all([&mut case.statement.text, &mut case.statement.next]);
    veil.over(&mut case.coverage.sentence);
    veil.attribution(&mut case);
    veil.register(&mut case);
    veil.outflow(&mut case);
    Ok(case)
}

struct Veil {
    salt: String,
}

impl Veil {
    fn digest(&self, text: &str) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.salt, text.to_lowercase()).as_bytes());
        hex(&digest)[..10].to_owned()
    }

    /// Replaces every mail address inside a text.
    fn over(&self, text: &mut String) {
        if text.contains('@') {
            *text = self.veiled(text);
        }
    }

    fn veiled(&self, text: &str) -> String {
        let mut veiled = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let is_part = |one: char| one.is_alphanumeric() || "._%+'-@=#".contains(one);
            let end = rest.find(|one| !is_part(one)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            if word.contains('@') {
                veiled.push_str("address-");
                veiled.push_str(&self.digest(word.trim_end_matches('.')));
            } else {
                veiled.push_str(word);
            }
            let mut others = behind.chars();
            veiled.extend(others.next());
            rest = others.as_str();
        }
        veiled
    }

    fn over_all<'t>(&self, texts: impl IntoIterator<Item = &'t mut String>) {
        for text in texts {
            self.over(text);
        }
    }

    fn over_set(&self, texts: &mut BTreeSet<String>) {
        *texts = texts.iter().map(|text| self.veiled(text)).collect();
    }

    fn over_reasons(&self, reasons: &mut [Reason]) {
        for reason in reasons {
            self.over(&mut reason.text);
        }
    }

    /// Message-IDs stay: they are what the messages are found by.
    fn messages(&self, messages: &Messages) -> Result<Messages, EngineError> {
        let mut copy = Messages::new();
        let mut failed = None;
        messages.each(&mut |judged| {
            let mut judged: Judged = judged.clone();
            if !judged.subject.is_empty() {
                HIDDEN.clone_into(&mut judged.subject);
            }
            self.over_all([&mut judged.mailbox, &mut judged.from, &mut judged.because]);
            self.over_all(&mut judged.to);
            self.over_all(&mut judged.folders);
            match copy.add(&judged) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        copy.settle()?;
        failed.map_or(Ok(copy), Err)
    }

    fn attribution(&self, case: &mut Investigation) {
        let attribution = &mut case.attribution;
        self.over(&mut attribution.window_because);
        self.over_set(&mut attribution.person.names);
        for context in &mut attribution.contexts {
            self.over_all([&mut context.mailbox, &mut context.actor]);
            self.over_reasons(&mut context.reasons);
        }
        for eviction in &mut attribution.evictions {
            self.over(&mut eviction.what);
        }
        for proposal in &mut attribution.proposals {
            self.over(&mut proposal.why);
        }
        for pivot in &mut attribution.pivots {
            self.over_all([&mut pivot.text, &mut pivot.follow]);
        }
    }

    fn register(&self, case: &mut Investigation) {
        for gap in &mut case.coverage.gaps {
            self.over_all([
                &mut gap.scope,
                &mut gap.effect,
                &mut gap.proof,
                &mut gap.fix,
            ]);
        }
        for rule in &mut case.rules.versions {
            self.over_all([&mut rule.name, &mut rule.actor]);
            self.over_set(&mut rule.targets);
            for (_, value) in rule.conditions.iter_mut().chain(&mut rule.actions) {
                self.over(value);
            }
        }
        for moment in &mut case.timeline {
            // A moment may quote a subject: what stands in quotation marks is hidden too.
            moment.text = without_quotations(&self.veiled(&moment.text));
        }
        for entry in &mut case.entries {
            self.over_all([&mut entry.value, &mut entry.reason, &mut entry.by]);
        }
    }

    fn outflow(&self, case: &mut Investigation) {
        let outflow = &mut case.outflow;
        for file in &mut outflow.files {
            self.over_all([&mut file.actor, &mut file.object]);
        }
        for sent in &mut outflow.sent {
            HIDDEN.clone_into(&mut sent.subject);
            self.over_set(&mut sent.recipients);
        }
        for search in &mut outflow.searches {
            HIDDEN.clone_into(&mut search.text);
        }
        for discovery in &mut outflow.discovery {
            HIDDEN.clone_into(&mut discovery.query);
            self.over_all([&mut discovery.actor, &mut discovery.object]);
        }
        for party in &mut outflow.third_parties {
            self.over(&mut party.address);
            self.over_set(&mut party.why);
        }
    }
}

/// Hides what stands between quotation marks or backticks, as subjects and names are quoted.
fn without_quotations(text: &str) -> String {
    let mut parts = text.split(['"', '`', '“', '”']);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        kept.push_str(if at % 2 == 0 { HIDDEN } else { part });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_digest_in_a_case_and_nothing_else_changes() {
        let veil = Veil {
            salt: "a".to_owned(),
        };
        let text = veil.veiled("mail to Ann@Example.com, (bob@example.com) and ann@example.com.");
        let ann = format!("address-{}", veil.digest("ann@example.com"));
        let bob = format!("address-{}", veil.digest("bob@example.com"));
        assert!(
            text.starts_with(&format!("mail to {ann}, ({bob}) and {ann}")),
            "{text}"
        );
        let other = Veil {
            salt: "b".to_owned(),
        };
        assert_ne!(
            veil.digest("ann@example.com"),
            other.digest("ann@example.com")
        );
    }

    #[test]
    fn a_quoted_subject_is_hidden() {
        assert_eq!(
            without_quotations("sent `Invoice 7` to `x` now"),
            "sent [hidden] to [hidden] now"
        );
    }
}
