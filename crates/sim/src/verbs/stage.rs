//! The stage: the tenants as they stand at the moment of the act, sessions that are open, and
//! everything that was written so far.

use std::collections::BTreeMap;

use super::act::{Act, Hand};
use super::client::Client;
use crate::mailbox::Mailbox;
use crate::person::{Place, User};
use crate::record::{Micros, Record};
use crate::seed::Seed;
use crate::stroke::{Stroke, What};
use crate::truth::{Touched, Truth};
use crate::world::Tenant;

/// A sign-in that lasts.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// `SessionId`, `AADSessionId`, `sessionId`.
    pub(crate) id: String,
    /// `uniqueTokenIdentifier` of its first token.
    pub(crate) token: String,
    /// The sign-in's id and correlation id.
    pub(crate) sign_in: (String, String),
    /// Whose account, by place in the tenant's users.
    pub(crate) user: usize,
    /// From where.
    pub(crate) place: Place,
    /// With what.
    pub(crate) client: Client,
    /// When.
    pub(crate) since: Micros,
    /// By whom.
    pub(crate) hand: Hand,
}

/// The stage.
pub(crate) struct Stage {
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) records: Vec<Record>,
    pub(crate) truth: Truth,
    /// What was changed in the tenants so far.
    pub(crate) strokes: Vec<Stroke>,
    /// Who plays whom in the first tenant, by place in its users.
    pub(crate) cast: BTreeMap<String, usize>,
    /// Places that the story names.
    pub(crate) places: BTreeMap<String, Place>,
    /// Object ids of applications that the story names.
    pub(crate) apps: BTreeMap<String, String>,
    sessions: BTreeMap<(usize, String), Session>,
    /// When an item was last recorded as read in a context: within an hour it is not again.
    pub(crate) bound: BTreeMap<(String, String), Micros>,
    /// Which act it is, in what follows.
    pub(crate) now: Micros,
    pub(crate) tenant: usize,
    pub(crate) hand: Hand,
    pub(crate) chance: Seed,
}

impl Stage {
    /// Sets the stage.
    pub(crate) fn new(tenants: Vec<Tenant>, began: Micros) -> Self {
        Self {
            tenants,
            records: Vec::new(),
            truth: Truth::default(),
            strokes: Vec::new(),
            cast: BTreeMap::new(),
            places: BTreeMap::new(),
            apps: BTreeMap::new(),
            sessions: BTreeMap::new(),
            bound: BTreeMap::new(),
            now: began,
            tenant: 0,
            hand: Hand::Owner,
            chance: Seed::new(0),
        }
    }

    /// Plays an act, or says why it cannot be.
    pub(crate) fn play(&mut self, act: Act) -> Result<(), String> {
        self.now = act.at;
        self.tenant = act.tenant;
        self.hand = act.hand;
        self.chance = act.chance;
        act.verb.play(self)
    }

    /// Returns the tenant of the act.
    pub(crate) fn here(&self) -> &Tenant {
        &self.tenants[self.tenant]
    }

    /// Returns the tenant of the act, to change it.
    pub(crate) fn here_mut(&mut self) -> &mut Tenant {
        &mut self.tenants[self.tenant]
    }

    /// Changes the tenant of the act, and remembers it: a cloud that is served makes the same
    /// change when its clock comes to the moment.
    pub(crate) fn stroke(&mut self, what: What) {
        let stroke = Stroke {
            at: self.now,
            tenant: self.tenant,
            hand: self.hand,
            what,
        };
        stroke.make(self.here_mut());
        self.strokes.push(stroke);
    }

    /// Finds a person by part in the story or by UPN.
    pub(crate) fn person(&self, name: &str) -> Result<usize, String> {
        let by_part = self.cast.get(name).copied().filter(|_| self.tenant == 0);
        let by_name = || self.here().users.iter().position(|user| user.upn == name);
        by_part
            .or_else(by_name)
            .ok_or_else(|| format!("nobody is `{name}`"))
    }

    /// Returns a person of this tenant.
    pub(crate) fn user(&self, user: usize) -> &User {
        &self.here().users[user]
    }

    /// Returns a person of this tenant, to change.
    pub(crate) fn user_mut(&mut self, user: usize) -> &mut User {
        let tenant = self.tenant;
        &mut self.tenants[tenant].users[user]
    }

    /// Returns a person's mailbox.
    pub(crate) fn mailbox(&self, user: usize) -> Result<&Mailbox, String> {
        let user = self.user(user);
        user.mailbox
            .as_ref()
            .ok_or_else(|| format!("`{}` has no mailbox", user.upn))
    }

    /// Returns a person's mailbox, to change it.
    pub(crate) fn mailbox_mut(&mut self, user: usize) -> Result<&mut Mailbox, String> {
        let user = self.user_mut(user);
        let upn = user.upn.clone();
        user.mailbox
            .as_mut()
            .ok_or_else(|| format!("`{upn}` has no mailbox"))
    }

    /// Returns a place by name: of the story, or `office`, `home`, `phone` of a person.
    pub(crate) fn place(&self, name: &str, user: usize) -> Result<Place, String> {
        let of = self.user(user);
        let known = match name {
            "office" => self.here().offices.first().map(|office| &office.place),
            "home" => of.homes.first(),
            "phone" => of.homes.get(1),
            _ => self.places.get(name),
        };
        known
            .cloned()
            .ok_or_else(|| format!("no place is `{name}`"))
    }

    /// Opens a session under a name; one of the same name ends.
    pub(crate) fn open(&mut self, name: &str, session: Session) {
        if session.hand == Hand::Intruder {
            self.truth.sessions.insert(session.id.clone());
            self.truth.addresses.insert(session.place.address.clone());
            let upn = self.user(session.user).upn.clone();
            self.truth.victims.insert(upn);
            self.stroke(What::Session {
                user: session.user,
                id: session.id.clone(),
            });
        }
        self.sessions
            .insert((self.tenant, name.to_owned()), session);
    }

    /// Returns a session by name.
    pub(crate) fn session(&self, name: &str) -> Result<Session, String> {
        let key = (self.tenant, name.to_owned());
        let known = self.sessions.get(&key).cloned();
        known.ok_or_else(|| format!("no session is `{name}`"))
    }

    /// Ends every session of a person: what is done in one afterwards fails.
    pub(crate) fn end_sessions(&mut self, user: usize) {
        let tenant = self.tenant;
        self.sessions
            .retain(|(place, _), session| *place != tenant || session.user != user);
    }

    /// Whether it is the intruder who acts.
    pub(crate) fn intruding(&self) -> bool {
        self.hand == Hand::Intruder
    }

    /// Names a message of a mailbox as the truth does.
    pub(crate) fn touched(&self, user: usize, message: &str) -> Touched {
        Touched {
            mailbox: self.user(user).upn.clone(),
            message: message.to_owned(),
        }
    }
}
