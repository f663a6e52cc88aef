//! What Microsoft's own services do by themselves: read mail to index it, set mailboxes right
//! at night; and applications that sign in as themselves.

use serde::Deserialize;
use serde_json::json;

use super::cmdlet::{Runner, parameter};
use super::mail_record::{Access, service_address};
use super::read::{Read, choose};
use super::stage::Stage;
use crate::office_apps::GRAPH;
use crate::record::{SignInKind, Stream};
use crate::story_time::zulu;

/// A service at work.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Service {
    /// Reads some messages of somebody.
    Index {
        /// Whose.
        of: String,
        /// How many, the newest first.
        count: usize,
    },
    /// Sets a mailbox of its own right.
    Housekeeping,
    /// An application signs in as itself, by its shown name.
    AppSignIn(String),
    /// A managed identity signs in.
    IdentitySignIn,
}

/// Readers that no list names: they have no service principal in the tenant.
const READERS: &[&str] = &[
    "5b9d7f2e-41c3-4d0a-9a6e-2f8c1b7d3e50",
    "c1e4a86d-0f37-4b92-8d15-7a3e9c6b2f48",
];

impl Service {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        match self {
            Self::Index { of, count } => index(stage, of, *count),
            Self::Housekeeping => {
                housekeeping(stage);
                Ok(())
            }
            Self::AppSignIn(name) => {
                let app = stage
                    .here()
                    .apps
                    .iter()
                    .find(|app| app.display_name == *name);
                let app = app.ok_or_else(|| format!("no application is `{name}`"))?;
                let (id, app_id) = (app.id.clone(), app.app_id.clone());
                sign_in(stage, SignInKind::ServicePrincipal, &id, &app_id, name);
                Ok(())
            }
            Self::IdentitySignIn => {
                let mut steady = crate::seed::Seed::new(5).fork(&stage.here().id);
                let (id, app_id) = (steady.guid(), steady.guid());
                sign_in(
                    stage,
                    SignInKind::ManagedIdentity,
                    &id,
                    &app_id,
                    "warehouse-function",
                );
                Ok(())
            }
        }
    }
}

fn index(stage: &mut Stage, of: &str, count: usize) -> Result<(), String> {
    let user = stage.person(of)?;
    let reader = (*stage.chance.pick(READERS)).to_owned();
    let access = Access {
        user,
        mailbox: user,
        address: service_address(&mut stage.chance),
        client: "Client=REST;Client=RESTSystem;;".to_owned(),
        process: None,
        session: None,
        apps: (reader.clone(), reader),
        token: None,
    };
    let wanted = Read {
        count,
        ..Read::default()
    };
    let chosen = choose(stage, user, &wanted)?;
    let unread: Vec<usize> = {
        let mailbox = stage.mailbox(user)?;
        let unread = |place: &usize| !mailbox.messages[*place].is_read;
        chosen.iter().copied().filter(unread).collect()
    };
    stage.open_messages(&access, &chosen, 0)?;
    // An index does not mark what it reads.
    for place in unread {
        stage.mailbox_mut(user)?.messages[place].is_read = false;
    }
    Ok(())
}

fn housekeeping(stage: &mut Stage) {
    let domain = stage.here().initial_domain.clone();
    let forest = "EURPR07A004.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations";
    let object = format!("{forest}/{domain}/SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}");
    let parameters = [
        parameter("Identity", object.clone()),
        parameter("Arbitration", "True"),
        parameter("ProhibitSendQuota", "99 GB (106,300,440,576 bytes)"),
        parameter("ProhibitSendReceiveQuota", "100 GB (107,374,182,400 bytes)"),
        parameter("RecoverableItemsQuota", "30 GB (32,212,254,720 bytes)"),
        parameter("UseDatabaseQuotaDefaults", "False"),
        parameter("HiddenFromAddressListsEnabled", "True"),
        parameter("Force", "True"),
    ];
    stage.cmdlet(
        stage.now,
        &Runner::System,
        "Set-Mailbox",
        &object,
        &parameters,
    );
}

fn sign_in(stage: &mut Stage, kind: SignInKind, principal: &str, app_id: &str, name: &str) {
    let (id, correlation, token) = (
        stage.chance.guid(),
        stage.chance.guid(),
        stage.chance.base64(22),
    );
    let address = match kind {
        SignInKind::ManagedIdentity => String::new(),
        _ => "198.51.100.180".to_owned(),
    };
    let body = json!({
        "id": id,
        "createdDateTime": zulu(stage.now),
        "appId": app_id,
        "appDisplayName": name,
        "servicePrincipalId": principal,
        "servicePrincipalName": name,
        "ipAddress": address,
        "correlationId": correlation,
        "isInteractive": false,
        "signInEventTypes": [kind.name()],
        "clientCredentialType": if kind == SignInKind::ServicePrincipal { "clientSecret" } else { "managedIdentity" },
        "resourceId": GRAPH,
        "resourceDisplayName": "Microsoft Graph",
        "resourceTenantId": stage.here().id,
        "homeTenantId": stage.here().id,
        "uniqueTokenIdentifier": token,
        "conditionalAccessStatus": "notApplied",
        "status": { "errorCode": 0, "failureReason": "Other.", "additionalDetails": null },
        "location": { "city": "Amsterdam", "state": "North Holland", "countryOrRegion": "NL", "geoCoordinates": {} },
    });
    stage.write(Stream::SignIn(kind), id, stage.now, &body);
}
