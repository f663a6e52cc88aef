//! What Entra ID Protection says of a sign-in or a person, in every dress.

use crate::seen::Seen;
use model::Json;
use model::Severity;
use model::bags::each_object;

/// Risk as Entra states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Risk {
    /// `low`, `medium`, `high`; in lower case.
    pub(super) level: String,
    /// `atrisk`, `confirmedcompromised`, `remediated`, ...; in lower case.
    pub(super) state: String,
    /// What was detected.
    pub(super) kinds: String,
}

impl Risk {
    /// Reads what a sign-in or a risky user says.
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        let mut risk = Self::default();
        risk.take(seen.body());
        each_object(seen.body().get_any_case("properties"), &mut |inner| {
            risk.take(inner);
        });
        if risk.state.is_empty() {
            risk.state = seen.word(crate::gather::RESULT).to_lowercase();
        }
        risk
    }

    fn take(&mut self, body: &Json<'_>) {
        let word = |key: &str| {
            let word = body.get_any_case(key).and_then(Json::as_word);
            word.unwrap_or_default().trim().to_lowercase()
        };
        for key in ["riskLevelDuringSignIn", "riskLevel", "riskLevelAggregated"] {
            if weight(&self.level) < weight(&word(key)) {
                self.level = word(key);
            }
        }
        if self.state.is_empty() {
            self.state = word("riskState");
        }
        for key in ["riskEventTypes_v2", "riskEventTypes", "riskEventType"] {
            if self.kinds.is_empty()
                && let Some(value) = body.get_any_case(key)
            {
                self.kinds = words(value);
            }
        }
    }

    /// Returns the severity that the level says.
    pub(super) fn severity(&self) -> Severity {
        Severity::of_name(&self.level).unwrap_or_default()
    }

    /// Returns whether somebody confirmed that the account is in other hands.
    pub(super) fn is_confirmed(&self) -> bool {
        self.state == "confirmedcompromised"
    }

    /// Returns whether the risk is settled: nothing to look at any more.
    pub(super) fn is_settled(&self) -> bool {
        matches!(
            self.state.as_str(),
            "remediated" | "dismissed" | "confirmedsafe"
        )
    }

    /// Returns whether there is any.
    pub(super) fn is_any(&self) -> bool {
        self.is_confirmed() || weight(&self.level) > 0
    }
}

fn weight(level: &str) -> u8 {
    match level {
        "low" => 1,
        "medium" => 2,
        "high" => 3,
        _ => 0,
    }
}

/// A list, a list as text, or a word.
fn words(value: &Json<'_>) -> String {
    let listed: Vec<&str> = value.items().iter().filter_map(Json::as_word).collect();
    if !listed.is_empty() {
        return listed.join(", ");
    }
    let text = value.as_word().unwrap_or_default();
    text.trim_matches(|sign: char| matches!(sign, '[' | ']' | '"' | ' '))
        .replace('"', "")
}
