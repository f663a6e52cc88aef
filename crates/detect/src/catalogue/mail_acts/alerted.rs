//! Whom an alert of Microsoft's is about, and what it is called, in whatever dress it comes.

use crate::seen::Seen;
use model::Json;
use model::bags::each_object;

/// Returns what an alert is called.
pub(super) fn title(seen: &Seen<'_>) -> String {
    let keys = [
        "Name",
        "title",
        "AlertName",
        "AlertDisplayName",
        "DisplayName",
    ];
    let named = keys
        .into_iter()
        .map(|key| seen.word(key))
        .find(|one| !one.is_empty());
    named.unwrap_or(seen.action()).to_owned()
}

/// Returns whom an alert is about, in lower case; empty where it names nobody.
pub(super) fn concerned(seen: &Seen<'_>) -> String {
    let mut offers = Vec::new();
    for key in ["AlertEntityId", "EventValue", "CompromisedEntity"] {
        offers.push(seen.word(key).to_owned());
    }
    each_object(seen.body().get_any_case("Data"), &mut |data| {
        offer(
            data,
            &["f3u", "eid", "aii", "ms", "zu", "UserId", "mailbox"],
            &mut offers,
        );
    });
    for key in ["evidence", "entities"] {
        each_object(seen.body().get_any_case(key), &mut |one| {
            each_object(one.get_any_case("userAccount"), &mut |account| {
                offer(account, &["userPrincipalName"], &mut offers);
            });
            offer(one, OF_EVIDENCE, &mut offers);
        });
    }
    offers.extend([seen.object().to_owned(), seen.user().to_owned()]);
    let mut accounts = offers.iter().map(|one| one.trim().to_lowercase());
    accounts.find(|one| is_account(one)).unwrap_or_default()
}

/// The keys under which a piece of evidence names an account or its mailbox.
const OF_EVIDENCE: &[&str] = &[
    "userPrincipalName",
    "mailboxPrimaryAddress",
    "primaryAddress",
    "sender",
];

fn offer(object: &Json<'_>, keys: &[&str], offers: &mut Vec<String>) {
    for key in keys {
        let word = object.get_any_case(key).and_then(Json::as_word);
        offers.extend(word.map(str::to_owned));
    }
}

fn is_account(text: &str) -> bool {
    text.contains('@') && !text.contains([' ', ';', ','])
}
