//! The inventory of a mailbox: a row is one message that it held when somebody listed it.
//!
//! Graph lists messages page by page, its cmdlets export them as JSON or CSV. Nothing was
//! delivered when a message was listed and nobody did anything to it: the row is a delivery
//! only in its shape, with the status `Inventory`, the mailbox as its recipient and the
//! folder of that day as its location.

use crate::diagnostic::record::{Record, begin, enter_tenant, essence};
use crate::diagnostic::value::{either, lower, text_at, trimmed};
use crate::{Context, made_id, mail};
use model::listing::Listing;
use model::{Delivery, Event, Family, INVENTORY, Json, Normalised, Raw, RecordId};
use std::borrow::Cow;

const MAILBOX: &[&str] = &["mailbox", "userprincipalname", "mailboxupn", "mailboxowner"];
const TIMES: &[&str] = &["receiveddatetime", "createddatetime", "sentdatetime"];
const SENDER: &[&str] = &["from", "fromaddress", "sender", "senderaddress"];
const FOLDER: &[&str] = &[
    "folderpath",
    "parentfolderpath",
    "folder",
    "foldername",
    "folderdisplayname",
    "parentfoldername",
    "parentfolderdisplayname",
];

/// Graph's names for folders in a path, and the paths under which audit records know them.
/// <https://learn.microsoft.com/graph/api/resources/mailfolder>
const WELL_KNOWN: [(&str, &str); 13] = [
    ("archive", "\\Archive"),
    ("deleteditems", "\\Deleted Items"),
    ("drafts", "\\Drafts"),
    ("inbox", "\\Inbox"),
    ("junkemail", "\\Junk Email"),
    ("outbox", "\\Outbox"),
    (
        "recoverableitemsdeletions",
        "\\Recoverable Items\\Deletions",
    ),
    (
        "recoverableitemsdiscoveryholds",
        "\\Recoverable Items\\DiscoveryHolds",
    ),
    ("recoverableitemspurges", "\\Recoverable Items\\Purges"),
    ("recoverableitemsroot", "\\Recoverable Items"),
    (
        "recoverableitemssubstrateholds",
        "\\Recoverable Items\\SubstrateHolds",
    ),
    ("recoverableitemsversions", "\\Recoverable Items\\Versions"),
    ("sentitems", "\\Sent Items"),
];

const WHOSE: &str = "it does not say in whose mailbox it is: add a column or key `mailbox` with the address, \
     or keep the `@odata.context` of its page";

/// Understands a message as an inventory lists it.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut record = Record::plain(raw);
    let mut event = begin(Family::Message, "inventory");
    event.workload = Cow::Borrowed("Exchange");
    event.operation = Cow::Borrowed("MailboxInventory");
    enter_tenant(&mut event, Cow::Borrowed(""), context);
    record.date(&mut event, TIMES, &[]);
    let delivery = delivery(&mut record);
    event.mailbox.clone_from(&delivery.recipient);
    event.object.clone_from(&delivery.internet_message_id);
    event.result = Cow::Borrowed(INVENTORY);
    identify(&mut event, &delivery);
    let is_nothing =
        delivery.internet_message_id.is_empty() && delivery.network_message_id.is_empty();
    if is_nothing {
        record.is_empty_of("the row has neither a Message-ID nor the id of an item");
    } else if delivery.recipient.is_empty() {
        record.complain(WHOSE);
    }
    let mut found = record.finish(event);
    found.delivery = (!is_nothing).then_some(delivery);
    found
}

fn delivery<'r>(record: &mut Record<'r>) -> Delivery<'r> {
    let page = [
        record.column("odatacontext").into(),
        record.look(&["odatacontext"]),
    ];
    let page = page.iter().find_map(|page| Listing::of_context(page));
    let page = page.unwrap_or_default();
    let told = lower(trimmed(record.look(MAILBOX)));
    let recipient = either(told, || Cow::Owned(page.mailbox.to_lowercase()));
    let sender = sender(record);
    let is_own = !recipient.is_empty() && sender == recipient
        || record.look(&["isdraft"]).eq_ignore_ascii_case("true");
    let message_id = trimmed(record.look(&["internetmessageid"]));
    Delivery {
        internet_message_id: mail::canonical_message_id(message_id),
        // The letters' case is a part of Exchange's ids.
        network_message_id: record.take(&["id"]),
        sender,
        recipient,
        subject: record.take(&["subject"]),
        status: Cow::Borrowed(INVENTORY),
        direction: Cow::Borrowed(if is_own { "Outbound" } else { "" }),
        location: location(record, &page.folder),
        size_bytes: record
            .look(&["size", "sizeinbytes", "messagesize"])
            .trim()
            .parse()
            .ok(),
    }
}

/// Returns the sender's address: Graph nests it, an export may have flattened it, and one that
/// did not leaves the name of a class there.
fn sender<'r>(record: &Record<'r>) -> Cow<'r, str> {
    let nested = SENDER.iter().find_map(|name| {
        let party = record.nested(&[name])?;
        let address = address_of(&party);
        (!address.is_empty()).then_some(address)
    });
    if let Some(address) = nested {
        return Cow::Owned(address);
    }
    let told = SENDER.iter().map(|name| record.look(&[name]));
    let mut addresses = told.filter(|text| text.contains('@'));
    addresses.next().map_or(Cow::Borrowed(""), bare)
}

fn address_of(party: &Json<'_>) -> String {
    let address = text_at(party, &["emailaddress", "address"]);
    either(address, || text_at(party, &["address"]))
        .trim()
        .to_lowercase()
}

/// Takes the address out of `Ann <ann@corp.example>`.
fn bare(text: Cow<'_, str>) -> Cow<'_, str> {
    let inside = text
        .rsplit_once('<')
        .and_then(|(_, behind)| behind.split_once('>'))
        .map(|(address, _)| address.trim().to_lowercase());
    inside.map_or_else(|| lower(trimmed(text)), Cow::Owned)
}

/// Returns where it lies: a path or name where one is given, else the folder's id.
fn location<'r>(record: &mut Record<'r>, folder_of_page: &str) -> Cow<'r, str> {
    let named = trimmed(record.look(FOLDER));
    if named.starts_with('/') {
        // As `Get-MailboxFolderStatistics` writes paths.
        return Cow::Owned(named.replace('/', "\\"));
    }
    if !named.is_empty() {
        return named;
    }
    let known = WELL_KNOWN
        .iter()
        .find(|(name, _)| folder_of_page.eq_ignore_ascii_case(name));
    if let Some((_, path)) = known {
        return Cow::Borrowed(path);
    }
    either(record.take(&["parentfolderid"]), || {
        Cow::Owned(folder_of_page.to_owned())
    })
}

/// Makes the record's id of what tells this state of the item from others: a second inventory
/// adds a row where the message was moved or changed its time, and none where it only was read.
fn identify<'r>(event: &mut Event<'r>, delivery: &Delivery<'r>) {
    let facts = [
        &delivery.recipient,
        &delivery.network_message_id,
        &delivery.internet_message_id,
        &delivery.location,
    ];
    let time = match event.time {
        Some(time) => time.to_string(),
        None => event.time_text.to_string(),
    };
    let facts = facts.into_iter().map(|fact| Json::String(fact.clone()));
    let facts = facts.chain([Json::String(Cow::Owned(time))]).collect();
    event.id = RecordId(Cow::Owned(made_id(&Json::Array(facts))));
    event.id_made = true;
    event.fingerprint = essence(event, &[]);
}
