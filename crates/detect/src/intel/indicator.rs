//! One thing that is known to be an intruder's.

use model::{Address, Timestamp};
use std::net::IpAddr;

/// What kind of thing an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndicatorKind {
    /// A network address.
    Address,
    /// A range of addresses, as `203.0.113.0/24`.
    Network,
    /// A domain, with everything below it.
    Domain,
    /// A mail address.
    Mail,
    /// An application's id.
    App,
    /// A user agent, or a part of one.
    Agent,
    /// A message's Message-ID.
    MessageId,
}

impl IndicatorKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Address,
        Self::Network,
        Self::Domain,
        Self::Mail,
        Self::App,
        Self::Agent,
        Self::MessageId,
    ];

    /// Returns the word that files and outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "ip",
            Self::Network => "network",
            Self::Domain => "domain",
            Self::Mail => "mail",
            Self::App => "app",
            Self::Agent => "agent",
            Self::MessageId => "message-id",
        }
    }

    /// Returns the kind of that name, or of one that other products use for it.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace(['_', ' '], "-");
        Some(match name.as_str() {
            "ip" | "address" | "ipv4" | "ipv6" | "ipv4-addr" | "ipv6-addr" | "ip-src"
            | "ip-dst" | "ip-src|port" | "ip-dst|port" => Self::Address,
            "network" | "range" | "cidr" => Self::Network,
            "domain" | "domain-name" | "hostname" | "host" | "url" | "uri" | "domain|ip" => {
                Self::Domain
            }
            "mail" | "email" | "email-addr" | "email-src" | "email-dst" | "email-reply-to" => {
                Self::Mail
            }
            "app" | "app-id" | "appid" | "application" | "client-id" => Self::App,
            "agent" | "user-agent" | "useragent" => Self::Agent,
            "message-id" | "messageid" | "email-message-id" | "internet-message-id" => {
                Self::MessageId
            }
            _ => return None,
        })
    }
}

/// One thing that is known to be an intruder's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Indicator {
    /// What kind of thing it is.
    pub kind: IndicatorKind,
    /// The thing, in canonical form.
    pub value: String,
    /// What whoever knows it says of it.
    pub note: String,
    /// Until when it counts.
    pub expires: Option<Timestamp>,
}

impl Indicator {
    /// Makes an indicator of a value, defanged or not; of the kind that it looks like where none is
    /// given. Nothing where the value is not of that kind, or looks like none.
    #[must_use]
    pub fn read(kind: Option<IndicatorKind>, value: &str) -> Option<Self> {
        let value = refanged(value.trim());
        let kind = match kind {
            Some(kind) => kind,
            None => guessed(&value)?,
        };
        let (kind, value) = canonical(kind, &value)?;
        Some(Self {
            kind,
            value,
            note: String::new(),
            expires: None,
        })
    }
}

/// Undoes what keeps an indicator from being clicked on: `hxxp`, `[.]`, `[@]`.
fn refanged(text: &str) -> String {
    let mut text = text
        .replace("[.]", ".")
        .replace("(.)", ".")
        .replace("[:]", ":")
        .replace("[@]", "@")
        .replace("[at]", "@");
    for (defanged, real) in [("hxxps://", "https://"), ("hxxp://", "http://")] {
        if text
            .get(..defanged.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(defanged))
        {
            text.replace_range(..defanged.len(), real);
        }
    }
    text
}

fn guessed(value: &str) -> Option<IndicatorKind> {
    if Address::read(value).is_some() {
        return Some(IndicatorKind::Address);
    }
    if network(value).is_some() {
        return Some(IndicatorKind::Network);
    }
    if value.starts_with('<') && value.ends_with('>') && value.contains('@') {
        return Some(IndicatorKind::MessageId);
    }
    if is_guid(value) {
        return Some(IndicatorKind::App);
    }
    if value.contains("://") || is_domain(value) {
        return Some(IndicatorKind::Domain);
    }
    let (local, domain) = value.split_once('@')?;
    (!local.is_empty() && is_domain(domain)).then_some(IndicatorKind::Mail)
}

fn canonical(kind: IndicatorKind, value: &str) -> Option<(IndicatorKind, String)> {
    let text = match kind {
        IndicatorKind::Address => {
            let (value, _port) = value.split_once('|').unwrap_or((value, ""));
            match Address::read(value) {
                Some(address) => address.to_string(),
                // Lists often have ranges among their addresses.
                None => return canonical(IndicatorKind::Network, value),
            }
        }
        IndicatorKind::Network => {
            let (ip, length) = network(value)?;
            format!("{ip}/{length}")
        }
        IndicatorKind::Domain => {
            let value = value.split_once('|').map_or(value, |(domain, _ip)| domain);
            let host = host_of(value).to_lowercase();
            if let Some(address) = Address::read(&host) {
                return Some((IndicatorKind::Address, address.to_string()));
            }
            is_domain(&host).then_some(host)?
        }
        IndicatorKind::Mail => {
            let value = value.to_lowercase();
            let (local, domain) = value.split_once('@')?;
            (!local.is_empty() && is_domain(domain)).then(|| value.clone())?
        }
        IndicatorKind::App => is_guid(value).then(|| value.to_lowercase())?,
        // A short one would match what everybody uses.
        IndicatorKind::Agent => (value.len() >= 4).then(|| value.to_lowercase())?,
        IndicatorKind::MessageId => {
            let inside = value.trim_start_matches('<').trim_end_matches('>');
            inside.contains('@').then(|| format!("<{inside}>"))?
        }
    };
    Some((kind, text))
}

/// Returns the address and the length of a range; one that is everything is none.
pub(super) fn network(value: &str) -> Option<(IpAddr, u8)> {
    let (ip, length) = value.trim().split_once('/')?;
    let ip: IpAddr = ip.parse().ok()?;
    let length: u8 = length.parse().ok()?;
    let widest = if ip.is_ipv4() { 32 } else { 128 };
    (1..=widest).contains(&length).then_some((ip, length))
}

fn host_of(value: &str) -> &str {
    let behind = value.split_once("://").map_or(value, |(_, rest)| rest);
    let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let bare = host.split_once(':').map_or(host, |(host, _port)| host);
    bare.trim_end_matches('.').trim_start_matches("*.")
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|one| one.is_alphanumeric() || matches!(one, '-' | '_'))
    };
    let ends_in_letters = text
        .rsplit('.')
        .next()
        .is_some_and(|last| last.chars().any(char::is_alphabetic));
    text.contains('.') && text.split('.').all(is_label) && ends_in_letters
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, one)| match at {
            8 | 13 | 18 | 23 => one == '-',
            _ => one.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, kind: &str, value: &str) {
        let found = Indicator::read(None, text).unwrap_or_else(|| panic!("{text} is nothing"));
        assert_eq!(
            (found.kind.name(), found.value.as_str()),
            (kind, value),
            "{text}"
        );
    }

    #[test]
    fn a_value_is_what_it_looks_like() {
        check("203.0.113.7", "ip", "203.0.113.7");
        check("203.0.113[.]7", "ip", "203.0.113.7");
        check("2001:DB8::7", "ip", "2001:db8::7");
        check("203.0.113.0/24", "network", "203.0.113.0/24");
        check(
            "hxxps://login.evil[.]example/owa?x=1",
            "domain",
            "login.evil.example",
        );
        check("http://203.0.113.9:8080/x", "ip", "203.0.113.9");
        check("Evil.Example", "domain", "evil.example");
        check("Ceo@Evil.example", "mail", "ceo@evil.example");
        check("<Ab1@evil.example>", "message-id", "<Ab1@evil.example>");
        check(
            "395A1045-4185-43F1-BA4F-2B889BF74160",
            "app",
            "395a1045-4185-43f1-ba4f-2b889bf74160",
        );
    }

    #[test]
    fn what_looks_like_nothing_is_nothing() {
        for text in [
            "",
            "evil",
            "0.0.0.0/0",
            "1.2.3.4/33",
            "two words",
            "@x.example",
            "1.2",
        ] {
            assert_eq!(Indicator::read(None, text), None, "{text}");
        }
        assert_eq!(Indicator::read(Some(IndicatorKind::Agent), "Go"), None);
        assert_eq!(
            Indicator::read(Some(IndicatorKind::App), "evil.example"),
            None
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
            let _ = Indicator::read(None, &text);
            for kind in IndicatorKind::ALL {
                let _ = Indicator::read(Some(kind), &text);
            }
        }
    }
}
