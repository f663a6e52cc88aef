//! One page a file: what it shows, and what its forms do.

pub(crate) mod accounts;
pub(crate) mod doctor;
pub(crate) mod incident;
pub(crate) mod ledger;
pub(crate) mod link;
pub(crate) mod me;
pub(crate) mod oidc;
pub(crate) mod secure;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod tenants;
pub(crate) mod triage;
