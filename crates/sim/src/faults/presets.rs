//! Dials by name.

use super::{Dials, Fault, Rule};
use crate::service::Service;

type Preset = (&'static str, fn() -> Dials);

const PRESETS: &[Preset] = &[
    ("clean", Dials::default),
    ("throttle", throttle),
    ("errors", errors),
    ("resets", || only(Rule::new(Fault::Reset, 0.05).times(2))),
    ("hangs", || {
        only(Rule::new(Fault::Hang, 0.02).times(1).seconds(2))
    }),
    ("cut", || only(Rule::new(Fault::Cut, 0.05).times(2))),
    ("garbage", garbage),
    ("tokens", tokens),
    ("late", late),
    ("duplicates", duplicates),
    ("reorder", || only(Rule::new(Fault::Reorder, 1.0))),
    ("redelivery", || only(Rule::new(Fault::Redeliver, 0.2))),
    ("expired", || only(Rule::new(Fault::Expired, 0.02))),
    ("missing", || only(Rule::new(Fault::Missing, 0.02))),
    ("pages", pages),
    ("skew", || Dials {
        clock_skew: 600,
        ..Dials::default()
    }),
    ("switched-off", || {
        only(
            Rule::new(Fault::SwitchedOff, 0.2)
                .times(1)
                .in_call("content"),
        )
    }),
    ("slow", || Dials {
        latency_ms: (20, 300),
        ..Dials::default()
    }),
    ("hostile", hostile),
    ("unlicensed", || only(Rule::new(Fault::Unlicensed, 1.0))),
    ("quotas", quotas),
    ("queries", queries),
    ("search", search),
    ("exchange", exchange),
    ("lost-answers", || {
        only(Rule::new(Fault::LostAnswer, 1.0).times(1))
    }),
    ("stale-reads", || only(Rule::new(Fault::StaleRead, 1.0))),
    ("throttled-writes", || {
        only(Rule::new(Fault::ThrottledWrite, 1.0).times(1))
    }),
    ("meddling", || {
        only(Rule::new(Fault::Meddling, 1.0).times(1))
    }),
    ("writes", writes),
    ("fresh", fresh),
    ("all", all),
];

impl Dials {
    /// Returns the dials of a name, of which [`Dials::presets`] is the list.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let (_, dials) = PRESETS.iter().find(|(known, _)| *known == name)?;
        Some(dials())
    }

    /// Returns the names of all presets.
    pub fn presets() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(name, _)| *name)
    }
}

fn only(rule: Rule) -> Dials {
    Dials::default().with(rule)
}

fn throttle() -> Dials {
    only(Rule::new(Fault::Throttle, 0.1).times(3))
}

fn errors() -> Dials {
    Dials::default()
        .with(Rule::new(Fault::Error, 0.05).times(2))
        .with(Rule::new(Fault::Error, 0.03).times(2).status(503))
        .with(Rule::new(Fault::Error, 0.02).times(2).status(502))
        .with(Rule::new(Fault::Error, 0.02).times(2).status(504))
}

fn garbage() -> Dials {
    Dials::default()
        .with(Rule::new(Fault::CutJson, 0.04).times(2))
        .with(Rule::new(Fault::Html, 0.04).times(2))
}

fn tokens() -> Dials {
    Dials {
        token_seconds: 5,
        ..only(Rule::new(Fault::Unauthorized, 0.05).times(1))
    }
}

fn late() -> Dials {
    only(Rule::new(Fault::Late, 0.1).seconds(90 * 60))
}

fn duplicates() -> Dials {
    only(Rule::new(Fault::Duplicate, 0.1))
        .with(Rule::new(Fault::RepeatedLine, 0.04).at(Service::Storage))
}

fn pages() -> Dials {
    Dials {
        skiptoken_seconds: 60,
        ..only(Rule::new(Fault::LostPage, 0.1).times(1))
    }
    .with(Rule::new(Fault::LostSkipToken, 0.1).times(1))
    .with(Rule::new(Fault::NextPageUrl, 0.3))
}

fn hostile() -> Dials {
    only(Rule::new(Fault::HostileLink, 0.1).times(1))
        .with(Rule::new(Fault::Redirect, 0.05).times(1))
}

fn quotas() -> Dials {
    Dials {
        reporting_per_ten_seconds: 5,
        protection_per_second: 1,
        traces_per_five_minutes: 100,
        retry_after: 0,
        ..Dials::default()
    }
}

fn queries() -> Dials {
    Dials {
        query_polls: 3,
        ..only(Rule::new(Fault::QueryFailed, 0.1).times(1))
    }
    .with(Rule::new(Fault::QueryTruncated, 0.2).times(1))
    .with(Rule::new(Fault::QueryMiscount, 0.1).times(1))
}

fn search() -> Dials {
    Dials::default()
        .with(Rule::new(Fault::SearchIndexLost, 0.1).times(1))
        .with(Rule::new(Fault::SearchTimedOut, 0.1).times(1))
        .with(Rule::new(Fault::SearchMiscounts, 0.1))
        .with(Rule::new(Fault::SearchWraps, 0.2))
}

fn exchange() -> Dials {
    only(Rule::new(Fault::NulBody, 0.2).times(1))
}

/// What can happen to a change, each now and then.
fn writes() -> Dials {
    only(Rule::new(Fault::LostAnswer, 0.2).times(1))
        .with(Rule::new(Fault::ThrottledWrite, 0.3).times(2))
        .with(Rule::new(Fault::Meddling, 0.1).times(1))
        .with(Rule::new(Fault::StaleRead, 0.3))
}

fn fresh() -> Dials {
    Dials {
        subscribed: false,
        first_content_seconds: 120,
        ..Dials::default()
    }
}

/// Everything that a client can get over without losing anything.
fn all() -> Dials {
    let together = [
        throttle(),
        errors(),
        only(Rule::new(Fault::Reset, 0.03).times(2)),
        only(Rule::new(Fault::Cut, 0.03).times(2)),
        garbage(),
        late(),
        duplicates(),
        only(Rule::new(Fault::Reorder, 1.0)),
        only(Rule::new(Fault::Redeliver, 0.1)),
        pages(),
        hostile(),
        queries(),
        search(),
        exchange(),
        only(Rule::new(Fault::Unauthorized, 0.02).times(1)),
    ];
    Dials {
        clock_skew: 600,
        latency_ms: (0, 20),
        query_polls: 3,
        skiptoken_seconds: 60,
        rules: together.into_iter().flat_map(|dials| dials.rules).collect(),
        ..Dials::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_survives_being_written_down() {
        for name in Dials::presets() {
            let dials = Dials::preset(name).unwrap();
            let written = serde_json::to_string(&dials).unwrap();
            assert_eq!(
                serde_json::from_str::<Dials>(&written).unwrap(),
                dials,
                "{name}"
            );
        }
        let dials = Dials::from_toml(
            "retry_after = 3\n[[rules]]\nfault = \"throttle\"\nrate = 0.5\nservice = \"graph\"\n",
        )
        .unwrap();
        assert_eq!(dials.retry_after, 3);
        assert_eq!(
            dials.rules,
            [Rule::new(Fault::Throttle, 0.5).at(Service::Graph)]
        );
    }
}
