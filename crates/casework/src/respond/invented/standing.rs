//! What stands in the invented tenant: one of everything, the owner's and the intruder's.

use super::{
    BACKUP, GRAPH, HELPER, HELPER_ID, NORA, NORA_ID, READER, READER_APP, ROLE, TENANT, Tenant,
    merge,
};
use serde_json::{Value, json};

impl Tenant {
    /// Makes a tenant in which Nora has one of everything, hers and the intruder's.
    pub(crate) fn new() -> Self {
        let person = json!({"id": NORA_ID, "userPrincipalName": NORA, "displayName": "Nora Lindqvist",
            "accountEnabled": true, "userType": "Member", "onPremisesSyncEnabled": null,
            "onPremisesSamAccountName": null,
            "signInSessionsValidFromDateTime": "2026-01-05T08:00:00Z",
            "lastPasswordChangeDateTime": "2026-01-05T08:00:00Z"});
        let method = |kind: &str, id: &str, more: Value| {
            let kind = format!("#microsoft.graph.{kind}AuthenticationMethod");
            let mut found = json!({"@odata.type": kind, "id": id});
            merge(&mut found, &more);
            found
        };
        let rule = |id: &str, name: &str, more: Value| {
            let mut found = json!({"Identity": format!("nora\\{id}"), "RuleIdentity": id, "Name": name,
                "Enabled": true, "Priority": 1, "InError": false, "MailboxOwnerId": NORA, "ForwardTo": null});
            merge(&mut found, &more);
            found
        };
        let right = |holder: &str, user: &str, rights: Value, inherited: &str| {
            json!({"Identity": "nora", holder: user, "AccessRights": rights, inherited: false,
                "Deny": false, "AccessControlType": "Allow", "InheritanceType": "All"})
        };
        let folder = |user: &str, rights: &str| json!({"User": {"DisplayName": user}, "AccessRights": [rights], "SharingPermissionFlags": null});
        let helper = json!({"id": HELPER_ID, "userPrincipalName": HELPER, "displayName": "Helper",
            "accountEnabled": true, "onPremisesSyncEnabled": null,
            "signInSessionsValidFromDateTime": "2026-01-05T08:00:00Z",
            "lastPasswordChangeDateTime": "2026-03-10T21:22:00Z"});
        let lists = [
            ("users", vec![person, helper]),
            (
                "methods",
                vec![
                    method(
                        "password",
                        "28c10230-6103-485e-b985-444c60001490",
                        json!({}),
                    ),
                    method(
                        "microsoftAuthenticator",
                        "m-own",
                        json!({"displayName": "Nora's phone",
                        "createdDateTime": "2025-03-01T08:00:00Z"}),
                    ),
                    method(
                        "softwareOath",
                        "m-theirs",
                        json!({"displayName": "Pixel 6",
                        "createdDateTime": "2026-03-10T09:50:03Z"}),
                    ),
                    method(
                        "phone",
                        "3179e48a-750b-4051-897c-87b9720928f7",
                        json!({"phoneNumber": "+32 470000000", "phoneType": "mobile"}),
                    ),
                ],
            ),
            (
                "devices",
                vec![
                    json!({"id": "d-own", "deviceId": "dd-own", "displayName": "NORA-LAPTOP", "accountEnabled": true}),
                    json!({"id": "d-theirs", "deviceId": "dd-theirs", "displayName": "DESKTOP-7Q2KLM", "accountEnabled": true}),
                ],
            ),
            (
                "memberOf",
                vec![json!({"@odata.type": "#microsoft.graph.group", "displayName": "Finance"})],
            ),
            (
                "grants",
                vec![
                    json!({"id": "g/theirs=", "clientId": READER, "consentType": "Principal", "principalId": NORA_ID,
                        "resourceId": GRAPH, "scope": "Mail.Read offline_access"}),
                    json!({"id": "g-own", "clientId": BACKUP, "consentType": "Principal", "principalId": NORA_ID,
                        "resourceId": GRAPH, "scope": "User.Read"}),
                ],
            ),
            (
                "servicePrincipals",
                vec![
                    json!({"id": READER, "appId": READER_APP, "displayName": "0ffice Docs Reader",
                        "appOwnerOrganizationId": "99999999-aaaa-4bbb-8ccc-000000000001", "accountEnabled": true,
                        "passwordCredentials": [], "keyCredentials": []}),
                    json!({"id": BACKUP, "appId": "44444444-aaaa-4bbb-8ccc-000000000002", "displayName": "Backup",
                        "appOwnerOrganizationId": TENANT, "accountEnabled": true,
                        "passwordCredentials": [], "keyCredentials": []}),
                ],
            ),
            (
                "appRoles",
                vec![
                    json!({"id": "ar-1", "principalId": READER, "resourceId": GRAPH,
                    "appRoleId": "810c84a8-4a9e-49e6-bf7d-12d183f40d01"}),
                ],
            ),
            (
                "applications",
                vec![
                    json!({"id": "reg-1", "appId": "44444444-aaaa-4bbb-8ccc-000000000002", "displayName": "Backup",
                    "passwordCredentials": [
                        {"keyId": "k-own", "displayName": "2025", "startDateTime": "2025-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"},
                        {"keyId": "k-theirs", "displayName": "sync", "startDateTime": "2026-03-10T10:00:00Z", "endDateTime": "2028-01-01T00:00:00Z"}],
                    "keyCredentials": [
                        {"keyId": "c-own", "displayName": "CN=own", "startDateTime": null, "endDateTime": null},
                        {"keyId": "c-theirs", "displayName": "CN=x", "startDateTime": null, "endDateTime": null}]}),
                ],
            ),
            (
                "roleAssignments",
                vec![
                    json!({"id": "ra-1", "principalId": NORA_ID, "roleDefinitionId": ROLE, "directoryScopeId": "/",
                    "roleDefinition": {"id": ROLE, "displayName": "Global Administrator", "templateId": ROLE}}),
                ],
            ),
            ("riskyUsers", vec![]),
            (
                "policies",
                vec![
                    json!({"id": "ca-mfa", "displayName": "Second factor for all", "state": "enabled",
                    "conditions": {"users": {"includeUsers": ["All"], "excludeUsers": []}},
                    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}}),
                ],
            ),
            (
                "permissions",
                vec![
                    json!({"id": "p-theirs", "link": {"scope": "anonymous", "type": "edit"}}),
                    json!({"id": "p-own", "link": {"scope": "organization", "type": "view"}}),
                    json!({"id": "p-person", "grantedToV2": {"user": {"displayName": "Ann"}}}),
                ],
            ),
            (
                "Mailbox",
                vec![
                    json!({"UserPrincipalName": NORA, "Alias": "nora", "Identity": "nora", "DisplayName": "Nora Lindqvist",
                    "ExchangeGuid": "66666666-aaaa-4bbb-8ccc-000000000001", "PrimarySmtpAddress": NORA,
                    "EmailAddresses": [format!("SMTP:{NORA}")],
                    "ForwardingSmtpAddress": "smtp:drop@mailbox-keep.example", "ForwardingAddress": null,
                    "DeliverToMailboxAndForward": true,
                    "GrantSendOnBehalfTo": ["daniel@corp.example", "helper@corp.example"]}),
                ],
            ),
            (
                "InboxRule",
                vec![
                    rule(
                        "111",
                        ".",
                        json!({"SubjectOrBodyContainsWords": ["invoice", "payment"], "MoveToFolder": "RSS Feeds", "MarkAsRead": true}),
                    ),
                    rule(
                        "222",
                        "Newsletters",
                        json!({"From": ["\"News\" [SMTP:news@paper.example]"], "MoveToFolder": "News"}),
                    ),
                    rule("333", "Junk E-Mail Rule", json!({})),
                ],
            ),
            (
                "SweepRule",
                vec![
                    json!({"RuleId": "s1", "Name": "Sweep bank", "Enabled": true, "Sender": "bank@quay.example", "DestinationFolder": "Archive"}),
                ],
            ),
            (
                "MailboxAutoReplyConfiguration",
                vec![
                    json!({"Identity": "nora", "AutoReplyState": "Enabled", "InternalMessage": "in", "ExternalMessage": "out",
                    "ExternalAudience": "All", "StartTime": "x", "EndTime": "y"}),
                ],
            ),
            (
                "CASMailbox",
                vec![
                    json!({"OWAEnabled": true, "ImapEnabled": true, "PopEnabled": true, "MAPIEnabled": true, "EwsEnabled": null,
                    "ActiveSyncEnabled": true, "OutlookMobileEnabled": true, "MacOutlookEnabled": true,
                    "UniversalOutlookEnabled": true, "SmtpClientAuthenticationDisabled": null}),
                ],
            ),
            (
                "MailboxPermission",
                vec![
                    right(
                        "User",
                        "NT AUTHORITY\\SELF",
                        json!(["FullAccess", "ReadPermission"]),
                        "IsInherited",
                    ),
                    right(
                        "User",
                        "helper@corp.example",
                        json!(["FullAccess"]),
                        "IsInherited",
                    ),
                    right(
                        "User",
                        "daniel@corp.example",
                        json!(["FullAccess"]),
                        "IsInherited",
                    ),
                ],
            ),
            (
                "RecipientPermission",
                vec![
                    right(
                        "Trustee",
                        "NT AUTHORITY\\SELF",
                        json!(["SendAs"]),
                        "Inherited",
                    ),
                    right(
                        "Trustee",
                        "helper@corp.example",
                        json!(["SendAs"]),
                        "Inherited",
                    ),
                ],
            ),
            (
                "MailboxFolderStatistics",
                vec![
                    json!({"FolderPath": "/Inbox", "FolderType": "Inbox"}),
                    json!({"FolderPath": "/Private", "FolderType": "User Created"}),
                ],
            ),
            (
                "MailboxFolderPermission",
                vec![
                    folder("Default", "Reviewer"),
                    folder("Anonymous", "None"),
                    folder("Helper Person", "Editor"),
                ],
            ),
            (
                "TransportRule",
                vec![
                    json!({"Name": "Journal copy", "Guid": "t-theirs", "Identity": "Journal copy", "State": "Enabled", "Mode": "Enforce",
                        "BlindCopyTo": ["ledger.copy@mailbox-keep.example"]}),
                    json!({"Name": "Disclaimer", "Guid": "t-own", "Identity": "Disclaimer", "State": "Enabled", "Mode": "Enforce"}),
                ],
            ),
            (
                "InboundConnector",
                vec![
                    json!({"Name": "Relay", "Identity": "Relay", "Enabled": true, "SenderDomains": ["smtp:*;1"]}),
                ],
            ),
            (
                "OutboundConnector",
                vec![
                    json!({"Name": "Smart", "Identity": "Smart", "Enabled": true, "SmartHosts": ["203.0.113.9"]}),
                ],
            ),
            (
                "MailboxAuditBypassAssociation",
                vec![json!({"Identity": "nora", "AuditBypassEnabled": true})],
            ),
            (
                "AdminAuditLogConfig",
                vec![json!({"UnifiedAuditLogIngestionEnabled": false})],
            ),
            (
                "HostedOutboundSpamFilterPolicy",
                vec![json!({"Name": "Default", "Identity": "Default", "AutoForwardingMode": "On"})],
            ),
        ];
        Self {
            lists: lists.into_iter().collect(),
            refused: Vec::new(),
            clock: 0,
            changes: Vec::new(),
        }
    }
}
