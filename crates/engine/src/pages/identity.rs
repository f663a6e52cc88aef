//! Who signs in at an issuer, as the pages know it: where a browser is sent, and who came back.

use crate::error::EngineError;
use cloud::oidc::{Begun, Returned};
use model::Timestamp;

/// Somebody whom an issuer tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The issuer.
    pub issuer: String,
    /// Its own word for the person.
    pub subject: String,
    /// What the person is called there; anything at all, and perhaps another's name.
    pub name: String,
    /// What the person may do, by tenant; nothing where no value of the claim gives a role.
    pub roles: Vec<(String, String)>,
    /// Whether the token held none of the values because there were too many.
    pub is_cut_short: bool,
    /// When the person last proved itself there, where it is told.
    pub proved: Option<Timestamp>,
}

/// An issuer at which people sign in. It may ask over the network, and waits for the answer.
pub trait Identity: Send + Sync {
    /// Returns what it is called.
    fn called(&self) -> String;
    /// Returns the page that people are sent to after they signed out there.
    fn home(&self) -> String;
    /// Returns where a browser is sent.
    fn begin(&self, begun: &Begun) -> Result<String, EngineError>;
    /// Returns who came back.
    fn finish(&self, begun: &Begun, returned: &Returned) -> Result<Person, EngineError>;
    /// Returns where a browser signs out there as well, where that is known.
    fn end(&self) -> Option<String>;
}
