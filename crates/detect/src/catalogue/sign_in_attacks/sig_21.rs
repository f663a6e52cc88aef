//! SIG-21: Entra ID Protection takes a sign-in or a person for compromised.

use super::attempt::Account;
use super::attempt::{account, is_success};
use super::risk::Risk;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, MINUTE, World, seconds_between};
use model::{ActorKind, Family, Severity, Timestamp};
use std::collections::HashMap;

const ABOUT: About = About {
    id: "SIG-21",
    title: "Risk that Entra sees in a sign-in or a person",
    decides: "A sign-in with a risk level of its own, a risky user's state, or two different risk \
              detections of one person within 10 minutes.",
    severity: "Entra's own level: a sign-in that succeeded counts in full, one that was stopped, or \
               an application's, one step less; two detections together at least medium; confirmed as compromised: critical",
    benign: "What was remediated, dismissed or confirmed as safe stays silent.",
    attack: &["T1078.004"],
    sources: &[Source::Risk, Source::SignIn],
    needs: &[],
    method: Method::PassThrough,
    untested: "",
};

/// Who was seen at risk lately.
#[derive(Default)]
pub(super) struct Sig21 {
    detections: HashMap<Account, Vec<Fact>>,
    told: HashMap<(Account, Severity), Timestamp>,
}

impl Detection for Sig21 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn, Kind::Alert])
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, hits: &mut Vec<Hit>) {
        match seen.fact().family {
            Family::SignIn if may_be_risky(seen.body_text()) => self.sign_in(seen, hits),
            Family::Risk if seen.action().starts_with("Risky ") => state(seen, hits),
            Family::Risk => self.detection(seen, hits),
            _ => {}
        }
    }
}

/// Most sign-ins are at no risk, and not worth reading: a level would stand there as a word.
fn may_be_risky(text: &str) -> bool {
    const LEVELS: &[&str] = &[
        "low\"",
        "Low\"",
        "edium\"",
        "igh\"",
        "low\\",
        "edium\\",
        "igh\\",
        "ompromised",
    ];
    LEVELS.iter().any(|level| text.contains(level))
}

impl Sig21 {
    fn sign_in(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let risk = Risk::of(seen);
        if !risk.is_any() || risk.is_settled() {
            return;
        }
        let severity = match (risk.is_confirmed(), is_success(seen)) {
            (true, _) => Severity::Critical,
            (false, true) if seen.actor() != ActorKind::Application => risk.severity(),
            (false, _) => risk.severity().lowered(),
        };
        // The state stays with every later sign-in of the person: one an hour tells it, one a day is enough.
        let subject = (account(seen.fact()), severity);
        let is_told = self
            .told
            .get(&subject)
            .is_some_and(|last| (HOUR..DAY).contains(&seconds_between(*last, seen.time())));
        if is_told {
            return;
        }
        self.told.insert(subject, seen.time());
        let ended = if is_success(seen) {
            "signed in"
        } else {
            "was stopped"
        };
        let why = format!(
            "{} {ended} from {} at {} risk by Entra's own judgement{}",
            seen.user(),
            seen.ip(),
            risk.level,
            named(&risk.kinds)
        );
        hits.push(hit(seen, severity, why, &risk));
    }

    /// Two kinds of risk at once are more than the level of either says.
    fn detection(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let risk = Risk::of(seen);
        if risk.is_settled() || seen.user().is_empty() {
            return;
        }
        let fact = seen.fact();
        let before = self.detections.entry(account(fact)).or_default();
        before.retain(|one| seconds_between(one.time, fact.time) <= 10 * MINUTE);
        let others: Vec<Fact> = before
            .iter()
            .filter(|one| one.action != fact.action && one.action != Word::NONE)
            .copied()
            .collect();
        before.push(*fact);
        let Some(other) = others.last() else {
            return;
        };
        let severity = risk.severity().max(Severity::Medium);
        let why = format!(
            "two risk detections of {} within 10 minutes: {} and {}",
            seen.user(),
            quoted(seen.text_of(other.action)),
            quoted(seen.action())
        );
        hits.push(hit(seen, severity, why, &risk).with(&others).keyed("two"));
    }
}

/// A person or an application whose state Entra keeps.
fn state(seen: &Seen<'_>, hits: &mut Vec<Hit>) {
    let risk = Risk::of(seen);
    if !risk.is_any() || risk.is_settled() {
        return;
    }
    let severity = if risk.is_confirmed() {
        Severity::Critical
    } else {
        risk.severity()
    };
    let why = format!(
        "{} is {} at {} risk for Entra",
        seen.user(),
        if risk.is_confirmed() {
            "confirmed as compromised,"
        } else {
            "held to be"
        },
        risk.level
    );
    hits.push(hit(seen, severity, why, &risk).keyed("state"));
}

fn hit(seen: &Seen<'_>, severity: Severity, why: String, risk: &Risk) -> Hit {
    Hit::of(seen, severity, why)
        .because("riskLevel", &risk.level)
        .because("riskState", &risk.state)
        .silent_if("the risk had been remediated, dismissed or confirmed as safe")
}

fn named(kinds: &str) -> String {
    match kinds {
        "" => String::new(),
        kinds => format!(": {}", quoted(kinds)),
    }
}
