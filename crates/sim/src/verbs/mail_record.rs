//! The record of something done in a mailbox, whoever did it.

use serde_json::{Value, json};

use super::act::Hand;
use super::stage::{Session, Stage};
use super::write::with;
use crate::mailbox::{Mailbox, Message};
use crate::office_apps::{EXCHANGE, GRAPH};
use crate::record::{ContentType, Micros};
use crate::seed::Seed;
use crate::story_time::zulu;

/// Who opened a mailbox, and how.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Whose account, by place in the tenant's users.
    pub(crate) user: usize,
    /// Whose mailbox.
    pub(crate) mailbox: usize,
    /// `ClientIPAddress`.
    pub(crate) address: String,
    /// `ClientInfoString`.
    pub(crate) client: String,
    /// `ClientProcessName` and `ClientVersion`.
    pub(crate) process: Option<(String, String)>,
    /// `SessionId`; Graph and the services have none.
    pub(crate) session: Option<String>,
    /// The resource that was asked, and the application that asked.
    pub(crate) apps: (String, String),
    /// The token, and when it was issued.
    pub(crate) token: Option<(String, Micros)>,
}

impl Access {
    /// Opens a person's own mailbox in a session, or another's.
    pub(crate) fn of(session: &Session, mailbox: usize) -> Self {
        let dress = session.client.dress();
        Self {
            user: session.user,
            mailbox,
            address: session.place.address.clone(),
            client: dress.exchange.to_owned(),
            process: dress
                .process
                .map(|(name, version)| (name.to_owned(), version.to_owned())),
            session: Some(session.id.clone()),
            apps: (EXCHANGE.to_owned(), dress.mail_app.to_owned()),
            token: Some((session.token.clone(), session.since)),
        }
    }

    /// Opens a person's mailbox through Graph for an application that the person allowed.
    pub(crate) fn graph(
        user: usize,
        app_id: &str,
        token: String,
        at: Micros,
        chance: &mut Seed,
    ) -> Self {
        Self {
            user,
            mailbox: user,
            address: service_address(chance),
            client: "Client=REST;;".to_owned(),
            process: None,
            session: None,
            apps: (GRAPH.to_owned(), app_id.to_owned()),
            token: Some((token, at)),
        }
    }

    /// `LogonType`: of the owner, or of a delegate.
    fn logon_type(&self) -> u8 {
        if self.user == self.mailbox { 0 } else { 2 }
    }

    /// The context in which an access is not recorded again within the hour.
    pub(crate) fn context(&self) -> String {
        let session = self.session.as_deref().unwrap_or_default();
        format!(
            "{} {} {} {} {session}",
            self.user, self.mailbox, self.address, self.client
        )
    }
}

/// Draws an address of Microsoft's own services.
pub(crate) fn service_address(chance: &mut Seed) -> String {
    if chance.chance(50) {
        format!("20.190.160.{}", chance.between(1, 250))
    } else {
        format!(
            "2603:10a6:20b:{:x}::{:x}",
            chance.between(16, 999),
            chance.between(2, 99)
        )
    }
}

impl Stage {
    /// Writes the record of an operation in a mailbox and returns its id, or `None` when the
    /// mailbox does not record it.
    pub(crate) fn mail_record(
        &mut self,
        at: Micros,
        access: &Access,
        operation: &str,
        record_type: u16,
        more: Value,
    ) -> Result<Option<String>, String> {
        let mailbox = self.mailbox(access.mailbox)?;
        if !is_audited(mailbox, access, operation)
            || self.here().settings.audit_disabled
            || self.bypassed(access.user)
        {
            return Ok(None);
        }
        let guid = mailbox.guid.clone();
        let server = server(&mut self.chance);
        let id = self.chance.guid();
        let tenant = self.here();
        let actor = self.user(access.user);
        let owner = self.user(access.mailbox);
        let mut body = json!({
            "Id": id,
            "CreationTime": crate::story_time::bare(at),
            "Operation": operation,
            "OrganizationId": tenant.id,
            "RecordType": record_type,
            "ResultStatus": "Succeeded",
            "UserKey": actor.puid,
            "UserType": 0,
            "Version": 1,
            "Workload": "Exchange",
            "UserId": actor.upn,
            "AppId": access.apps.0,
            "ClientAppId": access.apps.1,
            "ClientIPAddress": access.address,
            "ClientInfoString": access.client,
            "ExternalAccess": false,
            "InternalLogonType": 0,
            "LogonType": access.logon_type(),
            "LogonUserSid": actor.sid,
            "MailboxGuid": guid,
            "MailboxOwnerSid": owner.sid,
            "MailboxOwnerUPN": owner.upn,
            "OrganizationName": tenant.initial_domain,
            "OriginatingServer": server,
        });
        if record_type != 50 {
            body["ClientIP"] = json!(access.address);
        }
        if let Some((name, version)) = &access.process {
            body["ClientProcessName"] = json!(name);
            body["ClientVersion"] = json!(version);
        }
        if let Some(session) = &access.session {
            body["SessionId"] = json!(session);
        }
        if let Some((token, issued)) = &access.token {
            body["AppAccessContext"] = context(access, token, *issued);
        }
        let body = with(body, more);
        let owner = owner.upn.clone();
        self.unified(ContentType::Exchange, at, &body);
        if self.hand == Hand::Intruder {
            self.truth.mailboxes.insert(owner);
        }
        Ok(Some(id))
    }

    fn bypassed(&self, user: usize) -> bool {
        let mailbox = self.user(user).mailbox.as_ref();
        mailbox.is_some_and(|mailbox| mailbox.audit.bypass)
    }
}

fn context(access: &Access, token: &str, issued: Micros) -> Value {
    let mut context = json!({
        "APIId": access.apps.0,
        "ClientAppId": access.apps.1,
        "IssuedAtTime": zulu(issued).trim_end_matches('Z'),
        "UniqueTokenId": token,
    });
    if let Some(session) = &access.session {
        context["AADSessionId"] = json!(session);
    }
    context
}

/// While Microsoft manages the set it is the default one; what a cmdlet took out stays out.
fn is_audited(mailbox: &Mailbox, access: &Access, operation: &str) -> bool {
    let set = if access.user == access.mailbox {
        &mailbox.audit.owner
    } else {
        &mailbox.audit.delegate
    };
    let named = match operation {
        "AddFolderPermissions" | "ModifyFolderPermissions" => "UpdateFolderPermissions",
        other => other,
    };
    mailbox.audit.enabled && set.iter().any(|known| known == named)
}

/// Draws a server that answers.
pub(crate) fn server(chance: &mut Seed) -> String {
    format!(
        "AM{}PR07MB{} (15.20.8534.{:03})\r\n",
        chance.between(4, 10),
        chance.between(1000, 9999),
        chance.between(10, 45)
    )
}

/// Describes a message as records do.
pub(crate) fn item(mailbox: &Mailbox, message: &Message) -> Value {
    let folder = &mailbox.folders[message.folder];
    let mut item = json!({
        "Id": message.id,
        "InternetMessageId": message.internet_message_id,
        "ParentFolder": { "Id": folder.id, "Path": folder.path },
        "SizeInBytes": message.size,
        "Subject": message.subject,
    });
    if message.has_attachments() {
        let names: Vec<String> = message
            .attachments
            .iter()
            .map(|(name, size)| format!("{name} ({size}b)"))
            .collect();
        item["Attachments"] = json!(names.join("; "));
    }
    item
}
