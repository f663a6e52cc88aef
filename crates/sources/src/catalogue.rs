//! The feeds there are, in their own words: the one list that help, documentation and consent
//! are printed from.

use crate::activity::{Activity, CONTENT_TYPES};
use crate::feed::{Feed, Memory};
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

const CATALOGUE: &[FeedKind] = &[ACTIVITY];

const ACTIVITY: FeedKind = FeedKind {
    name: "activity/<content type>",
    about: "The unified audit log as the Office 365 Management Activity API hands it out: one feed for each of its five content types.",
    service: Service::Manage,
    permissions: &[
        Permission {
            name: "ActivityFeed.Read",
            why: "lists and fetches the content of the audit log",
        },
        Permission {
            name: "ActivityFeed.ReadDlp",
            why: "lets `DLP.All` hold what a policy found; needed for that content type alone",
        },
    ],
    licence: "unified auditing must be on, and the tenant must have Exchange Online",
    delay: "60 to 90 minutes for most workloads, days at worst",
    keeps: "7 days",
    absent_in: &[Cloud::China],
    by_default: true,
    names: |_| {
        CONTENT_TYPES
            .iter()
            .map(|content_type| format!("activity/{content_type}"))
            .collect()
    },
    make: |name, settings, memory, _| {
        let wanted = name.strip_prefix("activity/")?;
        let content_type = CONTENT_TYPES.into_iter().find(|known| *known == wanted)?;
        Some(Box::new(Activity::new(content_type, settings, memory)))
    },
};
