//! Blob storage with the logs that diagnostic settings write: append blobs, one an hour, that grow
//! as records arrive.

mod render;

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::Method;

use crate::cloud::Cloud;
use crate::faults::{Dials, hash};
use crate::record::Micros;
use crate::refusal;
use crate::stamp;
use crate::token::Claims;
use crate::wire::{Answer, Ask};

use render::{Containers, Line};

/// What diagnostic settings write.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    rendered: Mutex<Option<Rendered>>,
}

/// The containers as they were rendered, under which dials, and of how many records.
#[derive(Debug)]
struct Rendered {
    dials: Arc<Dials>,
    count: usize,
    containers: Arc<Containers>,
}

/// A blob of diagnostic logs as the settings of a tenant write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogBlob {
    /// Whose.
    pub tenant: String,
    /// In which container.
    pub container: String,
    /// Under which name: its hour is in it.
    pub name: String,
    /// What is written by the present moment, in that order, each line with its end.
    pub lines: Vec<String>,
}

/// Returns every blob that is not empty at the present moment.
pub(crate) fn logs(cloud: &Cloud) -> Vec<LogBlob> {
    let (containers, now) = (cloud.storage.containers(cloud), cloud.now());
    let blobs = containers.iter().flat_map(|((tenant, container), blobs)| {
        blobs.iter().map(move |(name, lines)| LogBlob {
            tenant: cloud.world.tenants[*tenant].id.clone(),
            container: container.clone(),
            name: name.clone(),
            lines: written(lines, now)
                .iter()
                .map(|line| line.text.clone())
                .collect(),
        })
    });
    blobs.filter(|blob| !blob.lines.is_empty()).collect()
}

impl Storage {
    fn containers(&self, cloud: &Cloud) -> Arc<Containers> {
        let (dials, count) = (cloud.faults.dials(), cloud.count());
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        let known = rendered.as_ref().filter(|known| {
            let same = Arc::ptr_eq(&known.dials, &dials);
            same && known.count == count
        });
        if let Some(known) = known {
            return Arc::clone(&known.containers);
        }
        let containers = Arc::new(render::containers(cloud));
        *rendered = Some(Rendered {
            dials,
            count,
            containers: Arc::clone(&containers),
        });
        containers
    }
}

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> &'static str {
    match ask.segments.len() {
        0 => "containers",
        1 => "blobs",
        _ => "read",
    }
}

/// Answers a request whose token is good.
pub(crate) fn answer(cloud: &Cloud, claims: &Claims, ask: &Ask) -> Answer {
    if ask.method != Method::GET && ask.method != Method::HEAD {
        return refusal::storage(
            403,
            "AuthorizationPermissionMismatch",
            "This request is not authorized to perform this operation using this permission.",
        );
    }
    let place = cloud.tenant(&claims.tid).unwrap_or_default();
    let containers = cloud.storage.containers(cloud);
    let answer = match ask.segments.as_slice() {
        [] => list_containers(&containers, place),
        [container] => list_blobs(cloud, &containers, place, container, ask),
        [container, name @ ..] => {
            read(cloud, &containers, (place, container), &name.join("/"), ask)
        }
    };
    answer
        .with("x-ms-version", "2021-08-06")
        .with("x-ms-request-id", cloud.guid("storage"))
}

/// Returns the lines of a blob that have been written by a moment: what follows is always appended.
fn written(lines: &[Line], now: Micros) -> &[Line] {
    let end = lines.partition_point(|line| line.written <= now);
    &lines[..end]
}

fn size(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.text.len()).sum()
}

fn tag(name: &str, length: usize) -> String {
    format!("0x{:X}", hash(length as u64, name.as_bytes()))
}

fn list_containers(containers: &Containers, place: usize) -> Answer {
    let own = containers.keys().filter(|(owner, _)| *owner == place);
    let items: Vec<String> = own
        .map(|(_, name)| format!("<Container><Name>{name}</Name></Container>"))
        .collect();
    xml(
        &format!("<Containers>{}</Containers><NextMarker />", items.concat()),
        "",
    )
}

fn xml(inner: &str, attributes: &str) -> Answer {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"\"{attributes}>{inner}</EnumerationResults>"
    );
    Answer::of(200, "application/xml", body)
}

fn list_blobs(
    cloud: &Cloud,
    containers: &Containers,
    place: usize,
    container: &str,
    ask: &Ask,
) -> Answer {
    let Some(blobs) = containers.get(&(place, container.to_owned())) else {
        return refusal::storage(
            404,
            "ContainerNotFound",
            "The specified container does not exist.",
        );
    };
    let now = cloud.now();
    let prefix = ask.parameter("prefix").unwrap_or_default();
    let marker = ask.parameter("marker").unwrap_or_default();
    let most: usize = ask
        .parameter("maxresults")
        .and_then(|most| most.parse().ok())
        .unwrap_or(5000)
        .clamp(1, 5000);
    let mut listed = blobs
        .iter()
        .map(|(name, lines)| (name, written(lines, now)))
        .filter(|(name, lines)| {
            name.starts_with(prefix) && name.as_str() >= marker && !lines.is_empty()
        });
    let items: Vec<String> = listed
        .by_ref()
        .take(most)
        .map(|(name, lines)| {
            let length = size(lines);
            let modified = lines.last().map_or(now, |line| line.written);
            format!(
                "<Blob><Name>{name}</Name><Properties><Last-Modified>{}</Last-Modified><Etag>{}</Etag>\
                 <Content-Length>{length}</Content-Length><Content-Type>application/octet-stream</Content-Type>\
                 <BlobType>AppendBlob</BlobType></Properties></Blob>",
                stamp::http_date(modified),
                tag(name, length)
            )
        })
        .collect();
    let next = listed
        .next()
        .map_or("<NextMarker />".to_owned(), |(name, _)| {
            format!("<NextMarker>{name}</NextMarker>")
        });
    let prefix = if prefix.is_empty() {
        String::new()
    } else {
        format!("<Prefix>{prefix}</Prefix>")
    };
    let inner = format!("{prefix}<Blobs>{}</Blobs>{next}", items.concat());
    xml(&inner, &format!(" ContainerName=\"{container}\""))
}

fn read(
    cloud: &Cloud,
    containers: &Containers,
    container: (usize, &String),
    name: &str,
    ask: &Ask,
) -> Answer {
    let blobs = containers.get(&(container.0, container.1.clone()));
    let lines = blobs
        .and_then(|blobs| blobs.get(name))
        .map(|lines| written(lines, cloud.now()));
    let Some(lines) = lines.filter(|lines| !lines.is_empty()) else {
        return refusal::storage(404, "BlobNotFound", "The specified blob does not exist.");
    };
    let length = size(lines);
    let etag = tag(name, length);
    let range = ask
        .header("x-ms-range")
        .or_else(|| ask.header("range"))
        .and_then(|text| bounds(text, length));
    if let Some(Range { start, .. }) = &range
        && *start >= length
    {
        return refusal::storage(
            416,
            "InvalidRange",
            "The range specified is invalid for the current size of the resource.",
        )
        .with("content-range", format!("bytes */{length}"));
    }
    let modified = lines.last().map_or(0, |line| line.written);
    let (status, range) = range.map_or((200, 0..length), |range| (206, range));
    let (body, rows) = cut(lines, &range);
    let answer = Answer::of(status, "application/octet-stream", body)
        .holding(rows)
        .with("etag", format!("\"{etag}\""))
        .with("last-modified", stamp::http_date(modified))
        .with("x-ms-blob-type", "AppendBlob")
        .with("accept-ranges", "bytes");
    if status == 200 {
        return answer;
    }
    answer.with(
        "content-range",
        format!("bytes {}-{}/{length}", range.start, range.end - 1),
    )
}

/// Reads `bytes=5-` and `bytes=5-10`.
fn bounds(text: &str, length: usize) -> Option<Range<usize>> {
    let (start, end) = text.strip_prefix("bytes=")?.split_once('-')?;
    let start = start.parse().ok()?;
    let end = if end.is_empty() {
        length
    } else {
        end.parse::<usize>().ok()? + 1
    };
    Some(start..end.min(length))
}

/// Returns the bytes of a range, and the records whose lines are whole in it.
fn cut(lines: &[Line], range: &Range<usize>) -> (Vec<u8>, Vec<usize>) {
    let (mut body, mut rows, mut at) = (Vec::new(), Vec::new(), 0);
    for line in lines {
        let (begin, end) = (at, at + line.text.len());
        at = end;
        let from = range.start.max(begin);
        let to = range.end.min(end);
        if from >= to {
            continue;
        }
        body.extend_from_slice(&line.text.as_bytes()[from - begin..to - begin]);
        if from == begin && to == end {
            rows.push(line.row);
        }
    }
    (body, rows)
}
