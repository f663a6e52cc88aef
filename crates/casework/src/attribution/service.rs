//! Which contexts are the platform's own: a positive finding, never a dump for the rest.
//!
//! Exchange logs the reads of its own background services under the owner's name. The client
//! string alone proves nothing, for whoever connects can write it and an application that a
//! tenant consented to shows the same.

use super::acts::Deed;
use super::client::is_service_client;
use super::scene::{Draft, Scene};
use super::strand::{Acting, Ended, Service, Whence};
use super::{Confidence, Reason};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// In how many mailboxes an unknown application must read to be taken for a service of the platform.
const MAILBOXES: usize = 3;

/// Where accounts of Microsoft's own data centres live, which no tenant can name its accounts by.
const DATA_CENTRE: &str = ".prod.outlook.com";

/// How agents of the services begin that draw previews of files.
const PREVIEWERS: [&str; 2] = ["OneDriveMpc-Transform", "ODMTADocCache"];

/// What tells the platform's own reads in this tenant.
#[derive(Debug, Default)]
pub(super) struct Services {
    /// Applications that somebody gave something to, with the record.
    granted: BTreeMap<String, String>,
    /// How many mailboxes each application read.
    mailboxes: BTreeMap<String, usize>,
    /// Addresses that people signed in from.
    sign_ins: BTreeSet<IpAddr>,
    /// Applications of the investigation itself, lower case.
    own: BTreeSet<String>,
}

impl Services {
    /// Learns what tells the platform's own reads in this tenant.
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let mut services = Self::default();
        for act in &scene.acts {
            let gives = matches!(act.deed, Deed::Consent | Deed::Credential) && act.done;
            // The platform provisions its own service principals; that is nobody's consent.
            if gives && !act.by_system {
                for app in scene.apps_of(act) {
                    services
                        .granted
                        .entry(app)
                        .or_insert_with(|| act.record.clone());
                }
            }
        }
        let mut read: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for strand in &scene.strands {
            let (app, mailbox) = (
                scene.names.text(strand.way.app),
                scene.names.text(strand.way.mailbox),
            );
            let is_service = is_service_client(scene.names.text(strand.way.agent));
            if strand.way.service == Service::Exchange && is_service && !app.is_empty() {
                read.entry(app).or_default().insert(mailbox);
            }
        }
        services.mailboxes = read
            .iter()
            .map(|(app, boxes)| ((*app).to_owned(), boxes.len()))
            .collect();
        let gates = scene.gates.list.iter().map(|signed| &signed.gate);
        services.sign_ins = gates
            .filter(|gate| gate.acting == Acting::Person && gate.ended == Ended::In)
            .filter_map(|gate| gate.whence.public())
            .collect();
        services.own = scene
            .brief
            .own_apps
            .iter()
            .map(|app| app.to_lowercase())
            .collect();
        services
    }

    /// Returns how a context is known to be the platform's, if it is.
    pub(super) fn finds(&self, draft: &Draft) -> Option<(Confidence, Reason)> {
        let reason = |text: String| Reason {
            text,
            records: draft.sample.ids(),
        };
        if self.own.contains(&draft.app) {
            return Some((
                Confidence::High,
                reason("the investigation's own".to_owned()),
            ));
        }
        let is_inside = !matches!(draft.whence, Whence::Public(_) | Whence::Private);
        if draft.acting == Acting::System && is_inside {
            let text = format!("the platform acted in its own name, `{}`", draft.actor);
            return Some((Confidence::High, reason(text)));
        }
        if draft.acting != Acting::Application && draft.actor.ends_with(DATA_CENTRE) {
            let text = format!(
                "an account of the service's own data centre, `{}`",
                draft.actor
            );
            return Some((Confidence::Medium, reason(text)));
        }
        let draws_previews = draft.service == Service::Other
            && draft.whence == Whence::Microsoft
            && draft.session.is_empty()
            && draft
                .agents
                .iter()
                .all(|agent| PREVIEWERS.iter().any(|known| agent.starts_with(known)));
        if draws_previews {
            let text =
                "the service drew previews, from Microsoft's own network and outside any session";
            return Some((Confidence::Medium, reason(text.to_owned())));
        }
        let shows_service =
            !draft.agents.is_empty() && draft.agents.iter().all(|agent| is_service_client(agent));
        if !shows_service || draft.acting == Acting::Application || self.is_a_persons(draft) {
            return None;
        }
        let mailboxes = self.mailboxes.get(&draft.app).copied().unwrap_or_default();
        let place = if draft.whence == Whence::Microsoft {
            "its addresses are Microsoft's own network".to_owned()
        } else if is_inside && draft.client != "RESTSystem" {
            "it has no address outside the service".to_owned()
        } else if mailboxes >= MAILBOXES {
            format!("the application reads {mailboxes} mailboxes of the tenant")
        } else {
            return None;
        };
        let app = if draft.app.is_empty() {
            "it"
        } else {
            &draft.app
        };
        let text = format!(
            "a background client of the service: {place}, nobody consented to {app} or gave it a secret, and nobody signed in from there"
        );
        Some((Confidence::Medium, reason(text)))
    }

    /// Returns whether somebody gave the application something, or signs in where it comes from.
    fn is_a_persons(&self, draft: &Draft) -> bool {
        let signed_in = draft
            .whence
            .public()
            .is_some_and(|ip| self.sign_ins.contains(&ip));
        !draft.session.is_empty() || signed_in || self.granted.contains_key(&draft.app)
    }

    /// Returns the record that gave an application something.
    pub(super) fn grant_of(&self, app: &str) -> Option<&String> {
        self.granted.get(app)
    }
}
