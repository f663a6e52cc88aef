//! A record of the cloud families seen through whatever dress it wears.
//!
//! One fact has many spellings: `eventDataId` (REST), `EventDataId` (Log Analytics),
//! `event_data_id` (the SDKs), `Event data ID` (the portal), with or without an envelope
//! of diagnostic settings around it. A [`Record`] finds a fact by its folded name, keeps
//! account of which keys a typed field holds in their own spelling, and writes the others
//! as the event's rest. What a fact means is the families' business, not this file's.

use super::value::tenant_of_path;
use super::value::{find_in, find_text, is_blank, lower, opened, same_name, text_of, trimmed};
use crate::rest::Rest;
use crate::{Context, made_id, time, user};
use model::{
    Address, DateOrder, Event, Family, Json, Normalised, Outcome, Raw, RecordId, Shape, TenantId,
    Timestamp, shown,
};
use std::borrow::Cow;

/// A record: the object that holds its facts, and the envelope that may stand around it.
pub(crate) struct Record<'r> {
    shape: Shape,
    body: &'r Json<'r>,
    envelope: Option<&'r Json<'r>>,
    columns: &'r [(Cow<'r, str>, Cow<'r, str>)],
    dates: DateOrder,
    /// The places in `body` of the keys that a typed field holds verbatim.
    held: Vec<usize>,
    errors: Vec<String>,
    damaged: bool,
}

/// Whether a source gives its records ids of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Every record has one, so that a missing one is worth an error.
    Always,
    /// None, or only some.
    Rarely,
}

impl<'r> Record<'r> {
    /// Returns a record that stands by itself.
    pub(crate) fn plain(raw: &'r Raw<'r>) -> Self {
        Self::new(raw, &raw.body, None)
    }

    /// Returns a record that stands inside the envelope of diagnostic settings.
    pub(crate) fn enveloped(raw: &'r Raw<'r>, properties: &'r Json<'r>) -> Self {
        Self::new(raw, properties, Some(&raw.body))
    }

    fn new(raw: &'r Raw<'r>, body: &'r Json<'r>, envelope: Option<&'r Json<'r>>) -> Self {
        Self {
            shape: raw.shape,
            body,
            envelope,
            columns: &raw.columns,
            dates: raw.dates,
            held: Vec::new(),
            errors: Vec::new(),
            damaged: false,
        }
    }

    /// Returns how the record is dressed.
    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    /// Returns whether a fact is there and not blank.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.find(names).is_some()
    }

    /// Returns a fact's text, and counts its key as held by the caller's field.
    pub(crate) fn take(&mut self, names: &[&str]) -> Cow<'r, str> {
        let Some((place, text)) = find_text(self.body, names) else {
            return Cow::Borrowed("");
        };
        self.held.push(place);
        text
    }

    /// Returns a fact's text in lower case; its key counts as held only where that changes nothing.
    pub(crate) fn take_folded(&mut self, names: &[&str]) -> Cow<'r, str> {
        let text = self.look(names);
        let folded = lower(trimmed(text.clone()));
        if folded == text {
            return self.take(names);
        }
        folded
    }

    /// Returns a fact's text.
    pub(crate) fn look(&self, names: &[&str]) -> Cow<'r, str> {
        find_text(self.body, names)
            .map(|(_, text)| text)
            .unwrap_or_default()
    }

    /// Returns the text of a key in exactly this spelling.
    pub(crate) fn exact(&self, key: &str) -> Cow<'r, str> {
        self.body.get(key).and_then(text_of).unwrap_or_default()
    }

    /// Returns the text of a fact of the envelope.
    pub(crate) fn outer(&self, names: &[&str]) -> Cow<'r, str> {
        let found = self
            .envelope
            .and_then(|envelope| find_text(envelope, names));
        found.map(|(_, text)| text).unwrap_or_default()
    }

    /// Returns the text of a column that stood around the record in its file.
    pub(crate) fn column(&self, name: &str) -> &'r str {
        let found = self
            .columns
            .iter()
            .find(|(column, _)| same_name(column, name));
        found.map_or("", |(_, value)| value)
    }

    /// Returns an object or array, also where it is dressed as text.
    pub(crate) fn nested(&self, names: &[&str]) -> Option<Cow<'r, Json<'r>>> {
        self.find(names).and_then(|(_, value)| opened(value))
    }

    /// Returns a value's place and the value of the first name that is there and not blank.
    fn find(&self, names: &[&str]) -> Option<(usize, &'r Json<'r>)> {
        find_in(self.body, names)
    }

    /// Enters the time: the first of these facts that is there decides, readable or not.
    ///
    /// A later fact never stands in for an unreadable one: it would be another clock.
    pub(crate) fn date(&mut self, event: &mut Event<'r>, names: &[&str], outer: &[&str]) {
        let inner = self.find(names);
        let found = inner.or_else(|| self.envelope.and_then(|envelope| find_in(envelope, outer)));
        let Some((place, value)) = found else {
            self.errors.push("it has no time".to_owned());
            return;
        };
        event.time = time::read_json(value, self.dates);
        event.time_text = text_of(value).unwrap_or_default();
        if inner.is_some() && !event.time_text.is_empty() {
            self.held.push(place);
        }
        if event.time.is_none() {
            self.damaged = true;
            let spelled: String = event.time_text.chars().take(60).collect();
            self.errors.push(format!(
                "its time `{}` cannot be read",
                shown::shown(&spelled)
            ));
        }
    }

    /// Reads a time that is not the event's own clock.
    pub(crate) fn moment(&self, names: &[&str]) -> Option<Timestamp> {
        self.find(names)
            .and_then(|(_, value)| time::read_json(value, self.dates))
    }

    /// Returns the tenant that the envelope names, or the path `/tenants/<id>/providers/...`.
    pub(crate) fn outer_tenant(&self) -> Cow<'r, str> {
        let named = self.outer(&["tenantid"]);
        if named.is_empty() {
            tenant_of_path(&self.outer(&["resourceid"]))
        } else {
            named
        }
    }

    /// Enters the id, or one made from the content where there is none.
    pub(crate) fn identify(&mut self, event: &mut Event<'r>, id: Cow<'r, str>, ids: Ids) {
        let id = trimmed(id);
        if !id.is_empty() {
            event.id = RecordId(id);
            return;
        }
        event.id = RecordId(Cow::Owned(made_id(&self.content())));
        event.id_made = true;
        if ids == Ids::Always {
            self.errors
                .push("it has no id, one was made from its content".to_owned());
        }
    }

    /// Returns what makes the record itself and not its delivery.
    ///
    /// Diagnostic settings deliver at least once, and the copies differ in the envelope's
    /// `time`; where a correlation id tells one act from the next, that time is left out.
    fn content(&self) -> Cow<'r, Json<'r>> {
        let whole = self.envelope.unwrap_or(self.body);
        let is_delivered = self.envelope.is_some() || self.shape == Shape::Diagnostic;
        if !is_delivered {
            return Cow::Borrowed(whole);
        }
        let is_told_apart = find_in(whole, &["correlationid"]).is_some();
        let kept = whole
            .entries()
            .iter()
            .filter(|(key, _)| !(is_told_apart && same_name(key, "time")));
        // The inner record as it was read, so that one dressed as text gives the same content.
        let kept = kept.map(|(key, value)| match self.envelope {
            Some(_) if same_name(key, "properties") => (key.clone(), self.body.clone()),
            _ => (key.clone(), value.clone()),
        });
        Cow::Owned(Json::Object(kept.collect()))
    }

    /// Says that there is nothing in it: one error instead of one a missing fact.
    pub(crate) fn is_empty_of(&mut self, what: &str) {
        self.errors = vec![what.to_owned()];
        self.damaged = true;
    }

    /// Says what is wrong with it.
    pub(crate) fn complain(&mut self, what: &str) {
        self.errors.push(what.to_owned());
    }

    /// Returns the digest of the content as it stands, for records whose every change counts.
    pub(crate) fn digest(&self) -> u64 {
        self.content().fingerprint()
    }

    /// Ends the event: writes the rest, and hands over what was wrong.
    pub(crate) fn finish(self, mut event: Event<'r>) -> Normalised<'r> {
        if event.action.is_empty() {
            event.action = action_of(&event.operation);
        }
        event.rest = self.rest(&event);
        Normalised {
            event,
            items: Vec::new(),
            delivery: None,
            errors: self.errors,
            damaged: self.damaged,
        }
    }

    fn rest(&self, event: &Event<'r>) -> String {
        let mut rest = Rest::new();
        for (place, (key, value)) in self.body.entries().iter().enumerate() {
            if !self.held.contains(&place) && !is_blank(value) {
                rest.keep(key, value);
            }
        }
        let around = self.around(event);
        if !around.is_empty() {
            rest.keep("envelope", &Json::Object(around));
        }
        rest.finish()
    }

    /// Returns what the envelope says and neither the event nor the properties say.
    fn around(&self, event: &Event<'r>) -> Vec<(Cow<'r, str>, Json<'r>)> {
        let Some(envelope) = self.envelope else {
            return Vec::new();
        };
        let mut around = envelope.entries().to_vec();
        around.retain(|(key, value)| {
            !same_name(key, "properties") && !is_blank(value) && !self.says(event, key, value)
        });
        around
    }

    fn says(&self, event: &Event<'r>, key: &str, value: &Json<'r>) -> bool {
        let Some(text) = text_of(value) else {
            return false;
        };
        let typed = [
            ("tenantid", event.tenant.as_str()),
            ("time", &event.time_text),
            ("operationname", &event.operation),
            ("calleripaddress", &event.address_text),
            ("correlationid", &event.correlation),
            ("resulttype", &event.error),
            ("resultdescription", &event.result),
        ];
        typed
            .iter()
            .any(|(name, held)| same_name(key, name) && *held == text)
            || self
                .body
                .get_any_case(key)
                .and_then(text_of)
                .is_some_and(|inner| inner == text)
    }
}

/// Begins the event: everything that is said the same way in every family.
pub(crate) fn begin<'r>(family: Family, source: &'static str) -> Event<'r> {
    Event {
        family,
        source,
        tenant: TenantId::default(),
        id: RecordId::default(),
        id_made: false,
        fingerprint: 0,
        time: None,
        time_text: Cow::Borrowed(""),
        record_type: None,
        workload: Cow::Borrowed(""),
        operation: Cow::Borrowed(""),
        action: Cow::Borrowed(""),
        user: Cow::Borrowed(""),
        user_text: Cow::Borrowed(""),
        user_key: Cow::Borrowed(""),
        user_kind: model::ActorKind::Unknown,
        mailbox: Cow::Borrowed(""),
        mailbox_id: Cow::Borrowed(""),
        object: Cow::Borrowed(""),
        outcome: Outcome::Unknown,
        result: Cow::Borrowed(""),
        error: Cow::Borrowed(""),
        address: None,
        address_text: Cow::Borrowed(""),
        session: Cow::Borrowed(""),
        token: Cow::Borrowed(""),
        app: Cow::Borrowed(""),
        resource_app: Cow::Borrowed(""),
        agent: Cow::Borrowed(""),
        device: Cow::Borrowed(""),
        correlation: Cow::Borrowed(""),
        logon_type: None,
        rest: String::new(),
    }
}

/// Enters whose record it is: what it says itself, else what the operator said.
pub(crate) fn enter_tenant<'r>(event: &mut Event<'r>, own: Cow<'r, str>, context: &Context<'r>) {
    let own = lower(trimmed(own));
    event.tenant = TenantId(match context.tenant {
        Some(given) if own.is_empty() => lower(Cow::Borrowed(given.trim())),
        _ => own,
    });
}

/// Enters who acted: the text as it stands, and what the house calls that actor.
pub(crate) fn enter_actor<'r>(event: &mut Event<'r>, text: Cow<'r, str>) {
    let (key, kind) = match &text {
        Cow::Borrowed(text) => {
            let actor = user::actor(text, None);
            (actor.key, actor.kind)
        }
        Cow::Owned(text) => {
            let actor = user::actor(text, None);
            (Cow::Owned(actor.key.into_owned()), actor.kind)
        }
    };
    event.user = key;
    event.user_kind = kind;
    event.user_text = text;
}

/// Enters the address.
pub(crate) fn enter_address<'r>(event: &mut Event<'r>, text: Cow<'r, str>) {
    event.address = Address::read(&text);
    event.address_text = text;
}

/// Returns a digest of what every dress of a record says alike, so that copies in two dresses agree.
pub(crate) fn essence(event: &Event<'_>, more: &[&str]) -> u64 {
    let second = event
        .time
        .map(|time| time.0.div_euclid(1_000_000).to_string());
    let address = event.address.map(|address| address.to_string());
    let facts = [
        event.id.as_str(),
        second.as_deref().unwrap_or_default(),
        &event.user,
        address.as_deref().unwrap_or_default(),
        event.outcome.name(),
    ];
    let all = facts.iter().chain(more);
    let all = all.map(|fact| Json::String(Cow::Owned(fact.to_lowercase())));
    Json::Array(all.collect()).fingerprint()
}

fn action_of<'r>(operation: &Cow<'r, str>) -> Cow<'r, str> {
    let is_dash = |character| matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}');
    let plain = trimmed(operation.clone());
    let plain = match plain.strip_suffix('.') {
        Some(stem) => Cow::Owned(stem.trim_end().to_owned()),
        None => plain,
    };
    if plain.contains(is_dash) {
        Cow::Owned(plain.replace(is_dash, "-"))
    } else {
        plain
    }
}
