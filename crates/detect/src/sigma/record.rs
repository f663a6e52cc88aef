//! A record as rules ask for it: columns, body and bags, each read when somebody asks.

use super::columns::{Columns, entries_of, is_own_key};
use super::fields;
use super::parts::{each_text, find, flat, plain_text, walk};
use super::route::Route;
use super::value::Value;
use crate::gather::Surface;
use crate::seen::Seen;
use model::bags::Bag;
use model::{Event, Family, Json};
use std::borrow::Cow;
use std::cell::OnceCell;

/// How often JSON may be wrapped in a string before it is only text.
const WRAPPINGS: u8 = 3;

/// The bags that a record may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pouch {
    Parameters,
    Extended,
    Device,
    Operation,
    Changes,
}

impl Pouch {
    const ALL: [Self; 5] = [
        Self::Parameters,
        Self::Extended,
        Self::Device,
        Self::Operation,
        Self::Changes,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Parameters => "Parameters",
            Self::Extended => "ExtendedProperties",
            Self::Device => "DeviceProperties",
            Self::Operation => "OperationProperties",
            Self::Changes => "ModifiedProperties",
        }
    }

    /// Returns the bag of that name, and what of the path stands behind the name.
    pub(crate) fn of_path(path: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|pouch| {
            let front = path.get(..pouch.key().len())?;
            let rest = &path[front.len()..];
            let is_whole = rest.is_empty() || rest.starts_with(['.', '[']);
            (is_whole && front.eq_ignore_ascii_case(pouch.key())).then_some((pouch, rest))
        })
    }
}

/// A record on one route.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) columns: Columns<'a>,
    body: Cow<'a, Json<'a>>,
    bags: [OnceCell<Bag>; 5],
}

impl<'a> Record<'a> {
    /// Makes one of an event and its body, whole or only what the event does not hold.
    pub(crate) fn of_event(event: &'a Event<'_>, body: &'a Json<'_>) -> Self {
        Self::new(&Columns::of_event(event), body.opened())
    }

    /// Makes one of a fact and the body that was kept with it.
    pub(crate) fn of_seen(seen: &'a Seen<'_>) -> Self {
        Self::new(&Columns::of_seen(seen), Cow::Borrowed(seen.body()))
    }

    /// Makes one of which nothing but its surface is known.
    pub(crate) fn of_surface(surface: &Surface<'a>) -> Self {
        Self::new(&Columns::of_surface(surface), Cow::Owned(Json::Null))
    }

    fn new(columns: &Columns<'a>, body: Cow<'a, Json<'a>>) -> Self {
        Self {
            columns: *columns,
            body,
            bags: Default::default(),
        }
    }

    /// Returns the body.
    pub(crate) fn body(&self) -> &Json<'a> {
        &self.body
    }

    /// Returns what a field answers on a route.
    pub(crate) fn field(&self, route: Route, name: &str) -> Option<Value<'_>> {
        fields::answer(self, route, name)
    }

    /// Returns a bag.
    pub(crate) fn bag(&self, pouch: Pouch) -> &Bag {
        self.bags[pouch as usize].get_or_init(|| self.read(pouch))
    }

    fn read(&self, pouch: Pouch) -> Bag {
        if pouch != Pouch::Changes
            && let Some(found) = find(self.body(), pouch.key())
            && !matches!(found, Json::Folded(_))
        {
            return Bag::read(self.body(), pouch.key());
        }
        let keys: &[&str] = match pouch {
            Pouch::Changes => &["ModifiedProperties", "TargetResources", "targetResources"],
            _ => &[pouch.key()],
        };
        // A folded value shows nothing of itself to the reader of bags.
        let mut opened: Vec<(Cow<'_, str>, Json<'_>)> = Vec::new();
        for key in keys {
            if let Some(found) = self.value(key) {
                opened.push((Cow::Borrowed(*key), found.opened().into_owned()));
            }
        }
        let holder = Json::Object(opened);
        match pouch {
            Pouch::Changes => {
                let found = Bag::read_changes(&holder);
                if found.is_empty() {
                    Bag::read_changes(self.body())
                } else {
                    found
                }
            }
            _ => Bag::read(&holder, pouch.key()),
        }
    }

    /// Returns a value of a bag by its name, without taking the bag apart where its pairs are plain.
    pub(crate) fn in_bag(&self, pouch: Pouch, name: &str) -> Option<&str> {
        if let Some(Json::Folded(folded)) = find(self.body(), pouch.key())
            && let Some(pairs) = folded.pairs()
        {
            let mut pairs = pairs.iter();
            let found = pairs.find(|(own, _)| own.eq_ignore_ascii_case(name))?;
            return Some(&found.1);
        }
        self.bag(pouch).get(name)
    }

    /// Returns a bag as one text, without taking it apart where its pairs are plain.
    pub(crate) fn bag_text(&self, pouch: Pouch) -> Option<String> {
        if let Some(found) = find(self.body(), pouch.key())
            && let Some(text) = plain_text(found)
        {
            return Some(text);
        }
        let bag = self.bag(pouch);
        (!bag.is_empty()).then(|| flat(bag))
    }

    /// Returns a key's value, whatever its case, wherever the record's dress puts it.
    pub(crate) fn value(&self, key: &str) -> Option<Cow<'_, Json<'a>>> {
        self.look(&["properties", "", "envelope"], key)
    }

    /// Returns a key's value from the outside of the record first.
    pub(crate) fn outer(&self, key: &str) -> Option<Cow<'_, Json<'a>>> {
        self.look(&["", "properties", "envelope"], key)
    }

    fn look(&self, places: &[&str], key: &str) -> Option<Cow<'_, Json<'a>>> {
        // The unified log dresses nothing up.
        if self.columns.family == Family::Unified {
            return find(self.body(), key).map(Cow::Borrowed);
        }
        places.iter().find_map(|place| {
            if place.is_empty() {
                return find(self.body(), key).map(Cow::Borrowed);
            }
            match find(self.body(), place)? {
                inner @ Json::Object(_) => find(inner, key).map(Cow::Borrowed),
                Json::Folded(folded) => find(&folded.open(), key).cloned().map(Cow::Owned),
                _ => None,
            }
        })
    }

    /// Returns a key's single value as a text of its own.
    pub(crate) fn word(&self, key: &str) -> Option<String> {
        let found = self.value(key)?;
        found.as_word().map(str::to_owned)
    }

    /// Returns what stands at a path: through objects, lists, pairs of name and value, and JSON
    /// in strings.
    pub(crate) fn path(&self, path: &str) -> Option<Value<'static>> {
        if let Some(whole) = self.outer(path) {
            return Some(Value::of_json(&whole));
        }
        let (first, rest) = path.split_once('.')?;
        let start = self.outer(first)?;
        let mut found = Vec::new();
        walk(&start, rest, WRAPPINGS, &mut found);
        Value::any_of(found)
    }

    /// Visits every text anywhere in the record.
    pub(crate) fn each_text(&self, visit: &mut dyn FnMut(&str)) {
        self.columns.each(visit);
        for (key, value) in entries_of(self.body()) {
            if !is_own_key(key) {
                each_text(value, visit);
            }
        }
    }
}
