//! What the pages are made from: one half that only looks, and one that acts.
//!
//! A handler of GET is given [`Reads`], in which there is no way to write; a handler of POST is
//! given [`Writes`]. So whatever fetches links (a mail scanner, a preview, a prefetch, a browser
//! that runs scripts) changes nothing, whichever link it is.

use crate::board::Board;
use crate::checking::Checking;
use crate::error::WebError;
use crate::keys::Keys;
use crate::respond::{Responder, Shows};
use crate::throttle::Throttle;
use engine::EngineError;
use engine::KeptHealth;
use engine::pages::{
    Acting, Identity, Looking, OpenExecution, Standing, TenantStanding, WaitingPlan,
};
use model::Timestamp;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tells the present moment.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How pages are served.
#[derive(Clone)]
pub struct Settings {
    /// The data folder.
    pub folder: PathBuf,
    /// Whether browsers come over TLS: to us, or to the proxy before us.
    pub is_secure: bool,
    /// Whether a proxy stands before us and says whom it speaks for.
    pub behind_proxy: bool,
    /// What time it is.
    pub clock: Clock,
    /// Whoever can act in tenants, where anybody can.
    pub responder: Option<Arc<dyn Responder>>,
    /// Where people sign in besides here, where they do.
    pub identity: Option<Arc<dyn Identity>>,
    /// What whoever collects writes up, where somebody collects in this process.
    pub board: Option<Board>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("folder", &self.folder)
            .field("is_secure", &self.is_secure)
            .field("behind_proxy", &self.behind_proxy)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Returns what serves a data folder to this machine alone.
    #[must_use]
    pub fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            is_secure: false,
            behind_proxy: false,
            clock: Arc::new(engine::clock::now),
            responder: None,
            identity: None,
            board: None,
        }
    }
}

/// What is known of a moment: everything that stands, and how every tenant stands.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) standing: Arc<Standing>,
    /// Where each incident stands in their order, by id.
    pub(crate) places: Arc<BTreeMap<String, usize>>,
    pub(crate) tenants: Vec<TenantStanding>,
    /// Accounts that were to be secured, and of which not every step was read back.
    pub(crate) open: Vec<OpenExecution>,
    /// Plans that wait for a second person, or for the first one after them.
    pub(crate) waiting: Vec<WaitingPlan>,
    /// Whether the configuration does not make sense: then no tenant is known to be configured.
    pub(crate) is_misconfigured: bool,
    /// What the last look of the doctor found.
    pub(crate) health: Vec<KeptHealth>,
}

/// Returns where each incident stands in their order, by id.
pub(crate) fn places(standing: &Standing) -> BTreeMap<String, usize> {
    let all = standing.incidents.iter().enumerate();
    all.map(|(at, one)| (one.id.clone(), at)).collect()
}

/// Of what something is known.
#[derive(Debug)]
struct Versions {
    ledger: i64,
    standing: String,
    at: Timestamp,
}

/// The half that only looks.
pub(crate) struct Reads {
    pub(crate) settings: Settings,
    /// Whoever knows plans and executions, where anybody can act.
    pub(crate) shows: Option<Arc<dyn Shows>>,
    /// What the issuer is called at which people sign in besides here.
    pub(crate) issuer: Option<String>,
    pub(crate) keys: Keys,
    pub(crate) checking: Arc<Checking>,
    looking: Mutex<Looking>,
    known: Mutex<Option<(Versions, Arc<Known>)>>,
    /// When a session was last seen: a page that is looked at is no change, so it is not written down.
    seen: Mutex<BTreeMap<String, Timestamp>>,
}

/// The half that acts, and can look too.
pub(crate) struct Writes {
    pub(crate) reads: Arc<Reads>,
    pub(crate) throttle: Throttle,
    /// Whoever can act in tenants.
    pub(crate) responder: Option<Arc<dyn Responder>>,
    /// Where people sign in besides here.
    pub(crate) identity: Option<Arc<dyn Identity>>,
    acting: Mutex<Acting>,
}

/// The configuration is a file that anybody may edit: what is known is looked up again after this.
const FRESH_MICROS: i64 = 5_000_000;

impl Reads {
    /// Returns the present moment.
    pub(crate) fn now(&self) -> Timestamp {
        (self.settings.clock)()
    }

    /// Returns the data folder, to be read.
    pub(crate) fn looking(&self) -> MutexGuard<'_, Looking> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is known, which is worked out again only where something was written.
    pub(crate) fn known(&self) -> Result<Arc<Known>, EngineError> {
        let looking = self.looking();
        let (ledger, now) = (looking.version()?, self.now());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, known)) = known.as_ref()
            && of.ledger == ledger
            && (now.0 - of.at.0).abs() < FRESH_MICROS
        {
            return Ok(Arc::clone(known));
        }
        // Joining findings into incidents takes longest, and only detection changes them.
        let standing = looking.standing_version()?;
        let (stands, places) = match known.as_ref() {
            Some((of, known)) if of.standing == standing => {
                (Arc::clone(&known.standing), Arc::clone(&known.places))
            }
            _ => {
                let stands = looking.standing()?;
                let places = places(&stands);
                (Arc::new(stands), Arc::new(places))
            }
        };
        let (tenants, wrong) = looking.tenants()?;
        let found = Arc::new(Known {
            standing: stands,
            places,
            tenants,
            is_misconfigured: wrong.is_some(),
            open: looking.open_executions()?,
            waiting: looking.waiting_plans(now)?,
            health: looking.health()?,
        });
        let of = Versions {
            ledger,
            standing,
            at: now,
        };
        *known = Some((of, Arc::clone(&found)));
        Ok(found)
    }

    /// Returns when a session was last seen, and sees it now.
    pub(crate) fn see(&self, session: &str, written: Timestamp, now: Timestamp) -> Timestamp {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.get(session).copied().unwrap_or(written).max(written);
        if last.0 + crate::session::IDLE_MICROS > now.0 {
            seen.insert(session.to_owned(), now);
        } else {
            seen.remove(session);
        }
        last
    }
}

impl Writes {
    /// Returns the data folder, to be changed.
    pub(crate) fn acting(&self) -> MutexGuard<'_, Acting> {
        self.acting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.reads.now()
    }
}

/// Both halves over one data folder.
#[derive(Clone)]
pub struct House {
    pub(crate) reads: Arc<Reads>,
    pub(crate) writes: Arc<Writes>,
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("House").finish_non_exhaustive()
    }
}

impl House {
    /// Opens a data folder, making it when there is none.
    pub fn open(mut settings: Settings) -> Result<Self, WebError> {
        let responder = settings.responder.take();
        let identity = settings.identity.take();
        let acting = Acting::open(&settings.folder)?;
        let looking = Looking::open(&settings.folder)?;
        let reads = Arc::new(Reads {
            keys: Keys::open(&settings.folder)?,
            checking: Checking::of(&settings.folder),
            issuer: identity.as_ref().map(|one| one.called()),
            settings,
            shows: responder.clone().map(|one| one as Arc<dyn Shows>),
            looking: Mutex::new(looking),
            known: Mutex::default(),
            seen: Mutex::default(),
        });
        let writes = Arc::new(Writes {
            reads: Arc::clone(&reads),
            throttle: Throttle::default(),
            responder,
            identity,
            acting: Mutex::new(acting),
        });
        Ok(Self { reads, writes })
    }

    /// Returns whether anybody can sign in: by an account of here, or at an issuer.
    pub fn has_accounts(&self) -> Result<bool, WebError> {
        if self.writes.identity.is_some() {
            return Ok(true);
        }
        let accounts = self.reads.looking().accounts()?;
        Ok(accounts.iter().any(|one| !one.password.is_empty()))
    }

    /// Makes a link by which whoever opens it first becomes an administrator, and returns its path. An
    /// earlier one that was not used counts no more.
    pub fn administrator_link(&self) -> Result<String, WebError> {
        let secret = crate::link::make(&self.writes, "", crate::link::FIRST_MICROS)?;
        Ok(format!("/link/{secret}"))
    }

    /// Returns the path of a link for a card: it shows the plan for an incident to whoever may act, after
    /// signing in, and does nothing by itself.
    pub fn card_link(&self, incident: &str) -> Result<String, WebError> {
        let until = Timestamp(self.reads.now().0 + crate::seal::CARD_MICROS);
        let token = crate::seal::seal(&self.reads.keys, incident, until)?;
        Ok(format!("/s/{token}"))
    }
}
