//! Mailboxes: forwarding, send on behalf, protocols, automatic replies, who is not recorded.

use serde_json::Value;

use super::{Cmdlet, Done, ORGANIZATION, RECIPIENTS, bad, mailbox, needed, person, upn};
use crate::exchange::{Failure, Order};
use crate::mailbox::{Delegate, Mailbox, Right};

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Set-Mailbox",
        roles: RECIPIENTS,
        parameters: &[
            "ForwardingSmtpAddress",
            "ForwardingAddress",
            "DeliverToMailboxAndForward",
            "GrantSendOnBehalfTo",
            "AuditEnabled",
            "DefaultAuditSet",
        ],
        run: set,
    },
    Cmdlet {
        name: "Set-CASMailbox",
        roles: RECIPIENTS,
        parameters: PROTOCOLS,
        run: set_protocols,
    },
    Cmdlet {
        name: "Set-MailboxAutoReplyConfiguration",
        roles: RECIPIENTS,
        parameters: &[
            "AutoReplyState",
            "InternalMessage",
            "ExternalMessage",
            "ExternalAudience",
        ],
        run: set_replies,
    },
    Cmdlet {
        name: "Set-MailboxAuditBypassAssociation",
        roles: ORGANIZATION,
        parameters: &["AuditBypassEnabled"],
        run: set_bypass,
    },
];

const PROTOCOLS: &[&str] = &[
    "OWAEnabled",
    "ECPEnabled",
    "ImapEnabled",
    "PopEnabled",
    "MAPIEnabled",
    "EwsEnabled",
    "ActiveSyncEnabled",
    "OutlookMobileEnabled",
    "MacOutlookEnabled",
    "UniversalOutlookEnabled",
    "OneWinNativeOutlookEnabled",
    "SmtpClientAuthenticationDisabled",
];

/// Changes the mailbox of `Identity`; what stays as it was is told by a warning.
fn changed(
    order: &Order<'_>,
    work: impl FnOnce(&mut Mailbox) -> Result<(), Failure>,
) -> Result<Done, Failure> {
    let user = person(order, needed(order, "Identity")?)?;
    mailbox(order, user, |mailbox| {
        let before = crate::live::state::of_mailbox(mailbox);
        work(mailbox)?;
        let alias = mailbox.alias.clone();
        if crate::live::state::of_mailbox(mailbox) == before {
            return Ok(Done::unchanged(&alias));
        }
        Ok(Done::on(alias))
    })
}

/// A parameter that is there; null clears.
fn there<'a>(order: &'a Order<'_>, name: &str) -> Option<&'a Value> {
    let mut names = order.parameters.names();
    let known = names.any(|known| known.eq_ignore_ascii_case(name));
    known.then(|| order.parameters.value(name).unwrap_or(&Value::Null))
}

fn address(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let text = text.strip_prefix("smtp:").unwrap_or(text);
    (!text.is_empty()).then(|| text.to_owned())
}

fn set(order: &Order<'_>) -> Result<Done, Failure> {
    let on_behalf = there(order, "GrantSendOnBehalfTo")
        .map(|value| on_behalf(order, value))
        .transpose()?;
    let recipient = there(order, "ForwardingAddress").map(address);
    if let Some(Some(name)) = &recipient {
        person(order, name)?;
    }
    changed(order, |mailbox| {
        if let Some(value) = there(order, "ForwardingSmtpAddress") {
            mailbox.forwarding.smtp_address = address(value);
        }
        if let Some(recipient) = recipient {
            mailbox.forwarding.recipient = recipient;
        }
        if there(order, "DeliverToMailboxAndForward").is_some() {
            let keep = order.parameters.is_on("DeliverToMailboxAndForward");
            mailbox.forwarding.deliver_and_forward = keep;
        }
        if there(order, "AuditEnabled").is_some() {
            mailbox.audit.enabled = order.parameters.is_on("AuditEnabled");
        }
        if there(order, "DefaultAuditSet").is_some() {
            mailbox.audit.default_set = order.parameters.list("DefaultAuditSet");
        }
        if let Some(change) = on_behalf {
            change.make(mailbox);
        }
        Ok(())
    })
}

/// What happens to the list of those who may write for somebody.
enum OnBehalf {
    These(Vec<String>),
    Change {
        add: Vec<String>,
        remove: Vec<String>,
    },
}

fn on_behalf(order: &Order<'_>, value: &Value) -> Result<OnBehalf, Failure> {
    let names = |value: &Value| -> Result<Vec<String>, Failure> {
        let texts: Vec<&str> = match value {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            Value::String(text) if !text.is_empty() => vec![text],
            _ => Vec::new(),
        };
        texts.into_iter().map(|name| upn(order, name)).collect()
    };
    if !value.is_object() {
        return Ok(OnBehalf::These(names(value)?));
    }
    if value["@odata.type"] != "#Exchange.GenericHashTable" {
        return Err(bad(
            "Cannot process argument transformation on parameter 'GrantSendOnBehalfTo'.",
        ));
    }
    let field = |name: &str| {
        let table = value.as_object().into_iter().flatten();
        let mut found = table.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .next()
            .map_or(Ok(Vec::new()), |(_, value)| names(value))
    };
    Ok(OnBehalf::Change {
        add: field("add")?,
        remove: field("remove")?,
    })
}

impl OnBehalf {
    fn make(self, mailbox: &mut Mailbox) {
        let others = |delegate: &Delegate, list: &[String]| {
            delegate.right != Right::SendOnBehalf || !list.contains(&delegate.upn)
        };
        let (add, remove) = match self {
            Self::These(list) => {
                let delegates = &mut mailbox.delegates;
                delegates.retain(|delegate| delegate.right != Right::SendOnBehalf);
                (list, Vec::new())
            }
            Self::Change { add, remove } => (add, remove),
        };
        let delegates = &mut mailbox.delegates;
        delegates.retain(|delegate| others(delegate, &remove) && others(delegate, &add));
        let right = |upn| Delegate {
            upn,
            right: Right::SendOnBehalf,
        };
        delegates.extend(add.into_iter().map(right));
    }
}

fn set_protocols(order: &Order<'_>) -> Result<Done, Failure> {
    changed(order, |mailbox| {
        for name in PROTOCOLS {
            if let Some(value) = there(order, name) {
                let on = (!value.is_null()).then(|| order.parameters.is_on(name));
                mailbox.protocols.insert((*name).to_owned(), on);
            }
        }
        Ok(())
    })
}

fn set_replies(order: &Order<'_>) -> Result<Done, Failure> {
    let wanted = order.parameters.text("AutoReplyState");
    let states = ["Disabled", "Enabled", "Scheduled"];
    let state = wanted.map(|wanted| {
        let mut states = states.into_iter();
        let state = states.find(|state| state.eq_ignore_ascii_case(wanted));
        state.ok_or_else(|| {
            bad("Cannot process argument transformation on parameter 'AutoReplyState'.")
        })
    });
    let state = state.transpose()?;
    changed(order, |mailbox| {
        if let Some(state) = state {
            mailbox.automatic_replies = state;
        }
        let text = |name| {
            let value = there(order, name)?;
            Some(value.as_str().unwrap_or_default().to_owned())
        };
        if let Some(text) = text("InternalMessage") {
            mailbox.reply_texts.0 = text;
        }
        if let Some(text) = text("ExternalMessage") {
            mailbox.reply_texts.1 = text;
        }
        Ok(())
    })
}

fn set_bypass(order: &Order<'_>) -> Result<Done, Failure> {
    changed(order, |mailbox| {
        mailbox.audit.bypass = order.parameters.is_on("AuditBypassEnabled");
        Ok(())
    })
}
