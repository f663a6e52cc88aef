//! FIL-09: a lure is put into a drive, and then sent round as links.

use super::documents::{ending, is_persons, name};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::lists::mail_words::money_words;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, World, seconds_between};
use model::Severity;
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "FIL-09",
    title: "Lure uploaded, then shared",
    decides: "A page, shortcut or notebook, or a document that calls itself an invoice, uploaded or changed by \
              a person, and within an hour shared by the same person with five others or by an anonymous link \
              and two others.",
    severity: "high; medium for a document that only calls itself an invoice",
    benign: "Accounts send invoices round to five people. Sharing an older document, or with one or two colleagues, is everyday work.",
    attack: &["T1534", "T1566.002"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of such a lure was at hand.",
};

const LURES: &[&str] = &[
    "html", "htm", "url", "one", "lnk", "svg", "iso", "img", "hta", "shtml", "mht",
];
const MANY: usize = 5;
const KEPT: usize = 500;

#[derive(Default)]
pub(super) struct Fil09 {
    uploads: BTreeMap<(Word, Word), Vec<Upload>>,
}

struct Upload {
    fact: Fact,
    name: String,
    shares: Vec<Fact>,
    people: BTreeSet<String>,
}

impl Detection for Fil09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "FileUploaded",
            "FileModified",
            "AnonymousLinkCreated",
            "AddedToSecureLink",
            "SharingInvitationCreated",
            "SharingSet",
            "CompanyLinkCreated",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_persons(seen) || !seen.is_done() {
            return;
        }
        let fact = *seen.fact();
        let uploads = self.uploads.entry((fact.tenant, fact.user)).or_default();
        uploads.retain(|one| seconds_between(one.fact.time, fact.time) <= HOUR);
        if seen.is_action(&["FileUploaded", "FileModified"]) {
            let is_new = !uploads.iter().any(|one| one.fact.object == fact.object);
            if is_new && is_lure(name(seen)) && uploads.len() < KEPT {
                uploads.push(Upload {
                    fact,
                    name: name(seen).to_owned(),
                    shares: Vec::new(),
                    people: BTreeSet::new(),
                });
            }
            return;
        }
        let own = uploads
            .iter_mut()
            .find(|one| one.fact.object == fact.object);
        if let Some(upload) = own {
            hits.extend(upload.shared(seen));
        }
    }
}

impl Upload {
    fn shared(&mut self, seen: &Seen<'_>) -> Option<Hit> {
        // A link for anybody may go to anybody: it weighs as much as three.
        const ANYBODY: usize = 3;
        let whom = match seen.word("TargetUserOrGroupName") {
            "" => seen.action().to_owned(),
            name => name.to_lowercase(),
        };
        if self.shares.len() < KEPT {
            self.shares.push(*seen.fact());
            self.people.insert(whom);
        }
        let is_anybodys = self.people.contains("AnonymousLinkCreated");
        let many = self.people.len() + if is_anybodys { ANYBODY - 1 } else { 0 };
        if many < MANY {
            return None;
        }
        let why = format!(
            "{} uploaded {} and shared it with {} within the hour",
            seen.person(),
            quoted(&self.name),
            self.people.len()
        );
        let own = seen.fact().record;
        let severity = if is_page(&self.name) {
            Severity::High
        } else {
            Severity::Medium
        };
        let hit = Hit::of(seen, severity, why)
            .keyed(&self.name)
            .with([&self.fact])
            .with(self.shares.iter().filter(|one| one.record != own))
            .because("SourceFileName", &self.name)
            .compared(
                "TargetUserOrGroupName",
                self.people.len().to_string(),
                "four at most",
            )
            .silent_if("it had been shared with fewer, or later");
        Some(hit)
    }
}

fn is_lure(name: &str) -> bool {
    is_page(name) || !money_words(name).is_empty()
}

/// Returns whether a file opens as a page, a shortcut or a drive, as documents of business do not.
fn is_page(name: &str) -> bool {
    LURES.contains(&ending(name).as_str())
}
