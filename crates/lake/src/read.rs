//! Reading records back in the words of the house: events, deliveries, what was rejected.
//!
//! Rows come in no particular order and are borrowed from the batch that holds them; an
//! answer that depends on an order must make its own.

use crate::error::LakeError;
use crate::lake::Lake;
use crate::session::{converted, text_at, texts, times};
use datafusion::arrow::array::{
    Array, BooleanArray, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::record_batch::RecordBatch;
use futures::TryStreamExt;
use model::{ActorKind, Address, Delivery, Event, Family, Outcome, RecordId, TenantId, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Which events to read, and how much of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The records of mailbox items accessed, without the rest of each: there may be millions.
    Accesses,
    /// All others, and accesses that were throttled, each with its rest.
    Acts,
    /// The records of these operations alone, each with its rest.
    Of(&'static [&'static str]),
}

/// What records are looked for by: any of it is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Addresses, as they are normalised.
    pub addresses: Vec<String>,
    /// Sessions.
    pub sessions: Vec<String>,
    /// Client applications, in lower case.
    pub apps: Vec<String>,
}

impl Marks {
    /// Returns the condition that a record has one of them; nothing where there is none.
    fn condition(&self) -> Option<String> {
        let columns = [
            ("address", &self.addresses),
            ("session", &self.sessions),
            ("app", &self.apps),
        ];
        let parts: Vec<String> = columns
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(column, values)| {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                format!("{column} IN ({})", values.join(", "))
            })
            .collect();
        (!parts.is_empty()).then(|| format!("({})", parts.join(" OR ")))
    }
}

/// A delivery with the record that tells it.
#[derive(Clone, Debug)]
pub struct DeliveryRecord<'a> {
    /// The record.
    pub record_id: &'a str,
    /// When.
    pub time: Option<Timestamp>,
    /// The delivery.
    pub delivery: Delivery<'a>,
}

/// What is known of a record that could not be read whole.
#[derive(Clone, Debug, Default)]
pub struct RejectedRecord {
    /// Its id.
    pub record_id: String,
    /// Its time as it stands there.
    pub time_text: String,
    /// Its operation.
    pub operation: String,
    /// Its user.
    pub user: String,
    /// Why it could not be read.
    pub reason: String,
}

/// Where the rest of a record says that reading was throttled.
/// <https://learn.microsoft.com/purview/audit-log-investigate-accounts>
const THROTTLED: &str = "(rest LIKE '%\"IsThrottled\",\"Value\":\"True\"%' \
     OR rest LIKE '%\"IsThrottled\":\"True\"%' OR rest LIKE '%\"IsThrottled\":true%')";

/// The logs that records come from; an event borrows its source's name from here.
const SOURCES: [&str; 9] = [
    "unified",
    "cloudapp",
    "inventory",
    "signin.interactive",
    "signin.noninteractive",
    "signin.serviceprincipal",
    "signin.managedidentity",
    "azure.activity",
    "devops.audit",
];

impl Lake {
    /// Hands over the events of one family in a tenant, those that name no tenant among them.
    pub async fn events(
        &self,
        tenant: &str,
        family: Family,
        detail: Detail,
        visit: &mut dyn FnMut(&Event<'_>),
    ) -> Result<(), LakeError> {
        let which = match detail {
            Detail::Accesses => {
                format!("action = 'MailItemsAccessed' AND (rest IS NULL OR NOT {THROTTLED})")
            }
            Detail::Acts => {
                format!("(action IS NULL OR action <> 'MailItemsAccessed' OR {THROTTLED})")
            }
            Detail::Of(operations) => format!("action IN ('{}')", operations.join("', '")),
        };
        let columns = match detail {
            Detail::Accesses => EVENT_TEXTS[..ACCESS_TEXTS].join(", "),
            Detail::Acts | Detail::Of(_) => EVENT_TEXTS.join(", "),
        };
        let query = format!(
            "SELECT {EVENT_NUMBERS}, {columns} FROM {} WHERE {} AND {which}",
            family.table(),
            of_tenant(tenant)
        );
        self.batches(&query, &mut |batch| {
            let events = Events::of(batch, family)?;
            (0..batch.num_rows()).for_each(|at| visit(&events.at(at)));
            Ok(())
        })
        .await
    }

    /// Hands over the events of one family in a tenant that are later than a moment and have one of
    /// these marks.
    pub async fn marked(
        &self,
        (tenant, family): (&str, Family),
        later_than: Timestamp,
        marks: &Marks,
        visit: &mut dyn FnMut(&Event<'_>),
    ) -> Result<(), LakeError> {
        let Some(marked) = marks.condition() else {
            return Ok(());
        };
        let query = format!(
            "SELECT {EVENT_NUMBERS}, {} FROM {} \
             WHERE {} AND time > TIMESTAMP '{later_than}' AND {marked}",
            EVENT_TEXTS.join(", "),
            family.table(),
            of_tenant(tenant)
        );
        self.batches(&query, &mut |batch| {
            let events = Events::of(batch, family)?;
            (0..batch.num_rows()).for_each(|at| visit(&events.at(at)));
            Ok(())
        })
        .await
    }

    /// Hands over the deliveries in which one of these addresses, in lower case, sent or received.
    pub async fn deliveries(
        &self,
        tenant: &str,
        addresses: &[String],
        visit: &mut dyn FnMut(&DeliveryRecord<'_>),
    ) -> Result<(), LakeError> {
        let touches = addresses
            .iter()
            .map(|address| {
                let address = quoted(address);
                // A report's row may name several recipients.
                format!("sender = {address} OR strpos(recipient, {address}) > 0")
            })
            .collect::<Vec<_>>()
            .join(" OR ");
        if touches.is_empty() {
            return Ok(());
        }
        let query = format!(
            "SELECT time, size_bytes, {} FROM messages WHERE {} AND ({touches})",
            DELIVERY_TEXTS.join(", "),
            of_tenant(tenant)
        );
        self.batches(&query, &mut |batch| {
            let deliveries = Deliveries::of(batch)?;
            (0..batch.num_rows()).for_each(|at| visit(&deliveries.at(at)));
            Ok(())
        })
        .await
    }

    /// Returns what is known of the records that could not be read whole, in files that hold
    /// records of a tenant or none at all.
    pub async fn rejected(&self, tenant: &str) -> Result<Vec<RejectedRecord>, LakeError> {
        let names = ["record_id", "time_text", "operation", "user_text", "reason"];
        let files = ["unified", "signins", "directory_audits", "messages"].map(|table| {
            format!(
                "SELECT file, max(CASE WHEN {} THEN 1 ELSE 0 END) AS own FROM {table} GROUP BY file",
                of_tenant(tenant)
            )
        });
        let query = format!(
            "SELECT {} FROM rejects WHERE file NOT IN (SELECT file FROM ({}) GROUP BY file HAVING max(own) = 0) \
             ORDER BY file, member, \"offset\"",
            names.join(", "),
            files.join(" UNION ALL ")
        );
        let mut rejected = Vec::new();
        self.batches(&query, &mut |batch| {
            let columns = names
                .iter()
                .map(|name| texts(batch, name))
                .collect::<Result<Vec<_>, _>>()?;
            rejected.extend((0..batch.num_rows()).map(|at| {
                let mut cells = columns.iter().map(|column| text_at(column, at).to_owned());
                let mut next = || cells.next().unwrap_or_default();
                RejectedRecord {
                    record_id: next(),
                    time_text: next(),
                    operation: next(),
                    user: next(),
                    reason: next(),
                }
            }));
            Ok(())
        })
        .await?;
        Ok(rejected)
    }

    /// Returns which records touched messages with these ids, as (message, record).
    pub async fn records_touching(
        &self,
        messages: &[String],
    ) -> Result<Vec<(String, String)>, LakeError> {
        let mut found = Vec::new();
        for some in messages.chunks(MESSAGES_A_QUERY) {
            let ids: Vec<String> = some.iter().map(|id| quoted(id)).collect();
            let query = format!(
                "SELECT DISTINCT internet_message_id, record_id FROM mail_items \
                 WHERE internet_message_id IN ({})",
                ids.join(", ")
            );
            self.batches(&query, &mut |batch| {
                let (messages, records) = (
                    texts(batch, "internet_message_id")?,
                    texts(batch, "record_id")?,
                );
                found.extend((0..batch.num_rows()).map(|at| {
                    let text = |column| text_at(column, at).to_owned();
                    (text(&messages), text(&records))
                }));
                Ok(())
            })
            .await?;
        }
        found.sort();
        Ok(found)
    }

    /// Returns the tenants that have records, an empty text among them for records that name none.
    pub async fn tenants(&self) -> Result<BTreeSet<String>, LakeError> {
        let tables = Family::ALL.map(|family| {
            let table = family.table();
            format!("SELECT DISTINCT tenant FROM {table}")
        });
        let mut tenants = BTreeSet::new();
        self.batches(&tables.join(" UNION ALL "), &mut |batch| {
            let names = texts(batch, "tenant")?;
            tenants.extend((0..batch.num_rows()).map(|at| text_at(&names, at).to_owned()));
            Ok(())
        })
        .await?;
        Ok(tenants)
    }

    /// Hands over every record of one family that names one of these tenants (or none, where a name
    /// is empty) and is not before a moment; those without a readable time are among them. A message on its
    /// way comes with its delivery.
    pub async fn records(
        &self,
        tenants: &[String],
        family: Family,
        since: Option<Timestamp>,
        visit: &mut dyn FnMut(&Event<'_>, Option<&Delivery<'_>>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, LakeError> {
        let whose: Vec<String> = tenants
            .iter()
            .map(|tenant| match tenant.as_str() {
                "" => "tenant IS NULL".to_owned(),
                named => format!("tenant = {}", quoted(named)),
            })
            .collect();
        let whose = format!("({})", whose.join(" OR "));
        let when = since.map_or_else(String::new, |since| {
            format!(" AND (time IS NULL OR time >= TIMESTAMP '{since}')")
        });
        let is_message = family == Family::Message;
        let mut columns = EVENT_TEXTS.join(", ");
        if is_message {
            columns = format!("{columns}, size_bytes, {}", DELIVERY_TEXTS[1..].join(", "));
        }
        let query = format!(
            "SELECT {EVENT_NUMBERS}, {columns} FROM {} WHERE {whose}{when}",
            family.table(),
        );
        let mut flow = ControlFlow::Continue(());
        self.batches(&query, &mut |batch| {
            let events = Events::of(batch, family)?;
            let deliveries = is_message.then(|| Deliveries::of(batch)).transpose()?;
            for at in 0..batch.num_rows() {
                if flow.is_break() {
                    break;
                }
                let delivered = deliveries.as_ref().map(|all| all.at(at));
                flow = visit(&events.at(at), delivered.as_ref().map(|one| &one.delivery));
            }
            Ok(())
        })
        .await?;
        Ok(flow)
    }

    /// Runs a query of this house's own and hands its batches over.
    async fn batches(
        &self,
        query: &str,
        take: &mut dyn FnMut(&RecordBatch) -> Result<(), LakeError>,
    ) -> Result<(), LakeError> {
        let session = self.walking_session();
        let plan = self.plan(&session, query).await?;
        let frame = session
            .execute_logical_plan(plan)
            .await
            .map_err(LakeError::query)?;
        let mut batches = frame.execute_stream().await.map_err(LakeError::query)?;
        while let Some(batch) = batches.try_next().await.map_err(LakeError::query)? {
            take(&batch)?;
        }
        Ok(())
    }
}

/// Returns the condition that a record is a tenant's: it names it, or none at all, as message
/// traces and portal downloads do.
fn of_tenant(tenant: &str) -> String {
    if tenant.is_empty() {
        "tenant IS NULL".to_owned()
    } else {
        format!("(tenant = {} OR tenant IS NULL)", quoted(tenant))
    }
}

/// How many message ids one query asks for.
const MESSAGES_A_QUERY: usize = 500;

/// Returns a text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// How many of the text columns an access is read with: all that do not stand in its rest.
const ACCESS_TEXTS: usize = 18;

/// The other columns of an event.
const EVENT_NUMBERS: &str = "time, record_type, logon_type, id_made, fingerprint";

/// The text columns of an event, in the order in which [`Events::at`] takes them.
const EVENT_TEXTS: [&str; 26] = [
    "tenant",
    "source",
    "record_id",
    "workload",
    "operation",
    "action",
    "user_name",
    "user_key",
    "user_kind",
    "mailbox",
    "mailbox_id",
    "outcome",
    "address",
    "session",
    "token",
    "app",
    "agent",
    "device",
    "resource_app",
    "object",
    "result",
    "error",
    "correlation",
    "time_text",
    "user_text",
    "rest",
];

/// A batch of events by column.
struct Events {
    family: Family,
    times: TimestampMicrosecondArray,
    record_types: Int32Array,
    logon_types: Int32Array,
    bodies: Int32Array,
    made_ids: BooleanArray,
    texts: Vec<StringArray>,
}

impl Events {
    fn of(batch: &RecordBatch, family: Family) -> Result<Self, LakeError> {
        let columns = EVENT_TEXTS
            .iter()
            .filter(|name| batch.column_by_name(name).is_some());
        Ok(Self {
            family,
            times: times(batch, "time")?,
            record_types: converted(batch, "record_type", &DataType::Int32)?,
            logon_types: converted(batch, "logon_type", &DataType::Int32)?,
            bodies: converted(batch, "fingerprint", &DataType::Int32)?,
            made_ids: converted(batch, "id_made", &DataType::Boolean)?,
            texts: columns
                .map(|name| texts(batch, name))
                .collect::<Result<_, _>>()?,
        })
    }

    fn at(&self, at: usize) -> Event<'_> {
        let number = |numbers: &Int32Array| (!numbers.is_null(at)).then(|| numbers.value(at));
        let mut cells = self.texts.iter().map(|texts| text_at(texts, at));
        let mut next = || cells.next().unwrap_or_default();
        let tenant = next();
        let source = next();
        let id = next();
        let mut text = || Cow::Borrowed(next());
        let (workload, operation, action) = (text(), text(), text());
        let (user, user_key, user_kind) = (text(), text(), text());
        let (mailbox, mailbox_id, outcome) = (text(), text(), text());
        let (address, session, token) = (text(), text(), text());
        let (app, agent, device) = (text(), text(), text());
        let (resource_app, object, result) = (text(), text(), text());
        let (error, correlation) = (text(), text());
        let (time_text, user_text, rest) = (text(), text(), text());
        Event {
            family: self.family,
            source: source_named(source, self.family),
            tenant: TenantId(Cow::Borrowed(tenant)),
            id: RecordId(Cow::Borrowed(id)),
            id_made: !self.made_ids.is_null(at) && self.made_ids.value(at),
            // As short as the table keeps it: it tells bodies apart, and is no body's whole digest.
            fingerprint: number(&self.bodies).map_or(0, |body| u64::from(body.cast_unsigned())),
            time: time_at(&self.times, at),
            time_text,
            record_type: number(&self.record_types),
            workload,
            operation,
            action,
            user_text: if user_text.is_empty() {
                user.clone()
            } else {
                user_text
            },
            user,
            user_key,
            user_kind: ActorKind::of_name(&user_kind),
            mailbox,
            mailbox_id,
            object,
            outcome: Outcome::of_name(&outcome),
            result,
            error,
            address: Address::read(&address),
            address_text: address,
            session,
            token,
            app,
            resource_app,
            agent,
            device,
            correlation,
            logon_type: number(&self.logon_types),
            rest: rest.into_owned(),
        }
    }
}

fn source_named(name: &str, family: Family) -> &'static str {
    SOURCES
        .into_iter()
        .find(|source| *source == name)
        .unwrap_or(family.table())
}

fn time_at(times: &TimestampMicrosecondArray, at: usize) -> Option<Timestamp> {
    (!times.is_null(at)).then(|| Timestamp(times.value(at)))
}

/// The text columns of a delivery, in the order in which [`Deliveries::at`] takes them.
const DELIVERY_TEXTS: [&str; 9] = [
    "record_id",
    "internet_message_id",
    "network_message_id",
    "sender",
    "recipient",
    "subject",
    "status",
    "direction",
    "location",
];

/// A batch of deliveries by column.
struct Deliveries {
    times: TimestampMicrosecondArray,
    sizes: Int64Array,
    texts: Vec<StringArray>,
}

impl Deliveries {
    fn of(batch: &RecordBatch) -> Result<Self, LakeError> {
        Ok(Self {
            times: times(batch, "time")?,
            sizes: converted(batch, "size_bytes", &DataType::Int64)?,
            texts: DELIVERY_TEXTS
                .iter()
                .map(|name| texts(batch, name))
                .collect::<Result<_, _>>()?,
        })
    }

    fn at(&self, at: usize) -> DeliveryRecord<'_> {
        let mut cells = self.texts.iter().map(|texts| text_at(texts, at));
        let mut next = || cells.next().unwrap_or_default();
        DeliveryRecord {
            record_id: next(),
            time: time_at(&self.times, at),
            delivery: Delivery {
                internet_message_id: Cow::Borrowed(next()),
                network_message_id: Cow::Borrowed(next()),
                sender: Cow::Borrowed(next()),
                recipient: Cow::Borrowed(next()),
                subject: Cow::Borrowed(next()),
                status: Cow::Borrowed(next()),
                direction: Cow::Borrowed(next()),
                location: Cow::Borrowed(next()),
                size_bytes: (!self.sizes.is_null(at)).then(|| self.sizes.value(at)),
            },
        }
    }
}
