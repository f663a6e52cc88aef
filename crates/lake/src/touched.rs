//! The mail items that a question is about.

use crate::error::LakeError;
use crate::lake::Lake;
use crate::session::{column, converted, moment, text_at, texts, times};
use crate::tables::Table;
use datafusion::arrow::array::{Array, Int64Array, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::logical_expr::{Expr, lit};
use datafusion::prelude::DataFrame;
use futures::TryStreamExt;
use model::{Address, Timestamp, Touch};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Which mail items to look at; what is given must hold, all of it.
#[derive(Clone, Debug, Default)]
pub struct MailFilter {
    /// The tenant.
    pub tenant: Option<String>,
    /// Whether records that name no tenant count as that tenant's.
    pub nameless_too: bool,
    /// The mailbox, in lower case.
    pub mailbox: Option<String>,
    /// Who touched, in lower case.
    pub user: Option<String>,
    /// From which address, in canonical form.
    pub address: Option<String>,
    /// In which session.
    pub session: Option<String>,
    /// Through which client application, in lower case.
    pub app: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// How it was touched; empty means every way.
    pub touches: Vec<Touch>,
}

/// One mail item with who touched it, when and whence; an empty text means that the record does not say.
#[derive(Clone, Copy, Debug)]
pub struct Touched<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// When.
    pub time: Option<Timestamp>,
    /// Which log the record is from.
    pub source: &'a str,
    /// The record.
    pub record_id: &'a str,
    /// What was done, as rules compare it.
    pub action: &'a str,
    /// Who.
    pub user: &'a str,
    /// What kind of actor.
    pub user_kind: &'a str,
    /// Whose mailbox.
    pub mailbox: &'a str,
    /// How it ended.
    pub outcome: &'a str,
    /// From where.
    pub address: &'a str,
    /// What kind of place that is; empty without an address.
    pub address_class: &'a str,
    /// In which session.
    pub session: &'a str,
    /// By which token.
    pub token: &'a str,
    /// Through which client application.
    pub app: &'a str,
    /// By which client.
    pub agent: &'a str,
    /// How.
    pub touch: Touch,
    /// The Message-ID.
    pub internet_message_id: &'a str,
    /// Exchange's id of the item.
    pub item_id: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The folder's id.
    pub folder_id: &'a str,
    /// The folder's path.
    pub folder: &'a str,
    /// Where it was moved to.
    pub to_folder: &'a str,
    /// How large it is.
    pub size_bytes: Option<i64>,
}

impl Default for Touched<'_> {
    fn default() -> Self {
        Self {
            tenant: "",
            time: None,
            source: "",
            record_id: "",
            action: "",
            user: "",
            user_kind: "",
            mailbox: "",
            outcome: "",
            address: "",
            address_class: "",
            session: "",
            token: "",
            app: "",
            agent: "",
            touch: Touch::Bind,
            internet_message_id: "",
            item_id: "",
            subject: "",
            folder_id: "",
            folder: "",
            to_folder: "",
            size_bytes: None,
        }
    }
}

/// Whose names to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    /// Mailboxes that were touched.
    Mailbox,
    /// Users who touched.
    User,
}

impl Lake {
    /// Hands over the mail items that pass a filter, in no particular order.
    pub async fn touched(
        &self,
        filter: &MailFilter,
        visit: &mut dyn FnMut(&Touched<'_>) -> ControlFlow<()>,
    ) -> Result<(), LakeError> {
        let items = self.provider(Table::MailItems).await?;
        let mut frame = self
            .walking_session()
            .read_table(items)
            .map_err(LakeError::query)?;
        for condition in conditions(filter) {
            frame = frame.filter(condition).map_err(LakeError::query)?;
        }
        let mut batches = frame.execute_stream().await.map_err(LakeError::query)?;
        while let Some(batch) = batches.try_next().await.map_err(LakeError::query)? {
            let items = Items::of(&batch)?;
            if (0..batch.num_rows())
                .filter_map(|at| items.at(at))
                .try_for_each(|item| visit(&item))
                .is_break()
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns every mailbox or user that mail items name, sorted.
    pub async fn names(
        &self,
        which: NameOf,
        tenant: Option<&str>,
    ) -> Result<Vec<String>, LakeError> {
        let name = match which {
            NameOf::Mailbox => "mailbox",
            NameOf::User => "user_name",
        };
        let mut frame = self.frame(Table::MailItems).await?;
        if let Some(tenant) = tenant {
            frame = frame
                .filter(column("tenant").eq(lit(tenant)))
                .map_err(LakeError::query)?;
        }
        let frame = frame
            .select([column(name)])
            .and_then(DataFrame::distinct)
            .map_err(LakeError::query)?;
        let mut names = BTreeSet::new();
        for batch in frame.collect().await.map_err(LakeError::query)? {
            names.extend(texts(&batch, name)?.iter().flatten().map(str::to_owned));
        }
        Ok(names.into_iter().collect())
    }
}

fn conditions(filter: &MailFilter) -> Vec<Expr> {
    let equal = [
        ("mailbox", &filter.mailbox),
        ("user_name", &filter.user),
        ("address", &filter.address),
        ("session", &filter.session),
        ("app", &filter.app),
    ];
    let mut conditions: Vec<Expr> = equal
        .into_iter()
        .filter_map(|(name, value)| {
            value
                .as_ref()
                .map(|value| column(name).eq(lit(value.as_str())))
        })
        .collect();
    conditions.extend(filter.tenant.as_ref().map(|tenant| {
        let named = column("tenant").eq(lit(tenant.as_str()));
        if filter.nameless_too {
            named.or(column("tenant").is_null())
        } else {
            named
        }
    }));
    conditions.extend(
        filter
            .since
            .map(|since| column("time").gt_eq(moment(since))),
    );
    conditions.extend(filter.until.map(|until| column("time").lt(moment(until))));
    if !filter.touches.is_empty() {
        let names = filter
            .touches
            .iter()
            .map(|touch| lit(touch.name()))
            .collect();
        conditions.push(column("touch").in_list(names, false));
    }
    conditions
}

/// The columns of a batch of mail items.
struct Items {
    times: TimestampMicrosecondArray,
    sizes: Int64Array,
    texts: Vec<StringArray>,
}

/// The text columns in the order in which [`Items::at`] takes them.
const TEXTS: [&str; 20] = [
    "tenant",
    "source",
    "record_id",
    "action",
    "user_name",
    "user_kind",
    "mailbox",
    "outcome",
    "address",
    "session",
    "token",
    "app",
    "agent",
    "touch",
    "internet_message_id",
    "item_id",
    "subject",
    "folder_id",
    "folder",
    "to_folder",
];

impl Items {
    fn of(batch: &RecordBatch) -> Result<Self, LakeError> {
        let texts = TEXTS
            .iter()
            .map(|name| texts(batch, name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            times: times(batch, "time")?,
            sizes: converted(batch, "size_bytes", &DataType::Int64)?,
            texts,
        })
    }

    fn at(&self, at: usize) -> Option<Touched<'_>> {
        let mut cells = self.texts.iter().map(|texts| text_at(texts, at));
        let mut next = || cells.next().unwrap_or_default();
        let touched = Touched {
            time: (!self.times.is_null(at)).then(|| Timestamp(self.times.value(at))),
            tenant: next(),
            source: next(),
            record_id: next(),
            action: next(),
            user: next(),
            user_kind: next(),
            mailbox: next(),
            outcome: next(),
            address: next(),
            address_class: "",
            session: next(),
            token: next(),
            app: next(),
            agent: next(),
            touch: Touch::of_name(next())?,
            internet_message_id: next(),
            item_id: next(),
            subject: next(),
            folder_id: next(),
            folder: next(),
            to_folder: next(),
            size_bytes: (!self.sizes.is_null(at)).then(|| self.sizes.value(at)),
        };
        let class = Address::read(touched.address).map_or("", |address| address.class().name());
        Some(Touched {
            address_class: class,
            ..touched
        })
    }
}
