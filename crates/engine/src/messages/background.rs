//! Which reads are a service's and no person's.
//!
//! Exchange logs the reads of Microsoft's own background services like anybody's, under
//! the owner's name. The client string `Client=RESTSystem` alone proves nothing, for an
//! application a tenant consented to shows the same; so a read counts as background only
//! when all of this holds:
//!
//! - the client string says `RESTSystem`, and the actor is not an application acting as itself;
//! - nobody in the lake's records consented to that application, gave it a permission or a
//!   secret, or made it a service principal;
//! - no person signed in from the address;
//! - the address is Microsoft's own service network, or the application reads in at least
//!   three mailboxes.

use crate::error::EngineError;
use crate::store::Store;
use lake::{Cell, Touched};
use std::collections::BTreeSet;

/// What tells background reads apart in this lake.
#[derive(Debug, Default)]
pub(super) struct Background {
    /// Whether background reads are to be told apart at all.
    on: bool,
    /// Applications that somebody gave something to.
    granted_apps: BTreeSet<String>,
    /// Applications that read in several mailboxes.
    widespread_apps: BTreeSet<String>,
    /// Addresses that people signed in from.
    sign_in_addresses: BTreeSet<String>,
}

/// In how many mailboxes an unknown application must read to be taken for a service of the platform.
const MAILBOXES: usize = 3;

/// The operations that give an application something, as they begin.
const GRANTS: [&str; 8] = [
    "Consent to application",
    "Add OAuth2PermissionGrant",
    "Add delegated permission grant",
    "Add app role assignment",
    "Add service principal",
    "Add application",
    "Update application",
    "Add owner to application",
];

impl Background {
    /// Returns whether a touch is a background read.
    pub(super) fn holds(&self, touched: &Touched<'_>) -> bool {
        let is_service_client =
            touched.agent.contains("Client=RESTSystem") && touched.user_kind != "application";
        let is_read = matches!(touched.touch, model::Touch::Bind | model::Touch::Sync);
        self.on
            && is_service_client
            && is_read
            && !self.granted_apps.contains(touched.app)
            && !self.sign_in_addresses.contains(touched.address)
            && (touched.address_class == "microsoft" || self.widespread_apps.contains(touched.app))
    }
}

impl Store {
    /// Learns from the lake what tells background reads apart.
    pub(super) fn background(&self) -> Result<Background, EngineError> {
        let mut background = Background {
            on: true,
            ..Background::default()
        };
        self.rows(
            &format!(
                "SELECT app, count(DISTINCT mailbox) FROM mail_items WHERE agent LIKE '%Client=RESTSystem%' \
                 AND app <> '' GROUP BY app HAVING count(DISTINCT mailbox) >= {MAILBOXES}"
            ),
            &mut |row| {
                if let [Cell::Text(app), _] = row {
                    background.widespread_apps.insert(app.clone());
                }
            },
        )?;
        self.rows(
            "SELECT DISTINCT address FROM unified WHERE action = 'UserLoggedIn' AND address <> '' \
             UNION SELECT DISTINCT address FROM signins WHERE outcome = 'success' AND address <> ''",
            &mut |row| {
                if let [Cell::Text(address)] = row {
                    background.sign_in_addresses.insert(address.clone());
                }
            },
        )?;
        background.granted_apps = self.granted_apps()?;
        Ok(background)
    }

    /// Returns the applications among the readers that some directory record gave something to.
    fn granted_apps(&self) -> Result<BTreeSet<String>, EngineError> {
        let mut readers = BTreeSet::new();
        self.rows(
            "SELECT DISTINCT app FROM mail_items WHERE agent LIKE '%Client=RESTSystem%' AND app <> ''",
            &mut |row| {
                if let [Cell::Text(app)] = row {
                    readers.insert(app.clone());
                }
            },
        )?;
        let grants = GRANTS
            .map(|begin| format!("action LIKE '{begin}%'"))
            .join(" OR ");
        let mut granted = BTreeSet::new();
        for table in ["unified", "directory_audits"] {
            self.rows(
                &format!("SELECT object, rest FROM {table} WHERE {grants}"),
                &mut |row| {
                    for cell in row {
                        let Cell::Text(text) = cell else { continue };
                        let text = text.to_lowercase();
                        granted.extend(
                            readers
                                .iter()
                                .filter(|app| text.contains(app.as_str()))
                                .cloned(),
                        );
                    }
                },
            )?;
        }
        Ok(granted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Touch;

    fn read<'a>(app: &'a str, address: &'a str, class: &'a str) -> Touched<'a> {
        Touched {
            touch: Touch::Bind,
            agent: "Client=REST;Client=RESTSystem;;",
            user_kind: "person",
            app,
            address,
            address_class: class,
            ..Touched::default()
        }
    }

    fn background() -> Background {
        let set = |text: &str| BTreeSet::from([text.to_owned()]);
        Background {
            on: true,
            granted_apps: set("granted"),
            widespread_apps: set("everywhere"),
            sign_in_addresses: set("203.0.113.9"),
        }
    }

    #[test]
    fn a_service_read_is_background() {
        assert!(background().holds(&read("service", "2603:10a6::1", "microsoft")));
        assert!(background().holds(&read("everywhere", "198.51.100.7", "public")));
    }

    #[test]
    fn what_somebody_allowed_or_signed_in_from_is_not() {
        assert!(!background().holds(&read("granted", "2603:10a6::1", "microsoft")));
        assert!(!background().holds(&read("everywhere", "203.0.113.9", "public")));
        assert!(!background().holds(&read("seldom", "198.51.100.7", "public")));
        let acting_as_itself = Touched {
            user_kind: "application",
            ..read("service", "2603:10a6::1", "microsoft")
        };
        assert!(!background().holds(&acting_as_itself));
        let owner = Touched {
            agent: "Client=OWA",
            ..read("service", "2603:10a6::1", "microsoft")
        };
        assert!(!background().holds(&owner));
    }

    #[test]
    fn nothing_is_left_out_unless_asked() {
        assert!(!Background::default().holds(&read("service", "2603:10a6::1", "microsoft")));
    }
}
