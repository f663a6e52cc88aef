//! DEL-01: somebody is given another's whole mailbox.

use super::grant::{Grant, is_precious};
use crate::about::{About, Method, Source};
use crate::board::Raised;
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::doubt::{after, doubt};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::regular::Regulars;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "DEL-01",
    title: "Full access to a mailbox granted",
    decides: "`Add-MailboxPermission` whose `AccessRights` hold `FullAccess`, `ChangePermission` \
              or `ChangeOwner`, or that names a new `Owner`.",
    severity: "high if who acts gives it to themselves or to everybody, if the mailbox is one \
               whose misuse costs most, or if the sign-in behind it is in doubt; low if the \
               administrator does so regularly or is named as one, medium if the mailbox's name \
               alone says that money is handled there; else medium.",
    benign: "A help desk gives rights every day: who did so for a week, or for five people, is \
             usual. Exchange's own service grants rights on its search mailbox day after day: what \
             services do is silent, and so are `SELF`, denials and that search mailbox. Shared \
             mailboxes by the usual administrator are low.",
    attack: &["T1098.002"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

const RIGHTS: &[&str] = &["fullaccess", "changepermission", "changeowner"];

#[derive(Default)]
pub(super) struct Del01 {
    regulars: Regulars,
}

impl Detection for Del01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Add-MailboxPermission"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some((rights, named)) = whole_mailbox(&cmdlet) else {
            return;
        };
        let Some(grant) = Grant::read(&cmdlet, seen, named) else {
            return;
        };
        let is_usual = self.regulars.is_one(seen, &grant.grantee, world);
        let raised = doubt(seen.fact(), seen.user(), world);
        let severity = severity(&grant, is_usual, raised.is_some(), world);
        hits.push(
            Hit::of(seen, severity, why(seen, &grant, rights, raised))
                .keyed(grant.grantee.clone())
                .because("AccessRights", rights)
                .compared("User", grant.grantee, seen.user())
                .because("Identity", grant.mailbox)
                .silent_if("a service had done it; low if this were the administrator's daily work")
                .with(raised.map(|raised| &raised.fact)),
        );
    }
}

/// Returns which right is given to whom.
fn whole_mailbox<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<(&'c str, &'c str)> {
    if cmdlet.truth("Deny") == Some(true) {
        return None;
    }
    if let Some(owner) = cmdlet.value("Owner") {
        return Some(("Owner", owner));
    }
    let rights = cmdlet.value("AccessRights")?;
    let lower = rights.to_ascii_lowercase();
    let is_whole = RIGHTS.iter().any(|right| lower.contains(right));
    Some((rights, cmdlet.value("User")?)).filter(|_| is_whole)
}

fn severity(grant: &Grant, is_usual: bool, is_doubted: bool, world: &World<'_>) -> Severity {
    let is_vip = world.tenant.is_vip(&grant.mailbox);
    let is_precious = is_precious(&grant.mailbox, world.tenant);
    if grant.is_own || grant.is_for_all || is_vip || is_doubted {
        return Severity::High;
    }
    match (is_precious, is_usual) {
        (true, false) => Severity::High,
        (false, true) => Severity::Low,
        (true, true) | (false, false) => Severity::Medium,
    }
}

fn why(seen: &Seen<'_>, grant: &Grant, rights: &str, raised: Option<&Raised>) -> String {
    let whom = if grant.is_own {
        "themselves".to_owned()
    } else if grant.is_for_all {
        format!("everybody ({})", quoted(&grant.grantee))
    } else {
        quoted(&grant.grantee)
    };
    let after = after(raised);
    format!(
        "{} gave {whom} {} over the mailbox {}{after}",
        seen.user(),
        quoted(rights),
        quoted(&grant.mailbox)
    )
}
