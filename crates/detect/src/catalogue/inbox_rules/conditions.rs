//! Which mail a rule is about: words, one counterpart, or all of it.

use super::client_rule::addresses_in;
use super::rule::{Hide, Rule};
use crate::lists::mail_words::{money_words, warning_words};

/// The parameters that say which mail a rule is about; a mail client's condition is one text.
pub(super) const NAMES: &[&str] = &[
    "BodyContainsWords",
    "FlaggedForAction",
    "From",
    "FromAddressContainsWords",
    "FromSubscription",
    "HasAttachment",
    "HasClassification",
    "HeaderContainsWords",
    "MessageTypeMatches",
    "MyNameInCcBox",
    "MyNameInToBox",
    "MyNameInToOrCcBox",
    "MyNameNotInToBox",
    "ReceivedAfterDate",
    "ReceivedBeforeDate",
    "RecipientAddressContainsWords",
    "RuleCondition",
    "SentOnlyToMe",
    "SentTo",
    "SubjectContainsWords",
    "SubjectOrBodyContainsWords",
    "WithImportance",
    "WithSensitivity",
    "WithinSizeRangeMaximum",
    "WithinSizeRangeMinimum",
];

const WORDS: &[&str] = &[
    "BodyContainsWords",
    "FromAddressContainsWords",
    "HeaderContainsWords",
    "RuleCondition",
    "SubjectContainsWords",
    "SubjectOrBodyContainsWords",
];

/// Where a counterpart can stand.
const COUNTERPARTS: &[&str] = &[
    "From",
    "FromAddressContainsWords",
    "RuleCondition",
    "SentTo",
    "SubjectContainsWords",
];

/// A message smaller than this does not exist: a rule for larger ones is for all.
const TINY_BYTES: u64 = 2048;

/// The words of a rule's conditions that an intruder looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sought {
    pub field: &'static str,
    pub value: String,
    pub money: Vec<&'static str>,
    pub warning: Vec<&'static str>,
}

impl Sought {
    /// Returns the words for eyes.
    pub(super) fn shown(&self) -> String {
        let words: Vec<&str> = self
            .money
            .iter()
            .chain(&self.warning)
            .copied()
            .take(6)
            .collect();
        words.join("`, `")
    }
}

/// Returns the conditions that are set.
pub(super) fn conditions(rule: &Rule) -> impl Iterator<Item = (&'static str, &str)> {
    NAMES
        .iter()
        .filter_map(|name| Some((*name, rule.part(name)?)))
}

/// Returns whether a rule is about all mail: it has no condition, or only such as every message
/// meets. What a change does not name stays as it was, so a change alone does not tell.
pub(super) fn is_catch_all(rule: &Rule) -> bool {
    let all = || conditions(rule).all(|(name, value)| is_vacuous(name, value));
    if rule.is_whole {
        return all();
    }
    let is_emptied = NAMES.iter().any(|name| rule.parts.contains_key(name));
    is_emptied && conditions(rule).count() > 0 && all()
}

fn is_vacuous(name: &str, value: &str) -> bool {
    match name {
        "WithinSizeRangeMinimum" => bytes(value).is_some_and(|bytes| bytes <= TINY_BYTES),
        "ReceivedAfterDate" => true,
        // Of several words one is enough: the shortest decides.
        _ if WORDS.contains(&name) && name != "RuleCondition" => {
            value.split([';', ',']).any(|word| {
                matches!(word.trim().trim_matches('\0'), "" | "@" | ".") || is_letter(word)
            })
        }
        _ => false,
    }
}

fn is_letter(word: &str) -> bool {
    let mut characters = word.trim().chars();
    characters
        .next()
        .is_some_and(|one| one.is_ascii_alphanumeric())
        && characters.next().is_none()
}

/// `1 KB (1,024 bytes)`, `512 B`, `100`.
fn bytes(value: &str) -> Option<u64> {
    if let Some((_, exact)) = value.split_once('(') {
        let digits: String = exact.chars().filter(char::is_ascii_digit).collect();
        return digits.parse().ok();
    }
    let text = value.trim().to_ascii_uppercase();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().ok()?;
    match text[digits.len()..].trim() {
        "" | "B" => Some(number),
        "KB" => number.checked_mul(1024),
        _ => None,
    }
}

/// Returns the words about money and of warning in a rule's conditions.
pub(super) fn sought(rule: &Rule) -> Option<Sought> {
    let is_junk = rule.hide() == Hide::Discarded;
    WORDS
        .iter()
        .filter_map(|field| Some((*field, rule.part(field)?)))
        .filter(|(field, value)| *field != "FromAddressContainsWords" || !is_automatic(value))
        .find_map(|(field, value)| {
            let mut warning = warning_words(value);
            // What another filter has marked as spam belongs into the junk folder.
            if is_junk {
                warning.retain(|word| *word != "spam");
            }
            let money = money_words(value);
            (!money.is_empty() || !warning.is_empty()).then(|| Sought {
                field: rule.field(field),
                value: value.to_owned(),
                money,
                warning,
            })
        })
}

/// Returns the one person or domain whose mail a rule is about, and the field that names it.
pub(super) fn counterpart(rule: &Rule) -> Option<(&'static str, String)> {
    let mut named = COUNTERPARTS
        .iter()
        .filter_map(|field| Some((*field, rule.part(field)?)));
    named.find_map(|(field, value)| {
        let one = single(field, value)?;
        (!is_automatic(&one)).then(|| (rule.field(field), one))
    })
}

/// A value that names one address or one domain.
fn single(field: &str, value: &str) -> Option<String> {
    let mut addresses = addresses_in(value);
    if addresses.len() == 1 {
        let is_alone = field != "SubjectContainsWords" || !value.contains([';', ' ']);
        return addresses.pop().filter(|_| is_alone);
    }
    let word = value.trim().trim_start_matches('@').to_lowercase();
    let is_domain = field != "RuleCondition"
        && addresses.is_empty()
        && !word.contains([';', ',', ' ', '/', '\\', '='])
        && word
            .split_once('.')
            .is_some_and(|(host, zone)| !host.is_empty() && zone.len() >= 2);
    is_domain.then_some(word)
}

/// Returns whether all the rule's mail comes from senders that no person answers: newsletters,
/// notifications. Such rules tidy up.
pub(super) fn is_about_lists(rule: &Rule) -> bool {
    let named: Vec<String> = ["From", "FromAddressContainsWords", "RuleCondition"]
        .iter()
        .filter_map(|field| rule.part(field))
        .flat_map(addresses_in)
        .collect();
    !named.is_empty() && named.iter().all(|address| is_automatic(address))
}

/// Parts of the names of senders that no person answers.
const AUTOMATIC: &[&str] = &[
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "news",
    "newsletter",
    "marketing",
    "notification",
    "notifications",
    "notify",
    "mailing",
    "offers",
    "deals",
    "promo",
    "promotions",
    "updates",
    "digest",
    "bounce",
    "survey",
    "events",
    "webinar",
    "webinars",
    "jobs",
    "alert",
    "alerts",
    "unsubscribe",
    "subscriptions",
    "community",
    "social",
    "email",
    "mailings",
    "announce",
    "announcements",
    "robot",
    "monitoring",
];

fn is_automatic(address: &str) -> bool {
    let address = address.trim().to_lowercase();
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    let is_list = |word: &str| AUTOMATIC.contains(&word);
    is_list(local)
        || local.split(['.', '-', '_', '+']).any(is_list)
        || local.contains("noreply")
        || domain.split('.').rev().skip(2).any(is_list)
}
