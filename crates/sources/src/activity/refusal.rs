//! What the error codes of the Management Activity API ask of a client.

use crate::feed::Trouble;
use crate::health::{Meaning, access};
use crate::moment::{DAY, HOUR};
use crate::said::{Said, retry_after};
use model::Reply;

/// A refusal of the Management Activity API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The subscription is on already.
    AlreadyOn,
    /// There is no subscription.
    NoSubscription,
    /// Somebody disabled the subscription.
    Disabled(String),
    /// The page's token is no good: list again.
    BadPage,
    /// The span of time is refused.
    BadSpan(String),
    /// The blob can be had no more.
    Gone(String),
    /// Something that is not peculiar to this service.
    Other(Meaning),
}

/// Reads a refusal.
pub(crate) fn read(reply: &Reply) -> Refusal {
    let said = Said::of(reply);
    let line = said.line();
    if said.is_throttling() {
        return Refusal::Other(Meaning::Passing {
            why: line,
            at_least: retry_after(reply).max(30),
        });
    }
    // Said of a tenant that is there and whose audit log is off, also beside a code that says otherwise.
    if said.speaks_of("DataServiceException") && said.speaks_of("does not exist") {
        return stop(audit_is_off(&line));
    }
    match said.code.to_ascii_uppercase().as_str() {
        "AF20022" => Refusal::NoSubscription,
        "AF20023" => Refusal::Disabled(line),
        "AF20024" => Refusal::AlreadyOn,
        "AF20030" | "AF20055" => Refusal::BadSpan(line),
        "AF20031" => Refusal::BadPage,
        "AF20050" | "AF20051" | "AF20052" => Refusal::Gone(line),
        "AF10001" => stop(access(
            format!("permission is missing: {line}"),
            "grant `ActivityFeed.Read` of the Office 365 Management APIs and consent to it; it is noticed within an hour",
        )),
        "AF20010" | "AF20011" | "AF20012" | "AF20013" => stop(access(
            format!("the tenant is refused: {line}"),
            "check the tenant's id and that the token is made for the same tenant",
        )),
        "AF20001" | "AF20002" | "AF20003" | "AF20020" | "AF20021" => stop(Trouble {
            what: format!("the question is refused: {line}"),
            hint: "check the content type and the publisher's id in the configuration".to_owned(),
            stopped: true,
            access: false,
            throttled: false,
        }),
        _ => unnumbered(&said, &line, reply),
    }
}

fn unnumbered(said: &Said, line: &str, reply: &Reply) -> Refusal {
    let tenant_absent = said.speaks_of("tenant") && said.speaks_of("does not exist");
    if tenant_absent || said.speaks_of("AuditingDisabledTenant") {
        return stop(audit_is_off(line));
    }
    if said.speaks_of("service principal") && said.speaks_of("disabled") {
        return Refusal::Other(Meaning::Stop(
            access(
                format!("the tenant has no Office 365 audit service: {line}"),
                "it needs a licence with Exchange Online; switch the feed off where there is none",
            ),
            DAY,
        ));
    }
    Refusal::Other(Meaning::of_refusal(said, reply))
}

/// Returns the trouble of a tenant that writes no unified audit log.
pub(crate) fn audit_is_off(line: &str) -> Trouble {
    Trouble {
        what: format!("unified auditing is off: {line}"),
        hint: "turn it on: `Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true`, then allow an hour or more; until then nothing is recorded".to_owned(),
        stopped: true,
        access: false,
        throttled: false,
    }
}

fn stop(trouble: Trouble) -> Refusal {
    Refusal::Other(Meaning::Stop(trouble, HOUR))
}
