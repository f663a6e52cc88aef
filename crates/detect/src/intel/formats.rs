//! Files of indicators: a value a line, CSV, STIX 2.1 bundles, MISP events.

use super::indicator::{Indicator, IndicatorKind};
use model::{Json, Timestamp};

/// Something in a file that is no indicator that can be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The line, or the number of the object, from 1.
    pub at: usize,
    /// What stands there, cut short.
    pub text: String,
    /// Why it cannot be used.
    pub why: &'static str,
}

/// Reads a file of indicators in whichever of the formats it is. `time` reads a moment as files spell it.
#[must_use]
pub fn read(text: &str, time: &dyn Fn(&str) -> Option<Timestamp>) -> (Vec<Indicator>, Vec<Unread>) {
    let mut found = Reader {
        time,
        indicators: Vec::new(),
        unread: Vec::new(),
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        match model::json::parse(text) {
            Ok(parsed) => found.json(&parsed.value),
            Err(_) => found.give_up(1, text, "it is no valid JSON"),
        }
    } else {
        found.lines(text);
    }
    found.indicators.sort();
    found.indicators.dedup();
    (found.indicators, found.unread)
}

struct Reader<'t> {
    time: &'t dyn Fn(&str) -> Option<Timestamp>,
    indicators: Vec<Indicator>,
    unread: Vec<Unread>,
}

impl Reader<'_> {
    fn give_up(&mut self, at: usize, text: &str, why: &'static str) {
        self.unread.push(Unread {
            at,
            text: text.chars().take(60).collect(),
            why,
        });
    }

    fn add(
        &mut self,
        at: usize,
        kind: Option<IndicatorKind>,
        value: &str,
        note: &str,
        until: &str,
    ) {
        match Indicator::read(kind, value) {
            Some(indicator) => self.indicators.push(Indicator {
                note: note.trim().to_owned(),
                expires: (self.time)(until.trim()),
                ..indicator
            }),
            None => self.give_up(
                at,
                value,
                "it is no address, domain, application or message id",
            ),
        }
    }

    /// A header names the columns; without one the value comes first, then its kind, note and expiry.
    fn lines(&mut self, text: &str) {
        let mut columns = Columns::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            let cells = cells(line);
            if let Some(named) = Columns::named(&cells) {
                columns = named;
                continue;
            }
            let cell =
                |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", String::as_str);
            let kind = cell(columns.kind);
            let known = IndicatorKind::of_name(kind);
            if !kind.is_empty() && known.is_none() && columns.is_named {
                self.give_up(at + 1, line, "its kind is not one that can be looked for");
                continue;
            }
            let (value, note) = (cell(columns.value), cell(columns.note));
            self.add(at + 1, known, value, note, cell(columns.expires));
        }
    }

    fn json(&mut self, value: &Json<'_>) {
        let objects = [value.get("objects"), value.get("response")]
            .into_iter()
            .flatten()
            .next()
            .unwrap_or(value);
        let items = match objects {
            Json::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        for (at, item) in items.iter().enumerate() {
            let event = item.get("Event").unwrap_or(item);
            if event.get("Attribute").is_some() || event.get("Object").is_some() {
                self.misp(at + 1, event);
            } else {
                self.stix(at + 1, item);
            }
        }
    }

    fn misp(&mut self, at: usize, event: &Json<'_>) {
        let info = event.text("info").unwrap_or_default().to_owned();
        let own = event.get("Attribute").map_or(&[][..], Json::items);
        let objects = event.get("Object").map_or(&[][..], Json::items);
        let inner = objects
            .iter()
            .flat_map(|object| object.get("Attribute").map_or(&[][..], Json::items));
        for attribute in own.iter().chain(inner) {
            let (kind, value) = (attribute.text("type"), attribute.text("value"));
            let is_for_detection = attribute.get("to_ids").and_then(Json::as_truth) != Some(false);
            let (Some(kind), Some(value), true) = (kind, value, is_for_detection) else {
                continue;
            };
            match IndicatorKind::of_name(kind) {
                Some(kind) => self.add(at, Some(kind), value, &info, ""),
                None => self.give_up(at, value, "its kind is not one that can be looked for"),
            }
        }
    }

    fn stix(&mut self, at: usize, object: &Json<'_>) {
        let name = object.text("name").unwrap_or_default();
        let until = object.text("valid_until").unwrap_or_default();
        let kind = object.text("type").unwrap_or_default();
        if object.get("revoked").and_then(Json::as_truth) == Some(true) {
            return;
        }
        match (kind, object.text("pattern"), object.text("value")) {
            ("indicator", Some(pattern), _) => self.pattern(at, pattern, name, until),
            (kind, None, Some(value)) if IndicatorKind::of_name(kind).is_some() => {
                self.add(at, IndicatorKind::of_name(kind), value, name, until);
            }
            ("", _, _) => self.give_up(at, "", "it is neither STIX 2.1 nor a MISP event"),
            _ => {}
        }
    }

    /// Takes the comparisons for equality out of a pattern: `[ipv4-addr:value = '203.0.113.7']`.
    /// One that needs several things at once says more than any of them alone.
    fn pattern(&mut self, at: usize, pattern: &str, name: &str, until: &str) {
        if pattern.contains(" AND ") || pattern.contains(" FOLLOWEDBY ") {
            self.give_up(
                at,
                pattern,
                "a pattern of several things at once is not taken apart",
            );
            return;
        }
        let mut found = 0;
        for comparison in pattern.split(" OR ") {
            let comparison = comparison.trim().trim_matches(['[', ']', '(', ')', ' ']);
            let Some((path, value)) = comparison.split_once('=') else {
                continue;
            };
            let object = path.split(':').next().unwrap_or_default().trim();
            let is_agent = path.contains("User-Agent");
            let kind = if is_agent {
                Some(IndicatorKind::Agent)
            } else if path.contains("message_id") {
                Some(IndicatorKind::MessageId)
            } else {
                IndicatorKind::of_name(object)
            };
            if let Some(kind) = kind {
                let value = value.trim().trim_matches('\'').replace("\\'", "'");
                self.add(at, Some(kind), &value, name, until);
                found += 1;
            }
        }
        if found == 0 {
            self.give_up(
                at,
                pattern,
                "its pattern names nothing that can be looked for",
            );
        }
    }
}

/// Which column of a line holds what.
struct Columns {
    is_named: bool,
    value: Option<usize>,
    kind: Option<usize>,
    note: Option<usize>,
    expires: Option<usize>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            is_named: false,
            value: Some(0),
            kind: Some(1),
            note: Some(2),
            expires: Some(3),
        }
    }
}

impl Columns {
    fn named(cells: &[String]) -> Option<Self> {
        let find = |names: &[&str]| {
            cells
                .iter()
                .position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)))
        };
        let value = find(&["value", "indicator", "ioc", "observable"])?;
        Some(Self {
            is_named: true,
            value: Some(value),
            kind: find(&["kind", "type", "indicator_type", "ioc_type"]),
            note: find(&["note", "description", "comment", "title", "name", "source"]),
            expires: find(&["expires", "expiration", "valid_until", "until"]),
        })
    }
}

/// Returns the cells of a line of CSV, split at `,` or tabs outside quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(one) = rest.next() {
        let Some(cell) = cells.last_mut() else { break };
        match one {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                cell.push('"');
                rest.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' | '\t' if !is_quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> (Vec<String>, usize) {
        let (found, unread) = read(text, &|_| None);
        let shown = found
            .iter()
            .map(|one| {
                format!("{} {} {}", one.kind.name(), one.value, one.note)
                    .trim()
                    .to_owned()
            })
            .collect();
        (shown, unread.len())
    }

    #[test]
    fn a_value_a_line_with_comments() {
        let text = "# kit of March\n203.0.113.7\nevil[.]example\n\nnothing at all\n203.0.113.7\n";
        let (found, unread) = values(text);
        assert_eq!(found, ["ip 203.0.113.7", "domain evil.example"]);
        assert_eq!(unread, 1);
    }

    #[test]
    fn a_header_names_the_columns() {
        let text = "type,value,comment\nuser-agent,\"axios/1.7, kit\",AiTM\nip,203.0.113.0/24,VPS\nfile,a.exe,x\n";
        let (found, unread) = values(text);
        assert_eq!(
            found,
            ["network 203.0.113.0/24 VPS", "agent axios/1.7, kit AiTM"]
        );
        assert_eq!(unread, 1);
    }

    #[test]
    fn stix_patterns_and_observables() {
        let text = r#"{"type":"bundle","objects":[
            {"type":"indicator","name":"kit","pattern":"[ipv4-addr:value = '203.0.113.7' OR domain-name:value = 'evil.example']","pattern_type":"stix"},
            {"type":"indicator","name":"gone","revoked":true,"pattern":"[ipv4-addr:value = '203.0.113.8']"},
            {"type":"indicator","name":"both","pattern":"[ipv4-addr:value = '203.0.113.9' AND domain-name:value = 'a.example']"},
            {"type":"email-addr","value":"x@evil.example"},
            {"type":"identity","name":"us"}]}"#;
        let (found, unread) = values(text);
        assert_eq!(
            found,
            [
                "ip 203.0.113.7 kit",
                "domain evil.example kit",
                "mail x@evil.example"
            ]
        );
        assert_eq!(unread, 1);
    }

    #[test]
    fn misp_events_alone_and_in_a_response() {
        let event = r#"{"Event":{"info":"kit","Attribute":[{"type":"ip-dst|port","value":"203.0.113.7|443"},{"type":"md5","value":"00"},{"type":"domain","value":"seen.example","to_ids":false}],"Object":[{"Attribute":[{"type":"email-message-id","value":"<a@evil.example>"}]}]}}"#;
        for text in [
            event.to_owned(),
            format!("{{\"response\":[{event}]}}"),
            format!("[{event}]"),
        ] {
            let (found, unread) = values(&text);
            assert_eq!(
                found,
                ["ip 203.0.113.7 kit", "message-id <a@evil.example> kit"]
            );
            assert_eq!(unread, 1);
        }
    }

    #[test]
    fn what_is_no_json_is_told() {
        assert_eq!(values("{\"objects\":[").1, 1);
        assert_eq!(values("{}").1, 1);
        assert_eq!(values(""), (vec![], 0));
    }
}
