//! Devices that joined the directory.

use super::targets::Told;
use super::{Foothold, FootholdKind, Sign, called, foothold};
use model::Event;

/// Reads a new device, or whose it became.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|one| event.action.eq_ignore_ascii_case(one))
    };
    let is_device = is(&["Add device", "Register device"]);
    let is_owner = is(&[
        "Add registered owner to device",
        "Add registered users to device",
    ]);
    if !is_device && !is_owner {
        return Vec::new();
    }
    let told = Told::read(event);
    let id = match told.first_of(&["Device.ObjectID"]) {
        none if none.is_empty() => told.id("Device").to_owned(),
        id => id.to_lowercase(),
    };
    let name = match told.first_of(&["Device.DisplayName", "DisplayName", "CloudDisplayName"]) {
        none if none.is_empty() && is_device => told.name().to_owned(),
        name => name,
    };
    let device = told.first_of(&["CloudDeviceId", "DeviceId"]).to_lowercase();
    let owner = told.whom(event);
    let mut signs = vec![Sign::Id(id), Sign::Id(device)];
    if !name.is_empty() {
        signs.push(Sign::Name(name.to_lowercase()));
    }
    let what = format!("registered the device {} for {owner}", called(&name));
    vec![foothold(event, FootholdKind::Device, &owner, signs, &what)]
}
