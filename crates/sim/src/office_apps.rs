//! The applications that every organisation has, and the few that this one chose.

use crate::app::{App, Collector, Credential, Grant, Permission, RoleGrant};
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::DAY;
use crate::world::Tenant;

/// Microsoft Graph.
pub(crate) const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// Exchange Online.
pub(crate) const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
/// SharePoint Online.
pub(crate) const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";
/// Office 365 Management APIs.
pub(crate) const MANAGEMENT: &str = "c5393580-f805-4401-95e8-94b7a6ef2fc2";
/// Azure Resource Manager.
pub(crate) const AZURE: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
/// Azure DevOps.
pub(crate) const DEVOPS: &str = "499b84ac-1321-427f-aa17-267ca6975798";
/// OfficeHome: where a browser signs in.
pub(crate) const OFFICE_HOME: &str = "4765445b-32c6-49b0-83e6-1d93765276ca";
/// Outlook on the web.
pub(crate) const OUTLOOK_WEB: &str = "9199bf20-a13f-4107-85dc-02114787ef48";
/// Microsoft Office on a desktop.
pub(crate) const OFFICE_DESKTOP: &str = "d3590ed6-52b3-4102-aeff-aad2292ab01c";
/// Outlook on a telephone.
pub(crate) const OUTLOOK_MOBILE: &str = "27922004-5251-4030-b22d-91ecd9a37ea4";
/// The Azure portal.
pub(crate) const PORTAL: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
/// The tenant in which Microsoft's own applications live.
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// Microsoft's own: app id and name.
const FIRST_PARTY: &[(&str, &str, &str)] = &[
    (GRAPH, "Microsoft Graph", "https://graph.microsoft.com"),
    (
        EXCHANGE,
        "Office 365 Exchange Online",
        "https://outlook.office365.com",
    ),
    (
        SHAREPOINT,
        "Office 365 SharePoint Online",
        "https://microsoft.sharepoint-df.com",
    ),
    (
        MANAGEMENT,
        "Office 365 Management APIs",
        "https://manage.office.com",
    ),
    (
        AZURE,
        "Windows Azure Service Management API",
        "https://management.azure.com",
    ),
    (DEVOPS, "Azure DevOps", "https://app.vssps.visualstudio.com"),
    (OFFICE_HOME, "OfficeHome", "https://www.office.com"),
    (OUTLOOK_WEB, "One Outlook Web", "https://outlook.office.com"),
    (OFFICE_DESKTOP, "Microsoft Office", "https://office.com"),
    (OUTLOOK_MOBILE, "Outlook Mobile", "https://outlook.com"),
    (PORTAL, "Azure Portal", "https://portal.azure.com"),
    (
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "Microsoft Teams",
        "https://teams.microsoft.com",
    ),
    (
        "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9",
        "Device Registration Service",
        "urn:ms-drs:enterpriseregistration.windows.net",
    ),
    (
        "8bd644d1-64a1-4d4b-ae52-2e0cbf64e373",
        "Microsoft Exchange Message Tracing",
        "https://messagetrace.exchange.microsoft.com",
    ),
];

/// Application permissions of Microsoft Graph.
const GRAPH_ROLES: &[(&str, &str)] = &[
    ("b0afded3-3588-46d8-8b3d-9842eff778da", "AuditLog.Read.All"),
    ("7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All"),
    (
        "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
        "Application.Read.All",
    ),
    (
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        "Application.ReadWrite.All",
    ),
    (
        "06b708a9-e830-4db3-a914-8e69da51d44f",
        "AppRoleAssignment.ReadWrite.All",
    ),
    (
        "6e472fd1-ad78-48da-a0f0-97ab2c6b769e",
        "IdentityRiskEvent.Read.All",
    ),
    (
        "40f97065-369a-49f4-947c-6a255697ae91",
        "MailboxSettings.Read",
    ),
    (
        "6931bccd-447a-43d1-b442-00a195474933",
        "MailboxSettings.ReadWrite",
    ),
    ("810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read"),
    ("693c5e45-0940-467d-9b8a-1022fb9d42ef", "Mail.ReadBasic.All"),
    (
        "498476ce-e0fe-48b0-b801-37ba7e2685c6",
        "Organization.Read.All",
    ),
    ("246dd0d5-5bd0-4def-940b-0421030a5b68", "Policy.Read.All"),
    (
        "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
        "RoleManagement.Read.Directory",
    ),
    (
        "dd98c7f5-2d42-42d3-a0e4-633161547251",
        "ThreatHunting.Read.All",
    ),
    (
        "38d9df27-64da-44fd-b7c5-a6fbac20248f",
        "UserAuthenticationMethod.Read.All",
    ),
];

/// Permissions of Graph whose ids a caller looks up by name.
const GRAPH_ROLES_BY_NAME: &[&str] = &["AuditLogsQuery.Read.All", "ExchangeMessageTrace.Read.All"];

/// Scopes that a person can delegate.
const GRAPH_SCOPES: &[&str] = &[
    "User.Read",
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Contacts.Read",
    "Files.Read.All",
    "MailboxSettings.ReadWrite",
    "Calendars.Read",
    "offline_access",
    "openid",
    "profile",
];

const MANAGEMENT_ROLES: &[(&str, &str)] = &[
    ("594c1fb6-4f81-4475-ae41-0c394909246c", "ActivityFeed.Read"),
    (
        "4807a72c-ad38-4250-94c9-4eabfe26cd55",
        "ActivityFeed.ReadDlp",
    ),
];
const EXCHANGE_ROLES: &[(&str, &str)] = &[(
    "dc50a0fb-09a3-484d-be87-e023b12c6440",
    "Exchange.ManageAsApp",
)];

/// What a collector is granted, by the app id of each resource.
pub(crate) fn collector_permissions() -> Vec<(String, Vec<String>)> {
    let owned = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let graph = [
        "AuditLog.Read.All",
        "AuditLogsQuery.Read.All",
        "Directory.Read.All",
        "Application.Read.All",
        "IdentityRiskEvent.Read.All",
        "MailboxSettings.Read",
        "Mail.ReadBasic.All",
        "Organization.Read.All",
        "Policy.Read.All",
        "RoleManagement.Read.Directory",
        "ThreatHunting.Read.All",
        "UserAuthenticationMethod.Read.All",
        "ExchangeMessageTrace.Read.All",
    ];
    vec![
        (GRAPH.to_owned(), owned(&graph)),
        (
            MANAGEMENT.to_owned(),
            owned(&["ActivityFeed.Read", "ActivityFeed.ReadDlp"]),
        ),
        (EXCHANGE.to_owned(), owned(&["Exchange.ManageAsApp"])),
    ]
}

/// Application permissions of Microsoft Graph that only a responder needs.
const GRAPH_WRITES: &[(&str, &str)] = &[
    (
        "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
        "DelegatedPermissionGrant.ReadWrite.All",
    ),
    (
        "656f6061-f9fe-4807-9708-6a2e0934df76",
        "IdentityRiskyUser.ReadWrite.All",
    ),
    ("741f803b-c850-494e-b5df-cde7c675a1ca", "User.ReadWrite.All"),
    (
        "01c0a623-fc9b-48e9-b794-0756f8e8f067",
        "Policy.ReadWrite.ConditionalAccess",
    ),
    (
        "50483e42-d915-4231-9639-7fdb7fd190e5",
        "UserAuthenticationMethod.ReadWrite.All",
    ),
];

/// The same, of which a caller looks the ids up by name: they are the same in every tenant.
const GRAPH_WRITES_BY_NAME: &[&str] = &[
    "User.Read.All",
    "User.RevokeSessions.All",
    "User.EnableDisableAccount.All",
    "User-PasswordProfile.ReadWrite.All",
    "Device.ReadWrite.All",
    "Files.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
];

/// What a responder is granted, by the app id of each resource. `User.ReadWrite.All` is not
/// among it: the narrow ones do.
pub(crate) fn responder_permissions() -> Vec<(String, Vec<String>)> {
    let graph = [
        "Directory.Read.All",
        "User.Read.All",
        "User.EnableDisableAccount.All",
        "User.RevokeSessions.All",
        "User-PasswordProfile.ReadWrite.All",
        "UserAuthenticationMethod.ReadWrite.All",
        "MailboxSettings.ReadWrite",
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Device.ReadWrite.All",
        "Files.ReadWrite.All",
        "Policy.Read.All",
        "Policy.ReadWrite.ConditionalAccess",
        "IdentityRiskyUser.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
    ];
    let graph = graph.map(str::to_owned).to_vec();
    vec![
        (GRAPH.to_owned(), graph),
        (EXCHANGE.to_owned(), vec!["Exchange.ManageAsApp".to_owned()]),
    ]
}

/// Installs the applications that every organisation has, a benign one that people use, one
/// that backs mail up, and the collector's.
pub(crate) fn install(chance: &mut Seed, tenant: &mut Tenant, began: Micros) {
    for (app_id, name, address) in FIRST_PARTY {
        let mut app = blank(chance, app_id, name, MICROSOFT, began - 900 * DAY);
        "Microsoft Services".clone_into(&mut app.publisher);
        app.names.push((*address).to_owned());
        app.app_roles = offered(chance, app_id);
        if *app_id == GRAPH {
            app.scopes = GRAPH_SCOPES
                .iter()
                .map(|scope| named(chance, scope))
                .collect();
        }
        tenant.apps.push(app);
    }
    install_planner(chance, tenant, began);
    install_backup(chance, tenant, began);
    install_collector(chance, tenant, began);
    // Last, and with chance of its own, so that the records of a world stay what they are.
    let mut chance = chance.fork("responder");
    if let Some(graph) = tenant.apps.iter_mut().find(|app| app.app_id == GRAPH) {
        graph.app_roles.extend(writes());
    }
    install_responder(&mut chance, tenant, began);
}

fn writes() -> impl Iterator<Item = Permission> {
    let known = GRAPH_WRITES
        .iter()
        .map(|(id, value)| ((*id).to_owned(), *value));
    let by_name = GRAPH_WRITES_BY_NAME
        .iter()
        .map(|value| (Seed::new(9).fork(value).guid(), *value));
    known.chain(by_name).map(|(id, value)| Permission {
        id,
        value: value.to_owned(),
    })
}

/// Returns a service principal without anything to it.
pub(crate) fn blank(
    chance: &mut Seed,
    app_id: &str,
    name: &str,
    owner: &str,
    created: Micros,
) -> App {
    App {
        id: chance.guid(),
        app_id: app_id.to_owned(),
        display_name: name.to_owned(),
        publisher: String::new(),
        verified_publisher: None,
        owner_organization: owner.to_owned(),
        enabled: true,
        tags: vec!["WindowsAzureActiveDirectoryIntegratedApp".to_owned()],
        reply_urls: Vec::new(),
        names: Vec::new(),
        created,
        app_roles: Vec::new(),
        scopes: Vec::new(),
        credentials: Vec::new(),
        registration: None,
    }
}

fn offered(chance: &mut Seed, app_id: &str) -> Vec<Permission> {
    let known = match app_id {
        GRAPH => GRAPH_ROLES,
        MANAGEMENT => MANAGEMENT_ROLES,
        EXCHANGE => EXCHANGE_ROLES,
        _ => &[],
    };
    let by_name = if app_id == GRAPH {
        GRAPH_ROLES_BY_NAME
    } else {
        &[]
    };
    let mut offered: Vec<Permission> = known
        .iter()
        .map(|(id, value)| Permission {
            id: (*id).to_owned(),
            value: (*value).to_owned(),
        })
        .collect();
    offered.extend(by_name.iter().map(|value| named(chance, value)));
    offered
}

fn named(chance: &mut Seed, value: &str) -> Permission {
    Permission {
        id: chance.guid(),
        value: value.to_owned(),
    }
}

/// An appointment planner that three people allowed to see their calendars, long ago.
fn install_planner(chance: &mut Seed, tenant: &mut Tenant, began: Micros) {
    let owner = chance.guid();
    let app_id = chance.guid();
    let mut app = blank(
        chance,
        &app_id,
        "Tidewater Scheduler",
        &owner,
        began - 300 * DAY,
    );
    "Tidewater Software".clone_into(&mut app.publisher);
    app.verified_publisher = Some("Tidewater Software".to_owned());
    app.reply_urls = vec!["https://app.tidewater.example/signed-in".to_owned()];
    let resource = resource_id(tenant, GRAPH);
    let people: Vec<String> = tenant
        .users
        .iter()
        .skip(3)
        .take(3)
        .map(|user| user.id.clone())
        .collect();
    for principal in people {
        tenant.grants.push(Grant {
            id: chance.base64(43),
            client_id: app.id.clone(),
            resource_id: resource.clone(),
            principal_id: Some(principal),
            scope: "User.Read Calendars.Read offline_access".to_owned(),
            given: began - 280 * DAY,
        });
    }
    tenant.apps.push(app);
}

/// A backup of mail, which an administrator allowed to read every mailbox.
fn install_backup(chance: &mut Seed, tenant: &mut Tenant, began: Micros) {
    let owner = chance.guid();
    let app_id = chance.guid();
    let mut app = blank(
        chance,
        &app_id,
        "Quayside Backup",
        &owner,
        began - 400 * DAY,
    );
    "Quayside Systems".clone_into(&mut app.publisher);
    app.verified_publisher = Some("Quayside Systems".to_owned());
    grant(chance, tenant, &app, GRAPH, "Mail.Read", began - 400 * DAY);
    tenant.apps.push(app);
}

fn install_collector(chance: &mut Seed, tenant: &mut Tenant, began: Micros) {
    let collector = tenant.collector.clone();
    install_own(chance, tenant, &collector, "reader", began - 60 * DAY);
}

fn install_responder(chance: &mut Seed, tenant: &mut Tenant, began: Micros) {
    let responder = tenant.responder.clone();
    install_own(chance, tenant, &responder, "responder", began - 50 * DAY);
}

/// Installs an application that the organisation registered for the product.
fn install_own(
    chance: &mut Seed,
    tenant: &mut Tenant,
    collector: &Collector,
    name: &str,
    made: Micros,
) {
    let mut app = blank(
        chance,
        &collector.client_id,
        &format!("Breachscope {name}"),
        &tenant.id.clone(),
        made,
    );
    app.id.clone_from(&collector.service_principal);
    app.publisher.clone_from(&tenant.name);
    app.registration = Some(chance.guid());
    app.credentials = vec![
        Credential {
            key_id: chance.guid(),
            name: name.to_owned(),
            kind: "Password",
            added: made,
            ends: made + 360 * DAY,
        },
        Credential {
            key_id: chance.guid(),
            name: format!("CN={name}"),
            kind: "AsymmetricX509Cert",
            added: made,
            ends: made + 720 * DAY,
        },
    ];
    for (resource, values) in &collector.permissions {
        for value in values {
            grant(chance, tenant, &app, resource, value, made);
        }
    }
    tenant.apps.push(app);
}

fn grant(
    chance: &mut Seed,
    tenant: &mut Tenant,
    app: &App,
    resource: &str,
    value: &str,
    created: Micros,
) {
    let Some(resource) = tenant.app(resource) else {
        return;
    };
    let Some(role) = resource.app_roles.iter().find(|role| role.value == value) else {
        return;
    };
    let given = RoleGrant {
        id: chance.base64(43),
        principal_id: app.id.clone(),
        resource_id: resource.id.clone(),
        app_role_id: role.id.clone(),
        value: value.to_owned(),
        created,
    };
    tenant.role_grants.push(given);
}

/// Returns the object id of a resource in a tenant.
pub(crate) fn resource_id(tenant: &Tenant, app_id: &str) -> String {
    tenant
        .app(app_id)
        .map(|app| app.id.clone())
        .unwrap_or_default()
}
