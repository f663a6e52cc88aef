//! What a record of a mailbox says of who was there: the mailbox, the client, the application.

use super::programs::is_part_of_exchange;
use crate::lists::apps::is_first_party;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;

/// A mailbox, or an account, of a tenant.
pub(in crate::catalogue) type Whose = (Word, Word);

/// Returns the mailbox that a record is about: the one it names, or that of whoever acted.
pub(in crate::catalogue) fn mailbox(seen: &Seen<'_>) -> Whose {
    let fact = seen.fact();
    let word = if fact.mailbox.is_none() {
        fact.user
    } else {
        fact.mailbox
    };
    (fact.tenant, word)
}

/// Returns the name of the mailbox that a record is about.
pub(in crate::catalogue) fn mailbox_name<'a>(seen: &Seen<'a>) -> &'a str {
    seen.text_of(mailbox(seen).1)
}

/// Returns whether a person, or an application in a person's name, did it: neither Microsoft's own
/// services nor an account that the operator knows as a machine's.
pub(in crate::catalogue) fn is_somebody(seen: &Seen<'_>, world: &World<'_>) -> bool {
    let is_machine = world.tenant.settings.machines.contains(seen.user());
    seen.is_done() && !seen.is_service() && !seen.user().starts_with("s-1-5-") && !is_machine
}

/// Returns what stands behind `Client=`: `OWA`, `MSExchangeRPC`, `REST`, `POP3/IMAP4`; a client that
/// does not write it so is what it says up to the first blank, slash or semicolon.
pub(in crate::catalogue) fn client(agent: &str) -> &str {
    match agent.strip_prefix("Client=") {
        Some(behind) => until(behind, &[';']),
        None => until(agent, &[';', ' ', '/']),
    }
}

fn until<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.split(ends).next().unwrap_or_default()
}

/// Returns the application through which it was done, if that is neither Microsoft's own nor one
/// that the operator approved.
pub(in crate::catalogue) fn third_party<'a>(seen: &Seen<'a>, world: &World<'_>) -> Option<&'a str> {
    let app = seen.app();
    let is_own = is_first_party(app) || is_part_of_exchange(app);
    let is_foreign = is_application(app) && !is_own && !world.tenant.is_approved_app(app);
    is_foreign.then_some(app)
}

/// Applications have GUIDs; what else stands in the field names no application.
fn is_application(app: &str) -> bool {
    app.len() == 36 && app.bytes().filter(|byte| *byte == b'-').count() == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_what_its_agent_begins_with() {
        for (agent, expected) in [
            ("Client=OWA;Mozilla/5.0 (Windows NT 10.0)", "OWA"),
            ("Client=MSExchangeRPC", "MSExchangeRPC"),
            ("Client=POP3/IMAP4;Protocol=IMAP4", "POP3/IMAP4"),
            ("Client=REST;;", "REST"),
            ("OUTLOOK.EXE/16.0.1", "OUTLOOK.EXE"),
            ("", ""),
        ] {
            assert_eq!(client(agent), expected, "{agent}");
        }
    }
}
