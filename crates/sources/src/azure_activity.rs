//! What was done in Azure: one log for each subscription, and one for the tenant itself.

use crate::health::{Meaning, access};
use crate::link::{encoded, follow};
use crate::moment::{DAY, HOUR, MINUTE};
use crate::said::Said;
use crate::settings::FeedSettings;
use crate::window::page;
use crate::window::source::{Place, Scopes, Source, Turn, fullness, refused};
use crate::window::{Rules, Tier};
use model::{Ask, GapClock, Pace, Reply, Service, Timestamp};
use serde::Deserialize;

#[cfg(test)]
mod tests;

const EVENTS: &str = "/providers/microsoft.insights/eventtypes/management/values";
/// How many events a page holds at about.
const PAGE: u64 = 200;

/// The source: the activity of subscriptions, or of the tenant.
pub(crate) struct Activity {
    name: &'static str,
    subscriptions: Option<Vec<String>>,
    poll: i64,
}

impl Activity {
    /// Returns the activity of those subscriptions that are named or can be seen.
    pub(crate) fn of_subscriptions(settings: &FeedSettings) -> Self {
        Self {
            name: "azure-activity",
            subscriptions: Some(settings.azure_subscriptions.clone()),
            poll: settings.poll,
        }
    }

    /// Returns the activity of the tenant, above all subscriptions.
    pub(crate) fn of_tenant(settings: &FeedSettings) -> Self {
        Self {
            name: "azure-activity-tenant",
            subscriptions: None,
            poll: settings.poll,
        }
    }
}

/// How many events were read of a window.
#[derive(Default)]
pub(crate) struct Read {
    rows: u64,
}

#[derive(Deserialize)]
struct Subscriptions {
    value: Vec<Subscription>,
    #[serde(default, rename = "nextLink")]
    next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    subscription_id: String,
}

fn ask(path: impl Into<String>) -> Ask {
    Ask::get(Service::Arm, Pace::AzureActivity, path)
}

impl Source for Activity {
    type Walk = Read;

    fn name(&self) -> &str {
        self.name
    }

    fn rules(&self) -> Rules {
        Rules {
            poll: self.poll.max(1),
            lag: 0,
            tiers: vec![
                Tier {
                    every: 0,
                    late: 35 * MINUTE,
                },
                Tier {
                    every: 6 * HOUR,
                    late: 6 * HOUR,
                },
                Tier {
                    every: DAY,
                    late: 25 * HOUR,
                },
            ],
            keeps: 90 * DAY - HOUR,
            first: 6 * HOUR,
            widest: 4 * DAY,
            narrowest: 1,
            clock: GapClock::Event,
            lanes: 2,
        }
    }

    fn scopes(&self) -> Scopes {
        match &self.subscriptions {
            None => Scopes::Known(vec![String::new()]),
            Some(named) if named.is_empty() => {
                Scopes::Asked(ask("/subscriptions?api-version=2020-01-01"))
            }
            Some(named) => {
                let scope = |id: &String| format!("/subscriptions/{id}");
                Scopes::Known(named.iter().map(scope).collect())
            }
        }
    }

    fn discovered(
        &mut self,
        reply: &Reply,
        found: &mut Vec<String>,
    ) -> Result<Option<Ask>, String> {
        let page: Subscriptions = serde_json::from_slice(&reply.body)
            .map_err(|error| format!("the list of subscriptions is damaged: {error}"))?;
        let ids = page
            .value
            .iter()
            .map(|one| format!("/subscriptions/{}", one.subscription_id));
        found.extend(ids);
        let next = page.next.filter(|link| !link.is_empty());
        Ok(next.map(|link| follow(ask(""), link)))
    }

    fn first(&mut self, place: Place<'_>, _walk: &mut Read, _now: Timestamp) -> Ask {
        let (scope, window) = (place.scope, place.window);
        // The service knows no `lt`: what falls on a bound comes twice.
        let filter = format!(
            "eventTimestamp ge '{}' and eventTimestamp le '{}'",
            window.from, window.to
        );
        ask(format!(
            "{scope}{EVENTS}?api-version=2015-04-01&$filter={}",
            encoded(&filter)
        ))
    }

    fn read(&mut self, _place: Place<'_>, walk: &mut Read, reply: &Reply, _now: Timestamp) -> Turn {
        let page = match page::read(&reply.body) {
            Ok(page) => page,
            Err(why) => return Turn::Suffer(Meaning::Own(why)),
        };
        walk.rows += page.rows;
        match page.next {
            Some(link) => Turn::More(follow(ask(""), link), page.rows),
            None => Turn::Done(page.rows, fullness(walk.rows, PAGE)),
        }
    }

    fn refused(
        &mut self,
        place: Place<'_>,
        _walk: &mut Read,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        let said = Said::of(reply);
        let of_one =
            !place.scope.is_empty() && matches!(said.status, 403 | 404) && !said.is_throttling();
        if of_one {
            return Turn::Absent(access(
                format!(
                    "the activity of `{}` is not to be had: {}",
                    place.scope,
                    said.line()
                ),
                "give the application the role Reader on the subscription, or name the subscriptions that are to be read",
            ));
        }
        refused(&said, reply)
    }
}
