//! Cmdlets about mailboxes.

use serde_json::{Value, json};

use super::cmdlets::parameter;
use super::{Failure, Order, Output};
use crate::mailbox::{Mailbox, Right, Rule};
use crate::person::User;
use crate::stamp::seconds;

/// Directory roles that show what is hidden.
const SEE_HIDDEN: [&str; 3] = [
    "Global Administrator",
    "Exchange Administrator",
    "Exchange Recipient Administrator",
];

/// Returns the mailboxes that are asked for: one by name, or as many as `ResultSize` says.
fn chosen<'a>(order: &'a Order<'_>, name: &str) -> Result<Vec<(&'a User, &'a Mailbox)>, Failure> {
    let all = order
        .tenant
        .users
        .iter()
        .filter_map(|user| Some((user, user.mailbox.as_ref()?)));
    let wanted = order
        .parameters
        .text(name)
        .or_else(|| order.parameters.text("Identity"));
    let Some(wanted) = wanted else {
        let most = order.parameters.number("ResultSize").unwrap_or(1000);
        return Ok(all.take(most).collect());
    };
    let found = all
        .into_iter()
        .find(|(user, mailbox)| is(user, mailbox, wanted));
    found
        .map(|one| vec![one])
        .ok_or_else(|| Failure::not_found(wanted))
}

pub(super) fn is(user: &User, mailbox: &Mailbox, name: &str) -> bool {
    let names = [
        &user.upn,
        &user.id,
        &mailbox.guid,
        &mailbox.alias,
        &user.display_name,
    ];
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
        || mailbox
            .addresses
            .iter()
            .any(|address| address.eq_ignore_ascii_case(name))
}

pub(super) fn mailboxes(order: &Order<'_>) -> Result<Output, Failure> {
    let json = |(user, mailbox): (&User, &Mailbox)| {
        let on_behalf: Vec<&str> = mailbox
            .delegates
            .iter()
            .filter(|delegate| delegate.right == Right::SendOnBehalf)
            .map(|delegate| delegate.upn.as_str())
            .collect();
        let addresses: Vec<String> = mailbox
            .addresses
            .iter()
            .enumerate()
            .map(|(place, address)| {
                format!("{}:{address}", if place == 0 { "SMTP" } else { "smtp" })
            })
            .collect();
        let forwarding = &mailbox.forwarding;
        let audit = &mailbox.audit;
        json!({
            "UserPrincipalName": user.upn, "DisplayName": user.display_name, "Alias": mailbox.alias,
            "Identity": mailbox.alias, "Name": mailbox.alias, "ExternalDirectoryObjectId": user.id,
            "ExchangeGuid": mailbox.guid, "Guid": user.id, "PrimarySmtpAddress": mailbox.addresses.first(),
            "EmailAddresses": addresses, "RecipientTypeDetails": "UserMailbox",
            "ForwardingSmtpAddress": forwarding.smtp_address.as_ref().map(|address| format!("smtp:{address}")),
            "ForwardingAddress": forwarding.recipient,
            "DeliverToMailboxAndForward": forwarding.deliver_and_forward,
            "GrantSendOnBehalfTo": on_behalf, "AuditEnabled": audit.enabled, "AuditOwner": audit.owner,
            "AuditDelegate": audit.delegate, "AuditAdmin": audit.admin, "DefaultAuditSet": audit.default_set,
            "AuditLogAgeLimit": "90.00:00:00", "LitigationHoldEnabled": false,
            "SingleItemRecoveryEnabled": true, "IsDirSynced": false,
            "WhenCreatedUTC": seconds(mailbox.created), "WhenChangedUTC": seconds(mailbox.created),
        })
    };
    Ok(Output::of(
        chosen(order, "Identity")?.into_iter().map(json).collect(),
    ))
}

pub(super) fn protocols(order: &Order<'_>) -> Result<Output, Failure> {
    let json = |(user, mailbox): (&User, &Mailbox)| {
        let mut body = json!({
            "Identity": mailbox.alias, "PrimarySmtpAddress": mailbox.addresses.first(), "Guid": user.id,
        });
        for (name, on) in &mailbox.protocols {
            body[name.as_str()] = json!(on);
        }
        body
    };
    Ok(Output::of(
        chosen(order, "Identity")?.into_iter().map(json).collect(),
    ))
}

pub(super) fn rules(order: &Order<'_>) -> Result<Output, Failure> {
    let hidden = order.parameters.is_on("IncludeHidden");
    let roles = super::roles(order.tenant, order.claims);
    if hidden && !roles.iter().any(|role| SEE_HIDDEN.contains(&role.as_str())) {
        let text = "The operation couldn't be performed because you don't have permission to use the parameter IncludeHidden.";
        return Err(Failure::new(
            403,
            "Microsoft.Exchange.Management.Common.AccessDeniedException",
            text,
        ));
    }
    let mut objects = Vec::new();
    for found in chosen(order, "Mailbox")? {
        let shown = found.1.rules.iter();
        let shown = shown.filter(|rule| (hidden || !rule.hidden) && !rule.client_only);
        objects.extend(shown.map(|rule| rule_json(found.0, found.1, rule)));
    }
    Ok(Output::of(objects))
}

/// A rule as `Get-InboxRule` shows it.
pub(super) fn rule_json(user: &User, mailbox: &Mailbox, rule: &Rule) -> Value {
    let mut body = json!({
        "Identity": format!("{}\\{}", mailbox.alias, rule.id), "RuleIdentity": rule.id,
        "Name": rule.name, "Enabled": rule.enabled, "Priority": rule.sequence, "InError": false,
        "ErrorType": "NoError", "MailboxOwnerId": user.upn, "SupportedByTask": true, "Description": "",
    });
    for (name, value) in &rule.parameters {
        body[name.as_str()] = parameter(value);
    }
    body
}

pub(super) fn sweep_rules(order: &Order<'_>) -> Result<Output, Failure> {
    let mut objects = Vec::new();
    for (user, mailbox) in chosen(order, "Mailbox")? {
        objects.extend(mailbox.sweep_rules.iter().map(|rule| {
            json!({
                "Identity": format!("{}\\{}", mailbox.alias, rule.id), "RuleId": rule.id, "Name": rule.name,
                "Enabled": rule.enabled, "Sender": rule.sender, "DestinationFolder": rule.destination,
                "KeepLatest": rule.keep_latest, "KeepForDays": null, "SourceFolder": "Inbox",
                "MailboxOwnerId": user.upn, "Provider": "Exchange16",
            })
        }));
    }
    Ok(Output::of(objects))
}

pub(super) fn phones(order: &Order<'_>) -> Result<Output, Failure> {
    let mut objects = Vec::new();
    for (user, mailbox) in chosen(order, "Mailbox")? {
        objects.extend(mailbox.phones.iter().map(|phone| {
            json!({
                "Identity": format!("{}\\ExchangeActiveSyncDevices\\{}", mailbox.alias, phone.id),
                "Guid": phone.id, "DeviceId": phone.device_id, "FriendlyName": phone.name,
                "DeviceOS": phone.system, "DeviceType": "iPhone", "ClientType": "EAS",
                "DeviceAccessState": "Allowed", "FirstSyncTime": seconds(phone.first),
                "UserDisplayName": user.display_name,
            })
        }));
    }
    Ok(Output::of(objects))
}

pub(super) fn bypass(order: &Order<'_>) -> Result<Output, Failure> {
    let json = |(user, mailbox): (&User, &Mailbox)| {
        json!({
            "Identity": mailbox.alias, "Name": mailbox.alias, "ObjectId": user.id, "Guid": user.id,
            "ExternalDirectoryObjectId": user.id, "AuditBypassEnabled": mailbox.audit.bypass,
            "WhenChangedUTC": seconds(mailbox.created),
        })
    };
    Ok(Output::of(
        chosen(order, "Identity")?.into_iter().map(json).collect(),
    ))
}

/// The owner's own right comes first, as it does there.
pub(super) fn permissions(order: &Order<'_>) -> Result<Output, Failure> {
    rights(
        order,
        |mailbox, user, own| {
            json!({
                "Identity": mailbox.alias, "User": user, "IsInherited": false, "Deny": false,
                "AccessRights": if own { json!(["FullAccess", "ReadPermission"]) } else { json!(["FullAccess"]) },
                "InheritanceType": "All",
            })
        },
        &Right::FullAccess,
    )
}

pub(super) fn send_as(order: &Order<'_>) -> Result<Output, Failure> {
    rights(
        order,
        |mailbox, user, _| {
            json!({
                "Identity": mailbox.alias, "Trustee": user, "AccessControlType": "Allow",
                "AccessRights": ["SendAs"], "Inherited": false, "InheritanceType": "None",
            })
        },
        &Right::SendAs,
    )
}

fn rights(
    order: &Order<'_>,
    json: impl Fn(&Mailbox, &str, bool) -> Value,
    right: &Right,
) -> Result<Output, Failure> {
    let mut objects = Vec::new();
    for (_, mailbox) in chosen(order, "Identity")? {
        objects.push(json(mailbox, "NT AUTHORITY\\SELF", true));
        let others = mailbox
            .delegates
            .iter()
            .filter(|delegate| delegate.right == *right);
        objects.extend(others.map(|delegate| json(mailbox, &delegate.upn, false)));
    }
    Ok(Output::of(objects))
}

pub(super) fn folders(order: &Order<'_>) -> Result<Output, Failure> {
    let mut objects = Vec::new();
    for (_, mailbox) in chosen(order, "Identity")? {
        for (place, folder) in mailbox.folders.iter().enumerate() {
            let inside = mailbox
                .messages
                .iter()
                .filter(|message| message.folder == place);
            let path = folder.path.replace('\\', "/");
            objects.push(json!({
                "Name": folder.name, "FolderPath": path, "FolderId": folder.id,
                "Identity": format!("{}\\{}", mailbox.alias, folder.path.trim_start_matches('\\')),
                "FolderType": kind(folder.well_known), "ItemsInFolder": inside.clone().count(),
                "FolderSize": format!("{} B", inside.map(|message| message.size).sum::<u64>()),
            }));
        }
    }
    Ok(Output::of(objects))
}

fn kind(well_known: Option<&str>) -> &'static str {
    match well_known {
        Some("inbox") => "Inbox",
        Some("sentitems") => "SentItems",
        Some("deleteditems") => "DeletedItems",
        Some("drafts") => "Drafts",
        Some("archive") => "Archive",
        Some("junkemail") => "JunkEmail",
        Some("calendar") => "Calendar",
        Some("recoverableitemsdeletions") => "RecoverableItemsDeletions",
        _ => "User Created",
    }
}

/// `Identity` names a mailbox and a folder: `upn:\Inbox`.
pub(super) fn folder_permissions(order: &Order<'_>) -> Result<Output, Failure> {
    let identity = order.parameters.text("Identity").unwrap_or_default();
    let (owner, path) = identity.split_once(':').unwrap_or((identity, ""));
    let all = order
        .tenant
        .users
        .iter()
        .filter_map(|user| Some((user, user.mailbox.as_ref()?)));
    let found = all
        .into_iter()
        .find(|(user, mailbox)| is(user, mailbox, owner));
    let (_, mailbox) = found.ok_or_else(|| Failure::not_found(identity))?;
    let path = folder_path(mailbox, path);
    let row = |user: &str, rights: &str| {
        json!({"Identity": identity, "FolderName": path.trim_start_matches('\\'),
            "User": {"DisplayName": user, "UserType": "Internal"}, "AccessRights": [rights], "SharingPermissionFlags": null})
    };
    let given = |who: &str| {
        let mut delegates = mailbox.delegates.iter();
        delegates.find_map(|delegate| match &delegate.right {
            Right::Folder { path: known, role } if *known == path && delegate.upn == who => {
                Some(role.as_str())
            }
            _ => None,
        })
    };
    let everybody = EVERYBODY.map(|who| row(who, given(who).unwrap_or("None")));
    let mut objects = everybody.to_vec();
    for delegate in &mailbox.delegates {
        if let Right::Folder { path: known, role } = &delegate.right
            && *known == path
            && !EVERYBODY.contains(&delegate.upn.as_str())
        {
            objects.push(row(&delegate.upn, role));
        }
    }
    Ok(Output::of(objects))
}

/// Who has rights to a folder without being anybody.
pub(super) const EVERYBODY: [&str; 2] = ["Default", "Anonymous"];

/// Returns the path of a folder that is named by its path or its id.
pub(super) fn folder_path(mailbox: &Mailbox, name: &str) -> String {
    let name = name.replace('/', "\\");
    let mut folders = mailbox.folders.iter();
    let folder = folders.find(|folder| folder.path == name || folder.id == name);
    folder.map_or(name, |folder| folder.path.clone())
}

pub(super) fn automatic_replies(order: &Order<'_>) -> Result<Output, Failure> {
    let json = |(_, mailbox): (&User, &Mailbox)| {
        json!({"Identity": mailbox.alias, "AutoReplyState": mailbox.automatic_replies,
            "ExternalAudience": "All", "InternalMessage": mailbox.reply_texts.0,
            "ExternalMessage": mailbox.reply_texts.1})
    };
    Ok(Output::of(
        chosen(order, "Identity")?.into_iter().map(json).collect(),
    ))
}
