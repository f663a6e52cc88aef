//! FIL-03: somebody reads what is about money.

use super::bursts::{Burst, Bursts};
use super::documents::{is_in_own_drive, is_page, is_persons, name};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::lists::mail_words::money_words;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{HOUR, World};
use model::Severity;

const ABOUT: About = About {
    id: "FIL-03",
    title: "Documents about money were read",
    decides: "Documents with words about invoices, banks or payroll in their names: any of them after a \
              doubtful sign-in, or ten in an hour where the fortnight before had a third of it at most.",
    severity: "medium after a doubtful sign-in; low otherwise",
    benign: "Accountants read such documents all day: only a sign-in that is itself suspect makes it worth a \
             triage. Own OneDrive counts after a doubtful sign-in only.",
    attack: &["T1213.002"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of such a document was at hand.",
};

pub(super) struct Fil03 {
    reads: Bursts,
}

impl Default for Fil03 {
    fn default() -> Self {
        Self {
            reads: Bursts::new(HOUR, 10),
        }
    }
}

impl Detection for Fil03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "FileDownloaded",
            "FileAccessed",
            "FilePreviewed",
            "FileSyncDownloadedFull",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_persons(seen) || is_page(seen) {
            return;
        }
        let words = money_words(name(seen));
        if words.is_empty() {
            return;
        }
        let taint = doubt(seen.fact(), seen.person(), world);
        if let Some(taint) = taint {
            let why = format!(
                "{} read {} from {}, after {}: {}",
                seen.person(),
                quoted(name(seen)),
                seen.ip(),
                taint.detection,
                taint.why
            );
            let hit = Hit::of(seen, Severity::Medium, why).with([&taint.fact]);
            hits.push(decided(hit, seen, &words));
            return;
        }
        if !is_in_own_drive(seen)
            && let Some(burst) = self.reads.count(seen.fact())
            && burst.many >= burst.usual * 3
            && world.tenant.is_warm(seen.time(), 14)
        {
            hits.push(decided(spike(seen, &burst), seen, &words));
        }
    }
}

fn spike(seen: &Seen<'_>, burst: &Burst) -> Hit {
    let why = format!(
        "{} read {} documents about money within an hour, {} before",
        seen.person(),
        burst.many,
        burst.usual
    );
    let own = seen.fact().record;
    Hit::of(seen, Severity::Low, why).with(burst.facts.iter().filter(|one| one.record != own))
}

fn decided(hit: Hit, seen: &Seen<'_>, words: &[&str]) -> Hit {
    hit.compared("SourceFileName", name(seen), words.join(", "))
        .silent_if("the sign-in were not suspect, and it were usual for this person")
}
