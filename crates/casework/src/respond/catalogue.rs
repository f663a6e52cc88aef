//! The list of all actions.

use super::action::Action;
use super::actions as all;

/// Every action, in the order of their stages; within a stage in the order in which they are done.
static CATALOGUE: &[&dyn Action] = &[
    &all::block_sign_in::BlockSignIn,
    &all::block_by_policy::BlockByPolicy,
    &all::confirm_compromised::ConfirmCompromised,
    &all::revoke_sessions::RevokeSessions,
    &all::revoke_grant::RevokeGrant,
    &all::revoke_app_role::RevokeAppRole,
    &all::remove_app_credential::RemoveAppCredential,
    &all::disable_service_principal::DisableServicePrincipal,
    &all::remove_role::RemoveRole,
    &all::remove_method::RemoveMethod,
    &all::disable_device::DisableDevice,
    &all::disable_rule::DisableRule,
    &all::remove_rule::RemoveRule,
    &all::disable_sweep_rule::DisableSweepRule,
    &all::clear_forwarding::ClearForwarding,
    &all::auto_reply_off::AutoReplyOff,
    &all::disable_protocols::DisableProtocols,
    &all::remove_mailbox_permission::RemoveMailboxPermission,
    &all::remove_recipient_permission::RemoveRecipientPermission,
    &all::remove_send_on_behalf::RemoveSendOnBehalf,
    &all::remove_folder_permission::RemoveFolderPermission,
    &all::end_audit_bypass::EndAuditBypass,
    &all::expire_sharing_link::ExpireSharingLink,
    &all::purge_sent::PurgeSent,
    &all::reset_password::ResetPassword,
    &all::disable_transport_rule::DisableTransportRule,
    &all::disable_connector::DisableConnector,
    &all::set_outbound_autoforward_off::SetOutboundAutoforwardOff,
    &all::switch_audit_on::SwitchAuditOn,
];

/// Returns every action.
#[must_use]
pub fn catalogue() -> &'static [&'static dyn Action] {
    CATALOGUE
}

/// Returns the action of that id.
#[must_use]
pub fn action(id: &str) -> Option<&'static dyn Action> {
    let found = CATALOGUE.iter().find(|action| action.about().id == id)?;
    Some(*found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::action::Reversible;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_says_what_it_is() {
        let ids: BTreeSet<&str> = catalogue().iter().map(|one| one.about().id).collect();
        assert_eq!(ids.len(), catalogue().len(), "an id stands twice");
        for one in catalogue() {
            let about = one.about();
            for text in [about.title, about.sentence, about.notices] {
                assert!(!text.is_empty() && text.trim() == text, "{}", about.id);
            }
            assert!(!about.permissions.is_empty(), "{}", about.id);
            assert!(about.sentence.ends_with('.'), "{}", about.id);
            let found = action(about.id).map(|found| found.about().title);
            assert_eq!(found, Some(about.title));
        }
        assert!(action("nothing").is_none());
    }

    #[test]
    fn the_list_is_in_the_order_of_the_stages() {
        assert!(catalogue().is_sorted_by_key(|one| one.about().stage));
    }

    #[test]
    fn nothing_is_automatic_that_cannot_be_taken_back_but_the_end_of_sessions() {
        for one in catalogue().iter().filter(|one| one.about().automatic) {
            let about = one.about();
            let is_reversible = !matches!(about.reversible, Reversible::No(_));
            assert!(
                is_reversible || about.id == "revoke-sessions",
                "{}",
                about.id
            );
        }
    }
}
