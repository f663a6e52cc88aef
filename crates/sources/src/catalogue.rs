//! The feeds there are, in their own words: the one list that help, documentation and consent
//! are printed from.

use crate::feed::{Feed, Memory};
use crate::kinds::CATALOGUE;
use crate::settings::FeedSettings;
use model::{Service, Timestamp};

/// A permission that a feed needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Its name, as an administrator consents to it or assigns it.
    pub name: &'static str,
    /// What it is for.
    pub why: &'static str,
}

/// A cloud in which not every service exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    /// The commercial cloud.
    Commercial,
    /// The United States' government cloud on commercial hosts.
    Gcc,
    /// The United States' government cloud with high requirements.
    GccHigh,
    /// The cloud of the United States' Department of Defense.
    Dod,
    /// The cloud in China, run by 21Vianet.
    China,
}

/// A kind of feed in its own words.
#[derive(Clone, Copy, Debug)]
pub struct FeedKind {
    /// Its name; what follows `/<` is told by the tenant's settings.
    pub name: &'static str,
    /// What it brings, in one sentence.
    pub about: &'static str,
    /// Which service it asks.
    pub service: Service,
    /// What it must be allowed to do.
    pub permissions: &'static [Permission],
    /// Which licence or setting the tenant needs.
    pub licence: &'static str,
    /// How late its records may be.
    pub delay: &'static str,
    /// How far back the service answers.
    pub keeps: &'static str,
    /// Where the service does not exist.
    pub absent_in: &'static [Cloud],
    /// Whether it is switched on where nothing is said: the others repeat what one of these brings, or cost the tenant.
    pub by_default: bool,
    pub(crate) names: fn(&FeedSettings) -> Vec<String>,
    pub(crate) make: Make,
}

type Make = fn(&str, &FeedSettings, &Memory, Timestamp) -> Option<Box<dyn Feed>>;

/// Returns every kind of feed.
#[must_use]
pub fn catalogue() -> &'static [FeedKind] {
    CATALOGUE
}

/// Returns the names of all feeds that a tenant's settings make, those switched off by default included.
#[must_use]
pub fn names(settings: &FeedSettings) -> Vec<String> {
    CATALOGUE
        .iter()
        .flat_map(|kind| (kind.names)(settings))
        .collect()
}

/// Returns the kind that a feed's name belongs to.
#[must_use]
pub fn kind_of(name: &str) -> Option<&'static FeedKind> {
    CATALOGUE.iter().find(|kind| {
        let stem = kind.name.split('<').next().unwrap_or(kind.name);
        kind.name == name || (stem.ends_with('/') && name.starts_with(stem))
    })
}

/// Makes a feed by its name from what it remembers; nothing when there is no such feed.
#[must_use]
pub fn make(
    name: &str,
    settings: &FeedSettings,
    memory: &Memory,
    now: Timestamp,
) -> Option<Box<dyn Feed>> {
    (kind_of(name)?.make)(name, settings, memory, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Next;
    use std::collections::BTreeSet;

    fn settings() -> FeedSettings {
        FeedSettings {
            devops_organizations: vec!["contoso".to_owned()],
            ..FeedSettings::of_tenant("t")
        }
    }

    #[test]
    fn every_feed_that_is_named_is_made_under_its_name_and_asks_something() {
        let names = names(&settings());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert_eq!(names.len(), 20);
        for name in names {
            let now = crate::testing::START;
            let mut feed = make(&name, &settings(), &Memory::default(), now).expect("a feed");
            assert_eq!(feed.name(), name);
            let Next::Ask(_, ask) = feed.ask(now) else {
                panic!("`{name}` asks nothing");
            };
            assert_eq!(
                Some(ask.service),
                kind_of(&name).map(|kind| kind.service),
                "{name}"
            );
        }
        assert!(
            make(
                "activity/Audit.Nothing",
                &settings(),
                &Memory::default(),
                crate::testing::START
            )
            .is_none()
        );
        assert!(
            make(
                "nothing",
                &settings(),
                &Memory::default(),
                crate::testing::START
            )
            .is_none()
        );
        assert!(
            make(
                "devops-audit/fabrikam",
                &settings(),
                &Memory::default(),
                crate::testing::START
            )
            .is_none()
        );
    }

    #[test]
    fn pitfall_67_every_kind_says_what_it_needs_and_where_it_is_absent() {
        for kind in catalogue() {
            assert!(
                kind.about.ends_with('.') && !kind.permissions.is_empty(),
                "{}",
                kind.name
            );
            assert!(
                [kind.licence, kind.delay, kind.keeps]
                    .iter()
                    .all(|text| !text.is_empty())
            );
        }
        let absent = |name: &str| kind_of(name).map(|kind| kind.absent_in);
        assert_eq!(
            absent("message-trace"),
            Some(&[Cloud::GccHigh, Cloud::Dod, Cloud::China][..])
        );
        assert_eq!(absent("message-trace-exchange"), Some(&[][..]));
    }
}
