//! Signing in a person with a code typed elsewhere.

use crate::secret::Secret;
use std::time::Duration;

/// A code that a person types at an address to sign in.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// What to type.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// How long the code lives.
    pub lives: Duration,
    pub(crate) device_code: Secret,
    pub(crate) interval: Duration,
}
