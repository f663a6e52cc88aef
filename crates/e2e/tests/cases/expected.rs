//! What a case says that comes out, held against what came out.
//!
//! Messages and counts are exact: every message is listed and no other comes. The other
//! tables say what must be there, and leave the rest open.

use super::page::{Row, Table};
use super::records::numbered;
use serde_json::Value;
use std::collections::BTreeMap;

/// The classes, the gravest first.
const CLASSES: [&str; 9] = ["E", "P1", "P2", "S", "R", "U", "B", "N", "O"];

/// What an investigation answered.
pub(super) struct Answer {
    /// Its exit code.
    pub(super) code: i32,
    /// Its document.
    pub(super) document: Value,
}

/// What a table is about, told by its first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Every message with its class.
    Messages,
    /// How many messages are in each class.
    Counts,
    /// Contexts with their verdicts.
    Contexts,
    /// Gaps.
    Gaps,
    /// Single facts: exit code, coverage, the statement.
    Facts,
}

impl About {
    /// Returns what a table is about.
    pub(super) fn of(table: &Table) -> Option<Self> {
        Some(match table.columns.first()?.as_str() {
            "message" => Self::Messages,
            "E" => Self::Counts,
            "context" => Self::Contexts,
            "gap" => Self::Gaps,
            "what" => Self::Facts,
            _ => return None,
        })
    }
}

/// Complaints, each with the line of the case file that is not kept.
pub(super) type Complaints = Vec<(usize, String)>;

/// Holds a table against an answer.
pub(super) fn check(about: About, table: &Table, answer: &Answer) -> Complaints {
    match about {
        About::Messages => messages(table, &answer.document),
        About::Counts => counts(table, &answer.document),
        About::Contexts => contexts(table, &answer.document),
        About::Gaps => gaps(table, &answer.document),
        About::Facts => facts(table, answer),
    }
}

fn messages(table: &Table, document: &Value) -> Complaints {
    let mut complaints = Vec::new();
    let mut came: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for message in list(&document["messages"]) {
        let id = text(&message["internet_message_id"]);
        came.entry(id).or_default().push(message);
    }
    let mut per_class: BTreeMap<String, u64> = BTreeMap::new();
    for row in table.rows.iter().flat_map(each_of) {
        let id = cell(table, &row, "message");
        *per_class.entry(cell(table, &row, "class")).or_default() += 1;
        let Some(message) = take(&mut came, &id, &cell(table, &row, "mailbox")) else {
            complaints.push((row.line, format!("`{id}` did not come out")));
            continue;
        };
        let differs = columns_that_differ(table, &row, message);
        complaints.extend(differs.map(|why| (row.line, format!("`{id}`: {why}"))));
    }
    for message in came.values().flatten() {
        let found = format!(
            "`{}` came out as {} and is not listed: {}",
            text(&message["internet_message_id"]),
            text(&message["class"]),
            text(&message["because"]),
        );
        complaints.push((table.line, found));
    }
    for class in CLASSES {
        let expected = per_class.get(class).copied().unwrap_or_default();
        let counted = document["counts"][class].as_u64();
        if counted != Some(expected) {
            complaints.push((
                table.line,
                format!("counted {counted:?} in {class}, the list has {expected}"),
            ));
        }
    }
    complaints
}

/// A message cell such as `<m-{1..40}@x.example>` stands for forty rows.
fn each_of(row: &Row) -> Vec<Row> {
    let own = || {
        vec![Row {
            line: row.line,
            cells: row.cells.clone(),
        }]
    };
    let Some((before, behind)) = row.cells[0].split_once('{') else {
        return own();
    };
    let Some((range, after)) = behind.split_once('}') else {
        return own();
    };
    let ends = range
        .split_once("..")
        .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let Some((from, to)) = ends else { return own() };
    let template = format!("{before}{{n}}{after}");
    (from..=to)
        .map(|n| {
            let mut cells = row.cells.clone();
            cells[0] = numbered(&template, n);
            Row {
                line: row.line,
                cells,
            }
        })
        .collect()
}

fn take<'a>(
    came: &mut BTreeMap<String, Vec<&'a Value>>,
    id: &str,
    mailbox: &str,
) -> Option<&'a Value> {
    let same = came.get_mut(id)?;
    let is_own = |message: &&Value| mailbox.is_empty() || text(&message["mailbox"]) == mailbox;
    let at = same.iter().position(is_own)?;
    let message = same.remove(at);
    if same.is_empty() {
        came.remove(id);
    }
    Some(message)
}

fn columns_that_differ<'t>(
    table: &'t Table,
    row: &'t Row,
    found: &'t Value,
) -> impl Iterator<Item = String> + 't {
    let own = table.columns.iter().zip(&row.cells).skip(1);
    own.filter(|(_, wanted)| !wanted.is_empty())
        .filter_map(|(column, wanted)| differs(column, wanted, &found[column.as_str()], found))
}

/// Says how a cell differs from what came out; lists must hold what the cell names, and
/// must not hold what stands behind `no `.
fn differs(column: &str, wanted: &str, found: &Value, whole: &Value) -> Option<String> {
    let kept = match (column, found) {
        ("because" | "scope" | "effect" | "proof" | "fix", _) => holds(found, wanted),
        ("reasons", _) => holds(found, wanted),
        ("from" | "to" | "first_seen" | "last_seen", Value::String(_) | Value::Null) => {
            same_moment(&text(found), wanted)
        }
        (_, Value::Array(items)) => wanted.split(',').map(str::trim).all(|one| {
            let has = |one: &str| items.iter().any(|item| text(item) == one);
            one.strip_prefix("no ")
                .map_or_else(|| has(one), |not| !has(not))
        }),
        _ => text(found) == wanted,
    };
    let because = text(&whole["because"]);
    let because = if because.is_empty() {
        text(&whole["reasons"])
    } else {
        because
    };
    (!kept).then(|| format!("{column} is {found}, not `{wanted}` (because: {because})"))
}

fn counts(table: &Table, document: &Value) -> Complaints {
    let mut complaints = Vec::new();
    for row in &table.rows {
        for (class, wanted) in table.columns.iter().zip(&row.cells) {
            let counted = &document["counts"][class.as_str()];
            if text(counted) != *wanted {
                complaints.push((row.line, format!("{class} is {counted}, not {wanted}")));
            }
        }
    }
    complaints
}

fn contexts(table: &Table, document: &Value) -> Complaints {
    let mut complaints = Vec::new();
    let contexts = list(&document["contexts"]);
    let mut told = vec![false; contexts.len()];
    for row in &table.rows {
        let which = &row.cells[0];
        let mut answered = false;
        for (at, context) in contexts.iter().enumerate() {
            if !selects(which, context) {
                continue;
            }
            (answered, told[at]) = (true, true);
            let differs = columns_that_differ(table, row, context);
            complaints.extend(differs.map(|why| (row.line, format!("{which}: {why}"))));
        }
        if !answered {
            complaints.push((row.line, format!("no context is {which}")));
        }
    }
    for (context, told) in contexts.iter().zip(told) {
        if !told && context["verdict"] == "INTRUDER" {
            let found = format!("an intruder's context is not listed: {context}");
            complaints.push((table.line, found));
        }
    }
    complaints
}

/// Returns whether a context answers to all of `session=..., ip=..., app=...`.
pub(super) fn selects(which: &str, context: &Value) -> bool {
    which.split(',').map(str::trim).all(|part| {
        let (key, wanted) = part.split_once('=').unwrap_or(("id", part));
        let plural = format!("{key}s");
        let found = context
            .get(key)
            .or_else(|| context.get(&plural))
            .unwrap_or(&Value::Null);
        match found {
            Value::Array(items) if wanted.is_empty() => items.is_empty(),
            Value::Array(items) => items.iter().any(|item| text(item) == wanted),
            other => text(other) == wanted,
        }
    })
}

fn gaps(table: &Table, document: &Value) -> Complaints {
    let mut complaints = Vec::new();
    let gaps = list(&document["gaps"]);
    for row in &table.rows {
        let id = row.cells[0].as_str();
        let of = |id: &str| {
            let id = id.to_owned();
            gaps.iter().filter(move |gap| text(&gap["id"]) == id)
        };
        if let Some(id) = id.strip_prefix("no ") {
            let found = of(id).next();
            complaints
                .extend(found.map(|gap| (row.line, format!("there is a {id} after all: {gap}"))));
            continue;
        }
        let kept = of(id).any(|gap| columns_that_differ(table, row, gap).next().is_none());
        if !kept {
            let found: Vec<String> = of(id).map(Value::to_string).collect();
            complaints.push((
                row.line,
                format!("no {id} is so; found: [{}]", found.join(", ")),
            ));
        }
    }
    complaints
}

fn facts(table: &Table, answer: &Answer) -> Complaints {
    let mut complaints = Vec::new();
    for row in &table.rows {
        let [what, wanted] = row.cells.as_slice() else {
            complaints.push((row.line, "a fact has two cells".to_owned()));
            continue;
        };
        let found = match what.as_str() {
            "exit code" => Value::from(answer.code),
            path => path
                .split('.')
                .fold(&answer.document, |node, key| &node[key])
                .clone(),
        };
        let kept = match (wanted.strip_prefix("below "), wanted.strip_prefix("not ")) {
            (Some(limit), _) => found.as_f64() < limit.parse().ok() && found.is_number(),
            (_, Some(not)) => !found.is_null() && !holds(&found, not),
            _ => holds(&found, wanted),
        };
        if !kept {
            complaints.push((row.line, format!("{what} is {found}, not `{wanted}`")));
        }
    }
    complaints
}

/// Returns whether a value is what is wanted, or some text in it contains that.
fn holds(found: &Value, wanted: &str) -> bool {
    match found {
        Value::String(text) => text.contains(wanted) || same_moment(text, wanted),
        Value::Number(number) => number.as_f64() == wanted.parse().ok(),
        Value::Array(items) => items.iter().any(|item| holds(item, wanted)),
        Value::Object(fields) => fields.values().any(|value| holds(value, wanted)),
        Value::Bool(truth) => truth.to_string() == wanted,
        Value::Null => wanted == "null",
    }
}

/// A moment is the same with a blank for its `T`, and without `Z` or a fraction of zeros; an
/// end is the first moment behind, a microsecond later than the last moment inside.
fn same_moment(found: &str, wanted: &str) -> bool {
    let plain = |text: &str| {
        let text = text.trim_end_matches('Z').replace(' ', "T");
        match text.split_once('.') {
            Some((whole, fraction)) if fraction.trim_matches('0').is_empty() => whole.to_owned(),
            Some((whole, "000001")) => whole.to_owned(),
            _ => text,
        }
    };
    plain(found) == plain(wanted)
}

fn cell(table: &Table, row: &Row, column: &str) -> String {
    let at = table.columns.iter().position(|own| own == column);
    at.and_then(|at| row.cells.get(at))
        .cloned()
        .unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::{Part, parts};
    use super::*;
    use serde_json::json;

    fn complaints(page: &str, document: Value) -> Vec<String> {
        let answer = Answer { code: 6, document };
        let mut found = Vec::new();
        for part in parts(page) {
            let Part::Table(table) = part else { continue };
            let about = About::of(&table).expect("the table is of a known kind");
            found.extend(check(about, &table, &answer));
        }
        found
            .into_iter()
            .map(|(line, why)| format!("{line}: {why}"))
            .collect()
    }

    fn document() -> Value {
        let message = |id: &str, class: &str| {
            json!({"mailbox": "a@x.example", "internet_message_id": id, "class": class,
                   "tags": ["crawl"], "first_seen": "2025-01-01T00:00:00Z", "because": "why"})
        };
        json!({
            "counts": {"E":0,"P1":2,"P2":0,"S":0,"R":0,"U":0,"B":0,"N":1,"O":0},
            "messages": [message("<m-1@x>", "P1"), message("<m-2@x>", "P1"), message("<n@x>", "N")],
            "contexts": [{"verdict": "INTRUDER", "ips": ["192.0.2.1"], "sessions": [], "reasons": ["seed"]}],
            "gaps": [{"id": "G6", "from": "2025-01-01T00:00:00.000000Z", "to": "2025-01-02T00:00:00Z"}],
            "coverage": 50.0, "statement": "Between then and now",
        })
    }

    #[test]
    fn what_is_so_brings_no_complaint() {
        let page = "| message | class | tags | first_seen |\n|---|---|---|---|\n\
            | `<m-{1..2}@x>` | P1 | crawl, no sent | 2025-01-01 00:00:00 |\n| `<n@x>` | N | | |\n\n\
            | E | P1 |\n|---|---|\n| 0 | 2 |\n\n\
            | context | verdict | reasons |\n|---|---|---|\n| ip=192.0.2.1, session= | INTRUDER | seed |\n\n\
            | gap | from | to |\n|---|---|---|\n| G6 | 2025-01-01 00:00:00 | |\n| no G1 | | |\n\n\
            | what | is |\n|---|---|\n| exit code | 6 |\n| coverage | below 100 |\n| statement | then and |\n| statement | not never |\n";
        assert_eq!(complaints(page, document()), Vec::<String>::new());
    }

    #[test]
    fn whatever_is_not_so_is_complained_of_with_its_line() {
        let page = "| message | class | tags |\n|---|---|---|\n\
            | `<m-1@x>` | S | sent |\n| `<gone@x>` | N | no crawl |\n\n\
            | context | verdict |\n|---|---|\n| ip=192.0.2.9 | OWNER |\n\n\
            | gap | from |\n|---|---|\n| G6 | 2024-01-01 00:00:00 |\n| no G6 | |\n\n\
            | what | is |\n|---|---|\n| exit code | 0 |\n| coverage | below 50 |\n| nothing | x |\n| statement | not then |\n";
        let found = complaints(page, document()).join("\n");
        for part in [
            "3: `<m-1@x>`: class",
            "3: `<m-1@x>`: tags",
            "4: `<gone@x>` did not come out",
            "1: `<m-2@x>` came out as P1 and is not listed",
            "1: counted Some(2) in P1",
            "8: no context is",
            "6: an intruder's context is not listed",
            "12: no G6 is so",
            "13: there is a G6 after all",
            "17: exit code is 6",
            "18: coverage is",
            "19: nothing is null",
            "20: statement is",
        ] {
            assert!(found.contains(part), "{part} is missing in\n{found}");
        }
    }
}
