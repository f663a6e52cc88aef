//! A sign-in, whatever log it comes from: the unified audit log, Graph, diagnostic settings, Log
//! Analytics or the portal's table.
//!
//! The same facts have other names and other places in each of them; here they have one. What a
//! record does not say is empty.

use crate::fact::Kind;
use crate::lists::agents;
use crate::seen::Seen;
use crate::words::Word;
use model::bags::Bag;
use model::{ActorKind, Family, Json, Outcome};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Requests that follow a sign-in, or ask something in its middle: nobody signs in anew.
const FOLLOW_UPS: &[&str] = &[
    "sas:",
    "login:reprocess",
    "login:resume",
    "kmsi",
    "consent:set",
    "messageprompt",
    "deviceauth:reprocesstls",
    "permitsso",
];

/// A sign-in, read when somebody asks.
pub(super) struct SignIn<'s, 'a> {
    seen: &'s Seen<'a>,
    /// The record inside the envelope of a diagnostic log.
    inner: Option<Cow<'s, Json<'a>>>,
}

impl<'s, 'a> SignIn<'s, 'a> {
    /// Returns the sign-in that a fact is, if it is one.
    pub(super) fn read(seen: &'s Seen<'a>) -> Option<Self> {
        if seen.kind() != Kind::SignIn {
            return None;
        }
        let is_entra = seen.fact().family == Family::SignIn;
        let envelope = is_entra.then(|| seen.body().get("properties")).flatten();
        Some(Self {
            seen,
            inner: envelope.map(Json::opened),
        })
    }

    /// Returns a person's own successful sign-in, no follow-up of an earlier one and no service's.
    pub(super) fn of_person(seen: &'s Seen<'a>) -> Option<Self> {
        Self::read(seen).filter(|one| one.is_persons() && one.is_in() && !one.is_follow_up())
    }

    /// Returns whether a person signed in, not an application.
    pub(super) fn is_persons(&self) -> bool {
        let is_other = matches!(
            self.seen.actor(),
            ActorKind::System | ActorKind::Application | ActorKind::Policy | ActorKind::Partner
        );
        !is_other && self.seen.user().contains('@')
    }

    /// Returns whether it let somebody in; a record that does not say how it ended did not.
    pub(super) fn is_in(&self) -> bool {
        self.seen.outcome() == Outcome::Success
    }

    /// Returns whether it only follows an earlier sign-in.
    pub(super) fn is_follow_up(&self) -> bool {
        let request = self.request();
        FOLLOW_UPS.iter().any(|front| {
            let start = request.get(..front.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(front))
        })
    }

    /// Returns whether a telephone's application showed the page inside itself: such traffic may
    /// come by another network than the telephone's own.
    pub(super) fn is_embedded(&self) -> bool {
        self.seen.agent().contains("; wv)")
    }

    /// Returns the request type of a unified audit record: `Login:login`, `OAuth2:Token`, ...
    pub(super) fn request(&self) -> &str {
        self.seen.extended().get("RequestType").unwrap_or_default()
    }

    /// Returns how a unified audit record says that the request went: `Success`, `Redirect`, ...
    pub(super) fn detail(&self) -> &str {
        let extended = self.seen.extended();
        extended.get("ResultStatusDetail").unwrap_or_default()
    }

    /// Returns a word of a unified audit record.
    pub(super) fn unified_word(&self, key: &str) -> &str {
        self.seen.word(key)
    }

    /// Returns a word of a record of Entra's sign-in logs, whatever the case and the blanks of its
    /// key; the unified audit log has none of them.
    pub(super) fn word(&self, key: &str) -> &str {
        self.value(key).and_then(Json::as_word).unwrap_or_default()
    }

    /// Returns whether a word of the record is one of these, whatever the case.
    pub(super) fn says(&self, key: &str, words: &[&str]) -> bool {
        let own = self.word(key);
        words.iter().any(|word| word.eq_ignore_ascii_case(own))
    }

    /// Returns the text of a value, however deep it is.
    pub(super) fn text(&self, key: &str) -> String {
        let mut text = String::new();
        if let Some(value) = self.value(key) {
            value.write(&mut text);
        }
        text
    }

    /// Returns the device from which it came, as far as the record knows it.
    pub(super) fn device(&self) -> Device {
        Device::read(self)
    }

    /// Returns whether the record is of Entra's sign-in logs, which say more than the audit log.
    pub(super) fn is_entra(&self) -> bool {
        self.seen.fact().family == Family::SignIn
    }

    fn value(&self, key: &str) -> Option<&Json<'a>> {
        if !self.is_entra() {
            return None;
        }
        let bodies = [self.inner.as_deref(), Some(self.seen.body())];
        bodies.into_iter().flatten().find_map(|body| {
            let mut entries = body.entries().iter();
            entries
                .find(|(name, _)| is_same_name(name, key))
                .map(|(_, value)| value)
        })
    }

    fn bag(&self, key: &str) -> Bag {
        let bodies = [self.inner.as_deref(), Some(self.seen.body())];
        let mut bags = bodies
            .into_iter()
            .flatten()
            .map(|body| Bag::read(body, key));
        bags.find(|bag| !bag.is_empty()).unwrap_or_default()
    }
}

/// A device, as a sign-in describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Device {
    /// Its operating system.
    pub(super) system: String,
    /// The browser.
    pub(super) browser: String,
    /// Whether the organisation manages it, has joined it, or calls it compliant.
    pub(super) is_managed: bool,
}

impl Device {
    fn read(sign_in: &SignIn<'_, '_>) -> Self {
        let bag = sign_in.bag(if sign_in.is_entra() {
            "deviceDetail"
        } else {
            "DeviceProperties"
        });
        let first = |in_bag: &[&str], in_record: &str| {
            let mut named = in_bag.iter().filter_map(|name| bag.get(name));
            let found = named.find(|value| !value.is_empty() && *value != "null");
            found.unwrap_or_else(|| sign_in.word(in_record)).to_owned()
        };
        let trust = first(&["trustType"], "Join Type");
        let is_yes = |text: &str| matches!(text.to_ascii_lowercase().as_str(), "true" | "yes");
        let is_managed = [
            first(&["IsCompliantAndManaged", "isManaged"], "Managed"),
            first(&["isCompliant"], "Compliant"),
        ];
        Self {
            system: first(&["OS", "operatingSystem"], "Operating System"),
            browser: first(&["BrowserType", "browser"], "Browser"),
            is_managed: is_managed.iter().any(|text| is_yes(text))
                || trust.to_ascii_lowercase().contains("joined"),
        }
    }
}

/// What clients look like, coarse enough to outlive an update: system and browser. Agents come again
/// and again: each is judged once.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    of: BTreeMap<Word, Rc<str>>,
}

impl Looks {
    /// Returns what the client of a sign-in looks like; empty if the record does not say.
    pub(super) fn of(&mut self, seen: &Seen<'_>, sign_in: &SignIn<'_, '_>) -> Rc<str> {
        if seen.fact().agent.is_none() {
            let device = sign_in.device();
            return look(&format!("{} {}", device.browser, device.system)).into();
        }
        let known = self.of.entry(seen.fact().agent);
        Rc::clone(known.or_insert_with(|| look(seen.agent()).into()))
    }
}

fn look(text: &str) -> String {
    let browser = agents::browser(text);
    match agents::system(text) {
        None => browser.to_owned(),
        Some(system) if browser.is_empty() => system.name().to_owned(),
        Some(system) => format!("{browser} on {}", system.name()),
    }
}

/// The portal's table spells `Authentication Protocol` what Graph spells `authenticationProtocol`.
fn is_same_name(left: &str, right: &str) -> bool {
    let plain = |text: &str| text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    if plain(left) != plain(right) {
        return false;
    }
    let letters = |byte: &u8| !matches!(byte, b' ' | b'_');
    left.eq_ignore_ascii_case(right)
        || left
            .bytes()
            .filter(letters)
            .map(|byte| byte.to_ascii_lowercase())
            .eq(right
                .bytes()
                .filter(letters)
                .map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_with_blanks_and_without() {
        assert!(is_same_name(
            "Authentication Protocol",
            "authenticationProtocol"
        ));
        assert!(is_same_name("deviceDetail", "DeviceDetail"));
        assert!(!is_same_name("Client app", "clientAppUsed"));
    }
}
