//! Whether a body is what it says it is. A sign-in page in place of a record, or a body that
//! ends too soon, must never count as an answer.

use model::Service;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::io::{self, Read};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Returns what is wrong with the kind of a success, by its headers alone.
pub(crate) fn wrong_kind(content_type: Option<&str>) -> Option<String> {
    let kind = content_type?.to_ascii_lowercase();
    kind.trim_start()
        .starts_with("text/html")
        .then(|| "a page of HTML in place of data".to_owned())
}

/// Returns what is wrong with a page: it is whole JSON, or XML where the service speaks it.
pub(crate) fn wrong_page(service: Service, status: u16, body: &[u8]) -> Option<String> {
    let bare = body.strip_prefix(BOM).unwrap_or(body);
    let bare = bare.trim_ascii();
    if bare.is_empty() {
        let may_be_empty = status != 200;
        return (!may_be_empty).then(|| "an empty body".to_owned());
    }
    if service == Service::Storage && bare.starts_with(b"<") && !is_html(bare) {
        return (!bare.ends_with(b">")).then(|| "XML that is cut short".to_owned());
    }
    if is_html(bare) {
        return Some("a page of HTML in place of data".to_owned());
    }
    let error = serde_json::from_slice::<IgnoredAny>(bare).err()?;
    Some(not_json(&error))
}

/// Returns what is wrong with a part of a file of lines: whatever it holds is the file's, but a
/// page that somebody else put in its place is not.
pub(crate) fn wrong_lines(body: &[u8]) -> Option<String> {
    let bare = body.strip_prefix(BOM).unwrap_or(body).trim_ascii_start();
    is_html(bare).then(|| "a page of HTML in place of data".to_owned())
}

/// Returns what is wrong with records that lie in memory: they are whole JSON.
pub(crate) fn wrong_records(body: &[u8]) -> Option<String> {
    let bare = body.strip_prefix(BOM).unwrap_or(body);
    let error = serde_json::from_slice::<IgnoredAny>(bare).err()?;
    Some(not_json(&error))
}

/// Returns what is wrong with a stream that should be whole JSON; memory does not grow with it.
pub(crate) fn wrong_json(mut reader: impl Read) -> io::Result<Option<String>> {
    let mut start = Vec::with_capacity(3);
    reader.by_ref().take(3).read_to_end(&mut start)?;
    if start == BOM {
        start.clear();
    }
    let mut words = serde_json::Deserializer::from_reader(start.as_slice().chain(reader));
    match IgnoredAny::deserialize(&mut words).and_then(|_| words.end()) {
        Ok(()) => Ok(None),
        Err(error) if error.is_io() => Err(error.into()),
        Err(error) => Ok(Some(not_json(&error))),
    }
}

fn not_json(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let what = if error.is_eof() {
        "JSON that is cut short"
    } else {
        "no JSON"
    };
    format!("{what} (line {line}, column {column})")
}

fn is_html(body: &[u8]) -> bool {
    let start = body[..body.len().min(14)].to_ascii_lowercase();
    start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_whole_json_or_xml_of_storage() {
        for (service, status, body, fine) in [
            (Service::Graph, 200, r#"{"value":[]}"#, true),
            (Service::Graph, 200, "\u{feff}[1]\r\n", true),
            (Service::Graph, 200, r#"{"value":[{"id":"#, false),
            (Service::Graph, 200, r#"{"value":[]}{"#, false),
            (Service::Graph, 200, "", false),
            (Service::Graph, 204, "", true),
            (Service::Graph, 202, "", true),
            (Service::Graph, 200, "OK", false),
            (Service::Graph, 200, "<?xml version='1.0'?><a/>", false),
            (Service::Storage, 200, "<?xml version='1.0'?><a/>\n", true),
            (Service::Storage, 200, "\u{feff}<a>", true),
            (Service::Storage, 200, "<?xml version='1.0'?><a", false),
            (Service::Storage, 200, "<!DOCTYPE html><html>", false),
            (Service::Storage, 200, "<HTML></HTML>", false),
        ] {
            let wrong = wrong_page(service, status, body.as_bytes());
            assert_eq!(wrong.is_none(), fine, "{body}: {wrong:?}");
        }
    }

    #[test]
    fn a_stream_of_records_is_checked_to_its_end() {
        for (body, fine) in [
            ("[]", true),
            ("\u{feff}[{\"a\":1}] \n", true),
            ("1", true),
            ("[{\"a\":1},", false),
            ("[]x", false),
            ("", false),
        ] {
            let wrong = wrong_json(body.as_bytes()).unwrap();
            assert_eq!(wrong.is_none(), fine, "{body}: {wrong:?}");
            assert_eq!(wrong_records(body.as_bytes()), wrong);
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(wrong_json(deep.as_bytes()).unwrap(), None);
    }
}
