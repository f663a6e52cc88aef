//! Unified audit records, worded as Exchange and Entra word them.

use super::mailbox::{DOMAIN, Folder, Message, Moment, Person};
use super::object::Object;
use super::seed::Seed;

/// The tenant's id.
pub(super) const TENANT: &str = "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413";
const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// A record as an export holds it.
#[derive(Clone)]
pub(super) struct Record {
    /// When it happened.
    pub(super) time: Moment,
    /// Its id.
    pub(super) id: String,
    /// The number of its type.
    pub(super) kind: usize,
    /// Its operation.
    pub(super) operation: &'static str,
    /// Who acted.
    pub(super) user: String,
    /// The record itself, AuditData.
    pub(super) body: String,
}

/// Through what somebody reached a mailbox.
#[derive(Clone)]
pub(super) struct Client {
    /// The address that Exchange saw.
    pub(super) address: String,
    /// What the client called itself.
    pub(super) info: String,
    /// The session; empty for an application.
    pub(super) session: String,
    /// The application that called; empty for Outlook and Outlook on the web.
    pub(super) app: String,
    /// Whether it is one of Microsoft's own services in the background.
    pub(super) background: bool,
}

/// What the head of a record says.
struct Head<'a> {
    time: Moment,
    operation: &'static str,
    record_type: usize,
    workload: &'static str,
    result: &'static str,
    user: &'a str,
    user_key: &'a str,
}

fn record(seed: &mut Seed, head: &Head<'_>, rest: impl FnOnce(Object) -> Object) -> Record {
    let id = seed.guid();
    let body = Object::new()
        .text("CreationTime", &head.time.iso())
        .text("Id", &id)
        .text("Operation", head.operation)
        .text("OrganizationId", TENANT)
        .number("RecordType", head.record_type)
        .text("ResultStatus", head.result)
        .text("UserKey", head.user_key)
        .number("UserType", 0)
        .number("Version", 1)
        .text("Workload", head.workload)
        .text("UserId", head.user);
    Record {
        time: head.time,
        id,
        kind: head.record_type,
        operation: head.operation,
        user: head.user.to_string(),
        body: rest(body).finish(),
    }
}

fn mailbox_record(
    seed: &mut Seed,
    time: Moment,
    (operation, record_type): (&'static str, usize),
    (owner, client): (&Person, &Client),
    rest: impl FnOnce(Object) -> Object,
) -> Record {
    let head = Head {
        time,
        operation,
        record_type,
        workload: "Exchange",
        result: "Succeeded",
        user: &owner.upn(),
        user_key: &owner.puid,
    };
    let token = seed.letters(22);
    record(seed, &head, |body| {
        let body = body
            .text("ClientIPAddress", &client.address)
            .text("ClientInfoString", &client.info)
            .flag("ExternalAccess", false)
            .number("InternalLogonType", 0)
            .number("LogonType", 0)
            .text("LogonUserSid", &owner.sid)
            .text("MailboxGuid", &owner.mailbox_id)
            .text("MailboxOwnerSid", &owner.sid)
            .text("MailboxOwnerUPN", &owner.upn())
            .text("OrganizationName", DOMAIN)
            .text("OriginatingServer", "AS8PR07MB7261 (15.20.8466.012)\r\n");
        rest(access(body, client, &token))
    })
}

/// Adds who called: an application over Graph, or a person in a session.
fn access(body: Object, client: &Client, token: &str) -> Object {
    if client.background {
        return body
            .text("AppId", &client.app)
            .text("ClientAppId", &client.app);
    }
    let mut context = Object::new();
    if !client.session.is_empty() {
        context = context.text("AADSessionId", &client.session);
    }
    if !client.app.is_empty() {
        context = context.text("ClientAppId", &client.app);
    }
    let context = context.text("UniqueTokenId", token);
    if client.app.is_empty() {
        return body
            .text("AppId", EXCHANGE)
            .text("SessionId", &client.session)
            .object("AppAccessContext", context);
    }
    body.text("AppId", GRAPH)
        .text("ClientAppId", &client.app)
        .object("AppAccessContext", context)
}

/// Returns a record of messages that were made available, folder by folder.
pub(super) fn bind(
    seed: &mut Seed,
    time: Moment,
    owner: &Person,
    client: &Client,
    messages: &[&Message],
) -> Record {
    let mut paths: Vec<&str> = messages.iter().map(|message| message.folder).collect();
    paths.dedup();
    let with_subject = client.app.is_empty();
    let folders: Vec<Object> = paths
        .into_iter()
        .map(|path| {
            let items = messages.iter().filter(|message| message.folder == path);
            let items = items.map(|message| folder_item(message, with_subject));
            Object::new()
                .list("FolderItems", items)
                .text("Id", &owner.folder(path).id)
                .text("Path", path)
        })
        .collect();
    mailbox_record(
        seed,
        time,
        ("MailItemsAccessed", 50),
        (owner, client),
        |body| {
            body.pairs(
                "OperationProperties",
                &[("MailAccessType", "Bind"), ("IsThrottled", "False")],
            )
            .list("Folders", folders)
            .number("OperationCount", messages.len())
        },
    )
}

fn folder_item(message: &Message, with_subject: bool) -> Object {
    let item = Object::new()
        .text("Id", &message.item_id)
        .text("InternetMessageId", &message.internet_message_id)
        .number("SizeInBytes", message.size_bytes);
    if with_subject {
        item.text("Subject", &message.subject)
    } else {
        item
    }
}

/// Returns a record of a folder that Outlook synchronised.
pub(super) fn sync(
    seed: &mut Seed,
    time: Moment,
    owner: &Person,
    client: &Client,
    folder: &Folder,
) -> Record {
    let parent = Object::new()
        .text("Id", &folder.id)
        .text("Name", folder.name())
        .text("Path", "Not Available");
    let item = Object::new()
        .text("Id", &folder.id)
        .object("ParentFolder", parent);
    mailbox_record(
        seed,
        time,
        ("MailItemsAccessed", 2),
        (owner, client),
        |body| {
            body.text("ClientProcessName", "OUTLOOK.EXE")
                .text("ClientVersion", "16.0.18526.20168")
                .pairs(
                    "OperationProperties",
                    &[("MailAccessType", "Sync"), ("IsThrottled", "False")],
                )
                .object("Item", item)
        },
    )
}

/// Returns a record of one message that was made, changed or sent.
pub(super) fn single(
    seed: &mut Seed,
    time: Moment,
    operation: &'static str,
    (owner, client): (&Person, &Client),
    message: &Message,
) -> Record {
    let folder = owner.folder(message.folder);
    let item = Object::new()
        .text(
            "Id",
            if operation == "Send" {
                "Unknown"
            } else {
                &message.item_id
            },
        )
        .text("InternetMessageId", &message.internet_message_id)
        .object(
            "ParentFolder",
            Object::new()
                .text("Id", &folder.id)
                .text("Path", folder.path),
        )
        .number("SizeInBytes", message.size_bytes)
        .text("Subject", &message.subject);
    mailbox_record(seed, time, (operation, 2), (owner, client), |body| {
        body.object("Item", item)
    })
}

/// Returns a record of messages that were moved or deleted together.
pub(super) fn group(
    seed: &mut Seed,
    time: Moment,
    (operation, to): (&'static str, Option<&str>),
    (owner, client): (&Person, &Client),
    messages: &[&Message],
) -> Record {
    let folder = owner.folder(messages[0].folder);
    let place = |folder: &Folder| {
        Object::new()
            .text("Id", &folder.id)
            .text("Path", folder.path)
    };
    let items = messages.iter().map(|message| {
        Object::new()
            .text("Id", &message.item_id)
            .text("InternetMessageId", &message.internet_message_id)
            .object("ParentFolder", place(folder))
            .text("Subject", &message.subject)
    });
    mailbox_record(seed, time, (operation, 3), (owner, client), |body| {
        let body = body
            .list("AffectedItems", items)
            .flag("CrossMailboxOperation", false);
        let body = match to {
            Some(path) => body.object("DestFolder", place(owner.folder(path))),
            None => body,
        };
        body.object("Folder", place(folder))
    })
}

/// Returns a record of a cmdlet on a mailbox: an inbox rule, a setting.
pub(super) fn cmdlet(
    seed: &mut Seed,
    time: Moment,
    operation: &'static str,
    (owner, client): (&Person, &Client),
    (object, parameters): (&str, &[(&str, &str)]),
) -> Record {
    let head = Head {
        time,
        operation,
        record_type: 1,
        workload: "Exchange",
        result: "True",
        user: &owner.upn(),
        user_key: &owner.puid,
    };
    record(seed, &head, |body| {
        body.text(
            "ClientIP",
            &format!("{}:{}", client.address, 49_152 + time.0 % 16_000),
        )
        .text("ObjectId", object)
        .text("AppId", "")
        .text("ClientAppId", "")
        .flag("ExternalAccess", false)
        .text("OrganizationName", DOMAIN)
        .text("OriginatingServer", "AS8PR07MB7261 (15.20.8466.012)")
        .pairs("Parameters", parameters)
        .text("SessionId", &client.session)
    })
}

/// How a sign-in ended, in the words of the unified audit log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The session was opened.
    Success,
    /// The password was wrong.
    WrongPassword,
}

/// Returns a record of a sign-in to Office.
pub(super) fn sign_in(
    seed: &mut Seed,
    time: Moment,
    owner: &Person,
    client: &Client,
    ending: Ending,
) -> Record {
    let success = ending == Ending::Success;
    let head = Head {
        time,
        operation: if success {
            "UserLoggedIn"
        } else {
            "UserLoginFailed"
        },
        record_type: 15,
        workload: "AzureActiveDirectory",
        result: if success { "Success" } else { "Failed" },
        user: &owner.upn(),
        user_key: &owner.object_id,
    };
    record(seed, &head, |body| {
        body.text("ClientIP", &client.address)
            .text("ObjectId", EXCHANGE)
            .number("AzureActiveDirectoryEventType", 1)
            .pairs(
                "ExtendedProperties",
                &[
                    ("UserAgent", agent_of(client)),
                    ("RequestType", "OAuth2:Authorize"),
                ],
            )
            .list("ModifiedProperties", [])
            .text("ActorIpAddress", &client.address)
            .text("ApplicationId", OFFICE_HOME)
            .pairs(
                "DeviceProperties",
                &[
                    ("OS", "Windows"),
                    ("BrowserType", "Chrome"),
                    ("SessionId", &client.session),
                ],
            )
            .text("ErrorNumber", if success { "0" } else { "50126" })
    })
}

/// The application id of office.com.
pub(super) const OFFICE_HOME: &str = "4765445b-32c6-49b0-83e6-1d93765276ca";

/// Returns the user agent inside the client's own words.
pub(super) fn agent_of(client: &Client) -> &str {
    client
        .info
        .strip_prefix("Client=OWA;")
        .map_or("Mozilla/5.0", |agent| agent.trim_end_matches(';'))
}

/// Returns a record of the directory: a consent, a reset password.
pub(super) fn directory(
    seed: &mut Seed,
    time: Moment,
    operation: &'static str,
    (actor, object): (&Person, &str),
    modified: &[(&str, &str)],
) -> Record {
    let head = Head {
        time,
        operation,
        record_type: 8,
        workload: "AzureActiveDirectory",
        result: "Success",
        user: &actor.upn(),
        user_key: &format!("{}@{DOMAIN}", actor.puid),
    };
    record(seed, &head, |body| {
        let changes = modified.iter().map(|(name, value)| {
            Object::new()
                .text("Name", name)
                .text("NewValue", value)
                .text("OldValue", "")
        });
        body.text("ObjectId", object)
            .number("AzureActiveDirectoryEventType", 1)
            .list("ModifiedProperties", changes)
            .text("ActorContextId", TENANT)
            .text("TargetContextId", TENANT)
    })
}
