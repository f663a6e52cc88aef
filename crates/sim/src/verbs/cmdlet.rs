//! A cmdlet of Exchange's administration, which Outlook on the web runs too: record type 1.

use serde_json::json;

use super::mail_record::server;
use super::stage::{Session, Stage};
use super::write::pairs;
use crate::office_apps::EXCHANGE;
use crate::record::{ContentType, Micros};
use crate::story_time::bare;

/// Who runs it.
pub(crate) enum Runner<'a> {
    /// A person in a session.
    Person(&'a Session),
    /// Exchange itself.
    System,
}

/// What Exchange calls itself.
const SYSTEM: &str = "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)";

impl Stage {
    /// Writes that a cmdlet ran on an object.
    pub(crate) fn cmdlet(
        &mut self,
        at: Micros,
        runner: &Runner<'_>,
        name: &str,
        object: &str,
        parameters: &[(String, String)],
    ) {
        let id = self.chance.guid();
        let port = self.chance.between(1024, 65000);
        let server = server(&mut self.chance).trim_end().to_owned();
        let tenant = self.here();
        let listed = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()));
        let mut body = json!({
            "Id": id,
            "CreationTime": bare(at),
            "Operation": name,
            "OrganizationId": tenant.id,
            "RecordType": 1,
            "ResultStatus": "True",
            "UserKey": SYSTEM,
            "UserType": 3,
            "Version": 1,
            "Workload": "Exchange",
            "ObjectId": object,
            "UserId": SYSTEM,
            "AppId": "",
            "ClientAppId": "",
            "ExternalAccess": true,
            "OrganizationName": tenant.initial_domain,
            "OriginatingServer": server,
            "Parameters": pairs(listed),
        });
        if let Runner::Person(session) = runner {
            let user = self.user(session.user);
            let address = &session.place.address;
            body["UserKey"] = json!(user.puid);
            body["UserId"] = json!(user.upn);
            body["UserType"] = json!(2);
            body["ExternalAccess"] = json!(false);
            body["AppId"] = json!(EXCHANGE);
            body["ClientAppId"] = json!(session.client.dress().mail_app);
            body["SessionId"] = json!(session.id);
            body["ClientIP"] = json!(if address.contains(':') {
                format!("[{address}]:{port}")
            } else {
                format!("{address}:{port}")
            });
        }
        self.unified(ContentType::Exchange, at, &body);
    }
}

/// Makes a parameter.
pub(crate) fn parameter(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}
