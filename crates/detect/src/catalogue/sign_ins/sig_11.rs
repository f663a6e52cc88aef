//! SIG-11: a client hands over a password, so that no second factor can be asked for.

use super::habit::Habits;
use super::sign_in::SignIn;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::Severity;
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "SIG-11",
    title: "Legacy or password-only sign-in",
    decides: "A sign-in in which the application itself handed the password over: Exchange's \
              stand-in agents (`BAV2ROPC` and its kin), `authenticationProtocol` ropc, a legacy \
              `clientAppUsed`, or in the unified log a token request with a password in it.",
    severity: "high for a success with one factor by one of the stand-ins or ROPC; medium for \
               other successes, and where five others of the organisation sign in so; low from twenty \
               on, and for a failure by a stand-in",
    benign: "Printers, scanners and back-ups: name them as machines. A client that the person used \
             in the thirty days before stays silent, and administrators' shells are SIG-28's.",
    attack: &["T1078.004", "T1110"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Stateless,
    untested: "Entra's sign-in logs with ROPC or a legacy client: no real record was at hand.",
};

/// What `clientAppUsed` says of clients that cannot be asked for a second factor.
const LEGACY_CLIENTS: &[&str] = &[
    "Authenticated SMTP",
    "SMTP",
    "IMAP",
    "IMAP4",
    "POP",
    "POP3",
    "MAPI",
    "MAPI Over HTTP",
    "Exchange ActiveSync",
    "Exchange Web Services",
    "Exchange Online PowerShell",
    "Reporting Web Services",
    "Autodiscover",
    "Offline Address Book",
    "Outlook Anywhere (RPC over HTTP)",
    "Other clients",
];

/// Shells that ask for a password themselves.
const SHELL_APPS: &[&str] = &[
    "1b730954-1685-4b74-9bfd-dac224a7b894",
    "fb78d390-0c51-40cd-8e17-fdbfab77341b",
    "14d82eec-204b-4c2f-b7e8-296a70dab67e",
    "1950a258-227b-4e31-a9cf-717495945fc2",
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
];

/// How the password was handed over.
struct Handed {
    field: &'static str,
    value: String,
    is_certain: bool,
}

/// SIG-11.
#[derive(Debug, Default)]
pub(super) struct Sig11 {
    clients: Habits,
    /// Who of a tenant signs in so: an organisation that lets old clients in has many.
    people: BTreeMap<Word, BTreeSet<Word>>,
}

impl Detection for Sig11 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::read(seen).filter(SignIn::is_persons) else {
            return;
        };
        let Some(handed) = handed(seen, &sign_in) else {
            return;
        };
        if world.tenant.settings.machines.contains(seen.user()) {
            return;
        }
        let (severity, how) = match (sign_in.is_in(), handed.is_certain) {
            (false, true) => (Severity::Low, "failed to sign in"),
            (false, false) => return,
            (true, true) => (Severity::High, "signed in"),
            (true, false) => (Severity::Medium, "signed in"),
        };
        if sign_in.is_in() && self.is_usual(seen, &handed) {
            return;
        }
        let severity = match self.others(seen, sign_in.is_in()) {
            20.. => severity.min(Severity::Low),
            5.. => severity.min(Severity::Medium),
            _ => severity,
        };
        let why = format!(
            "{} {how} from {} with the password alone ({} {})",
            seen.user(),
            seen.ip(),
            handed.field,
            quoted(&handed.value)
        );
        let required = "authenticationRequirement";
        hits.push(
            Hit::of(seen, severity, why)
                .because(handed.field, handed.value)
                .because(required, sign_in.word(required))
                .silent_if("the account were named as a machine, or had used this client before"),
        );
    }
}

impl Sig11 {
    /// Returns how many others came in so before; more than counts are not remembered.
    fn others(&mut self, seen: &Seen<'_>, is_in: bool) -> usize {
        const REMEMBERED: usize = 50;
        let people = self.people.entry(seen.fact().tenant).or_default();
        if is_in && people.len() < REMEMBERED {
            people.insert(seen.fact().user);
        }
        people.len() - usize::from(people.contains(&seen.fact().user))
    }

    fn is_usual(&mut self, seen: &Seen<'_>, handed: &Handed) -> bool {
        let owner = (seen.fact().tenant, seen.fact().user);
        let client = format!("{} {}", handed.value, seen.app());
        let uses = self.clients.meet(owner, &client, seen.time());
        uses.known.is_some()
    }
}

fn handed(seen: &Seen<'_>, sign_in: &SignIn<'_, '_>) -> Option<Handed> {
    let is_shell = SHELL_APPS.contains(&seen.app());
    if agents::is_password_client(seen.agent()) {
        return Some(Handed {
            field: "UserAgent",
            value: seen.agent().to_owned(),
            is_certain: true,
        });
    }
    if sign_in.says("authenticationProtocol", &["ropc"]) {
        return Some(Handed {
            field: "authenticationProtocol",
            value: "ropc".to_owned(),
            is_certain: !is_shell
                && !sign_in.says("authenticationRequirement", &["multiFactorAuthentication"]),
        });
    }
    for key in ["clientAppUsed", "Client app"] {
        if sign_in.says(key, LEGACY_CLIENTS) {
            return Some(Handed {
                field: "clientAppUsed",
                value: sign_in.word(key).to_owned(),
                is_certain: false,
            });
        }
    }
    let method = seen
        .extended()
        .get("UserAuthenticationMethod")
        .unwrap_or_default();
    let has_password =
        method.trim() == "1" && sign_in.request().eq_ignore_ascii_case("OAuth2:Token");
    // A failed one is one of many: the detections of guessing count them.
    (has_password && !is_shell).then(|| Handed {
        field: "UserAuthenticationMethod",
        value: format!("password in a token request, {}", seen.agent()),
        is_certain: false,
    })
}
