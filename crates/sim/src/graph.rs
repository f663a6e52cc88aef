//! Microsoft Graph: which call a request is, what it needs, and who answers it.

mod batch;
mod change;
mod directory;
mod drives;
pub(crate) mod filter;
mod mail;
mod methods;
mod page;
mod policy;
pub(crate) mod query;
mod reports;

use axum::http::Method;
use tokio::time::Duration;

use crate::cloud::Cloud;
use crate::faults::{Fault, Site};
use crate::refusal::{self, graph as error};
use crate::token::Claims;
use crate::wire::{Answer, Ask};
use crate::world::Tenant;

/// A request to Graph whose token is good.
pub(crate) struct Visit<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) claims: &'a Claims,
    pub(crate) ask: &'a Ask,
    pub(crate) site: &'a Site,
    /// The tenant of the token, by its place, and as it stands.
    pub(crate) place: usize,
    pub(crate) tenant: &'a Tenant,
    pub(crate) beta: bool,
    /// The parts of the path behind the version.
    pub(crate) rest: Vec<&'a str>,
}

impl Visit<'_> {
    /// Refuses in Graph's shape.
    pub(crate) fn error(&self, status: u16, code: &str, message: &str) -> Answer {
        error(self.cloud, self.ask, status, code, message)
    }

    pub(crate) fn not_found(&self, name: &str) -> Answer {
        let text = format!(
            "Resource '{name}' does not exist or one of its queried reference-property objects are not present."
        );
        self.error(404, "Request_ResourceNotFound", &text)
    }

    pub(crate) fn bad(&self, message: &str) -> Answer {
        self.error(400, "BadRequest", message)
    }
}

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> &'static str {
    let parts = ask.parts();
    let [_, rest @ ..] = parts.as_slice() else {
        return "unknown";
    };
    match rest {
        ["$batch"] => "$batch",
        ["auditLogs", "signIns", ..] => "signIns",
        ["auditLogs", "directoryAudits", ..] => "directoryAudits",
        ["auditLogs", "provisioning", ..] => "provisioning",
        ["identityProtection", "riskDetections", ..] => "riskDetections",
        ["identityProtection", ..] => "riskyUsers",
        ["security", "auditLog", "queries"] => "queries",
        ["security", "auditLog", "queries", _] => "query",
        ["security", "auditLog", "queries", _, "records"] => "records",
        ["security", "runHuntingQuery"] => "hunting",
        ["admin", "exchange", "tracing", "messageTraces", ..] => "messageTraces",
        ["policies" | "identity", ..] => "policies",
        [
            "users",
            _,
            "messages" | "mailFolders" | "mailboxSettings",
            ..,
        ] => "mail",
        ["users", _, "authentication", ..] => "methods",
        ["users", _, "drive", ..] | ["drives" | "shares", ..] => "drives",
        ["users", ..] => "users",
        ["devices", ..] => "devices",
        [
            "servicePrincipals" | "applications" | "oauth2PermissionGrants",
            ..,
        ] => "applications",
        [
            "subscribedSkus"
            | "domains"
            | "organization"
            | "directoryRoles"
            | "roleManagement"
            | "tenantRelationships",
            ..,
        ] => "directory",
        _ => "unknown",
    }
}

/// Answers a request whose token is good.
pub(crate) fn answer(cloud: &Cloud, claims: &Claims, ask: &Ask, site: &Site) -> Answer {
    let parts = ask.parts();
    let Some((version @ ("v1.0" | "beta"), rest)) =
        parts.split_first().map(|(first, rest)| (*first, rest))
    else {
        return error(cloud, ask, 400, "BadRequest", "Invalid version.");
    };
    let Some(place) = cloud.tenant(&claims.tid) else {
        return error(
            cloud,
            ask,
            401,
            "InvalidAuthenticationToken",
            "Invalid tenant.",
        );
    };
    let write = ask.method != Method::GET;
    let tenant = if write {
        cloud.stands(place)
    } else {
        cloud.seen(place, site)
    };
    let visit = Visit {
        cloud,
        claims,
        ask,
        site,
        place,
        tenant: &tenant,
        beta: version == "beta",
        rest: rest.to_vec(),
    };
    if write && change::is_meant(site.call) {
        return change::answer(&visit);
    }
    if let Some(refused) = refused(&visit) {
        return refused;
    }
    match site.call {
        "$batch" if write => batch::answer(&visit),
        "signIns" if !write => reports::sign_ins(&visit),
        "directoryAudits" if !write => reports::directory_audits(&visit),
        "provisioning" if !write => page::collection(&visit, &[], 1000),
        "riskDetections" if !write => reports::risk_detections(&visit),
        "riskyUsers" if !write => directory::risky_users(&visit),
        "messageTraces" if !write => reports::message_traces(&visit),
        "queries" | "query" | "records" => query::answer(&visit),
        "hunting" if write => hunting(&visit),
        "drives" if !write => drives::answer(&visit),
        "policies" if !write => policy::answer(&visit),
        "mail" if !write => mail::answer(&visit),
        "users" | "methods" | "applications" | "directory" | "devices" if !write => {
            directory::answer(&visit)
        }
        _ => unknown(&visit),
    }
}

fn unknown(visit: &Visit<'_>) -> Answer {
    if visit.ask.method != Method::GET {
        return visit.error(
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        );
    }
    let name = visit.rest.first().copied().unwrap_or_default();
    visit.bad(&format!("Resource not found for the segment '{name}'."))
}

/// `runHuntingQuery`: no tenant of this cloud is licensed for any table.
fn hunting(visit: &Visit<'_>) -> Answer {
    let query = visit.ask.json().unwrap_or_default();
    let query = query["Query"]
        .as_str()
        .or_else(|| query["query"].as_str())
        .unwrap_or_default();
    let table = query.split('|').next().unwrap_or_default().trim();
    visit.bad(&format!(
        "'take' operator: Failed to resolve table or column expression named '{table}'"
    ))
}

/// What a call needs: all of a list of alternatives.
fn needs(call: &str) -> &'static [&'static [&'static str]] {
    match call {
        "signIns" => &[
            &["AuditLog.Read.All"],
            &["Directory.Read.All", "Directory.ReadWrite.All"],
        ],
        "directoryAudits" | "provisioning" => &[&["AuditLog.Read.All"]],
        "riskDetections" => &[&["IdentityRiskEvent.Read.All"]],
        "queries" | "query" | "records" => &[&[
            "AuditLogsQuery.Read.All",
            "AuditLogsQuery-Exchange.Read.All",
            "AuditLogsQuery-Entra.Read.All",
            "AuditLogsQuery-SharePoint.Read.All",
            "AuditLogsQuery-OneDrive.Read.All",
        ]],
        "messageTraces" => &[&["ExchangeMessageTrace.Read.All"]],
        "policies" => &[&["Policy.Read.All"]],
        "users" => &[&[
            "User.Read.All",
            "User.ReadWrite.All",
            "Directory.Read.All",
            "User.Read",
        ]],
        "methods" => &[&[
            "UserAuthenticationMethod.Read.All",
            "UserAuthenticationMethod.ReadWrite.All",
        ]],
        "applications" => &[&[
            "Application.Read.All",
            "Application.ReadWrite.All",
            "Directory.Read.All",
        ]],
        "directory" => &[&[
            "Directory.Read.All",
            "Organization.Read.All",
            "RoleManagement.Read.Directory",
        ]],
        "drives" => &[&[
            "Files.Read.All",
            "Files.ReadWrite.All",
            "Sites.Read.All",
            "Sites.ReadWrite.All",
        ]],
        "devices" => &[&[
            "Device.Read.All",
            "Device.ReadWrite.All",
            "Directory.Read.All",
        ]],
        "hunting" => &[&["ThreatHunting.Read.All"]],
        _ => &[],
    }
}

fn refused(visit: &Visit<'_>) -> Option<Answer> {
    let Visit {
        cloud,
        claims,
        ask,
        site,
        ..
    } = visit;
    let lacks = needs(site.call)
        .iter()
        .any(|any| !any.iter().any(|permission| claims.may(permission)));
    if lacks || cloud.strikes(Fault::Forbidden, site) {
        let text = "Insufficient privileges to complete the operation.";
        return Some(visit.error(403, "Authorization_RequestDenied", text));
    }
    let premium = ["signIns", "provisioning", "riskDetections"].contains(&site.call);
    if premium && cloud.strikes(Fault::Unlicensed, site) {
        let text = "Neither tenant is B2C or tenant doesn't have premium license";
        return Some(visit.error(
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            text,
        ));
    }
    let dials = cloud.faults.dials();
    let (tenant, client) = (&claims.tid, &claims.appid);
    let (name, quota, seconds) = match site.call {
        "signIns" | "directoryAudits" | "provisioning" => (
            format!("reporting {tenant} {client}"),
            dials.reporting_per_ten_seconds,
            10,
        ),
        "riskDetections" | "riskyUsers" => (
            format!("protection {tenant}"),
            dials.protection_per_second,
            1,
        ),
        "messageTraces" => (
            format!("traces {tenant}"),
            dials.traces_per_five_minutes,
            300,
        ),
        _ => return None,
    };
    let free = cloud.quotas.take(name, quota, Duration::from_secs(seconds));
    // These quotas are known for leaving `Retry-After` out, so theirs is the dial's to give.
    (!free).then(|| refusal::throttled(cloud, ask, site, dials.retry_after))
}
