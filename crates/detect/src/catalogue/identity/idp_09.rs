//! IDP-09: an account appears, does its work, and disappears.

use super::concerned::{misused, suspicion};
use super::roles::{Power, Role};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World};
use model::Severity;

const ABOUT: About = About {
    id: "IDP-09",
    title: "Account created and quickly used or deleted",
    decides: "For one account: `Add user`, then within an hour a directory role, or within a day \
              `Delete user`; or `Enable account`, then within an hour a new password by somebody \
              else.",
    severity: "high if the new account got a role of an administrator, or was deleted after a \
               sign-in or a role; medium if it was deleted unused; low if it was enabled \
               and given a password; high after a doubtful sign-in of who did it",
    benign: "A new colleague's first day: the account is enabled and given a password. Accounts made by mistake and deleted again; staff who come back. Synchronisation \
             and provisioning are not people and stay silent.",
    attack: &["T1136.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Sequence,
    untested: "Deletion and enabling were not seen in real records.",
};

type Subject = (Word, String);

pub(super) struct Idp09 {
    created: Recent<Subject, (Fact, ())>,
    used: Recent<Subject, (Fact, ())>,
    enabled: Recent<Subject, (Fact, ())>,
}

impl Default for Idp09 {
    fn default() -> Self {
        Self {
            created: Recent::over(DAY),
            used: Recent::over(DAY),
            enabled: Recent::over(HOUR),
        }
    }
}

impl Detection for Idp09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::SignIn],
            actions: &[
                "Add user",
                "Delete user",
                "Hard Delete user",
                "Enable account",
                "Reset user password",
                "Reset password (by admin)",
                "Add member to role",
                "Add eligible member to role",
            ],
            hears: &[],
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        if seen.kind() == Kind::SignIn {
            self.note_use(seen, seen.user());
            return;
        }
        // What synchronisation and provisioning create comes and goes with their source.
        if !super::concerned::is_by_person(seen) {
            return;
        }
        let subject = (seen.fact().tenant, account(seen));
        if seen.is_action(&["Add user"]) {
            self.created.note(&subject, seen.fact(), ());
        } else if seen.is_action(&["Enable account"]) {
            self.enabled.note(&subject, seen.fact(), ());
        } else if let Some(step) = self.step(seen, &subject) {
            hits.push(step.hit(seen, world, &subject.1));
        }
    }
}

/// The second act on an account, and the first.
struct Step {
    first: Fact,
    between: Option<Fact>,
    severity: Severity,
    what: &'static str,
}

impl Idp09 {
    fn note_use(&mut self, seen: &Seen<'_>, user: &str) {
        // Sign-ins are many, new accounts few.
        if self.created.is_empty() {
            return;
        }
        let subject = (seen.fact().tenant, user.to_owned());
        if self.created.noted(&subject, seen.time()).next().is_some() {
            self.used.note(&subject, seen.fact(), ());
        }
    }

    fn step(&mut self, seen: &Seen<'_>, subject: &Subject) -> Option<Step> {
        let now = seen.time();
        let created = self
            .created
            .noted(subject, now)
            .next_back()
            .map(|one| one.0);
        if seen.is_action(&["Delete user", "Hard Delete user"]) {
            let between = self.used.noted(subject, now).next_back().map(|one| one.0);
            return created.map(|first| Step {
                first,
                between,
                severity: if between.is_some() {
                    Severity::High
                } else {
                    Severity::Medium
                },
                what: "was created and deleted within a day",
            });
        }
        if seen.is_action(&["Add member to role", "Add eligible member to role"]) {
            let is_soon = |fact: &Fact| crate::world::seconds_between(fact.time, now) <= HOUR;
            let first = created.filter(is_soon)?;
            self.used.note(subject, seen.fact(), ());
            return Some(Step {
                first,
                between: None,
                severity: if Role::of(seen).power > Power::Reader {
                    Severity::High
                } else {
                    Severity::Low
                },
                what: "was created and got a role within an hour",
            });
        }
        let enabled = self.enabled.noted(subject, now).next_back()?;
        (seen.user() != subject.1).then_some(Step {
            first: enabled.0,
            between: None,
            severity: Severity::Low,
            what: "was enabled and given a password within an hour",
        })
    }
}

impl Step {
    fn hit(self, seen: &Seen<'_>, world: &World<'_>, account: &str) -> Hit {
        let user = misused(seen);
        let before = suspicion(world, seen.fact(), &user, DAY);
        let severity = match before {
            Some(_) => self.severity.max(Severity::High),
            None => self.severity,
        };
        let why = format!("{} {}, by {}", quoted(account), self.what, user);
        Hit::of(seen, severity, why)
            .of_user(&user)
            .keyed(account)
            .with([&self.first])
            .with(self.between.as_ref())
            .with(before.map(|one| &one.fact))
            .compared("Operation", seen.action(), world.text(self.first.action))
            .silent_if("more time lay between both")
    }
}

/// A deleted account's name gets its object id in front of it: 32 hexadecimal digits.
fn account(seen: &Seen<'_>) -> String {
    let target = seen.target();
    match target.split_at_checked(32) {
        Some((id, name))
            if name.contains('@')
                && !name.starts_with('@')
                && id.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            name.to_owned()
        }
        _ => target,
    }
}
