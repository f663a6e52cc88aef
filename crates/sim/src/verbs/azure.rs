//! A resource of Azure is changed; somebody works in Azure DevOps.

use serde::Deserialize;
use serde_json::{Value, json};

use super::stage::{Session, Stage};
use crate::record::{Micros, Stream};
use crate::story_time::{SECOND, precise};

/// An operation of Azure Resource Manager: two events, its start and its end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Azure {
    /// In which session.
    pub(crate) session: String,
    /// The operation, e.g. `Microsoft.Compute/virtualMachines/write`.
    pub(crate) operation: String,
    /// The resource's name.
    pub(crate) resource: String,
}

/// An entry of Azure DevOps' audit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DevOps {
    /// In which session.
    pub(crate) session: String,
    /// `Git.RefUpdatePoliciesBypassed`, `Token.PatCreateEvent`, ...
    pub(crate) action: String,
    /// What it says.
    pub(crate) details: String,
}

impl Azure {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let (correlation, operation) = (stage.chance.guid(), stage.chance.guid());
        let end = stage.now + stage.chance.between(2, 40) * SECOND;
        for (at, status, code) in [(stage.now, "Started", ""), (end, "Succeeded", "OK")] {
            let id = stage.chance.guid();
            let body = self.event(
                stage,
                &session,
                at,
                [&id, &correlation, &operation, status, code],
            )?;
            stage.write(Stream::AzureActivity, id, at, &body);
        }
        Ok(())
    }

    fn event(
        &self,
        stage: &Stage,
        session: &Session,
        at: Micros,
        [id, correlation, operation, status, code]: [&str; 5],
    ) -> Result<Value, String> {
        let tenant = stage.here();
        let user = stage.user(session.user);
        let subscription = tenant
            .subscriptions
            .first()
            .ok_or("there is no subscription")?;
        let provider = self.operation.split('/').next().unwrap_or_default();
        let kind = self.operation.rsplit_once('/').map_or("", |(kind, _)| kind);
        let group = format!(
            "/subscriptions/{}/resourceGroups/production",
            subscription.id
        );
        let resource = format!("{group}/providers/{kind}/{}", self.resource);
        let named = |value: &str| json!({ "value": value, "localizedValue": value });
        Ok(json!({
            "id": format!("{resource}/events/{id}/ticks/{}", at * 10 + 621_355_968_000_000_000),
            "eventDataId": id,
            "authorization": { "action": self.operation, "scope": resource, "role": "Subscription Admin" },
            "caller": user.upn,
            "channels": "Operation",
            "claims": {
                "aud": "https://management.core.windows.net/",
                "appid": session.client.dress().app.0,
                "ipaddr": session.place.address,
                "name": user.display_name,
                "http://schemas.microsoft.com/identity/claims/objectidentifier": user.id,
                "http://schemas.microsoft.com/identity/claims/tenantid": tenant.id,
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": user.upn,
            },
            "correlationId": correlation,
            "operationId": operation,
            "description": "",
            "eventName": named(if code.is_empty() { "BeginRequest" } else { "EndRequest" }),
            "category": named("Administrative"),
            "httpRequest": {
                "clientRequestId": operation,
                "clientIpAddress": session.place.address,
                "method": if self.operation.ends_with("delete") { "DELETE" } else { "PUT" },
            },
            "level": "Informational",
            "resourceGroupName": "production",
            "resourceProviderName": named(provider),
            "resourceId": resource,
            "resourceType": named(kind),
            "operationName": named(&self.operation),
            "properties": { "statusCode": code },
            "status": named(status),
            "subStatus": named(code),
            "eventTimestamp": precise(at),
            "submissionTimestamp": precise(at + 75 * SECOND),
            "subscriptionId": subscription.id,
            "tenantId": tenant.id,
        }))
    }
}

impl DevOps {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let (id, correlation, activity) = (
            stage.chance.guid(),
            stage.chance.guid(),
            stage.chance.guid(),
        );
        let user = stage.user(session.user);
        let organization = stage
            .here()
            .devops
            .first()
            .ok_or("there is no DevOps organisation")?;
        let (area, event) = self.action.split_once('.').unwrap_or((&self.action, ""));
        let category = match event {
            event if event.contains("Create") => "create",
            event if event.contains("Delete") || event.contains("Remove") => "remove",
            event if event.contains("Access") => "access",
            _ => "modify",
        };
        let body = json!({
            "id": format!("{id};{}", organization.name),
            "correlationId": correlation,
            "activityId": activity,
            "actorCUID": user.id,
            "actorUserId": user.id,
            "actorClientId": "00000000-0000-0000-0000-000000000000",
            "actorUPN": user.upn,
            "actorDisplayName": user.display_name,
            "actorImageUrl": null,
            "authenticationMechanism": "AAD_Cookie",
            "timestamp": precise(stage.now),
            "scopeType": "organization",
            "scopeDisplayName": format!("{} (Organization)", organization.name),
            "scopeId": organization.id,
            "projectId": organization.project.0,
            "projectName": organization.project.1,
            "ipAddress": session.place.address,
            "userAgent": session.client.dress().user_agent,
            "actionId": self.action,
            "data": {},
            "details": self.details,
            "area": area,
            "category": category,
            "categoryDisplayName": category,
        });
        let id = format!("{id};{}", organization.name);
        stage.write(Stream::DevOps, id, stage.now, &body);
        Ok(())
    }
}
