//! `Search-UnifiedAuditLog`: sessions, their pages, and their lies.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::{Failure, Order, Output};
use crate::faults::{Fault, hash};
use crate::record::{ContentType, Micros, Stream};
use crate::record_type;
use crate::stamp;

/// Rows of one call, at most.
const MOST: usize = 5000;
/// Rows of a session that is not sorted.
const LARGE_SET: usize = 50_000;
/// Rows of a session that was paged in both ways.
const MIXED: usize = 10_000;

/// The sessions of all tenants.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    known: Mutex<BTreeMap<(usize, String), Session>>,
}

#[derive(Debug)]
struct Session {
    rows: Vec<usize>,
    given: usize,
    command: String,
    most: usize,
}

const PARAMETERS: [&str; 16] = [
    "StartDate",
    "EndDate",
    "ResultSize",
    "SessionId",
    "SessionCommand",
    "Operations",
    "RecordType",
    "UserIds",
    "IPAddresses",
    "ObjectIds",
    "SiteIds",
    "FreeText",
    "Formatted",
    "HighCompleteness",
    "LongerRetentionEnabled",
    "LegacyFlow",
];

pub(super) fn run(order: &Order<'_>) -> Result<Output, Failure> {
    let parameters = &order.parameters;
    let stranger = parameters.names().find(|name| {
        !PARAMETERS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    });
    if let Some(name) = stranger {
        let text = format!("A parameter cannot be found that matches parameter name '{name}'.");
        return Err(Failure::new(
            400,
            "System.Management.Automation.AmbiguousParameterSetException",
            text,
        ));
    }
    let (Some(from), Some(to)) = (parameters.moment("StartDate"), parameters.moment("EndDate"))
    else {
        let text = "Cannot process argument transformation on parameter 'StartDate'.";
        return Err(Failure::new(
            400,
            "System.Management.Automation.ParameterBindingException",
            text,
        ));
    };
    let size = parameters.number("ResultSize").unwrap_or(100);
    if size > MOST {
        let text = format!("The value of the parameter ResultSize must be between 1 and {MOST}.");
        return Err(Failure::new(
            400,
            "System.Management.Automation.ParameterBindingException",
            text,
        ));
    }
    if order.cloud.strikes(Fault::SearchTimedOut, order.site) {
        return Ok(Output::warning(
            "Failed to process request via Sync Search mode. Details: A task was canceled.",
        ));
    }
    if size == 0 || !order.tenant.settings.unified_audit {
        return Ok(Output::default());
    }
    let found = || find(order, from, to);
    let (rows, first, total) = match parameters.text("SessionId") {
        Some(session) => order.cloud.sessions.next(order, session, size, found),
        None => newest(order, found(), size),
    };
    Ok(written(order, &rows, first, total, size))
}

/// Finds what is asked for among what has arrived. A wrong record type is none at all, and no
/// error: the service compares the beginnings of names.
fn find(order: &Order<'_>, from: Micros, to: Micros) -> Vec<usize> {
    let cloud = order.cloud;
    let now = cloud.now();
    let streams = ContentType::ALL.map(Stream::Unified);
    let arrived = streams
        .into_iter()
        .flat_map(|stream| cloud.happened(order.place, stream, from..to))
        .filter(|row| cloud.record(*row).available <= now);
    let wanted = Wanted::new(order);
    arrived
        .filter(|row| wanted.holds(&cloud.record(*row).body))
        .collect()
}

/// Filters: alternatives inside, conditions together.
struct Wanted {
    lists: Vec<(&'static str, Vec<String>)>,
    record_type: Option<String>,
    free_text: Option<String>,
}

impl Wanted {
    fn new(order: &Order<'_>) -> Self {
        let parameters = &order.parameters;
        let lists = [
            ("Operation", "Operations"),
            ("UserId", "UserIds"),
            ("ClientIP", "IPAddresses"),
            ("ObjectId", "ObjectIds"),
        ];
        Self {
            lists: lists
                .into_iter()
                .map(|(field, name)| (field, parameters.list(name)))
                .filter(|(_, list)| !list.is_empty())
                .collect(),
            record_type: parameters.text("RecordType").map(str::to_owned),
            free_text: parameters.text("FreeText").map(str::to_lowercase),
        }
    }

    fn holds(&self, body: &str) -> bool {
        if self.lists.is_empty() && self.record_type.is_none() && self.free_text.is_none() {
            return true;
        }
        let record: Value = serde_json::from_str(body).unwrap_or_default();
        let listed = self.lists.iter().all(|(field, list)| {
            let value = record[*field].as_str().unwrap_or_default();
            list.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
        });
        let name = record_type::name(record["RecordType"].as_u64().unwrap_or_default());
        let typed = self
            .record_type
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(name));
        let said = self
            .free_text
            .as_ref()
            .is_none_or(|text| body.to_lowercase().contains(text));
        listed && typed && said
    }
}

/// Without a session: the newest, and the rest is not to be had.
fn newest(order: &Order<'_>, mut rows: Vec<usize>, size: usize) -> (Vec<usize>, usize, usize) {
    sort(order, &mut rows);
    let total = rows.len();
    rows.truncate(size);
    (rows, 0, total)
}

fn sort(order: &Order<'_>, rows: &mut [usize]) {
    let record = |row: usize| order.cloud.record(row);
    rows.sort_by_key(|row| (std::cmp::Reverse(record(*row).time), *row));
}

impl Sessions {
    /// Returns the next rows of a session, the place of the first, and how many there are.
    fn next(
        &self,
        order: &Order<'_>,
        id: &str,
        size: usize,
        found: impl FnOnce() -> Vec<usize>,
    ) -> (Vec<usize>, usize, usize) {
        let command = order
            .parameters
            .text("SessionCommand")
            .unwrap_or("ReturnNextPreviewPage")
            .to_owned();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let session = known
            .entry((order.place, id.to_owned()))
            .or_insert_with(|| Session::new(order, &command, found()));
        if session.command != command {
            session.most = session.most.min(MIXED);
        }
        let end = session.rows.len().min(session.most);
        if session.given >= end
            && order
                .cloud
                .faults
                .laid_on(Fault::SearchWraps, order.site)
                .is_some()
        {
            session.given = 0;
        }
        let first = session.given.min(end);
        let last = (first + size).min(end);
        session.given = last;
        (
            session.rows[first..last].to_vec(),
            first,
            session.rows.len(),
        )
    }
}

impl Session {
    fn new(order: &Order<'_>, command: &str, mut rows: Vec<usize>) -> Self {
        let large = command.eq_ignore_ascii_case("ReturnLargeSet");
        if large {
            let record = |row: usize| order.cloud.record(row);
            rows.sort_by_key(|row| hash(3, record(*row).id.as_bytes()));
        } else {
            sort(order, &mut rows);
        }
        Self {
            rows,
            given: 0,
            command: command.to_owned(),
            most: if large { LARGE_SET } else { MOST },
        }
    }
}

fn written(order: &Order<'_>, rows: &[usize], first: usize, total: usize, size: usize) -> Output {
    let lost = !rows.is_empty() && order.cloud.strikes(Fault::SearchIndexLost, order.site);
    let total = if order
        .cloud
        .faults
        .laid_on(Fault::SearchMiscounts, order.site)
        .is_some()
    {
        size
    } else {
        total
    };
    let object = |(place, row): (usize, &usize)| {
        let record = &order.cloud.record(*row);
        let data: Value = serde_json::from_str(&record.body).unwrap_or_default();
        json!({
            "RecordType": record_type::name(data["RecordType"].as_u64().unwrap_or_default()),
            "CreationDate": stamp::seconds(record.time), "CreationDate@data.type": "System.DateTime",
            "UserIds": data["UserId"], "Operations": data["Operation"], "AuditData": record.body,
            "ResultIndex": if lost { -1 } else { (first + place + 1) as i64 },
            "ResultCount": if lost { 0 } else { total },
            "Identity": record.id, "IsValid": true, "ObjectState": "Unchanged",
        })
    };
    Output {
        objects: rows.iter().enumerate().map(object).collect(),
        rows: rows.to_vec(),
        warnings: Vec::new(),
    }
}
