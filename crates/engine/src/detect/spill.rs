//! A pile of facts that goes to temporary files when it grows: memory does not follow the evidence.

use detect::words::Words;
use detect::{Fact, Pile, walk};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// How many bytes of facts wait in memory before they are sorted and written out.
const IN_MEMORY: usize = 24 << 20;

/// From how many kept files on they are made one.
const MANY_FILES: usize = 24;

/// How large the buffer of a file being written or read is.
const BUFFER: usize = 256 << 10;

/// Facts on their way to being sorted.
#[derive(Debug, Default)]
pub(super) struct Spill {
    bytes: Vec<u8>,
    /// The time of each fact and where its bytes begin.
    index: Vec<(i64, usize)>,
    files: Vec<File>,
    limit: Option<usize>,
    /// Where the files are kept for later runs, if they are, and what is there.
    kept: Option<Kept>,
}

/// Files of facts that outlive the run.
#[derive(Debug)]
struct Kept {
    folder: PathBuf,
    /// A name that no earlier run used.
    stem: String,
    names: Vec<String>,
    /// How many files this run made.
    made: usize,
}

impl Spill {
    #[cfg(test)]
    fn holding(limit: usize) -> Self {
        Self {
            limit: Some(limit),
            ..Self::default()
        }
    }

    /// Makes a pile of the files that earlier runs kept in a folder; its own stay there too, under
    /// names that begin with the stem.
    pub(super) fn kept_in(folder: &Path, stem: &str, names: &[String]) -> io::Result<Self> {
        let mut files = Vec::new();
        for name in names {
            files.push(File::open(folder.join(name))?);
        }
        Ok(Self {
            files,
            kept: Some(Kept {
                folder: folder.to_owned(),
                stem: stem.to_owned(),
                names: names.to_vec(),
                made: 0,
            }),
            ..Self::default()
        })
    }

    /// Writes out what waits, and returns the names of all files that hold the pile, each durable.
    pub(super) fn settle(&mut self) -> io::Result<Vec<String>> {
        if !self.index.is_empty() {
            self.write_out()?;
        }
        if self.files.len() > MANY_FILES {
            self.join_files()?;
        }
        Ok(self
            .kept
            .as_ref()
            .map_or_else(Vec::new, |kept| kept.names.clone()))
    }

    /// Makes one file of many; what stands in several stands in it once.
    fn join_files(&mut self) -> io::Result<()> {
        let mut heads = heads(std::mem::take(&mut self.files))?;
        if let Some(kept) = &mut self.kept {
            kept.names.clear();
        }
        let mut out = BufWriter::with_capacity(BUFFER, self.new_file()?);
        while let Some(now) = heads.iter().map(|head| head.time).min() {
            self.gather_moment(&mut heads, now)?;
            let mut known = BTreeSet::new();
            for (_, at) in &self.index {
                let one = &self.bytes[*at..*at + length_at(&self.bytes, *at)];
                if known.insert(one) {
                    out.write_all(one)?;
                }
            }
        }
        self.bytes.clear();
        self.index.clear();
        self.add_file(out)
    }

    /// Returns a new file: one of the kept ones, or a temporary one.
    fn new_file(&mut self) -> io::Result<File> {
        let Some(kept) = &mut self.kept else {
            return tempfile::tempfile();
        };
        let name = format!("{}-{}.facts", kept.stem, kept.made);
        kept.made += 1;
        let path = kept.folder.join(&name);
        kept.names.push(name);
        File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
    }

    fn add_file(&mut self, written: BufWriter<File>) -> io::Result<()> {
        let mut file = written
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        if self.kept.is_some() {
            file.sync_all()?;
        }
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }

    /// Takes all facts of a moment from the heads.
    fn gather_moment(&mut self, heads: &mut Vec<Head>, now: i64) -> io::Result<()> {
        self.bytes.clear();
        self.index.clear();
        let mut at = 0;
        while at < heads.len() {
            while heads[at].time == now {
                self.index.push((now, self.bytes.len()));
                self.bytes.extend_from_slice(&heads[at].bytes);
                if !heads[at].next()? {
                    heads.swap_remove(at);
                    break;
                }
            }
            if heads.get(at).is_some_and(|head| head.time != now) {
                at += 1;
            }
        }
        Ok(())
    }

    fn sort(&mut self, words: Option<&Words>) {
        let bytes = &self.bytes;
        self.index.sort_by(|left, right| {
            left.0.cmp(&right.0).then_with(|| match words {
                Some(words) => order_at(bytes, left.1, right.1, words),
                None => Ordering::Equal,
            })
        });
    }

    /// Writes what waits to a file of its own, sorted by time; ties are settled on the way back,
    /// when all words are known.
    fn write_out(&mut self) -> io::Result<()> {
        self.sort(None);
        let mut file = BufWriter::with_capacity(BUFFER, self.new_file()?);
        for (_, at) in &self.index {
            let length = length_at(&self.bytes, *at);
            file.write_all(&self.bytes[*at..*at + length])?;
        }
        self.add_file(file)?;
        self.bytes.clear();
        self.index.clear();
        Ok(())
    }

    fn merge(
        &mut self,
        words: &Words,
        visit: &mut dyn FnMut(&Fact, &str, &[u32]),
    ) -> io::Result<()> {
        if !self.index.is_empty() {
            self.write_out()?;
        }
        let mut heads = heads(std::mem::take(&mut self.files))?;
        // All of one moment are gathered and settled together.
        while let Some(now) = heads.iter().map(|head| head.time).min() {
            self.gather_moment(&mut heads, now)?;
            self.sort(Some(words));
            self.hand_out(visit)?;
        }
        Ok(())
    }

    fn hand_out(&self, visit: &mut dyn FnMut(&Fact, &str, &[u32])) -> io::Result<()> {
        let mut rules = Vec::new();
        for (_, at) in &self.index {
            let (fact, body) = read_at(&self.bytes, *at, &mut rules).ok_or_else(torn)?;
            visit(&fact, body, &rules);
        }
        Ok(())
    }
}

impl Pile for Spill {
    type Error = io::Error;

    fn push(&mut self, fact: &Fact, body: &str, rules: &[u32]) -> io::Result<()> {
        self.index.push((fact.time.0, self.bytes.len()));
        let from = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        fact.pack(&mut self.bytes);
        self.bytes
            .extend_from_slice(&(rules.len() as u32).to_le_bytes());
        for rule in rules {
            self.bytes.extend_from_slice(&rule.to_le_bytes());
        }
        self.bytes.extend_from_slice(body.as_bytes());
        let length = (self.bytes.len() - from) as u32;
        self.bytes[from..from + 4].copy_from_slice(&length.to_le_bytes());
        if self.bytes.len() + self.index.len() * 16 > self.limit.unwrap_or(IN_MEMORY) {
            self.write_out()?;
        }
        Ok(())
    }

    fn hand_over(
        &mut self,
        words: &Words,
        visit: &mut dyn FnMut(&Fact, &str, &[u32]),
    ) -> io::Result<()> {
        if self.files.is_empty() {
            self.sort(Some(words));
            return self.hand_out(visit);
        }
        self.merge(words, visit)
    }
}

/// A file of sorted facts, with the one that comes next.
struct Head {
    from: BufReader<File>,
    bytes: Vec<u8>,
    time: i64,
}

impl Head {
    /// Moves on; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        let mut length = [0; 4];
        match self.from.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            read => read?,
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(&length);
        self.bytes.resize(u32::from_le_bytes(length) as usize, 0);
        self.from.read_exact(&mut self.bytes[4..])?;
        let time = self.bytes.get(4..12).and_then(|time| time.try_into().ok());
        self.time = i64::from_le_bytes(time.ok_or_else(torn)?);
        Ok(true)
    }
}

/// Returns the beginnings of files; one that holds nothing has none.
fn heads(files: Vec<File>) -> io::Result<Vec<Head>> {
    let mut heads = Vec::new();
    for file in files {
        let mut head = Head {
            from: BufReader::with_capacity(BUFFER, file),
            bytes: Vec::new(),
            time: 0,
        };
        if head.next()? {
            heads.push(head);
        }
    }
    Ok(heads)
}

fn torn() -> io::Error {
    io::Error::other("a temporary file does not hold what was written to it")
}

fn length_at(bytes: &[u8], at: usize) -> usize {
    let length = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    length.map_or(0, |four| u32::from_le_bytes(four) as usize)
}

fn read_at<'b>(bytes: &'b [u8], at: usize, rules: &mut Vec<u32>) -> Option<(Fact, &'b str)> {
    let mut from = bytes.get(at + 4..at + length_at(bytes, at))?;
    let fact = Fact::unpack(&mut from)?;
    let (many, mut rest) = from.split_first_chunk()?;
    rules.clear();
    for _ in 0..u32::from_le_bytes(*many) {
        let (number, behind) = rest.split_first_chunk()?;
        rules.push(u32::from_le_bytes(*number));
        rest = behind;
    }
    Some((fact, std::str::from_utf8(rest).ok()?))
}

fn order_at(bytes: &[u8], left: usize, right: usize, words: &Words) -> Ordering {
    let fact = |at: usize| Fact::unpack(&mut bytes.get(at + 4..)?);
    match (fact(left), fact(right)) {
        (Some(left), Some(right)) => walk::order(&left, &right, words),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use detect::MemoryPile;
    use detect::fact::RecordKey;
    use detect::words::Word;
    use detect::{Kind, Pile};
    use model::{ActorKind, Family, Outcome, Timestamp};

    pub(in super::super) fn fact(time: i64, id: &str, words: &mut Words) -> Fact {
        Fact {
            time: Timestamp(time),
            record: RecordKey::of(id, words),
            kind: Kind::Act,
            family: Family::Unified,
            outcome: Outcome::Success,
            actor: ActorKind::Person,
            is_sync: false,
            is_throttled: false,
            is_for_rules: false,
            logon_type: -1,
            record_type: -1,
            count: 1,
            tenant: words.of("t"),
            user: Word::NONE,
            action: Word::NONE,
            workload: Word::NONE,
            mailbox: Word::NONE,
            address: Word::NONE,
            session: Word::NONE,
            app: Word::NONE,
            resource: Word::NONE,
            agent: Word::NONE,
            device: Word::NONE,
            error: Word::NONE,
            object: 0,
        }
    }

    fn order_of(pile: &mut impl Pile<Error: std::fmt::Debug>, words: &Words) -> Vec<String> {
        let mut order = Vec::new();
        pile.hand_over(words, &mut |fact, body, rules| {
            order.push(format!(
                "{} {} {body} {rules:?}",
                fact.time.0,
                fact.record.text(words)
            ));
        })
        .expect("handed over");
        order
    }

    #[test]
    fn a_pile_on_disk_has_the_order_of_one_in_memory() {
        let mut words = Words::default();
        let mut facts = Vec::new();
        for at in 0..500_i64 {
            let (time, id) = (at * 7919 % 83, format!("record {}", at * 31 % 500));
            facts.push((
                fact(time, &id, &mut words),
                format!("{{\"at\":{at}}}"),
                at as u32,
            ));
        }
        let mut memory = MemoryPile::default();
        let mut disk = Spill::holding(4096);
        let mut large = Spill::default();
        for (fact, body, rule) in &facts {
            memory.push(fact, body, &[*rule]).expect("pushed");
            disk.push(fact, body, &[*rule]).expect("pushed");
            large.push(fact, body, &[*rule]).expect("pushed");
        }
        assert!(disk.files.len() > 3);
        let expected = order_of(&mut memory, &words);
        assert_eq!(expected.len(), 500);
        assert_eq!(order_of(&mut disk, &words), expected);
        assert_eq!(order_of(&mut large, &words), expected);
    }

    #[test]
    fn a_fact_keeps_however_many_rules_matched_it() {
        let mut words = Words::default();
        let fact = fact(7, "record", &mut words);
        let rules: Vec<u32> = (0..300).collect();
        let mut disk = Spill::holding(16);
        disk.push(&fact, "{}", &rules).expect("pushed");
        assert!(!disk.files.is_empty());
        let mut found = Vec::new();
        disk.hand_over(&words, &mut |_, body, rules| {
            found.push((body.to_owned(), rules.to_vec()));
        })
        .expect("handed over");
        assert_eq!(found, [("{}".to_owned(), rules)]);
    }
}
