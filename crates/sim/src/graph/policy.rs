//! Policies: security defaults, conditional access, consent, and trust in other tenants.

use serde_json::{Value, json};

use super::Visit;
use super::page::{collection, object};
use crate::stamp::seconds;
use crate::wire::Answer;

pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    let settings = &visit.tenant.settings;
    match visit.rest.as_slice() {
        ["policies", "identitySecurityDefaultsEnforcementPolicy"] => object(
            visit,
            &json!({
                "id": "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults",
                "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
                "isEnabled": settings.security_defaults,
            }),
        ),
        ["policies", "authorizationPolicy"] => {
            let consent: &[&str] = if settings.user_consent {
                &["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]
            } else {
                &[]
            };
            object(
                visit,
                &json!({
                    "id": "authorizationPolicy", "displayName": "Authorization Policy",
                    "allowInvitesFrom": "everyone", "allowedToSignUpEmailBasedSubscriptions": true,
                    "allowUserConsentForRiskyApps": null, "blockMsolPowerShell": false,
                    "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
                    "defaultUserRolePermissions": {
                        "allowedToCreateApps": true, "allowedToCreateSecurityGroups": true,
                        "allowedToReadOtherUsers": true, "permissionGrantPoliciesAssigned": consent,
                    },
                    "permissionGrantPolicyIdsAssignedToDefaultUserRole": consent,
                }),
            )
        }
        ["policies", "authenticationMethodsPolicy"] => object(
            visit,
            &json!({
                "id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy",
                "policyMigrationState": "migrationComplete", "authenticationMethodConfigurations": [
                    {"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethodConfiguration",
                        "id": "MicrosoftAuthenticator", "state": "enabled"},
                    {"@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", "id": "Sms", "state": "enabled"},
                ],
            }),
        ),
        ["policies", "crossTenantAccessPolicy", "partners"]
        | ["identity", "conditionalAccess", "namedLocations"] => collection(visit, &[], 999),
        ["identity", "conditionalAccess", "policies", id] => {
            let policies = conditional_access(visit);
            match policies.iter().find(|known| known["id"] == *id) {
                Some(found) => object(visit, found),
                None => visit.not_found(id),
            }
        }
        [
            "identity" | "policies",
            "conditionalAccess" | "conditionalAccessPolicies",
            ..,
        ] => collection(visit, &conditional_access(visit), 999),
        _ => super::unknown(visit),
    }
}

fn conditional_access(visit: &Visit<'_>) -> Vec<Value> {
    let policies = visit.tenant.settings.policies.iter();
    policies
        .map(|(id, name, state)| {
            json!({
                "id": id, "displayName": name, "state": state,
                "createdDateTime": seconds(visit.tenant.settings.audit_since), "modifiedDateTime": null,
                "conditions": {
                    "clientAppTypes": ["all"], "applications": {"includeApplications": ["All"]},
                    "users": {"includeUsers": ["All"], "excludeUsers": []},
                },
                "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
            })
        })
        .chain(visit.tenant.settings.more_policies.iter().cloned())
        .collect()
}
