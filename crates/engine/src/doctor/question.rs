//! Asks the services, page after page, and tells what a refusal means. Nothing is changed anywhere.

use super::answers::Anything;
use super::checks::token::Tokens;
use cloud::{Access, Door};
use model::shown::shown;
use model::{Ask, Failure, NoToken, NoTokenKind, Pace, Reply, Service, Target};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sources::invoke;
use sources::said::Said;
use std::sync::Arc;

/// What came of asking: every row, or why there is none.
pub(super) type Heard<T> = Result<Vec<T>, Refusal>;

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: RefusalKind,
    /// What was said, made safe to show.
    pub(super) said: String,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusalKind {
    /// There is no token for the service.
    NoToken,
    /// Exchange knows the application, and not its permission.
    ApplicationRole,
    /// Exchange takes the permission, and misses a role of the directory.
    DirectoryRole,
    /// The role does not open this cmdlet.
    NoCmdlet,
    /// The tenant lacks the licence.
    Licence,
    /// The permission is missing.
    Permission,
    /// A service principal that Microsoft's own service needs is not in the tenant.
    ServicePrincipal,
    /// The tenant has no audit log: unified auditing is off.
    AuditingOff,
    /// The service is not well, or the road to it.
    Passing,
    /// Something else.
    Other,
}

impl Refusal {
    pub(super) fn new(kind: RefusalKind, said: impl Into<String>) -> Self {
        Self {
            kind,
            said: said.into(),
        }
    }

    /// Returns why a check could not be made.
    pub(super) fn because(&self) -> String {
        format!("could not be looked at: {}", self.said)
    }

    /// Returns what is to be done so that it can be looked at.
    pub(super) fn fix(&self) -> &'static str {
        match self.kind {
            RefusalKind::NoToken => "see the check `token`",
            RefusalKind::ApplicationRole
            | RefusalKind::DirectoryRole
            | RefusalKind::NoCmdlet
            | RefusalKind::Permission
            | RefusalKind::ServicePrincipal => "see the check `permission`",
            RefusalKind::Licence => "it needs a licence of Entra ID that the tenant does not have",
            RefusalKind::AuditingOff => "see the check `unified-audit`",
            RefusalKind::Passing | RefusalKind::Other => "run `breachscope doctor` again later",
        }
    }

    /// Returns whether it is for want of sign-in or permission.
    pub(super) fn is_access(&self) -> bool {
        !matches!(
            self.kind,
            RefusalKind::Licence
                | RefusalKind::AuditingOff
                | RefusalKind::Passing
                | RefusalKind::Other
        )
    }
}

impl From<&NoToken> for Refusal {
    fn from(no: &NoToken) -> Self {
        let kind = match no.kind {
            NoTokenKind::Passing => RefusalKind::Passing,
            _ => RefusalKind::NoToken,
        };
        let said = Failure::NoToken(no.clone()).to_string();
        Self::new(kind, shown(&said))
    }
}

/// Reads a reply that is no success.
pub(super) fn refusal(service: Service, reply: &Reply) -> Refusal {
    let said = Said::of(reply);
    let line = shown(&said.line()).into_owned();
    let kind = match said.status {
        _ if said.is_throttling() => RefusalKind::Passing,
        _ if said.is_for_want_of_a_licence() => RefusalKind::Licence,
        _ if said.speaks_of("service principal") && said.speaks_of("not found") => {
            RefusalKind::ServicePrincipal
        }
        _ if service == Service::Exchange && said.speaks_of("is not recognized") => {
            RefusalKind::NoCmdlet
        }
        _ if service == Service::Manage && is_without_audit_log(&said) => RefusalKind::AuditingOff,
        401 if service == Service::Exchange => RefusalKind::ApplicationRole,
        403 if service == Service::Exchange => RefusalKind::DirectoryRole,
        401 | 403 => RefusalKind::Permission,
        408 | 423 | 425 | 500..=599 => RefusalKind::Passing,
        _ => RefusalKind::Other,
    };
    Refusal::new(kind, line)
}

fn is_without_audit_log(said: &Said) -> bool {
    said.speaks_of("AuditingDisabledTenant")
        || (said.speaks_of("tenant") && said.speaks_of("does not exist"))
}

/// One page: its rows and the link to the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// Reads a page of a service's answer.
pub(super) fn page<T: DeserializeOwned>(
    service: Service,
    reply: &Reply,
) -> Result<Page<T>, Refusal> {
    if !reply.is_success() {
        return Err(refusal(service, reply));
    }
    let unfit = |what: String| Refusal::new(RefusalKind::Other, shown(&what));
    if service == Service::Manage {
        let rows = serde_json::from_slice(&reply.body);
        let rows = rows.map_err(|error| unfit(format!("the answer is damaged: {error}")))?;
        return Ok((rows, None));
    }
    let answer = invoke::read(&reply.body).map_err(unfit)?;
    if let Some(warning) = answer.failure() {
        return Err(unfit(format!("it answered with a warning: {warning}")));
    }
    let row = |raw: &&RawValue| serde_json::from_str(raw.get());
    let rows = answer.rows.iter().map(row).collect::<Result<Vec<T>, _>>();
    let rows = rows.map_err(|error| unfit(format!("a row makes no sense: {error}")))?;
    Ok((rows, answer.next))
}

/// Who asks, and whom.
pub(super) struct Asker<'a> {
    pub(super) door: &'a Door,
    pub(super) access: &'a Arc<Access>,
    /// What came of asking for tokens: a service without one is not asked.
    pub(super) tokens: &'a Tokens,
}

/// How many pages one question may have: a service that hands out links without end is stopped.
const MOST_PAGES: usize = 20_000;

impl Asker<'_> {
    /// Calls a cmdlet of Exchange and returns all its rows.
    pub(super) async fn cmdlet<T: DeserializeOwned>(
        &self,
        cmdlet: &'static str,
        parameters: &[(&str, &str)],
        columns: &str,
    ) -> Heard<T> {
        let parameters: Map<String, Value> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        let mut ask = invoke::call(&self.access.tenant, Pace::Cmdlet, cmdlet, &parameters);
        if let Target::Path(path) = &mut ask.target
            && !columns.is_empty()
        {
            path.push_str("?$select=");
            path.push_str(columns);
        }
        self.all(ask).await
    }

    /// Asks Graph, or another service of Microsoft's that answers in pages, for all rows of a path.
    pub(super) async fn rows<T: DeserializeOwned>(
        &self,
        service: Service,
        pace: Pace,
        path: impl Into<String>,
    ) -> Heard<T> {
        self.all(Ask::get(service, pace, path)).await
    }

    /// Asks for one page only, to see whether there is an answer.
    pub(super) async fn glance(
        &self,
        service: Service,
        pace: Pace,
        path: impl Into<String>,
    ) -> Heard<Anything> {
        let (rows, _) = self.once(&Ask::get(service, pace, path)).await?;
        Ok(rows)
    }

    async fn all<T: DeserializeOwned>(&self, first: Ask) -> Heard<T> {
        let mut rows = Vec::new();
        let mut ask = first;
        for _ in 0..MOST_PAGES {
            let (more, link) = self.once(&ask).await?;
            rows.extend(more);
            match link {
                None => return Ok(rows),
                Some(link) => ask = invoke::next(&ask, link),
            }
        }
        let what = format!("it did not end after {MOST_PAGES} pages");
        Err(Refusal::new(RefusalKind::Other, what))
    }

    async fn once<T: DeserializeOwned>(&self, ask: &Ask) -> Result<Page<T>, Refusal> {
        if let Some(refusal) = lacking(self.tokens, ask.service) {
            return Err(refusal);
        }
        match self.door.send(self.access, ask).await.outcome {
            Ok(reply) => page(ask.service, &reply),
            Err(Failure::NoToken(no)) => Err(Refusal::from(&no)),
            Err(failure) => {
                let said = shown(&failure.to_string()).into_owned();
                Err(Refusal::new(RefusalKind::Passing, said))
            }
        }
    }
}

/// Returns why a service need not be asked: there is no token for it.
fn lacking(tokens: &Tokens, service: Service) -> Option<Refusal> {
    match tokens.get(&service) {
        Some(Ok(_)) => None,
        Some(Err(no)) => Some(Refusal::from(no)),
        None => {
            let said = format!("no source of the tenant asks `{}`", service.name());
            Some(Refusal::new(RefusalKind::NoToken, said))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::answers::Organisation;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            body: body.as_bytes().to_vec(),
            ..Reply::default()
        }
    }

    fn check(service: Service, status: u16, body: &str, kind: RefusalKind) {
        assert_eq!(
            refusal(service, &reply(status, body)).kind,
            kind,
            "{status} {body}"
        );
    }

    #[test]
    fn doctor_tells_the_two_halves_of_the_right_to_call_a_cmdlet_apart() {
        check(Service::Exchange, 401, "", RefusalKind::ApplicationRole);
        check(Service::Exchange, 403, "\0\0\0", RefusalKind::DirectoryRole);
        check(
            Service::Exchange,
            404,
            r#"{"error":{"code":"NotFound","message":"Invalid Operation","innererror":{"internalexception":{"message":"The term 'Get-Mailbox' is not recognized as the name of a cmdlet"}}}}"#,
            RefusalKind::NoCmdlet,
        );
    }

    #[test]
    fn doctor_tells_a_missing_licence_from_a_missing_permission() {
        check(
            Service::Graph,
            403,
            r#"{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"Neither tenant is B2C or tenant doesn't have premium license"}}"#,
            RefusalKind::Licence,
        );
        check(
            Service::Graph,
            403,
            r#"{"error":{"code":"Authorization_RequestDenied","message":"no"}}"#,
            RefusalKind::Permission,
        );
        check(
            Service::Graph,
            401,
            r#"{"error":{"code":"Unauthorized","message":"the service principal for App ID 8bd644d1 was not found."}}"#,
            RefusalKind::ServicePrincipal,
        );
        check(
            Service::Manage,
            403,
            "{'error':{'code':'AF429','message':'Too many requests.'}}",
            RefusalKind::Passing,
        );
        check(
            Service::Manage,
            400,
            r#"{"error":{"code":"StatusForbidden","message":"Microsoft.Office.Compliance.Audit.DataServiceException: Tenant 1 does not exist."}}"#,
            RefusalKind::AuditingOff,
        );
    }

    #[test]
    fn doctor_takes_a_warning_without_rows_for_no_answer() {
        let warned = reply(
            200,
            r#"{"value":[],"@adminapi.warnings":["A task was canceled."]}"#,
        );
        let read = page::<Organisation>(Service::Exchange, &warned);
        assert!(read.is_err());
        let good = reply(
            200,
            r#"{"value":[{"AuditDisabled":true}],"@odata.nextLink":"https://x/y"}"#,
        );
        let (rows, next) = page::<Organisation>(Service::Exchange, &good).expect("a page");
        assert_eq!(
            (rows[0].audit_disabled, next.as_deref()),
            (Some(true), Some("https://x/y"))
        );
    }
}
