//! An alert of Microsoft's, read in whatever dress it comes.

use super::names::{is_endpoint, is_of_use};
use crate::seen::Seen;
use model::bags::each_object;
use model::{Family, Json, Severity};

/// How many of the people whom an alert names are told.
const NAMED: usize = 20;

/// An alert of Microsoft's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Alert {
    /// Its own id; empty if it has none.
    pub(super) id: String,
    /// What it is called.
    pub(super) name: String,
    /// The severity as Microsoft spells it.
    pub(super) severity: String,
    /// What became of it.
    pub(super) status: String,
    /// What watched.
    pub(super) product: String,
    /// Whom it concerns, in lower case.
    pub(super) users: Vec<String>,
    /// The record that caused it, where it says.
    pub(super) cause: String,
}

impl Alert {
    /// Reads an alert; none where the record is only a part of one.
    pub(super) fn read(seen: &Seen<'_>) -> Option<Self> {
        let mut alert = match seen.fact().family {
            Family::Unified => unified(seen),
            _ => other(seen),
        };
        alert.users.truncate(NAMED);
        let is_whole = !alert.name.is_empty() && !alert.severity.is_empty();
        is_whole.then_some(alert)
    }

    /// Returns how urgent it is: Microsoft's own word, raised for names that matter in mail, and
    /// lowered for what is settled, what is about machines, and what names nobody.
    pub(super) fn weight(&self) -> Severity {
        let own = vendor(&self.severity);
        if self.is_settled() || is_endpoint(&self.product) {
            return own.min(Severity::Low);
        }
        let weight = if is_of_use(&self.name) {
            own.max(Severity::Medium)
        } else {
            own
        };
        if self.users.is_empty() {
            weight.min(Severity::Medium)
        } else {
            weight
        }
    }

    /// Returns whether somebody closed it.
    pub(super) fn is_settled(&self) -> bool {
        let status = self.status.to_ascii_lowercase();
        ["resolved", "dismissed", "closed", "redirected"].contains(&status.as_str())
    }

    fn name_user(&mut self, text: &str) {
        for part in text.split([';', ',']) {
            let user = part.trim().to_lowercase();
            let is_person = user.contains('@') && !user.contains([' ', '/', '\\']);
            if is_person && !self.users.contains(&user) {
                self.users.push(user);
            }
        }
    }
}

/// RecordTypes 40 and 98 of the unified log; what matters is JSON in a string.
fn unified(seen: &Seen<'_>) -> Alert {
    let mut alert = Alert {
        id: first(seen, &["AlertId", "AlertUri"]),
        name: first(seen, &["Name", "AlertDisplayName"]),
        severity: first(seen, &["Severity", "AlertSeverity"]),
        status: first(seen, &["Status", "AlertStatus"]),
        product: first(seen, &["Source"]),
        ..Alert::default()
    };
    alert.name_user(seen.word("AlertEntityId"));
    let mut cause = String::new();
    each_object(seen.body().get_any_case("Data"), &mut |data| {
        let word = |key: &str| data.get_any_case(key).and_then(Json::as_word);
        for key in ["eid", "f3u", "suid", "trc"] {
            alert.name_user(word(key).unwrap_or_default());
        }
        if alert.name.is_empty() {
            word("an").unwrap_or_default().clone_into(&mut alert.name);
        }
        if alert.severity.is_empty() {
            word("sev")
                .unwrap_or_default()
                .clone_into(&mut alert.severity);
        }
        word("reid").unwrap_or_default().clone_into(&mut cause);
    });
    alert.cause = cause;
    if alert.users.is_empty() {
        alert.name_user(seen.object());
        alert.name_user(seen.user());
        for word in seen.word("AlertDescription").split_whitespace().take(200) {
            alert.name_user(word.trim_matches(|sign: char| !sign.is_alphanumeric()));
        }
    }
    alert
}

/// Graph, Log Analytics, Defender's streams.
fn other(seen: &Seen<'_>) -> Alert {
    let mut alert = Alert {
        id: first(seen, &["SystemAlertId", "AlertId", "id"]),
        name: seen.action().to_owned(),
        severity: first(seen, &["severity", "AlertSeverity"]),
        status: first(seen, &["status", crate::gather::RESULT]),
        product: format!(
            "{} {} {}",
            seen.workload(),
            first(seen, &["ProductName"]),
            first(seen, &["serviceSource", "ProviderName", "DetectionSource"])
        ),
        ..Alert::default()
    };
    let nested = seen.body().get_any_case("alerts");
    each_object(nested, &mut |part| {
        if let Some(source) = part.get_any_case("serviceSource").and_then(Json::as_word) {
            alert.product.push(' ');
            alert.product.push_str(source);
        }
        entities(part, &mut alert);
    });
    alert.name_user(seen.user());
    entities(seen.body(), &mut alert);
    alert
}

fn entities(body: &Json<'_>, alert: &mut Alert) {
    for list in ["evidence", "entities"] {
        each_object(body.get_any_case(list), &mut |entity| {
            let word = |json: &Json<'_>, key: &str| {
                let found = json.get_any_case(key).and_then(Json::as_word);
                found.unwrap_or_default().to_owned()
            };
            for key in ["userPrincipalName", "Upn", "primaryAddress"] {
                alert.name_user(&word(entity, key));
            }
            each_object(entity.get_any_case("userAccount"), &mut |account| {
                alert.name_user(&word(account, "userPrincipalName"));
            });
            let (name, suffix) = (word(entity, "Name"), word(entity, "UPNSuffix"));
            let has_own = !word(entity, "userPrincipalName").is_empty();
            if !has_own && !name.is_empty() && !suffix.is_empty() {
                alert.name_user(&format!("{name}@{suffix}"));
            }
        });
    }
}

fn first(seen: &Seen<'_>, keys: &[&str]) -> String {
    let found = keys
        .iter()
        .map(|key| seen.word(key))
        .find(|word| !word.is_empty());
    found.unwrap_or_default().trim().to_owned()
}

/// Returns the severity of Microsoft's own word or number.
pub(super) fn vendor(word: &str) -> Severity {
    match word.trim() {
        "0" => Severity::Low,
        "1" => Severity::Medium,
        "2" => Severity::High,
        word => Severity::of_name(word).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(name: &str, severity: &str, status: &str, product: &str) -> Alert {
        Alert {
            name: name.to_owned(),
            severity: severity.to_owned(),
            status: status.to_owned(),
            product: product.to_owned(),
            users: vec!["ann@corp.example".to_owned()],
            ..Alert::default()
        }
    }

    #[test]
    fn what_is_settled_or_about_machines_is_context() {
        let weight =
            |name, severity, status, product| alert(name, severity, status, product).weight();
        assert_eq!(weight("Phish", "High", "Active", ""), Severity::High);
        assert_eq!(weight("Phish", "High", "Resolved", ""), Severity::Low);
        assert_eq!(weight("Malware", "High", "New", "MDATP"), Severity::Low);
        let name = "Creation of forwarding/redirect rule";
        assert_eq!(
            weight(name, "Informational", "Active", ""),
            Severity::Medium
        );
    }

    #[test]
    fn an_alert_that_names_nobody_is_no_more_than_medium() {
        let mut nobody = alert("Phish", "High", "Active", "");
        nobody.users.clear();
        assert_eq!(nobody.weight(), Severity::Medium);
    }
}
