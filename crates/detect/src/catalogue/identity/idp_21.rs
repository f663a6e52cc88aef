//! IDP-21: certificates open accounts, and somebody says whose.

use super::changes::Difference;
use super::concerned::misused;
use super::tenant_policies::allowed_methods;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::evidence;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "IDP-21",
    title: "Certificate authority trusted, or certificates allowed",
    decides: "`TrustedCAsForPasswordlessAuth` of `Set Company Information` gains an authority; \
              the methods policy begins to allow `X509Certificate`.",
    severity: "critical",
    benign: "Roll-outs of smart cards; an authority that is taken away, or one that was there \
             before, is silent.",
    attack: &["T1556", "T1649"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record was at hand; the newer store of authorities writes records that \
               this does not know.",
};

pub(super) struct Idp21;

impl Detection for Idp21 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set Company Information",
            "Authentication Methods Policy Update",
            "Update authentication methods policy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        for change in Difference::all(seen) {
            let Some(what) = opened(&change) else {
                continue;
            };
            let user = misused(seen);
            let why = format!("{user} changed sign-in for all: {what}");
            hits.push(
                Hit::of(seen, Severity::Critical, why)
                    .of_user(&user)
                    .compared(
                        &change.name,
                        evidence(&change.value),
                        evidence(&change.before),
                    )
                    .silent_if("no authority and no certificates were new"),
            );
        }
    }
}

fn opened(change: &Difference) -> Option<&'static str> {
    let is_authorities = change
        .name
        .eq_ignore_ascii_case("TrustedCAsForPasswordlessAuth");
    if is_authorities {
        let added = change.added_anywhere().next();
        return added.map(|_| "another certificate authority is trusted");
    }
    let is_allowed = |value: &str| allowed_methods(value).contains("x509certificate");
    (is_allowed(&change.value) && !is_allowed(&change.before)).then_some("certificates are allowed")
}
