//! What kind of client a record shows, told from its agent.
//!
//! The agent is written by whoever connects: a family orders contexts, it proves nothing.

/// How Exchange's client strings begin, in lower case, and the family each belongs to.
/// The order matters: the special stands before the general.
const BEGINNINGS: &[(&str, &str)] = &[
    ("client=owa", "OWA"),
    ("client=outlookservice", "Outlook mobile"),
    ("client=msexchangerpc", "Outlook"),
    ("client=mapi", "Outlook"),
    ("client=microsoft.exchange.activesync", "ActiveSync"),
    ("client=activesync", "ActiveSync"),
    ("client=microsoft.exchange.mapi", "Outlook"),
    ("client=pop3/imap4", "POP3/IMAP4"),
    ("client=pop3", "POP3"),
    ("client=imap4", "IMAP4"),
    ("client=webservices", "EWS"),
    ("client=management", "Management"),
    ("client=hub transport", "Transport"),
    ("client=rest", "REST"),
];

/// Clients that are parts of the service itself, in lower case.
/// Whoever connects can write such a string too, so it never decides alone.
const SERVICE_CLIENTS: &[&str] = &[
    "client=hub transport",
    "client=transport",
    "client=tba",
    "client=timebasedassistants",
    "client=eba",
    "client=eventbasedassistants",
    "client=elc",
    "client=ci",
    "client=monitoring",
    "client=microsoft.exchange.monitoring",
    "client=maintenance",
    "client=storeactivemonitoring",
    "client=simplemigration",
    "client=mailboxreplicationservice",
    "client=resourcebooking",
    "client=unifiedmessaging",
    "hub transport",
];

/// Words in the agents of scripts and shells, in lower case.
const SHELLS: &[&str] = &["powershell", "winrm", "exo management"];

/// Returns the family of a client: `OWA`, `Outlook`, `REST`, `RESTSystem`, `browser`, ...; empty where nothing tells.
pub(super) fn family(agent: &str, action: &str) -> &'static str {
    let agent = agent.trim().to_ascii_lowercase();
    if agent.contains("client=restsystem") {
        return "RESTSystem";
    }
    let exchange = BEGINNINGS
        .iter()
        .find(|(begin, _)| agent.starts_with(begin));
    if let Some((_, family)) = exchange {
        return family;
    }
    if is_service_string(&agent) {
        return "Service";
    }
    if SHELLS.iter().any(|word| agent.contains(word)) {
        return "PowerShell";
    }
    if agent.starts_with("mozilla/") || agent.starts_with("opera/") {
        return "browser";
    }
    if agent.contains("microsoft office") || agent.contains("microsoft outlook") {
        return "Office";
    }
    if agent.contains("onedrive") || agent.contains("microsoft skydrivesync") {
        return "OneDrive";
    }
    if agent.is_empty() && is_cmdlet(action) {
        return "PowerShell";
    }
    if agent.is_empty() { "" } else { "other" }
}

/// Returns whether a client string is one that parts of the service show.
pub(super) fn is_service_client(agent: &str) -> bool {
    let agent = agent.trim().to_ascii_lowercase();
    agent.contains("client=restsystem") || is_service_string(&agent)
}

fn is_service_string(agent: &str) -> bool {
    let first = agent.split(';').next().unwrap_or_default();
    SERVICE_CLIENTS.contains(&first)
}

/// Returns whether an operation is an administrator's cmdlet: `New-InboxRule` and not `Send`.
pub(super) fn is_cmdlet(action: &str) -> bool {
    action
        .split_once('-')
        .is_some_and(|(verb, noun)| is_word(verb) && is_word(noun))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns whether two agents of one address are the same program: exactly the same text, the
/// browser of a sign-in inside Exchange's client string, or the web client's own proxy, which
/// shows no browser.
pub(super) fn is_same_program(seen: &str, intruder: &str) -> bool {
    /// Shorter texts (`Mozilla/5.0`) stand in everybody's agent.
    const TELLING: usize = 24;
    let trimmed = intruder.trim();
    let is_proxy_of_web = seen.starts_with("Client=OWA;Action=")
        && (intruder.starts_with("Client=OWA") || intruder.starts_with("Mozilla/"));
    seen == intruder || (trimmed.len() >= TELLING && seen.contains(trimmed)) || is_proxy_of_web
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_told_from_the_agent() {
        for (agent, action, expected) in [
            (
                "Client=OWA;Mozilla/5.0 (Windows NT 10.0)",
                "MailItemsAccessed",
                "OWA",
            ),
            ("Client=OWA;Action=ViaProxy", "MailItemsAccessed", "OWA"),
            (
                "Client=REST;Client=RESTSystem;;",
                "MailItemsAccessed",
                "RESTSystem",
            ),
            ("Client=REST;;", "MailItemsAccessed", "REST"),
            ("Client=MSExchangeRPC", "MailItemsAccessed", "Outlook"),
            (
                "Client=Microsoft.Exchange.ActiveSync",
                "MailItemsAccessed",
                "ActiveSync",
            ),
            ("Client=POP3/IMAP4", "MailItemsAccessed", "POP3/IMAP4"),
            (
                "Client=POP3/IMAP4;Protocol=IMAP4",
                "MailItemsAccessed",
                "POP3/IMAP4",
            ),
            ("Client=WebServices;Microsoft Office/16.0", "Create", "EWS"),
            ("Client=Management", "Create", "Management"),
            ("Client=Hub Transport", "Create", "Transport"),
            ("Client=TBA;Assistant=Sharing", "Create", "Service"),
            ("", "New-InboxRule", "PowerShell"),
            ("", "FileDownloaded", ""),
            ("Mozilla/5.0 (X11)", "FileDownloaded", "browser"),
            ("Go-http-client/2.0", "FileDownloaded", "other"),
        ] {
            assert_eq!(family(agent, action), expected, "{agent} {action}");
        }
    }

    #[test]
    fn a_program_is_the_same_only_where_its_text_is() {
        let browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0";
        let in_exchange = format!("Client=OWA;{browser};");
        assert!(is_same_program(&in_exchange, browser));
        assert!(is_same_program("Client=OWA;Action=ViaProxy", &in_exchange));
        assert!(!is_same_program(&in_exchange, "Mozilla/5.0"));
        assert!(!is_same_program("Client=MSExchangeRPC", &in_exchange));
        assert!(!is_same_program(
            "Client=OWA;Action=ViaProxy",
            "Client=IMAP4"
        ));
    }
}
