//! FIL-02: a script or synchroniser fetches files.

use super::documents::{is_persons, is_unmanaged};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "FIL-02",
    title: "Files fetched by a script or synchroniser",
    decides: "A person's files are read with the agent of a script, a library or a synchroniser of others, \
              for the first time in a fortnight; OneDrive's own client on a device that is not managed.",
    severity: "high; medium for PowerShell, for OneDrive's own client and for known administrators",
    benign: "Applications that act for themselves are left out; name accounts that work by machine.",
    attack: &["T1530", "T1059"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a file fetched by a script was at hand.",
};

const FORGOTTEN: i64 = 14 * DAY;

/// The agent of a tool that has nothing of a browser.
const SHELLS: &[&str] = &[
    "powershell",
    "pnpps",
    "pnpcore",
    "sharepointpnp",
    "nonisv|sharepointpnp",
];

#[derive(Default)]
pub(super) struct Fil02 {
    told: BTreeMap<(Word, Word, &'static str), (Timestamp, Timestamp)>,
}

impl Detection for Fil02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "FileDownloaded",
            "FileAccessed",
            "FileAccessedExtended",
            "FilePreviewed",
            "FileSyncDownloadedFull",
            "FileSyncDownloadedPartial",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let settings = &world.tenant.settings;
        if !is_persons(seen) || settings.machines.contains(seen.user()) {
            return;
        }
        let Some((tool, severity)) = tool(seen, world) else {
            return;
        };
        if !self.is_first(seen, tool) {
            return;
        }
        let severity = if settings.admins.contains(seen.user()) {
            severity.min(Severity::Medium)
        } else {
            severity
        };
        let why = format!(
            "files of {} were fetched with {tool} from {}: {}",
            seen.person(),
            seen.ip(),
            quoted(super::documents::name(seen))
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(tool)
                .compared(
                    "UserAgent",
                    seen.agent(),
                    "browsers and Microsoft's own clients",
                )
                .silent_if(
                    "the account were named as a machine, or had used it in the fortnight before",
                ),
        );
    }
}

impl Fil02 {
    /// What follows within the hour belongs to the same finding.
    fn is_first(&mut self, seen: &Seen<'_>, tool: &'static str) -> bool {
        let fact = seen.fact();
        let whose = (fact.tenant, fact.user, tool);
        let (first, last) = self
            .told
            .get(&whose)
            .copied()
            .unwrap_or((fact.time, fact.time));
        let is_known =
            self.told.contains_key(&whose) && seconds_between(last, fact.time) < FORGOTTEN;
        let first = if is_known { first } else { fact.time };
        self.told.insert(whose, (first, fact.time));
        !is_known || seconds_between(first, fact.time) <= HOUR
    }
}

fn tool(seen: &Seen<'_>, world: &World<'_>) -> Option<(&'static str, Severity)> {
    let agent = seen.agent();
    if let Some(tool) = agents::offensive(agent).or_else(|| agents::library(agent)) {
        return Some((tool, Severity::High));
    }
    let lower = agent.to_ascii_lowercase();
    if let Some(shell) = SHELLS.iter().find(|name| lower.contains(*name)) {
        return Some((shell, Severity::Medium));
    }
    let is_sync = lower.contains("skydrivesync") && seen.is_action(&["FileSyncDownloadedFull"]);
    let is_new_sync = is_sync && is_unmanaged(seen) && world.tenant.is_warm(seen.time(), 14);
    is_new_sync.then_some(("OneDrive on a device that is not managed", Severity::Medium))
}
