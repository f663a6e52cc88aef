//! `/_sim`: where a test asks what happened and turns the dials.

use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::faults::Dials;
use crate::live::state;
use crate::report::Scope;
use crate::stamp::{self, SECOND};
use crate::wire::{Answer, Ask, error};

/// How to move the clock; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Turn {
    now: Option<String>,
    advance_seconds: Option<i64>,
    speed: Option<f64>,
}

/// What a client collected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Collected {
    #[serde(default)]
    scope: Scope,
    ids: Vec<String>,
}

/// What a person at a device does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    user_code: String,
    agrees: bool,
}

/// Answers a request of a test.
pub(crate) fn answer(cloud: &Cloud, ask: &Ask) -> Answer {
    let parts = ask.parts();
    let ["_sim", what] = parts.as_slice() else {
        return error(
            404,
            "NotFound",
            "there are /_sim/report, clock, dials, presets, judge, tokens, device, footholds, state, tries",
        );
    };
    let write = ask.method != Method::GET;
    match (*what, write) {
        ("report", false) => written(&cloud.report()),
        ("clock", false) => clock(cloud),
        ("clock", true) => read(ask, |turn: Turn| turn_clock(cloud, &turn)),
        ("dials", false) => written(&*cloud.faults.dials()),
        ("dials", true) => turn(cloud, ask),
        ("presets", false) => written(&Dials::presets().collect::<Vec<_>>()),
        ("footholds", false) => of_tenant(cloud, ask, |place| written(&cloud.footholds(place))),
        ("tries", true) => of_tenant(cloud, ask, |place| written(&cloud.intruder_tries(place))),
        ("state", false) => of_tenant(cloud, ask, |place| {
            Answer::text(200, state::whole(&cloud.stands(place)))
        }),
        ("judge", true) => read(ask, |collected: Collected| {
            let ids = collected.ids.iter().map(String::as_str);
            written(&cloud.judge(&collected.scope, ids))
        }),
        ("tokens", true) => {
            cloud.tokens.revoke();
            cloud.entra.revoke();
            Answer::empty(204)
        }
        ("device", true) => read(ask, |decision: Decision| {
            let known = cloud.entra.decide(&decision.user_code, decision.agrees);
            Answer::empty(if known { 204 } else { 404 })
        }),
        _ => error(404, "NotFound", "nothing here"),
    }
}

/// Answers about the tenant that the query names, else about the first.
fn of_tenant(cloud: &Cloud, ask: &Ask, then: impl FnOnce(usize) -> Answer) -> Answer {
    match ask
        .parameter("tenant")
        .map_or(Some(0), |name| cloud.tenant(name))
    {
        Some(place) => then(place),
        None => error(404, "NotFound", "there is no such tenant"),
    }
}

fn written(value: &impl Serialize) -> Answer {
    match serde_json::to_string(value) {
        Ok(text) => Answer::text(200, text),
        Err(trouble) => error(500, "Unwritable", &trouble.to_string()),
    }
}

fn read<T: serde::de::DeserializeOwned>(ask: &Ask, then: impl FnOnce(T) -> Answer) -> Answer {
    match serde_json::from_slice(&ask.body) {
        Ok(value) => then(value),
        Err(trouble) => error(400, "Unreadable", &trouble.to_string()),
    }
}

fn clock(cloud: &Cloud) -> Answer {
    let body = json!({
        "now": stamp::write("%Y-%m-%dT%H:%M:%S%.6fZ", cloud.now()),
        "frozen": cloud.clock.frozen(),
        "speed": cloud.clock.speed(),
    });
    Answer::json(200, &body)
}

fn turn_clock(cloud: &Cloud, turn: &Turn) -> Answer {
    if let Some(text) = &turn.now {
        let Some(now) = stamp::parse(text) else {
            return error(400, "Unreadable", "`now` is not a moment");
        };
        cloud.clock.set(now);
    }
    if let Some(seconds) = turn.advance_seconds {
        cloud.clock.advance(seconds * SECOND);
    }
    if let Some(speed) = turn.speed {
        cloud.clock.set_speed(speed);
    }
    clock(cloud)
}

/// Dials come as JSON, as TOML, or as the name of a preset.
fn turn(cloud: &Cloud, ask: &Ask) -> Answer {
    let text = String::from_utf8_lossy(&ask.body);
    let text = text.trim();
    let preset = ask
        .parameter("preset")
        .or(Some(text))
        .and_then(Dials::preset);
    let as_json = || serde_json::from_str(text).map_err(|trouble| trouble.to_string());
    let as_toml = || Dials::from_toml(text).map_err(|trouble| trouble.to_string());
    let dials = match preset {
        Some(dials) => Ok(dials),
        None if text.starts_with('{') => as_json(),
        None => as_toml(),
    };
    match dials {
        Ok(dials) => {
            cloud.turn(dials);
            Answer::json(200, &Value::Null)
        }
        Err(trouble) => error(400, "Unreadable", &trouble),
    }
}
