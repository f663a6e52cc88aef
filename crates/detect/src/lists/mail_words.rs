//! Words that an intruder's rules, searches and deletions look for, and folders that nobody opens.
//!
//! Words are matched whole and without regard to case and accents: `bank` is in "Bank-details",
//! not in "embankment". Compiled for this project from what published reports of such intrusions
//! name, and from the folder names that Outlook creates in each language.

mod folders;
mod phrases;

pub use folders::{HidingFolder, hiding_folder};

/// How much of a text is looked at: a subject, a condition, a search. Longer ones are the
/// intruder's padding.
const READ: usize = 4000;

/// Returns the words about money that a text has: invoices, payments, banks, payroll.
#[must_use]
pub fn money_words(text: &str) -> Vec<&'static str> {
    found(phrases::MONEY, text)
}

/// Returns the words by which a person or a help desk would be warned: phishing, hacked, alert,
/// password.
#[must_use]
pub fn warning_words(text: &str) -> Vec<&'static str> {
    found(phrases::WARNING, text)
}

/// Returns what a message tells its owner about their own security, as far as its subject shows
/// it: a new sign-in method, a reset password, changed bank details, a one-time code.
#[must_use]
pub fn subject_of_security_notice(subject: &str) -> Option<&'static str> {
    let folded = folded(subject);
    let mut kinds = phrases::NOTICES.iter();
    let (kind, _) = kinds.find(|(_, list)| list.iter().any(|phrase| has(&folded, phrase)))?;
    Some(kind)
}

fn found(list: &'static [&'static str], text: &str) -> Vec<&'static str> {
    let folded = folded(text);
    let starts = Starts::of(&folded);
    list.iter()
        .copied()
        .filter(|phrase| starts.may_have(phrase) && has(&folded, phrase))
        .collect()
}

/// How the words of a text begin: spares the search for most phrases.
struct Starts([u64; 4]);

impl Starts {
    fn of(folded: &str) -> Self {
        let mut starts = Self([0; 4]);
        for three in folded
            .as_bytes()
            .windows(3)
            .filter(|three| three[0] == b' ')
        {
            let (word, bit) = Self::place(&three[1..]);
            starts.0[word] |= bit;
        }
        starts
    }

    fn may_have(&self, phrase: &str) -> bool {
        let Some(two) = phrase.as_bytes().get(..2) else {
            return true;
        };
        let (word, bit) = Self::place(two);
        self.0[word] & bit != 0
    }

    fn place(two: &[u8]) -> (usize, u64) {
        let mixed = usize::from(two[0]) * 31 + usize::from(two[1]) * 7;
        (mixed >> 6 & 3, 1 << (mixed & 63))
    }
}

/// Returns whether a folded text has a phrase, with a blank before and behind it.
fn has(folded: &str, phrase: &str) -> bool {
    let bytes = folded.as_bytes();
    folded.match_indices(phrase).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        before == Some(&b' ') && bytes.get(at + phrase.len()) == Some(&b' ')
    })
}

/// Returns the words of a text in lower case and without accents, a blank before, between and
/// behind them.
fn folded(text: &str) -> String {
    let mut out = String::from(" ");
    for character in text.chars().take(READ) {
        if character == '#' {
            // A word of its own: `PO#1234` has the words `po`, `#` and a number.
            out.push_str(if out.ends_with(' ') { "# " } else { " # " });
        } else if character.is_alphanumeric() {
            fold(character, &mut |plain| out.push(plain));
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// Hands over a character in lower case, without the accent that a keyboard may lack.
fn fold(character: char, push: &mut dyn FnMut(char)) {
    for lower in character.to_lowercase() {
        match lower {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' => push('a'),
            'ç' | 'ć' | 'č' => push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ı' => push('i'),
            'ł' => push('l'),
            'ñ' | 'ń' | 'ň' => push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => push('o'),
            'ř' => push('r'),
            'ś' | 'š' | 'ş' | 'ș' => push('s'),
            'ţ' | 'ț' | 'ť' => push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => push('u'),
            'ý' => push('y'),
            'ź' | 'ż' | 'ž' => push('z'),
            'ğ' => push('g'),
            'ß' => {
                push('s');
                push('s');
            }
            // The dot that Turkish `İ` leaves behind.
            '\u{307}' => {}
            other => push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_matched_whole_in_any_case_and_without_accents() {
        assert_eq!(money_words("Invoice;Payments"), ["invoice", "payments"]);
        assert_eq!(money_words("Re: ÜBERWEISUNG"), ["uberweisung"]);
        assert_eq!(money_words("PO#1234"), ["po #"]);
        assert_eq!(warning_words("please do not   open!"), ["do not open"]);
        for benign in [
            "embankment walk",
            "wireless",
            "hackney carriage",
            "",
            "po polsku",
        ] {
            assert!(money_words(benign).is_empty(), "{benign}");
            assert!(warning_words(benign).is_empty(), "{benign}");
        }
    }

    #[test]
    fn every_phrase_is_folded_as_texts_are() {
        let notices = phrases::NOTICES.iter().flat_map(|(_, list)| list.iter());
        for phrase in phrases::MONEY.iter().chain(phrases::WARNING).chain(notices) {
            assert_eq!(folded(phrase).trim(), *phrase);
        }
    }

    #[test]
    fn a_notice_is_told_by_its_subject() {
        for (subject, kind) in [
            (
                "Security info was added to your account",
                "a new sign-in method",
            ),
            ("Ihr Passwort wurde zurückgesetzt", "a changed password"),
            (
                "Your direct deposit has been updated",
                "changed bank details",
            ),
            ("Your one-time code is 123456", "a one-time code"),
        ] {
            assert_eq!(subject_of_security_notice(subject), Some(kind), "{subject}");
        }
        assert_eq!(subject_of_security_notice("Lunch on Friday"), None);
    }
}
