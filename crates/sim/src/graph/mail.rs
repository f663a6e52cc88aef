//! Mailboxes: messages, folders, rules, settings.

use serde_json::{Value, json};

use super::Visit;
use super::page::{collection, object};
use crate::mailbox::{Address, Folder, Mailbox, Message, Rule};
use crate::person::User;
use crate::stamp::seconds;
use crate::wire::Answer;

/// Permissions that show a message whole; the basic one leaves its text out.
const WHOLE: [&str; 2] = ["Mail.Read", "Mail.ReadWrite"];

pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    let ["users", id, rest @ ..] = visit.rest.as_slice() else {
        return super::unknown(visit);
    };
    let allowed: &[&str] = match rest {
        ["mailFolders", _, "messageRules", ..] | ["mailboxSettings"] => {
            &["MailboxSettings.Read", "MailboxSettings.ReadWrite"]
        }
        ["messages", _, "$value"] => &WHOLE,
        _ => &["Mail.Read", "Mail.ReadBasic.All", "Mail.ReadWrite"],
    };
    if !allowed
        .iter()
        .any(|permission| visit.claims.may(permission))
    {
        return visit.error(
            403,
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        );
    }
    let Some(user) = visit.tenant.user(id) else {
        return visit.error(
            404,
            "ErrorInvalidUser",
            &format!("The requested user '{id}' is invalid."),
        );
    };
    let Some(mailbox) = &user.mailbox else {
        let text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise.";
        return visit.error(404, "MailboxNotEnabledForRESTAPI", text);
    };
    of_mailbox(visit, user, mailbox, rest)
}

fn of_mailbox(visit: &Visit<'_>, user: &User, mailbox: &Mailbox, rest: &[&str]) -> Answer {
    match rest {
        ["messages"] => messages(visit, mailbox, |message| !recoverable(mailbox, message)),
        ["messages", id, rest @ ..] => match mailbox
            .messages
            .iter()
            .find(|message| message.graph_id == *id)
        {
            Some(message) if rest == ["$value"] => Answer::of(200, "text/plain", mime(message)),
            Some(found) => object(visit, &message(visit, mailbox, found)),
            None => visit.error(
                404,
                "ErrorItemNotFound",
                "The specified object was not found in the store.",
            ),
        },
        ["mailFolders"] => {
            let top = mailbox
                .folders
                .iter()
                .filter(|folder| folder.parent.is_none());
            collection(
                visit,
                &top.map(|found| folder(mailbox, found)).collect::<Vec<_>>(),
                999,
            )
        }
        ["mailFolders", name, rest @ ..] => match find_folder(mailbox, name) {
            Some(place) => of_folder(visit, mailbox, place, rest),
            None => visit.error(
                404,
                "ErrorItemNotFound",
                "The specified folder could not be found in the store.",
            ),
        },
        ["mailboxSettings"] => object(
            visit,
            &json!({
                "automaticRepliesSetting": {
                    "status": lower_first(mailbox.automatic_replies),
                    "internalReplyMessage": mailbox.reply_texts.0,
                    "externalReplyMessage": mailbox.reply_texts.1,
                },
                "timeZone": "UTC", "userPurpose": {"value": "user"}, "id": user.id,
            }),
        ),
        _ => super::unknown(visit),
    }
}

fn of_folder(visit: &Visit<'_>, mailbox: &Mailbox, place: usize, rest: &[&str]) -> Answer {
    match rest {
        [] => object(visit, &folder(mailbox, &mailbox.folders[place])),
        ["messages"] => messages(visit, mailbox, |message| message.folder == place),
        ["childFolders"] => {
            let children = mailbox
                .folders
                .iter()
                .filter(|folder| folder.parent == Some(place));
            collection(
                visit,
                &children
                    .map(|found| folder(mailbox, found))
                    .collect::<Vec<_>>(),
                999,
            )
        }
        ["messageRules"] => {
            let shown = mailbox.rules.iter();
            let shown = shown.filter(|rule| !rule.hidden && !rule.client_only);
            let shown: Vec<Value> = shown.map(|known| rule(mailbox, known)).collect();
            collection(visit, &shown, 999)
        }
        ["messageRules", id] => match mailbox
            .rules
            .iter()
            .find(|rule| rule.graph_id == *id && !rule.hidden && !rule.client_only)
        {
            Some(found) => object(visit, &rule(mailbox, found)),
            None => visit.error(
                404,
                "ErrorItemNotFound",
                "The specified object was not found in the store.",
            ),
        },
        _ => super::unknown(visit),
    }
}

fn messages(visit: &Visit<'_>, mailbox: &Mailbox, wanted: impl Fn(&Message) -> bool) -> Answer {
    let mut found: Vec<&Message> = mailbox
        .messages
        .iter()
        .filter(|message| wanted(message))
        .collect();
    found.sort_by(|left, right| (right.received, &right.id).cmp(&(left.received, &left.id)));
    let found: Vec<Value> = found
        .into_iter()
        .map(|found| message(visit, mailbox, found))
        .collect();
    collection(visit, &found, 1000)
}

fn recoverable(mailbox: &Mailbox, message: &Message) -> bool {
    let folder = mailbox.folders.get(message.folder);
    folder
        .and_then(|folder| folder.well_known)
        .is_some_and(|name| name.starts_with("recoverable"))
}

fn message(visit: &Visit<'_>, mailbox: &Mailbox, message: &Message) -> Value {
    let person = |address: &Address| json!({"emailAddress": {"name": address.name, "address": address.address}});
    let people = |list: &[Address]| -> Vec<Value> { list.iter().map(person).collect() };
    let mut body = json!({
        "id": message.graph_id, "internetMessageId": message.internet_message_id,
        "conversationId": message.conversation_id, "subject": message.subject,
        "from": person(&message.from), "sender": person(&message.from),
        "toRecipients": people(&message.to), "ccRecipients": people(&message.cc), "bccRecipients": [],
        "receivedDateTime": seconds(message.received), "sentDateTime": seconds(message.received),
        "createdDateTime": seconds(message.received), "hasAttachments": message.has_attachments(),
        "isRead": message.is_read, "importance": "normal",
        "parentFolderId": mailbox.folders.get(message.folder).map(|folder| folder.graph_id.clone()),
    });
    if WHOLE.iter().any(|permission| visit.claims.may(permission)) {
        body["bodyPreview"] = json!(message.preview);
        body["body"] = json!({"contentType": "text", "content": message.preview});
    }
    body
}

fn mime(message: &Message) -> String {
    let people = |list: &[Address]| {
        let list: Vec<&str> = list
            .iter()
            .map(|address| address.address.as_str())
            .collect();
        list.join(", ")
    };
    format!(
        "Message-ID: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
        message.internet_message_id,
        message.from.address,
        people(&message.to),
        message.subject,
        crate::stamp::http_date(message.received),
        message.preview
    )
}

pub(super) fn find_folder(mailbox: &Mailbox, name: &str) -> Option<usize> {
    mailbox.folders.iter().position(|folder| {
        folder.graph_id == name
            || folder
                .well_known
                .is_some_and(|known| known.eq_ignore_ascii_case(name))
    })
}

fn folder(mailbox: &Mailbox, folder: &Folder) -> Value {
    let place = mailbox
        .folders
        .iter()
        .position(|known| known.id == folder.id);
    let inside = mailbox
        .messages
        .iter()
        .filter(|message| Some(message.folder) == place);
    let unread = inside.clone().filter(|message| !message.is_read).count();
    let parent = folder.parent.and_then(|parent| mailbox.folders.get(parent));
    json!({
        "id": folder.graph_id, "displayName": folder.name,
        "parentFolderId": parent.map(|parent| parent.graph_id.clone()),
        "childFolderCount": mailbox.folders.iter().filter(|child| child.parent.is_some() && child.parent == place).count(),
        "totalItemCount": inside.count(), "unreadItemCount": unread, "isHidden": false,
    })
}

/// Graph names the folder of a rule by its id; cmdlets by its name, also behind a mailbox's.
fn folder_id<'a>(mailbox: &'a Mailbox, name: &'a str) -> &'a str {
    let last = name.rsplit([':', '\\']).next().unwrap_or(name);
    let mut folders = mailbox.folders.iter();
    let found = folders.find(|folder| folder.name == last);
    found.map_or(name, |folder| folder.graph_id.as_str())
}

/// Returns the name of the folder that a rule names by its id, or what it says.
pub(super) fn folder_name<'a>(mailbox: &'a Mailbox, id: &'a str) -> &'a str {
    let mut folders = mailbox.folders.iter();
    let found = folders.find(|folder| folder.graph_id == id);
    found.map_or(id, |folder| folder.name.as_str())
}

/// Conditions, in the names of the cmdlet and of Graph.
pub(super) const CONDITIONS: &[(&str, &str)] = &[
    ("SubjectOrBodyContainsWords", "bodyOrSubjectContains"),
    ("SubjectContainsWords", "subjectContains"),
    ("BodyContainsWords", "bodyContains"),
    ("HeaderContainsWords", "headerContains"),
    ("FromAddressContainsWords", "senderContains"),
    ("RecipientAddressContainsWords", "recipientContains"),
    ("From", "fromAddresses"),
];

/// Actions, in the names of the cmdlet and of Graph.
pub(super) const ACTIONS: &[(&str, &str)] = &[
    ("ForwardTo", "forwardTo"),
    ("ForwardAsAttachmentTo", "forwardAsAttachmentTo"),
    ("RedirectTo", "redirectTo"),
    ("DeleteMessage", "delete"),
    ("MarkAsRead", "markAsRead"),
    ("StopProcessingRules", "stopProcessingRules"),
    ("MoveToFolder", "moveToFolder"),
    ("CopyToFolder", "copyToFolder"),
];

/// A rule as Graph shows it: what the cmdlet calls by other names.
pub(super) fn rule(mailbox: &Mailbox, rule: &Rule) -> Value {
    let words = |name: &str| -> Vec<Value> { rule.list(name).map(|word| json!(word)).collect() };
    let people = |name: &str| -> Vec<Value> {
        rule.list(name)
            .map(|address| json!({"emailAddress": {"name": address, "address": address}}))
            .collect()
    };
    let mut conditions = json!({});
    for (cmdlet, graph) in CONDITIONS {
        if rule.parameter(cmdlet).is_some() {
            let named = *cmdlet == "From";
            conditions[*graph] = json!(if named { people(cmdlet) } else { words(cmdlet) });
        }
    }
    let mut actions = json!({});
    for (cmdlet, graph) in ACTIONS {
        let Some(value) = rule.parameter(cmdlet) else {
            continue;
        };
        actions[*graph] = match *cmdlet {
            "ForwardTo" | "ForwardAsAttachmentTo" | "RedirectTo" => json!(people(cmdlet)),
            "MoveToFolder" | "CopyToFolder" => json!(folder_id(mailbox, value)),
            _ => json!(value.eq_ignore_ascii_case("true")),
        };
    }
    json!({
        "id": rule.graph_id, "displayName": rule.name, "sequence": rule.sequence,
        "isEnabled": rule.enabled, "hasError": false, "isReadOnly": false,
        "conditions": conditions, "actions": actions,
    })
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
