//! Strokes: single changes of a tenant that somebody in the world makes. A story lays them down
//! with their moments, and a cloud that is served makes them, or takes them back, as its clock
//! goes: at ten in the morning a rule of noon is not there yet.

use crate::app::{App, Credential, Grant, RoleGrant};
use crate::drive::SharingLink;
use crate::mailbox::{Delegate, Forwarding, Mailbox, MailboxAudit, Rule};
use crate::person::{Device, Method};
use crate::record::Micros;
use crate::verbs::Hand;
use crate::world::{Connector, Tenant, TransportRule};

/// A change.
#[derive(Clone, Debug)]
pub(crate) struct Stroke {
    pub(crate) at: Micros,
    pub(crate) tenant: usize,
    pub(crate) hand: Hand,
    pub(crate) what: What,
}

/// What is changed; people are named by their place in the tenant.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A session is opened. It is nothing in the tenant, and all that an intruder needs.
    Session { user: usize, id: String },
    /// An inbox rule is put on top.
    Rule { user: usize, rule: Rule },
    /// An inbox rule is removed from its place.
    RuleGone {
        user: usize,
        rule: Rule,
        place: usize,
    },
    /// A mailbox forwards elsewhere.
    Forwarding {
        user: usize,
        before: Forwarding,
        after: Forwarding,
    },
    /// Somebody gets a right to a mailbox.
    Delegate { user: usize, delegate: Delegate },
    /// A mail flow rule is made.
    TransportRule(TransportRule),
    /// A connector is made.
    Connector(Connector),
    /// The organisation's audit log is written, or no more.
    Log { before: bool, after: bool },
    /// An application comes into the tenant.
    App(Box<App>),
    /// A delegated grant is given.
    Grant(Grant),
    /// An application permission is given.
    RoleGrant(RoleGrant),
    /// An application gets a secret.
    Credential { app: String, credential: Credential },
    /// Somebody gets a directory role, named by its object id.
    Role { user: usize, role: String },
    /// A second factor is registered.
    Method { user: usize, method: Method },
    /// A device is registered.
    Device { user: usize, device: Device },
    /// A file of a drive is opened by a link.
    Link {
        user: usize,
        item: String,
        link: SharingLink,
    },
    /// A password is set: its moment, and the one from which sessions count.
    Password {
        user: usize,
        before: (Micros, Micros),
        after: (Micros, Micros),
    },
    /// A mailbox audits otherwise.
    Audit {
        user: usize,
        before: Box<MailboxAudit>,
        after: Box<MailboxAudit>,
    },
    /// Entra thinks otherwise of an account.
    Risk {
        user: usize,
        before: Option<(&'static str, &'static str)>,
        after: Option<(&'static str, &'static str)>,
    },
}

impl Stroke {
    /// Makes the change.
    pub(crate) fn make(&self, tenant: &mut Tenant) {
        match &self.what {
            What::Session { .. } => {}
            What::Rule { user, rule } => {
                rules(tenant, *user, |rules| rules.insert(0, rule.clone()));
            }
            What::RuleGone { user, rule, .. } => {
                rules(tenant, *user, |rules| {
                    rules.retain(|known| known.id != rule.id);
                });
            }
            What::Delegate { user, delegate } => mailbox(tenant, *user, |mailbox| {
                mailbox.delegates.push(delegate.clone());
            }),
            What::TransportRule(rule) => tenant.transport_rules.push(rule.clone()),
            What::Connector(connector) => tenant.connectors.push(connector.clone()),
            What::Log { after, .. } => tenant.settings.unified_audit = *after,
            What::App(app) => tenant.apps.push((**app).clone()),
            What::Grant(grant) => tenant.grants.push(grant.clone()),
            What::RoleGrant(grant) => tenant.role_grants.push(grant.clone()),
            What::Credential { app, credential } => {
                let apps = tenant.apps.iter_mut();
                for found in apps.filter(|known| known.id == *app) {
                    found.credentials.push(credential.clone());
                }
            }
            What::Role { user, role } => give_role(tenant, *user, role),
            What::Method { user, method } => tenant.users[*user].methods.push(method.clone()),
            What::Device { user, device } => tenant.users[*user].devices.push(device.clone()),
            What::Link { user, item, link } => links(tenant, *user, item, |links| {
                links.push(link.clone());
            }),
            What::Forwarding { user, after, .. } => set_forwarding(tenant, *user, after),
            What::Password { user, after, .. } => set_password(tenant, *user, *after),
            What::Audit { user, after, .. } => set_audit(tenant, *user, after),
            What::Risk { user, after, .. } => tenant.users[*user].risk = *after,
        }
    }

    /// Takes the change back, as far as it still stands.
    pub(crate) fn take_back(&self, tenant: &mut Tenant) {
        match &self.what {
            What::Session { .. } => {}
            What::Rule { user, rule } => {
                rules(tenant, *user, |rules| {
                    rules.retain(|known| known.id != rule.id);
                });
            }
            What::RuleGone { user, rule, place } => rules(tenant, *user, |rules| {
                rules.insert((*place).min(rules.len()), rule.clone());
            }),
            What::Delegate { user, delegate } => mailbox(tenant, *user, |mailbox| {
                mailbox.delegates.retain(|known| known != delegate);
            }),
            What::TransportRule(rule) => {
                tenant.transport_rules.retain(|known| known.id != rule.id);
            }
            What::Connector(connector) => {
                tenant.connectors.retain(|known| known.id != connector.id);
            }
            What::Log { before, .. } => tenant.settings.unified_audit = *before,
            What::App(app) => tenant.apps.retain(|known| known.id != app.id),
            What::Grant(grant) => tenant.grants.retain(|known| known.id != grant.id),
            What::RoleGrant(grant) => tenant.role_grants.retain(|known| known.id != grant.id),
            What::Credential { credential, .. } => {
                for app in &mut tenant.apps {
                    app.credentials
                        .retain(|known| known.key_id != credential.key_id);
                }
            }
            What::Role { user, role } => take_role(tenant, *user, role),
            What::Method { user, method } => {
                let methods = &mut tenant.users[*user].methods;
                methods.retain(|known| known.id != method.id);
            }
            What::Device { user, device } => {
                let devices = &mut tenant.users[*user].devices;
                devices.retain(|known| known.id != device.id);
            }
            What::Link { user, item, link } => links(tenant, *user, item, |links| {
                links.retain(|known| known.id != link.id);
            }),
            What::Forwarding { user, before, .. } => set_forwarding(tenant, *user, before),
            What::Password { user, before, .. } => set_password(tenant, *user, *before),
            What::Audit { user, before, .. } => set_audit(tenant, *user, before),
            What::Risk { user, before, .. } => tenant.users[*user].risk = *before,
        }
    }
}

fn mailbox(tenant: &mut Tenant, user: usize, work: impl FnOnce(&mut Mailbox)) {
    if let Some(mailbox) = &mut tenant.users[user].mailbox {
        work(mailbox);
    }
}

fn rules(tenant: &mut Tenant, user: usize, work: impl FnOnce(&mut Vec<Rule>)) {
    mailbox(tenant, user, |mailbox| {
        work(&mut mailbox.rules);
        number_rules(&mut mailbox.rules);
    });
}

fn links(tenant: &mut Tenant, user: usize, item: &str, work: impl FnOnce(&mut Vec<SharingLink>)) {
    let mut items = tenant.users[user].drive.items.iter_mut();
    if let Some(item) = items.find(|known| known.id == item) {
        work(&mut item.links);
    }
}

/// Numbers rules anew, in their order.
pub(crate) fn number_rules(rules: &mut [Rule]) {
    for (place, rule) in rules.iter_mut().enumerate() {
        rule.sequence = place as u32 + 1;
    }
}

fn set_forwarding(tenant: &mut Tenant, user: usize, forwarding: &Forwarding) {
    mailbox(tenant, user, |mailbox| {
        mailbox.forwarding = forwarding.clone();
    });
}

fn set_audit(tenant: &mut Tenant, user: usize, audit: &MailboxAudit) {
    mailbox(tenant, user, |mailbox| mailbox.audit = audit.clone());
}

fn set_password(tenant: &mut Tenant, user: usize, (changed, sessions): (Micros, Micros)) {
    let user = &mut tenant.users[user];
    user.password_changed = changed;
    user.sessions_valid_from = sessions;
}

/// Puts somebody into a directory role of an object id.
pub(crate) fn give_role(tenant: &mut Tenant, user: usize, role: &str) {
    let Some(role) = tenant.roles.iter_mut().find(|known| known.id == role) else {
        return;
    };
    let user = &mut tenant.users[user];
    role.members.push(user.id.clone());
    user.roles.push(role.name.to_owned());
}

/// Takes somebody out of a directory role of an object id.
pub(crate) fn take_role(tenant: &mut Tenant, user: usize, role: &str) {
    let Some(role) = tenant.roles.iter_mut().find(|known| known.id == role) else {
        return;
    };
    let user = &mut tenant.users[user];
    role.members.retain(|member| *member != user.id);
    user.roles.retain(|name| name != role.name);
}
