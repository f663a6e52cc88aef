//! Sweep rules, and telephones that synchronise.

use super::{Cmdlet, Done, RECIPIENTS, bad, mailbox, needed, person};
use crate::exchange::{Failure, Order};
use crate::mailbox::{Mailbox, SweepRule};

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Disable-SweepRule",
        roles: RECIPIENTS,
        parameters: &["Mailbox"],
        run: |order| switch(order, false),
    },
    Cmdlet {
        name: "Enable-SweepRule",
        roles: RECIPIENTS,
        parameters: &["Mailbox"],
        run: |order| switch(order, true),
    },
    Cmdlet {
        name: "Remove-SweepRule",
        roles: RECIPIENTS,
        parameters: &["Mailbox"],
        run: remove,
    },
    Cmdlet {
        name: "Remove-MobileDevice",
        roles: RECIPIENTS,
        parameters: &[],
        run: remove_phone,
    },
];

/// Returns whose it is, and its own id: `alias\id`, or an id beside `Mailbox`.
fn named<'a>(order: &'a Order<'_>) -> Result<(usize, &'a str), Failure> {
    let identity = needed(order, "Identity")?;
    let (owner, id) = identity.split_once('\\').unwrap_or(("", identity));
    let owner = order.parameters.text("Mailbox").unwrap_or(owner);
    if owner.is_empty() {
        return Err(bad("The parameter Mailbox is required."));
    }
    Ok((person(order, owner)?, id))
}

fn place(mailbox: &Mailbox, id: &str) -> Result<usize, Failure> {
    let fits = |rule: &SweepRule| rule.id == id || rule.name.eq_ignore_ascii_case(id);
    let place = mailbox.sweep_rules.iter().position(fits);
    place.ok_or_else(|| Failure::not_found(id))
}

fn switch(order: &Order<'_>, on: bool) -> Result<Done, Failure> {
    let (user, id) = named(order)?;
    mailbox(order, user, |mailbox| {
        let place = place(mailbox, id)?;
        let rule = &mut mailbox.sweep_rules[place];
        rule.enabled = on;
        Ok(Done::on(format!("{}\\{}", mailbox.alias, rule.id)))
    })
}

fn remove(order: &Order<'_>) -> Result<Done, Failure> {
    let (user, id) = named(order)?;
    mailbox(order, user, |mailbox| {
        let place = place(mailbox, id)?;
        let rule = mailbox.sweep_rules.remove(place);
        Ok(Done::on(format!("{}\\{}", mailbox.alias, rule.id)))
    })
}

/// By the identity that is shown, or by its last part alone.
fn remove_phone(order: &Order<'_>) -> Result<Done, Failure> {
    let identity = needed(order, "Identity")?;
    let id = identity.rsplit('\\').next().unwrap_or(identity);
    let mut users = order.tenant.users.iter();
    let owner = users.position(|user| {
        let mut phones = user.mailbox.iter().flat_map(|mailbox| &mailbox.phones);
        phones.any(|phone| phone.id == id)
    });
    let owner = owner.ok_or_else(|| Failure::not_found(identity))?;
    mailbox(order, owner, |mailbox| {
        mailbox.phones.retain(|phone| phone.id != id);
        Ok(Done::on(identity))
    })
}
