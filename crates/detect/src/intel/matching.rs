//! Whether a record shows an indicator.

use super::indicator::{Indicator, IndicatorKind, network};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::is_in;
use model::{Event, Family, Json, Severity};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The id under which matches are found.
const DETECTION: &str = "INTEL";

/// Looks records up in all indicators at once.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    indicators: Vec<Indicator>,
    addresses: BTreeMap<IpAddr, u32>,
    networks: Vec<((IpAddr, u8), u32)>,
    words: BTreeMap<(IndicatorKind, String), u32>,
    agents: Vec<(String, u32)>,
    looks_inside: bool,
    /// Records that touched a message, where the record itself does not name it any more.
    records: BTreeMap<String, Vec<u32>>,
}

impl Matcher {
    /// Makes a matcher of indicators that count: those that have expired are the caller's to leave out.
    #[must_use]
    pub fn new(indicators: Vec<Indicator>) -> Self {
        let mut new = Self::default();
        for indicator in indicators {
            new.add(indicator);
        }
        new
    }

    /// Returns the message ids that are looked for.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let words = self.words.keys();
        words
            .filter(|(kind, _)| *kind == IndicatorKind::MessageId)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Says which records touched which messages: a store may keep the two apart.
    pub fn note_touching(&mut self, touching: Vec<(String, String)>) {
        for (message, record) in touching {
            let number = self.word(IndicatorKind::MessageId, &message);
            self.records.entry(record).or_default().extend(number);
        }
    }

    /// Returns whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.indicators.is_empty()
    }

    fn add(&mut self, indicator: Indicator) {
        let number = self.indicators.len() as u32;
        match indicator.kind {
            IndicatorKind::Address => {
                if let Ok(ip) = indicator.value.parse() {
                    self.addresses.insert(ip, number);
                }
            }
            IndicatorKind::Network => {
                self.networks
                    .extend(network(&indicator.value).map(|network| (network, number)));
            }
            IndicatorKind::Agent => self.agents.push((indicator.value.clone(), number)),
            kind => {
                self.looks_inside = true;
                self.words.insert((kind, indicator.value.clone()), number);
            }
        }
        self.indicators.push(indicator);
    }

    /// Adds the numbers of the indicators that a record shows.
    pub fn matching(&self, event: &Event<'_>, body: &Json<'_>, found: &mut Vec<u32>) {
        if self.is_empty() {
            return;
        }
        let before = found.len();
        if let Some(address) = event.address {
            found.extend(self.addresses.get(&address.ip));
            let networks = self.networks.iter();
            found.extend(
                networks
                    .filter(|(network, _)| is_in(*network, address.ip))
                    .map(|(_, number)| *number),
            );
        }
        for app in [&event.app, &event.resource_app] {
            found.extend(self.word(IndicatorKind::App, app));
        }
        if !self.records.is_empty() {
            let named = self.records.get(event.id.as_str());
            found.extend(named.into_iter().flatten());
        }
        if !self.agents.is_empty() && !event.agent.is_empty() {
            let agent = event.agent.to_lowercase();
            let agents = self.agents.iter();
            found.extend(
                agents
                    .filter(|(part, _)| agent.contains(part.as_str()))
                    .map(|(_, number)| *number),
            );
        }
        if self.looks_inside && may_name_others(event) {
            self.in_text(&event.object, found);
            self.inside(&Json::String(event.user.as_ref().into()), found);
            self.inside(body, found);
        }
        let mut new = found.split_off(before);
        new.sort_unstable();
        new.dedup();
        found.append(&mut new);
    }

    fn word(&self, kind: IndicatorKind, value: &str) -> Option<u32> {
        if value.is_empty() {
            return None;
        }
        self.words.get(&(kind, value.to_owned())).copied()
    }

    /// Looks at every text inside a value for addresses of mail, domains and message ids.
    fn inside(&self, value: &Json<'_>, found: &mut Vec<u32>) {
        match value {
            Json::String(text) => self.in_text(text, found),
            Json::Array(items) => items.iter().for_each(|item| self.inside(item, found)),
            Json::Object(entries) => {
                for (_, value) in entries {
                    self.inside(value, found);
                }
            }
            Json::Folded(folded) => self.inside(&folded.open(), found),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn in_text(&self, text: &str, found: &mut Vec<u32>) {
        let is_break = |one: char| one.is_whitespace() || ";,\"'()[]{}|".contains(one);
        for part in text.split(is_break) {
            if part.len() == GUID {
                found.extend(self.word(IndicatorKind::App, &part.to_lowercase()));
            }
            if !part.contains('.') && !part.contains('@') {
                continue;
            }
            if part.starts_with('<') {
                found.extend(self.word(IndicatorKind::MessageId, part));
            }
            let part = part.trim_matches(['<', '>']).to_lowercase();
            let part = part.strip_prefix("smtp:").unwrap_or(&part);
            if part.contains('@') {
                found.extend(self.word(IndicatorKind::Mail, part));
            }
            let host = part.split_once("://").map_or(part, |(_, rest)| rest);
            let host = host.rsplit_once('@').map_or(host, |(_, domain)| domain);
            let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
            self.domain(host, found);
        }
    }

    fn domain(&self, host: &str, found: &mut Vec<u32>) {
        let mut rest = host;
        loop {
            found.extend(self.word(IndicatorKind::Domain, rest));
            match rest.split_once('.') {
                Some((_, parent)) if parent.contains('.') => rest = parent,
                _ => return,
            }
        }
    }

    /// Returns the hit of a match.
    #[must_use]
    pub fn hit(&self, number: u32, seen: &Seen<'_>) -> Hit {
        let Some(indicator) = self.indicators.get(number as usize) else {
            return Hit::of(seen, Severity::Info, "an indicator that is gone");
        };
        let note = match indicator.note.as_str() {
            "" => String::new(),
            note => format!(" ({note})"),
        };
        let what = format!("{} `{}`{note}", indicator.kind.name(), indicator.value);
        let mut hit = Hit::of(
            seen,
            Severity::High,
            format!(
                "{} by {} shows the known {what}",
                seen.action(),
                seen.person()
            ),
        )
        .keyed(format!("{} {}", indicator.kind.name(), indicator.value))
        .compared(
            indicator.kind.name(),
            &indicator.value,
            "the imported indicators",
        )
        .silent_if("the indicator were not imported, or had expired")
        .titled("A known indicator of compromise");
        hit.detection = DETECTION.into();
        hit
    }
}

/// How long a GUID is.
const GUID: usize = 36;

/// Reading inside every record would cost more than it finds: mail, what sends mail elsewhere, and
/// what lets an application in.
fn may_name_others(event: &Event<'_>) -> bool {
    const ACTIONS: [&str; 18] = [
        "New-InboxRule",
        "Set-InboxRule",
        "UpdateInboxRules",
        "Set-Mailbox",
        "New-TransportRule",
        "Set-TransportRule",
        "Send",
        "SendAs",
        "SendOnBehalf",
        "TIMailData",
        "MailItemsAccessed",
        "TIUrlClickData",
        "Consent to application",
        "Add service principal",
        "Add OAuth2PermissionGrant",
        "Add delegated permission grant",
        "Add app role assignment grant to user",
        "Add app role assignment to service principal",
    ];
    event.family == Family::Message
        || ACTIONS
            .iter()
            .any(|action| event.action.eq_ignore_ascii_case(action))
        || event.user.contains("#ext#")
}
