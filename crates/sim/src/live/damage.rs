//! What of everybody else's is not as the story left it.

use std::collections::BTreeSet;

use super::foothold::{
    same_connector, same_delegate, same_grant, same_link, same_role_grant, same_rule,
};
use crate::app::{Grant, RoleGrant};
use crate::drive::SharingLink;
use crate::mailbox::{Delegate, Mailbox, Rule};
use crate::person::User;
use crate::stroke::What;
use crate::world::{Connector, Tenant};

/// What the intruder made, and which accounts were used for it.
#[derive(Default)]
pub(super) struct Intruders {
    pub(super) accounts: BTreeSet<usize>,
    rules: Vec<(usize, Rule)>,
    delegates: Vec<(usize, Delegate)>,
    forwarding: BTreeSet<usize>,
    transport_rules: BTreeSet<String>,
    connectors: Vec<Connector>,
    log: bool,
    apps: BTreeSet<String>,
    grants: Vec<Grant>,
    role_grants: Vec<RoleGrant>,
    things: BTreeSet<String>,
    roles: BTreeSet<(usize, String)>,
    audits: BTreeSet<usize>,
}

impl Intruders {
    /// Notes what a stroke of the intruder made.
    pub(super) fn note(&mut self, what: &What) {
        match what {
            What::Session { user, .. } | What::Password { user, .. } => {
                self.accounts.insert(*user);
            }
            What::Rule { user, rule } => self.rules.push((*user, rule.clone())),
            What::Delegate { user, delegate } => self.delegates.push((*user, delegate.clone())),
            What::Forwarding { user, .. } => {
                self.forwarding.insert(*user);
            }
            What::TransportRule(rule) => {
                self.transport_rules.insert(rule.name.clone());
            }
            What::Connector(connector) => self.connectors.push(connector.clone()),
            What::Log { .. } => self.log = true,
            What::App(app) => {
                self.apps.insert(app.id.clone());
            }
            What::Grant(grant) => {
                self.grants.push(grant.clone());
                self.apps.insert(grant.client_id.clone());
            }
            What::RoleGrant(grant) => self.role_grants.push(grant.clone()),
            What::Credential { credential, .. } => {
                self.things.insert(credential.key_id.clone());
            }
            What::Link { link, .. } => {
                self.things.insert(link.id.clone());
            }
            What::Role { user, role } => {
                self.roles.insert((*user, role.clone()));
            }
            What::Method { method, .. } => {
                self.things.insert(method.id.clone());
            }
            What::Device { device, .. } => {
                self.things.insert(device.object_id.clone());
            }
            What::Audit { user, .. } => {
                self.audits.insert(*user);
            }
            What::RuleGone { .. } | What::Risk { .. } => {}
        }
    }
}

/// Looks for everything that the story left and that was not the intruder's.
pub(super) fn damages(stands: &Tenant, told: &Tenant, intruders: &Intruders) -> Vec<String> {
    let mut damaged = Vec::new();
    for (place, (now, before)) in stands.users.iter().zip(&told.users).enumerate() {
        person(&mut damaged, (place, now, before), intruders);
    }
    for before in &told.apps {
        let now = stands.app(&before.id);
        let own = !intruders.apps.contains(&before.id);
        if own && now.is_none_or(|now| now.enabled != before.enabled) {
            damaged.push(format!(
                "application `{}` is switched off or gone",
                before.display_name
            ));
        }
        for key in &before.credentials {
            let kept = now.is_some_and(|now| now.credentials.contains(key));
            if own && !kept && !intruders.things.contains(&key.key_id) {
                damaged.push(format!("a secret of `{}` is gone", before.display_name));
            }
        }
    }
    for before in &told.grants {
        let own = !intruders
            .grants
            .iter()
            .any(|grant| same_grant(grant, before));
        let kept = stands
            .grants
            .iter()
            .any(|grant| same_grant(grant, before) && grant.scope == before.scope);
        if own && !kept {
            damaged.push(format!("a grant of `{}` is gone", before.client_id));
        }
    }
    for before in &told.role_grants {
        let same = |grant: &RoleGrant| same_role_grant(grant, before);
        if !intruders.role_grants.iter().any(same) && !stands.role_grants.iter().any(same) {
            damaged.push(format!(
                "`{}` of `{}` is gone",
                before.value, before.principal_id
            ));
        }
    }
    for before in &told.transport_rules {
        let mut rules = stands.transport_rules.iter();
        let kept = rules.any(|rule| {
            (&rule.name, rule.state, &rule.parameters)
                == (&before.name, before.state, &before.parameters)
        });
        if !kept && !intruders.transport_rules.contains(&before.name) {
            damaged.push(format!(
                "mail flow rule `{}` is changed or gone",
                before.name
            ));
        }
    }
    for before in &told.connectors {
        let mut theirs = intruders.connectors.iter();
        let own = !theirs.any(|known| same_connector(known, before));
        let mut connectors = stands.connectors.iter();
        let kept = connectors
            .any(|known| same_connector(known, before) && known.enabled == before.enabled);
        if own && !kept {
            damaged.push(format!(
                "connector `{}` is switched off or gone",
                before.name
            ));
        }
    }
    roles(&mut damaged, stands, told, intruders);
    let mut settings = stands.settings.clone();
    // Another policy is no damage by itself: whom it shuts out is `blocked`.
    settings
        .more_policies
        .clone_from(&told.settings.more_policies);
    if intruders.log {
        settings.unified_audit = told.settings.unified_audit;
    }
    if settings != told.settings {
        damaged.push("a setting of the organisation is another".to_owned());
    }
    damaged
}

fn roles(damaged: &mut Vec<String>, stands: &Tenant, told: &Tenant, intruders: &Intruders) {
    for (now, before) in stands.roles.iter().zip(&told.roles) {
        for member in &before.members {
            let user = told.users.iter().position(|user| user.id == *member);
            let given =
                user.is_some_and(|user| intruders.roles.contains(&(user, before.id.clone())));
            if !given && !now.members.contains(member) {
                damaged.push(format!("`{member}` is no longer in `{}`", before.name));
            }
        }
    }
}

fn person(
    damaged: &mut Vec<String>,
    (place, now, before): (usize, &User, &User),
    intruders: &Intruders,
) {
    let mut say = |what: &str| damaged.push(format!("{}: {what}", before.upn));
    if !intruders.accounts.contains(&place) {
        if now.enabled != before.enabled {
            say("the account is switched off");
        }
        if now.password_changed != before.password_changed {
            say("the password is another");
        }
    }
    let theirs = |id: &String| intruders.things.contains(id);
    for method in &before.methods {
        if !theirs(&method.id) && !now.methods.contains(method) {
            say(&format!("the method `{}` is gone", method.detail));
        }
    }
    for device in &before.devices {
        if !theirs(&device.object_id) && !now.devices.contains(device) {
            say(&format!(
                "the device `{}` is switched off or gone",
                device.name
            ));
        }
    }
    for (now, before) in now.drive.items.iter().zip(&before.drive.items) {
        for link in before.links.iter().filter(|link| !theirs(&link.id)) {
            let same =
                |known: &&SharingLink| same_link(known, link) && known.expires == link.expires;
            if !now.links.iter().any(|known| same(&known)) {
                say(&format!("a link to `{}` is changed or gone", before.name));
            }
        }
    }
    if let (Some(now), Some(before)) = (&now.mailbox, &before.mailbox) {
        mailbox(&mut say, (place, now, before), intruders);
    }
}

fn mailbox(
    say: &mut impl FnMut(&str),
    (place, now, before): (usize, &Mailbox, &Mailbox),
    intruders: &Intruders,
) {
    for rule in &before.rules {
        let mut theirs = intruders.rules.iter();
        let own = !theirs.any(|(user, known)| *user == place && same_rule(known, rule));
        let mut rules = now.rules.iter();
        let kept = rules.any(|known| same_rule(known, rule) && known.enabled == rule.enabled);
        if own && !kept {
            say(&format!(
                "the rule `{}` is switched off, changed or gone",
                rule.name
            ));
        }
    }
    if now.sweep_rules != before.sweep_rules {
        say("a sweep rule is switched off or gone");
    }
    if now.phones != before.phones {
        say("a telephone does not synchronise any more");
    }
    for delegate in &before.delegates {
        let mut theirs = intruders.delegates.iter();
        let own = !theirs.any(|(user, known)| *user == place && same_delegate(known, delegate));
        if own
            && !now
                .delegates
                .iter()
                .any(|known| same_delegate(known, delegate))
        {
            say(&format!("`{}` lost a right", delegate.upn));
        }
    }
    if !intruders.forwarding.contains(&place) && now.forwarding != before.forwarding {
        say("the forwarding is another");
    }
    if !intruders.audits.contains(&place) && now.audit != before.audit {
        say("what the mailbox audits is another");
    }
    let replies = |mailbox: &Mailbox| (mailbox.automatic_replies, mailbox.reply_texts.clone());
    if replies(now) != replies(before) {
        say("the automatic replies are others");
    }
    if now.protocols != before.protocols && !intruders.accounts.contains(&place) {
        say("the protocols are others");
    }
}
