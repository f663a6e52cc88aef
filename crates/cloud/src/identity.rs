//! Where the machine's own identity is asked for a token.

use crate::secret::Secret;

/// The addresses that give tokens to this machine.
#[derive(Clone, Debug)]
pub struct IdentityHosts {
    /// The instance metadata service of a virtual machine.
    pub metadata: String,
    /// The endpoint of App Service, Functions and Container Apps with its header, where there is one.
    pub app_service: Option<(String, Secret)>,
}
