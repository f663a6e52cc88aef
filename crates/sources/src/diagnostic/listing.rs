//! Lists of containers and blobs, in the small corner of XML that the service writes.
//!
//! No XML reader: elements are found by their names, entities undone, and whatever is not as
//! expected makes the list one that is asked for again.

use crate::moment;
use model::Timestamp;

/// A blob as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) length: u64,
    pub(crate) etag: String,
    pub(crate) modified: Timestamp,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    /// What the next page is asked by.
    pub(crate) marker: Option<String>,
}

/// Reads a page of a list of containers.
pub(crate) fn containers(body: &[u8]) -> Result<Page<String>, String> {
    page(body, "Containers", "Container", |entry| {
        text_of(entry, "Name")
    })
}

/// Reads a page of a list of blobs.
pub(crate) fn blobs(body: &[u8]) -> Result<Page<Listed>, String> {
    page(body, "Blobs", "Blob", |entry| {
        Some(Listed {
            name: text_of(entry, "Name")?,
            length: text_of(entry, "Content-Length")?.trim().parse().ok()?,
            etag: text_of(entry, "Etag").unwrap_or_default(),
            modified: moment::read_http(&text_of(entry, "Last-Modified")?)?,
        })
    })
}

fn page<T>(
    body: &[u8],
    list: &str,
    entry: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Page<T>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the list is no text".to_owned())?;
    if !text.contains("<EnumerationResults") || !text.contains("</EnumerationResults>") {
        return Err("the list is damaged".to_owned());
    }
    let inside = inside(text, list).unwrap_or("");
    let mut entries = Vec::new();
    let mut rest = inside;
    while let Some(found) = self::inside(rest, entry) {
        entries.push(read(found).ok_or_else(|| "the list has a damaged entry".to_owned())?);
        let at = found.as_ptr() as usize - rest.as_ptr() as usize + found.len();
        rest = &rest[at..];
    }
    let marker = text_of(text, "NextMarker").filter(|marker| !marker.is_empty());
    Ok(Page { entries, marker })
}

/// Returns what stands inside the first element of a name.
fn inside<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let open = format!("<{name}");
    let mut from = 0;
    loop {
        let at = from + text[from..].find(&open)?;
        let after = &text[at + open.len()..];
        if after.starts_with(['>', ' ']) {
            let (tag, content) = after.split_once('>')?;
            if tag.ends_with('/') {
                return Some("");
            }
            return content
                .find(&format!("</{name}>"))
                .map(|end| &content[..end]);
        }
        from = at + open.len();
    }
}

fn text_of(text: &str, name: &str) -> Option<String> {
    let found = inside(text, name)?;
    let undone = found
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    Some(undone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_damage_is_no_empty_list() {
        let body = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://a/\" ContainerName=\"c\"><Blobs><Blob><Name>a&amp;b/h=1</Name><Properties><Last-Modified>Tue, 10 Mar 2026 12:00:05 GMT</Last-Modified><Etag>0x8</Etag><Content-Length>12</Content-Length><BlobType>AppendBlob</BlobType></Properties></Blob></Blobs><NextMarker>m</NextMarker></EnumerationResults>";
        let page = blobs(body.as_bytes()).expect("a page");
        assert_eq!((page.entries.len(), page.marker.as_deref()), (1, Some("m")));
        assert_eq!(
            (page.entries[0].name.as_str(), page.entries[0].length),
            ("a&b/h=1", 12)
        );
        assert!(blobs(&body.as_bytes()[..body.len() - 9]).is_err());
        assert!(blobs(b"<html></html>").is_err());
        assert!(blobs(body.replace(">12<", ">x<").as_bytes()).is_err());
        let empty = blobs(b"<EnumerationResults><Blobs /><NextMarker /></EnumerationResults>");
        assert_eq!(
            empty.map(|page| (page.entries.len(), page.marker)),
            Ok((0, None))
        );
        let of = containers(b"<EnumerationResults><Containers><Container><Name>insights-logs-x</Name></Container></Containers><NextMarker/></EnumerationResults>");
        assert_eq!(
            of.map(|page| page.entries),
            Ok(vec!["insights-logs-x".to_owned()])
        );
    }
}
