//! EDI-01: somebody searches or exports everybody's mail and files.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "EDI-01",
    title: "eDiscovery search or export",
    decides: "Content searches and what is done with their results: preview, export, download, purge, in \
              Purview's own records and in the cmdlets behind them.",
    severity: "high for a purge, and for an export or preview by somebody who did not work with searches \
               before; medium for those who did, and for a new search of all mailboxes; low for a search",
    benign: "A legal team does this every week: one who did so on another day of the last 90 is at home \
             there, and so is a known administrator.",
    attack: &["T1114.002", "T1213"],
    sources: &[Source::Purview],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a content search was at hand.",
};

const SEARCHES: &[&str] = &[
    "SearchCreated",
    "SearchStarted",
    "New-ComplianceSearch",
    "Start-ComplianceSearch",
];
/// Searches, and what is done with their results.
const WANTED: &[&str] = &[
    "SearchCreated",
    "SearchStarted",
    "New-ComplianceSearch",
    "Start-ComplianceSearch",
    "SearchExported",
    "SearchExportDownloaded",
    "SearchPreviewed",
    "SearchReportExported",
    "SearchResultExported",
    "ViewedSearchPreviewed",
    "PreviewItemDownloaded",
    "PreviewItemListed",
    "SearchResultsPurged",
    "New-ComplianceSearchAction",
    "New-MailboxExportRequest",
];

#[derive(Default)]
pub(super) struct Edi01 {
    /// The first and the last day on which somebody worked with searches.
    days: BTreeMap<(Word, Word), (Timestamp, Timestamp)>,
}

impl Detection for Edi01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(WANTED)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() || !seen.is_done() {
            return;
        }
        let is_at_home =
            self.is_at_home(seen) || world.tenant.settings.admins.contains(seen.user());
        let text = command(seen);
        let (severity, what) = judge(seen, &text, is_at_home);
        let usual = if is_at_home {
            ""
        } else {
            ", which they did not do before"
        };
        hits.push(
            Hit::of(seen, severity, format!("{} {what}{usual}", seen.person()))
                .keyed(if seen.is_action(SEARCHES) {
                    "search"
                } else {
                    "results"
                })
                .compared(
                    "Operation",
                    seen.action(),
                    "what this person did on other days",
                )
                .because("Parameters", text.chars().take(300).collect::<String>())
                .silent_if("nobody had searched"),
        );
    }
}

impl Edi01 {
    fn is_at_home(&mut self, seen: &Seen<'_>) -> bool {
        let fact = seen.fact();
        let whose = (fact.tenant, fact.user);
        let known = self.days.get(&whose).copied();
        let (first, _) = known
            .filter(|(_, last)| seconds_between(*last, fact.time) <= 90 * DAY)
            .unwrap_or((fact.time, fact.time));
        self.days.insert(whose, (first, fact.time));
        seconds_between(first, fact.time) >= DAY
    }
}

fn judge(seen: &Seen<'_>, text: &str, is_at_home: bool) -> (Severity, &'static str) {
    let usual = |severity| {
        if is_at_home {
            Severity::Medium
        } else {
            severity
        }
    };
    if text.contains("-purge")
        || text.contains("purgetype")
        || seen.is_action(&["SearchResultsPurged"])
    {
        return (
            Severity::High,
            "deleted mail out of mailboxes by a content search",
        );
    }
    if !seen.is_action(SEARCHES) {
        let what = if text.contains("preview") || seen.action().contains("review") {
            "looked into the results of a content search"
        } else {
            "exported the results of a content search"
        };
        return (usual(Severity::High), what);
    }
    let is_everybody = [
        "exchangelocation all",
        "exchangelocation \"all\"",
        "exchangelocation=all",
    ]
    .iter()
    .any(|form| text.contains(form));
    match (is_everybody, is_at_home) {
        (true, false) => (Severity::Medium, "searched all mailboxes"),
        (true, true) => (Severity::Low, "searched all mailboxes"),
        (false, _) => (Severity::Low, "made a content search"),
    }
}

/// The cmdlets' parameters in whatever dress: a command line, or names and values.
fn command(seen: &Seen<'_>) -> String {
    let mut text = String::new();
    for one in seen.parameters() {
        let is_own = one.name.eq_ignore_ascii_case("Parameters")
            || one.name.eq_ignore_ascii_case("NonPIIParameters")
            || one.name.eq_ignore_ascii_case("CmdletOptions");
        if is_own {
            text.push_str(&one.value);
            text.push(' ');
        } else if [
            "ExchangeLocation",
            "Purge",
            "PurgeType",
            "Export",
            "Preview",
        ]
        .iter()
        .any(|name| one.name.eq_ignore_ascii_case(name))
        {
            text.extend(["-", &one.name, " ", &one.value, " "]);
        }
    }
    text.to_lowercase()
}
