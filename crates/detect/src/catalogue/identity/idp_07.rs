//! IDP-07: somebody or something gets a privileged role of the directory.

use super::concerned::{is_by_person, misused, suspicion};
use super::roles::{Power, Role, is_through_pim};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "IDP-07",
    title: "Privileged directory role assigned",
    decides: "`Add member to role`, `Add eligible member to role` or `Add scoped member to role`; \
              the role by its template's id or its name.",
    severity: "critical for Global and Privileged Role Administrator outside of privileged \
               identity management (high by a named administrator without a suspicion), high for \
               roles over people, applications, mail and protection, medium for other \
               administrators; low for readers, for failed attempts and for what privileged \
               identity management does itself",
    benign: "Administrators get their roles: through privileged identity management it is context.",
    attack: &["T1098.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

pub(super) struct Idp07;

impl Detection for Idp07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add member to role",
            "Add eligible member to role",
            "Add scoped member to role",
            "Add member to role outside of PIM (permanent)",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() {
            return;
        }
        let role = Role::of(seen);
        let user = misused(seen);
        let target = given_to(seen);
        let before = suspicion(world, seen.fact(), &user, DAY);
        let severity = if !seen.is_done() || is_through_pim(seen) {
            Severity::Low
        } else {
            of_power(role.power, is_expected(seen, world) && before.is_none())
        };
        let attempt = if seen.is_done() {
            "gave"
        } else {
            "tried to give"
        };
        let why = format!(
            "{} {attempt} {} the role {}",
            seen.user(),
            quoted(&target),
            quoted(&role.name)
        );
        // One burst for one target is one finding: the role does not tell hits apart.
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .keyed(target)
                .with(before.map(|one| &one.fact))
                .because("Role.DisplayName", role.name)
                .silent_if("the role gave no power (then it is context)"),
        );
    }
}

fn is_expected(seen: &Seen<'_>, world: &World<'_>) -> bool {
    is_by_person(seen) && world.tenant.settings.admins.contains(seen.user())
}

fn of_power(power: Power, is_expected: bool) -> Severity {
    match power {
        Power::Everything if is_expected => Severity::High,
        Power::Everything => Severity::Critical,
        Power::Privileged => Severity::High,
        Power::Service => Severity::Medium,
        Power::Reader => Severity::Low,
    }
}

fn given_to(seen: &Seen<'_>) -> String {
    let person = seen.targets().into_iter().next();
    person.unwrap_or_else(|| seen.object().to_lowercase())
}
