//! COR-07: what else came from an address, a session or an application that is confirmed to be bad.

use super::EVERYTHING;
use super::link::{is_entry, is_of, outside};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::Severity;
use std::collections::{HashMap, HashSet};

const ABOUT: About = About {
    id: "COR-07",
    title: "Others on an intruder's address, session or application",
    decides: "Records of other people, before or after, from a public address or session of a finding \
              of high or critical, or through the application that such a finding is about.",
    severity: "high where a flagged sign-in or imported intelligence confirms it, medium otherwise",
    benign: "Offices and shared gateways: the organisation's own networks, what more than 10 people \
             use, what the victim or the other person mostly uses or has used for a week before.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn, Source::Mailbox, Source::SharePoint],
    needs: &[],
    method: Method::Chain,
    untested: "",
};

/// What more people than this use is shared, and confirms nothing.
const SHARED_BY: usize = 10;
/// Who used it that long before it was bad has it for their own.
const OWN_SECONDS: i64 = 7 * DAY;
/// From how many records on one can say what somebody mostly uses.
const TELLING: u32 = 20;

/// What an intruder leaves in records.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Trace {
    Address(Word),
    Session(Word),
    App(Word),
}

/// What one person did under a trace.
struct Use {
    user: Word,
    first: Fact,
    last: Fact,
    count: u32,
}

/// Traces, who left them, and which of them are bad.
pub(super) struct Cor07 {
    uses: Kept<(Word, Trace), Vec<Use>>,
    owners: Kept<(Word, Word), Word>,
    totals: HashMap<(Word, Word), u32>,
    confirmed: Vec<(Trace, Hit)>,
    known: HashMap<(Word, Trace), usize>,
    told: HashSet<(Word, Trace, String)>,
}

impl Default for Cor07 {
    fn default() -> Self {
        Self {
            uses: Kept::of_seconds(30 * DAY),
            owners: Kept::of_seconds(7 * DAY),
            totals: HashMap::new(),
            confirmed: Vec::new(),
            known: HashMap::new(),
            told: HashSet::new(),
        }
    }
}

impl Detection for Cor07 {
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
        ])
        .hearing(EVERYTHING)
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, _: &mut Vec<Hit>) {
        let fact = seen.fact();
        if !seen.is_done() || seen.is_service() || !seen.user().contains('@') {
            return;
        }
        *self.totals.entry((fact.tenant, fact.user)).or_default() += 1;
        if seen.is_from_outside() {
            self.note(fact, Trace::Address(fact.address));
        }
        if !fact.session.is_none() && self.is_shared_session(fact) {
            self.note(fact, Trace::Session(fact.session));
        }
        if !fact.app.is_none() {
            self.note(fact, Trace::App(fact.app));
        }
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, _: &mut Vec<Hit>) {
        for trace in traces(hit, world) {
            if hit.severity >= Severity::Medium {
                self.told.insert((hit.fact.tenant, trace, hit.user.clone()));
            }
            let is_confirmed = hit.severity >= Severity::High && !is_of(hit, &["ALR-01", "ALR-02"]);
            if is_confirmed {
                self.confirm(trace, hit);
            }
        }
    }

    fn finish(&mut self, world: &World<'_>, hits: &mut Vec<Hit>) {
        for (trace, cause) in std::mem::take(&mut self.confirmed) {
            let Some(uses) = self.uses.get(&(cause.fact.tenant, trace)) else {
                continue;
            };
            if uses.len() > SHARED_BY || self.is_victims_own(&cause, uses, world) {
                continue;
            }
            for one in uses {
                if self.is_news(&cause, trace, one, world) {
                    hits.push(hit(&cause, trace, one, world));
                }
            }
        }
    }
}

impl Cor07 {
    /// The first finding stands for a trace, until one says that somebody else came in.
    fn confirm(&mut self, trace: Trace, hit: &Hit) {
        let subject = (hit.fact.tenant, trace);
        match self.known.get(&subject) {
            Some(at) if is_entry(hit) && !is_entry(&self.confirmed[*at].1) => {
                self.confirmed[*at].1 = hit.clone();
            }
            Some(_) => {}
            None => {
                self.known.insert(subject, self.confirmed.len());
                self.confirmed.push((trace, hit.clone()));
            }
        }
    }

    /// A session is one person's: only others in it are worth remembering.
    fn is_shared_session(&mut self, fact: &Fact) -> bool {
        let session = (fact.tenant, fact.session);
        *self.owners.touch(session, fact.time, || fact.user) != fact.user
    }

    fn note(&mut self, fact: &Fact, trace: Trace) {
        let uses = self.uses.touch((fact.tenant, trace), fact.time, Vec::new);
        if let Some(known) = uses.iter_mut().find(|one| one.user == fact.user) {
            known.last = *fact;
            known.count = known.count.saturating_add(1);
        } else if uses.len() <= SHARED_BY {
            uses.push(Use {
                user: fact.user,
                first: *fact,
                last: *fact,
                count: 1,
            });
        }
    }

    /// A change made from home makes no home of an intruder: only a flagged sign-in says that
    /// somebody else is at it.
    fn is_victims_own(&self, cause: &Hit, uses: &[Use], world: &World<'_>) -> bool {
        let own = uses
            .iter()
            .find(|one| world.text(one.user) == cause.user.as_str());
        !is_entry(cause) && own.is_some_and(|own| self.is_usual(own, cause))
    }

    fn is_usual(&self, one: &Use, cause: &Hit) -> bool {
        let total = self.totals.get(&(one.first.tenant, one.user));
        let total = total.copied().unwrap_or_default();
        let is_main = total >= TELLING && one.count.saturating_mul(2) > total;
        is_main || seconds_between(one.first.time, cause.fact.time) > OWN_SECONDS
    }

    fn is_news(&self, cause: &Hit, trace: Trace, one: &Use, world: &World<'_>) -> bool {
        let user = world.text(one.user);
        let is_told = self
            .told
            .contains(&(cause.fact.tenant, trace, user.to_owned()));
        user != cause.user && !is_told && !self.is_usual(one, cause)
    }
}

/// Returns the traces of a hit: its address and session, and the application if it is about one.
fn traces(hit: &Hit, world: &World<'_>) -> Vec<Trace> {
    let mut traces = Vec::new();
    if outside(&hit.fact, world).is_some() {
        traces.push(Trace::Address(hit.fact.address));
    }
    if !hit.fact.session.is_none() {
        traces.push(Trace::Session(hit.fact.session));
    }
    let tenant = world.tenants.get(&hit.fact.tenant).unwrap_or(world.tenant);
    if is_of(hit, &["APP-", "MIA-"])
        && !tenant.is_approved_app(&hit.app)
        && let Some(app) = world.words.known(&hit.app)
        && !app.is_none()
    {
        traces.push(Trace::App(app));
    }
    traces
}

fn hit(cause: &Hit, trace: Trace, one: &Use, world: &World<'_>) -> Hit {
    let (what, word) = match trace {
        Trace::Address(word) => ("address", word),
        Trace::Session(word) => ("session", word),
        Trace::App(word) => ("application", word),
    };
    let severity = if is_entry(cause) {
        Severity::High
    } else {
        Severity::Medium
    };
    let user = world.text(one.user);
    let value = world.text(word);
    let why = format!(
        "{user} has records (in all: {}) with the {what} {}, which {} of {} shows to be an intruder's",
        one.count,
        quoted(value),
        cause.detection,
        cause.user
    );
    let mut hit = Hit::after(cause, severity, why);
    hit.fact = one.first;
    user.clone_into(&mut hit.user);
    hit.facts = vec![one.first];
    hit.with([&one.last])
        .keyed(value)
        .compared(
            what,
            value,
            format!("{} of {}", cause.detection, cause.user),
        )
        .silent_if("the person had used it for a week before, or more than 10 people used it")
}
