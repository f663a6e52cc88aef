//! Finding addresses and names in text, however they are spelled, and putting digests there.
//!
//! One address has many faces in the records of one case: `ann.lee@contoso.com`,
//! `ann.lee%40contoso.com`, `Ann.Lee[at]contoso[.]com`, `/personal/ann_lee_contoso_com`,
//! `cn=recipients/cn=7f3a-ann.lee`. So a text is compared as the words that it is made of,
//! whatever stands between them, with the words of each address that the case knows. What
//! looks like an address is replaced too where the case does not know it.

use crate::investigate::hex;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// What stands for what is not to be read.
pub(super) const HIDDEN: &str = "[hidden]";

/// Whose words a text is: names alone mean a person where people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// By this program: only the person whose mailbox it is is known by a name alone.
    ByUs,
    /// By an analyst, a user or an intruder.
    ByPeople,
}

/// Which spellings are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Those with local part and domain.
    Whole,
    /// All.
    Any,
}

/// How a name may stand for its bearer without the rest of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Alone {
    Anywhere,
    AmongPeople,
    Never,
}

#[derive(Clone, Debug)]
struct Spelling {
    words: Vec<String>,
    /// After how many words a sign for `@` may stand.
    local: usize,
    alone: Alone,
    stands_for: String,
}

/// What is known of a case's addresses, and what is put in their place.
#[derive(Debug)]
pub(super) struct Veil {
    salt: String,
    /// The spellings by their first word, the longest first.
    spellings: HashMap<String, Vec<Spelling>>,
    /// Beginnings and ends of the names of the organisation's people: `Grady` of `gradya`.
    parts: HashMap<String, String>,
    /// The organisation's own words in its domains.
    labels: BTreeMap<String, String>,
    /// Texts that are hidden wherever they are quoted, in lower case, the longest first.
    quoted: Vec<(String, String)>,
}

impl Veil {
    /// Makes a veil over these addresses; `own` are the names of the person whose mailbox it is.
    pub(super) fn new(
        salt: String,
        own: &BTreeSet<String>,
        addresses: &BTreeSet<String>,
        quoted: BTreeMap<String, String>,
    ) -> Self {
        let mut veil = Self {
            salt,
            spellings: HashMap::new(),
            parts: HashMap::new(),
            labels: BTreeMap::new(),
            quoted: Vec::new(),
        };
        let homes: BTreeSet<&str> = own
            .iter()
            .filter_map(|name| Some(name.rsplit_once('@')?.1))
            .collect();
        for home in &homes {
            if let Some(label) = words(home).next().filter(|label| label.len() >= 4) {
                let stands_for = veil.domain(home);
                veil.labels.insert(label.to_owned(), stands_for);
            }
        }
        for address in own.union(addresses) {
            let is_of_home = address
                .rsplit_once('@')
                .is_some_and(|(_, domain)| homes.contains(domain));
            veil.learn(address, own.contains(address), is_of_home);
        }
        for spellings in veil.spellings.values_mut() {
            spellings.sort_by_key(|one| (usize::MAX - one.words.len(), one.alone));
        }
        veil.quoted = quoted
            .into_iter()
            .filter(|(text, _)| text.chars().count() >= 4)
            .map(|(text, stands_for)| (text.to_ascii_lowercase(), stands_for))
            .collect();
        veil.quoted.sort_by_key(|(text, _)| usize::MAX - text.len());
        veil
    }

    fn learn(&mut self, address: &str, is_own: bool, is_of_home: bool) {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let of_local: Vec<String> = words(local).map(str::to_lowercase).collect();
        let of_domain: Vec<String> = words(domain).map(str::to_lowercase).collect();
        if of_local.is_empty() {
            return;
        }
        let (local_words, stands_for) = (of_local.len(), self.address(address));
        let name = self.name(address);
        if !of_domain.is_empty() {
            self.enter(Spelling {
                words: of_local.iter().chain(&of_domain).cloned().collect(),
                local: local_words,
                alone: Alone::Anywhere,
                stands_for,
            });
        }
        let is_telling = |word: &str| word.len() >= 3 && !word.bytes().all(|b| b.is_ascii_digit());
        let alone = if is_own && local.len() >= 2 {
            Alone::Anywhere
        } else if is_telling(local) {
            Alone::AmongPeople
        } else {
            Alone::Never
        };
        if is_of_home || is_own {
            for word in of_local.iter().filter(|word| is_telling(word)) {
                self.learn_parts(word, &name);
            }
        }
        self.enter(Spelling {
            words: of_local,
            local: local_words,
            alone,
            stands_for: name,
        });
    }

    /// Learns what of a name people are called by: `grady` and `smith` of `gradya` and `jsmith`.
    fn learn_parts(&mut self, word: &str, name: &str) {
        let letters: Vec<char> = word.chars().collect();
        let shortest = letters.len().saturating_sub(2).max(3);
        for length in shortest..=letters.len() {
            for part in [&letters[..length], &letters[letters.len() - length..]] {
                self.parts
                    .entry(part.iter().collect())
                    .or_insert_with(|| name.to_owned());
            }
        }
    }

    fn enter(&mut self, spelling: Spelling) {
        let first = spelling.words[0].clone();
        self.spellings.entry(first).or_default().push(spelling);
    }

    /// Returns the digest of a text in this case.
    pub(super) fn digest(&self, text: &str) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.salt, text.to_lowercase()).as_bytes());
        hex(&digest)[..10].to_owned()
    }

    fn name(&self, address: &str) -> String {
        format!("address-{}", self.digest(address))
    }

    fn domain(&self, domain: &str) -> String {
        format!("domain-{}", &self.digest(domain)[..6])
    }

    /// Returns what stands for an address: who writes to whom stays to be seen, and inside from outside.
    fn address(&self, address: &str) -> String {
        match address.rsplit_once('@') {
            Some((_, domain)) if !domain.is_empty() => {
                format!("{}@{}", self.name(address), self.domain(domain))
            }
            _ => self.name(address),
        }
    }

    /// Replaces what tells a person in a text.
    pub(super) fn over(&self, text: &mut String, said: Said) {
        if !text.is_empty() {
            *text = self.veiled(text, said);
        }
    }

    /// Replaces the addresses that the case knows, and leaves what only looks like one.
    pub(super) fn over_known(&self, text: &mut String) {
        let mut veiled = String::with_capacity(text.len());
        self.whole_addresses(text, &mut veiled);
        *text = veiled;
    }

    /// Returns a text without what tells a person.
    pub(super) fn veiled(&self, text: &str, said: Said) -> String {
        let text = self.without_quoted(&decoded(text));
        let mut veiled = String::with_capacity(text.len());
        // Whole addresses first: what looks like one may be the half of one that the case knows.
        for (piece, is_done) in self.known(&text, said, Part::Whole) {
            if is_done {
                veiled.push_str(&piece);
            } else {
                self.rest(&piece, said, &mut veiled);
            }
        }
        veiled
    }

    /// Replaces what only looks like an address, then names that stand alone.
    fn rest(&self, text: &str, said: Said, veiled: &mut String) {
        for (piece, is_address) in pieces(text) {
            if is_address {
                let address = piece.trim_end_matches('.');
                veiled.push_str(&self.address(address));
                veiled.push_str(&piece[address.len()..]);
            } else {
                let known = self.known(piece, said, Part::Any);
                veiled.extend(known.into_iter().map(|(piece, _)| piece));
            }
        }
    }

    /// Replaces what is hidden wherever it is quoted.
    fn without_quoted(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (hidden, stands_for) in &self.quoted {
            let mut from = 0;
            // ASCII letters keep their length in lower case, so that places stay places.
            while let Some(at) = text[from..].to_ascii_lowercase().find(hidden.as_str()) {
                let at = from + at;
                text.replace_range(at..at + hidden.len(), stands_for);
                from = at + stands_for.len();
            }
        }
        text
    }

    /// Replaces whole addresses that the case knows.
    fn whole_addresses(&self, text: &str, veiled: &mut String) {
        let is_part = |one: char| one.is_alphanumeric() || "._%+'-@=#".contains(one);
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|one| !is_part(one)).unwrap_or(rest.len());
            let word = rest[..end].to_lowercase();
            let (word, next) = (word.as_str(), rest[end..].chars().next());
            let is_known = words(word).next().is_some_and(|first| {
                let of_first = self.spellings.get(first);
                let stands_for = self.address(word);
                of_first.is_some_and(|all| all.iter().any(|one| one.stands_for == stands_for))
            });
            if is_known && word.contains('@') {
                veiled.push_str(&self.address(word));
            } else {
                veiled.push_str(&rest[..end]);
            }
            veiled.extend(next);
            rest = &rest[end + next.map_or(0, char::len_utf8)..];
        }
    }

    /// Replaces what the case knows.
    fn known(&self, text: &str, said: Said, part: Part) -> Vec<(String, bool)> {
        let places: Vec<Range<usize>> = places(text).collect();
        let lower: Vec<String> = places
            .iter()
            .map(|place| text[place.clone()].to_lowercase())
            .collect();
        let mut known = Vec::new();
        let (mut at, mut written) = (0, 0);
        while at < places.len() {
            let found = self.spelled(text, &places, &lower, at, (said, part));
            let Some((count, stands_for)) = found else {
                at += 1;
                continue;
            };
            known.push((text[written..places[at].start].to_owned(), false));
            known.push((stands_for.to_owned(), true));
            written = places[at + count - 1].end;
            at += count;
        }
        known.push((text[written..].to_owned(), false));
        known
    }

    /// Returns how many words from here on tell somebody, and what stands for them.
    fn spelled(
        &self,
        text: &str,
        places: &[Range<usize>],
        lower: &[String],
        at: usize,
        (said, part): (Said, Part),
    ) -> Option<(usize, &str)> {
        let candidates = self.spellings.get(&lower[at]);
        for spelling in candidates.into_iter().flatten() {
            let is_whole = spelling.words.len() > spelling.local;
            if part == Part::Whole && !is_whole {
                continue;
            }
            let may_stand = spelling.alone == Alone::Anywhere
                || (spelling.alone == Alone::AmongPeople && said == Said::ByPeople);
            if let (true, Some(count)) = (may_stand, matched(spelling, text, places, lower, at)) {
                return Some((count, &spelling.stands_for));
            }
        }
        if part == Part::Whole {
            return None;
        }
        if said == Said::ByPeople
            && let Some(name) = self.parts.get(&lower[at])
        {
            return Some((1, name));
        }
        let label = self.labels.get(&lower[at])?;
        let before = text[..places[at].start].chars().next_back();
        let behind = text[places[at].end..].chars().next();
        let is_of_a_host = [before, behind]
            .into_iter()
            .flatten()
            .any(|one| "./-_@\\:".contains(one));
        (said == Said::ByPeople || is_of_a_host).then_some((1, label))
    }
}

/// Cuts a text into what looks like an address and what does not.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let is_part = |one: char| one.is_alphanumeric() || "._%+'-@=#".contains(one);
    let mut pieces = Vec::new();
    let (mut rest, mut plain) = (text, 0..0);
    while !rest.is_empty() {
        let end = rest.find(|one| !is_part(one)).unwrap_or(rest.len());
        let begin = text.len() - rest.len();
        let word = &rest[..end];
        let (name, domain) = word.rsplit_once('@').unwrap_or_default();
        if name.is_empty() || domain.is_empty() {
            plain.end = begin + end;
        } else {
            pieces.push((&text[plain.clone()], false));
            pieces.push((word, true));
            plain = begin + end..begin + end;
        }
        rest = &rest[end..];
        let next = rest.chars().next().map_or(0, char::len_utf8);
        plain.end += next;
        rest = &rest[next..];
    }
    pieces.push((&text[plain], false));
    pieces
}

/// How far two words of an address may stand apart.
const APART: usize = 5;

/// Returns how many words of a text, from one on, are this spelling.
fn matched(
    spelling: &Spelling,
    text: &str,
    places: &[Range<usize>],
    lower: &[String],
    from: usize,
) -> Option<usize> {
    let mut at = from;
    for (number, word) in spelling.words.iter().enumerate() {
        if number > 0 {
            let sign = lower.get(at).map(String::as_str);
            let is_sign = (number == spelling.local && sign == Some("at")) || sign == Some("dot");
            // The address itself may hold such a word.
            if is_sign && lower.get(at + 1) == Some(word) {
                at += 1;
            }
        }
        if lower.get(at) != Some(word) {
            return None;
        }
        let gap = text.get(places[at.max(1) - 1].end..places[at].start);
        if at > from && gap.is_some_and(|gap| gap.len() > APART) {
            return None;
        }
        at += 1;
    }
    Some(at - from)
}

/// Returns where the words of a text are: letters and digits, whatever stands between. Where the
/// letters of an address end and others begin is the end of a word too: what is glued to it hides nothing.
fn places(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + text[at..].find(char::is_alphanumeric)?;
        let is_plain = text[begin..].starts_with(|one: char| one.is_ascii());
        let is_other = |one: char| !one.is_alphanumeric() || one.is_ascii() != is_plain;
        let length = text[begin..].find(is_other);
        at = length.map_or(text.len(), |length| begin + length);
        Some(begin..at)
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    places(text).map(|place| &text[place])
}

/// How a sign of an address is written where it may not stand as it is.
const CODED: [(&str, &str); 11] = [
    ("%2540", "@"),
    ("%40", "@"),
    ("%252e", "."),
    ("%2e", "."),
    ("%5f", "_"),
    ("%2d", "-"),
    ("%20", " "),
    ("&#64;", "@"),
    ("&#x40;", "@"),
    ("\\u0040", "@"),
    ("_x0040_", "@"),
];

/// Undoes the codings of signs.
fn decoded(text: &str) -> String {
    if !text.contains(['%', '&', '\\', '_', '\u{ff20}', '\u{fe6b}']) {
        return text.to_owned();
    }
    let mut decoded = text.replace(['\u{ff20}', '\u{fe6b}'], "@");
    for (code, sign) in CODED {
        while let Some(at) = decoded.to_ascii_lowercase().find(code) {
            decoded.replace_range(at..at + code.len(), sign);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    fn veil() -> Veil {
        let own = set(&["gradya@dutchmasterz.onmicrosoft.com"]);
        let others = set(&[
            "ann.lee@contoso.com",
            "bob@at.example.co.uk",
            "o'neill-x@fabrikam.example",
            "7@numbers.example",
        ]);
        let quoted = BTreeMap::from([("Q3 bonus plan".to_owned(), HIDDEN.to_owned())]);
        Veil::new("salt".to_owned(), &own, &others, quoted)
    }

    /// Returns every spelling of an address that is met in records and notes.
    fn spellings(address: &str) -> Vec<String> {
        let (local, domain) = address.split_once('@').expect("an address");
        let flat = |text: &str| text.replace(|one: char| !one.is_alphanumeric(), "_");
        let mut all = Vec::new();
        for at in [
            "@", "%40", "%2540", "[at]", " [at] ", "(at)", " at ", "_", "_at_", "&#64;", "\u{ff20}",
        ] {
            all.push(format!("{local}{at}{domain}"));
            all.push(format!("{local}{at}{}", domain.replace('.', "[.]")));
            all.push(format!("{local}{at}{}", domain.replace('.', " dot ")));
            all.push(format!("{local}{at}{}", domain.replace('.', "%2E")));
        }
        all.push(format!("{}_{}", flat(local), flat(domain)));
        let cased: Vec<String> = all.iter().map(|one| one.to_uppercase()).collect();
        all.extend(cased);
        all
    }

    #[test]
    fn no_spelling_of_an_address_is_left_anywhere_in_a_text() {
        let veil = veil();
        for address in [
            "gradya@dutchmasterz.onmicrosoft.com",
            "ann.lee@contoso.com",
            "bob@at.example.co.uk",
            "o'neill-x@fabrikam.example",
            "7@numbers.example",
        ] {
            let domain = address.split_once('@').expect("an address").1;
            let telling = words(domain).next().expect("a label").to_lowercase();
            for spelling in spellings(address) {
                for (before, behind) in [
                    ("", ""),
                    ("see ", " now"),
                    ("https://x-my.sharepoint.com/personal/", "/Documents/a.docx"),
                    ("<", ">"),
                    ("smtp:", ";"),
                    ("\u{201c}", "\u{201d}"),
                    ("/o=x/ou=y/cn=recipients/cn=1f3a-", ""),
                    ("é", "é"),
                ] {
                    let is_glued = before == "é";
                    if is_glued && !spelling.contains(['@', '\u{ff20}', '%', '&']) {
                        continue;
                    }
                    let veiled = veil
                        .veiled(&format!("{before}{spelling}{behind}"), Said::ByUs)
                        .to_lowercase();
                    let kept: Vec<&str> = words(&veiled).collect();
                    let is_told = telling.len() > 2 && kept.contains(&telling.as_str());
                    assert!(!is_told, "{before}{spelling}{behind}: {veiled}");
                }
            }
        }
    }

    #[test]
    fn one_address_has_one_digest_in_a_case_however_it_is_spelled() {
        let veil = veil();
        let digest = veil.address("ann.lee@contoso.com");
        for spelling in spellings("ann.lee@contoso.com") {
            let text = veil.veiled(&format!("to {spelling} now"), Said::ByUs);
            assert_eq!(text, format!("to {digest} now"), "{spelling}");
        }
        let text = veil.veiled("Ann.Lee@contoso.com, (bob@x.example).", Said::ByUs);
        assert!(text.starts_with(&format!("{digest}, (address-")), "{text}");
        let other = Veil::new("other".to_owned(), &set(&[]), &set(&[]), BTreeMap::new());
        assert_ne!(other.address("ann.lee@contoso.com"), digest);
    }

    #[test]
    fn a_name_alone_is_a_person_where_people_write() {
        let veil = veil();
        for text in [
            "Gradya's mailbox",
            "spoke with GRADY today",
            "mail for gradya",
            "asked ann.lee, then Ann Lee",
            "the Dutchmasterz tenant",
        ] {
            let veiled = veil.veiled(text, Said::ByPeople).to_lowercase();
            for name in ["grady", "ann", "lee", "dutchmasterz"] {
                assert!(!veiled.contains(name), "{text}: {veiled}");
            }
        }
        let ours = "7 messages at 12:06, for example of an intruder's session: nothing names ann";
        assert_eq!(veil.veiled(ours, Said::ByUs), ours);
        assert!(
            !veil
                .veiled("gradya read 7 messages", Said::ByUs)
                .contains("gradya")
        );
    }

    #[test]
    fn what_is_hidden_is_hidden_where_it_is_quoted() {
        assert_eq!(
            veil().veiled("searched for Q3 BONUS plan twice", Said::ByUs),
            "searched for [hidden] twice"
        );
    }
}
