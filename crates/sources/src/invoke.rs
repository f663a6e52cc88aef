//! A cmdlet of Exchange Online called through its administration endpoint: how one is asked and
//! how its answer is read.

use crate::health::{Meaning, access};
use crate::link::follow;
use crate::said::Said;
use crate::window::source::{Turn, refused, stop};
use model::{Ask, Pace, Reply, Service};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// The system mailbox that questions about the whole organisation are anchored to.
const ANCHOR: &str = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/// Returns the question that calls a cmdlet.
#[must_use]
pub fn call(
    tenant: &str,
    pace: Pace,
    cmdlet: &'static str,
    parameters: &Map<String, Value>,
) -> Ask {
    let body = json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}});
    let path = format!("/adminapi/beta/{tenant}/InvokeCommand");
    Ask::post(Service::Exchange, pace, path, body.to_string())
        .with("X-AnchorMailbox", format!("APP:{ANCHOR}@{tenant}"))
        .with("X-CmdletName", cmdlet)
        .with("X-ResponseFormat", "json")
        .with("Prefer", "odata.maxpagesize=1000")
}

/// Returns the question for the next page: the same body, posted to the link.
#[must_use]
pub fn next(asked: &Ask, link: String) -> Ask {
    follow(asked.clone(), link)
}

/// The answer of a cmdlet.
pub struct Answer<'a> {
    /// The rows, unread.
    pub rows: Vec<&'a RawValue>,
    /// The link to the next page.
    pub next: Option<String>,
    /// What the cmdlet warned of.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(default, rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(default, rename = "@adminapi.warnings")]
    warnings: Option<Vec<String>>,
}

/// Reads an answer.
pub fn read(body: &[u8]) -> Result<Answer<'_>, String> {
    let wire: Wire<'_> =
        serde_json::from_slice(body).map_err(|error| format!("the answer is damaged: {error}"))?;
    Ok(Answer {
        rows: wire.value,
        next: wire.next.filter(|link| !link.is_empty()),
        warnings: wire.warnings.unwrap_or_default(),
    })
}

impl Answer<'_> {
    /// Returns the warning that makes the answer one that cannot be relied on: any where there are no
    /// rows, and where there are some, one that speaks of a failure.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        let tells = |warning: &&String| {
            let warning = warning.to_ascii_lowercase();
            [
                "fail",
                "cancel",
                "time",
                "partial",
                "incomplete",
                "try again",
            ]
            .iter()
            .any(|word| warning.contains(word))
        };
        let any = || self.warnings.first().filter(|_| self.rows.is_empty());
        self.warnings
            .iter()
            .find(tells)
            .or_else(any)
            .map(String::as_str)
    }
}

/// Reads a refusal: the two halves of the right to call a cmdlet are told apart.
pub(crate) fn refusal(reply: &Reply, role: &'static str) -> Turn {
    let said = Said::of(reply);
    let line = said.line();
    if said.is_throttling() {
        return refused(&said, reply);
    }
    if said.speaks_of("is not recognized") {
        return stop(access(
            format!("the cmdlet is not open to the application: {line}"),
            role,
        ));
    }
    match said.status {
        401 => stop(access(
            format!("the application role is missing: {line}"),
            "grant `Exchange.ManageAsApp` of Office 365 Exchange Online and consent to it",
        )),
        403 => stop(access(
            format!("the directory role is missing: {line}"),
            role,
        )),
        _ if said.speaks_of("AuditingDisabledTenant") => Turn::Suffer(Meaning::Stop(
            crate::activity::audit_is_off(&line),
            crate::moment::HOUR,
        )),
        _ => refused(&said, reply),
    }
}
