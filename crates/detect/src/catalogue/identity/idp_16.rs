//! IDP-16: another tenant's word counts for more.

use super::changes::Difference;
use super::concerned::misused;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::{evidence, quoted};
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

/// Settings that take another tenant's word, in lower case.
const TRUST: &[(&str, &str)] = &[
    ("ismfaaccepted", "its second factors count"),
    ("iscompliantdeviceaccepted", "its devices count as managed"),
    (
        "ishybridazureadjoineddeviceaccepted",
        "its devices count as joined",
    ),
    ("inboundallowed", "its people come in without being asked"),
    ("issyncallowed", "it may create accounts here"),
];

const ABOUT: About = About {
    id: "IDP-16",
    title: "Cross-tenant access changed",
    decides: "Records of cross-tenant access settings; in their new values a trust in the other \
              tenant's second factors or devices, automatic redemption, or synchronisation of \
              accounts.",
    severity: "high if such a trust begins; medium for a partner that is added or changed; low \
               for one that is removed",
    benign: "Mergers and partners: planned, rare, and worth a look each time.",
    attack: &["T1484.002"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of cross-tenant access was at hand.",
};

pub(super) struct Idp16;

impl Detection for Idp16 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add a partner to cross-tenant access setting",
            "Update partner cross-tenant access setting",
            "Update a partner cross-tenant access setting",
            "Update company default cross-tenant access setting",
            "Update the company default cross-tenant access setting",
            "Delete partner specific cross-tenant access setting",
            "Create a partner cross-tenant identity sync setting",
            "Update a partner cross-tenant identity sync setting",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let changes = Difference::all(seen);
        let trust = changes
            .iter()
            .find_map(|change| Some((change, trusted(change)?)));
        let is_removed = seen.is_action(&["Delete partner specific cross-tenant access setting"]);
        let (severity, what) = match trust {
            Some((_, what)) => (Severity::High, what),
            None if is_removed => (Severity::Low, "its settings are removed"),
            None => (Severity::Medium, "its settings are new"),
        };
        let user = misused(seen);
        let words = seen.target_words();
        let tenant = words.first().map_or(seen.object(), String::as_str);
        let why = format!(
            "{} changed what counts of the tenant {}: {what}",
            user,
            quoted(tenant)
        );
        let hit = Hit::of(seen, severity, why)
            .of_user(&user)
            .keyed(tenant)
            .silent_if("no other tenant were trusted more (then it is context)");
        hits.push(match trust.map(|(change, _)| change).or(changes.first()) {
            Some(change) => hit.compared(
                &change.name,
                evidence(&change.value),
                evidence(&change.before),
            ),
            None => hit.because("Operation", seen.action()),
        });
    }
}

fn trusted(change: &Difference) -> Option<&'static str> {
    let name = change.name.to_lowercase();
    let begins = |key: &str| {
        let mut added = change.added_anywhere();
        added.any(|(path, value)| value == "true" && (path.ends_with(key) || name.ends_with(key)))
    };
    let found = TRUST.iter().find(|(key, _)| begins(key))?;
    Some(found.1)
}
