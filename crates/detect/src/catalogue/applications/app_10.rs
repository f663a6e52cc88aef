//! APP-10: the tokens of an application go somewhere else.

use super::subject::{Subject, change, changes, is_microsofts, subject, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::regular::Regulars;
use crate::seen::Seen;
use crate::world::World;
use model::bags::Property;
use model::{Json, Severity};
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "APP-10",
    title: "Redirect address of an application changed",
    decides: "An address in `AppAddress` or `ReplyUrls` that was not there before, and is neither the \
              organisation's own nor Microsoft's.",
    severity: "medium for an outside or unencrypted address, above all one that anybody can rent; low for \
               Azure's own hosting, for the developer's own machine, for who changes such addresses \
               regularly and for known administrators",
    benign: "Products change their addresses: accept their domain as a partner's. Own domains and addresses \
             that only an application on the device can take are left out.",
    attack: &["T1528"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of a changed address was at hand, only of first ones.",
};

/// Hosts under which anybody can have a name, and take one that was given up.
const RENTED: &[&str] = &[
    ".azurewebsites.net",
    ".cloudapp.azure.com",
    ".cloudapp.net",
    ".trafficmanager.net",
    ".web.core.windows.net",
    ".ngrok.io",
    ".ngrok-free.app",
    ".trycloudflare.com",
    ".workers.dev",
    ".pages.dev",
    ".herokuapp.com",
    ".vercel.app",
    ".netlify.app",
    ".glitch.me",
    ".onrender.com",
    ".web.app",
    ".firebaseapp.com",
    ".github.io",
];

/// Azure's own hosting, where most developers put what they make.
const AZURES: &[&str] = &[
    ".azurewebsites.net",
    ".cloudapp.azure.com",
    ".web.core.windows.net",
];

const MICROSOFTS: &[&str] = &[
    "microsoft.com",
    "microsoftonline.com",
    "windows.net",
    "azure.com",
    "office.com",
    "live.com",
    "sharepoint.com",
    "visualstudio.com",
    "powerbi.com",
    "powerapps.com",
    "dynamics.com",
];

#[derive(Default)]
pub(super) struct App10 {
    regulars: Regulars,
}

impl Detection for App10 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Update application", "Update service principal"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_microsofts(seen) || !seen.is_done() {
            return;
        }
        let subject = subject(seen);
        if world.tenant.is_approved_app(&subject.app) {
            return;
        }
        let changes = changes(seen);
        let is_changed = ["AppAddress", "ReplyUrls"]
            .iter()
            .any(|name| change(&changes, name).is_some());
        let is_regular = is_changed && self.regulars.is_one(seen, subject.key(), world);
        for name in ["AppAddress", "ReplyUrls"] {
            let Some(one) = change(&changes, name) else {
                continue;
            };
            for address in new_addresses(one) {
                hits.extend(judge(seen, world, &subject, (name, &address), is_regular));
            }
        }
    }
}

fn judge(
    seen: &Seen<'_>,
    world: &World<'_>,
    subject: &Subject,
    (field, address): (&str, &str),
    is_regular: bool,
) -> Option<Hit> {
    let (scheme, rest) = address.split_once("://")?;
    let is_plain = scheme.eq_ignore_ascii_case("http");
    if !is_plain && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let host = rest
        .split(['/', ':', '?', '#'])
        .next()?
        .to_ascii_lowercase();
    let is_local = host == "localhost" || host == "127.0.0.1" || host == "[";
    let is_rented = RENTED.iter().any(|end| host.ends_with(end));
    if !is_rented && !is_plain && is_ours(world, &host) {
        return None;
    }
    // Who rents at Azure is known to Azure; a name that was given up can still be taken over.
    let is_azures = !is_plain && AZURES.iter().any(|end| host.ends_with(end));
    let severity = if is_local || is_azures || is_regular {
        Severity::Low
    } else {
        Severity::Medium
    };
    let what = match (is_local, is_rented, is_plain) {
        (true, ..) => "its user's own machine",
        (_, true, _) => "a host that anybody can rent",
        (_, _, true) => "an unencrypted address",
        _ => "an outside host",
    };
    let why = format!(
        "{} has the application {} send its tokens to {what}: {}",
        seen.person(),
        subject.shown(),
        quoted(address)
    );
    let hit = Hit::of(seen, severity, why)
        .keyed(format!("{} {host}", subject.key()))
        .about_app(subject.best_id())
        .to_destination(&host)
        .compared(
            field,
            address,
            "the addresses before, own and partner domains",
        )
        .silent_if("the host were the organisation's own, or a partner's");
    Some(hit)
}

fn is_ours(world: &World<'_>, host: &str) -> bool {
    let mut parents = host.match_indices('.').map(|(at, _)| &host[at + 1..]);
    let is_accepted = |name: &str| {
        world.tenant.is_own_domain(name)
            || world.tenant.is_partner_domain(name)
            || MICROSOFTS.contains(&name)
    };
    is_accepted(host) || parents.any(is_accepted)
}

fn new_addresses(change: &Property) -> BTreeSet<String> {
    let before = addresses(&change.before);
    addresses(&change.value)
        .difference(&before)
        .cloned()
        .collect()
}

fn addresses(value: &str) -> BTreeSet<String> {
    let address = |text: String| match model::json::parse(&text) {
        Ok(parsed) => parsed
            .value
            .get_any_case("Address")
            .and_then(Json::as_word)
            .map_or(text.clone(), str::to_owned),
        Err(_) => text,
    };
    texts(value).into_iter().map(address).collect()
}
