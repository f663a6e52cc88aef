//! EVA-10: mail that the filter held back is released.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::{after, doubt};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World};
use model::{Json, Severity};
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "EVA-10",
    title: "Quarantined mail released",
    decides: "`QuarantineReleaseMessage` (or `QuarantineReleaseRequestMessage` that was granted) by \
              somebody who had not released any before; whether the record, or Microsoft's verdict \
              on the same message shortly before, calls it phishing or malware.",
    severity: "medium for phishing or malware, or after a doubtful sign-in; low for a first release \
               whose kind no record tells; further ones of unknown kind are silent.",
    benign: "Administrators who release mail as their daily work: without a verdict only their \
             first one is told, as low, once two weeks of records are known.",
    attack: &["T1562.001"],
    sources: &[Source::MailProtection],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a release was at hand; the release itself does not say what kind \
               of mail it was.",
};

const WARM_DAYS: i64 = 14;

pub(super) struct Eva10 {
    releasers: BTreeSet<(Word, Word)>,
    /// Messages that Microsoft called bad, by tenant and network id.
    bad: Kept<(Word, String), ()>,
}

impl Default for Eva10 {
    fn default() -> Self {
        Self {
            releasers: BTreeSet::new(),
            bad: Kept::of_seconds(30 * DAY),
        }
    }
}

impl Detection for Eva10 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "QuarantineReleaseMessage",
            "QuarantineRelease",
            "TIMailData",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let tenant = seen.fact().tenant;
        let message = seen.word("NetworkMessageId").to_lowercase();
        let verdict = verdict(seen);
        if seen.is_action(&["TIMailData"]) {
            if verdict.is_some() && !message.is_empty() {
                self.bad.touch((tenant, message), seen.time(), || ());
            }
            return;
        }
        if seen.is_service() || !seen.is_done() {
            return;
        }
        let is_first = self.releasers.insert((tenant, seen.fact().user));
        let is_bad = verdict.is_some() || self.bad.get(&(tenant, message.clone())).is_some();
        let is_new = is_first && world.tenant.is_warm(seen.time(), WARM_DAYS);
        let raised = doubt(seen.fact(), seen.user(), world);
        let severity = match (is_bad || raised.is_some(), is_new) {
            (true, _) => Severity::Medium,
            (false, true) => Severity::Low,
            (false, false) => return,
        };
        let kind = match (is_bad, is_new) {
            (true, _) => ", which Microsoft called phishing or malware",
            (false, true) => "; they had not released any before",
            (false, false) => "",
        };
        let after = after(raised);
        let to = match seen.word("ReleaseTo") {
            "" => String::new(),
            to => format!(" to {}", quoted(to)),
        };
        let why = format!(
            "{} released a quarantined message{to}{kind}{after}",
            seen.user()
        );
        hits.push(
            Hit::of(seen, severity, why)
                .because("NetworkMessageId", message)
                .compared("verdict", verdict.unwrap_or_default(), "phish, malware")
                .silent_if("they released mail regularly, and nothing called it phishing")
                .with(raised.map(|raised| &raised.fact)),
        );
    }
}

/// Returns the word by which a record calls a message bad.
fn verdict(seen: &Seen<'_>) -> Option<String> {
    const KEYS: &[&str] = &[
        "Verdict",
        "QuarantineType",
        "QuarantineTypes",
        "ThreatType",
        "ThreatTypes",
        "PhishConfidenceLevel",
        "DetectionType",
        "ThreatsAndDetectionTech",
        "Policy",
    ];
    KEYS.iter().find_map(|key| {
        let value = seen.body().get_any_case(key)?;
        let mut text = String::new();
        match value.as_word() {
            Some(word) => text.push_str(word),
            None => Json::write(value, &mut text),
        }
        let lower = text.to_lowercase();
        let is_bad = lower.contains("phish") || lower.contains("malware");
        let level = key.eq_ignore_ascii_case("PhishConfidenceLevel") && lower.contains("high");
        (is_bad || level).then_some(text)
    })
}
