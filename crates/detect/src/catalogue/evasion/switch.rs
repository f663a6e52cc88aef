//! One switch of a protection that was turned, and the hit that says so.

use crate::cmdlet::Cmdlet;
use crate::doubt::{after, doubt};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

/// A parameter that weakens a protection.
pub(super) struct Switch<'c> {
    pub(super) severity: Severity,
    /// What it means, behind the actor's name: `switched off ...`.
    pub(super) what: String,
    pub(super) field: &'c str,
    pub(super) value: &'c str,
    /// What the value was compared with.
    pub(super) baseline: &'c str,
}

impl Switch<'_> {
    /// Returns the hit of it.
    pub(super) fn hit(
        &self,
        cmdlet: &Cmdlet<'_, '_>,
        seen: &Seen<'_>,
        world: &World<'_>,
        silent_if: &str,
    ) -> Hit {
        let name = cmdlet.name();
        let on = if name.is_empty() {
            String::new()
        } else {
            format!(" ({})", quoted(name))
        };
        let raised = doubt(seen.fact(), seen.user(), world);
        let after = after(raised);
        let why = format!("{} {}{on}{after}", seen.user(), self.what);
        // A doubtful session makes worth a look what an administrator does on any day.
        let severity = match (raised, self.severity) {
            (Some(_), Severity::Low) => Severity::Medium,
            (Some(_), Severity::Medium) => Severity::High,
            (_, severity) => severity,
        };
        Hit::of(seen, severity, why)
            .compared(self.field, self.value, self.baseline)
            .silent_if(silent_if)
            .with(raised.map(|raised| &raised.fact))
    }
}

/// Returns the hit of a protection that was removed or switched off as a whole.
pub(super) fn gone(
    severity: Severity,
    what: &str,
    cmdlet: &Cmdlet<'_, '_>,
    seen: &Seen<'_>,
    world: &World<'_>,
) -> Hit {
    let how = if cmdlet.is_verb("Remove") {
        "removed"
    } else {
        "switched off"
    };
    let switch = Switch {
        severity,
        what: format!("{how} {what}"),
        field: "Operation",
        value: seen.action(),
        baseline: "",
    };
    switch.hit(cmdlet, seen, world, "it were still in force")
}
