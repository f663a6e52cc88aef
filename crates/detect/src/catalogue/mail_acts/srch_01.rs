//! SRCH-01: somebody searches mail and files for money or secrets.

use super::super::mail_access::access::{Whose, is_somebody};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::mail_words::money_words;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{HOUR, World};
use model::Severity;
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "SRCH-01",
    title: "Search for money or secrets",
    decides: "The text of a search in mailboxes or sites (`QueryText`, `SearchQueryText`) has a word about \
              money, or about passwords, keys and other secrets.",
    severity: "low; medium where four different words about secrets are searched for within an hour; high \
               in a session with a doubtful sign-in, or within a day after one of the account",
    benign: "Whoever works with invoices searches for invoices: alone it is context for a story.",
    attack: &["T1213.002", "T1114.002"],
    sources: &[Source::Search],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a search in a mailbox was at hand.",
};

/// Words about secrets, as they are searched for.
const SECRETS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passwort",
    "kennwort",
    "mot de passe",
    "wachtwoord",
    "contraseña",
    "senha",
    "credential",
    "credentials",
    "zugangsdaten",
    "secret",
    "client secret",
    "api key",
    "apikey",
    "private key",
    "ssh key",
    "recovery key",
    "recovery code",
    "seed phrase",
    "vpn",
    "mfa",
    "2fa",
    "authenticator",
    "keepass",
    "lastpass",
    "1password",
    "passport",
    "social security",
    "ssn",
    "confidential",
    "nda",
    "connection string",
    "id_rsa",
    ".pem",
    ".kdbx",
];
/// So many different words about secrets within an hour are no one's daily work.
const MANY: usize = 4;

pub(super) struct Srch01 {
    searched: Recent<Whose, (Fact, &'static str)>,
}

impl Default for Srch01 {
    fn default() -> Self {
        Self {
            searched: Recent::over(HOUR),
        }
    }
}

impl Detection for Srch01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::Search],
            ..Wants::actions(&["SharepointSearchQueryInitiated*"])
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let (field, query) = query(seen);
        let (secrets, money) = (secrets(query), money_words(query));
        if secrets.is_empty() && money.is_empty() {
            return;
        }
        let whose = (seen.fact().tenant, seen.fact().user);
        for word in &secrets {
            self.searched.push(seen.time(), whose, (*seen.fact(), word));
        }
        let is_burst = !secrets.is_empty() && self.distinct(whose, seen) >= MANY;
        let words: Vec<&str> = secrets.iter().chain(&money).copied().collect();
        let mut hit = hit(seen, world, is_burst, (field, query), &words);
        if is_burst {
            let searched = self.searched.hand_out(&whose);
            hit = hit.with(searched.iter().map(|(fact, _)| fact));
        }
        hits.push(hit);
    }
}

impl Srch01 {
    /// Returns how many different words about secrets somebody searched for within the hour.
    fn distinct(&self, whose: Whose, seen: &Seen<'_>) -> usize {
        let searched = self.searched.of(&whose, seen.time());
        let words: BTreeSet<&str> = searched.map(|(_, (_, word))| *word).collect();
        words.len()
    }
}

fn hit(
    seen: &Seen<'_>,
    world: &World<'_>,
    is_burst: bool,
    (field, query): (&str, &str),
    words: &[&str],
) -> Hit {
    let wrong = doubt(seen.fact(), seen.user(), world);
    let severity = match (&wrong, is_burst) {
        (Some(_), _) => Severity::High,
        (None, true) => Severity::Medium,
        (None, false) => Severity::Low,
    };
    let after = wrong.map_or(String::new(), |found| {
        format!(", after a doubtful sign-in ({})", found.detection)
    });
    let why = format!("{} searched for {}{after}", seen.user(), quoted(query));
    let measure = format!("words about money or secrets: {}", words.join(", "));
    Hit::of(seen, severity, why)
        .compared(field, query, measure)
        .silent_if("the search had none of these words")
}

/// Returns what was searched for, and which field says so.
fn query<'s>(seen: &'s Seen<'_>) -> (&'static str, &'s str) {
    let fields = ["QueryText", "SearchQueryText", "SearchText", "EventData"];
    let said = fields.into_iter().map(|field| (field, seen.word(field)));
    said.into_iter()
        .find(|(_, text)| !text.trim().is_empty())
        .unwrap_or(("QueryText", ""))
}

/// Returns the words about secrets that a search has, as words of their own.
fn secrets(query: &str) -> Vec<&'static str> {
    let query = query.to_lowercase();
    let is_word = |start: usize, end: usize| {
        let before = query.get(..start).and_then(|text| text.chars().last());
        let behind = query.get(end..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
    };
    let mut found = Vec::new();
    for secret in SECRETS {
        let mut places = query.match_indices(secret);
        if places.any(|(at, _)| is_word(at, at + secret.len())) {
            found.push(*secret);
        }
    }
    found
}
