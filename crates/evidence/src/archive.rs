//! Containers: gzip and zip, one inside the other, read in memory and never written out.
//!
//! A member of a zip is named by its path in the archive, a member of an inner archive by
//! `outer.zip!inner.json`; gzip has no name of its own.

use crate::read::read_text;
use crate::session::{Halt, Session, Verdict};
use crate::text::Text;
use crate::{EvidenceError, ReadSeek};
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use model::NoticeKind;
use model::shown::shown;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use zip::{CompressionMethod, ZipArchive};

/// How many archives may stand inside one another.
const MAX_DEPTH: usize = 3;
/// How much memory archives inside archives may take together.
const MAX_NESTED: u64 = 256 * 1024 * 1024;

/// What a stream is by its first bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Gzip,
    Zip,
    Plain,
}

impl Container {
    fn of(head: &[u8]) -> Self {
        if head.starts_with(&[0x1F, 0x8B, 8]) {
            Self::Gzip
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Self::Zip
        } else {
            Self::Plain
        }
    }
}

/// Where in the nest of archives a stream stands.
#[derive(Clone)]
struct Nest {
    path: Option<Arc<str>>,
    depth: usize,
    memory_left: u64,
}

impl Nest {
    fn inside(&self, name: &str) -> Arc<str> {
        match &self.path {
            Some(path) => format!("{path}!{name}").into(),
            None => name.into(),
        }
    }
}

/// Reads an input, whatever it is packed in.
pub(crate) fn read(input: &mut dyn ReadSeek, session: &mut Session<'_>) -> Result<Verdict, Halt> {
    let head = head(input)?;
    input.rewind().map_err(EvidenceError::Read)?;
    let nest = Nest {
        path: None,
        depth: 0,
        memory_left: MAX_NESTED,
    };
    match Container::of(&head) {
        Container::Zip => read_zip(input, &nest, session),
        Container::Gzip | Container::Plain => read_stream(Box::new(input), &nest, session),
    }
}

fn head(input: &mut (impl Read + ?Sized)) -> Result<Vec<u8>, EvidenceError> {
    let mut head = Vec::new();
    input
        .take(4)
        .read_to_end(&mut head)
        .map_err(EvidenceError::Read)?;
    Ok(head)
}

/// A stream whose first bytes have been looked at.
struct Peeked<R> {
    head: Cursor<Vec<u8>>,
    /// What ended the look: a decoder that failed may say something else the second time.
    failure: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    fn at(mut rest: R) -> (Container, Self) {
        let mut head = Vec::new();
        let failure = (&mut rest).take(4).read_to_end(&mut head).err();
        (
            Container::of(&head),
            Self {
                head: Cursor::new(head),
                failure,
                rest,
            },
        )
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.head.read(into)? {
            0 => self
                .failure
                .take()
                .map_or_else(|| self.rest.read(into), Err),
            length => Ok(length),
        }
    }
}

fn read_stream(
    source: Box<dyn Read + '_>,
    nest: &Nest,
    session: &mut Session<'_>,
) -> Result<Verdict, Halt> {
    let (container, whole) = Peeked::at(source);
    let whole: Box<dyn Read + '_> = Box::new(whole);
    let deeper = Nest {
        depth: nest.depth + 1,
        ..nest.clone()
    };
    match container {
        Container::Plain => {
            session.begin(nest.path.clone());
            read_text(whole, session)
        }
        _ if nest.depth >= MAX_DEPTH => Ok(too_deep()),
        Container::Gzip => read_stream(Box::new(MultiGzDecoder::new(whole)), &deeper, session),
        Container::Zip => read_inner_zip(whole, &deeper, session),
    }
}

fn too_deep() -> Verdict {
    Verdict::NotEvidence(format!(
        "archives more than {MAX_DEPTH} deep inside one another: unpack them first"
    ))
}

fn read_inner_zip(
    source: Box<dyn Read + '_>,
    nest: &Nest,
    session: &mut Session<'_>,
) -> Result<Verdict, Halt> {
    let mut bytes = Vec::new();
    let read = source.take(nest.memory_left + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > nest.memory_left {
        let megabytes = MAX_NESTED / (1024 * 1024);
        return Ok(Verdict::NotEvidence(format!(
            "an inner archive of more than {megabytes} MiB: unpack it first"
        )));
    }
    if let Err(error) = read {
        session.notice(
            NoticeKind::Error,
            None,
            format!("the inner archive is damaged: {error}"),
        )?;
    }
    let nest = Nest {
        memory_left: nest.memory_left - bytes.len() as u64,
        ..nest.clone()
    };
    read_zip(&mut Cursor::new(bytes), &nest, session)
}

fn read_zip(
    input: &mut dyn ReadSeek,
    nest: &Nest,
    session: &mut Session<'_>,
) -> Result<Verdict, Halt> {
    let mut archive = match ZipArchive::new(&mut *input) {
        Ok(archive) => archive,
        Err(error) => {
            input.rewind().map_err(EvidenceError::Read)?;
            return read_damaged_zip(input, nest, session, &error.to_string());
        }
    };
    let names = member_names(&mut archive);
    if names.iter().any(|name| name == "[Content_Types].xml") {
        return Ok(Verdict::NotEvidence(
            "Office document: save its sheets as CSV".to_owned(),
        ));
    }
    let mut any = false;
    for (index, name) in names.iter().enumerate() {
        let path = nest.inside(name);
        let reason = match archive.by_index(index) {
            Ok(member) if member.is_dir() => continue,
            Ok(member) => match read_member(Box::new(member), &path, nest, session)? {
                Verdict::Read => {
                    any = true;
                    continue;
                }
                Verdict::Empty => "it is empty".to_owned(),
                Verdict::NotEvidence(reason) => reason,
            },
            Err(error) => {
                session.begin(Some(path));
                session.notice(
                    NoticeKind::Error,
                    None,
                    format!("the member cannot be opened: {error}"),
                )?;
                any = true;
                continue;
            }
        };
        tell_ignored(name, path, &reason, session)?;
    }
    Ok(judged(any, names.len()))
}

fn judged(any: bool, members: usize) -> Verdict {
    match members {
        _ if any => Verdict::Read,
        0 => Verdict::Empty,
        _ => Verdict::NotEvidence("a zip archive without evidence".to_owned()),
    }
}

fn read_member(
    member: Box<dyn Read + '_>,
    path: &Arc<str>,
    nest: &Nest,
    session: &mut Session<'_>,
) -> Result<Verdict, Halt> {
    session.begin(Some(Arc::clone(path)));
    let name = path.rsplit('!').next().unwrap_or(path);
    if is_resource_fork(name) {
        return Ok(Verdict::NotEvidence(
            "what macOS keeps beside a file".to_owned(),
        ));
    }
    if leaves_folder(name) {
        let what = format!(
            "the member's name `{}` leads out of the archive; it was read in memory only",
            shown(name)
        );
        session.notice(NoticeKind::Warning, None, what)?;
    }
    let inner = Nest {
        path: Some(Arc::clone(path)),
        ..nest.clone()
    };
    read_stream(member, &inner, session)
}

fn tell_ignored(
    name: &str,
    path: Arc<str>,
    reason: &str,
    session: &mut Session<'_>,
) -> Result<(), Halt> {
    session.begin(Some(path));
    let what = format!("the member `{}` was ignored: {reason}", shown(name));
    session.notice(NoticeKind::Warning, None, what)
}

fn is_resource_fork(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.ends_with(".DS_Store")
}

fn leaves_folder(name: &str) -> bool {
    let absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    absolute || name.split(['/', '\\']).any(|part| part == "..")
}

/// Reads the members of a zip whose directory is missing, one after the other.
fn read_damaged_zip(
    mut input: &mut dyn ReadSeek,
    nest: &Nest,
    session: &mut Session<'_>,
    why: &str,
) -> Result<Verdict, Halt> {
    session.begin(nest.path.clone());
    let what = format!("the zip archive is damaged ({why}); what can be unpacked was read");
    session.notice(NoticeKind::Error, None, what)?;
    while let Ok(Some(member)) = zip::read::read_zipfile_from_stream(&mut input) {
        let name = member
            .name()
            .map_or_else(|_| "unnamed".to_owned(), Cow::into_owned);
        if !member.is_dir() {
            let path = nest.inside(&name);
            match read_member(Box::new(member), &path, nest, session)? {
                Verdict::Read => {}
                Verdict::Empty => tell_ignored(&name, path, "it is empty", session)?,
                Verdict::NotEvidence(reason) => tell_ignored(&name, path, &reason, session)?,
            }
        }
    }
    Ok(Verdict::Read)
}

/// Returns the members' names in their order; a name that stands twice bears its number.
fn member_names<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let name = archive
            .by_index_raw(index)
            .and_then(|member| member.name().map(Cow::into_owned));
        let name = name.unwrap_or_else(|_| format!("#{index}"));
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        names.push(if *times == 1 {
            name
        } else {
            format!("{name}#{times}")
        });
    }
    names
}

/// Returns the decompressed and decoded text in which places count their bytes.
pub fn decoded(
    input: Box<dyn ReadSeek>,
    member: Option<&str>,
) -> Result<Box<dyn Read>, EvidenceError> {
    let plain = match member {
        Some(path) => open_member(input, path)?,
        None => unpacked(input),
    };
    Ok(Box::new(Text::open(plain)?))
}

/// Takes a stream out of gzip, however often it was packed.
fn unpacked(source: impl Read + 'static) -> Box<dyn Read> {
    let (mut container, peeked) = Peeked::at(source);
    let mut whole: Box<dyn Read> = Box::new(peeked);
    for _ in 0..MAX_DEPTH {
        if container != Container::Gzip {
            break;
        }
        let (inside, peeked) = Peeked::at(MultiGzDecoder::new(whole));
        (container, whole) = (inside, Box::new(peeked));
    }
    whole
}

/// Opens a member of an archive, or of an archive inside it.
fn open_member(mut input: Box<dyn ReadSeek>, path: &str) -> Result<Box<dyn Read>, EvidenceError> {
    let head = head(&mut input)?;
    input.rewind().map_err(EvidenceError::Read)?;
    if Container::of(&head) == Container::Gzip {
        return open_member(Box::new(Cursor::new(held(unpacked(input))?)), path);
    }
    let failed = |error: zip::result::ZipError| EvidenceError::Archive(error.into());
    let mut archive = ZipArchive::new(input).map_err(failed)?;
    let names = member_names(&mut archive);
    // A member's own name may hold the mark that parts archive from member.
    let position = |wanted: &str| names.iter().position(|name| name == wanted);
    if let Some(index) = position(path) {
        return Ok(unpacked(member_stream(archive, index)?));
    }
    let parted = path
        .match_indices('!')
        .find_map(|(at, _)| Some((position(&path[..at])?, &path[at + 1..])));
    let Some((index, inner)) = parted else {
        return Err(EvidenceError::NoSuchMember(path.to_owned()));
    };
    let bytes = held(unpacked(member_stream(archive, index)?))?;
    open_member(Box::new(Cursor::new(bytes)), inner)
}

fn held(source: Box<dyn Read>) -> Result<Vec<u8>, EvidenceError> {
    let mut bytes = Vec::new();
    source
        .take(MAX_NESTED)
        .read_to_end(&mut bytes)
        .map_err(EvidenceError::Read)?;
    Ok(bytes)
}

/// Returns a member as a stream of its own.
fn member_stream(
    mut archive: ZipArchive<Box<dyn ReadSeek>>,
    index: usize,
) -> Result<Box<dyn Read>, EvidenceError> {
    let failed = |error: zip::result::ZipError| EvidenceError::Archive(error.into());
    let member = archive.by_index_raw(index).map_err(failed)?;
    let (start, length, method) = (
        member.data_start(),
        member.compressed_size(),
        member.compression(),
    );
    drop(member);
    let mut input = archive.into_inner();
    let start = start.ok_or_else(|| EvidenceError::NoSuchMember(format!("#{index}")))?;
    input
        .seek(SeekFrom::Start(start))
        .map_err(EvidenceError::Read)?;
    let packed = input.take(length);
    Ok(if method == CompressionMethod::Stored {
        Box::new(packed)
    } else {
        Box::new(DeflateDecoder::new(packed))
    })
}
