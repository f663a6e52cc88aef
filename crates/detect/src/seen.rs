//! A fact with its words: what a detection looks at.

use crate::fact::{Fact, Kind};
use crate::places::Place;
use crate::words::{Word, Words};
use model::bags::{Bag, each_object};
use model::{ActorKind, Address, AddressClass, Json, Outcome, Timestamp};
use std::cell::OnceCell;

/// A fact, its words, and the rest of its record, read when somebody asks.
#[derive(Debug)]
pub struct Seen<'a> {
    fact: &'a Fact,
    words: &'a Words,
    text: &'a str,
    place: Option<&'a Place>,
    address: OnceCell<Option<Address>>,
    body: OnceCell<Json<'a>>,
    parameters: OnceCell<Bag>,
    changes: OnceCell<Bag>,
    extended: OnceCell<Bag>,
    properties: OnceCell<Bag>,
}

impl<'a> Seen<'a> {
    /// Makes one of a fact and the text of its body.
    #[must_use]
    pub fn new(fact: &'a Fact, words: &'a Words, text: &'a str, place: Option<&'a Place>) -> Self {
        Self {
            fact,
            words,
            text,
            place,
            address: OnceCell::new(),
            body: OnceCell::new(),
            parameters: OnceCell::new(),
            changes: OnceCell::new(),
            extended: OnceCell::new(),
            properties: OnceCell::new(),
        }
    }

    /// Returns the fact itself: what a detection keeps of it for later.
    #[must_use]
    pub fn fact(&self) -> &'a Fact {
        self.fact
    }

    /// Returns the text of a word.
    #[must_use]
    pub fn text_of(&self, word: Word) -> &'a str {
        self.words.text(word)
    }

    /// Returns when it happened.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.fact.time
    }

    /// Returns what kind of thing happened.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.fact.kind
    }

    /// Returns the operation, without a trailing dot or blank.
    #[must_use]
    pub fn action(&self) -> &'a str {
        self.text_of(self.fact.action)
    }

    /// Returns whether the operation is one of these, whatever the case.
    #[must_use]
    pub fn is_action(&self, actions: &[&str]) -> bool {
        let own = self.action();
        actions.iter().any(|one| one.eq_ignore_ascii_case(own))
    }

    /// Returns the service.
    #[must_use]
    pub fn workload(&self) -> &'a str {
        self.text_of(self.fact.workload)
    }

    /// Returns who acted, in lower case: a UPN, or the name of a service or application.
    #[must_use]
    pub fn user(&self) -> &'a str {
        self.text_of(self.fact.user)
    }

    /// Returns the mailbox that was touched, in lower case.
    #[must_use]
    pub fn mailbox(&self) -> &'a str {
        self.text_of(self.fact.mailbox)
    }

    /// Returns the person it concerns: who acted, or whose mailbox it is where no person acted.
    #[must_use]
    pub fn person(&self) -> &'a str {
        let user = self.user();
        if user.contains('@') || self.mailbox().is_empty() {
            user
        } else {
            self.mailbox()
        }
    }

    /// Returns the address from which, as text.
    #[must_use]
    pub fn ip(&self) -> &'a str {
        self.text_of(self.fact.address)
    }

    /// Returns the address from which.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        *self.address.get_or_init(|| Address::read(self.ip()))
    }

    /// Returns whether the address is one from which a person can have come: public, and not
    /// Microsoft's own.
    #[must_use]
    pub fn is_from_outside(&self) -> bool {
        self.address()
            .is_some_and(|address| address.class() == AddressClass::Public)
    }

    /// Returns where the address is, as far as the database of places or the record knows.
    #[must_use]
    pub fn place(&self) -> Option<&'a Place> {
        self.place
    }

    /// Returns the network of the address: `AS64500` where it is known, else its /24 or /48; empty
    /// where there is no address of a person.
    #[must_use]
    pub fn network(&self) -> String {
        match (self.place, self.address()) {
            (Some(place), Some(_)) if place.asn != 0 => format!("AS{}", place.asn),
            (_, Some(address)) if address.class() == AddressClass::Public => {
                crate::places::prefix(address.ip)
            }
            _ => String::new(),
        }
    }

    /// Returns the session.
    #[must_use]
    pub fn session(&self) -> &'a str {
        self.text_of(self.fact.session)
    }

    /// Returns the client application's id, in lower case.
    #[must_use]
    pub fn app(&self) -> &'a str {
        self.text_of(self.fact.app)
    }

    /// Returns the id of what was called, in lower case.
    #[must_use]
    pub fn resource(&self) -> &'a str {
        self.text_of(self.fact.resource)
    }

    /// Returns the user agent, or what stands for it.
    #[must_use]
    pub fn agent(&self) -> &'a str {
        self.text_of(self.fact.agent)
    }

    /// Returns the device's id.
    #[must_use]
    pub fn device(&self) -> &'a str {
        self.text_of(self.fact.device)
    }

    /// Returns the error number, as text.
    #[must_use]
    pub fn error(&self) -> &'a str {
        self.text_of(self.fact.error)
    }

    /// Returns how it ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.fact.outcome
    }

    /// Returns whether it was done: what does not say that it failed or was interrupted.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !matches!(self.fact.outcome, Outcome::Failure | Outcome::Interrupted)
    }

    /// Returns what kind of actor did it.
    #[must_use]
    pub fn actor(&self) -> ActorKind {
        self.fact.actor
    }

    /// Returns whether Microsoft's own service did it.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.fact.actor == ActorKind::System
    }

    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> String {
        self.fact.record.text(self.words)
    }

    /// Returns what was acted on.
    #[must_use]
    pub fn object(&self) -> &str {
        self.body().text(crate::gather::OBJECT).unwrap_or_default()
    }

    /// Returns the rest of the record; keys whose values have methods of their own here may be missing.
    #[must_use]
    pub fn body(&self) -> &Json<'a> {
        self.body
            .get_or_init(|| model::json::parse(self.text).map_or(Json::Null, |parsed| parsed.value))
    }

    /// Returns the rest of the record as it is kept, as text.
    #[must_use]
    pub fn body_text(&self) -> &'a str {
        self.text
    }

    /// Returns a key of the record as a word, whatever the case of the key; empty if there is none.
    #[must_use]
    pub fn word(&self, key: &str) -> &str {
        self.body()
            .get_any_case(key)
            .and_then(Json::as_word)
            .unwrap_or_default()
    }

    /// Returns the parameters of a cmdlet.
    #[must_use]
    pub fn parameters(&self) -> &Bag {
        self.parameters
            .get_or_init(|| Bag::read_flattened(self.body(), "Parameters"))
    }

    /// Returns a parameter of a cmdlet that is set: not empty and not `$null`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let value = self.parameters().get(name)?.trim();
        let is_set = !value.is_empty() && !value.eq_ignore_ascii_case("$null");
        is_set.then_some(value)
    }

    /// Returns what a directory record changed, from what to what.
    #[must_use]
    pub fn changes(&self) -> &Bag {
        self.changes.get_or_init(|| Bag::read_changes(self.body()))
    }

    /// Returns the new and the old value of a changed property, if it was changed.
    #[must_use]
    pub fn change(&self, name: &str) -> Option<(&str, &str)> {
        self.changes()
            .iter()
            .find(|one| one.name.eq_ignore_ascii_case(name))
            .map(|one| (one.value.as_str(), one.before.as_str()))
    }

    /// Returns the extended properties.
    #[must_use]
    pub fn extended(&self) -> &Bag {
        self.extended
            .get_or_init(|| Bag::read(self.body(), "ExtendedProperties"))
    }

    /// Returns the operation properties of a mailbox record.
    #[must_use]
    pub fn properties(&self) -> &Bag {
        self.properties
            .get_or_init(|| Bag::read(self.body(), "OperationProperties"))
    }

    /// Returns the names of those who were acted on, in lower case: the targets of a directory
    /// record, or its object.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut add = |text: &str| {
            let text = text.trim().to_lowercase();
            if text.contains('@') && !text.contains(' ') && !found.contains(&text) {
                found.push(text);
            }
        };
        each_object(self.body().get_any_case("Target"), &mut |one| {
            add(one
                .get_any_case("ID")
                .and_then(Json::as_word)
                .unwrap_or_default());
        });
        each_object(self.body().get_any_case("TargetResources"), &mut |one| {
            for key in ["userPrincipalName", "displayName"] {
                add(one
                    .get_any_case(key)
                    .and_then(Json::as_word)
                    .unwrap_or_default());
            }
        });
        add(self.object());
        found
    }

    /// Returns the person who was acted on, in lower case; where the record names none, who acted.
    #[must_use]
    pub fn target(&self) -> String {
        let targets = self.targets();
        targets
            .into_iter()
            .next()
            .unwrap_or_else(|| self.person().to_owned())
    }

    /// Returns the ids and names of the targets as they stand there.
    #[must_use]
    pub fn target_words(&self) -> Vec<String> {
        let mut found = Vec::new();
        for key in ["Target", "TargetResources"] {
            each_object(self.body().get_any_case(key), &mut |one| {
                for key in ["ID", "displayName", "userPrincipalName"] {
                    if let Some(word) = one.get_any_case(key).and_then(Json::as_word) {
                        found.push(word.to_owned());
                    }
                }
            });
        }
        found
    }
}
