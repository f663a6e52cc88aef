//! Every file of a pack against the signed list, and the order in which they lie.

use crate::difference::{Difference, What};
use crate::digest::FileDigest;
use crate::directory::{Archive, Entry, is_as_sealed};
use crate::manifest::Manifest;
use crate::path::{MANIFEST, SIGNATURE, SUMS};
use crate::recorder::Packed;
use crate::signed::Signed;
use crate::source::{Progress, Source};

/// Whether the zip itself is byte for byte the one that was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// No byte differs.
    Intact,
    /// Some byte differs, so each entry's own bytes are compared to find out where.
    Differs,
}

/// What is found out about the files of a pack.
pub(crate) struct Contents<'m> {
    signed: &'m Signed,
    container: Container,
    /// By place: the listed files, then `manifest.json`, `manifest.sig` and `SHA256SUMS`.
    states: Vec<State>,
    /// The first file that differs, by its place, and how many do.
    differing: Option<(usize, Difference)>,
    differ: u64,
    added: Option<Difference>,
    /// The first file of which only the packed form differs.
    packed_differs: Option<usize>,
    /// Whether any entry still has the bytes that were sealed.
    some_as_sealed: bool,
    /// The first file that lies in another place than was sealed.
    moved: Option<usize>,
    /// The place of the last file in order, and where its entry begins.
    latest: Option<(usize, u64)>,
    read_bytes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Holds,
    Differs,
}

/// The result of the comparison.
pub(crate) struct Compared {
    /// How many files of the case hold, and how large they are together.
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) difference: Option<Difference>,
    /// How many files differ beside the one that is named.
    pub(crate) further: u64,
}

impl<'m> Contents<'m> {
    /// Compares every entry of the zip with what was sealed.
    pub(crate) fn compare(
        signed: &'m Signed,
        container: Container,
        archive: &mut Archive<'_, '_>,
        length: u64,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Compared, Difference> {
        let listed = signed.manifest.members().count();
        let mut contents = Self {
            signed,
            container,
            states: vec![State::Unseen; listed + 3],
            differing: None,
            differ: 0,
            added: None,
            packed_differs: None,
            some_as_sealed: false,
            moved: None,
            latest: None,
            read_bytes: 0,
        };
        archive.walk(&mut |entry, source| {
            contents.meet(entry, source, length)?;
            watch(Progress {
                done_bytes: length.saturating_add(contents.read_bytes),
                total_bytes: length.saturating_mul(2),
            });
            Ok(())
        })?;
        contents.note_missing();
        Ok(contents.conclude())
    }

    fn meet(
        &mut self,
        entry: Entry,
        source: &mut Source<'_>,
        length: u64,
    ) -> Result<(), Difference> {
        let Some(place) = self.place_of(entry.name()) else {
            self.meet_stranger(&entry);
            return Ok(());
        };
        if self.states[place] != State::Unseen {
            self.note_added(entry.name(), "there is more than one of this name");
            return Ok(());
        }
        // Entries that share their packed data could unpack to any size from a small zip.
        self.read_bytes = self.read_bytes.saturating_add(entry.packed_bytes());
        if self.read_bytes > length {
            let detail = "its entries overlap: together they are larger than the zip";
            return Err(Difference::container(What::Unreadable, detail));
        }
        self.note_order(place, entry.start());
        self.compare_packed(place, entry.start(), source);
        match self.compare_content(place, entry, source) {
            None => self.states[place] = State::Holds,
            Some(difference) => self.note_differing(place, difference),
        }
        Ok(())
    }

    fn place_of(&self, name: &[u8]) -> Option<usize> {
        let own = [MANIFEST, SIGNATURE, SUMS];
        let listed = self.states.len() - own.len();
        let manifest = &self.signed.manifest;
        manifest.place_of(name).or_else(|| {
            let at = own.iter().position(|own| own.as_bytes() == name)?;
            Some(listed + at)
        })
    }

    fn name_of(&self, place: usize) -> &'m str {
        let listed = self.states.len() - 3;
        match self.signed.manifest.member(place) {
            Some(member) => &member.path,
            None => [MANIFEST, SIGNATURE, SUMS][(place - listed).min(2)],
        }
    }

    /// A zip tool notes folders, which hold nothing; anything else was put there by somebody.
    fn meet_stranger(&mut self, entry: &Entry) {
        let is_known_folder = entry.is_folder() && self.holds_files(entry.name());
        if !is_known_folder {
            self.note_added(entry.name(), "it is not among the files that were sealed");
        }
    }

    fn holds_files(&self, folder: &[u8]) -> bool {
        let files = &self.signed.manifest.files;
        let at = files.partition_point(|file| file.path.as_bytes() < folder);
        files
            .get(at)
            .is_some_and(|file| file.path.as_bytes().starts_with(folder))
    }

    fn note_added(&mut self, name: &[u8], detail: &str) {
        let name = String::from_utf8_lossy(name);
        self.differ += 1;
        self.added
            .get_or_insert_with(|| Difference::of(&name, What::Added, detail));
    }

    fn note_order(&mut self, place: usize, start: u64) {
        match self.latest {
            Some((latest, latest_start)) if place < latest || start < latest_start => {
                let first = place.min(latest);
                self.moved = Some(self.moved.map_or(first, |moved| moved.min(first)));
            }
            _ => self.latest = Some((place, start)),
        }
    }

    fn compare_packed(&mut self, place: usize, start: u64, source: &mut Source<'_>) {
        if self.container == Container::Intact {
            return;
        }
        let Some(sealed) = self.packed(place) else {
            return;
        };
        if is_as_sealed(source, start, &sealed) {
            self.some_as_sealed = true;
        } else {
            let first = self.packed_differs.map_or(place, |first| first.min(place));
            self.packed_differs = Some(first);
        }
    }

    /// The manifest lists how its files lie in the zip; how it lies there itself, the stamp.
    fn packed(&self, place: usize) -> Option<Packed> {
        let listed = self.states.len() - 3;
        match self.signed.manifest.member(place) {
            Some(member) => Some(member.packed()),
            None => self
                .signed
                .stamp
                .and_then(|stamp| stamp.entries.get(place - listed).copied()),
        }
    }

    fn compare_content(
        &self,
        place: usize,
        entry: Entry,
        source: &mut Source<'_>,
    ) -> Option<Difference> {
        let name = self.name_of(place);
        let sealed = self.sealed(place)?;
        let found = match entry.digest(source, sealed.size_bytes) {
            Ok(found) => found,
            Err(reason) => return Some(Difference::of(name, What::Unreadable, reason)),
        };
        let detail = if found.size_bytes != sealed.size_bytes {
            let (found, sealed) = (found.size_bytes, sealed.size_bytes);
            format!("it has {found} bytes, {sealed} were sealed")
        } else if found.sha256 != sealed.sha256 {
            let (found, sealed) = (found.sha256, sealed.sha256);
            format!("its SHA-256 is {found}, sealed was {sealed}")
        } else {
            return None;
        };
        Some(Difference::of(name, What::Changed, detail))
    }

    /// The manifest and its signature were read and proved before.
    fn sealed(&self, place: usize) -> Option<FileDigest> {
        let listed = self.states.len() - 3;
        match self.signed.manifest.member(place) {
            Some(member) => Some(member.content()),
            None => (place == listed + 2).then_some(self.signed.sums),
        }
    }

    fn note_differing(&mut self, place: usize, difference: Difference) {
        self.states[place] = State::Differs;
        self.differ += 1;
        let is_first = self
            .differing
            .as_ref()
            .is_none_or(|(first, _)| place < *first);
        if is_first {
            self.differing = Some((place, difference));
        }
    }

    fn note_missing(&mut self) {
        for place in 0..self.states.len() {
            if self.states[place] == State::Unseen {
                let name = self.name_of(place);
                let detail = "it was sealed and is not in the zip";
                self.note_differing(place, Difference::of(name, What::Missing, detail));
            }
        }
    }

    fn conclude(self) -> Compared {
        let Manifest { files, .. } = &self.signed.manifest;
        let holding = || {
            let states = self.states.iter().zip(files);
            states.filter(|(state, _)| **state == State::Holds)
        };
        let file_differs = self.differing.is_some() || self.added.is_some();
        Compared {
            files: holding().count() as u64,
            bytes: holding().map(|(_, file)| file.size_bytes).sum(),
            further: self.differ.saturating_sub(u64::from(file_differs)),
            difference: self.first_difference(),
        }
    }

    fn first_difference(&self) -> Option<Difference> {
        let differing = self.differing.as_ref().map(|(_, difference)| difference);
        let by_file = differing.or(self.added.as_ref());
        match self.container {
            _ if by_file.is_some() => by_file.cloned(),
            Container::Intact => None,
            Container::Differs => Some(self.container_difference()),
        }
    }

    /// All files hold, so only the zip around them can differ.
    fn container_difference(&self) -> Difference {
        if !self.some_as_sealed {
            let detail = "every file, the manifest and its signature hold, but this is not the \
                          zip that was sealed: somebody unpacked it and packed it again";
            return Difference::container(What::Repacked, detail);
        }
        if let Some(place) = self.packed_differs {
            let detail = "its packed form in the zip was changed; unpacked, it is as sealed";
            return Difference::of(self.name_of(place), What::Changed, detail);
        }
        if let Some(place) = self.moved {
            let detail = "it lies in another place of the zip; every file is as sealed";
            return Difference::of(self.name_of(place), What::Reordered, detail);
        }
        let detail = "bytes of the zip outside its files were changed, added or taken away; \
                      every file, the manifest and its signature hold";
        Difference::container(What::Changed, detail)
    }
}
