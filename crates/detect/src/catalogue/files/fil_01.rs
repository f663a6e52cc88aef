//! FIL-01: one person takes many files in a short time.

use super::bursts::{Burst, Bursts};
use super::denied::denied_country;
use super::documents::{is_in_own_drive, is_page, is_persons, is_unmanaged, name};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, MINUTE, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "FIL-01",
    title: "Mass download or access of files",
    decides: "Fifty different documents downloaded, or a hundred opened, by one person within fifteen \
              minutes, and three times what is usual for them; any document touched from a country that the \
              operator denies or does not allow, or in which nobody can be.",
    severity: "medium for downloads and for a denied country; high after a doubtful sign-in; low for documents \
               that were only opened",
    benign: "People leaf through folders of pictures, and work on computers of their own. OneDrive's own client synchronises thousands of files, and people move their own: both are left \
             out, as are SharePoint itself, applications, pages and accounts named as machines.",
    attack: &["T1530", "T1567"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a mass download was at hand.",
};

const DOWNLOADS: &[&str] = &[
    "FileDownloaded",
    "FileSyncDownloadedFull",
    "FileSyncDownloadedPartial",
];
const ACCESSES: &[&str] = &["FileAccessed", "FilePreviewed"];
const WINDOW: i64 = 15 * MINUTE;
/// Applications that synchronise on their user's behalf.
const SYNCHRONISERS: &[&str] = &[
    "ab9b8c07-8f02-4f72-87fa-80105867a763",
    "b26aadf8-566f-4478-926f-589f601d9c74",
    "af124e86-4e96-495a-b70a-90f90ab96707",
];

pub(super) struct Fil01 {
    downloads: Bursts,
    accesses: Bursts,
    /// Since when and how often a person was told of for a denied country.
    denied: BTreeMap<(Word, Word), (Timestamp, u32)>,
}

impl Default for Fil01 {
    fn default() -> Self {
        Self {
            downloads: Bursts::new(WINDOW, 50),
            accesses: Bursts::new(WINDOW, 100),
            denied: BTreeMap::new(),
        }
    }
}

impl Detection for Fil01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "FileDownloaded",
            "FileSyncDownloadedFull",
            "FileSyncDownloadedPartial",
            "FileAccessed",
            "FilePreviewed",
            "FileModified",
            "FileUploaded",
            "CompanyLinkCreated",
            "SharingSet",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_persons(seen)
            && seen.is_done()
            && let Some(country) = denied_country(seen, world)
            && self.is_worth_telling(seen)
        {
            hits.push(from_denied(seen, &country));
        }
        if !seen.is_action(DOWNLOADS) && !seen.is_action(ACCESSES) {
            return;
        }
        let is_machine = world.tenant.settings.machines.contains(seen.user());
        let is_sync = SYNCHRONISERS.contains(&seen.app()) || seen.agent().contains("SkyDriveSync");
        let is_managed_sync = is_sync && !is_unmanaged(seen);
        if !is_persons(seen)
            || is_machine
            || is_managed_sync
            || is_page(seen)
            || is_in_own_drive(seen)
        {
            return;
        }
        let is_download = seen.is_action(DOWNLOADS);
        let (bursts, what) = if is_download {
            (&mut self.downloads, "downloaded")
        } else {
            (&mut self.accesses, "opened")
        };
        if let Some(burst) = bursts.count(seen.fact())
            && burst.many >= burst.usual * 3
        {
            hits.push(hit(seen, world, &burst, what));
        }
    }
}

impl Fil01 {
    /// A finding names its first records; whoever works there all day needs no more.
    fn is_worth_telling(&mut self, seen: &Seen<'_>) -> bool {
        const NAMED: u32 = 100;
        let fact = seen.fact();
        let told = self
            .denied
            .entry((fact.tenant, fact.user))
            .or_insert((fact.time, 0));
        if seconds_between(told.0, fact.time) > HOUR {
            *told = (fact.time, 0);
        }
        told.1 = told.1.saturating_add(1);
        told.1 <= NAMED
    }
}

fn from_denied(seen: &Seen<'_>, country: &str) -> Hit {
    let why = format!(
        "{} works on documents from {} in {country}, from where nobody should: {} {}",
        seen.person(),
        seen.ip(),
        seen.action(),
        quoted(name(seen))
    );
    Hit::of(seen, Severity::Medium, why)
        .titled("Documents touched from a denied country")
        .keyed(country)
        .compared(
            "ClientIP",
            seen.ip(),
            "the countries that the operator allows",
        )
        .silent_if("the country were allowed")
}

fn hit(seen: &Seen<'_>, world: &World<'_>, burst: &Burst, what: &str) -> Hit {
    let fact = seen.fact();
    let taint = doubt(fact, seen.person(), world);
    let severity = match taint {
        Some(_) => Severity::High,
        None if seen.is_action(DOWNLOADS) => Severity::Medium,
        None => Severity::Low,
    };
    let behind = match (taint, is_unmanaged(seen)) {
        (Some(one), _) => format!(", after a doubtful sign-in ({})", one.detection),
        (None, true) => ", on a device that is not managed".to_owned(),
        (None, false) => String::new(),
    };
    let why = format!(
        "{} {what} {} documents within fifteen minutes from {}{behind}",
        seen.person(),
        burst.many,
        seen.ip()
    );
    let own = fact.record;
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
