//! Commands that make the two applications of a tenant, to be read before they are run.
//!
//! Reading and changing are apart: what collects can change nothing, and what secures an account
//! is another application with another certificate.

use super::onboard::Permission;
use std::fmt::Write as _;

/// The well-known applications that hold the permissions, by the service's name.
const RESOURCES: &[(&str, &str)] = &[
    ("graph", "00000003-0000-0000-c000-000000000000"),
    ("manage", "c5393580-f805-4401-95e8-94b7a6ef2fc2"),
    ("exchange", "00000002-0000-0ff1-ce00-000000000000"),
];

/// Directory roles by the template that is the same in every tenant.
const ROLES: &[(&str, &str)] = &[
    ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
    ("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509"),
];

/// What securing an account needs, and why.
const RESPOND: &[(&str, &str, &str)] = &[
    (
        "graph",
        "User.RevokeSessions.All",
        "ends the sessions of a person",
    ),
    (
        "graph",
        "User.EnableDisableAccount.All",
        "blocks and unblocks sign-in",
    ),
    (
        "graph",
        "User-PasswordProfile.ReadWrite.All",
        "resets a password",
    ),
    (
        "graph",
        "UserAuthenticationMethod.ReadWrite.All",
        "removes a sign-in method of the intruder",
    ),
    (
        "graph",
        "MailboxSettings.ReadWrite",
        "disables or removes an inbox rule",
    ),
    (
        "graph",
        "DelegatedPermissionGrant.ReadWrite.All",
        "revokes a consent of a person",
    ),
    (
        "graph",
        "AppRoleAssignment.ReadWrite.All",
        "revokes a permission of an application",
    ),
    (
        "graph",
        "Application.ReadWrite.All",
        "disables an application and removes its secrets",
    ),
    (
        "exchange",
        "Exchange.ManageAsApp",
        "clears forwarding and permissions of a mailbox",
    ),
];

/// Returns the script for a tenant: with the Azure command line, for `sh`.
pub(super) fn script(tenant: &str, permissions: &[Permission]) -> String {
    let mut text = format!(
        "# Read this before you run it. It needs the Azure command line, openssl, and an administrator who may\n\
         # register applications and consent for the tenant.\n\
         set -eu\n\
         az login --tenant {tenant} --allow-no-subscriptions\n\
         role() {{ az ad sp show --id \"$1\" --query \"appRoles[?value=='$2'].id | [0]\" --output tsv; }}\n\
         allow() {{ az ad app permission add --id \"$app\" --api \"$1\" --api-permissions \"$(role \"$1\" \"$2\")=Role\"; }}\n\
         make() {{\n  \
           app=$(az ad app create --display-name \"$1\" --sign-in-audience AzureADMyOrg --query appId --output tsv)\n  \
           az ad sp create --id \"$app\" --output none\n  \
           openssl req -x509 -newkey rsa:3072 -sha256 -days 365 -nodes -subj \"/CN=$1\" -keyout \"$2.key\" -out \"$2.crt\"\n  \
           az ad app credential reset --id \"$app\" --cert \"@$2.crt\" --append --output none\n  \
           cat \"$2.key\" \"$2.crt\" > \"$2.pem\" && chmod 600 \"$2.pem\" \"$2.key\"\n\
         }}\n\
         \n\
         # 1. The application that reads.\n\
         make 'Breachscope (read)' breachscope-read\n"
    );
    for one in permissions {
        allow(&mut text, &one.service, &one.name, &one.why);
    }
    let roles = permissions
        .iter()
        .filter_map(|one| directory_role(&one.name));
    let mut granted = Vec::new();
    for (name, template) in roles {
        if granted.contains(&name) {
            continue;
        }
        granted.push(name);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "# {name}: Exchange wants a directory role beside the permission\n\
             az rest --method POST --uri https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments \\\n  \
             --body \"{{\\\"principalId\\\":\\\"$(az ad sp show --id \"$app\" --query id --output tsv)\\\",\\\"roleDefinitionId\\\":\\\"{template}\\\",\\\"directoryScopeId\\\":\\\"/\\\"}}\" --output none"
        );
    }
    text.push_str(
        "az ad app permission admin-consent --id \"$app\"\n\
         echo \"client_id of the reading application: $app, certificate: $PWD/breachscope-read.pem\"\n\
         \n\
         # 2. The application that secures accounts: only where that is wanted. It changes the tenant.\n\
         # make 'Breachscope (respond)' breachscope-respond\n",
    );
    for (service, name, why) in RESPOND {
        let mut line = String::new();
        allow(&mut line, service, name, why);
        for line in line.lines() {
            let _ = writeln!(text, "# {line}");
        }
    }
    text.push_str("# az ad app permission admin-consent --id \"$app\"\n");
    text
}

fn allow(text: &mut String, service: &str, name: &str, why: &str) {
    let resource = RESOURCES.iter().find(|(known, _)| *known == service);
    let is_permission = !name.contains(' ');
    // Writing to a String cannot fail.
    let _ = match resource {
        Some((_, id)) if is_permission => writeln!(text, "allow {id} {name}   # {why}"),
        _ if directory_role(name).is_some() => Ok(()),
        _ => writeln!(text, "# by hand: {name}: {why}"),
    };
}

/// Returns a directory role by what the catalogue calls it: `Global Reader (Entra role)`.
fn directory_role(name: &str) -> Option<(&'static str, &'static str)> {
    let bare = name.strip_suffix(" (Entra role)")?;
    ROLES.iter().find(|(known, _)| *known == bare).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(service: &str, name: &str) -> Permission {
        Permission {
            service: service.to_owned(),
            name: name.to_owned(),
            why: "reads".to_owned(),
        }
    }

    #[test]
    fn a_permission_is_allowed_at_its_resource_and_what_is_none_is_told() {
        let text = script(
            "t1",
            &[
                permission("graph", "AuditLog.Read.All"),
                permission("exchange", "Global Reader (Entra role)"),
                permission("arm", "Reader (Azure role)"),
            ],
        );
        assert!(text.contains("allow 00000003-0000-0000-c000-000000000000 AuditLog.Read.All"));
        assert!(text.contains("f2ef992c-3afb-46b9-b7cf-a126ee74c451"));
        assert!(text.contains("# by hand: Reader (Azure role)"));
        let (read, respond) = text.split_once("# 2.").expect("two parts");
        assert!(!read.contains("ReadWrite"), "reading changes nothing");
        assert!(
            respond.lines().skip(1).all(|line| line.starts_with('#')),
            "what changes a tenant is not run by copying the whole"
        );
    }
}
