//! Rights to whole mailboxes: full access, and sending as somebody.

use serde_json::json;

use super::{Cmdlet, Done, RECIPIENTS, bad, mailbox, needed, person, upn};
use crate::exchange::{Failure, Order};
use crate::mailbox::{Delegate, Right};

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Add-MailboxPermission",
        roles: RECIPIENTS,
        parameters: &["User", "AccessRights", "InheritanceType", "AutoMapping"],
        run: |order| add(order, "User", &Right::FullAccess),
    },
    Cmdlet {
        name: "Remove-MailboxPermission",
        roles: RECIPIENTS,
        parameters: &["User", "AccessRights", "InheritanceType"],
        run: |order| remove(order, "User", &Right::FullAccess),
    },
    Cmdlet {
        name: "Add-RecipientPermission",
        roles: RECIPIENTS,
        parameters: &["Trustee", "AccessRights"],
        run: |order| add(order, "Trustee", &Right::SendAs),
    },
    Cmdlet {
        name: "Remove-RecipientPermission",
        roles: RECIPIENTS,
        parameters: &["Trustee", "AccessRights"],
        run: |order| remove(order, "Trustee", &Right::SendAs),
    },
];

fn name(right: &Right) -> &'static str {
    if *right == Right::SendAs {
        "SendAs"
    } else {
        "FullAccess"
    }
}

/// Reads whose mailbox, who, and that it is this right: others are not given here.
fn asked(order: &Order<'_>, who: &str, right: &Right) -> Result<(usize, Delegate), Failure> {
    let user = person(order, needed(order, "Identity")?)?;
    let upn = upn(order, needed(order, who)?)?;
    let rights = order.parameters.list("AccessRights");
    let wanted = name(right);
    if rights.is_empty()
        || rights
            .iter()
            .any(|known| !known.eq_ignore_ascii_case(wanted))
    {
        return Err(bad(
            "Cannot process argument transformation on parameter 'AccessRights'.",
        ));
    }
    let right = right.clone();
    Ok((user, Delegate { upn, right }))
}

fn add(order: &Order<'_>, who: &str, right: &Right) -> Result<Done, Failure> {
    let (user, delegate) = asked(order, who, right)?;
    mailbox(order, user, |mailbox| {
        let alias = mailbox.alias.clone();
        let upn = &delegate.upn;
        let row = json!({
            "Identity": alias, "User": upn, "Trustee": upn, "AccessRights": [name(right)],
            "IsInherited": false, "Deny": false, "InheritanceType": "All",
            "AccessControlType": "Allow", "Inherited": false,
        });
        let done = Done::on(&alias).showing(row);
        if mailbox.delegates.contains(&delegate) {
            let text = format!(
                "The appropriate access control entry is already present on the object \"{alias}\" for account \"{upn}\"."
            );
            return Ok(done.warning(text));
        }
        mailbox.delegates.push(delegate);
        Ok(done)
    })
}

fn remove(order: &Order<'_>, who: &str, right: &Right) -> Result<Done, Failure> {
    let (user, delegate) = asked(order, who, right)?;
    mailbox(order, user, |mailbox| {
        let alias = mailbox.alias.clone();
        let before = mailbox.delegates.len();
        mailbox.delegates.retain(|known| *known != delegate);
        if mailbox.delegates.len() < before {
            return Ok(Done::on(alias));
        }
        let upn = &delegate.upn;
        let why = if *right == Right::SendAs {
            "isn't present"
        } else {
            "doesn't exist on the object"
        };
        let text = format!(
            "Can't remove the access control entry on the object \"{alias}\" for account \"{upn}\" because the ACE {why}."
        );
        Ok(Done::on(alias).warning(text))
    })
}
