//! The intruder comes back: tries every session and every application of the story again, from
//! the same place with the same program, and reads mail where that still works. Only records come
//! of it; whoever watches a tenant after a response has to see them.

use serde::Serialize;
use serde_json::{Value, json};

use super::foothold::{Foothold, FootholdKind, may_sign_in};
use crate::cloud::Cloud;
use crate::record::{ContentType, Record, SignInKind, Stream};
use crate::seed::Seed;
use crate::stamp;
use crate::verbs::text;
use crate::world::Tenant;

/// What an intruder tried, and with what success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// With which foothold: a session, or an application's grant.
    pub with: Foothold,
    /// `errorCode` of the sign-in: nought is success.
    pub error: u32,
    /// Ids of the records that come of it, in the logs of sign-ins and in the audit log.
    pub records: Vec<String>,
}

impl Cloud {
    /// Lets the intruder of the story try again.
    pub(crate) fn intruder_tries(&self, place: usize) -> Vec<Attempt> {
        let report = self.footholds(place);
        let tenant = self.stands(place);
        let holding = report.can.into_iter().map(|foothold| (foothold, true));
        let lost = report.cannot.into_iter().map(|foothold| (foothold, false));
        let all = holding.chain(lost);
        all.filter_map(|(foothold, holds)| self.attempt((place, &tenant), foothold, holds))
            .collect()
    }

    fn attempt(
        &self,
        (place, tenant): (usize, &Tenant),
        foothold: Foothold,
        holds: bool,
    ) -> Option<Attempt> {
        let earlier = self.newest(place, |record, body| {
            matches!(record.stream, Stream::SignIn(_)) && signed_in_by(&foothold, body)
        })?;
        let (error, reason) = if holds {
            (0, "Other.")
        } else {
            why(tenant, &foothold)
        };
        let mut chance = self.chance_of("tries");
        let id = chance.guid();
        let mut records = vec![id.clone()];
        let sign_in = again(self, &earlier.1, (&id, error, reason), &mut chance);
        let stream = Stream::SignIn(SignInKind::NonInteractive);
        self.written(place, (stream, &id), &sign_in, &mut chance);
        if tenant.settings.unified_audit {
            self.logged(place, &earlier.0, (&id, error), &mut chance);
            let read = holds.then(|| self.reads(place, &foothold, &mut chance));
            records.extend(read.flatten());
        }
        Some(Attempt {
            with: foothold,
            error,
            records,
        })
    }

    /// Returns the id and the body of the newest record of the story that fits.
    fn newest(
        &self,
        place: usize,
        fits: impl Fn(&Record, &Value) -> bool,
    ) -> Option<(String, Value)> {
        let now = self.now();
        let known = self.world.records.iter();
        let mut known: Vec<&Record> = known
            .filter(|record| record.tenant == place && record.time <= now)
            .collect();
        known.sort_by_key(|record| std::cmp::Reverse((record.time, &record.id)));
        known.into_iter().find_map(|record| {
            let body: Value = serde_json::from_str(&record.body).unwrap_or_default();
            fits(record, &body).then(|| (record.id.clone(), body))
        })
    }

    /// The sign-in as the audit log has it, under the same id.
    fn logged(&self, place: usize, earlier: &str, (id, error): (&str, u32), chance: &mut Seed) {
        let directory = Stream::Unified(ContentType::AzureActiveDirectory);
        let known = self.newest(place, |record, _| {
            record.stream == directory && record.id == earlier
        });
        let Some((_, mut body)) = known else {
            return;
        };
        body["Id"] = json!(id);
        body["CreationTime"] = json!(bare(self));
        if error != 0 {
            body["Operation"] = json!("UserLoginFailed");
            body["ErrorNumber"] = json!(error.to_string());
        }
        self.written(place, (directory, id), &body, chance);
    }

    /// Mail is read, as it was before.
    fn reads(&self, place: usize, foothold: &Foothold, chance: &mut Seed) -> Option<String> {
        let exchange = Stream::Unified(ContentType::Exchange);
        let (_, mut body) = self.newest(place, |record, body| {
            record.stream == exchange
                && body["Operation"] == "MailItemsAccessed"
                && read_by(foothold, body)
        })?;
        let id = chance.guid();
        body["Id"] = json!(id);
        body["CreationTime"] = json!(bare(self));
        self.written(place, (exchange, &id), &body, chance);
        Some(id)
    }
}

fn bare(cloud: &Cloud) -> String {
    stamp::write("%Y-%m-%dT%H:%M:%S", cloud.now())
}

fn signed_in_by(foothold: &Foothold, body: &Value) -> bool {
    match foothold.kind {
        FootholdKind::Session => body["sessionId"] == foothold.what,
        FootholdKind::Grant => {
            body["appId"] == foothold.on && is_named(&body["userPrincipalName"], &foothold.what)
        }
        _ => false,
    }
}

fn read_by(foothold: &Foothold, body: &Value) -> bool {
    if foothold.kind == FootholdKind::Session {
        return text(&body["AppAccessContext"]).contains(&foothold.what);
    }
    let by_app = body["ClientAppId"] == foothold.on || body["AppId"] == foothold.on;
    by_app && is_named(&body["MailboxOwnerUPN"], &foothold.what)
}

fn is_named(value: &Value, upn: &str) -> bool {
    let name = value.as_str().unwrap_or_default();
    upn == "everybody" || name.eq_ignore_ascii_case(upn)
}

/// Why it does not work any more.
fn why(tenant: &Tenant, foothold: &Foothold) -> (u32, &'static str) {
    let name = match foothold.kind {
        FootholdKind::Session => &foothold.on,
        _ => &foothold.what,
    };
    let person = tenant.user(name);
    if person.is_some_and(|user| !user.enabled) {
        return (50_057, "The user account is disabled.");
    }
    if person.is_some_and(|user| !may_sign_in(tenant, user)) {
        return (
            53_003,
            "Access has been blocked by Conditional Access policies.",
        );
    }
    if foothold.kind == FootholdKind::Session {
        let text =
            "The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        return (50_173, text);
    }
    if tenant.app(&foothold.on).is_some_and(|app| !app.enabled) {
        return (7_000_112, "The application is disabled.");
    }
    let text = "The user or administrator has not consented to use the application.";
    (65_001, text)
}

/// The same sign-in with a refresh token, at this moment.
fn again(
    cloud: &Cloud,
    earlier: &Value,
    (id, error, reason): (&str, u32, &str),
    chance: &mut Seed,
) -> Value {
    let mut body = earlier.clone();
    let status = json!({"errorCode": error, "failureReason": reason, "additionalDetails": null});
    let changes = [
        ("id", json!(id)),
        ("originalRequestId", json!(id)),
        ("createdDateTime", json!(stamp::seconds(cloud.now()))),
        ("correlationId", json!(chance.guid())),
        ("uniqueTokenIdentifier", json!(chance.base64(22))),
        ("isInteractive", json!(false)),
        ("incomingTokenType", json!("refreshToken")),
        (
            "signInEventTypes",
            json!([SignInKind::NonInteractive.name()]),
        ),
        ("status", status),
    ];
    for (name, value) in changes {
        body[name] = value;
    }
    body
}
