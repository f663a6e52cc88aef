//! What every action has to say and to do.

use super::heard::{self, Heard};
use super::object::Object;
use super::secret::Sealed;
use super::state::State;
use model::{Ask, Change, Reply, Secret};

/// Where in the order an action stands: what cuts the intruder off comes before what tidies up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nobody can sign in.
    Block = 1,
    /// Sessions end.
    Revoke = 2,
    /// Applications lose what they were given.
    Applications = 3,
    /// Sign-in methods, devices and roles go.
    Methods = 4,
    /// Rules and forwarding stop.
    Rules = 5,
    /// Rights over mailboxes and folders go.
    Permissions = 6,
    /// Links end.
    Links = 7,
    /// The password is another.
    Password = 8,
    /// What concerns the whole tenant.
    Tenant = 9,
}

/// Whether an action can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reversible {
    /// As it was, from what was read before.
    Yes,
    /// As it was but for this.
    Partly(&'static str),
    /// Not at all, and why.
    No(&'static str),
}

impl Reversible {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly(_) => "partly",
            Self::No(_) => "no",
        }
    }

    /// Returns what is lost, or why it cannot be taken back; empty where all comes back.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::Yes => "",
            Self::Partly(why) | Self::No(why) => why,
        }
    }
}

/// What an action says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name on the command line and in the ledger; never changes.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub sentence: &'static str,
    /// What the application needs: permissions of Graph, roles of Entra and Exchange.
    pub permissions: &'static [&'static str],
    /// Where in the order it stands.
    pub stage: Stage,
    /// Whether it can be taken back.
    pub reversible: Reversible,
    /// What the person will notice.
    pub notices: &'static str,
    /// What it does not do, and where it does not work.
    pub limits: &'static str,
    /// Whether it may be done without a person's approval, where a tenant allows that at all.
    pub automatic: bool,
    /// Whether a step with a sure reason is ticked from the start. What destroys is ticked by hand.
    pub ticked: bool,
    /// Whether it is planned only when somebody asks for it.
    pub on_request: bool,
    /// ATT&CK's ids of the techniques that it answers.
    pub attack: &'static [&'static str],
}

/// Something that can be done about an intruder.
///
/// The order of a step: ask [`look`](Self::look), read the answers with [`seen`](Self::seen) and
/// compare with the plan's before; send [`change`](Self::change) one after the other, each answer
/// to [`heard`](Self::heard); ask again, and only [`is_done`](Self::is_done) makes it done.
pub trait Action: Sync {
    /// Returns what it says of itself.
    fn about(&self) -> &'static About;

    /// Returns what to ask to know how an object stands.
    fn look(&self, object: &Object) -> Vec<Ask>;

    /// Returns how an object stands, from the answers in the order of the questions; or, in words,
    /// why that cannot be told.
    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String>;

    /// Returns the requests that do it, in their order; or, in words, why it is not to be done.
    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String>;

    /// Returns whether it needs a secret: then [`change_with`](Self::change_with) is asked, not
    /// [`change`](Self::change).
    fn needs_secret(&self) -> bool {
        false
    }

    /// Returns the request that does it with a secret that no plan and no ledger may hold.
    fn change_with(
        &self,
        object: &Object,
        before: &State,
        secret: &Secret,
    ) -> Result<Sealed, String> {
        let _ = (object, before, secret);
        Err(format!("{} takes no secret", self.about().id))
    }

    /// Returns what the answer to one of its requests means.
    fn heard(&self, object: &Object, reply: &Reply) -> Heard {
        let _ = object;
        heard::plainly(self.about(), reply)
    }

    /// Returns how the object is to stand afterwards. What only the service knows, such as a
    /// moment, is said in words.
    fn wanted(&self, object: &Object, before: &State) -> State;

    /// Returns whether it is done. Asked with the same state twice, it tells that there is nothing
    /// to do.
    fn is_done(&self, object: &Object, before: &State, after: &State) -> bool {
        *after == self.wanted(object, before)
    }

    /// Returns the requests that take it back, from how the object stood before; or why that
    /// cannot be.
    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        let _ = (object, before);
        Err(self.about().reversible.why().to_owned())
    }

    /// Returns the same where it takes more than how the object stood before: what was made has an
    /// id that only the service knows, and that is read anew.
    fn undo_from(
        &self,
        object: &Object,
        before: &State,
        now: &State,
    ) -> Result<Vec<Change>, String> {
        let _ = now;
        self.undo(object, before)
    }

    /// Returns how an object stands after its change was taken back: what was made anew may have
    /// another id, and is known by how it stood before.
    fn seen_undone(
        &self,
        object: &Object,
        before: &State,
        replies: &[Reply],
    ) -> Result<State, String> {
        let _ = before;
        self.seen(object, replies)
    }

    /// Returns whether it is taken back, from what [`seen_undone`](Self::seen_undone) tells.
    fn is_undone(&self, object: &Object, before: &State, after: &State) -> bool {
        let _ = object;
        !matches!(self.about().reversible, Reversible::No(_)) && after == before
    }

    /// Returns what a person types to do the same by hand; empty where there is no such thing.
    fn manual(&self, object: &Object) -> String;
}
