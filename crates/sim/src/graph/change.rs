//! What can be changed through Graph: which permission each change needs, and who refuses what.

mod applications;
mod devices;
mod factors;
mod grants;
mod links;
mod policies;
mod risk;
mod roles;
mod rules;
mod users;

use axum::http::Method;
use serde_json::Value;

use super::Visit;
use crate::faults::Fault;
use crate::live::trail::By;
use crate::refusal;
use crate::verbs::{Change, Target};
use crate::wire::Answer;

/// A change that was made, or why it was refused.
type Made = Result<Answer, Answer>;

/// Alternatives, each a set of permissions that are all needed.
type Needed = &'static [&'static [&'static str]];

/// Permissions that change everything of the directory.
const APPLICATION: Needed = &[&["Application.ReadWrite.All"]];
const METHOD: Needed = &[&["UserAuthenticationMethod.ReadWrite.All"]];
const GRANT: Needed = &[&["DelegatedPermissionGrant.ReadWrite.All"]];
const ASSIGNMENT: Needed = &[
    &["AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
    &[
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.All",
    ],
    &["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"],
];
const DEVICE: Needed = &[&["Device.ReadWrite.All"]];
const ROLE: Needed = &[&["RoleManagement.ReadWrite.Directory"]];
const RISK: Needed = &[&["IdentityRiskyUser.ReadWrite.All"]];
const RULE: Needed = &[&["MailboxSettings.ReadWrite"]];
const LINK: Needed = &[&["Files.ReadWrite.All"], &["Sites.ReadWrite.All"]];
const POLICY: Needed = &[&["Policy.ReadWrite.ConditionalAccess", "Policy.Read.All"]];
const REVOKE: Needed = &[
    &["User.RevokeSessions.All"],
    &["User.ReadWrite.All"],
    &["Directory.ReadWrite.All"],
];

/// Whether a call of another method than GET is a change of the tenant.
pub(super) fn is_meant(call: &str) -> bool {
    let calls = [
        "users",
        "methods",
        "applications",
        "directory",
        "devices",
        "drives",
        "mail",
        "policies",
        "riskyUsers",
    ];
    calls.contains(&call)
}

/// Answers a request that changes something.
pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    let Some((needed, work)) = find(visit) else {
        return super::unknown(visit);
    };
    let needed = needed.unwrap_or(&[]);
    let granted = |all: &&[&str]| all.iter().all(|one| visit.claims.may(one));
    let forbidden = visit.cloud.strikes(Fault::Forbidden, visit.site);
    if forbidden || !needed.is_empty() && !needed.iter().any(granted) {
        return visit.denied();
    }
    if let Some(rule) = visit.cloud.strike(Fault::ThrottledWrite, visit.site) {
        let seconds = rule
            .seconds
            .unwrap_or(visit.cloud.faults.dials().retry_after);
        return refusal::throttled(visit.cloud, visit.ask, visit.site, seconds);
    }
    meddle(visit);
    match work(visit) {
        Ok(answer) => answer
            .changing()
            .with("request-id", visit.cloud.guid("request")),
        Err(refused) => refused,
    }
}

type Work = fn(&Visit<'_>) -> Made;

/// Finds what a request does, and what it needs; a user's update needs what its body says.
fn find(visit: &Visit<'_>) -> Option<(Option<Needed>, Work)> {
    let (patch, post, delete) = (
        visit.ask.method == Method::PATCH,
        visit.ask.method == Method::POST,
        visit.ask.method == Method::DELETE,
    );
    let (needed, work): (Needed, Work) = match visit.rest.as_slice() {
        ["users", _] if patch => return Some((None, users::update)),
        ["users", _, "revokeSignInSessions"] if post => (REVOKE, users::revoke),
        ["users", _, "invalidateAllRefreshTokens"] if post && visit.beta => (REVOKE, users::revoke),
        ["users", _, "mailFolders", _, "messageRules"] if post => (RULE, rules::add),
        ["users", _, "mailFolders", _, "messageRules", _] if patch => (RULE, rules::update),
        ["users", _, "mailFolders", _, "messageRules", _] if delete => (RULE, rules::remove),
        ["users", _, "authentication", "phoneMethods"] if post => (METHOD, factors::add_phone),
        ["users", _, "authentication", "methods", _, "resetPassword"] if post => {
            (METHOD, factors::reset)
        }
        ["users", _, "authentication", kind, _] if delete && super::methods::is_kind(kind) => {
            (METHOD, factors::remove)
        }
        ["oauth2PermissionGrants"] if post => (GRANT, grants::add),
        ["oauth2PermissionGrants", _] if patch => (GRANT, grants::update),
        ["oauth2PermissionGrants", _] if delete => (GRANT, grants::remove),
        [
            "servicePrincipals",
            _,
            "appRoleAssignments" | "appRoleAssignedTo",
        ] if post => (ASSIGNMENT, grants::assign),
        [
            "servicePrincipals",
            _,
            "appRoleAssignments" | "appRoleAssignedTo",
            _,
        ] if delete => (ASSIGNMENT, grants::unassign),
        ["servicePrincipals", _] if patch => (APPLICATION, applications::update),
        ["servicePrincipals" | "applications", _, "addPassword"] if post => {
            (APPLICATION, applications::add_password)
        }
        ["servicePrincipals" | "applications", _, "removePassword"] if post => {
            (APPLICATION, applications::remove_password)
        }
        ["devices", _] if patch => (DEVICE, devices::update),
        ["devices", _] if delete => (DEVICE, devices::remove),
        ["identity", "conditionalAccess", "policies"] if post => (POLICY, policies::add),
        ["identity", "conditionalAccess", "policies", _] if patch => (POLICY, policies::update),
        ["identity", "conditionalAccess", "policies", _] if delete => (POLICY, policies::remove),
        ["drives", _, "items", _, "permissions", _] if delete => (LINK, links::remove),
        ["drives", _, "items", _, "permissions", _] if patch => (LINK, links::expire),
        ["drives", _, "items", _, "createLink"] if post => (LINK, links::add),
        ["roleManagement", "directory", "roleAssignments"] if post => (ROLE, roles::add),
        ["roleManagement", "directory", "roleAssignments", _] if delete => (ROLE, roles::remove),
        ["directoryRoles", _, "members", _, "$ref"] if delete => (ROLE, roles::remove_member),
        ["identityProtection", "riskyUsers", "confirmCompromised"] if post => (RISK, risk::confirm),
        ["identityProtection", "riskyUsers", "dismiss"] if post => (RISK, risk::dismiss),
        _ => return None,
    };
    Some((Some(needed), work))
}

/// Lets somebody else be quicker, when the dials say so.
fn meddle(visit: &Visit<'_>) {
    let ["users", id, ..] = visit.rest.as_slice() else {
        return;
    };
    if let Some(user) = visit.person(id)
        && visit.cloud.strikes(Fault::Meddling, visit.site)
    {
        visit.cloud.meddle(visit.place, user);
    }
}

/// A change of the directory, as its records name it.
struct Note<'a> {
    operation: &'a str,
    category: &'a str,
    event: &'a str,
    target: Target,
    modified: Vec<(&'a str, String, String)>,
}

impl Visit<'_> {
    /// 403, in the words of the directory.
    fn denied(&self) -> Answer {
        let text = "Insufficient privileges to complete the operation.";
        self.error(403, "Authorization_RequestDenied", text)
    }

    /// 400, in the words of the directory.
    fn invalid(&self, message: &str) -> Answer {
        self.error(400, "Request_BadRequest", message)
    }

    /// The body, which must be an object.
    fn body(&self) -> Result<Value, Answer> {
        let body = self.ask.json().filter(Value::is_object);
        body.ok_or_else(|| self.bad("Unable to read JSON request payload."))
    }

    /// A part of the path.
    fn part(&self, number: usize) -> &str {
        self.rest.get(number).copied().unwrap_or_default()
    }

    /// Returns the place of a person by id or UPN.
    fn person(&self, id: &str) -> Option<usize> {
        let mut users = self.tenant.users.iter();
        users.position(|user| user.id == id || user.upn.eq_ignore_ascii_case(id))
    }

    /// Returns the place of the person that the path names.
    fn named(&self) -> Result<usize, Answer> {
        let id = self.part(1);
        self.person(id).ok_or_else(|| self.not_found(id))
    }

    fn by(&self) -> By<'_> {
        By {
            place: self.place,
            tenant: self.tenant,
            claims: self.claims,
        }
    }

    /// Records a change of the directory.
    fn note(&self, note: Note<'_>) {
        let service = match note.category {
            "AuthenticationMethods" => "Authentication Methods",
            "IdentityProtection" => "Identity Protection",
            _ => "Core Directory",
        };
        let category = match note.category {
            "AuthenticationMethods" => "UserManagement",
            other => other,
        };
        let change = Change {
            operation: note.operation,
            category,
            service,
            event: note.event,
            target: note.target,
            modified: note.modified,
            reason: "",
        };
        self.cloud.note(&self.by(), &change);
    }

    /// Whether the caller is allowed to do what is sensitive to a person: nobody but certain
    /// administrators touches those who have a directory role themselves.
    fn may_touch(&self, user: &crate::person::User) -> bool {
        let own = self.tenant.user(&self.claims.oid);
        let registered = self.tenant.registration(&self.claims.appid);
        let roles = match own.filter(|_| !self.claims.upn.is_empty()) {
            Some(person) => person.roles.as_slice(),
            None => registered.map_or(&[][..], |known| known.directory_roles.as_slice()),
        };
        let has = |name: &str| roles.iter().any(|role| role == name);
        let over_all =
            has("Global Administrator") || has("Privileged Authentication Administrator");
        let lesser = |role: &String| LESSER.contains(&role.as_str());
        user.roles.is_empty()
            || over_all
            || has("User Administrator") && user.roles.iter().all(lesser)
    }
}

/// Roles whose holders a user administrator may look after.
const LESSER: [&str; 7] = [
    "Directory Readers",
    "Guest Inviter",
    "Helpdesk Administrator",
    "Message Center Reader",
    "Reports Reader",
    "User Administrator",
    "Usage Summary Reports Reader",
];

/// A value as the directory writes it into a record.
fn listed(value: impl std::fmt::Display) -> String {
    format!("[\r\n  {value}\r\n]")
}

/// A text as the directory writes it into a record.
fn quoted(value: &str) -> String {
    listed(Value::from(value))
}

/// The list of what was changed, which comes with it.
fn included(names: &str) -> (&'static str, String, String) {
    (
        "Included Updated Properties",
        String::new(),
        names.to_owned(),
    )
}
