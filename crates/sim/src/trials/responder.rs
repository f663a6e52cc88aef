//! A small kit for the trials in which a tenant is changed: worlds of the stories, served at a
//! moment of theirs, and requests by the one application or the other.

use serde_json::{Value, json};

use super::client::{Got, post, send};
use crate::app::Collector;
use crate::faults::Dials;
use crate::live::foothold::FootholdReport;
use crate::record::Micros;
use crate::server::{Running, ServeOptions};
use crate::service::Service;
use crate::stamp::{HOUR, MINUTE};
use crate::story::WorldOptions;
use crate::story_time::workday;
use crate::world::{Tenant, World};

/// Tells a story in a small world.
pub(super) fn tell(story: &str) -> World {
    let options = WorldOptions {
        people: 8,
        days: 15,
        ..WorldOptions::default()
    };
    World::tell(story, &options).unwrap()
}

/// The moment of a workday of the world.
pub(super) fn moment(world: &World, day: u32, hour: i64, minute: i64) -> Micros {
    workday(world.began, day) + hour * HOUR + minute * MINUTE
}

/// Serves a world at a moment that stands still.
pub(super) fn serve(world: World, start: Micros, dials: Dials) -> Running {
    let options = ServeOptions {
        start: Some(start),
        dials,
        ..ServeOptions::default()
    };
    crate::start(world, options).unwrap()
}

/// Serves a story on a workday at a minute.
pub(super) fn at(story: &str, day: u32, hour: i64, minute: i64) -> Running {
    let world = tell(story);
    let start = moment(&world, day, hour, minute);
    serve(world, start, Dials::default())
}

/// A client of the first tenant.
pub(super) struct Client<'a> {
    pub(super) cloud: &'a Running,
    graph: String,
    exchange: String,
}

/// The application that may change the tenant.
pub(super) fn responder(cloud: &Running) -> Client<'_> {
    client(cloud, &cloud.world().tenants[0].responder)
}

/// The application that may only read it.
pub(super) fn reader(cloud: &Running) -> Client<'_> {
    client(cloud, &cloud.world().tenants[0].collector)
}

fn client<'a>(cloud: &'a Running, registration: &Collector) -> Client<'a> {
    let token = |service: Service| {
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={}/.default",
            registration.client_id,
            registration.secret,
            service.audiences()[0]
        );
        let tenant = &cloud.world().tenants[0].id;
        let url = format!("{}/{tenant}/oauth2/v2.0/token", cloud.base(Service::Login));
        let got = post(&url, &[], &body);
        assert_eq!(got.status, 200, "{}", got.text());
        got.json()["access_token"].as_str().unwrap().to_owned()
    };
    Client {
        cloud,
        graph: token(Service::Graph),
        exchange: token(Service::Exchange),
    }
}

impl Client<'_> {
    /// Asks Graph; a body of null is none.
    pub(super) fn graph(&self, method: &str, path: &str, body: &Value) -> Got {
        let url = format!("{}/v1.0{path}", self.cloud.base(Service::Graph));
        let bearer = format!("Bearer {}", self.graph);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        send(method, &url, &headers, &body)
    }

    /// Gets a list from Graph.
    pub(super) fn list(&self, path: &str) -> Vec<Value> {
        let got = self.graph("GET", path, &Value::Null);
        assert_eq!(got.status, 200, "{}", got.text());
        got.json()["value"].as_array().unwrap().clone()
    }

    /// Runs a cmdlet.
    pub(super) fn run(&self, cmdlet: &str, parameters: &Value) -> Got {
        let tenant = &self.cloud.world().tenants[0].id;
        let url = format!(
            "{}/adminapi/beta/{tenant}/InvokeCommand",
            self.cloud.base(Service::Exchange)
        );
        let bearer = format!("Bearer {}", self.exchange);
        let body = json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}});
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        post(&url, &headers, &body.to_string())
    }

    /// Runs a cmdlet that must succeed, and returns its objects and warnings.
    pub(super) fn done(&self, cmdlet: &str, parameters: &Value) -> (Vec<Value>, String) {
        let got = self.run(cmdlet, parameters);
        assert_eq!(got.status, 200, "{cmdlet}: {}", got.text());
        let body = got.json();
        let objects = body["value"].as_array().cloned().unwrap_or_default();
        (objects, body["@adminapi.warnings"].to_string())
    }

    /// Makes a change that Graph must make.
    pub(super) fn change(&self, method: &str, path: &str, body: &Value) -> Value {
        let got = self.graph(method, path, body);
        assert!(
            (200..300).contains(&got.status),
            "{method} {path}: {} {}",
            got.status,
            got.text()
        );
        assert!(got.header("request-id").is_some_and(|id| id.len() == 36));
        got.json()
    }

    pub(super) fn footholds(&self) -> FootholdReport {
        let id = &self.cloud.world().tenants[0].id;
        self.cloud.foothold_report(id).unwrap()
    }

    /// The state that an undo brings back.
    pub(super) fn state(&self) -> String {
        let id = &self.cloud.world().tenants[0].id;
        self.cloud.reversible_state(id).unwrap()
    }

    /// The tenant as it stands.
    pub(super) fn tenant(&self) -> Tenant {
        let id = &self.cloud.world().tenants[0].id;
        self.cloud.stands(id).unwrap()
    }
}

/// Returns the UPN of the story's (only) victim.
pub(super) fn victim(cloud: &Running) -> String {
    cloud.world().truth().victims.first().unwrap().clone()
}
