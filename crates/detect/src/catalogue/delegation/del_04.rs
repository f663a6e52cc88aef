//! DEL-04: a role that reaches into every mailbox, or over Exchange itself.

use super::grant::{bare, is_same};
use crate::about::{About, Method, Source};
use crate::catalogue::mail_flow::list::added;
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "DEL-04",
    title: "Exchange role with wide reach granted",
    decides: "`New-`/`Set-ManagementRoleAssignment` of a role that opens or sends from all \
              mailboxes, searches them or hands out roles; `Add-`/`Update-RoleGroupMember` of a \
              group that holds such roles; `New-RoleGroup` with such a role; a widened management \
              scope; an application made known to Exchange.",
    severity: "high for roles over the content of mailboxes and over roles, and for whoever adds \
               themselves; medium for roles over mail flow, audit and recipients; low for scopes \
               and for an application's registration alone.",
    benign: "Back-up and migration products: an application that the operator approved is low. \
             Roles of small reach are silent.",
    attack: &["T1098.002", "T1098.003"],
    sources: &[Source::ExchangeAdmin, Source::Purview],
    needs: &[],
    method: Method::Context,
    untested: "No real record of these cmdlets was at hand.",
};

/// Roles and groups over the content of mailboxes or over roles: what their names hold.
const GRAVE: &[&str] = &[
    "applicationimpersonation",
    "mailbox search",
    "mailbox import export",
    "role management",
    "application mail",
    "application exchange full access",
    "application ews.accessasapp",
    "application mailboxsettings.readwrite",
    "organization management",
    "discovery management",
    "ediscovery manager",
    "ediscoverymanager",
    "exchange administrator",
];
/// Roles and groups by which mail is led elsewhere or traces vanish.
const WIDE: &[&str] = &[
    "transport rules",
    "journaling",
    "audit logs",
    "organization transport settings",
    "remote and accepted domains",
    "mail recipients",
    "recipient management",
    "recipient policies",
    "compliance management",
    "hygiene management",
    "security administrator",
    "records management",
];

pub(super) struct Del04;

impl Detection for Del04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-ManagementRoleAssignment",
            "Set-ManagementRoleAssignment",
            "Add-RoleGroupMember",
            "Update-RoleGroupMember",
            "New-RoleGroup",
            "Set-ManagementScope",
            "New-ManagementScope",
            "New-ServicePrincipal",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some(given) = Given::read(&cmdlet) else {
            return;
        };
        let is_own = given
            .whom
            .iter()
            .any(|one| is_same(&bare(one), seen.user()));
        let is_approved = given
            .whom
            .iter()
            .any(|one| world.tenant.is_approved_app(one));
        let severity = match given.severity {
            _ if is_approved => Severity::Low,
            Severity::Medium if is_own => Severity::High,
            severity => severity,
        };
        let whom: Vec<String> = given.whom.iter().take(5).map(|one| quoted(one)).collect();
        let to = if is_own {
            " to themselves".to_owned()
        } else if whom.is_empty() {
            String::new()
        } else {
            format!(" to {}", whom.join(", "))
        };
        let why = format!("{} gave {}{to}", seen.user(), given.what);
        let mut hit = Hit::of(seen, severity, why)
            .keyed(given.value.to_lowercase())
            .compared(given.field, given.value, "roles and groups of wide reach")
            .silent_if("the role had a small reach; low if the application were approved");
        for one in &given.whom {
            hit = hit.compared("to", one, seen.user());
        }
        if let Some(app) = given.app {
            hit = hit.about_app(app);
        }
        hits.push(hit);
    }
}

/// What is given to whom.
struct Given<'c> {
    severity: Severity,
    what: String,
    field: &'static str,
    value: &'c str,
    whom: Vec<String>,
    app: Option<&'c str>,
}

impl<'c> Given<'c> {
    fn read(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Self> {
        let app = cmdlet.value("App").or_else(|| cmdlet.value("AppId"));
        match cmdlet.noun().to_ascii_lowercase().as_str() {
            "managementroleassignment" => {
                let given = Self::role(cmdlet, "Role", &["App", "User", "SecurityGroup", "Policy"]);
                given.map(|given| Self { app, ..given })
            }
            "rolegroupmember" => Self::role(cmdlet, "Identity", &["Member", "Members"]),
            "rolegroup" => Self::role(cmdlet, "Roles", &["Members"]),
            "managementscope" => Some(Self::minor(
                cmdlet,
                "RecipientRestrictionFilter",
                "a scope of administration",
            )),
            _ => {
                let given = Self::minor(cmdlet, "AppId", "an application a place in Exchange");
                Some(Self { app, ..given })
            }
        }
    }

    fn role(cmdlet: &'c Cmdlet<'_, '_>, field: &'static str, whom: &[&str]) -> Option<Self> {
        let value = cmdlet.value(field)?;
        let lower = value.to_lowercase();
        let holds = |names: &[&str]| names.iter().any(|name| lower.contains(name));
        let severity = if lower.starts_with("view-only") {
            return None;
        } else if holds(GRAVE) {
            Severity::High
        } else if holds(WIDE) {
            Severity::Medium
        } else {
            return None;
        };
        let named = whom.iter().filter_map(|field| cmdlet.value(field));
        Some(Self {
            severity,
            what: format!("the role or group {}", quoted(value)),
            field,
            value,
            whom: named.flat_map(added).collect(),
            app: None,
        })
    }

    fn minor(cmdlet: &'c Cmdlet<'_, '_>, field: &'static str, what: &str) -> Self {
        let value = cmdlet.value(field).unwrap_or_else(|| cmdlet.name());
        Self {
            severity: Severity::Low,
            what: format!("{what} ({})", quoted(value)),
            field,
            value,
            whom: Vec::new(),
            app: None,
        }
    }
}
