//! SIG-15: an authorisation code or token of a developers' tool ends up elsewhere.

use super::habit::{Habits, Owner};
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{MINUTE, World, seconds_between};
use model::Severity;
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "SIG-15",
    title: "Developers' tool used to reach the directory or mail",
    decides: "Visual Studio Code, the Azure command line or Azure PowerShell signs in to Microsoft \
              Graph or the old directory interface: authorised from one network and redeemed from \
              another within half an hour, or for the first time for this person.",
    severity: "high from two networks; medium for the first time of somebody who is no \
               administrator, once the records reach back a week; low where five others use the tool",
    benign: "Developers: a tool that the person used in the thirty days before stays silent, as \
             does one device on two networks.",
    attack: &["T1528", "T1566.002"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of these applications was at hand. Microsoft's other applications \
               that share tokens are not read: they called the old interface by themselves.",
};

const TOOLS: &[(&str, &str)] = &[
    ("aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code"),
    (
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "the Azure command line",
    ),
    ("1950a258-227b-4e31-a9cf-717495945fc2", "Azure PowerShell"),
];

const TARGETS: &[&str] = &[
    "00000003-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
];

const REDEEMED_SECONDS: i64 = 30 * MINUTE;

/// An authorisation, until it is redeemed.
#[derive(Debug)]
struct Authorised {
    fact: Fact,
    network: String,
    device: Word,
}

/// SIG-15.
#[derive(Debug, Default)]
pub(super) struct Sig15 {
    tools: Habits,
    authorised: BTreeMap<(Owner, Word), Authorised>,
    /// Who uses which tool: where many do, one more is a developer.
    users: BTreeMap<(Word, Word), BTreeSet<Word>>,
}

impl Detection for Sig15 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let tool = TOOLS.iter().find(|(id, _)| *id == seen.app());
        let Some((_, tool)) = tool.filter(|_| TARGETS.contains(&seen.resource())) else {
            // Other sign-ins only show for how long somebody has been known.
            self.know(seen);
            return;
        };
        let Some(sign_in) = SignIn::of_person(seen) else {
            return;
        };
        let owner = (seen.fact().tenant, seen.fact().user);
        let uses = self.tools.meet(owner, seen.app(), seen.time());
        let is_common = self.is_common(seen);
        if let Some(from) = self.other_network(seen, &sign_in, world) {
            hits.push(redeemed(seen, world, tool, &from));
            return;
        }
        let is_admin = world.tenant.settings.admins.contains(seen.user());
        if uses.is_first() && !is_admin && !sign_in.device().is_managed {
            hits.push(first_use(seen, tool, is_common));
        }
    }
}

fn redeemed(seen: &Seen<'_>, world: &World<'_>, tool: &str, from: &Fact) -> Hit {
    let why = format!(
        "{} authorised {tool} from {} and its token was fetched from {} soon after",
        seen.user(),
        world.text(from.address),
        seen.ip()
    );
    Hit::of(seen, Severity::High, why)
        .with([from])
        .keyed(seen.app())
        .because("ApplicationId", seen.app())
        .compared("ClientIP", seen.ip(), world.text(from.address))
        .silent_if("both had come by one network")
}

fn first_use(seen: &Seen<'_>, tool: &str, is_common: bool) -> Hit {
    let severity = if is_common {
        Severity::Low
    } else {
        Severity::Medium
    };
    let why = format!(
        "{} used {tool} for the first time, from {}",
        seen.user(),
        seen.ip()
    );
    Hit::of(seen, severity, why)
        .keyed(seen.app())
        .compared("ApplicationId", seen.app(), "the tools of the last 30 days")
        .because("resource", seen.resource())
        .silent_if("this person had used the tool in the last 30 days")
}

impl Sig15 {
    /// Notes who uses a tool; returns whether five others do.
    fn is_common(&mut self, seen: &Seen<'_>) -> bool {
        const OTHERS: usize = 5;
        let fact = seen.fact();
        let users = self.users.entry((fact.tenant, fact.app)).or_default();
        if users.len() <= OTHERS {
            users.insert(fact.user);
        }
        users.len() > OTHERS
    }

    fn know(&mut self, seen: &Seen<'_>) {
        if seen.outcome() == model::Outcome::Success {
            let owner = (seen.fact().tenant, seen.fact().user);
            self.tools.meet(owner, "anything else", seen.time());
        }
    }

    /// Returns the authorisation that a token redeems from another network.
    fn other_network(
        &mut self,
        seen: &Seen<'_>,
        sign_in: &SignIn<'_, '_>,
        world: &World<'_>,
    ) -> Option<Fact> {
        let whence = Whence::read(seen, world)?;
        let fact = seen.fact();
        let key = ((fact.tenant, fact.user), fact.app);
        let device = fact.device;
        if is_authorisation(sign_in) {
            let authorised = Authorised {
                fact: *fact,
                network: whence.network,
                device,
            };
            self.authorised.insert(key, authorised);
            return None;
        }
        let before = self.authorised.get(&key)?;
        let is_soon = seconds_between(before.fact.time, fact.time) <= REDEEMED_SECONDS;
        let is_same_device = !device.is_none() && device == before.device;
        (is_soon && !is_same_device && before.network != whence.network).then_some(before.fact)
    }
}

/// In the unified log a redirect after a request to authorise; in Entra's, what a person did by hand.
fn is_authorisation(sign_in: &SignIn<'_, '_>) -> bool {
    if !sign_in.is_entra() {
        return sign_in.request().eq_ignore_ascii_case("OAuth2:Authorize")
            && sign_in.detail().eq_ignore_ascii_case("Redirect");
    }
    sign_in.says("isInteractive", &["true"])
}
