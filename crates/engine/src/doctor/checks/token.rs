//! Whether each service that is needed gives a token.

use crate::doctor::finding::{About, Finding};
use cloud::TokenFacts;
use model::shown::shown;
use model::{Failure, NoToken, NoTokenKind, Service};
use std::collections::BTreeMap;

pub(in crate::doctor) const ABOUT: About = About {
    name: "token",
    why: "A service is asked with a token of its own; without one, nothing of it is collected.",
    link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
};

/// What came of asking each service for a token.
pub(in crate::doctor) type Tokens = BTreeMap<Service, Result<TokenFacts, NoToken>>;

/// Judges the tokens. `consent` is the address at which an administrator consents.
pub(in crate::doctor) fn judge(tokens: &Tokens, consent: &str) -> Vec<Finding> {
    tokens
        .iter()
        .map(|(service, token)| {
            let finding = match token {
                Ok(facts) if names_permissions(*service) && is_empty(facts) => ABOUT
                    .blind("there is a token, and no permission in it")
                    .fix(format!(
                        "have an administrator of the tenant consent: {consent}"
                    )),
                Ok(_) if !names_permissions(*service) => {
                    ABOUT.well("there is one; what it may do is told by the service's own roles")
                }
                Ok(facts) => ABOUT.well(format!(
                    "there is one; permissions in it: {}",
                    facts.roles.len() + facts.scopes.len()
                )),
                Err(no) => refused(no, consent),
            };
            finding.of(service.name())
        })
        .collect()
}

/// Returns whether permissions of a service stand in its tokens. Azure, Azure DevOps and storage keep
/// roles of their own.
fn names_permissions(service: Service) -> bool {
    matches!(
        service,
        Service::Manage | Service::Graph | Service::Exchange
    )
}

fn is_empty(facts: &TokenFacts) -> bool {
    facts.roles.is_empty() && facts.scopes.is_empty()
}

fn refused(no: &NoToken, consent: &str) -> Finding {
    let said = Failure::NoToken(no.clone()).to_string();
    let said = shown(&said);
    let fix = match no.kind {
        NoTokenKind::Passing => {
            return ABOUT
                .unknown(said)
                .fix("run `breachscope doctor` again later, and look at the way to the internet");
        }
        NoTokenKind::Credential => {
            "renew the secret or certificate of the application, and put it where the configuration looks".to_owned()
        }
        NoTokenKind::NotOnboarded => {
            format!("have an administrator of the tenant consent to the application: {consent}")
        }
        NoTokenKind::TenantGone => "check the tenant's id, and remove the tenant where it is gone".to_owned(),
        NoTokenKind::ServiceAbsent => {
            "the tenant does not have this service: leave its sources out of `sources`".to_owned()
        }
        NoTokenKind::Interaction => {
            format!("sign in again, or let the application through Conditional Access, or consent: {consent}")
        }
    };
    ABOUT.blind(said).fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use model::Timestamp;

    #[test]
    fn doctor_says_of_each_token_whether_there_is_one_and_what_to_do() {
        let facts = |roles: &[&str]| TokenFacts {
            tenant: "t".to_owned(),
            client_id: None,
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            scopes: Vec::new(),
            expires: Timestamp(0),
        };
        let no = |kind| NoToken {
            kind,
            code: Some(700_016),
            what: "unknown\u{1b}[2J".to_owned(),
        };
        let tokens = Tokens::from([
            (Service::Manage, Ok(facts(&["ActivityFeed.Read"]))),
            (Service::Graph, Ok(facts(&[]))),
            (Service::Exchange, Err(no(NoTokenKind::NotOnboarded))),
            (Service::Arm, Err(no(NoTokenKind::Passing))),
            (Service::DevOps, Ok(facts(&[]))),
        ]);
        let judged = judge(&tokens, "https://consent.example");
        let states: Vec<_> = judged.iter().map(|finding| finding.state).collect();
        assert_eq!(
            states,
            [
                State::Well,
                State::Blind,
                State::Blind,
                State::Unknown,
                State::Well
            ]
        );
        assert!(judged[2].fix.contains("https://consent.example"));
        assert!(judged[2].what.contains("AADSTS700016"));
        assert!(!judged[2].what.contains('\u{1b}'));
    }
}
