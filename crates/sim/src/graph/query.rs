//! `security/auditLog/queries`: searches of the unified audit log that take their time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;
use serde_json::{Value, json};

use super::Visit;
use super::page;
use crate::faults::Fault;
use crate::record::{ContentType, Micros, Stream};
use crate::record_type;
use crate::stamp;
use crate::wire::Answer;

/// The queries of all tenants.
#[derive(Debug, Default)]
pub(crate) struct Queries {
    known: Mutex<BTreeMap<String, Query>>,
}

/// A query.
#[derive(Clone, Debug)]
struct Query {
    tenant: usize,
    asked: Value,
    looked: u32,
    end: End,
    rows: Vec<usize>,
    exceeded: bool,
}

/// How a query ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Succeeds,
    Fails,
    Never,
}

pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    if !visit.beta && visit.cloud.strikes(Fault::QueryOnlyBeta, visit.site) {
        return visit.error(404, "UnknownError", "");
    }
    let off =
        !visit.tenant.settings.unified_audit || visit.cloud.strikes(Fault::AuditingOff, visit.site);
    if off {
        let inside = json!({"ErrorCode": "AuditingDisabledTenant", "Message": "Auditing is disabled for the tenant."});
        return visit.error(400, "BadRequest", &inside.to_string());
    }
    let get = visit.ask.method == Method::GET;
    match (visit.site.call, visit.rest.as_slice()) {
        ("queries", _) if visit.ask.method == Method::POST => create(visit),
        ("queries", _) if get => list(visit),
        ("query", [.., id]) if get => look(visit, id),
        ("records", [.., id, _]) if get => records(visit, id),
        _ => super::unknown(visit),
    }
}

fn create(visit: &Visit<'_>) -> Answer {
    let Some(asked) = visit.ask.json().filter(Value::is_object) else {
        return visit.bad("Unable to read JSON request payload.");
    };
    let moment = |name: &str| asked[name].as_str().and_then(stamp::parse);
    let (Some(from), Some(to)) = (moment("filterStartDateTime"), moment("filterEndDateTime"))
    else {
        return visit.bad("filterStartDateTime and filterEndDateTime are required.");
    };
    if from >= to {
        return visit.bad("filterStartDateTime must be before filterEndDateTime.");
    }
    let cloud = visit.cloud;
    let strikes = |fault| cloud.strikes(fault, visit.site);
    let end = if strikes(Fault::QueryFailed) {
        End::Fails
    } else if strikes(Fault::QueryStuck) {
        End::Never
    } else {
        End::Succeeds
    };
    let mut rows = find(visit, &asked, from, to);
    let mut limit = cloud.faults.dials().query_records;
    if strikes(Fault::QueryTruncated) {
        limit = limit.min(rows.len() / 2);
    }
    let exceeded = rows.len() > limit;
    rows.truncate(limit);
    let id = cloud.guid("query");
    let query = Query {
        tenant: visit.place,
        asked,
        looked: 0,
        end,
        rows,
        exceeded,
    };
    let body = query.json(&id, "notStarted");
    cloud.queries.with(|known| known.insert(id, query));
    Answer::json(201, &body)
}

/// Finds what a query asks for among what has arrived.
fn find(visit: &Visit<'_>, asked: &Value, from: Micros, to: Micros) -> Vec<usize> {
    let cloud = visit.cloud;
    let now = cloud.now();
    let mut rows: Vec<usize> = ContentType::ALL
        .into_iter()
        .flat_map(|content| cloud.happened(visit.place, Stream::Unified(content), from..to))
        .filter(|row| cloud.record(*row).available <= now)
        .filter(|row| wanted(asked, &cloud.record(*row).body))
        .collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(cloud.record(*row).time), *row));
    rows
}

/// Filters are alternatives inside and conditions together.
fn wanted(asked: &Value, body: &str) -> bool {
    let lists = [
        "recordTypeFilters",
        "operationFilters",
        "userPrincipalNameFilters",
        "ipAddressFilters",
        "objectIdFilters",
    ];
    let keyword = asked["keywordFilter"]
        .as_str()
        .unwrap_or_default()
        .to_lowercase();
    let service = asked["serviceFilter"].as_str().unwrap_or_default();
    let unfiltered = lists
        .iter()
        .all(|name| asked[*name].as_array().is_none_or(Vec::is_empty));
    if unfiltered && keyword.is_empty() && service.is_empty() {
        return true;
    }
    let record: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| record[name].as_str().unwrap_or_default();
    let number = record["RecordType"].as_u64().unwrap_or_default();
    let values = [
        record_type::name(number),
        text("Operation"),
        text("UserId"),
        text("ClientIP"),
        text("ObjectId"),
    ];
    let fits = |(name, value): (&&str, &str)| {
        let list = asked[*name].as_array().filter(|list| !list.is_empty());
        list.is_none_or(|list| {
            list.iter()
                .filter_map(Value::as_str)
                .any(|wanted| wanted.eq_ignore_ascii_case(value))
        })
    };
    lists.iter().zip(values).all(fits)
        && (keyword.is_empty() || body.to_lowercase().contains(&keyword))
        && (service.is_empty() || text("Workload").eq_ignore_ascii_case(service))
}

fn list(visit: &Visit<'_>) -> Answer {
    let queries: Vec<Value> = visit.cloud.queries.with(|known| {
        let own = known
            .iter()
            .filter(|(_, query)| query.tenant == visit.place);
        own.map(|(id, query)| query.json(id, query.status(u32::MAX)))
            .collect()
    });
    page::collection(visit, &queries, 1000)
}

fn look(visit: &Visit<'_>, id: &str) -> Answer {
    let polls = visit.cloud.faults.dials().query_polls;
    let body = visit.cloud.queries.with(|known| {
        let query = known
            .get_mut(id)
            .filter(|query| query.tenant == visit.place)?;
        query.looked = query.looked.saturating_add(1);
        Some(query.json(id, query.status(polls)))
    });
    match body {
        Some(body) => Answer::json(200, &body),
        None => visit.not_found(id),
    }
}

fn records(visit: &Visit<'_>, id: &str) -> Answer {
    let polls = visit.cloud.faults.dials().query_polls;
    let query = visit.cloud.queries.with(|known| known.get(id).cloned());
    let Some(query) = query.filter(|query| query.tenant == visit.place) else {
        return visit.not_found(id);
    };
    if query.status(polls) != "succeeded" {
        return visit.bad("The query has not succeeded.");
    }
    let top = match page::top(visit, 150, 10_000) {
        Ok(top) => top,
        Err(refused) => return refused,
    };
    let from: usize = visit
        .ask
        .parameter("$skiptoken")
        .and_then(|token| token.parse().ok())
        .unwrap_or(0);
    let rows = query.rows.get(from..).unwrap_or_default();
    let mut rows = &rows[..top.min(rows.len())];
    let next = from + rows.len();
    if visit.cloud.strikes(Fault::QueryMiscount, visit.site) {
        rows = &rows[..rows.len().saturating_sub(1)];
    }
    let value: Vec<Value> = rows.iter().map(|row| record(visit, *row)).collect();
    let mut body = json!({"value": value});
    if visit.ask.parameter("$count") == Some("true") {
        body["@odata.count"] = json!(query.rows.len());
    }
    if next < query.rows.len() {
        body["@odata.nextLink"] = json!(page::link(visit, &next.to_string()));
    }
    Answer::json(200, &body).holding(rows.to_vec())
}

/// A record in the dress of a query.
fn record(visit: &Visit<'_>, row: usize) -> Value {
    let record = visit.cloud.record(row);
    let mut data: Value = serde_json::from_str(&record.body).unwrap_or_default();
    let of = |name: &str| data[name].clone();
    let number = data["RecordType"].as_u64().unwrap_or_default();
    let mut body = json!({
        "id": record.id,
        "createdDateTime": stamp::seconds(record.time),
        "auditLogRecordType": record_type::name(number),
        "operation": of("Operation"),
        "organizationId": of("OrganizationId"),
        "userType": record_type::user_type(data["UserType"].as_u64().unwrap_or_default()),
        "userId": of("UserId"),
        "service": of("Workload"),
        "objectId": of("ObjectId"),
        "userPrincipalName": of("UserId"),
        "clientIp": of("ClientIP"),
        "administrativeUnits": [""],
    });
    data["@odata.type"] = json!("#microsoft.graph.security.defaultAuditData");
    body["auditData"] = data;
    body
}

impl Queries {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Query>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Query {
    fn status(&self, polls: u32) -> &'static str {
        match self.end {
            _ if self.looked == 0 => "notStarted",
            End::Never => "running",
            _ if self.looked < polls => "running",
            End::Fails => "failed",
            End::Succeeds => "succeeded",
        }
    }

    fn json(&self, id: &str, status: &str) -> Value {
        let mut body = self.asked.clone();
        body["id"] = json!(id);
        body["@odata.type"] = json!("#microsoft.graph.security.auditLogQuery");
        body["status"] = json!(status);
        if status == "succeeded" {
            body["approximateReturnedRecordCount"] = json!(self.rows.len());
            body["recordCountLimit"] = json!(1_000_000);
            body["isRecordCountLimitExceeded"] = json!(self.exceeded);
        }
        body
    }
}
