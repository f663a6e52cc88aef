//! IDP-13: the tenant's own rules of authentication or authorisation change.

use super::changes::Difference;
use super::concerned::misused;
use super::tenant_policies::{allowed_methods, host};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::{evidence, quoted};
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

/// Settings of the authorisation policy, and the value that opens a door, in lower case.
const DOORS: &[(&str, &str, Severity, &str)] = &[
    (
        "allowuserconsentforriskyapps",
        "true",
        Severity::High,
        "people may consent to risky applications",
    ),
    (
        "guestuserroleid",
        "a0b1b346-4d3e-4e8b-98f8-753987be4970",
        Severity::High,
        "guests see what members see",
    ),
    (
        "permissiongrantpolicyidsassignedtodefaultuserrole",
        "managepermissiongrantsforself.microsoft-user-default-legacy",
        Severity::High,
        "people may consent to any application",
    ),
    (
        "allowinvitesfrom",
        "everyone",
        Severity::Medium,
        "guests may invite guests",
    ),
    (
        "blockmsolpowershell",
        "false",
        Severity::Medium,
        "old PowerShell is open",
    ),
];

const ABOUT: About = About {
    id: "IDP-13",
    title: "Authentication or authorisation policy loosened",
    decides: "Old and new values of `Authentication Methods Policy Update` (a `discoveryUrl` with \
              another host, methods that are now allowed), of `Update authorization policy` \
              (consent, guests, invitations), and of security defaults.",
    severity: "high for an outside identity provider, for consent to risky or to all \
               applications, for guests with members' rights and for security defaults that go \
               off; medium for text messages, calls, invitations by everyone and old PowerShell; \
               low for any other change",
    benign: "Roll-outs of new methods: what does not open one of these doors is context.",
    attack: &["T1556.006", "T1562"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "The authorisation policy and security defaults were not seen in real records.",
};

pub(super) struct Idp13;

impl Detection for Idp13 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Authentication Methods Policy Update",
            "Update authentication methods policy",
            "Authentication Methods Policy Reset",
            "Update authorization policy",
            "Update security defaults",
            "Disable security defaults",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let user = misused(seen);
        if seen.is_action(&["Disable security defaults"]) {
            let what = "security defaults are off";
            hits.push(hit(seen, &user, Severity::High, what).because("Operation", seen.action()));
        }
        for change in Difference::all(seen) {
            if change.is_none() {
                continue;
            }
            let (severity, what) = opened(seen, &change);
            hits.push(hit(seen, &user, severity, &what).compared(
                &change.name,
                evidence(&change.value),
                evidence(&change.before),
            ));
        }
    }
}

fn hit(seen: &Seen<'_>, user: &str, severity: Severity, what: &str) -> Hit {
    Hit::of(
        seen,
        severity,
        format!("{} changed a policy: {what}", quoted(user)),
    )
    .of_user(user)
    .silent_if("old and new said the same")
}

fn opened(seen: &Seen<'_>, change: &Difference) -> (Severity, String) {
    let known: Vec<String> = change
        .old_at("discoveryurl")
        .into_iter()
        .map(host)
        .collect();
    let outside = change.added("discoveryurl").into_iter().map(host);
    if let Some(host) = outside.into_iter().find(|host| !known.contains(host)) {
        let what = format!("sign-ins are vouched for by {}", quoted(&host));
        return (Severity::High, what);
    }
    let before = allowed_methods(&change.before);
    let weak = allowed_methods(&change.value)
        .into_iter()
        .find(|id| ["sms", "voice"].contains(&id.as_str()) && !before.contains(id));
    if let Some(weak) = weak {
        return (Severity::Medium, format!("`{weak}` is allowed"));
    }
    for (key, value, severity, what) in DOORS {
        if is_set(change, key, value) {
            return (*severity, (*what).to_owned());
        }
    }
    if seen.is_action(&["Update security defaults"]) && is_set(change, "isenabled", "false") {
        return (Severity::High, "security defaults are off".to_owned());
    }
    (Severity::Low, format!("{} is new", quoted(&change.name)))
}

/// A setting is a property of its own, or a key inside of one.
fn is_set(change: &Difference, key: &str, value: &str) -> bool {
    let is_whole = change.name.eq_ignore_ascii_case(key);
    let ending = if is_whole { "" } else { key };
    change.added(ending).contains(&value)
}
