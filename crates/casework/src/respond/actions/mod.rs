//! The actions, one file each. `account`, `assigned`, `enabled`, `rules`, `rights` and `flow` hold
//! what several share.

mod account;
mod assigned;
pub(crate) mod auto_reply_off;
pub(crate) mod block_by_policy;
pub(crate) mod block_sign_in;
pub(crate) mod clear_forwarding;
pub(crate) mod confirm_compromised;
pub(crate) mod disable_connector;
pub(crate) mod disable_device;
pub(crate) mod disable_protocols;
pub(crate) mod disable_rule;
pub(crate) mod disable_service_principal;
pub(crate) mod disable_sweep_rule;
pub(crate) mod disable_transport_rule;
mod enabled;
pub(crate) mod end_audit_bypass;
pub(crate) mod expire_sharing_link;
pub(crate) mod flow;
pub(crate) mod purge_sent;
pub(crate) mod remove_app_credential;
pub(crate) mod remove_folder_permission;
pub(crate) mod remove_mailbox_permission;
pub(crate) mod remove_method;
pub(crate) mod remove_recipient_permission;
pub(crate) mod remove_role;
pub(crate) mod remove_rule;
pub(crate) mod remove_send_on_behalf;
pub(crate) mod reset_password;
pub(crate) mod revoke_app_role;
pub(crate) mod revoke_grant;
pub(crate) mod revoke_sessions;
pub(crate) mod rights;
pub(crate) mod rules;
pub(crate) mod set_outbound_autoforward_off;
pub(crate) mod switch_audit_on;

#[cfg(test)]
mod tests;
