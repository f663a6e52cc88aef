//! IDP-01: an account gets another way to prove who its owner is.

use super::changes::reason;
use super::concerned::{is_on_another, suspicion};
use super::methods::{NewMethod, is_temporary_pass, new_methods};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::evidence;
use crate::recent::{Recent, distinct};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World};
use model::Severity;

/// So long an account counts as new: its owner has to register something.
const NEW_ACCOUNT: i64 = 14 * DAY;

/// So many people who register within a week are a tenant's habit.
const HABIT: usize = 8;

const ABOUT: About = About {
    id: "IDP-01",
    title: "New sign-in method on an account",
    decides: "`Update user` whose new `StrongAuthenticationMethod`, `...PhoneAppDetail` or \
              `...UserDetails` holds a method, app or number that the old value lacks; or one of \
              Entra's own records of a registration.",
    severity: "high if the same phone or device serves two people, for accounts named as costly, \
               or within a day of a doubtful sign-in; else medium, low for one's own in a week \
               in which eight others registered, or if only the default changed; info on an \
               account created within two weeks",
    benign: "New staff register their first method; people buy new phones.",
    attack: &["T1098.005", "T1556.006"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "Of the registrations, only an `Update user` whose app counter moved was real.",
};

pub(super) struct Idp01 {
    created: Recent<(Word, String), (Fact, ())>,
    /// By tenant: who registered something this week.
    registered: Recent<Word, (Fact, String)>,
    /// By what no two people share: whose it is.
    marks: Recent<(Word, String), (Fact, String)>,
}

impl Default for Idp01 {
    fn default() -> Self {
        Self {
            created: Recent::over(NEW_ACCOUNT),
            registered: Recent::over(7 * DAY),
            marks: Recent::over(90 * DAY),
        }
    }
}

impl Detection for Idp01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add user",
            "Update user",
            "User registered security info",
            "User registered all required security info",
            "User updated security info",
            "Admin registered security info",
            "Admin updated security info",
            "Add FIDO2 security key",
            "Add passwordless phone sign-in credential",
            "User changed default security info",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() || is_temporary_pass(seen) {
            return;
        }
        let user = seen.target();
        let whose = (seen.fact().tenant, user.clone());
        if seen.is_action(&["Add user"]) {
            self.created.note(&whose, seen.fact(), ());
            return;
        }
        let methods = new_methods(seen);
        if methods.is_empty() && seen.is_action(&["Update user"]) {
            return;
        }
        let surprise = self.surprise(seen, &whose);
        let mut hit = judged(seen, world, &user, surprise);
        for method in &methods {
            hit = self.shared(seen, &user, method, hit);
        }
        hits.push(hit.of_user(&user).silent_if("no method were new"));
    }
}

impl Idp01 {
    fn surprise(&mut self, seen: &Seen<'_>, whose: &(Word, String)) -> Surprise {
        let (tenant, user) = whose.clone();
        let week = self.registered.note(&tenant, seen.fact(), user);
        let is_habit = distinct(&week) > HABIT && !is_on_another(seen);
        if self.created.noted(whose, seen.time()).next().is_some() {
            Surprise::None
        } else if is_habit || seen.is_action(&["User changed default security info"]) {
            Surprise::Little
        } else {
            Surprise::Some
        }
    }

    /// One phone for two people is nobody's habit.
    fn shared(&mut self, seen: &Seen<'_>, user: &str, method: &NewMethod, hit: Hit) -> Hit {
        let mut hit = hit.because(method.field, evidence(&method.what));
        let Some(mark) = &method.mark else {
            return hit;
        };
        let key = (seen.fact().tenant, mark.clone());
        let known = self.marks.note(&key, seen.fact(), user.to_owned());
        let Some((fact, other)) = known.iter().rev().find(|(_, other)| other != user) else {
            return hit;
        };
        hit.severity = hit.severity.max(Severity::High);
        hit.why = format!("{}; {other} uses the same phone or device", hit.why);
        hit.with([fact]).compared(
            method.field,
            evidence(&method.what),
            format!("the same of {other}"),
        )
    }
}

/// How much of a surprise a registration is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surprise {
    /// Somebody has to register something.
    None,
    /// Many do so these days, or only the default changed.
    Little,
    /// Nothing explains it.
    Some,
}

fn judged(seen: &Seen<'_>, world: &World<'_>, user: &str, surprise: Surprise) -> Hit {
    let why = format!("{user} has a new sign-in method, by {}", seen.user());
    if let Some(before) = suspicion(world, seen.fact(), user, DAY) {
        let why = format!("{why}, after a doubtful sign-in ({})", before.detection);
        return Hit::of(seen, Severity::High, why).with([&before.fact]);
    }
    let severity = match surprise {
        _ if world.tenant.is_vip(user) => Severity::High,
        Surprise::None => Severity::Info,
        Surprise::Little => Severity::Low,
        Surprise::Some => Severity::Medium,
    };
    let hit = Hit::of(seen, severity, why);
    match reason(seen) {
        "" => hit,
        reason => hit.because("resultReason", evidence(reason)),
    }
}
