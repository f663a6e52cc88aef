//! Which permissions the tenant's feeds need, and which of them are missing: those in the token,
//! and for Exchange both halves of the right to call a cmdlet.

use super::token::Tokens;
use crate::doctor::finding::{About, Finding, Shell};
use crate::doctor::question::{Refusal, RefusalKind};
use crate::doctor::script::quoted;
use cloud::TokenFacts;
use model::Service;
use std::collections::BTreeMap;

pub(in crate::doctor) const ABOUT: About = About {
    name: "permission",
    why: "A permission that was never consented to makes a source silent, and silence looks like quiet.",
    link: "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
};

/// Needed by this check-up itself, whatever the tenant's feeds are.
const OWN: [(Service, &str, &str); 3] = [
    (
        Service::Exchange,
        "Exchange.ManageAsApp",
        "shows how mailboxes are audited; without it no verdict can be given",
    ),
    (
        Service::Graph,
        "Directory.Read.All",
        "shows which licence a mailbox has",
    ),
    (
        Service::Manage,
        "ActivityFeed.Read",
        "lists and fetches the content of the audit log",
    ),
];

/// Needed for one content type alone.
const FOR_DLP: &str = "ActivityFeed.ReadDlp";

/// Judges what the tokens allow against what the feeds need; `exchange` is what Exchange said to a
/// question, where it refused it.
pub(in crate::doctor) fn judge(
    feeds: &[String],
    tokens: &Tokens,
    exchange: Option<&Refusal>,
    client_id: &str,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((service, name), why) in needed(feeds) {
        let Some(Ok(facts)) = tokens.get(&service) else {
            // Without a token the check `token` has said what there is to say.
            continue;
        };
        if !holds(facts, name) {
            found.push(missing(service, name, why, facts, client_id));
        }
    }
    found.extend(exchange.and_then(|refusal| other_half(refusal, client_id)));
    let looked_at = tokens.values().filter(|token| token.is_ok()).count();
    if found.is_empty() && looked_at == 0 {
        return vec![ABOUT.unknown("could not be looked at: there is no token")];
    }
    if found.is_empty() {
        found.push(ABOUT.well("every permission that the sources need is in the tokens"));
    }
    found
}

/// Returns the permissions that stand in a token, each with what it is for. Roles of Azure and of
/// Entra do not stand there: they show when a service is asked.
fn needed(feeds: &[String]) -> BTreeMap<(Service, &'static str), &'static str> {
    let mut needed: BTreeMap<_, _> = OWN
        .into_iter()
        .map(|(service, name, why)| ((service, name), why))
        .collect();
    for feed in feeds {
        let Some(kind) = sources::kind_of(feed) else {
            continue;
        };
        for permission in kind.permissions {
            let in_a_token = !permission.name.contains(' ');
            let wanted = permission.name != FOR_DLP || feed.ends_with("/DLP.All");
            if in_a_token && wanted {
                needed
                    .entry((kind.service, permission.name))
                    .or_insert(permission.why);
            }
        }
    }
    needed
}

/// Returns whether a token allows something: an application's permission, or for a person's token
/// the one that is delegated under the same name.
fn holds(facts: &TokenFacts, name: &str) -> bool {
    let wider = name.replace(".Read.", ".ReadWrite.");
    let delegated = match name {
        "Exchange.ManageAsApp" => "Exchange.Manage",
        name => name,
    };
    let in_roles = |wanted: &str| facts.roles.iter().any(|role| role == wanted);
    let in_scopes = |wanted: &str| facts.scopes.iter().any(|scope| scope == wanted);
    in_roles(name) || in_roles(&wider) || in_scopes(delegated) || in_scopes(&wider)
}

fn missing(
    service: Service,
    name: &str,
    why: &str,
    facts: &TokenFacts,
    client_id: &str,
) -> Finding {
    let half = match service {
        Service::Exchange => ": the application's half of the right to call a cmdlet",
        _ => "",
    };
    // Near-namesakes that Exchange offers, and that do not open the cmdlets.
    let namesake = facts
        .roles
        .iter()
        .find(|role| role.starts_with(name) && service == Service::Exchange)
        .or_else(|| {
            facts
                .roles
                .iter()
                .find(|role| *role == "Exchange.AdminAPI.ManageAsApp")
        });
    let mut what = format!("is missing{half}; it {why}");
    if let Some(namesake) = namesake {
        what = format!("{what}. `{namesake}` is another permission and does not open the cmdlets");
    }
    let resource = match service {
        Service::Graph => ("Microsoft Graph", "00000003-0000-0000-c000-000000000000"),
        Service::Manage => (
            "Office 365 Management APIs",
            "c5393580-f805-4401-95e8-94b7a6ef2fc2",
        ),
        _ => (
            "Office 365 Exchange Online",
            "00000002-0000-0ff1-ce00-000000000000",
        ),
    };
    ABOUT
        .blind(what)
        .of(format!("{} {name}", service.name()))
        .fix(format!(
            "grant the application permission `{name}` of {}, then run `breachscope doctor` again",
            resource.0
        ))
        .step(Shell::Graph, grant(client_id, resource.1, name))
}

fn grant(client_id: &str, resource: &str, name: &str) -> String {
    let application = format!("appId eq {}", quoted(client_id));
    format!(
        "$application = Get-MgServicePrincipal -Filter {}\n\
         $resource = Get-MgServicePrincipal -Filter {}\n\
         $role = $resource.AppRoles | Where-Object Value -eq {}\n\
         New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $application.Id -PrincipalId $application.Id -ResourceId $resource.Id -AppRoleId $role.Id",
        quoted(&application),
        quoted(&format!("appId eq '{resource}'")),
        quoted(name),
    )
}

/// The template of `Global Reader`, the same in every tenant.
const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

/// Returns what Exchange misses beside the permission.
fn other_half(refusal: &Refusal, client_id: &str) -> Option<Finding> {
    let what = match refusal.kind {
        RefusalKind::DirectoryRole => {
            "the application has no role in the directory: the other half of the right to call a cmdlet"
        }
        RefusalKind::NoCmdlet => {
            "the application's role does not open the cmdlets that show how mailboxes are audited"
        }
        _ => return None,
    };
    let application = format!("appId eq {}", quoted(client_id));
    Some(
        ABOUT
            .blind(format!("{what} ({})", refusal.said))
            .of("exchange Global Reader (Entra role)")
            .fix("assign the role `Global Reader` to the application's service principal; it counts after some minutes")
            .step(
                Shell::Graph,
                format!(
                    "$application = Get-MgServicePrincipal -Filter {}\n\
                     New-MgRoleManagementDirectoryRoleAssignment -PrincipalId $application.Id -RoleDefinitionId '{GLOBAL_READER}' -DirectoryScopeId '/'",
                    quoted(&application)
                ),
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use model::Timestamp;

    fn token(roles: &[&str]) -> TokenFacts {
        TokenFacts {
            tenant: "t".to_owned(),
            client_id: None,
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            scopes: Vec::new(),
            expires: Timestamp(0),
        }
    }

    fn whole() -> Tokens {
        Tokens::from([
            (Service::Manage, Ok(token(&["ActivityFeed.Read"]))),
            (
                Service::Graph,
                Ok(token(&[
                    "AuditLog.Read.All",
                    "Directory.ReadWrite.All",
                    "Policy.Read.All",
                ])),
            ),
            (Service::Exchange, Ok(token(&["Exchange.ManageAsApp"]))),
        ])
    }

    fn feeds() -> Vec<String> {
        ["activity/Audit.Exchange", "signins/interactive"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn doctor_misses_no_permission_where_all_are_there() {
        let judged = judge(&feeds(), &whole(), None, "c");
        assert_eq!(judged.len(), 1);
        assert_eq!(judged[0].state, State::Well);
        let dlp = ["activity/DLP.All".to_owned()];
        let judged = judge(&dlp, &whole(), None, "c");
        assert_eq!(judged[0].subject, "manage ActivityFeed.ReadDlp");
    }

    #[test]
    fn doctor_names_a_missing_permission_and_grants_it_by_script() {
        let mut tokens = whole();
        tokens.insert(Service::Graph, Ok(token(&["Directory.Read.All"])));
        let judged = judge(&feeds(), &tokens, None, "it's");
        let subjects: Vec<_> = judged
            .iter()
            .map(|finding| finding.subject.as_str())
            .collect();
        assert_eq!(
            subjects,
            ["graph AuditLog.Read.All", "graph Policy.Read.All"]
        );
        let step = &judged[0].steps[0].line;
        assert!(step.contains("-eq 'AuditLog.Read.All'"), "{step}");
        assert!(step.contains("'appId eq ''it''''s'''"), "{step}");
    }

    #[test]
    fn doctor_says_which_half_of_the_right_to_call_cmdlets_is_missing() {
        let mut tokens = whole();
        tokens.insert(Service::Exchange, Ok(token(&["Exchange.ManageAsAppV2"])));
        let judged = judge(&feeds(), &tokens, None, "c");
        assert!(
            judged[0].what.contains("application's half"),
            "{}",
            judged[0].what
        );
        assert!(
            judged[0].what.contains("ManageAsAppV2"),
            "{}",
            judged[0].what
        );
        let refused = Refusal::new(RefusalKind::DirectoryRole, "answered 403");
        let judged = judge(&feeds(), &whole(), Some(&refused), "c");
        assert!(
            judged[0].what.contains("no role in the directory"),
            "{}",
            judged[0].what
        );
        assert!(judged[0].steps[0].line.contains(GLOBAL_READER));
    }

    #[test]
    fn doctor_is_not_green_about_permissions_without_a_token() {
        let judged = judge(&feeds(), &Tokens::new(), None, "c");
        assert_eq!(judged[0].state, State::Unknown);
    }
}
