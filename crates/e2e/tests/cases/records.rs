//! The records of a case: written as they differ from a pattern, repeated where they repeat.

use super::page::{Block, Part};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A record as the case files write it.
pub(super) type Record = Map<String, Value>;

/// The patterns that records are written after, by name.
#[derive(Debug, Default)]
pub(super) struct Patterns(BTreeMap<String, Record>);

impl Patterns {
    /// Learns the patterns of a page; one may be like another that stands before it.
    pub(super) fn learn(&mut self, parts: &[Part]) -> Result<(), String> {
        for part in parts {
            let Part::Block(block) = part else { continue };
            if !block.is("pattern") {
                continue;
            }
            let name = block
                .option("name")
                .ok_or_else(|| format!("line {}: a pattern has a name", block.line))?;
            let record = serde_json::from_str(&block.text)
                .map_err(|error| format!("line {}: {error}", block.line))?;
            let whole = self
                .whole(record)
                .map_err(|error| format!("line {}: {error}", block.line))?;
            self.0.insert(name.to_owned(), whole);
        }
        Ok(())
    }

    /// Returns the records of a block, one a line, as a file would hold them.
    pub(super) fn lines(&self, block: &Block) -> Result<String, String> {
        let mut lines = String::new();
        for text in repeated(block)? {
            for record in serde_json::Deserializer::from_str(&text).into_iter::<Record>() {
                let record = record.map_err(|error| error.to_string())?;
                let whole = Value::Object(self.whole(record)?);
                lines.push_str(&whole.to_string());
                lines.push('\n');
            }
        }
        Ok(lines)
    }

    /// Returns a record with everything that it leaves to its pattern.
    fn whole(&self, mut record: Record) -> Result<Record, String> {
        let Some(like) = record.remove("like") else {
            return Ok(record);
        };
        let name = like.as_str().unwrap_or_default();
        let pattern = self
            .0
            .get(name)
            .ok_or_else(|| format!("there is no pattern `{name}`"))?;
        let mut whole = pattern.clone();
        whole.extend(record);
        // A field that a kind of record has and this one lacks is written as null.
        whole.retain(|_, value| !value.is_null());
        Ok(whole)
    }
}

/// Returns the block's text as often as its header says, with the placeholders filled in.
fn repeated(block: &Block) -> Result<Vec<String>, String> {
    let Some(times) = block.option("repeat") else {
        return Ok(vec![block.text.clone()]);
    };
    let times: u32 = times
        .parse()
        .map_err(|_| format!("repeat={times} is no number"))?;
    let start = block.option("from").ok_or("repeat needs from=")?;
    let every = block
        .option("every")
        .and_then(|every| every.strip_suffix('s')?.parse::<u32>().ok())
        .ok_or("repeat needs every= in seconds, such as every=30s")?;
    (1..=times)
        .map(|n| Ok(numbered(&block.text, n).replace("{time}", &later(start, (n - 1) * every)?)))
        .collect()
}

/// Replaces `{n}` by the number and `{nnnn}` by the number with at least four digits.
pub(super) fn numbered(text: &str, n: u32) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{n") {
        let more = behind.len() - behind.trim_start_matches('n').len();
        out.push_str(before);
        if let Some(after) = behind[more..].strip_prefix('}') {
            // Writing to a String cannot fail.
            let _ = write!(out, "{n:0width$}", width = more + 1);
            rest = after;
        } else {
            out.push_str("{n");
            rest = behind;
        }
    }
    out + rest
}

/// Returns a moment so many seconds after another; a repetition stays within its day, so
/// that no calendar is needed to read it.
fn later(start: &str, seconds: u32) -> Result<String, String> {
    let (day, time) = start
        .split_once('T')
        .ok_or_else(|| format!("from={start} is no time"))?;
    let parts: Vec<u32> = time
        .split(':')
        .filter_map(|part| part.parse().ok())
        .collect();
    let [hours, minutes, whole] = parts[..] else {
        return Err(format!("from={start} is no time"));
    };
    let at = hours * 3600 + minutes * 60 + whole + seconds;
    if at >= 24 * 3600 {
        return Err("the repetition does not stay within its day".to_owned());
    }
    let (hours, minutes) = (at / 3600, at / 60 % 60);
    Ok(format!("{day}T{hours:02}:{minutes:02}:{:02}", at % 60))
}

#[test]
fn a_record_is_its_pattern_with_what_it_says_itself() {
    let page = "```json pattern name=a\n{\"x\":1,\"y\":2}\n```\n\
        ```jsonl audit repeat=2 every=90s from=2025-01-01T10:59:00\n\
        {\"like\":\"a\",\"y\":null,\"z\":\"{nnn} {time}\"}\n```\n";
    let parts = super::page::parts(page);
    let mut patterns = Patterns::default();
    patterns.learn(&parts).expect("the pattern is one");
    let Some(Part::Block(block)) = parts.last() else {
        panic!("{parts:?}");
    };
    assert_eq!(
        patterns.lines(block).expect("the records are some"),
        "{\"x\":1,\"z\":\"001 2025-01-01T10:59:00\"}\n{\"x\":1,\"z\":\"002 2025-01-01T11:00:30\"}\n"
    );
}
