//! Pages: of records that are looked up by their time, and of lists that are short.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::Visit;
use super::filter::Filter;
use crate::faults::Fault;
use crate::record::{Micros, Stream};
use crate::service::Service;
use crate::wire::{Answer, encode};

/// A collection of records.
pub(super) struct Log {
    pub(super) streams: Vec<Stream>,
    /// The property that is the time of a record.
    pub(super) clock: &'static str,
    pub(super) default_top: usize,
    pub(super) most: usize,
    /// Properties that this version does not have.
    pub(super) hidden: &'static [&'static str],
    /// Where nothing else is asked for: how far back, or everything.
    pub(super) from: Micros,
}

/// Where the next page begins: behind a record.
struct Skip {
    time: Micros,
    id: String,
    given: u64,
}

/// Lists records, newest first unless asked otherwise, and only those that have arrived.
pub(super) fn log(visit: &Visit<'_>, log: &Log) -> Answer {
    list(visit, log).unwrap_or_else(|refused| refused)
}

fn list(visit: &Visit<'_>, log: &Log) -> Result<Answer, Answer> {
    let cloud = visit.cloud;
    let ask = visit.ask;
    let filter = Filter::parse(ask.parameter("$filter"))
        .map_err(|why| visit.bad(&format!("Invalid filter clause: {why}")))?;
    let top = top(visit, log.default_top, log.most)?;
    let skip = skip(visit)?;
    let rising = ask
        .parameter("$orderby")
        .is_some_and(|order| !order.ends_with(" desc"));
    let (from, to, alone) = filter
        .as_ref()
        .map_or((log.from, Micros::MAX, true), |filter| {
            filter.span(log.clock)
        });
    let now = cloud.now();
    let record = |row: usize| cloud.record(row);
    let mut rows: Vec<usize> = Vec::new();
    for stream in &log.streams {
        let happened = cloud.happened(visit.place, *stream, from..to);
        let arrived = happened.into_iter();
        rows.extend(arrived.filter(|row| record(*row).available <= now));
    }
    let key = |row: &usize| (record(*row).time, record(*row).id.as_str());
    rows.sort_by(|left, right| {
        if rising {
            key(left).cmp(&key(right))
        } else {
            key(right).cmp(&key(left))
        }
    });
    let behind = |row: &usize| {
        skip.as_ref().is_none_or(|skip| {
            let border = (skip.time, skip.id.as_str());
            if rising {
                key(row) > border
            } else {
                key(row) < border
            }
        })
    };
    let read = |row: usize| serde_json::from_str::<Value>(&record(row).body).unwrap_or_default();
    let wanted = |row: &usize| {
        alone
            || filter
                .as_ref()
                .is_none_or(|filter| filter.holds(&read(*row)))
    };
    let mut page: Vec<usize> = rows
        .into_iter()
        .filter(behind)
        .filter(wanted)
        .take(top + 1)
        .collect();
    let more = page.len() > top;
    page.truncate(top);
    let next = page.last().filter(|_| more).map(|last| {
        let (time, id) = key(last);
        next_link(
            visit,
            &Skip {
                time,
                id: id.to_owned(),
                given: cloud.real(),
            },
        )
    });
    Ok(body(visit, log, &page, next.as_deref()).holding(page))
}

fn body(visit: &Visit<'_>, log: &Log, page: &[usize], next: Option<&str>) -> Answer {
    let head = format!("{{\"@odata.context\":{}", json!(context(visit)));
    let next = next.map_or(String::new(), |next| {
        format!(",\"@odata.nextLink\":{}", json!(next))
    });
    let array = if log.hidden.is_empty() {
        visit.cloud.array(page)
    } else {
        let shown = page.iter().map(|row| {
            let mut object: Map<String, Value> =
                serde_json::from_str(&visit.cloud.record(*row).body).unwrap_or_default();
            object.retain(|name, _| !log.hidden.contains(&name.as_str()));
            Value::Object(object)
        });
        Value::Array(shown.collect()).to_string()
    };
    Answer::text(200, format!("{head}{next},\"value\":{array}}}"))
}

/// Lists objects that are few, with `$filter`, `$select`, `$top` and pages.
pub(super) fn collection(visit: &Visit<'_>, objects: &[Value], most: usize) -> Answer {
    let listed = || -> Result<Answer, Answer> {
        let filter = Filter::parse(visit.ask.parameter("$filter")).map_err(|why| {
            visit.error(
                400,
                "Request_UnsupportedQuery",
                &format!("Invalid filter clause: {why}"),
            )
        })?;
        let top = top(visit, most.min(100), most)?;
        let from: usize = visit
            .ask
            .parameter("$skiptoken")
            .map_or(Ok(0), str::parse)
            .map_err(|_| bad_token(visit))?;
        let kept: Vec<&Value> = objects
            .iter()
            .filter(|object| filter.as_ref().is_none_or(|filter| filter.holds(object)))
            .collect();
        let page: Vec<Value> = kept
            .iter()
            .skip(from)
            .take(top)
            .map(|object| select(visit, object))
            .collect();
        let mut body = json!({"@odata.context": context(visit), "value": page});
        if visit.ask.parameter("$count") == Some("true") {
            body["@odata.count"] = json!(kept.len());
        }
        if from + top < kept.len() {
            body["@odata.nextLink"] = json!(link(visit, &(from + top).to_string()));
        }
        Ok(Answer::json(200, &body))
    };
    listed().unwrap_or_else(|refused| refused)
}

/// Answers one object.
pub(super) fn object(visit: &Visit<'_>, object: &Value) -> Answer {
    let mut object = select(visit, object);
    object["@odata.context"] = json!(context(visit));
    Answer::json(200, &object)
}

fn select(visit: &Visit<'_>, object: &Value) -> Value {
    let Some(names) = visit.ask.parameter("$select") else {
        return object.clone();
    };
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    let mut object = object.clone();
    if let Some(map) = object.as_object_mut() {
        map.retain(|name, _| {
            name == "id" || name.starts_with('@') || names.contains(&name.as_str())
        });
    }
    object
}

/// Reads `$top`.
pub(super) fn top(visit: &Visit<'_>, default: usize, most: usize) -> Result<usize, Answer> {
    let Some(text) = visit.ask.parameter("$top") else {
        return Ok(default);
    };
    match text.parse() {
        Ok(top) if (1..=most).contains(&top) => Ok(top),
        Ok(_) => Err(visit.bad(&format!(
            "Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive."
        ))),
        Err(_) => Err(visit.bad("Invalid value for $top.")),
    }
}

fn skip(visit: &Visit<'_>) -> Result<Option<Skip>, Answer> {
    let Some(text) = visit.ask.parameter("$skiptoken") else {
        return Ok(None);
    };
    let lost = visit.cloud.strikes(Fault::LostSkipToken, visit.site);
    let life = visit.cloud.faults.dials().skiptoken_seconds * 1000;
    let skip = read_skip(text)
        .filter(|skip| !lost && (life == 0 || visit.cloud.real() < skip.given + life));
    skip.map(Some).ok_or_else(|| bad_token(visit))
}

fn bad_token(visit: &Visit<'_>) -> Answer {
    visit.bad("Invalid Skip Token, skip token is null")
}

fn read_skip(text: &str) -> Option<Skip> {
    let (place, given) = text.split_once('.')?;
    let place = String::from_utf8(URL_SAFE_NO_PAD.decode(place).ok()?).ok()?;
    let (time, id) = place.split_once(' ')?;
    Some(Skip {
        time: time.parse().ok()?,
        given: given.parse().ok()?,
        id: id.to_owned(),
    })
}

/// The place, then when it was given out: what is behind the dot differs from run to run.
fn next_link(visit: &Visit<'_>, skip: &Skip) -> String {
    let place = URL_SAFE_NO_PAD.encode(format!("{} {}", skip.time, skip.id));
    link(visit, &format!("{place}.{}", skip.given))
}

/// Writes the same request again, with another token.
pub(super) fn link(visit: &Visit<'_>, token: &str) -> String {
    let kept = visit
        .ask
        .query
        .iter()
        .filter(|(name, _)| name != "$skiptoken");
    let kept: Vec<String> = kept
        .map(|(name, value)| format!("{name}={}&", encode(value)))
        .collect();
    let base = visit.cloud.base(Service::Graph);
    format!(
        "{base}{}?{}$skiptoken={token}",
        visit.ask.path,
        kept.concat()
    )
}

fn context(visit: &Visit<'_>) -> String {
    context_of(visit, &visit.rest.join("/"))
}

/// Says what an answer is about.
pub(super) fn context_of(visit: &Visit<'_>, what: &str) -> String {
    let version = if visit.beta { "beta" } else { "v1.0" };
    let base = visit.cloud.base(Service::Graph);
    format!("{base}/{version}/$metadata#{what}")
}
