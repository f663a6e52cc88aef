//! TMS-02: Teams lets strangers or unknown applications in.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "TMS-02",
    title: "Teams opened to strangers or unknown applications",
    decides: "A tenant setting of Teams that is turned on: external or consumer access, guests, e-mail into \
              channels, sideloading of applications.",
    severity: "medium; low for known administrators",
    benign: "Administrators open Teams on purpose, once: name them. Turning off is silent.",
    attack: &["T1562"],
    sources: &[Source::Teams],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of such a setting was at hand.",
};

const SETTINGS: &[&str] = &[
    "allowfederatedusers",
    "allowteamsconsumer",
    "allowteamsconsumerinbound",
    "allowpublicusers",
    "allowguestuser",
    "allowguestaccess",
    "allowguestsinteams",
    "allowsideloading",
    "sideload",
    "sideloaded",
    "allowexternal",
    "externalaccess",
    "allowemailintochannel",
    "allowthirdpartyapps",
    "allowuserpinning",
];

pub(super) struct Tms02;

impl Detection for Tms02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "TeamsTenantSettingChanged",
            "Set-CsTenantFederationConfiguration",
            "Set-CsExternalAccessPolicy",
            "Set-CsTeamsClientConfiguration",
            "Set-CsTeamsAppSetupPolicy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() || !seen.is_done() {
            return;
        }
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let severity = if is_known_admin {
            Severity::Low
        } else {
            Severity::Medium
        };
        for (name, value, before) in settings(seen) {
            if is_opening(&name, &value, &before) {
                let why = format!("{} turned on {} in Teams", seen.person(), quoted(&name));
                hits.push(
                    Hit::of(seen, severity, why)
                        .keyed(&name)
                        .compared(&name, value, before)
                        .silent_if("it had been on before, or were turned off"),
                );
            }
        }
    }
}

fn settings(seen: &Seen<'_>) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = seen
        .changes()
        .iter()
        .chain(seen.parameters().iter())
        .map(|one| (one.name.clone(), one.value.clone(), one.before.clone()))
        .collect();
    let own = ["Name", "NewValue", "OldValue"].map(|key| seen.word(key).to_owned());
    let [name, value, before] = own;
    if !name.is_empty() {
        found.push((name, value, before));
    }
    found
}

fn is_opening(name: &str, value: &str, before: &str) -> bool {
    let letters: String = name
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let is_on = |text: &str| {
        let text = text.trim().trim_start_matches('$').to_lowercase();
        matches!(text.as_str(), "true" | "on" | "enabled" | "1" | "allowed")
    };
    SETTINGS.iter().any(|own| letters.contains(own)) && is_on(value) && !is_on(before)
}
