//! The two records of a sign-in: Graph's, and the audit log's, under one id.

use serde_json::{Value, json};

use super::client::Client;
use super::sign_in::Outcome;
use super::stage::Stage;
use super::write::{pairs, with};
use crate::person::{Device, Place};
use crate::record::{ContentType, Micros, SignInKind, Stream};
use crate::story_time::{bare, zulu};

/// An attempt to sign in.
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) correlation: String,
    pub(crate) token: String,
    pub(crate) session: String,
    pub(crate) kind: SignInKind,
    pub(crate) risk: Option<String>,
    pub(crate) client: Client,
    pub(crate) user: usize,
    pub(crate) place: Place,
    pub(crate) outcome: Outcome,
    /// The application, by id and name, when it is not the program's own.
    pub(crate) app: Option<(String, String)>,
}

impl Attempt {
    /// Begins an attempt, with ids of its own.
    pub(crate) fn new(stage: &mut Stage, user: usize, place: Place, client: Client) -> Self {
        let chance = &mut stage.chance;
        Self {
            id: chance.guid(),
            correlation: chance.guid(),
            token: chance.base64(22),
            session: chance.guid(),
            kind: SignInKind::Interactive,
            risk: None,
            client,
            user,
            place,
            outcome: Outcome::Success,
            app: None,
        }
    }

    /// Writes both records.
    pub(crate) fn write(&self, stage: &mut Stage, at: Micros) {
        let sign_in = self.graph(stage, at);
        stage.write(Stream::SignIn(self.kind), self.id.clone(), at, &sign_in);
        let audit = self.audit(stage, at);
        stage.unified(ContentType::AzureActiveDirectory, at, &audit);
    }

    fn app(&self) -> (String, String) {
        let (id, name) = self.client.dress().app;
        let own = || (id.to_owned(), name.to_owned());
        self.app.clone().unwrap_or_else(own)
    }

    fn device<'a>(&self, stage: &'a Stage) -> Option<&'a Device> {
        let user = stage.user(self.user);
        user.devices.first().filter(|_| self.client.is_managed())
    }

    fn graph(&self, stage: &Stage, at: Micros) -> Value {
        let user = stage.user(self.user);
        let tenant = stage.here();
        let dress = self.client.dress();
        let device = self.device(stage);
        let (number, reason, _) = self.outcome.error();
        let level = self.risk.as_deref().unwrap_or("none");
        let interactive = self.kind == SignInKind::Interactive;
        let events: &[&str] = match level {
            "none" => &[],
            _ if interactive => &["unfamiliarFeatures"],
            _ => &["anomalousToken"],
        };
        let second_factor = self.outcome != Outcome::PasswordOnly;
        let who = json!({
            "id": self.id,
            "createdDateTime": zulu(at),
            "userDisplayName": user.display_name,
            "userPrincipalName": user.upn.to_lowercase(),
            "userId": user.id,
            "userType": "member",
            "appId": self.app().0,
            "appDisplayName": self.app().1,
            "resourceId": dress.resource.0,
            "resourceDisplayName": dress.resource.1,
            "resourceTenantId": tenant.id,
            "homeTenantId": tenant.id,
            "crossTenantAccessType": "none",
        });
        let how = json!({
            "ipAddress": self.place.address,
            "autonomousSystemNumber": self.place.network,
            "clientAppUsed": dress.kind,
            "userAgent": dress.user_agent,
            "correlationId": self.correlation,
            "conditionalAccessStatus": if self.outcome.succeeded() { "success" } else { "notApplied" },
            "appliedConditionalAccessPolicies": [],
        });
        let token = json!({
            "originalRequestId": self.id,
            "isInteractive": interactive,
            "signInEventTypes": [self.kind.name()],
            "tokenIssuerName": "",
            "tokenIssuerType": "AzureAD",
            "incomingTokenType": if interactive { "none" } else { "refreshToken" },
            "authenticationProtocol": if self.client == Client::Script && self.app.is_none() { "ropc" } else { "none" },
            "authenticationRequirement": if second_factor { "multiFactorAuthentication" } else { "singleFactorAuthentication" },
            "authenticationDetails": self.steps(at),
            "authenticationProcessingDetails": [],
            "networkLocationDetails": [],
            "uniqueTokenIdentifier": self.token,
            "sessionId": self.session,
            "processingTimeInMilliseconds": 180,
        });
        let outcome = json!({
            "riskDetail": "none",
            "riskLevelAggregated": level,
            "riskLevelDuringSignIn": level,
            "riskState": if level == "none" { "none" } else { "atRisk" },
            "riskEventTypes_v2": events,
            "status": { "errorCode": number, "failureReason": reason, "additionalDetails": null },
            "deviceDetail": {
                "deviceId": device.map_or("", |device| &device.id),
                "displayName": device.map_or("", |device| &device.name),
                "operatingSystem": dress.system,
                "browser": dress.browser.0,
                "isCompliant": device.is_some(),
                "isManaged": device.is_some_and(|device| device.managed),
                "trustType": device.map_or("", |device| &device.trust),
            },
            "location": location(&self.place),
        });
        with(with(who, how), with(token, outcome))
    }

    fn steps(&self, at: Micros) -> Value {
        let step =
            |method: &str, detail: Option<&str>, worked: bool, result: &str, requirement: &str| {
                json!({
                    "authenticationStepDateTime": zulu(at),
                    "authenticationMethod": method,
                    "authenticationMethodDetail": detail,
                    "succeeded": worked,
                    "authenticationStepResultDetail": result,
                    "authenticationStepRequirement": requirement,
                })
            };
        if self.kind != SignInKind::Interactive {
            return json!([step(
                "Previously satisfied",
                None,
                true,
                "MFA requirement satisfied by claim in the token",
                "Multi-factor authentication",
            )]);
        }
        let password = |worked, result| {
            step(
                "Password",
                Some("Password in the cloud"),
                worked,
                result,
                "Primary authentication",
            )
        };
        let notification = |worked, result| {
            step(
                "Mobile app notification",
                None,
                worked,
                result,
                "Multi-factor authentication",
            )
        };
        match self.outcome {
            Outcome::Success => json!([
                password(true, "Correct password"),
                notification(true, "MFA completed in Azure AD"),
            ]),
            Outcome::PasswordOnly => json!([password(true, "Correct password")]),
            Outcome::FactorDenied => json!([
                password(true, "Correct password"),
                notification(false, "MFA denied; user declined the authentication"),
            ]),
            Outcome::FactorAsked => json!([password(true, "Correct password")]),
            Outcome::WrongPassword | Outcome::Locked | Outcome::Disabled => {
                json!([password(
                    false,
                    "Invalid username or password or invalid on-premises username or password"
                )])
            }
        }
    }

    fn audit(&self, stage: &Stage, at: Micros) -> Value {
        let user = stage.user(self.user);
        let tenant = stage.here();
        let dress = self.client.dress();
        let (number, _, word) = self.outcome.error();
        let interactive = self.kind == SignInKind::Interactive;
        let mut more = vec![
            ("ResultStatusDetail", "Success".to_owned()),
            ("UserAgent", dress.user_agent.to_owned()),
        ];
        if interactive {
            let factor = if number == 50126 { "1" } else { "9" };
            more.push(("UserAuthenticationMethod", factor.to_owned()));
            more.push(("RequestType", "Login:login".to_owned()));
        } else {
            more.push(("RequestType", "OAuth2:Token".to_owned()));
        }
        let mut body = json!({
            "Id": self.id,
            "CreationTime": bare(at),
            "Operation": if self.outcome.succeeded() { "UserLoggedIn" } else { "UserLoginFailed" },
            "OrganizationId": tenant.id,
            "RecordType": 15,
            // In three records out of five of a failed sign-in Microsoft writes `Success` here.
            "ResultStatus": "Success",
            "UserKey": user.id,
            "UserType": 0,
            "Version": 1,
            "Workload": "AzureActiveDirectory",
            "ClientIP": self.place.address,
            "ObjectId": dress.resource.0,
            "UserId": user.upn,
            "AzureActiveDirectoryEventType": 1,
            "ExtendedProperties": pairs(more),
            "ModifiedProperties": [],
            "Actor": [
                { "ID": user.id, "Type": 0 },
                { "ID": user.upn, "Type": 5 },
            ],
            "ActorContextId": tenant.id,
            "ActorIpAddress": self.place.address,
            "InterSystemsId": self.correlation,
            "IntraSystemId": self.id,
            "SupportTicketId": "",
            "Target": [{ "ID": dress.resource.0, "Type": 0 }],
            "TargetContextId": tenant.id,
            "ApplicationId": self.app().0,
            "DeviceProperties": self.device_properties(stage),
            "ErrorNumber": number.to_string(),
        });
        if !word.is_empty() {
            body["LogonError"] = json!(word);
        }
        body
    }

    fn device_properties(&self, stage: &Stage) -> Value {
        let dress = self.client.dress();
        let mut properties = Vec::new();
        if let Some(device) = self.device(stage) {
            properties.push(("Id", device.id.clone()));
            properties.push(("DisplayName", device.name.clone()));
            properties.push(("TrustType", "1".to_owned()));
        }
        properties.push(("OS", dress.system.to_owned()));
        properties.push(("BrowserType", dress.browser.1.to_owned()));
        let managed = if self.client.is_managed() {
            "True"
        } else {
            "False"
        };
        properties.push(("IsCompliantAndManaged", managed.to_owned()));
        properties.push(("SessionId", self.session.clone()));
        pairs(properties)
    }
}

/// Writes a place as Graph does.
pub(crate) fn location(place: &Place) -> Value {
    json!({
        "city": place.city,
        "state": place.state,
        "countryOrRegion": place.country,
        "geoCoordinates": {
            "altitude": null,
            "latitude": place.latitude,
            "longitude": place.longitude,
        },
    })
}
