//! Rights to folders.

use serde_json::json;

use super::{Cmdlet, Done, RECIPIENTS, bad, mailbox, needed, person, upn};
use crate::exchange::mailboxes::{EVERYBODY, folder_path};
use crate::exchange::{Failure, Order};
use crate::mailbox::{Delegate, Mailbox, Right};

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Add-MailboxFolderPermission",
        roles: RECIPIENTS,
        parameters: &["User", "AccessRights", "SharingPermissionFlags"],
        run: add,
    },
    Cmdlet {
        name: "Set-MailboxFolderPermission",
        roles: RECIPIENTS,
        parameters: &["User", "AccessRights", "SharingPermissionFlags"],
        run: set,
    },
    Cmdlet {
        name: "Remove-MailboxFolderPermission",
        roles: RECIPIENTS,
        parameters: &["User"],
        run: remove,
    },
];

/// Whose mailbox, which folder as it is named, and who.
struct Asked {
    owner: usize,
    folder: String,
    who: String,
    everybody: bool,
}

fn asked(order: &Order<'_>) -> Result<Asked, Failure> {
    let identity = needed(order, "Identity")?;
    let (owner, folder) = identity.split_once(':').unwrap_or((identity, ""));
    let owner = person(order, owner)?;
    let named = needed(order, "User")?;
    let everybody = EVERYBODY.iter().find(|who| who.eq_ignore_ascii_case(named));
    let who = match everybody {
        Some(who) => (*who).to_owned(),
        None => upn(order, named)?,
    };
    let mailbox = order.tenant.users[owner].mailbox.as_ref();
    let path = mailbox.map(|mailbox| folder_path(mailbox, folder));
    let known = |path: &String| {
        let mut folders = mailbox.iter().flat_map(|mailbox| &mailbox.folders);
        folders.any(|folder| folder.path == *path)
    };
    let path = path
        .filter(known)
        .ok_or_else(|| Failure::not_found(identity))?;
    Ok(Asked {
        owner,
        folder: path,
        who,
        everybody: everybody.is_some(),
    })
}

fn role(order: &Order<'_>) -> Result<String, Failure> {
    let rights = order.parameters.list("AccessRights");
    if rights.is_empty() {
        return Err(bad(
            "Cannot process command because of one or more missing mandatory parameters: AccessRights.",
        ));
    }
    Ok(rights.join(","))
}

fn is_meant(delegate: &Delegate, asked: &Asked) -> bool {
    let here = matches!(&delegate.right, Right::Folder { path, .. } if *path == asked.folder);
    here && delegate.upn == asked.who
}

fn has(mailbox: &Mailbox, asked: &Asked) -> bool {
    let mut delegates = mailbox.delegates.iter();
    delegates.any(|delegate| is_meant(delegate, asked))
}

/// Takes the right out, and says whether there was one.
fn take(mailbox: &mut Mailbox, asked: &Asked) -> bool {
    let had = has(mailbox, asked);
    let delegates = &mut mailbox.delegates;
    delegates.retain(|delegate| !is_meant(delegate, asked));
    had
}

fn give(mailbox: &mut Mailbox, asked: &Asked, role: &str) {
    mailbox.delegates.push(Delegate {
        upn: asked.who.clone(),
        right: Right::Folder {
            path: asked.folder.clone(),
            role: role.to_owned(),
        },
    });
}

fn absent(who: &str) -> Failure {
    Failure::new(
        404,
        "Microsoft.Exchange.Management.StoreTasks.UserNotFoundInPermissionEntryException",
        format!("There is no existing permission entry found for user: {who}."),
    )
}

fn object(order: &Order<'_>) -> String {
    order
        .parameters
        .text("Identity")
        .unwrap_or_default()
        .to_owned()
}

fn add(order: &Order<'_>) -> Result<Done, Failure> {
    let (asked, role) = (asked(order)?, role(order)?);
    mailbox(order, asked.owner, |mailbox| {
        if has(mailbox, &asked) || asked.everybody {
            let text = format!(
                "An existing permission entry was found for user: {}.",
                asked.who
            );
            return Err(Failure::new(
                400,
                "Microsoft.Exchange.Management.StoreTasks.UserAlreadyExistsInPermissionEntryException",
                text,
            ));
        }
        give(mailbox, &asked, &role);
        let row = json!({"Identity": object(order), "FolderName": asked.folder.trim_start_matches('\\'),
            "User": {"DisplayName": asked.who, "UserType": "Internal"}, "AccessRights": [role],
            "SharingPermissionFlags": null});
        Ok(Done::on(object(order)).showing(row))
    })
}

fn set(order: &Order<'_>) -> Result<Done, Failure> {
    let (asked, role) = (asked(order)?, role(order)?);
    mailbox(order, asked.owner, |mailbox| {
        if !take(mailbox, &asked) && !asked.everybody {
            return Err(absent(&asked.who));
        }
        // Whoever is everybody and may do nothing is as at the beginning.
        if !(asked.everybody && role == "None") {
            give(mailbox, &asked, &role);
        }
        Ok(Done::on(object(order)))
    })
}

fn remove(order: &Order<'_>) -> Result<Done, Failure> {
    let asked = asked(order)?;
    if asked.everybody {
        let text = format!(
            "The user \"{}\" can't be removed from the permission list.",
            asked.who
        );
        return Err(Failure::new(
            400,
            "Microsoft.Exchange.Management.StoreTasks.CannotRemoveSpecialUserException",
            text,
        ));
    }
    mailbox(order, asked.owner, |mailbox| {
        if take(mailbox, &asked) {
            return Ok(Done::on(object(order)));
        }
        Err(absent(&asked.who))
    })
}
