//! APP-13: another issuer's tokens open an application.

use super::subject::{change, changes, is_microsofts, subject, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::{Json, Severity};
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "APP-13",
    title: "Federated credential of an application",
    decides: "An issuer in `FederatedIdentityCredentials` that was not there before.",
    severity: "high; low for the issuers of well-known build services and of Azure, as anybody can have \
               tokens of them but many use them",
    benign: "Deployment pipelines sign in this way: the issuers of GitHub, GitLab, Azure and the large \
             clouds stay low.",
    attack: &["T1098.001"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of a federated credential was at hand.",
};

const USUAL: &[&str] = &[
    "token.actions.githubusercontent.com",
    "vstoken.dev.azure.com",
    "login.microsoftonline.com",
    "sts.windows.net",
    "oic.prod-aks.azure.com",
    "oidc.prod-aks.azure.com",
    "gitlab.com",
    "app.terraform.io",
    "accounts.google.com",
    "container.googleapis.com",
    "amazonaws.com",
    "api.bitbucket.org",
];

pub(super) struct App13;

impl Detection for App13 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Update application",
            "Add application",
            "Update service principal",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_microsofts(seen) || !seen.is_done() {
            return;
        }
        let changes = changes(seen);
        let Some(one) = change(&changes, "FederatedIdentityCredentials") else {
            return;
        };
        let subject = subject(seen);
        if world.tenant.is_approved_app(&subject.app) {
            return;
        }
        let before = issuers(&one.before);
        for issuer in issuers(&one.value).difference(&before) {
            let severity = if is_usual(issuer) {
                Severity::Low
            } else {
                Severity::High
            };
            let shown = quoted(issuer);
            let why = format!(
                "{} lets tokens of {shown} open the application {}",
                seen.person(),
                subject.shown()
            );
            hits.push(
                Hit::of(seen, severity, why)
                    .keyed(format!("{} {issuer}", subject.key()))
                    .about_app(subject.best_id())
                    .compared("FederatedIdentityCredentials", issuer, "the issuers before")
                    .silent_if(
                        "the issuer had been there before, or the application were approved",
                    ),
            );
        }
    }
}

fn is_usual(issuer: &str) -> bool {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let host = rest
        .split(['/', ':', '?', '#', '@'])
        .next()
        .unwrap_or_default();
    USUAL.iter().any(|own| {
        host == *own
            || host
                .strip_suffix(own)
                .is_some_and(|front| front.ends_with('.'))
    })
}

fn issuers(value: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts(value) {
        let Ok(parsed) = model::json::parse(&text) else {
            continue;
        };
        let issuer = parsed
            .value
            .get_any_case("Issuer")
            .and_then(Json::as_word)
            .map(str::to_lowercase);
        found.extend(issuer);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_only_begins_like_a_usual_one_is_not_usual() {
        assert!(is_usual("https://token.actions.githubusercontent.com"));
        assert!(is_usual("https://westeurope.oic.prod-aks.azure.com/x/y/"));
        assert!(!is_usual(
            "https://token.actions.githubusercontent.com.evil.example"
        ));
        assert!(!is_usual("https://evilgitlab.com"));
    }
}
