//! What earlier runs made of a tenant's records: their facts, so that a run reads only what is new.
//!
//! A folder a tenant, with files of facts sorted by time and one small file that says which of them
//! count. That file is replaced in one step, after the others are durable; what it does not name
//! was left by a run that was cut off, and goes. The memory is only ever a copy of what the lake
//! says: where it does not fit the program, the rules or the indicators, or a byte of it has
//! changed, it is made anew.

use super::spill::Spill;
use crate::error::EngineError;
use detect::gather::{Known, Learnt};
use detect::words::{Word, Words};
use detect::{Place, Source};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The file that says what counts.
const INDEX: &str = "memory.json";

/// The memory of one tenant.
#[derive(Debug)]
pub(super) struct Memory {
    folder: PathBuf,
    kept: Option<Kept>,
    /// Held as long as the memory is used: two runs would write over one another.
    _lock: File,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    /// A digest of all that decides what becomes a fact.
    signature: String,
    /// How many runs there were: the next one's files have a name of their own.
    runs: u64,
    files: Vec<KeptFile>,
    words: Vec<String>,
    learnt: Vec<KeptTenant>,
    places: Vec<KeptPlace>,
    addresses: Vec<u32>,
    sources: Vec<String>,
}

/// A file of facts, and by what it is known to be as it was written.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptFile {
    name: String,
    sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptTenant {
    tenant: u32,
    domains: BTreeSet<String>,
    since: Option<i64>,
    until: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptPlace {
    address: u32,
    country: String,
    city: String,
    asn: u32,
    organisation: String,
    position: Option<(f64, f64)>,
}

/// Which form the file has.
const VERSION: u32 = 3;

/// How much of a file is read at once.
const PIECE: usize = 64 << 10;

impl Memory {
    /// Opens the memory of a tenant in the data folder, making it where there is none; what does not
    /// have this signature is forgotten.
    pub(super) fn open(data: &Path, tenant: &str, signature: &str) -> Result<Self, EngineError> {
        let digest = Sha256::digest(tenant.as_bytes());
        let first = digest.first_chunk::<8>().copied().unwrap_or_default();
        let name = format!("{:016x}", u64::from_be_bytes(first));
        let folder = data.join("detect").join(name);
        let failed = |source| EngineError::Memory {
            path: folder.clone(),
            source,
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let kept = read(&folder.join(INDEX)).filter(|kept| {
            kept.version == VERSION
                && kept.signature == signature
                && kept.files.iter().all(|file| file.is_whole_in(&folder))
        });
        let memory = Self {
            kept,
            _lock: lock,
            folder: folder.clone(),
        };
        memory.tidy().map_err(failed)?;
        Ok(memory)
    }

    /// Returns whether there is anything to go on from.
    pub(super) fn is_there(&self) -> bool {
        self.kept.is_some()
    }

    /// Returns whether nothing that is remembered is before a moment: then everything is read anew.
    pub(super) fn begins_after(&self, moment: Timestamp) -> bool {
        let kept = self.kept.as_ref();
        let first = kept.and_then(|kept| kept.learnt.iter().filter_map(|one| one.since).min());
        first.is_none_or(|first| moment.0 <= first)
    }

    /// Forgets everything: it will be made anew.
    pub(super) fn forget(&mut self) {
        self.kept = None;
    }

    /// Returns what is remembered, and the pile of facts to which a run adds its own.
    pub(super) fn recall(&mut self) -> Result<(Known, Spill), EngineError> {
        let kept = self.kept.get_or_insert_default();
        let stem = format!("run{}", kept.runs);
        let names: Vec<String> = kept.files.iter().map(|file| file.name.clone()).collect();
        let pile =
            Spill::kept_in(&self.folder, &stem, &names).map_err(|source| EngineError::Memory {
                path: self.folder.clone(),
                source,
            })?;
        Ok((known(kept), pile))
    }

    /// Keeps what a run added.
    pub(super) fn keep(
        &mut self,
        signature: &str,
        known: &Known,
        pile: &mut Spill,
    ) -> Result<(), EngineError> {
        let runs = self.kept.as_ref().map_or(0, |kept| kept.runs) + 1;
        let before = self.kept.take().map_or_else(Vec::new, |kept| kept.files);
        let kept = pile.settle().and_then(|names| {
            let files = files_of(names, before, &self.folder)?;
            let kept = Kept {
                version: VERSION,
                signature: signature.to_owned(),
                runs,
                files,
                ..of(known)
            };
            write(&self.folder, &kept)?;
            Ok(kept)
        });
        self.kept = Some(kept.map_err(|source| EngineError::Memory {
            path: self.folder.clone(),
            source,
        })?);
        Ok(())
    }

    /// Removes the files that nothing names.
    fn tidy(&self) -> io::Result<()> {
        let named = self.kept.as_ref().map_or(&[][..], |kept| &kept.files);
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_facts = entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "facts");
            if is_facts && !named.iter().any(|file| file.name == name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl KeptFile {
    fn of(name: String, folder: &Path) -> io::Result<Self> {
        let sha256 = digest(&folder.join(&name))?;
        Ok(Self { name, sha256 })
    }

    fn is_whole_in(&self, folder: &Path) -> bool {
        digest(&folder.join(&self.name)).is_ok_and(|sha256| sha256 == self.sha256)
    }
}

/// Returns the files of these names; those that were there before have not changed since.
fn files_of(names: Vec<String>, before: Vec<KeptFile>, folder: &Path) -> io::Result<Vec<KeptFile>> {
    let mut known: BTreeMap<String, String> = before
        .into_iter()
        .map(|file| (file.name, file.sha256))
        .collect();
    let files = names.into_iter().map(|name| match known.remove(&name) {
        Some(sha256) => Ok(KeptFile { name, sha256 }),
        None => KeptFile::of(name, folder),
    });
    files.collect()
}

fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut sum = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            many => sum.update(&piece[..many]),
        }
    }
    let bytes = sum.finalize();
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    Ok(digits.collect::<Vec<_>>().concat())
}

/// Reads the index; one that cannot be read is as if it were not there.
fn read(path: &Path) -> Option<Kept> {
    let file = File::open(path).ok()?;
    serde_json::from_reader(BufReader::new(file)).ok()
}

fn write(folder: &Path, kept: &Kept) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut out = BufWriter::new(&mut file);
    serde_json::to_writer(&mut out, kept)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    file.persist(folder.join(INDEX))?;
    Ok(())
}

fn known(kept: &Kept) -> Known {
    let mut words = Words::default();
    for text in &kept.words {
        words.of(text);
    }
    let learnt = kept.learnt.iter().map(|one| {
        let learnt = Learnt {
            domains: one.domains.clone(),
            since: one.since.map(Timestamp),
            until: one.until.map(Timestamp),
        };
        (Word::numbered(one.tenant), learnt)
    });
    let places = kept.places.iter().map(|one| {
        let place = Place {
            country: one.country.clone(),
            city: one.city.clone(),
            asn: one.asn,
            organisation: one.organisation.clone(),
            position: one.position,
        };
        (Word::numbered(one.address), place)
    });
    let sources = kept.sources.iter();
    Known {
        learnt: learnt.collect(),
        places: places.collect(),
        addresses: kept
            .addresses
            .iter()
            .map(|one| Word::numbered(*one))
            .collect(),
        sources: sources.filter_map(|name| Source::named(name)).collect(),
        words,
    }
}

fn of(known: &Known) -> Kept {
    let learnt = known.learnt.iter().map(|(word, learnt)| KeptTenant {
        tenant: word.number() as u32,
        domains: learnt.domains.clone(),
        since: learnt.since.map(|time| time.0),
        until: learnt.until.map(|time| time.0),
    });
    let places = known.places.iter().map(|(word, place)| KeptPlace {
        address: word.number() as u32,
        country: place.country.clone(),
        city: place.city.clone(),
        asn: place.asn,
        organisation: place.organisation.clone(),
        position: place.position,
    });
    Kept {
        learnt: learnt.collect(),
        places: places.collect(),
        // The empty word is everybody's first.
        words: known.words.texts().skip(1).map(str::to_owned).collect(),
        addresses: known
            .addresses
            .iter()
            .map(|word| word.number() as u32)
            .collect(),
        sources: known
            .sources
            .iter()
            .map(|one| one.name().to_owned())
            .collect(),
        ..Kept::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detect::Pile;

    fn facts(pile: &mut Spill, words: &Words) -> Vec<String> {
        let mut found = Vec::new();
        pile.hand_over(words, &mut |fact, body, _| {
            found.push(format!("{} {body}", fact.time.0));
        })
        .expect("handed over");
        found
    }

    /// A run that adds facts at these times, and what the pile holds then.
    fn run(data: &Path, signature: &str, times: &[i64]) -> Vec<String> {
        let mut memory = Memory::open(data, "tenant", signature).expect("opened");
        let (mut known, mut pile) = memory.recall().expect("recalled");
        known.words.of("tenant");
        for time in times {
            let fact =
                super::super::spill::tests::fact(*time, &format!("r{time}"), &mut known.words);
            pile.push(&fact, "{}", &[]).expect("pushed");
        }
        memory.keep(signature, &known, &mut pile).expect("kept");
        facts(&mut pile, &known.words)
    }

    #[test]
    fn a_run_goes_on_from_those_before() {
        let data = tempfile::tempdir().expect("a folder");
        assert_eq!(run(data.path(), "a", &[5, 3]), ["3 {}", "5 {}"]);
        assert_eq!(run(data.path(), "a", &[4]), ["3 {}", "4 {}", "5 {}"]);
        assert_eq!(run(data.path(), "a", &[]), ["3 {}", "4 {}", "5 {}"]);
        assert_eq!(run(data.path(), "another", &[9]), ["9 {}"]);
    }

    #[test]
    fn many_small_runs_become_one_file() {
        let data = tempfile::tempdir().expect("a folder");
        for time in 0..60 {
            assert_eq!(
                run(data.path(), "a", &[time, 7])
                    .first()
                    .map(String::as_str),
                Some("0 {}")
            );
        }
        let held = run(data.path(), "a", &[]);
        let distinct: BTreeSet<&String> = held.iter().collect();
        assert_eq!(distinct.len(), 60);
        assert!(held.len() < 100, "{}", held.len());
    }

    #[test]
    fn facts_that_have_changed_are_forgotten() {
        let harms: [fn(&mut Vec<u8>); 2] = [
            |bytes| bytes.truncate(bytes.len() / 2),
            |bytes| bytes[9] ^= 1,
        ];
        for harm in harms {
            let data = tempfile::tempdir().expect("a folder");
            run(data.path(), "a", &[1, 2]);
            let memory = Memory::open(data.path(), "tenant", "a").expect("opened");
            let name = &memory.kept.as_ref().expect("kept").files[0].name;
            let path = memory.folder.join(name);
            drop(memory);
            let mut bytes = fs::read(&path).expect("read");
            harm(&mut bytes);
            fs::write(&path, bytes).expect("written");
            assert_eq!(run(data.path(), "a", &[3]), ["3 {}"]);
        }
    }

    #[test]
    fn what_a_cut_off_run_left_is_removed() {
        let data = tempfile::tempdir().expect("a folder");
        run(data.path(), "a", &[1]);
        let folder = Memory::open(data.path(), "tenant", "a")
            .expect("opened")
            .folder;
        fs::write(folder.join("run9-0.facts"), b"torn").expect("written");
        assert_eq!(run(data.path(), "a", &[2]), ["1 {}", "2 {}"]);
        assert!(!folder.join("run9-0.facts").exists());
        fs::write(folder.join(INDEX), b"{").expect("written");
        assert_eq!(run(data.path(), "a", &[3]), ["3 {}"]);
    }
}
