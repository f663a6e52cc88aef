//! FIL-04: something was shared with anybody, or with somebody outside.

use super::bursts::{Burst, Bursts};
use super::documents::{is_persons, may_edit, name, outsider};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::lists::mail_words::money_words;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World, domain};
use model::Severity;

const ABOUT: About = About {
    id: "FIL-04",
    title: "Sharing with anybody or outside",
    decides: "A link for anybody (`AnonymousLinkCreated`, `SharingSet` for an anonymous link), or a person \
              outside the accepted and partner domains as the target.",
    severity: "low; medium after a doubtful sign-in, and where a person shares three times what is usual \
               for them in a day: twenty documents, or ten and this one is about money and for anybody",
    benign: "Sales departments share ten documents a day, and accounts their invoices. People share with customers every day: accept their domains as partners'. Links for the \
             organisation alone and links to people inside are left out.",
    attack: &["T1537", "T1567"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Threshold,
    untested: "",
};

/// So many documents in a day are more than a customer asks for.
const MANY: usize = 20;

pub(super) struct Fil04 {
    shared: Bursts,
}

impl Default for Fil04 {
    fn default() -> Self {
        Self {
            shared: Bursts::new(DAY, 10),
        }
    }
}

impl Detection for Fil04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "AnonymousLinkCreated",
            "AnonymousLinkUpdated",
            "AddedToSecureLink",
            "SecureLinkCreated",
            "SharingInvitationCreated",
            "SharingSet",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_persons(seen) || !seen.is_done() {
            return;
        }
        let outsider = outsider(seen, world);
        if !is_for_anybody(seen) && outsider.is_none() {
            return;
        }
        let burst = self.shared.count(seen.fact());
        hits.push(shared(seen, world, outsider, burst));
    }
}

fn shared(
    seen: &Seen<'_>,
    world: &World<'_>,
    outsider: Option<String>,
    burst: Option<Burst>,
) -> Hit {
    let is_about_money = is_for_anybody(seen) && !money_words(name(seen)).is_empty();
    let taint = doubt(seen.fact(), seen.person(), world);
    let is_unusual = burst
        .as_ref()
        .is_some_and(|one| one.many >= one.usual * 3 && (one.many >= MANY || is_about_money));
    let is_grave = is_unusual || taint.is_some();
    let severity = if is_grave {
        Severity::Medium
    } else {
        Severity::Low
    };
    let many = burst.as_ref().map_or_else(String::new, |burst| {
        format!(", and {} documents in a day in all", burst.many)
    });
    let behind = taint.map_or_else(String::new, |taint| {
        format!(", after a doubtful sign-in ({})", taint.detection)
    });
    let key = if outsider.is_none() {
        "anybody"
    } else {
        "outside"
    };
    let whom = outsider.unwrap_or_else(|| "anybody".to_owned());
    let right = if may_edit(seen) { "change" } else { "open" };
    let why = format!(
        "{} lets {} {right} {}{many}{behind}",
        seen.person(),
        quoted(&whom),
        quoted(name(seen))
    );
    let own = seen.fact().record;
    let others = burst.map(|burst| burst.facts).unwrap_or_default();
    Hit::of(seen, severity, why)
        .keyed(key)
        .with(others.iter().filter(|one| one.record != own))
        .to_destination(domain(&whom).unwrap_or_default())
        .compared(
            "TargetUserOrGroupName",
            seen.word("TargetUserOrGroupName"),
            "accepted and partner domains",
        )
        .silent_if("it were shared inside, or with a partner")
}

fn is_for_anybody(seen: &Seen<'_>) -> bool {
    let target = seen.word("TargetUserOrGroupName");
    let is_anonymous_link =
        target.contains(".AnonymousEdit.") || target.contains(".AnonymousView.");
    seen.is_action(&["AnonymousLinkCreated", "AnonymousLinkUpdated"])
        || (seen.is_action(&["SharingSet"]) && is_anonymous_link)
}
