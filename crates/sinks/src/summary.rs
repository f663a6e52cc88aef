//! One card in place of many: what the storm guard held back.

use crate::card::{Card, Data, Links, State};
use model::{Severity, Timestamp};

/// An incident whose own card was held back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The incident.
    pub incident: String,
    /// How urgent it is.
    pub severity: Severity,
    /// Whom it concerns.
    pub who: String,
    /// What it is, in a line.
    pub headline: String,
}

/// Returns the card of a summary: how many there are, the most urgent first. `id` is what joins
/// its tries, `list` the page that shows all of them.
#[must_use]
pub fn summary(
    id: &str,
    tenant: &str,
    tenant_id: &str,
    held: &[Held],
    list: Option<String>,
    now: Timestamp,
) -> Card {
    let mut held: Vec<&Held> = held.iter().collect();
    held.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| a.incident.cmp(&b.incident))
    });
    let line = |one: &&Held| {
        let Held {
            incident,
            severity,
            who,
            headline,
        } = one;
        format!(
            "[{}] {incident} - {who} - {headline}",
            severity.name().to_uppercase()
        )
    };
    Card {
        incident: id.to_owned(),
        state: State::Open,
        severity: held.first().map(|one| one.severity).unwrap_or_default(),
        tenant: tenant.to_owned(),
        tenant_id: tenant_id.to_owned(),
        who: "several accounts".to_owned(),
        headline: format!(
            "{} more incidents within the hour, without a card of their own",
            held.len()
        ),
        when: now,
        what: held.iter().map(line).collect(),
        data: Data::default(),
        links: Links {
            case: list,
            ..Links::default()
        },
        ..Card::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_all_and_the_gravest_first() {
        let held = |incident: &str, severity| Held {
            incident: incident.to_owned(),
            severity,
            who: "alice@example.test".to_owned(),
            headline: "a rule hides invoices".to_owned(),
        };
        let all = [held("I-1", Severity::Low), held("I-2", Severity::Critical)];
        let card = summary("S-1", "Example", "t", &all, None, Timestamp(0));
        assert_eq!(card.severity, Severity::Critical);
        assert_eq!(
            card.what,
            [
                "[CRITICAL] I-2 - alice@example.test - a rule hides invoices",
                "[LOW] I-1 - alice@example.test - a rule hides invoices"
            ]
        );
        assert!(card.headline.starts_with("2 more incidents"));
    }
}
