//! What a consent or a grant gives to which application.

use super::scopes::{Weight, heaviest};
use super::subject::{Subject, change, changes, subject, texts};
use crate::lists::apps;
use crate::seen::Seen;
use crate::world::World;
use model::bags::Property;

/// The operations of which one consent leaves one record each, within a second or two.
pub(super) const ACTIONS: &[&str] = &[
    "Consent to application",
    "Add delegated permission grant",
    "Add OAuth2PermissionGrant",
    "Add app role assignment grant to user",
    "Add service principal",
];

/// A consent that somebody gave, or a grant that stands for one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Consent {
    /// To which application.
    pub(super) subject: Subject,
    /// The permissions that are new, in the record's order, each once.
    pub(super) scopes: Vec<String>,
    /// Whether it holds for everybody in the tenant.
    pub(super) is_for_all: bool,
    /// Whether an administrator's right was used.
    pub(super) is_by_admin: bool,
    /// What the record itself remarks: `Risky application detected`.
    pub(super) remark: String,
    /// The field that names the permissions, and its value.
    pub(super) proof: (&'static str, String),
}

impl Consent {
    /// Reads a consent or a delegated grant; none for any other record.
    pub(super) fn read(seen: &Seen<'_>) -> Option<Self> {
        let changes = changes(seen);
        if seen.is_action(&["Consent to application"]) {
            return Some(Self::of_consent(seen, &changes));
        }
        if seen.is_action(&[
            "Add delegated permission grant",
            "Add OAuth2PermissionGrant",
        ]) {
            return Some(Self::of_grant(seen, &changes));
        }
        None
    }

    fn of_consent(seen: &Seen<'_>, changes: &[Property]) -> Self {
        const FIELD: &str = "ConsentAction.Permissions";
        let text = value(changes, FIELD);
        let (before, after) = text.split_once("=>").unwrap_or(("", &text));
        let is = |name: &str| value(changes, name).eq_ignore_ascii_case("true");
        Self {
            subject: subject(seen),
            scopes: new_ones(&listed(before), listed(after)),
            is_for_all: is("ConsentContext.OnBehalfOfAll")
                || after.to_ascii_lowercase().contains("allprincipals"),
            is_by_admin: is("ConsentContext.IsAdminConsent"),
            remark: value(changes, "ConsentAction.Reason"),
            proof: (FIELD, text.chars().take(400).collect()),
        }
    }

    fn of_grant(seen: &Seen<'_>, changes: &[Property]) -> Self {
        const FIELD: &str = "DelegatedPermissionGrant.Scope";
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        let found = change(changes, FIELD);
        let before = found.map_or_else(String::new, |one| texts(&one.before).join(" "));
        let after = value(changes, FIELD);
        let kind = value(changes, "DelegatedPermissionGrant.ConsentType");
        let is_for_all = kind.eq_ignore_ascii_case("AllPrincipals");
        Self {
            subject: subject(seen),
            scopes: new_ones(&words(&before), words(&after)),
            is_for_all,
            is_by_admin: is_for_all,
            remark: String::new(),
            proof: (FIELD, after),
        }
    }

    /// Returns the greatest weight among the new permissions.
    pub(super) fn weight(&self) -> Weight {
        heaviest(&self.scopes).unwrap_or(Weight::SignIn)
    }

    /// Returns whether the application keeps its access when the person is gone.
    pub(super) fn is_lasting(&self) -> bool {
        self.is_for_all
            || self
                .scopes
                .iter()
                .any(|scope| scope.eq_ignore_ascii_case("offline_access"))
    }

    /// Returns whether the application is the operator's choice, or Microsoft's own and no console.
    pub(super) fn is_expected(&self, world: &World<'_>) -> bool {
        let app = &self.subject.app;
        world.tenant.is_approved_app(app) || (apps::is_first_party(app) && !apps::is_console(app))
    }

    /// Returns the heaviest permissions, as a sentence shows them.
    pub(super) fn shown_scopes(&self) -> String {
        const SHOWN: usize = 6;
        if self.scopes.is_empty() {
            return "nothing new".to_owned();
        }
        let mut scopes: Vec<&String> = self.scopes.iter().collect();
        scopes.sort_by_key(|scope| std::cmp::Reverse(super::scopes::weight(scope)));
        let more = scopes.len().saturating_sub(SHOWN);
        let words: Vec<&str> = scopes
            .iter()
            .take(SHOWN)
            .map(|scope| scope.as_str())
            .collect();
        let words = words.join(", ");
        let words: String = words.chars().take(200).collect();
        if more > 0 {
            format!("{words} and {more} more")
        } else {
            words
        }
    }
}

fn value(changes: &[Property], name: &str) -> String {
    change(changes, name).map_or_else(String::new, |one| texts(&one.value).join(" "))
}

/// The permissions stand in a list that is no JSON: `[[Id: x, ConsentType: Principal, Scope: a b]]`,
/// in newer records with more keys behind them.
fn listed(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split("Scope:").skip(1) {
        let end = part.find([',', ']']).unwrap_or(part.len());
        found.extend(part[..end].split_whitespace().map(str::to_owned));
    }
    found
}

fn new_ones(before: &[String], after: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for scope in after {
        if !before.contains(&scope) && !found.contains(&scope) {
            found.push(scope);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_is_no_json_is_read_in_all_its_spellings() {
        for (text, expected) in [
            (
                "[[Id: a, ConsentType: Principal, Scope:  offline_access Mail.Read]]; ",
                vec!["offline_access", "Mail.Read"],
            ),
            (
                "[[Id: a, Scope: User.Read], [Id: b, Scope: Mail.Send, CreatedDateTime: x]]",
                vec!["User.Read", "Mail.Send"],
            ),
            ("[[Id: a, Scope: ]]", vec![]),
            ("[[Id: a, Scope: Mail.Read", vec!["Mail.Read"]),
            ("[]", vec![]),
        ] {
            assert_eq!(listed(text), expected, "{text}");
        }
    }
}
