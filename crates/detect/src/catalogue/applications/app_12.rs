//! APP-12: people may consent to more than before.

use super::subject::{changes, is_microsofts, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;
use model::bags::Property;

const ABOUT: About = About {
    id: "APP-12",
    title: "Consent policy weakened",
    decides: "The authorization policy or the directory settings let people consent to risky \
              applications, or to any application, and did not before.",
    severity: "high; medium for known administrators",
    benign: "An administrator who opens consent on purpose should be asked all the same. Tightening and \
             changes of other settings are silent.",
    attack: &["T1562"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of this change was at hand.",
};

/// With this policy people consent to any application for themselves.
const CONSENT_TO_ALL: &str = "microsoft-user-default-legacy";

pub(super) struct App12;

impl Detection for App12 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Update authorization policy",
            "Set directory settings",
            "Create settings object",
            "Update settings object",
            "Set Company Information",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_microsofts(seen) || !seen.is_done() {
            return;
        }
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let severity = if is_known_admin {
            Severity::Medium
        } else {
            Severity::High
        };
        for one in changes(seen) {
            if let Some(what) = weakened(&one) {
                let why = format!("{} lets people consent to {what}", seen.person());
                hits.push(
                    Hit::of(seen, severity, why)
                        .keyed(&one.name)
                        .compared(
                            &one.name,
                            one.value.chars().take(400).collect::<String>(),
                            one.before.chars().take(400).collect::<String>(),
                        )
                        .silent_if("the value had been so before"),
                );
            }
        }
    }
}

fn weakened(one: &Property) -> Option<&'static str> {
    let holds = |text: &str, what: &str| {
        texts(text)
            .iter()
            .any(|text| text.to_ascii_lowercase().contains(what))
    };
    let turned = |to: &str| {
        let is = |text: &str| texts(text).iter().any(|text| text.eq_ignore_ascii_case(to));
        is(&one.value) && !is(&one.before)
    };
    match one.name.to_ascii_lowercase().as_str() {
        "allowuserconsentforriskyapps" if turned("true") => Some("risky applications"),
        "blockuserconsentforriskyapps" if turned("false") => Some("risky applications"),
        "userstoconsentforapps" | "permissions.userstoconsentforapps" if turned("true") => {
            Some("any application")
        }
        name if name.contains("permissiongrantpolic")
            && holds(&one.value, CONSENT_TO_ALL)
            && !holds(&one.before, CONSENT_TO_ALL) =>
        {
            Some("any application")
        }
        // Directory settings keep all their values in one text.
        "settingsvalue" | "values" => in_settings(&one.value, &one.before),
        _ => None,
    }
}

fn in_settings(value: &str, before: &str) -> Option<&'static str> {
    let plain = |text: &str| -> String {
        let text = text.to_ascii_lowercase();
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect()
    };
    let (value, before) = (plain(value), plain(before));
    [
        "blockuserconsentforriskyappsfalse",
        "blockuserconsentforriskyappsvaluefalse",
    ]
    .iter()
    .any(|text| value.contains(text) && !before.contains(text))
    .then_some("risky applications")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settings_text_is_read_without_its_signs() {
        let value = r#"[{"Name":"BlockUserConsentForRiskyApps","Value":"false"}]"#;
        assert_eq!(in_settings(value, ""), Some("risky applications"));
        assert_eq!(in_settings(value, value), None);
    }
}
