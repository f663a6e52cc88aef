//! A page of records as Graph, Azure and Exchange hand it out: `{"value":[...]}` and a link.

use serde::Deserialize;
use serde_json::value::RawValue;

/// What of a page decides how to go on; the records themselves are evidence and not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many records.
    pub(crate) rows: u64,
    /// The link to the next page.
    pub(crate) next: Option<String>,
    /// How many records there are on all pages, where it is told.
    pub(crate) count: Option<u64>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(default, rename = "@odata.nextLink")]
    odata_next: Option<String>,
    #[serde(default, rename = "nextLink")]
    next: Option<String>,
    #[serde(default, rename = "@odata.count")]
    count: Option<u64>,
}

/// Reads a page. What is no object with an array `value` is no page, and no empty one either.
pub(crate) fn read(body: &[u8]) -> Result<Page, String> {
    let wire: Wire<'_> =
        serde_json::from_slice(body).map_err(|error| format!("the page is damaged: {error}"))?;
    let next = wire
        .odata_next
        .or(wire.next)
        .filter(|link| !link.is_empty());
    Ok(Page {
        rows: wire.value.len() as u64,
        next,
        count: wire.count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_well_formed_page_is_one() {
        let page =
            read(br#"{"value":[{"a":1},{}],"@odata.nextLink":"https://x/2"}"#).expect("a page");
        assert_eq!((page.rows, page.next.as_deref()), (2, Some("https://x/2")));
        assert_eq!(read(br#"{"value":[]}"#), Ok(Page::default()));
        for bad in [
            &b"{}"[..],
            b"[]",
            b"",
            b"<html>",
            br#"{"value":null}"#,
            br#"{"error":{}}"#,
            br#"{"value":[{"a""#,
        ] {
            assert!(read(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }
}
