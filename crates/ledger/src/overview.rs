//! What is asked of plans, executions and acts by whoever shows them: the newest, those that are open,
//! those of some tenants. Nothing is written.

use crate::acts::{Act, Execution, StoredPlan, act_of, execution_of, plan_of};
use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::params;

/// Which acts are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActsOf {
    /// In these tenants alone; nothing is every tenant.
    pub tenants: Option<Vec<String>>,
    /// With this text in them, or about an account whose name holds it; however it is spelled.
    pub naming: String,
    /// Done at this moment or later.
    pub since: Option<Timestamp>,
    /// Done before this moment.
    pub until: Option<Timestamp>,
    /// How many of the newest are passed over.
    pub skip: u64,
    /// How many are returned at most.
    pub most: u64,
}

/// An act with what its plan is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAct {
    /// The act.
    pub act: Act,
    /// Whose account its plan secures; empty for one of the whole tenant, or where there is none.
    pub user: String,
    /// The incident or case that its plan answers.
    pub subject: String,
}

impl Ledger {
    /// Returns the acts that are asked for, the newest first, and how many there are in all.
    pub fn acts_of(&self, asked: &ActsOf) -> Result<(Vec<PlannedAct>, u64), LedgerError> {
        let reading = using("read the acts");
        // A body that was meddled with may be no JSON: that is told elsewhere, and is no error here.
        let with_plan = "FROM act a LEFT JOIN response_plan p
             ON p.hash = CASE WHEN json_valid(a.body) THEN json_extract(a.body, '$.plan') END";
        let chosen =
            "WHERE (?1 IS NULL OR lower(a.tenant) IN (SELECT lower(value) FROM json_each(?1)))
               AND (?2 IS NULL OR a.at >= ?2) AND (?3 IS NULL OR a.at < ?3)";
        let named = "AND (?4 = '' OR instr(lower(a.body), ?4) > 0 OR instr(lower(p.user), ?4) > 0)";
        let tenants = asked.tenants.as_deref().map(as_json);
        let naming = asked.naming.to_ascii_lowercase();
        let since = asked.since.map(|time| time.0);
        let until = asked.until.map(|time| time.0);
        let counting = if naming.is_empty() {
            format!("SELECT count(*) FROM act a {chosen} AND ?4 = ''")
        } else {
            format!("SELECT count(*) {with_plan} {chosen} {named}")
        };
        let values = params![tenants, since, until, naming];
        let all = self
            .connection
            .query_row(&counting, values, |row| row.get(0))
            .map_err(&reading)?;
        let sql = format!(
            "SELECT a.number, a.at, a.tenant, a.body, a.previous, a.digest, a.signature,
                    coalesce(p.user, ''), coalesce(p.subject, '') {with_plan} {chosen} {named}
             ORDER BY a.number DESC LIMIT ?5 OFFSET ?6"
        );
        let mut statement = self.connection.prepare(&sql).map_err(&reading)?;
        let values = params![tenants, since, until, naming, asked.most, asked.skip];
        let rows = statement.query_map(values, |row| {
            Ok(PlannedAct {
                act: act_of(row)?,
                user: row.get(7)?,
                subject: row.get(8)?,
            })
        });
        let rows: Result<Vec<PlannedAct>, _> = rows.and_then(Iterator::collect);
        Ok((rows.map_err(&reading)?, all))
    }

    /// Returns, for each account, the last execution where that is not at its end or has a step in one
    /// of these states; the newest first, each with how many of its steps are so. An account that was
    /// secured again since was looked at anew, so what was open before it is not told.
    pub fn open_executions(&self, states: [&str; 3]) -> Result<Vec<(Execution, u64)>, LedgerError> {
        let reading = using("read what is still open");
        let mut statement = self
            .connection
            .prepare(
                "SELECT e.id, e.plan, e.tenant, e.user, e.by, e.began, e.ended,
                        (SELECT count(*) FROM execution_step s
                         WHERE s.execution = e.id AND s.state IN (?1, ?2, ?3)) AS open
                 FROM execution e
                 WHERE (open > 0 OR e.ended IS NULL)
                   AND NOT EXISTS (SELECT 1 FROM execution n
                                   WHERE n.tenant = e.tenant AND n.user = e.user
                                     AND (n.began, n.id) > (e.began, e.id))
                 ORDER BY e.began DESC, e.id",
            )
            .map_err(&reading)?;
        let rows = statement.query_map(states, |row| Ok((execution_of(row)?, row.get(7)?)));
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Returns, for each account, the last plan that was made since a moment, where nobody carried it
    /// out; the newest first.
    pub fn plans_since(&self, since: Timestamp) -> Result<Vec<StoredPlan>, LedgerError> {
        let reading = using("read the plans that wait");
        let mut statement = self
            .connection
            .prepare(
                "SELECT hash, tenant, subject, user, made, by, body FROM response_plan p
                 WHERE made >= ?1
                   AND NOT EXISTS (SELECT 1 FROM execution e WHERE e.plan = p.hash)
                   AND NOT EXISTS (SELECT 1 FROM response_plan n
                                   WHERE n.made >= ?1 AND n.tenant = p.tenant AND n.user = p.user
                                     AND (n.made, n.hash) > (p.made, p.hash))
                 ORDER BY made DESC, hash",
            )
            .map_err(&reading)?;
        let rows = statement.query_map([since.0], plan_of);
        rows.and_then(Iterator::collect).map_err(&reading)
    }
}

/// Returns texts as a list in JSON, which a statement takes as one value.
fn as_json(texts: &[String]) -> String {
    let mut list = String::from("[");
    for text in texts {
        if list.len() > 1 {
            list.push(',');
        }
        model::json::write_string(text, &mut list);
    }
    list.push(']');
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::{ExecutionStep, Sealed};

    fn seal(number: u64, _: &str) -> Sealed {
        Sealed {
            digest: format!("digest {number}"),
            signature: "signed".to_owned(),
            head: "end".to_owned(),
        }
    }

    fn plan(hash: &str, user: &str, made: i64) -> StoredPlan {
        StoredPlan {
            hash: hash.to_owned(),
            tenant: "contoso".to_owned(),
            subject: "I-1".to_owned(),
            user: user.to_owned(),
            made: Timestamp(made),
            by: "bob".to_owned(),
            body: "{}".to_owned(),
        }
    }

    fn execution(plan: &StoredPlan, began: i64) -> Execution {
        Execution {
            id: format!("X-{}", plan.hash),
            plan: plan.hash.clone(),
            tenant: plan.tenant.clone(),
            user: plan.user.clone(),
            by: "bob".to_owned(),
            began: Timestamp(began),
            ended: None,
        }
    }

    fn step(number: u32, state: &str) -> ExecutionStep {
        ExecutionStep {
            step: number,
            state: state.to_owned(),
            before: String::new(),
            after: String::new(),
            detail: String::new(),
            at: Timestamp(5),
        }
    }

    #[test]
    fn acts_are_found_by_tenant_time_and_whom_they_concern() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        ledger
            .keep_plan(&plan("abc", "Ann@contoso.example", 1))
            .unwrap();
        for (at, tenant, body) in [
            (
                10,
                "contoso",
                r#"{"act":"planned","by":"bob","plan":"abc"}"#,
            ),
            (
                20,
                "Fabrikam",
                r#"{"act":"planned","by":"eve","plan":"none"}"#,
            ),
            (30, "contoso", "meddled with"),
        ] {
            let act = (Timestamp(at), tenant, body);
            ledger.append_act(act, &seal).unwrap();
        }
        let found = |asked: ActsOf| {
            let asked = ActsOf { most: 10, ..asked };
            let (acts, all) = ledger.acts_of(&asked).unwrap();
            let numbers: Vec<u64> = acts.iter().map(|one| one.act.number).collect();
            assert_eq!(all, numbers.len() as u64);
            numbers
        };
        assert_eq!(found(ActsOf::default()), [3, 2, 1]);
        let naming = |text: &str| ActsOf {
            naming: text.to_owned(),
            ..ActsOf::default()
        };
        assert_eq!(
            found(naming("ANN@contoso")),
            [1],
            "by whose account the plan is"
        );
        assert_eq!(found(naming("eve")), [2]);
        assert_eq!(found(naming("%")), []);
        let of = |tenants: &[&str]| ActsOf {
            tenants: Some(tenants.iter().map(|one| (*one).to_owned()).collect()),
            ..ActsOf::default()
        };
        assert_eq!(found(of(&["fabrikam", "\"]\\"])), [2]);
        assert_eq!(found(of(&[])), []);
        let span = ActsOf {
            since: Some(Timestamp(20)),
            until: Some(Timestamp(30)),
            ..ActsOf::default()
        };
        assert_eq!(found(span), [2], "the end is not in it");
        let page = ActsOf {
            skip: 1,
            most: 1,
            ..ActsOf::default()
        };
        let (acts, all) = ledger.acts_of(&page).unwrap();
        assert_eq!((acts.len(), acts[0].act.number, all), (1, 2, 3));
    }

    #[test]
    fn what_is_open_is_the_last_of_each_account() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let open = |ledger: &Ledger| -> Vec<(String, u64)> {
            let open = ledger.open_executions(["failed", "unknown", "waiting"]);
            let open = open.unwrap().into_iter();
            open.map(|(one, many)| (one.id, many)).collect()
        };
        let first = plan("abc", "ann", 1);
        ledger.keep_plan(&first).unwrap();
        ledger.open_execution(&execution(&first, 5)).unwrap();
        assert_eq!(open(&ledger), [("X-abc".to_owned(), 0)], "it goes on");
        for (number, state) in [(1, "done"), (2, "failed"), (3, "unknown")] {
            ledger.keep_step("X-abc", &step(number, state)).unwrap();
        }
        ledger.end_execution("X-abc", Some(Timestamp(6))).unwrap();
        assert_eq!(open(&ledger), [("X-abc".to_owned(), 2)]);
        let second = plan("def", "ann", 7);
        ledger.keep_plan(&second).unwrap();
        let waiting = ledger.plans_since(Timestamp(2)).unwrap();
        assert_eq!(waiting, std::slice::from_ref(&second));
        ledger.open_execution(&execution(&second, 8)).unwrap();
        ledger.end_execution("X-def", Some(Timestamp(9))).unwrap();
        assert_eq!(open(&ledger), [], "the account was looked at anew");
        assert_eq!(ledger.plans_since(Timestamp(2)).unwrap(), []);
    }
}
