//! SIG-17: the agent of a record names a tool made to attack, or a program's library.

use super::habit::Habits;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::{ActorKind, Severity};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-17",
    title: "Offensive tool by its agent",
    decides: "The user agent of any record names a tool made to enumerate, spray or exfiltrate, or \
              a library that programs use and people do not.",
    severity: "high for a named tool, medium where it failed; low for a library",
    benign: "Scripts of one's own: approved applications and accounts named as machines stay \
             silent, as does a library that the account has used on three days.",
    attack: &["T1526", "T1087.004"],
    sources: &[
        Source::SignIn,
        Source::Directory,
        Source::SharePoint,
        Source::Mailbox,
        Source::ExchangeAdmin,
    ],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

/// What an agent names.
#[derive(Clone, Copy, Debug)]
enum Named {
    Nothing,
    Tool(&'static str),
    Library(&'static str),
}

/// SIG-17.
#[derive(Debug, Default)]
pub(super) struct Sig17 {
    /// Agents come again and again: each is judged once.
    named: BTreeMap<Word, Named>,
    libraries: Habits,
}

impl Sig17 {
    fn named(&mut self, seen: &Seen<'_>) -> Named {
        let judge = || match (
            agents::offensive(seen.agent()),
            agents::library(seen.agent()),
        ) {
            (Some(tool), _) => Named::Tool(tool),
            (None, Some(library)) => Named::Library(library),
            (None, None) => Named::Nothing,
        };
        *self.named.entry(seen.fact().agent).or_insert_with(judge)
    }
}

impl Detection for Sig17 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[
            Kind::SignIn,
            Kind::MailAccess,
            Kind::MailAct,
            Kind::FileAct,
            Kind::Search,
            Kind::Act,
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let is_nobodys = seen.person().is_empty() && seen.ip().is_empty();
        if seen.fact().agent.is_none() || seen.is_service() || is_nobodys {
            return;
        }
        let (tool, severity) = match self.named(seen) {
            Named::Nothing => return,
            Named::Tool(tool) if seen.is_done() => (tool, Severity::High),
            Named::Tool(tool) => (tool, Severity::Medium),
            Named::Library(library) => (library, Severity::Low),
        };
        let settings = &world.tenant.settings;
        let is_known =
            settings.machines.contains(seen.user()) || world.tenant.is_approved_app(seen.app());
        if severity == Severity::Low {
            let is_program = matches!(seen.actor(), ActorKind::Application | ActorKind::Policy);
            let owner = (seen.fact().tenant, seen.fact().user);
            let meeting = self.libraries.meet(owner, tool, seen.time());
            if is_known || is_program || meeting.is_usual(3) {
                return;
            }
        }
        let end = if seen.is_done() { "" } else { ", which failed" };
        let why = format!(
            "{} did {} from {} with agent {}{end}",
            seen.person(),
            seen.action(),
            seen.ip(),
            quoted(seen.agent())
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(tool)
                .compared("UserAgent", seen.agent(), tool)
                .silent_if("the agent named no such tool"),
        );
    }
}
