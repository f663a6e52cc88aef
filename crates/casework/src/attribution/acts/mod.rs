//! The few records that change who can do what: consents, permissions, rules, devices, evictions.
//!
//! These are kept one by one; everything else a tenant does is only counted.

mod deed;
mod targets;

pub(super) use deed::Deed;

use super::platform;
use model::bags::{Bag, Property, body};
use model::{Event, Family, Json, Outcome, Timestamp};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// One deed, as its record tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Act {
    /// The record.
    pub(super) record: String,
    /// When.
    pub(super) time: Option<Timestamp>,
    /// What it is.
    pub(super) deed: Deed,
    /// The operation, as the record names it.
    pub(super) action: String,
    /// Who did it, lower case.
    pub(super) actor: String,
    /// Their other id.
    pub(super) actor_key: String,
    /// Whether it was the platform itself.
    pub(super) by_system: bool,
    /// Whether the record is a sign-in.
    pub(super) is_sign_in: bool,
    /// Whether it was done: a refused consent gives nothing.
    pub(super) done: bool,
    /// From which public address.
    pub(super) ip: Option<IpAddr>,
    /// The session; most directory records have none.
    pub(super) session: String,
    /// The token.
    pub(super) token: String,
    /// The mailbox it is about, as the record names it.
    pub(super) mailbox: String,
    /// Ids and names of what it was done to.
    pub(super) targets: BTreeSet<String>,
    /// Applications it gives something to or takes something from.
    pub(super) apps: BTreeSet<String>,
    /// Other ids in it: object ids of service principals, devices.
    pub(super) ids: BTreeSet<String>,
    /// The permissions it gives, in the record's words.
    pub(super) scopes: String,
    /// Names and ids of the rule.
    pub(super) rules: BTreeSet<String>,
    /// Who gets a right in the mailbox.
    pub(super) grantees: BTreeSet<String>,
    /// Addresses that mail is sent on to.
    pub(super) forwards: BTreeSet<String>,
    /// Whether it deletes or hides mail.
    pub(super) hides: bool,
}

/// Returns the deed that a record is, if it is one that must be remembered.
pub(super) fn read(event: &Event<'_>) -> Option<Act> {
    let named = deed::of_name(&event.action);
    if named.is_none() && !deed::is_by_content(&event.action) {
        return None;
    }
    let rest = body(&event.rest);
    let parameters: Bag = ["Parameters", "OperationProperties"]
        .into_iter()
        .flat_map(|key| Bag::read(&rest, key))
        .collect();
    let changed = Bag::read_changes(&rest);
    let deed = match named {
        Some(deed) => refined(deed, &event.action, &parameters, &changed)?,
        None => by_content(&parameters, &changed)?,
    };
    let mut act = bare(event, deed);
    read_targets(&mut act, event, &rest, &changed);
    read_cmdlet(&mut act, &parameters);
    if act.deed == Deed::Permission {
        read_folder_permission(&mut act, &rest);
        act.grantees.retain(|grantee| is_somebody(grantee));
        if act.grantees.is_empty() {
            return None;
        }
    }
    Some(act)
}

/// States of a risk that somebody judged to be none, in lower case.
const NO_RISK: [&str; 3] = ["dismissed", "confirmedsafe", "none"];

/// Returns the risk that Microsoft saw, if the record is one that still stands: a detection, a
/// risky user, or a sign-in that it held for risky.
pub(super) fn risk(event: &Event<'_>) -> Option<Act> {
    let stands = match event.family {
        Family::Risk => !NO_RISK.contains(&&*event.result.to_ascii_lowercase()),
        Family::SignIn => event.outcome == Outcome::Success && is_risky(&event.rest),
        _ => false,
    };
    stands.then(|| bare(event, Deed::Risk))
}

/// Every sign-in has the keys, few have a risk: the text is searched and not read.
fn is_risky(rest: &str) -> bool {
    const RISKY: [&str; 5] = [
        "iskLevelDuringSignIn\":\"high\"",
        "iskLevelDuringSignIn\":\"medium\"",
        "iskLevelAggregated\":\"high\"",
        "iskState\":\"atRisk\"",
        "iskState\":\"confirmedCompromised\"",
    ];
    RISKY.iter().any(|text| rest.contains(text))
}

fn bare(event: &Event<'_>, deed: Deed) -> Act {
    let mailbox = if event.mailbox.is_empty() {
        &event.object
    } else {
        &event.mailbox
    };
    Act {
        record: event.id.as_str().to_owned(),
        time: event.time,
        deed,
        action: event.action.to_string(),
        actor: event.user.to_string(),
        actor_key: event.user_key.to_string(),
        by_system: event.user_kind == model::ActorKind::System,
        is_sign_in: super::strand::is_sign_in(event),
        done: event.outcome != Outcome::Failure,
        ip: super::strand::public(event.address),
        session: event.session.to_string(),
        token: event.token.to_string(),
        mailbox: mailbox.to_string(),
        targets: BTreeSet::new(),
        apps: BTreeSet::new(),
        ids: BTreeSet::new(),
        scopes: String::new(),
        rules: BTreeSet::new(),
        grantees: BTreeSet::new(),
        forwards: BTreeSet::new(),
        hides: false,
    }
}

/// Tells apart what one operation name stands for.
fn refined(deed: Deed, action: &str, parameters: &Bag, changed: &Bag) -> Option<Deed> {
    let action = action.to_ascii_lowercase();
    if action == "updateinboxrules" {
        let operation = parameters.get("RuleOperation").unwrap_or_default();
        let removes = operation.to_ascii_lowercase();
        let is_removal = removes.contains("remove") || removes.contains("delete");
        return Some(if is_removal { Deed::RuleEnd } else { deed });
    }
    if action.starts_with("update application") || action.starts_with("update service principal") {
        return update_of_app(changed);
    }
    Some(deed)
}

/// An update of an application matters where it adds a secret or asks for permissions, or
/// switches the application off.
fn update_of_app(changed: &Bag) -> Option<Deed> {
    let is_empty = |text: &str| {
        text.chars()
            .all(|c| c.is_whitespace() || "[]\"".contains(c))
    };
    let adds = |one: &Property| {
        let name = one.name.to_ascii_lowercase();
        let matters = [
            "keydescription",
            "requiredresourceaccess",
            "passwordcredentials",
        ];
        matters.contains(&&*name) && !is_empty(&one.value) && one.value.len() > one.before.len()
    };
    let switched_off = |one: &Property| {
        one.name.eq_ignore_ascii_case("AccountEnabled")
            && one.value.to_lowercase().contains("false")
    };
    if changed.iter().any(switched_off) {
        return Some(Deed::Ungrant);
    }
    changed.iter().any(adds).then_some(Deed::Credential)
}

fn by_content(parameters: &Bag, changed: &Bag) -> Option<Deed> {
    let is_set = |value: &str| !value.trim().is_empty();
    let forwarding = ["ForwardingSmtpAddress", "ForwardingAddress"];
    let forwards: Vec<&str> = forwarding
        .iter()
        .filter_map(|name| parameters.get(name))
        .collect();
    if forwards.iter().any(|value| is_set(value)) {
        return Some(Deed::Rule);
    }
    if !forwards.is_empty() {
        return Some(Deed::RuleEnd);
    }
    if parameters.get("GrantSendOnBehalfTo").is_some_and(is_set) {
        return Some(Deed::Permission);
    }
    changed.iter().find_map(|one| {
        let new = one.value.to_ascii_lowercase();
        match one.name.to_ascii_lowercase().as_str() {
            "accountenabled" if new.contains("false") => Some(Deed::Disable),
            "accountenabled" if new.contains("true") => Some(Deed::Enable),
            "stsrefreshtokensvalidfrom" => Some(Deed::Revoke),
            "strongauthenticationmethod"
            | "strongauthenticationphoneappdetail"
            | "strongauthenticationuserdetails" => Some(Deed::Method),
            _ => None,
        }
    })
}

/// Properties of a directory record that hold the application's own id and not a resource's.
const APP_PROPERTIES: [&str; 7] = [
    "appid",
    "appprincipalid",
    "application.appid",
    "serviceprincipal.appid",
    "serviceprincipal.name",
    "serviceprincipalname",
    "targetid.serviceprincipalnames",
];

fn read_targets(act: &mut Act, event: &Event<'_>, rest: &Json<'_>, changed: &Bag) {
    act.targets = targets::targets(rest)
        .iter()
        .map(|text| text.to_lowercase())
        .collect();
    act.targets.insert(event.object.to_lowercase());
    let named: Vec<String> = act
        .targets
        .iter()
        .flat_map(|text| targets::guids(text))
        .collect();
    act.ids.extend(named);
    for one in changed {
        let name = one.name.to_ascii_lowercase();
        let found = targets::guids(&one.value);
        let found = if found.is_empty() {
            targets::guids(&one.before)
        } else {
            found
        };
        if APP_PROPERTIES.contains(&&*name) {
            let apps = found.iter().filter(|app| platform::can_be_indicator(app));
            act.apps.extend(apps.cloned());
        }
        // Who acted is in the bag too, under `ActorId.` and `SPN`; they are given nothing.
        let is_actors = name.starts_with("actorid.") || name == "spn";
        if !is_actors {
            act.ids.extend(found);
        }
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_scope = matches!(last, "scope" | "permissions") || name == "approle.value";
        if is_scope && !one.value.is_empty() {
            act.scopes.push_str(&one.value);
            act.scopes.push(' ');
        }
        let is_device_name = matches!(last, "displayname") && act.deed == Deed::Device;
        if is_device_name {
            let called = one
                .value
                .trim_matches(|c: char| c.is_whitespace() || "[]\"".contains(c));
            act.targets.insert(called.to_lowercase());
        }
        if name == "user.upn" || name == "user.objectid" {
            act.targets
                .insert(one.value.trim_matches('"').to_lowercase());
        }
    }
    let is_app_deed = matches!(act.deed, Deed::Consent | Deed::Credential | Deed::Ungrant);
    if is_app_deed && act.apps.is_empty() {
        let object = targets::guids(&event.object);
        act.apps.extend(
            object
                .into_iter()
                .filter(|app| platform::can_be_indicator(app)),
        );
    }
}

fn read_cmdlet(act: &mut Act, parameters: &Bag) {
    for one in parameters {
        let text = one.value.trim();
        if text.is_empty() {
            continue;
        }
        match one.name.to_ascii_lowercase().as_str() {
            "user" | "trustee" | "grantsendonbehalfto" => {
                act.grantees
                    .extend(text.split([';', ',']).map(|one| one.trim().to_lowercase()));
            }
            "name" | "rulename" | "ruleid" | "identity" => {
                act.rules.insert(text.to_owned());
            }
            "forwardto"
            | "redirectto"
            | "forwardasattachmentto"
            | "forwardingsmtpaddress"
            | "forwardingaddress"
            | "redirectmessageto"
            | "blindcopyto"
            | "copyto" => {
                act.forwards.extend(addresses(text));
            }
            "ruleactions" | "actions" => {
                act.forwards.extend(addresses(text));
                act.hides |= hides_in(text);
            }
            "deletemessage" | "softdeletemessage" | "permanentdelete" | "markasread" => {
                act.hides |= text.eq_ignore_ascii_case("true");
            }
            "movetofolder" => act.hides = true,
            _ => {}
        }
    }
    if matches!(act.deed, Deed::Rule | Deed::RuleEnd) {
        // `mailbox\name` is how cmdlets name a rule in a mailbox.
        let behind = act.targets.iter().filter_map(|text| text.rsplit_once('\\'));
        let names: Vec<String> = behind.map(|(_, name)| name.trim().to_owned()).collect();
        act.rules
            .extend(names.into_iter().filter(|name| !name.is_empty()));
    }
}

fn hides_in(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    // Names of folders may hold a `move` too: alone it must stand for itself.
    text.split(';').any(|action| action == "move")
        || ["delete", "movetofolder", "\"move\"", "markasread"]
            .iter()
            .any(|word| text.contains(word))
}

/// Returns every mail address inside a text: `smtp:a@b`, `"Ann" [SMTP:a@b]`, a list, JSON.
fn addresses(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || "[]<>()\"';,:".contains(c))
        .filter(|word| {
            word.split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        })
        .map(str::to_lowercase)
        .collect()
}

/// A folder's permission as a mailbox record tells it: the member stands in the folder.
fn read_folder_permission(act: &mut Act, rest: &Json<'_>) {
    let folder = rest
        .get_any_case("Item")
        .and_then(|item| item.get_any_case("ParentFolder"));
    let Some(folder) = folder else { return };
    let text = |key: &str| {
        folder
            .get_any_case(key)
            .and_then(Json::as_text)
            .unwrap_or_default()
    };
    let rights = text("MemberRights");
    if !rights.is_empty() && !rights.eq_ignore_ascii_case("None") {
        act.grantees.insert(text("MemberUpn").trim().to_lowercase());
    }
}

/// Returns whether a grantee is somebody: defaults and the system's own groups are nobody.
fn is_somebody(grantee: &str) -> bool {
    let nobody = [
        "",
        "default",
        "anonymous",
        "everyone",
        "owner@local",
        "member@local",
    ];
    !nobody.contains(&grantee)
        && !grantee.starts_with("nt authority\\")
        && !grantee.starts_with("s-1-1-0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_that_hides_is_seen_in_every_dress() {
        for (actions, expected) in [
            (r#"["Forward","Move"]"#, true),
            (r#""[{\"ActionType\":\"Move\"}]""#, true),
            (r#"[{"ActionType":"Move"}]"#, true),
            (r#""MoveToFolder""#, true),
            (r#"["Forward","CopyToFolder"]"#, false),
            (r#"[{"ActionType":"Copy","Folder":"on the move"}]"#, false),
        ] {
            let text = format!(r#"{{"OperationProperties":{{"Actions":{actions}}}}}"#);
            let bag = Bag::read(&body(&text), "OperationProperties");
            let actions = bag.get("actions").expect("the bag has it");
            assert_eq!(hides_in(actions), expected, "{text}");
        }
    }
}
