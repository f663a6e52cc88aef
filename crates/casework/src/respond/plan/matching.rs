//! Which thing that stands in the tenant is the one that a record speaks of.

use super::{Policy, Scope};
use crate::respond::footholds::{Foothold, FootholdKind, Sign};
use crate::respond::live::{Found, Live};
use crate::respond::names::{is_guid, last};
use crate::respond::object::{Object, ObjectKind};
use std::collections::BTreeSet;

/// A record and the service that made the thing agree about its moment to this many seconds.
const NEAR: i64 = 10 * 60;

/// A step before it is known how its object stands.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'f> {
    /// The action.
    pub(crate) action: &'static str,
    /// What it is done to.
    pub(crate) object: Object,
    /// What it is, in words.
    pub(crate) words: String,
    /// What the records show of it, and whether it is surely that.
    pub(crate) reasons: Vec<(&'f Foothold, bool)>,
}

/// What follows from records and what stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drafts<'f> {
    /// What could be done.
    pub(crate) steps: Vec<Draft<'f>>,
    /// The footholds of which nothing stands any more, as far as was read.
    pub(crate) gone: Vec<&'f Foothold>,
    /// What stands and no record speaks of, in words.
    pub(crate) kept: Vec<String>,
}

/// Returns what could be done, in no order.
pub(crate) fn drafts<'f>(
    live: &Live,
    footholds: &'f [Foothold],
    policy: &Policy,
    scope: Scope,
) -> Drafts<'f> {
    let mut drafts = Drafts::default();
    if scope == Scope::User {
        about_the_account(live, policy, &mut drafts);
    }
    let mut spoken_of = BTreeSet::new();
    let is_of_tenant = scope == Scope::Tenant;
    let own = footholds
        .iter()
        .filter(|one| one.kind.is_of_tenant() == is_of_tenant);
    for foothold in own {
        let matched = matched(live, foothold);
        if matched.is_empty() {
            drafts.gone.push(foothold);
        }
        for (place, is_sure) in matched {
            spoken_of.insert(place);
            let found = &live.found[place];
            for action in actions(found.kind, policy) {
                add(&mut drafts, action, found, foothold, is_sure);
            }
        }
    }
    let left = live.found.iter().enumerate();
    let left = left.filter(|(place, found)| !spoken_of.contains(place) && is_told(found));
    drafts.kept = left.map(|(_, found)| found.words.clone()).collect();
    drafts
}

/// An application or an old secret of one, or another account, is no thing of the account: it was
/// only looked at for what a record says of it.
fn is_told(found: &Found) -> bool {
    !matches!(
        found.kind,
        FootholdKind::Application
            | FootholdKind::Credential
            | FootholdKind::AppRole
            | FootholdKind::Account
            | FootholdKind::Password
    )
}

/// Whoever was intruded on is cut off from the intruder, whatever else there is.
fn about_the_account(live: &Live, policy: &Policy, drafts: &mut Drafts<'_>) {
    let Some(account) = &live.account else {
        return;
    };
    let synced = if account.is_synced { "yes" } else { "" };
    let user = |kind| {
        Object::new(&live.tenant, kind, &account.upn, &account.id, &account.name)
            .with("synced", synced)
            .with("onPremises", &account.on_premises)
    };
    let always = ["block-sign-in", "revoke-sessions", "reset-password"];
    let asked = ["block-by-policy", "confirm-compromised", "purge-sent"];
    let asked = asked.into_iter().filter(|id| policy.asked.contains(*id));
    let spared = policy.protected.iter().filter(|name| is_guid(name));
    let spared: Vec<&str> = spared.map(String::as_str).collect();
    for action in always.into_iter().chain(asked) {
        let object = match action {
            // A policy has to name whom it never holds for.
            "block-by-policy" => user(ObjectKind::User).with("spared", &spared.join(",")),
            _ => user(ObjectKind::User),
        };
        drafts.steps.push(Draft {
            action,
            object,
            words: format!("the account {}", account.upn),
            reasons: Vec::new(),
        });
    }
    let action = "disable-protocols";
    if policy.asked.contains(action) {
        drafts.steps.push(Draft {
            action,
            object: user(ObjectKind::Mailbox),
            words: format!("the mailbox {}", account.upn),
            reasons: Vec::new(),
        });
    }
}

fn add<'f>(
    drafts: &mut Drafts<'f>,
    action: &'static str,
    found: &Found,
    foothold: &'f Foothold,
    is_sure: bool,
) {
    let same = drafts
        .steps
        .iter_mut()
        .find(|step| step.action == action && step.object == found.object);
    match same {
        Some(step) => step.reasons.push((foothold, is_sure)),
        None => drafts.steps.push(Draft {
            action,
            object: found.object.clone(),
            words: found.words.clone(),
            reasons: vec![(foothold, is_sure)],
        }),
    }
}

/// What is done to a thing of a kind: what keeps the evidence, and on request what removes it.
fn actions(kind: FootholdKind, policy: &Policy) -> Vec<&'static str> {
    let one = match kind {
        // Whoever made an account, or set its password, can use it.
        FootholdKind::Account => return vec!["block-sign-in", "revoke-sessions"],
        FootholdKind::Password => return vec!["revoke-sessions", "reset-password"],
        FootholdKind::AuditBypass => "end-audit-bypass",
        FootholdKind::AuditOff => "switch-audit-on",
        FootholdKind::InboxRule => "disable-rule",
        FootholdKind::SweepRule => "disable-sweep-rule",
        FootholdKind::Forwarding => "clear-forwarding",
        FootholdKind::AutoReply => "auto-reply-off",
        FootholdKind::FullAccess => "remove-mailbox-permission",
        FootholdKind::SendAs => "remove-recipient-permission",
        FootholdKind::SendOnBehalf => "remove-send-on-behalf",
        FootholdKind::FolderRight => "remove-folder-permission",
        FootholdKind::Grant => "revoke-grant",
        FootholdKind::AppRole => "revoke-app-role",
        FootholdKind::Application => "disable-service-principal",
        FootholdKind::Credential => "remove-app-credential",
        FootholdKind::Method => "remove-method",
        FootholdKind::Device => "disable-device",
        FootholdKind::Role => "remove-role",
        FootholdKind::Link => "expire-sharing-link",
        FootholdKind::TransportRule => "disable-transport-rule",
        FootholdKind::Connector => "disable-connector",
        FootholdKind::OutboundPolicy => "set-outbound-autoforward-off",
    };
    let mut all = vec![one];
    if kind == FootholdKind::InboxRule && policy.asked.contains("remove-rule") {
        all.push("remove-rule");
    }
    all
}

/// Returns the places of what a foothold speaks of, and whether surely. Where one thing is surely
/// meant, no other is meant at all.
fn matched(live: &Live, foothold: &Foothold) -> Vec<(usize, bool)> {
    let all = live.found.iter().enumerate();
    let mut matched: Vec<(usize, bool)> = all
        .filter(|(_, found)| found.kind == foothold.kind && is_in_place(live, foothold, found))
        .filter_map(|(place, found)| Some((place, judge(live, foothold, found)?)))
        .collect();
    if matched.iter().any(|(_, is_sure)| *is_sure) {
        matched.retain(|(_, is_sure)| *is_sure);
    }
    // Two of one name cannot both be meant by it: nobody ticks them but a person.
    let is_by_name = |(place, _): &(usize, bool)| !shares_id(foothold, &live.found[*place]);
    if foothold.kind == FootholdKind::InboxRule && matched.len() > 1 {
        for one in &mut matched {
            one.1 = one.1 && !is_by_name(one);
        }
    }
    matched
}

/// Returns what stands where a foothold was and may be it or not: rights and forwardings are named
/// by an address here, by an alias or a number there.
pub(super) fn may_be<'l>(live: &'l Live, foothold: &Foothold) -> Vec<&'l Found> {
    let is_whole = |signs: &BTreeSet<Sign>| {
        has(signs, |sign| match sign {
            Sign::Trustee(name) => name.contains('@'),
            Sign::Address(_) => true,
            _ => false,
        })
    };
    let is_named_freely = matches!(
        foothold.kind,
        FootholdKind::FullAccess
            | FootholdKind::SendAs
            | FootholdKind::SendOnBehalf
            | FootholdKind::FolderRight
            | FootholdKind::Forwarding
    );
    let candidates = live.found.iter().filter(|found| {
        is_named_freely && found.kind == foothold.kind && is_in_place(live, foothold, found)
    });
    let is_whole_there = is_whole(&foothold.signs);
    candidates
        .filter(|found| !(is_whole_there && is_whole(&found.signs)))
        .collect()
}

/// Returns whether a thing is where the record says: in that mailbox, of that account.
fn is_in_place(live: &Live, foothold: &Foothold, found: &Found) -> bool {
    let has_no_owner = found.object.user.is_empty() || foothold.owner.is_empty();
    has_no_owner || live.is_one(&foothold.owner, &found.object.user)
}

fn shares_id(foothold: &Foothold, found: &Found) -> bool {
    shares(foothold, found, |sign| matches!(sign, Sign::Id(_)))
}

fn shares(foothold: &Foothold, found: &Found, of: impl Fn(&Sign) -> bool) -> bool {
    let mut both = foothold.signs.intersection(&found.signs);
    both.any(of)
}

fn has(signs: &BTreeSet<Sign>, of: impl Fn(&Sign) -> bool) -> bool {
    signs.iter().any(of)
}

/// Returns whether a thing is surely, or only perhaps, the one that a foothold speaks of.
fn judge(live: &Live, foothold: &Foothold, found: &Found) -> Option<bool> {
    let shares = |of: fn(&Sign) -> bool| shares(foothold, found, of);
    let id = shares(|sign| matches!(sign, Sign::Id(_)));
    let name = shares(|sign| matches!(sign, Sign::Name(_)));
    let address = shares(|sign| matches!(sign, Sign::Address(_)));
    match foothold.kind {
        FootholdKind::InboxRule => {
            let has_id = has(&foothold.signs, |sign| matches!(sign, Sign::Id(_)));
            perhaps(id || (name && !has_id), name || address)
        }
        FootholdKind::SweepRule => perhaps(id || name, false),
        FootholdKind::Forwarding => perhaps(address || name, false),
        FootholdKind::AutoReply => perhaps(name, false),
        FootholdKind::FullAccess | FootholdKind::SendAs | FootholdKind::SendOnBehalf => {
            trustee(live, foothold, found)
        }
        FootholdKind::FolderRight => {
            let trustee = trustee(live, foothold, found)?;
            shares(|sign| matches!(sign, Sign::Folder(_))).then_some(trustee)
        }
        FootholdKind::Grant => grant(live, foothold, found),
        FootholdKind::AppRole => {
            let is_permission = shares(|sign| matches!(sign, Sign::Permission(_)));
            perhaps(is_app(live, foothold, found) && is_permission, false)
        }
        FootholdKind::Application => perhaps(is_app(live, foothold, found), false),
        FootholdKind::Credential => perhaps(id, false),
        FootholdKind::Method => method(foothold, found),
        FootholdKind::Device => perhaps(id, name),
        FootholdKind::Role => {
            let is_role = shares(|sign| matches!(sign, Sign::Permission(_)));
            let is_apps = has(&foothold.signs, |sign| matches!(sign, Sign::Principal(_)));
            let is_its = shares(|sign| matches!(sign, Sign::Principal(_)));
            perhaps((is_role || name) && is_its == is_apps, false)
        }
        FootholdKind::Link => {
            let is_same_file = shares(|sign| matches!(sign, Sign::Url(_)));
            let is_for_all = shares(|sign| matches!(sign, Sign::ForAll));
            perhaps(id, is_same_file && is_for_all)
        }
        // Set again since then, it is no more the one that the intruder knows.
        FootholdKind::Password => {
            let is_another = match (foothold.time, found.made) {
                (Some(theirs), Some(here)) => here.0 - theirs.0 > NEAR * 1_000_000,
                _ => false,
            };
            perhaps(name && !is_another, false)
        }
        FootholdKind::Account | FootholdKind::AuditBypass | FootholdKind::AuditOff => {
            perhaps(name, false)
        }
        FootholdKind::TransportRule | FootholdKind::Connector | FootholdKind::OutboundPolicy => {
            perhaps(id || name, false)
        }
    }
}

fn perhaps(is_sure: bool, is_likely: bool) -> Option<bool> {
    (is_sure || is_likely).then_some(is_sure)
}

/// One person has many names: the whole one is sure, what stands before the `@` is a hint.
fn trustee(live: &Live, foothold: &Foothold, found: &Found) -> Option<bool> {
    let names = |signs: &BTreeSet<Sign>| -> Vec<String> {
        let names = signs.iter().filter_map(|sign| match sign {
            Sign::Trustee(name) => Some(name.clone()),
            _ => None,
        });
        names.collect()
    };
    let (theirs, here) = (names(&foothold.signs), names(&found.signs));
    let pairs = || {
        let theirs = theirs.iter();
        theirs.flat_map(|left| here.iter().map(move |right| (left, right)))
    };
    let is_sure = pairs().any(|(left, right)| left == right || live.is_one(left, right));
    let local = |name: &str| last(name).split('@').next().unwrap_or_default().to_owned();
    // Two whole addresses that differ are two people.
    let is_likely = pairs().any(|(left, right)| {
        let is_whole = left.contains('@') && right.contains('@');
        !is_whole && !local(left).is_empty() && local(left) == local(right)
    });
    perhaps(is_sure, is_likely)
}

/// A record names an application by its own id or by its service principal's.
fn is_app(live: &Live, foothold: &Foothold, found: &Found) -> bool {
    let of = |sign: &Sign| matches!(sign, Sign::App(_) | Sign::Principal(_));
    if shares(foothold, found, of) {
        return true;
    }
    let principals = found.signs.iter().filter_map(|sign| match sign {
        Sign::Principal(id) => Some(id),
        _ => None,
    });
    let apps = principals.filter_map(|id| {
        let mut apps = live.apps.iter();
        apps.find(|(principal, _)| principal.eq_ignore_ascii_case(id))
    });
    let mut ids = apps.map(|(_, app)| Sign::App(app.app.clone()));
    ids.any(|sign| foothold.signs.contains(&sign))
}

fn grant(live: &Live, foothold: &Foothold, found: &Found) -> Option<bool> {
    if shares_id(foothold, found) {
        return Some(true);
    }
    if !is_app(live, foothold, found) {
        return None;
    }
    let is_for_all = |signs: &BTreeSet<Sign>| signs.contains(&Sign::ForAll);
    match (is_for_all(&foothold.signs), is_for_all(&found.signs)) {
        // What an administrator gave to everybody is not what one person gave.
        (false, true) => None,
        (theirs, here) => Some(theirs == here),
    }
}

fn method(foothold: &Foothold, found: &Found) -> Option<bool> {
    let shares = |of: fn(&Sign) -> bool| shares(foothold, found, of);
    let is_near = match (foothold.time, found.made) {
        (Some(theirs), Some(here)) => (theirs.0 - here.0).abs() <= NEAR * 1_000_000,
        _ => false,
    };
    let is_own = shares(|sign| matches!(sign, Sign::Id(_) | Sign::Phone(_)));
    let is_named = shares(|sign| matches!(sign, Sign::Name(_)));
    let is_of_kind = shares(|sign| matches!(sign, Sign::MethodKind(_)));
    let says_kind = has(&foothold.signs, |sign| matches!(sign, Sign::MethodKind(_)));
    let says_id = has(&foothold.signs, |sign| {
        matches!(sign, Sign::Id(_) | Sign::Phone(_))
    });
    let is_sure = is_own || (is_near && (is_named || is_of_kind));
    // A method known to be another one, or of another kind, is not the one.
    let is_likely = is_named || (is_near && !says_kind && !says_id);
    perhaps(is_sure, is_likely)
}
