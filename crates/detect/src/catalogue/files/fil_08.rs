//! FIL-08: one person destroys many files.

use super::bursts::{Burst, Bursts};
use super::documents::{ending, is_persons, name};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::{MINUTE, World};
use model::Severity;

const ABOUT: About = About {
    id: "FIL-08",
    title: "Mass deletion or renaming of files",
    decides: "A hundred different documents deleted, or thirty renamed to an ending they did not have, by one \
              person within fifteen minutes, and three times what is usual for them.",
    severity: "high for new endings and after a doubtful sign-in; medium for what was deleted for good; low for \
               plain deletions, which the recycle bin undoes",
    benign: "People clean up, and empty their recycle bins. SharePoint's own clean-up and retention are left out.",
    attack: &["T1485", "T1486"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Threshold,
    untested: "No real mass deletion was at hand, only SharePoint's own.",
};

pub(super) struct Fil08 {
    deleted: Bursts,
    destroyed: Bursts,
    renamed: Bursts,
}

impl Default for Fil08 {
    fn default() -> Self {
        Self {
            deleted: Bursts::new(15 * MINUTE, 100),
            destroyed: Bursts::new(15 * MINUTE, 100),
            renamed: Bursts::new(15 * MINUTE, 30),
        }
    }
}

impl Detection for Fil08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "FileDeleted*",
            "FileRecycled",
            "FileVersionsAllDeleted",
            "FileRenamed",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_persons(seen) || world.tenant.settings.machines.contains(seen.user()) {
            return;
        }
        let is_final = seen.is_action(&[
            "FileVersionsAllDeleted",
            "FileDeletedSecondStageRecycleBin",
            "FileDeletedFirstStageRecycleBin",
        ]);
        let (bursts, what, plain) = if seen.is_action(&["FileRenamed"]) {
            if !has_new_ending(seen) {
                return;
            }
            (&mut self.renamed, "gave another ending to", Severity::High)
        } else if is_final {
            (&mut self.destroyed, "deleted for good", Severity::Medium)
        } else {
            (&mut self.deleted, "deleted", Severity::Low)
        };
        if let Some(burst) = bursts.count(seen.fact())
            && burst.many >= burst.usual * 3
        {
            let is_suspect = doubt(seen.fact(), seen.person(), world).is_some();
            let severity = if is_suspect { Severity::High } else { plain };
            hits.push(hit(seen, severity, &burst, what));
        }
    }
}

fn has_new_ending(seen: &Seen<'_>) -> bool {
    let new = match seen.word("DestinationFileExtension") {
        "" => ending(seen.word("DestinationFileName")),
        given => given.to_ascii_lowercase(),
    };
    !new.is_empty() && new != ending(name(seen))
}

fn hit(seen: &Seen<'_>, severity: Severity, burst: &Burst, what: &str) -> Hit {
    let why = format!(
        "{} {what} {} documents within fifteen minutes",
        seen.person(),
        burst.many
    );
    let own = seen.fact().record;
    Hit::of(seen, severity, why)
        .keyed(what)
        .with(burst.facts.iter().filter(|one| one.record != own))
        .compared(
            "Operation",
            burst.many.to_string(),
            format!("{} at most in the fortnight before", burst.usual),
        )
        .silent_if("it were less than three times what is usual for this person")
}
