//! Which messages of a mailbox were touched, by whom, through what: the facts before any judgement.
//!
//! The unit of account is the message in its mailbox, not the record: one record names
//! many messages and one message stands in many records. A folder that was synchronised
//! is a line of its own, because the log does not say which messages were in it.

mod background;
mod line;

pub use line::{Line, Subject};

use crate::error::EngineError;
use crate::store::Store;
use background::Background;
use lake::{Cell, MailFilter, NameOf, Touched};
use line::Lines;
use model::{Timestamp, Touch};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Which touches to look at; every filter is optional and all must hold.
#[derive(Clone, Debug, Default)]
pub struct MessagesRequest {
    /// The tenant.
    pub tenant: Option<String>,
    /// The mailbox, by address or by a local part that is unique.
    pub mailbox: Option<String>,
    /// Who touched, by address or by a local part that is unique.
    pub user: Option<String>,
    /// From which address.
    pub address: Option<String>,
    /// In which session.
    pub session: Option<String>,
    /// Through which client application, never the resource.
    pub app: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// How it was touched; empty means every way.
    pub touches: Vec<Touch>,
    /// Leaves out the background reads of services.
    pub foreground: bool,
}

/// What was touched.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The messages, by mailbox and time, then the folders.
    pub lines: Vec<Line>,
    /// What there is in all, and what it does not cover.
    pub summary: Summary,
}

/// How much there is in all, and what the answer does not cover.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Distinct (mailbox, message) pairs.
    pub messages: usize,
    /// Folders touched as a whole.
    pub folders: usize,
    /// Distinct records that show it.
    pub records: usize,
    /// Distinct mailboxes.
    pub mailboxes: usize,
    /// Touches left out as background reads of services.
    pub background: usize,
    /// What the answer does not cover, each a sentence.
    pub not_covered: Vec<String>,
}

impl Store {
    /// Returns which messages were touched.
    pub fn messages(&self, request: &MessagesRequest) -> Result<Answer, EngineError> {
        let filter = self.filter(request)?;
        let background = if request.foreground {
            self.background()?
        } else {
            Background::default()
        };
        let mut lines = Lines::default();
        let mut left_out = 0;
        let mut take = |touched: &Touched<'_>| {
            if background.holds(touched) {
                left_out += 1;
            } else {
                lines.add(touched);
            }
            ControlFlow::Continue(())
        };
        self.runtime
            .block_on(self.lake.touched(&filter, &mut take))?;
        let subjects = self.subjects(&lines)?;
        let mut answer = lines.answer(&subjects);
        answer.summary.background = left_out;
        answer.summary.not_covered = self.not_covered(request, &filter, &answer)?;
        Ok(answer)
    }

    /// Refuses a tenant that no record is of: its silence would look like an answer.
    pub(crate) fn must_have_records_of(&self, tenant: Option<&str>) -> Result<(), EngineError> {
        let Some(tenant) = tenant else { return Ok(()) };
        let mut known = self.runtime.block_on(self.lake.tenants())?;
        known.remove("");
        if known.is_empty() || known.contains(tenant) {
            return Ok(());
        }
        Err(EngineError::NoRecordsOfTenant {
            tenant: tenant.to_owned(),
            known: known.into_iter().collect::<Vec<_>>().join(", "),
        })
    }

    fn filter(&self, request: &MessagesRequest) -> Result<MailFilter, EngineError> {
        let lower =
            |text: &Option<String>| text.as_ref().map(|text| text.trim().to_ascii_lowercase());
        let address = request.address.as_deref().map(|text| {
            model::Address::read(text)
                .map_or_else(|| text.trim().to_owned(), |address| address.to_string())
        });
        let tenant = lower(&request.tenant);
        self.must_have_records_of(tenant.as_deref())?;
        let of = tenant.as_deref();
        let session = request.session.as_deref();
        let session = session
            .map(|given| self.session(request.tenant.as_deref(), given))
            .transpose()?;
        Ok(MailFilter {
            nameless_too: false,
            mailbox: self.name(request.mailbox.as_deref(), "mailbox", NameOf::Mailbox, of)?,
            user: self.name(request.user.as_deref(), "user", NameOf::User, of)?,
            address,
            session,
            app: lower(&request.app),
            since: request.since,
            until: request.until,
            touches: request.touches.clone(),
            tenant,
        })
    }

    /// Returns the whole name that a name or a unique local part stands for.
    fn name(
        &self,
        given: Option<&str>,
        what: &'static str,
        of: NameOf,
        tenant: Option<&str>,
    ) -> Result<Option<String>, EngineError> {
        let Some(given) = given else { return Ok(None) };
        let wanted = given.trim().to_lowercase();
        let known = self.runtime.block_on(self.lake.names(of, tenant))?;
        if known.contains(&wanted) || wanted.contains('@') {
            return Ok(Some(wanted));
        }
        let fits: Vec<&String> = known
            .iter()
            .filter(|name| {
                name.split_once('@')
                    .is_some_and(|(local, _)| local == wanted)
            })
            .collect();
        match fits[..] {
            [one] => Ok(Some(one.clone())),
            [] => Err(EngineError::NoSuchName {
                what,
                name: given.to_owned(),
            }),
            _ => {
                let candidates = fits
                    .iter()
                    .map(|name| name.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                Err(EngineError::Ambiguous {
                    what,
                    name: given.to_owned(),
                    candidates,
                })
            }
        }
    }

    /// Returns the subjects that other records and the message trace know for these messages.
    fn subjects(&self, lines: &Lines) -> Result<BTreeMap<String, String>, EngineError> {
        let nameless = lines.ids_without_subject();
        let mut subjects = BTreeMap::new();
        if nameless.is_empty() {
            return Ok(subjects);
        }
        for table in ["messages", "mail_items"] {
            let query = format!(
                "SELECT DISTINCT internet_message_id, subject FROM {table} \
                 WHERE subject <> '' AND internet_message_id <> '' ORDER BY internet_message_id, subject DESC"
            );
            self.rows(&query, &mut |row| {
                if let [Cell::Text(id), Cell::Text(subject)] = row
                    && nameless.contains(id.as_str())
                {
                    subjects.insert(id.clone(), subject.clone());
                }
            })?;
        }
        Ok(subjects)
    }

    pub(crate) fn rows(
        &self,
        query: &str,
        take: &mut dyn FnMut(&[Cell]),
    ) -> Result<(), EngineError> {
        self.sql(query, &mut |rows| {
            for row in &rows.rows {
                take(row);
            }
            ControlFlow::Continue(())
        })
    }

    /// Returns the sentences that say what the answer cannot show.
    fn not_covered(
        &self,
        request: &MessagesRequest,
        filter: &MailFilter,
        answer: &Answer,
    ) -> Result<Vec<String>, EngineError> {
        let mut said = Vec::new();
        said.push(self.period(filter)?);
        let synced = answer
            .lines
            .iter()
            .filter(|line| line.is_synced_folder())
            .count();
        if synced > 0 {
            said.push(format!(
                "{synced} folder(s) were synchronised whole: the log does not name their messages; take every message that was in them as reached"
            ));
        }
        let unnamed = answer
            .lines
            .iter()
            .filter(|line| line.is_folder() && !line.is_synced_folder())
            .count();
        if unnamed > 0 {
            said.push(format!(
                "{unnamed} folder(s) hold items that were touched and have no Message-ID in the log"
            ));
        }
        said.extend(self.throttled(filter)?);
        if (request.since.is_some() || request.until.is_some()) && self.has_undated(filter)? {
            said.push("records whose time cannot be read are outside every window: look at them without --since and --until".to_owned());
        }
        let complete = self.ledger.completeness()?;
        if complete.rejected > 0 {
            said.push(format!(
                "{} record(s) could not be read whole on import and may hold more: `breachscope sql 'SELECT * FROM rejects'`",
                complete.rejected
            ));
        }
        if complete.unfinished_files > 0 {
            said.push(format!(
                "{} file(s) were never read to their end: run their import again",
                complete.unfinished_files
            ));
        }
        Ok(said)
    }

    /// Says which period the records of the mailbox cover, or that there are none of reading.
    fn period(&self, filter: &MailFilter) -> Result<String, EngineError> {
        let of = filter
            .mailbox
            .as_deref()
            .map_or_else(|| "all mailboxes".to_owned(), |name| format!("`{name}`"));
        let mut said = format!(
            "no record in the lake says what was read in {of}: auditing may be off, unlicensed, or its export missing"
        );
        let query = format!(
            "SELECT min(time), max(time) FROM mail_items WHERE touch IN ('bind', 'sync'){}",
            scope(filter)
        );
        self.rows(&query, &mut |row| {
            if let [Cell::Time(from), Cell::Time(to)] = row {
                said = format!(
                    "records of reading in {of} run from {from} to {to}: nothing is known outside"
                );
            }
        })?;
        Ok(said)
    }

    /// Says where Exchange stopped logging reads for a day.
    /// <https://learn.microsoft.com/purview/audit-log-investigate-accounts>
    fn throttled(&self, filter: &MailFilter) -> Result<Vec<String>, EngineError> {
        let query = format!(
            "SELECT DISTINCT mailbox, time FROM unified WHERE action = 'MailItemsAccessed' AND time IS NOT NULL \
             AND (rest LIKE '%\"IsThrottled\",\"Value\":\"True\"%' OR rest LIKE '%\"IsThrottled\":\"True\"%' OR rest LIKE '%\"IsThrottled\":true%'){} \
             ORDER BY mailbox, time",
            scope(filter)
        );
        let mut said = BTreeSet::new();
        self.rows(&query, &mut |row| {
            if let [Cell::Text(mailbox), Cell::Time(from)] = row {
                said.insert(format!(
                    "reads in `{mailbox}` were throttled at {from}: for 24 hours from then Exchange logged no further message reads"
                ));
            }
        })?;
        Ok(said.into_iter().collect())
    }

    fn has_undated(&self, filter: &MailFilter) -> Result<bool, EngineError> {
        let query = format!(
            "SELECT count(*) FROM mail_items WHERE time IS NULL{}",
            scope(filter)
        );
        let mut found = false;
        self.rows(&query, &mut |row| {
            found = matches!(row, [Cell::Number(count)] if count != "0");
        })?;
        Ok(found)
    }
}

/// Returns the tenant and the mailbox of a filter as ` AND column = 'value'`, the values quoted.
fn scope(filter: &MailFilter) -> String {
    let named = [("tenant", &filter.tenant), ("mailbox", &filter.mailbox)];
    named
        .into_iter()
        .filter_map(|(column, value)| {
            value
                .as_ref()
                .map(|value| (column, value.replace('\'', "''")))
        })
        .fold(String::new(), |clauses, (column, value)| {
            format!("{clauses} AND {column} = '{value}'")
        })
}
