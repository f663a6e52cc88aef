//! SIG-05: somebody is in from a country from which nobody should be.

use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{Tenant, World};
use model::{Outcome, Severity};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-05",
    title: "Country from which nobody should come",
    decides: "A successful sign-in, or anything that a person did in mail, files, searches or \
              sites, from a country that the operator denies, or does not name among those \
              allowed. Where the operator says nothing, only North Korea counts, whose addresses \
              are known without a database.",
    severity: "high for a denied country, and for North Korea; medium for one that is not among \
               the allowed",
    benign: "Travel: allow the country for as long. The organisation's networks, security gateways \
             and Microsoft's addresses say nothing of where a person is.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn, Source::SharePoint, Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

/// From where no member of an organisation works, if the operator says nothing else.
const DENIED_BY_DEFAULT: &[&str] = &["KP"];

/// What people do in sites beyond files.
const PAGES: &[&str] = &[
    "PageViewed",
    "SharingSet",
    "SharingInvitationCreated",
    "CompanyLinkCreated",
    "AnonymousLinkCreated",
    "SharingInheritanceBroken",
    "PermissionLevelAdded",
    "New-InboxRule",
    "Set-InboxRule",
    "Set-Mailbox",
];

/// SIG-05.
#[derive(Debug, Default)]
pub(super) struct Sig05 {
    /// Addresses come again and again: each is judged once.
    judged: BTreeMap<(Word, Word), Option<Verdict>>,
}

/// How grave a country is, and why.
#[derive(Clone, Debug)]
struct Verdict {
    severity: Severity,
    what: &'static str,
    country: String,
}

impl Detection for Sig05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[
                Kind::SignIn,
                Kind::MailAccess,
                Kind::MailAct,
                Kind::FileAct,
                Kind::Search,
            ],
            actions: PAGES,
            hears: &[],
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let is_in = match seen.kind() {
            Kind::SignIn => seen.outcome() == Outcome::Success,
            _ => seen.is_done() && seen.user().contains('@'),
        };
        if !is_in || seen.is_service() {
            return;
        }
        let address = (seen.fact().tenant, seen.fact().address);
        let judged = self.judged.entry(address);
        let Some(verdict) = judged.or_insert_with(|| verdict(seen, world)) else {
            return;
        };
        let why = format!(
            "{} did {} from {} in {}, {}",
            seen.user(),
            seen.action(),
            seen.ip(),
            verdict.country,
            verdict.what
        );
        hits.push(
            Hit::of(seen, verdict.severity, why)
                .keyed(&verdict.country)
                .compared("ClientIP", seen.ip(), verdict.what)
                .silent_if("the operator allowed the country"),
        );
    }
}

fn verdict(seen: &Seen<'_>, world: &World<'_>) -> Option<Verdict> {
    let country = Whence::read(seen, world)?.country;
    let (severity, what) = judge(&country, world.tenant)?;
    Some(Verdict {
        severity,
        what,
        country,
    })
}

fn judge(country: &str, tenant: &Tenant) -> Option<(Severity, &'static str)> {
    let settings = &tenant.settings;
    if country.is_empty() {
        return None;
    }
    if settings.denied_countries.contains(country) {
        return Some((Severity::High, "a country that is denied"));
    }
    if settings.allowed_countries.contains(country) {
        return None;
    }
    if DENIED_BY_DEFAULT.contains(&country) {
        return Some((
            Severity::High,
            "a country from which no organisation's people work",
        ));
    }
    let is_listed = !settings.allowed_countries.is_empty();
    is_listed.then_some((Severity::Medium, "a country that is not among the allowed"))
}
