//! A world small enough to be counted by hand: one tenant and one that keeps no audit log,
//! a record of every stream every ten minutes for two days.

use serde_json::json;

use crate::app::Collector;
use crate::record::{ContentType, Micros, Record, SignInKind, Stream};
use crate::service::Service;
use crate::stamp::{self, DAY, MINUTE};
use crate::truth::Truth;
use crate::world::{DevOpsOrganization, Settings, Subscription, Tenant, World};

pub(super) const TENANT: &str = "11111111-1111-4111-8111-111111111111";
pub(super) const OTHER: &str = "22222222-2222-4222-8222-222222222222";
pub(super) const CLIENT: &str = "33333333-3333-4333-8333-333333333333";
pub(super) const SUBSCRIPTION: &str = "44444444-4444-4444-8444-444444444444";

/// Midnight before the first record.
pub(super) fn midnight() -> Micros {
    stamp::parse("2026-03-01T00:00:00Z").unwrap()
}

pub(super) fn world() -> World {
    let began = midnight();
    let records: Vec<Record> = (0..288)
        .flat_map(|step| records(began + step * 10 * MINUTE, step))
        .collect();
    World {
        seed: 7,
        story: "small".to_owned(),
        tenants: vec![
            tenant(TENANT, "contoso", true),
            tenant(OTHER, "fabrikam", false),
        ],
        records,
        began,
        until: began + 2 * DAY,
        truth: Truth::default(),
        strokes: Vec::new(),
    }
}

fn tenant(id: &str, name: &str, unified_audit: bool) -> Tenant {
    let permission = |service: Service, names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        (service.application().to_owned(), names)
    };
    let domain = format!("{name}.onmicrosoft.example");
    Tenant {
        id: id.to_owned(),
        name: name.to_owned(),
        initial_domain: domain.clone(),
        domains: vec![format!("{name}.example"), domain],
        offices: Vec::new(),
        users: Vec::new(),
        apps: Vec::new(),
        grants: Vec::new(),
        role_grants: Vec::new(),
        roles: Vec::new(),
        transport_rules: Vec::new(),
        connectors: Vec::new(),
        subscriptions: vec![Subscription {
            id: SUBSCRIPTION.to_owned(),
            name: "Production".to_owned(),
        }],
        devops: vec![DevOpsOrganization {
            id: "55555555-5555-4555-8555-555555555555".to_owned(),
            name: "contoso".to_owned(),
            project: (
                "66666666-6666-4666-8666-666666666666".to_owned(),
                "Web".to_owned(),
            ),
        }],
        skus: Vec::new(),
        settings: Settings {
            unified_audit,
            audit_disabled: false,
            audit_since: midnight(),
            auto_forwarding: "Automatic",
            remote_domain_forwarding: true,
            security_defaults: true,
            policies: Vec::new(),
            more_policies: Vec::new(),
            user_consent: true,
        },
        collector: Collector {
            client_id: CLIENT.to_owned(),
            secret: "s~ecret.+/".to_owned().replace(['+', '/'], "_"),
            thumbprint: String::new(),
            service_principal: "77777777-7777-4777-8777-777777777777".to_owned(),
            permissions: vec![
                permission(Service::Manage, &["ActivityFeed.Read"]),
                permission(
                    Service::Graph,
                    &[
                        "AuditLog.Read.All",
                        "Directory.Read.All",
                        "IdentityRiskEvent.Read.All",
                        "AuditLogsQuery.Read.All",
                        "ExchangeMessageTrace.Read.All",
                        "Policy.Read.All",
                        "Mail.Read",
                        "MailboxSettings.Read",
                        "Organization.Read.All",
                        "Application.Read.All",
                    ],
                ),
                permission(Service::Exchange, &["Exchange.ManageAsApp"]),
            ],
            directory_roles: vec!["Global Reader".to_owned()],
        },
        responder: Collector {
            client_id: "88888888-8888-4888-8888-888888888888".to_owned(),
            secret: "r~esponder".to_owned(),
            thumbprint: String::new(),
            service_principal: "99999999-9999-4999-8999-999999999999".to_owned(),
            permissions: Vec::new(),
            directory_roles: Vec::new(),
        },
    }
}

fn records(time: Micros, step: i64) -> Vec<Record> {
    let streams = [
        (Stream::Unified(ContentType::Exchange), "exchange"),
        (Stream::SignIn(SignInKind::Interactive), "interactive"),
        (Stream::SignIn(SignInKind::NonInteractive), "noninteractive"),
        (Stream::DirectoryAudit, "directory"),
        (Stream::Risk, "risk"),
        (Stream::Trace, "trace"),
        (Stream::AzureActivity, "azure"),
        (Stream::DevOps, "devops"),
    ];
    streams
        .map(|(stream, name)| record(stream, name, time, step))
        .to_vec()
}

fn record(stream: Stream, name: &str, time: Micros, step: i64) -> Record {
    let id = format!("{name}-{step}");
    let at = stamp::seconds(time);
    let body = match stream {
        Stream::Unified(_) => json!({
            "Id": id, "RecordType": 2, "CreationTime": at.trim_end_matches('Z'), "Operation": "Send",
            "OrganizationId": TENANT, "UserType": 0, "UserId": format!("user{}@contoso.example", step % 3),
            "Workload": "Exchange", "ClientIP": "203.0.113.7",
        }),
        Stream::SignIn(kind) => json!({
            "id": id, "createdDateTime": at, "userPrincipalName": format!("user{}@contoso.example", step % 3),
            "appId": "app", "ipAddress": "203.0.113.7", "signInEventTypes": [kind.name()], "userAgent": "curl",
            "status": {"errorCode": 0},
        }),
        Stream::DirectoryAudit => {
            json!({"id": id, "activityDateTime": at, "category": "UserManagement"})
        }
        Stream::Risk => {
            json!({"id": id, "activityDateTime": at, "detectedDateTime": at, "lastUpdatedDateTime": at})
        }
        Stream::Trace => json!({
            "id": format!("trace-{step}"), "receivedDateTime": at, "senderAddress": "a@contoso.example",
            "recipientAddress": "b@fabrikam.example", "messageId": format!("<{step}@contoso.example>"),
            "subject": "hello", "size": 1000, "fromIP": "203.0.113.7", "toIP": null, "status": "delivered",
        }),
        Stream::AzureActivity => json!({
            "eventDataId": id, "eventTimestamp": at, "submissionTimestamp": at, "subscriptionId": SUBSCRIPTION,
            "tenantId": TENANT, "caller": "a@contoso.example", "resourceGroupName": "g",
        }),
        Stream::DevOps => json!({"id": id, "timestamp": at, "actionId": "Token.PatCreateEvent"}),
    };
    Record {
        tenant: 0,
        stream,
        id,
        time,
        available: time + 5 * MINUTE,
        body: body.to_string(),
    }
}
