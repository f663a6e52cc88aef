//! SIG-14: one session, used from two places at once.

use super::habit::Habits;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::lists::agents::{self, System};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::Severity;

const ABOUT: About = About {
    id: "SIG-14",
    title: "One session from two networks",
    decides: "Records with one session id, of sign-ins, mail, files or searches, that come from \
              two networks: weighed by whether the operating system changes too, whether one \
              network is rented, and whether the countries differ.",
    severity: "critical if the system changes and either network is rented, or a phishing kit's \
               library goes on with it; high if the system changes, or network and country do \
               within an hour; medium if they do on a telephone, and for a rented network; low for \
               two networks of one country, for another country after hours, and for who comes by \
               that rented network on three days; info where no database \
               tells one network from another and the system stays",
    benign: "Between two networks of every day (three days of the thirty before) nothing is told. \
             Telephones that leave a wireless network keep their system, device and country: low. \
             Who travels takes the session along: hours lie between two countries. A telephone \
             abroad changes between its own carrier and a hotel's network: medium. \
             Microsoft's addresses, the organisation's networks and security gateways say nothing.",
    attack: &["T1539", "T1550.004"],
    sources: &[Source::SignIn, Source::Mailbox, Source::SharePoint],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

/// A session that was quiet for longer begins anew.
const LIFE_SECONDS: i64 = 7 * DAY;
/// How many places of one session are told apart.
const PLACES: usize = 16;

/// Another country so soon is no journey.
const NO_JOURNEY_SECONDS: i64 = HOUR;

/// One place from which a session was used.
#[derive(Clone, Debug)]
struct End {
    fact: Fact,
    /// For how many seconds the session was quiet before.
    quiet: i64,
    is_usual: bool,
    whence: Whence,
    system: Option<System>,
    is_tool: bool,
    is_telephone: bool,
}

#[derive(Debug)]
struct Session {
    last: model::Timestamp,
    /// The address of the last record: most come from the same one as the one before.
    address: Word,
    ends: Vec<End>,
}

/// SIG-14.
#[derive(Debug)]
pub(super) struct Sig14 {
    sessions: Kept<(Word, Word), Session>,
    /// By which networks somebody comes.
    networks: Habits,
}

impl Default for Sig14 {
    fn default() -> Self {
        Self {
            sessions: Kept::of_seconds(DAY),
            networks: Habits::default(),
        }
    }
}

impl Detection for Sig14 {
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
        if seen.session().is_empty() || seen.is_service() || !seen.is_done() {
            return;
        }
        let (session, quiet) = session(&mut self.sessions, seen);
        if std::mem::replace(&mut session.address, seen.fact().address) == seen.fact().address {
            return;
        }
        let Some(whence) = Whence::read(seen, world) else {
            return;
        };
        let is_known = session
            .ends
            .iter()
            .any(|end| end.whence.network == whence.network);
        if is_known || session.ends.len() >= PLACES {
            return;
        }
        let owner = (seen.fact().tenant, seen.fact().user);
        let network = self.networks.meet(owner, &whence.network, seen.time());
        let is_usual = network.is_usual(3);
        let now = End {
            fact: *seen.fact(),
            quiet,
            is_usual,
            whence,
            system: agents::system(seen.agent()),
            is_tool: agents::kit(seen.agent()).is_some(),
            is_telephone: is_telephone(seen.agent()),
        };
        let worst = session
            .ends
            .iter()
            .map(|end| (weigh(end, &now), end))
            .max_by_key(|(severity, end)| (*severity, end.fact.time));
        let is_everyday = |severity: Severity, before: &End| {
            severity <= Severity::Low && now.is_usual && before.is_usual
        };
        if let Some((severity, before)) = worst
            && !is_everyday(severity, before)
        {
            hits.push(hit(seen, world, severity, before, &now));
        }
        session.ends.push(now);
    }
}

/// Returns the session of a record, and for how many seconds it was quiet.
fn session<'k>(
    sessions: &'k mut Kept<(Word, Word), Session>,
    seen: &Seen<'_>,
) -> (&'k mut Session, i64) {
    let now = seen.time();
    let key = (seen.fact().tenant, seen.fact().session);
    let session = sessions.touch(key, now, || Session {
        last: now,
        address: Word::NONE,
        ends: Vec::new(),
    });
    let quiet = seconds_between(session.last, now);
    if quiet > LIFE_SECONDS {
        session.ends.clear();
    }
    session.last = now;
    (session, quiet)
}

fn weigh(before: &End, now: &End) -> Severity {
    let is_other_system =
        before.system.is_some() && now.system.is_some() && before.system != now.system;
    let is_rented = now.whence.kind.is_rented() || before.whence.kind.is_rented();
    let is_same_device = !now.fact.device.is_none() && now.fact.device == before.fact.device;
    let is_far = now.whence.is_other_system(&before.whence)
        && now.whence.is_other_country(&before.whence)
        && now.quiet <= NO_JOURNEY_SECONDS;
    let is_usual_way = [before, now]
        .iter()
        .any(|end| end.whence.kind.is_rented() && end.is_usual);
    let is_telephone = now.is_telephone && before.is_telephone;
    // Where a program had the session from the beginning, a program going on is no surprise.
    let is_tool = now.is_tool && !before.is_tool;
    if is_same_device && !is_other_system && !is_tool {
        Severity::Low
    } else if is_tool || (is_other_system && is_rented) {
        Severity::Critical
    } else if is_other_system || (is_far && !is_telephone) {
        Severity::High
    } else if is_usual_way {
        Severity::Low
    } else if is_far || (is_rented && now.whence.is_other_system(&before.whence)) {
        Severity::Medium
    } else if is_blind(before, now) {
        Severity::Info
    } else {
        Severity::Low
    }
}

/// Returns whether an agent is a telephone's.
fn is_telephone(agent: &str) -> bool {
    let marks = ["iPhone", "Android", "iOS", "Mobile"];
    marks.iter().any(|mark| agent.contains(mark))
}

/// One connection has an address of the old kind and one of the new, and a telephone another one
/// every hour: where no database says otherwise, they look like networks of their own.
fn is_blind(before: &End, now: &End) -> bool {
    now.whence.asn == 0 && before.whence.asn == 0
}

fn hit(seen: &Seen<'_>, world: &World<'_>, severity: Severity, before: &End, now: &End) -> Hit {
    let system = |end: &End| end.system.map_or("an unknown system", System::name);
    let country = |end: &End| match end.whence.country.as_str() {
        "" => String::new(),
        country => format!(" in {country}"),
    };
    let why = format!(
        "the session of {} was used from {} by {}{} with {}, and before from {} by {}{} with {}",
        seen.person(),
        seen.ip(),
        now.whence.name(),
        country(now),
        system(now),
        world.text(before.fact.address),
        before.whence.name(),
        country(before),
        system(before)
    );
    Hit::of(seen, severity, why)
        .with([&before.fact])
        .keyed(seen.session())
        .because("SessionId", seen.session())
        .compared("ClientIP", seen.ip(), world.text(before.fact.address))
        .compared("UserAgent", seen.agent(), world.text(before.fact.agent))
        .silent_if("both records had come by one network")
}
