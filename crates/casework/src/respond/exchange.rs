//! Calling cmdlets of Exchange Online, to read and to change.

use super::action::About;
use super::heard::unanswered;
use super::said::Said;
use super::written::{nested, object, text};
use model::bags::body;
use model::{Ask, Change, Json, Pace, Reply, Service, Verb};

/// The system mailbox that calls are anchored to.
const ANCHOR: &str = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/// The answers come in pages of this size.
const PAGE: &str = "odata.maxpagesize=1000";

/// Asks a cmdlet.
pub(crate) fn ask(tenant: &str, cmdlet: &'static str, parameters: &[(&str, Json<'_>)]) -> Ask {
    let (path, body) = call(tenant, cmdlet, parameters);
    let ask = Ask::post(Service::Exchange, Pace::Cmdlet, path, body);
    headers(tenant, cmdlet)
        .into_iter()
        .fold(ask, |ask, (name, value)| ask.with(name, value))
}

/// Has a cmdlet change something.
pub(crate) fn change(
    tenant: &str,
    cmdlet: &'static str,
    parameters: &[(&str, Json<'_>)],
) -> Change {
    let (path, body) = call(tenant, cmdlet, parameters);
    Change {
        service: Service::Exchange,
        pace: Pace::Cmdlet,
        verb: Verb::Post,
        path,
        headers: headers(tenant, cmdlet),
        body: Some(body),
    }
}

fn call(tenant: &str, cmdlet: &str, parameters: &[(&str, Json<'_>)]) -> (String, String) {
    let input = nested(&[
        ("CmdletName", text(cmdlet)),
        ("Parameters", nested(parameters)),
    ]);
    let body = object(&[("CmdletInput", input)]);
    (format!("/adminapi/beta/{tenant}/InvokeCommand"), body)
}

fn headers(tenant: &str, cmdlet: &'static str) -> Vec<(&'static str, String)> {
    vec![
        ("X-AnchorMailbox", format!("APP:{ANCHOR}@{tenant}")),
        ("X-CmdletName", cmdlet.to_owned()),
        ("X-ResponseFormat", "json".to_owned()),
        ("Prefer", PAGE.to_owned()),
    ]
}

/// Reads the rows that a cmdlet put out; nothing where it says that what it was asked about is not
/// there. A warning that tells of a failure, or any without rows, is no answer.
pub(crate) fn rows<'r, T>(
    about: &About,
    asked: &str,
    reply: Option<&'r Reply>,
    read: impl FnOnce(&[Json<'r>]) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let reply = reply.ok_or_else(|| format!("exchange was not asked for {asked}"))?;
    let said = Said::of(reply);
    if said.is_gone() {
        return Ok(None);
    }
    if !reply.is_success() {
        return Err(unanswered(
            about.permissions,
            Service::Exchange,
            asked,
            reply,
        ));
    }
    let page = std::str::from_utf8(&reply.body).map(body).ok();
    let rows = page.as_ref().and_then(|page| page.get("value"));
    let Some(rows @ Json::Array(_)) = rows else {
        return Err(format!(
            "exchange was asked for {asked} and the answer is damaged"
        ));
    };
    let warned = said.warning_line();
    if said.complaint().is_some() || (rows.items().is_empty() && !warned.is_empty()) {
        return Err(format!(
            "exchange was asked for {asked} and warned: {warned}"
        ));
    }
    let has_more = page.as_ref().is_some_and(|page| {
        page.text("@odata.nextLink")
            .is_some_and(|link| !link.is_empty())
    });
    if has_more {
        return Err(format!("exchange gave only a part of {asked}"));
    }
    read(rows.items()).map(Some)
}

/// Returns a row's field as JSON: what the answer leaves out is `null`.
pub(crate) fn field<'j, 'r>(row: &'j Json<'r>, name: &str) -> &'j Json<'r> {
    row.get_any_case(name).unwrap_or(&Json::Null)
}

/// Returns a row's field as a text; empty where there is none.
pub(crate) fn word(row: &Json<'_>, name: &str) -> String {
    field(row, name).as_word().unwrap_or_default().to_owned()
}

/// Returns a row's field as a list of texts: some cmdlets write a list of one as a text, some join
/// a list by commas.
pub(crate) fn words(row: &Json<'_>, name: &str) -> Vec<String> {
    match field(row, name) {
        Json::Array(items) => items
            .iter()
            .filter_map(Json::as_word)
            .map(str::to_owned)
            .collect(),
        other => other
            .as_word()
            .unwrap_or_default()
            .split(',')
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect(),
    }
}
