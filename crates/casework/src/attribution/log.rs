//! Hears every record of the tenant once and keeps what attribution needs of it.
//!
//! Who the person is, which applications are the intruder's, and when it began is known only
//! at the end: so everything is counted by strands, and only the few records that change who
//! can do what are kept one by one.

use super::acts::{self, Act, Deed};
use super::client;
use super::names::{Names, digest};
use super::people::People;
use super::seeds::Sought;
use super::strand::{Acting, Gate, Gates, Service, Strands, Way, Whence, ended, is_sign_in};
use super::{Attribution, verdict};
use crate::brief::Brief;
use model::bags::body;
use model::{ActorKind, Event, Family, Timestamp};
use std::collections::HashSet;

/// What attribution remembers of the records it was handed, in whatever order they came.
#[derive(Debug, Default)]
pub struct Log {
    pub(super) names: Names,
    pub(super) people: People,
    pub(super) strands: Strands,
    pub(super) gates: Gates,
    pub(super) acts: Vec<Act>,
    pub(super) sought: Sought,
    pub(super) latest: Option<Timestamp>,
    seen: HashSet<u64>,
    mailboxes_with_sid: HashSet<u64>,
}

impl Log {
    /// Makes an empty log for a case.
    #[must_use]
    pub fn new(brief: &Brief) -> Self {
        Self {
            sought: Sought::new(&brief.seeds),
            ..Self::default()
        }
    }

    /// Takes in one record; a record that was handed over before counts once.
    pub fn event(&mut self, event: &Event<'_>) {
        let identity = digest(event.source) ^ digest(event.id.as_str()).rotate_left(17);
        if !self.seen.insert(identity) {
            return;
        }
        self.latest = self.latest.max(event.time);
        self.sought.event(event);
        self.note_people(event);
        self.acts.extend(acts::risk(event));
        if is_sign_in(event) {
            self.note_sign_in(event);
        } else if matches!(event.family, Family::Unified | Family::DirectoryAudit) {
            self.acts.extend(acts::read(event).filter(is_worth_keeping));
        }
        if event.family == Family::Unified {
            self.note_strand(event);
        }
    }

    /// Says who was there.
    #[must_use]
    pub fn close(self, brief: &Brief) -> Attribution {
        verdict::attribution(self, brief)
    }

    fn note_people(&mut self, event: &Event<'_>) {
        let names = &mut self.names;
        if matches!(
            event.user_kind,
            ActorKind::Person | ActorKind::Admin | ActorKind::Guest | ActorKind::Unknown
        ) {
            self.people.actor(names, &event.user, &event.user_key);
        }
        if event.mailbox.is_empty() {
            return;
        }
        self.people
            .mailbox(names, &event.mailbox, &event.mailbox_id);
        // The owner's SID stands in every record of a mailbox; one parse of each is enough.
        let owner = "\"MailboxOwnerSid\"";
        if event.rest.contains(owner) && self.mailboxes_with_sid.insert(digest(&event.mailbox)) {
            let rest = body(&event.rest);
            let sid = rest.text("MailboxOwnerSid").unwrap_or_default();
            self.people.actor(names, &event.mailbox, sid);
        }
    }

    fn note_sign_in(&mut self, event: &Event<'_>) {
        let names = &mut self.names;
        let gate = Gate {
            user: names.name(actor_of(event)),
            acting: acting(event.user_kind),
            whence: Whence::of(event.address),
            session: names.name(&event.session),
            app: names.name(&event.app),
            device: names.name(&event.device.to_ascii_lowercase()),
            agent: names.name(&event.agent),
            ended: ended(event),
        };
        self.gates.add(names, gate, event);
    }

    fn note_strand(&mut self, event: &Event<'_>) {
        let Some(service) = service(event) else {
            return;
        };
        let acting = acting(event.user_kind);
        let mailbox = match service {
            Service::Exchange if event.mailbox.is_empty() => &event.object,
            Service::Exchange => &event.mailbox,
            // The platform's own work on files is nobody's access.
            Service::Other if acting == Acting::System => return,
            Service::Other => "",
        };
        let names = &mut self.names;
        let way = Way {
            service,
            mailbox: names.name(&mailbox.to_lowercase()),
            mailbox_id: names.name(&event.mailbox_id.to_ascii_lowercase()),
            actor: names.name(actor_of(event)),
            acting,
            logon_type: event.logon_type,
            session: names.name(&event.session),
            token: names.name(&event.token),
            app: names.name(&event.app),
            whence: Whence::of(event.address),
            agent: names.name(&event.agent),
            client: client::family(&event.agent, &event.action),
            device: names.name(&event.device.to_ascii_lowercase()),
        };
        self.strands.add(way, event);
    }
}

/// Records of the platform setting itself up are thousands and give nobody anything.
fn is_worth_keeping(act: &Act) -> bool {
    let is_eviction = matches!(
        act.deed,
        Deed::Disable | Deed::Enable | Deed::Revoke | Deed::Password | Deed::Device | Deed::Ungrant
    );
    !act.by_system || is_eviction
}

fn service(event: &Event<'_>) -> Option<Service> {
    let workload = event.workload.to_ascii_lowercase();
    match workload.as_str() {
        "exchange" => Some(Service::Exchange),
        "" | "azureactivedirectory" | "threatintelligence" => None,
        _ => Some(Service::Other),
    }
}

fn acting(kind: ActorKind) -> Acting {
    match kind {
        ActorKind::Application => Acting::Application,
        ActorKind::System | ActorKind::Policy => Acting::System,
        _ => Acting::Person,
    }
}

/// Returns who acted: the name, or the key where the record gives no name.
fn actor_of<'e>(event: &'e Event<'_>) -> &'e str {
    if event.user.is_empty() {
        &event.user_key
    } else {
        &event.user
    }
}
