//! The invented world: tenants as they stand at the end of a story, and every record that
//! Microsoft would have written on the way there.

use serde_json::Value;

use crate::app::{App, Collector, Grant, RoleGrant};
use crate::person::{Place, User};
use crate::record::{Micros, Record};
use crate::stroke::Stroke;
use crate::truth::Truth;

/// A world.
#[derive(Clone, Debug)]
pub struct World {
    /// Where its chance came from.
    pub seed: u64,
    /// The story's name.
    pub story: String,
    /// Tenants, each as it stands at [`World::until`]. The story happens in the first.
    pub tenants: Vec<Tenant>,
    /// Every record of every stream, by the moment it can be fetched.
    pub records: Vec<Record>,
    /// The first moment: midnight in UTC before the first day. Only the message trace goes
    /// further back, to the mail that lay in the mailboxes by then.
    pub began: Micros,
    /// The last moment in which anything happened; records may arrive later.
    pub until: Micros,
    pub(crate) truth: Truth,
    /// What was changed in the tenants on the way, in the order of time.
    pub(crate) strokes: Vec<Stroke>,
}

impl World {
    /// Returns what the intruder did, as the story knows it and the records must not say.
    #[must_use]
    pub fn truth(&self) -> &Truth {
        &self.truth
    }
}

/// A tenant.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Tenant id.
    pub id: String,
    /// The organisation's name.
    pub name: String,
    /// The domain that it was made with.
    pub initial_domain: String,
    /// Every verified domain; the first is the default, the last the initial one.
    pub domains: Vec<String>,
    /// Where its people work.
    pub offices: Vec<Office>,
    /// Its people.
    pub users: Vec<User>,
    /// Service principals.
    pub apps: Vec<App>,
    /// Delegated grants.
    pub grants: Vec<Grant>,
    /// Application permissions.
    pub role_grants: Vec<RoleGrant>,
    /// Directory roles that have somebody in them.
    pub roles: Vec<DirectoryRole>,
    /// Mail flow rules.
    pub transport_rules: Vec<TransportRule>,
    /// Connectors, by which mail comes in or goes out.
    pub connectors: Vec<Connector>,
    /// Azure subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// Azure DevOps organisations.
    pub devops: Vec<DevOpsOrganization>,
    /// Licences.
    pub skus: Vec<Sku>,
    /// What the administrators chose.
    pub settings: Settings,
    /// The application that may read this tenant.
    pub collector: Collector,
    /// The application that may change it: another registration, consented to by itself.
    pub responder: Collector,
}

impl Tenant {
    /// Returns the registration of a client, if it is one of the two.
    pub(crate) fn registration(&self, client: &str) -> Option<&Collector> {
        let both = [&self.collector, &self.responder];
        both.into_iter()
            .find(|known| known.client_id.eq_ignore_ascii_case(client))
    }

    /// Returns the user of an id or UPN.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.id == id || user.upn.eq_ignore_ascii_case(id))
    }

    /// Returns the service principal of an object id or app id.
    #[must_use]
    pub fn app(&self, id: &str) -> Option<&App> {
        self.apps
            .iter()
            .find(|app| app.id == id || app.app_id == id)
    }
}

/// An office.
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// Its name, which users carry.
    pub name: String,
    /// Whence its people are seen.
    pub place: Place,
}

/// A directory role and who is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRole {
    /// Object id.
    pub id: String,
    /// Template id, the same in every tenant.
    pub template_id: &'static str,
    /// How it is shown.
    pub name: &'static str,
    /// Object ids of its members.
    pub members: Vec<String>,
}

/// A mail flow rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportRule {
    /// `Guid`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Enabled` or `Disabled`.
    pub state: &'static str,
    /// Its parameters in the cmdlet's names, lists joined by `;`.
    pub parameters: Vec<(String, String)>,
    /// When it was last changed.
    pub changed: Micros,
    /// Who made it.
    pub created_by: String,
}

/// A connector of the mail flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    /// `Guid`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether mail comes in by it; it goes out by the others.
    pub inbound: bool,
    /// Whether it is on.
    pub enabled: bool,
    /// Its other parameters in the cmdlet's names, lists joined by `;`.
    pub parameters: Vec<(String, String)>,
    /// When it was made.
    pub made: Micros,
    /// When it was last changed.
    pub changed: Micros,
}

/// An Azure subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub name: String,
}

/// An Azure DevOps organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevOpsOrganization {
    /// Its id (`scopeId`).
    pub id: String,
    /// Its name in addresses.
    pub name: String,
    /// The id and name of its project.
    pub project: (String, String),
}

/// A licence that the tenant bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sku {
    /// `skuId`.
    pub id: &'static str,
    /// `skuPartNumber`, e.g. `SPE_E5`.
    pub part_number: &'static str,
    /// `servicePlans[].servicePlanName`.
    pub plans: &'static [&'static str],
    /// `prepaidUnits.enabled`.
    pub bought: u32,
    /// `consumedUnits`.
    pub used: u32,
}

/// What the administrators chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `UnifiedAuditLogIngestionEnabled`.
    pub unified_audit: bool,
    /// `AuditDisabled` of the organisation's configuration.
    pub audit_disabled: bool,
    /// `UnifiedAuditLogFirstOptInDate`.
    pub audit_since: Micros,
    /// `AutoForwardingMode` of the outbound spam filter: `Automatic`, `On` or `Off`.
    pub auto_forwarding: &'static str,
    /// `AutoForwardEnabled` of the default remote domain.
    pub remote_domain_forwarding: bool,
    /// Whether security defaults are on; when they are off, policies stand instead.
    pub security_defaults: bool,
    /// Conditional access policies: id, name and `enabled`, `disabled` or
    /// `enabledForReportingButNotEnforced`.
    pub policies: Vec<(String, String, &'static str)>,
    /// Conditional access policies that were made since, whole, as Graph shows them.
    pub more_policies: Vec<Value>,
    /// Whether people may consent to applications for themselves.
    pub user_consent: bool,
}
