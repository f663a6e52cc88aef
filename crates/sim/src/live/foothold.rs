//! The oracle of a response: what the story's intruder can still do at the virtual moment, and
//! what of everybody else's was damaged on the way.
//!
//! It knows the intruder's hand from the story itself, not from records. A thing that was removed
//! and made again counts as the same thing when it does the same. A story goes on whatever is done
//! about it: who moves the clock past a later act of the intruder finds that done too.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::damage::{Intruders, damages};
use super::state::right;
use crate::app::{App, Grant, RoleGrant};
use crate::cloud::Cloud;
use crate::drive::SharingLink;
use crate::mailbox::{Delegate, Rule};
use crate::person::User;
use crate::record::Micros;
use crate::stroke::What;
use crate::verbs::Hand;
use crate::world::{Connector, Tenant};

/// What an intruder can still do in a tenant, and what was damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FootholdReport {
    /// Footholds that hold.
    pub can: Vec<Foothold>,
    /// Footholds that the intruder had and has no more.
    pub cannot: Vec<Foothold>,
    /// What was not the intruder's and is not as the story left it, in words.
    pub damaged: Vec<String>,
    /// UPNs of accounts that the intruder used and that are switched off, or shut out by a policy:
    /// their owners cannot work, which is the price of a response and no damage.
    pub blocked: Vec<String>,
}

impl FootholdReport {
    /// Whether a foothold of a kind still holds.
    #[must_use]
    pub fn holds(&self, kind: FootholdKind) -> bool {
        self.can.iter().any(|foothold| foothold.kind == kind)
    }

    /// Whether the intruder ever had a foothold of a kind.
    #[must_use]
    pub fn knew(&self, kind: FootholdKind) -> bool {
        let mut lost = self.cannot.iter();
        self.holds(kind) || lost.any(|foothold| foothold.kind == kind)
    }
}

/// One thing by which an intruder stays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Foothold {
    /// What kind of thing.
    pub kind: FootholdKind,
    /// UPN of the account, UPN of the mailbox, or app id of the application that it lies on; empty
    /// for the whole organisation.
    pub on: String,
    /// Which one: the session, the rule's name, the address, the device's object id, ...
    pub what: String,
    /// Since when, in microseconds.
    pub since: Micros,
}

/// A kind of foothold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FootholdKind {
    /// The password that the intruder knows is still good.
    Password,
    /// A session that the intruder holds, with its refresh token, goes on.
    Session,
    /// An inbox rule acts.
    Rule,
    /// A mailbox forwards to the intruder.
    Forwarding,
    /// Somebody has a right to a mailbox that the intruder gave.
    Delegate,
    /// A mail flow rule acts.
    TransportRule,
    /// A connector is on.
    Connector,
    /// An application acts for somebody, or for everybody, by a delegated grant.
    Grant,
    /// An application acts as itself.
    RoleGrant,
    /// A secret of an application is good.
    Credential,
    /// Somebody has a directory role that the intruder gave.
    Role,
    /// A second factor is registered.
    Method,
    /// A device is registered and switched on.
    Device,
    /// A link opens a file.
    Link,
    /// What an account does in mailboxes is not recorded.
    AuditBypass,
    /// The organisation's audit log is not written.
    AuditOff,
}

impl Cloud {
    /// Returns what the intruder of the story can still do in a tenant.
    pub(crate) fn footholds(&self, place: usize) -> FootholdReport {
        let now = self.now();
        let (stands, told) = (
            self.live.tenant(&self.world, place, now),
            self.live.told(&self.world, place, now),
        );
        let strokes = self.world.strokes.iter();
        let made = strokes.filter(|stroke| {
            stroke.tenant == place && stroke.at <= now && stroke.hand == Hand::Intruder
        });
        let mut held: BTreeMap<(FootholdKind, String, String), (Foothold, bool)> = BTreeMap::new();
        let mut intruders = Intruders::default();
        for stroke in made {
            intruders.note(&stroke.what);
            for (foothold, holds) in look(&stands, (stroke.at, now), &stroke.what) {
                let Foothold { kind, on, what, .. } = foothold.clone();
                let known = held.entry((kind, on, what));
                // A session that goes on elsewhere is as old as its first sign-in; a password that
                // the intruder sets is known whatever became of an earlier one.
                let sets = matches!(stroke.what, What::Password { .. });
                let known = known.or_insert((foothold, holds));
                known.1 |= sets && holds;
            }
        }
        let (can, cannot): (Vec<_>, Vec<_>) = held.into_values().partition(|(_, holds)| *holds);
        let names = |list: Vec<(Foothold, bool)>| list.into_iter().map(|(one, _)| one).collect();
        let blocked = stands.users.iter().enumerate().filter(|(user, user_now)| {
            let tenant: &Tenant = &stands;
            let shut = may_sign_in(&told, &told.users[*user]) && !may_sign_in(tenant, user_now);
            intruders.accounts.contains(user) && shut
        });
        FootholdReport {
            can: names(can),
            cannot: names(cannot),
            blocked: blocked.map(|(_, user)| user.upn.clone()).collect(),
            damaged: damages(&stands, &told, &intruders),
        }
    }
}

/// Returns the footholds of a stroke, and whether they hold now.
fn look(tenant: &Tenant, (since, now): (Micros, Micros), what: &What) -> Vec<(Foothold, bool)> {
    let one = |kind, on: &str, what: &str, holds: bool| {
        let foothold = Foothold {
            kind,
            on: on.to_owned(),
            what: what.to_owned(),
            since,
        };
        (foothold, holds)
    };
    let mailbox = |user: &User| user.mailbox.as_ref().map(|mailbox| mailbox.rules.clone());
    match what {
        What::Session { user, id } => {
            let user = &tenant.users[*user];
            let known = may_sign_in(tenant, user) && user.password_changed <= since;
            let open = known && user.sessions_valid_from <= since;
            vec![
                one(FootholdKind::Password, &user.upn, "password", known),
                one(FootholdKind::Session, &user.upn, id, open),
            ]
        }
        What::Password { user, after, .. } => {
            let user = &tenant.users[*user];
            let known = may_sign_in(tenant, user) && user.password_changed == after.0;
            vec![one(FootholdKind::Password, &user.upn, "password", known)]
        }
        What::Rule { user, rule } => {
            let user = &tenant.users[*user];
            let mut rules = mailbox(user).into_iter().flatten();
            let acts = rules.any(|known| known.enabled && same_rule(&known, rule));
            vec![one(FootholdKind::Rule, &user.upn, &rule.name, acts)]
        }
        What::Forwarding { user, after, .. } => {
            let user = &tenant.users[*user];
            let forwarding = user.mailbox.as_ref().map(|mailbox| &mailbox.forwarding);
            let Some(to) = after.smtp_address.as_ref().or(after.recipient.as_ref()) else {
                return Vec::new();
            };
            let forwards = forwarding.is_some_and(|forwarding| {
                forwarding.smtp_address.as_ref() == Some(to)
                    || forwarding.recipient.as_ref() == Some(to)
            });
            vec![one(FootholdKind::Forwarding, &user.upn, to, forwards)]
        }
        What::Delegate { user, delegate } => {
            let user = &tenant.users[*user];
            let known = delegates(user).any(|known| same_delegate(known, delegate));
            let what = format!("{}: {}", delegate.upn, right(&delegate.right));
            vec![one(FootholdKind::Delegate, &user.upn, &what, known)]
        }
        What::TransportRule(rule) => {
            let mut rules = tenant.transport_rules.iter();
            let acts = rules.any(|known| known.state == "Enabled" && known.name == rule.name);
            vec![one(FootholdKind::TransportRule, "", &rule.name, acts)]
        }
        What::Connector(connector) => {
            let mut all = tenant.connectors.iter();
            let is_on = all.any(|known| known.enabled && same_connector(known, connector));
            vec![one(FootholdKind::Connector, "", &connector.name, is_on)]
        }
        What::Log { after: false, .. } => {
            let silent = !tenant.settings.unified_audit;
            vec![one(FootholdKind::AuditOff, "", "unified", silent)]
        }
        What::Grant(grant) => vec![grant_holds(tenant, grant, one)],
        What::RoleGrant(grant) => {
            let app = tenant.app(&grant.principal_id);
            let mut known = tenant.role_grants.iter();
            let holds = known.any(|known| same_role_grant(known, grant)) && enabled(app);
            let on = app.map_or("", |app| app.app_id.as_str());
            vec![one(FootholdKind::RoleGrant, on, &grant.value, holds)]
        }
        What::Credential { app, credential } => {
            let app = tenant.app(app);
            let keys = app
                .map(|app| app.credentials.as_slice())
                .unwrap_or_default();
            let known = keys.iter().any(|known| known.key_id == credential.key_id);
            let on = app.map_or("", |app| app.app_id.as_str());
            let holds = known && enabled(app);
            vec![one(FootholdKind::Credential, on, &credential.key_id, holds)]
        }
        What::Role { user, role } => {
            let user = &tenant.users[*user];
            let role = tenant.roles.iter().find(|known| known.id == *role);
            let name = role.map_or("", |role| role.name);
            let member = role.is_some_and(|role| role.members.contains(&user.id));
            vec![one(FootholdKind::Role, &user.upn, name, member)]
        }
        What::Method { user, method } => {
            let user = &tenant.users[*user];
            let known = user.methods.iter().any(|known| known.id == method.id);
            vec![one(FootholdKind::Method, &user.upn, &method.id, known)]
        }
        What::Device { user, device } => {
            let user = &tenant.users[*user];
            let mut devices = user.devices.iter();
            let joined = devices.any(|known| known.id == device.id && known.enabled);
            vec![one(
                FootholdKind::Device,
                &user.upn,
                &device.object_id,
                joined,
            )]
        }
        What::Link { user, item, link } => {
            let user = &tenant.users[*user];
            let item = user.drive.items.iter().find(|known| known.id == *item);
            let name = item.map_or("", |item| item.name.as_str());
            let mut links = item.into_iter().flat_map(|item| &item.links);
            let open = links.any(|known| same_link(known, link) && known.is_open(now));
            vec![one(FootholdKind::Link, &user.upn, name, open)]
        }
        What::Audit { user, after, .. } if after.bypass => {
            let user = &tenant.users[*user];
            let silent = user
                .mailbox
                .as_ref()
                .is_some_and(|known| known.audit.bypass);
            vec![one(FootholdKind::AuditBypass, &user.upn, "bypass", silent)]
        }
        What::Audit { .. }
        | What::RuleGone { .. }
        | What::App(_)
        | What::Risk { .. }
        | What::Log { .. } => Vec::new(),
    }
}

/// Whether an account gets in at all: it is on, and no policy that is enforced shuts it out.
pub(crate) fn may_sign_in(tenant: &Tenant, user: &User) -> bool {
    let names = |list: &Value| {
        let names = list.as_array().into_iter().flatten();
        names
            .filter_map(Value::as_str)
            .any(|name| name == user.id || name == "All")
    };
    let shuts = |policy: &Value| {
        let users = &policy["conditions"]["users"];
        let controls = policy["grantControls"]["builtInControls"].as_array();
        policy["state"] == "enabled"
            && controls.is_some_and(|controls| controls.contains(&Value::from("block")))
            && names(&users["includeUsers"])
            && !names(&users["excludeUsers"])
    };
    user.enabled && !tenant.settings.more_policies.iter().any(shuts)
}

fn grant_holds(
    tenant: &Tenant,
    grant: &Grant,
    one: impl Fn(FootholdKind, &str, &str, bool) -> (Foothold, bool),
) -> (Foothold, bool) {
    let app = tenant.app(&grant.client_id);
    let person = grant.principal_id.as_ref().and_then(|id| tenant.user(id));
    let able = person.is_none_or(|person| person.enabled);
    let mut known = tenant.grants.iter();
    let holds = known.any(|known| same_grant(known, grant)) && enabled(app) && able;
    let whom = person.map_or("everybody", |person| person.upn.as_str());
    let on = app.map_or("", |app| app.app_id.as_str());
    one(FootholdKind::Grant, on, whom, holds)
}

fn enabled(app: Option<&App>) -> bool {
    app.is_some_and(|app| app.enabled)
}

pub(super) fn same_rule(known: &Rule, rule: &Rule) -> bool {
    let sorted = |rule: &Rule| rule.parameters.iter().cloned().collect::<BTreeSet<_>>();
    known.id == rule.id || known.name == rule.name && sorted(known) == sorted(rule)
}

pub(super) fn same_connector(known: &Connector, connector: &Connector) -> bool {
    known.id == connector.id
        || (known.inbound, &known.name, &known.parameters)
            == (connector.inbound, &connector.name, &connector.parameters)
}

pub(super) fn same_link(known: &SharingLink, link: &SharingLink) -> bool {
    known.id == link.id || (known.kind, known.scope) == (link.kind, link.scope)
}

pub(super) fn same_delegate(known: &Delegate, delegate: &Delegate) -> bool {
    known.right == delegate.right && known.upn.eq_ignore_ascii_case(&delegate.upn)
}

pub(super) fn same_grant(known: &Grant, grant: &Grant) -> bool {
    known.client_id == grant.client_id
        && known.resource_id == grant.resource_id
        && known.principal_id == grant.principal_id
}

pub(super) fn same_role_grant(known: &RoleGrant, grant: &RoleGrant) -> bool {
    known.principal_id == grant.principal_id
        && known.resource_id == grant.resource_id
        && known.app_role_id == grant.app_role_id
}

fn delegates(user: &User) -> impl Iterator<Item = &Delegate> {
    user.mailbox
        .iter()
        .flat_map(|mailbox| mailbox.delegates.iter())
}
