//! ALR-03: a risk detection of Entra ID Protection.

use super::alert::vendor;
use super::names::is_grave_risk;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::{Family, Severity};
use std::collections::HashMap;

const ABOUT: About = About {
    id: "ALR-03",
    title: "Risk detection of Entra ID Protection",
    decides: "A risk detection: `riskEventType` with its `riskLevel` and `riskState`, from Graph, a \
              diagnostic log or Log Analytics.",
    severity: "Entra's own level; at least medium for stolen tokens, a login page in between, leaked \
               credentials and inbox manipulation; confirmed as compromised: critical",
    benign: "What was remediated, dismissed or confirmed as safe is context at most.",
    attack: &["T1078.004"],
    sources: &[Source::Risk],
    needs: &[],
    method: Method::PassThrough,
    untested: "",
};

/// Hands on risk detections.
#[derive(Default)]
pub(super) struct Alr03 {
    /// One detection is written again when its state changes.
    told: HashMap<(Word, String), Severity>,
}

impl Detection for Alr03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::Alert])
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.fact().family != Family::Risk || seen.action().starts_with("Risky ") {
            return;
        }
        let state = state(seen);
        let severity = severity(seen, &state);
        let subject = (seen.fact().tenant, seen.record());
        let told = self.told.get(&subject).copied();
        if told.is_some_and(|told| told >= severity) {
            return;
        }
        self.told.insert(subject, severity);
        hits.push(hit(seen, severity, &state));
    }
}

fn state(seen: &Seen<'_>) -> String {
    let own = seen.word("riskState");
    let state = match own {
        "" => seen.word(crate::gather::RESULT),
        own => own,
    };
    state.to_lowercase()
}

fn severity(seen: &Seen<'_>, state: &str) -> Severity {
    let level = vendor(seen.word("riskLevel"));
    match state {
        "confirmedcompromised" => Severity::Critical,
        "remediated" | "dismissed" | "confirmedsafe" => Severity::Info,
        _ if is_grave_risk(seen.action()) => level.max(Severity::Medium),
        _ => level,
    }
}

fn hit(seen: &Seen<'_>, severity: Severity, state: &str) -> Hit {
    let from = match seen.ip() {
        "" => String::new(),
        ip => format!(" from {ip}"),
    };
    let why = format!(
        "Entra saw {} for {}{from}, level {}, state {}",
        quoted(seen.action()),
        seen.user(),
        quoted(seen.word("riskLevel")),
        quoted(state)
    );
    Hit::of(seen, severity, why)
        .keyed(seen.action())
        .because("riskEventType", seen.action())
        .because("riskLevel", seen.word("riskLevel"))
        .because("riskState", state)
        .silent_if("Entra had seen no risk")
}
