//! SIG-28: somebody who is no administrator opens an administrator's shell.

use super::habit::Habits;
use super::sign_in::SignIn;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::{ActorKind, Severity};

const ABOUT: About = About {
    id: "SIG-28",
    title: "Administrator's shell in the hands of somebody else",
    decides: "A successful sign-in by the PowerShell modules for the directory, Exchange or Graph, \
              or with a shell's agent, by somebody who is not named as an administrator and was \
              not seen administering.",
    severity: "medium for the first time of somebody whose sign-ins are known for a week; else low",
    benign: "Administrators: the operator's, and whoever was seen acting as one, stay silent; so \
             does who used a shell in the thirty days before.",
    attack: &["T1059.009"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

const SHELLS: &[(&str, &str)] = &[
    (
        "1b730954-1685-4b74-9bfd-dac224a7b894",
        "Azure AD PowerShell",
    ),
    (
        "fb78d390-0c51-40cd-8e17-fdbfab77341b",
        "Exchange Online PowerShell",
    ),
    (
        "a0c73c16-a7e3-4564-9a95-2bdf47383716",
        "Exchange Online remote PowerShell",
    ),
    ("14d82eec-204b-4c2f-b7e8-296a70dab67e", "Graph PowerShell"),
    (
        "9bc3ab49-b65d-410a-85ad-de819febfddc",
        "SharePoint Online PowerShell",
    ),
    ("12128f48-ec9e-42f0-b203-ea49fb6af367", "Teams PowerShell"),
];

/// What only administrators do: Entra does not say who is one.
const ADMINISTERING: &[&str] = &[
    "Add user",
    "Delete user",
    "Add member to role",
    "Reset user password",
    "Set Company Information",
    "Set domain authentication",
    "Add conditional access policy",
    "Update conditional access policy",
    "Add-MailboxPermission",
    "New-Mailbox",
    "New-TransportRule",
    "Set-TransportRule",
    "Set-OrganizationConfig",
    "Enable-OrganizationCustomization",
    "Set-CASMailbox",
    "Set-AdminAuditLogConfig",
];

/// SIG-28.
#[derive(Debug, Default)]
pub(super) struct Sig28 {
    administrators: Habits,
    shells: Habits,
    sign_ins: Habits,
}

impl Detection for Sig28 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::SignIn, Kind::Act],
            actions: ADMINISTERING,
            hears: &[],
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let owner = (seen.fact().tenant, seen.fact().user);
        if is_administering(seen) {
            self.administrators.meet(owner, ACTED, seen.time());
        }
        let Some(sign_in) = SignIn::of_person(seen) else {
            return;
        };
        let sign_ins = self.sign_ins.meet(owner, "", seen.time());
        let Some(shell) = shell(seen) else {
            return;
        };
        let uses = self.shells.meet(owner, "", seen.time());
        let is_admin = world.tenant.settings.admins.contains(seen.user())
            || self.administrators.knows(owner, ACTED);
        if uses.known.is_some() || is_admin {
            return;
        }
        let severity = if sign_ins.is_settled() && !sign_in.device().is_managed {
            Severity::Medium
        } else {
            Severity::Low
        };
        let why = format!(
            "{} opened {shell} from {} with agent {}",
            seen.user(),
            seen.ip(),
            quoted(seen.agent())
        );
        hits.push(
            Hit::of(seen, severity, why)
                .because("ApplicationId", seen.app())
                .because("UserAgent", seen.agent())
                .silent_if("the person were named as an administrator, or had used a shell before"),
        );
    }
}

/// Under which name it is remembered that somebody administered.
const ACTED: &str = "acted";

fn is_administering(seen: &Seen<'_>) -> bool {
    let is_persons = seen.user().contains('@') && seen.is_done();
    seen.actor() == ActorKind::Admin || (is_persons && seen.is_action(ADMINISTERING))
}

/// Returns the shell that a sign-in opens, by its application or its agent.
fn shell(seen: &Seen<'_>) -> Option<&'static str> {
    let found = SHELLS.iter().find(|(id, _)| *id == seen.app());
    let by_agent = agents::is_shell(seen.agent()).then_some("an administrator's shell");
    found.map(|(_, name)| *name).or(by_agent)
}
