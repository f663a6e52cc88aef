//! IDP-05: a device joins the directory in somebody's name.

use super::changes::new_word;
use super::concerned::suspicion;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::recent::{Recent, distinct};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, MINUTE, World};
use model::Severity;

/// So many devices of one person in a quarter of an hour are no person's.
const MANY: usize = 3;
/// So many other devices within two weeks are a tenant's habit.
const HABIT: usize = 2;
/// Builds that kits for device registration claim unless they are told otherwise.
pub(in crate::catalogue) const KIT_BUILDS: [&str; 2] = ["10.0.19041.928", "10.0.19045.2006"];

const ABOUT: About = About {
    id: "IDP-05",
    title: "New device registered",
    decides: "`Add registered owner to device`, `Add registered users to device`, `Register \
              device` or `Add device` that names a person; joined with `Add device` by the \
              device's id, which tells its name and build.",
    severity: "high within a day of a doubtful sign-in of that person, or from an offensive \
               tool; medium for three devices in a quarter of an hour, for a name and build that \
               kits claim, and where the tenant had at most one other new device in the two weeks \
               before; else low, as for accounts named as machines",
    benign: "New computers and phones: tenants that enrol devices all the time see context only.",
    attack: &["T1098.005"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

pub(super) struct Idp05 {
    /// By device: who owns it, and how grave that was.
    owned: Recent<(Word, String), (Fact, (String, Severity))>,
    /// By device: whether it claims a kit's name and build.
    added: Recent<(Word, String), (Fact, bool)>,
    of_person: Recent<(Word, String), (Fact, String)>,
    of_tenant: Recent<Word, (Fact, String)>,
}

impl Default for Idp05 {
    fn default() -> Self {
        Self {
            owned: Recent::over(10 * MINUTE),
            added: Recent::over(10 * MINUTE),
            of_person: Recent::over(15 * MINUTE),
            of_tenant: Recent::over(14 * DAY),
        }
    }
}

impl Detection for Idp05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add device",
            "Register device",
            "Add registered owner to device",
            "Add registered users to device",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let device = device(seen);
        let key = (seen.fact().tenant, device.clone());
        let is_kit = is_kit(seen);
        let user = seen.target();
        if user.contains('@') {
            let hit = self.owner(seen, world, &user, device, is_kit);
            self.owned.note(&key, seen.fact(), (user, hit.severity));
            hits.push(hit);
            return;
        }
        // The device's own record names nobody, and may come before or after its owner's.
        self.added.note(&key, seen.fact(), is_kit);
        let owned = self.owned.noted(&key, seen.time()).next_back();
        if let Some((fact, (user, severity))) = owned {
            let severity = if is_kit {
                (*severity).max(Severity::Medium)
            } else {
                *severity
            };
            let hit = Hit::of(seen, severity, why(seen, user));
            hits.push(told(seen, hit.of_user(user).keyed(device).with([fact])));
        }
    }
}

impl Idp05 {
    fn owner(
        &mut self,
        seen: &Seen<'_>,
        world: &World<'_>,
        user: &str,
        device: String,
        is_kit: bool,
    ) -> Hit {
        let fact = seen.fact();
        let key = (fact.tenant, device.clone());
        let whose = (fact.tenant, user.to_owned());
        let is_kit = is_kit || self.added.noted(&key, fact.time).any(|(_, is_kit)| *is_kit);
        let own = distinct(&self.of_person.note(&whose, fact, device.clone()));
        let of_tenant = distinct(&self.of_tenant.note(&fact.tenant, fact, device.clone()));
        let is_rare = of_tenant <= HABIT && world.tenant.is_warm(fact.time, 14);
        let before = suspicion(world, fact, user, DAY);
        let severity = if before.is_some() || agents::offensive(seen.agent()).is_some() {
            Severity::High
        } else if world.tenant.settings.machines.contains(user) {
            Severity::Low
        } else if own >= MANY || is_kit || is_rare {
            Severity::Medium
        } else {
            Severity::Low
        };
        let hit = Hit::of(seen, severity, why(seen, user))
            .of_user(user)
            .keyed(device)
            .with(self.added.noted(&key, fact.time).map(|(fact, _)| fact))
            .with(before.map(|one| &one.fact))
            .compared(
                "devices",
                format!("{own} of this person in 15 minutes"),
                format!("{of_tenant} of the tenant in 14 days"),
            );
        told(seen, hit)
    }
}

fn why(seen: &Seen<'_>, user: &str) -> String {
    let name = new_word(
        seen,
        &["Device.DisplayName", "CloudDisplayName", "DisplayName"],
    );
    format!(
        "a device {} was registered for {user}",
        quoted(name.as_deref().unwrap_or("without a name"))
    )
}

fn told(seen: &Seen<'_>, mut hit: Hit) -> Hit {
    for field in ["Device.DisplayName", "DisplayName", "CloudDeviceOSVersion"] {
        if let Some(value) = new_word(seen, &[field]) {
            hit = hit.because(field, value);
        }
    }
    hit.silent_if("nothing new were registered; a tenant's habit makes it context")
}

/// Returns the device's object id, or what else names it.
fn device(seen: &Seen<'_>) -> String {
    if let Some(id) = new_word(seen, &["Device.ObjectID"]) {
        return id.to_lowercase();
    }
    let words = seen.target_words();
    let is_device = |word: &&String| word.starts_with("Device_");
    match words.iter().find(is_device) {
        Some(word) => word["Device_".len()..].to_lowercase(),
        None => words
            .first()
            .map(|word| word.to_lowercase())
            .unwrap_or_default(),
    }
}

fn is_kit(seen: &Seen<'_>) -> bool {
    let word = |names: &[&str]| new_word(seen, names).unwrap_or_default();
    let build = word(&["CloudDeviceOSVersion", "DeviceOSVersion"]);
    let name = word(&["CloudDisplayName", "DisplayName", "Device.DisplayName"]);
    KIT_BUILDS.contains(&build.as_str()) && name.to_lowercase().starts_with("desktop-")
}
