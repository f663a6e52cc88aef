//! What is done to tenants: plans, their execution step by step, and the chained record of acts.
//!
//! How an act is sealed is not known here: whoever keeps one is asked to seal it, in the same
//! transaction in which its place in the chain is taken.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{OptionalExtension, Row, ToSql, TransactionBehavior, params};

/// A plan as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPlan {
    /// Its hash, which is its name.
    pub hash: String,
    /// The tenant.
    pub tenant: String,
    /// The incident or case that it answers.
    pub subject: String,
    /// Whose account it secures; empty for one of the whole tenant.
    pub user: String,
    /// When it was made.
    pub made: Timestamp,
    /// Who had it made.
    pub by: String,
    /// All of it, as whoever made it writes it.
    pub body: String,
}

/// A plan that is being carried out, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Its name.
    pub id: String,
    /// The hash of the plan.
    pub plan: String,
    /// The tenant.
    pub tenant: String,
    /// Whose account is secured.
    pub user: String,
    /// Who approved it.
    pub by: String,
    /// When it began.
    pub began: Timestamp,
    /// When it was at its end; nothing while it goes on or where it was cut off.
    pub ended: Option<Timestamp>,
}

/// How far one step of an execution is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutionStep {
    /// Its number in the plan.
    pub step: u32,
    /// Its state: a word of whoever carries it out.
    pub state: String,
    /// What it changed, as it was before.
    pub before: String,
    /// The same, as it was read back.
    pub after: String,
    /// What was said of it: request ids, errors.
    pub detail: String,
    /// When this was written.
    pub at: Timestamp,
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its place, from 1.
    pub number: u64,
    /// When it was done.
    pub at: Timestamp,
    /// In which tenant.
    pub tenant: String,
    /// What was done, as whoever did it writes it.
    pub body: String,
    /// The digest of the act before; empty for the first.
    pub previous: String,
    /// The digest of this one.
    pub digest: String,
    /// The signature over the digest.
    pub signature: String,
}

/// Where the chain ends, written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActHead {
    /// How many acts there are.
    pub number: u64,
    /// The digest of the last.
    pub digest: String,
    /// The signature over both.
    pub signature: String,
}

/// What seals an act: its digest and the signature over it, and the signature of the new end.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The digest.
    pub digest: String,
    /// The signature over it.
    pub signature: String,
    /// The signature over the number and the digest as the end of the chain.
    pub head: String,
}

impl Ledger {
    /// Keeps a plan; the same plan made again later counts from then on, unless it was carried out.
    pub fn keep_plan(&self, plan: &StoredPlan) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO response_plan (hash, tenant, subject, user, made, by, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (hash) DO UPDATE SET made = ?5, by = ?6, body = ?7
                 WHERE made < ?5 AND NOT EXISTS (SELECT 1 FROM execution WHERE plan = ?1)",
                params![
                    plan.hash,
                    plan.tenant,
                    plan.subject,
                    plan.user,
                    plan.made.0,
                    plan.by,
                    plan.body
                ],
            )
            .map_err(using("keep a plan"))?;
        Ok(())
    }

    /// Returns the plans whose hash begins with these digits, the newest first.
    pub fn plans(&self, beginning: &str) -> Result<Vec<StoredPlan>, LedgerError> {
        let reading = using("read the plans");
        let mut statement = self
            .connection
            .prepare(
                "SELECT hash, tenant, subject, user, made, by, body FROM response_plan
                 WHERE substr(hash, 1, length(?1)) = ?1 ORDER BY made DESC, hash",
            )
            .map_err(&reading)?;
        let rows = statement.query_map([beginning.to_ascii_lowercase()], plan_of);
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Opens the execution of a plan. Whoever asks for the same plan again is given the one that
    /// there is: true where this call opened it.
    pub fn open_execution(
        &mut self,
        execution: &Execution,
    ) -> Result<(Execution, bool), LedgerError> {
        let opening = using("open an execution");
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&opening)?;
        let opened = transaction
            .execute(
                "INSERT OR IGNORE INTO execution (id, plan, tenant, user, by, began, ended)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)",
                params![
                    execution.id,
                    execution.plan,
                    execution.tenant,
                    execution.user,
                    execution.by,
                    execution.began.0
                ],
            )
            .map_err(&opening)?;
        let found = transaction
            .query_row(
                &format!("SELECT {EXECUTION} FROM execution WHERE plan = ?1"),
                [&execution.plan],
                execution_of,
            )
            .map_err(&opening)?;
        transaction.commit().map_err(&opening)?;
        Ok((found, opened == 1))
    }

    /// Notes that an execution is at its end, or that it goes on again.
    pub fn end_execution(&self, id: &str, ended: Option<Timestamp>) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "UPDATE execution SET ended = ?2 WHERE id = ?1",
                params![id, ended.map(|time| time.0)],
            )
            .map_err(using("end an execution"))?;
        Ok(())
    }

    /// Returns the executions, the newest first.
    pub fn executions(&self) -> Result<Vec<Execution>, LedgerError> {
        let reading = using("read the executions");
        let mut statement = self
            .connection
            .prepare(&format!(
                "SELECT {EXECUTION} FROM execution ORDER BY began DESC, id"
            ))
            .map_err(&reading)?;
        let rows = statement.query_map([], execution_of);
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Returns the execution of that name, however it is spelled.
    pub fn execution(&self, id: &str) -> Result<Option<Execution>, LedgerError> {
        self.one_execution("lower(id) = lower(?1)", id)
    }

    /// Returns the execution of a plan.
    pub fn execution_of(&self, plan: &str) -> Result<Option<Execution>, LedgerError> {
        self.one_execution("plan = ?1", plan)
    }

    fn one_execution(&self, which: &str, value: &str) -> Result<Option<Execution>, LedgerError> {
        self.connection
            .query_row(
                &format!("SELECT {EXECUTION} FROM execution WHERE {which}"),
                [value],
                execution_of,
            )
            .optional()
            .map_err(using("read an execution"))
    }

    /// Keeps how far a step is.
    pub fn keep_step(&self, execution: &str, step: &ExecutionStep) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO execution_step (execution, step, state, before, after, detail, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (execution, step)
                 DO UPDATE SET state = ?3, before = ?4, after = ?5, detail = ?6, at = ?7",
                params![
                    execution,
                    step.step,
                    step.state,
                    step.before,
                    step.after,
                    step.detail,
                    step.at.0
                ],
            )
            .map_err(using("keep a step"))?;
        Ok(())
    }

    /// Returns the steps of an execution by their numbers.
    pub fn steps(&self, execution: &str) -> Result<Vec<ExecutionStep>, LedgerError> {
        let reading = using("read the steps of an execution");
        let mut statement = self
            .connection
            .prepare(
                "SELECT step, state, before, after, detail, at FROM execution_step
                 WHERE execution = ?1 ORDER BY step",
            )
            .map_err(&reading)?;
        let rows = statement.query_map([execution], |row| {
            Ok(ExecutionStep {
                step: row.get(0)?,
                state: row.get(1)?,
                before: row.get(2)?,
                after: row.get(3)?,
                detail: row.get(4)?,
                at: Timestamp(row.get(5)?),
            })
        });
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Takes an object for a holder until some time, unless another holds it: then that one's name.
    pub fn take_object(
        &mut self,
        object: &str,
        holder: &str,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Option<String>, LedgerError> {
        let taking = using("take an account to be changed");
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&taking)?;
        let held: Option<String> = transaction
            .query_row(
                "SELECT holder FROM act_lease WHERE object = ?1 AND until > ?2 AND holder <> ?3",
                params![object, now.0, holder],
                |row| row.get(0),
            )
            .optional()
            .map_err(&taking)?;
        if held.is_none() {
            transaction
                .execute(
                    "INSERT INTO act_lease (object, holder, until) VALUES (?1, ?2, ?3)
                     ON CONFLICT (object) DO UPDATE SET holder = ?2, until = ?3",
                    params![object, holder, until.0],
                )
                .map_err(&taking)?;
        }
        transaction.commit().map_err(&taking)?;
        Ok(held)
    }

    /// Gives an object back.
    pub fn release_object(&self, object: &str, holder: &str) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "DELETE FROM act_lease WHERE object = ?1 AND holder = ?2",
                [object, holder],
            )
            .map_err(using("give an account back"))?;
        Ok(())
    }

    /// Appends an act to the chain. `seal` is given its number and the digest of the one before.
    pub fn append_act(
        &mut self,
        (at, tenant, body): (Timestamp, &str, &str),
        seal: &dyn Fn(u64, &str) -> Sealed,
    ) -> Result<u64, LedgerError> {
        let keeping = using("keep an act");
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&keeping)?;
        let last: Option<(u64, String)> = transaction
            .query_row(
                "SELECT number, digest FROM act ORDER BY number DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(&keeping)?;
        let (before, previous) = last.unwrap_or_default();
        let number = before + 1;
        let sealed = seal(number, &previous);
        transaction
            .execute(
                "INSERT INTO act (number, at, tenant, body, previous, digest, signature)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    number,
                    at.0,
                    tenant,
                    body,
                    previous,
                    sealed.digest,
                    sealed.signature
                ],
            )
            .map_err(&keeping)?;
        transaction
            .execute(
                "INSERT INTO act_head (one, number, digest, signature) VALUES (1, ?1, ?2, ?3)
                 ON CONFLICT (one) DO UPDATE SET number = ?1, digest = ?2, signature = ?3",
                params![number, sealed.digest, sealed.head],
            )
            .map_err(&keeping)?;
        transaction.commit().map_err(&keeping)?;
        Ok(number)
    }

    /// Returns every act in the order of the chain.
    pub fn acts(&self) -> Result<Vec<Act>, LedgerError> {
        self.acts_where("1 ORDER BY number", &[])
    }

    /// Returns the acts in whose body a text stands.
    pub fn acts_naming(&self, text: &str) -> Result<Vec<Act>, LedgerError> {
        self.acts_where("instr(body, ?1) > 0 ORDER BY number", &[&text])
    }

    fn acts_where(&self, which: &str, values: &[&dyn ToSql]) -> Result<Vec<Act>, LedgerError> {
        let reading = using("read the acts");
        let mut statement = self
            .connection
            .prepare(&format!("SELECT {ACT} FROM act WHERE {which}"))
            .map_err(&reading)?;
        let rows = statement.query_map(values, act_of);
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Returns where the chain should end.
    pub fn act_head(&self) -> Result<Option<ActHead>, LedgerError> {
        self.connection
            .query_row(
                "SELECT number, digest, signature FROM act_head WHERE one = 1",
                [],
                |row| {
                    Ok(ActHead {
                        number: row.get(0)?,
                        digest: row.get(1)?,
                        signature: row.get(2)?,
                    })
                },
            )
            .optional()
            .map_err(using("read the end of the acts"))
    }
}

const EXECUTION: &str = "id, plan, tenant, user, by, began, ended";
const ACT: &str = "number, at, tenant, body, previous, digest, signature";

pub(crate) fn plan_of(row: &Row<'_>) -> rusqlite::Result<StoredPlan> {
    Ok(StoredPlan {
        hash: row.get(0)?,
        tenant: row.get(1)?,
        subject: row.get(2)?,
        user: row.get(3)?,
        made: Timestamp(row.get(4)?),
        by: row.get(5)?,
        body: row.get(6)?,
    })
}

pub(crate) fn act_of(row: &Row<'_>) -> rusqlite::Result<Act> {
    Ok(Act {
        number: row.get(0)?,
        at: Timestamp(row.get(1)?),
        tenant: row.get(2)?,
        body: row.get(3)?,
        previous: row.get(4)?,
        digest: row.get(5)?,
        signature: row.get(6)?,
    })
}

pub(crate) fn execution_of(row: &Row<'_>) -> rusqlite::Result<Execution> {
    Ok(Execution {
        id: row.get(0)?,
        plan: row.get(1)?,
        tenant: row.get(2)?,
        user: row.get(3)?,
        by: row.get(4)?,
        began: Timestamp(row.get(5)?),
        ended: row.get::<_, Option<i64>>(6)?.map(Timestamp),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn seal(number: u64, previous: &str) -> Sealed {
        Sealed {
            digest: format!("digest {number} behind {previous}"),
            signature: "signed".to_owned(),
            head: format!("end {number}"),
        }
    }

    fn plan() -> StoredPlan {
        StoredPlan {
            hash: "abc123".to_owned(),
            tenant: "contoso".to_owned(),
            subject: "I-1".to_owned(),
            user: "ann@contoso.example".to_owned(),
            made: Timestamp(1),
            by: "bob".to_owned(),
            body: "{}".to_owned(),
        }
    }

    fn execution(id: &str) -> Execution {
        Execution {
            id: id.to_owned(),
            plan: "abc123".to_owned(),
            tenant: "contoso".to_owned(),
            user: "ann@contoso.example".to_owned(),
            by: "bob".to_owned(),
            began: Timestamp(2),
            ended: None,
        }
    }

    #[test]
    fn acts_are_chained_and_can_neither_be_changed_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let mut ledger = Ledger::open(&path).unwrap();
        for body in ["one", "two"] {
            let act = (Timestamp(5), "contoso", body);
            ledger.append_act(act, &seal).unwrap();
        }
        let acts = ledger.acts().unwrap();
        assert_eq!(acts[1].previous, acts[0].digest);
        let head = ledger.act_head().unwrap().unwrap();
        assert_eq!((head.number, &head.digest), (2, &acts[1].digest));
        let other = Connection::open(&path).unwrap();
        for attempt in [
            "UPDATE act SET body = 'three' WHERE number = 2",
            "DELETE FROM act",
        ] {
            let refused = other.execute(attempt, []).unwrap_err().to_string();
            assert!(refused.contains("an act is never"), "{refused}");
        }
    }

    #[test]
    fn a_plan_is_carried_out_once_whoever_asks() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        ledger.keep_plan(&plan()).unwrap();
        let (first, opened) = ledger.open_execution(&execution("X-1")).unwrap();
        assert!(opened);
        let (second, opened) = ledger.open_execution(&execution("X-2")).unwrap();
        assert_eq!((second, opened), (first, false));
        assert_eq!(ledger.plans("ABC").unwrap(), [plan()]);
        let later = StoredPlan {
            made: Timestamp(9),
            ..plan()
        };
        ledger.keep_plan(&later).unwrap();
        assert_eq!(ledger.plans("abc").unwrap(), [plan()], "it was carried out");
        assert_eq!(ledger.plans("bc").unwrap(), []);
    }

    #[test]
    fn a_plan_that_is_made_again_counts_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let made = |at| StoredPlan {
            made: Timestamp(at),
            ..plan()
        };
        for at in [5, 9, 7] {
            ledger.keep_plan(&made(at)).unwrap();
        }
        assert_eq!(ledger.plans("abc").unwrap(), [made(9)]);
    }

    #[test]
    fn an_object_has_one_holder_until_it_is_given_back_or_its_time_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let span = |from, to| (Timestamp(from), Timestamp(to));
        assert_eq!(ledger.take_object("ann", "one", span(0, 10)).unwrap(), None);
        let held = ledger.take_object("ann", "two", span(5, 15)).unwrap();
        assert_eq!(held.as_deref(), Some("one"));
        assert_eq!(ledger.take_object("ann", "one", span(5, 20)).unwrap(), None);
        assert_eq!(
            ledger.take_object("ann", "two", span(20, 30)).unwrap(),
            None
        );
        ledger.release_object("ann", "one").unwrap();
        let held = ledger.take_object("ann", "three", span(21, 30)).unwrap();
        assert_eq!(held.as_deref(), Some("two"));
        ledger.release_object("ann", "two").unwrap();
        assert_eq!(
            ledger.take_object("ann", "three", span(21, 30)).unwrap(),
            None
        );
    }
}
