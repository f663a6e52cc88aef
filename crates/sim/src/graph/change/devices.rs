//! Devices: switching off and on, and removing for good.

use super::{Made, Note, included, listed};
use crate::graph::Visit;
use crate::person::Device;
use crate::verbs::Target;
use crate::wire::Answer;

fn named<'a>(visit: &'a Visit<'_>) -> Result<(usize, &'a Device), Answer> {
    let id = visit.part(1);
    let owned = visit.tenant.users.iter().enumerate();
    let mut devices =
        owned.flat_map(|(user, owner)| owner.devices.iter().map(move |known| (user, known)));
    let found = devices.find(|(_, device)| device.object_id == id);
    found.ok_or_else(|| visit.not_found(id))
}

fn note(visit: &Visit<'_>, operation: &str, device: &Device, enabled: Option<bool>) {
    let modified = enabled.map(|enabled| {
        vec![
            ("AccountEnabled", listed(device.enabled), listed(enabled)),
            included("AccountEnabled"),
        ]
    });
    visit.note(Note {
        operation,
        category: "Device",
        event: "Device",
        target: Target::device(device),
        modified: modified.unwrap_or_default(),
    });
}

/// `PATCH /devices/{id}`.
pub(super) fn update(visit: &Visit<'_>) -> Made {
    let (user, device) = named(visit)?;
    let body = visit.body()?;
    let Some(enabled) = body["accountEnabled"].as_bool() else {
        return Err(visit.invalid("Only accountEnabled of a device can be updated here."));
    };
    visit.cloud.change(visit.place, |tenant| {
        let mut devices = tenant.users[user].devices.iter_mut();
        if let Some(known) = devices.find(|known| known.object_id == device.object_id) {
            known.enabled = enabled;
        }
    });
    note(visit, "Update device.", device, Some(enabled));
    Ok(Answer::empty(204))
}

/// `DELETE /devices/{id}`.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let (user, device) = named(visit)?;
    visit.cloud.change(visit.place, |tenant| {
        let devices = &mut tenant.users[user].devices;
        devices.retain(|known| known.object_id != device.object_id);
    });
    note(visit, "Delete device.", device, None);
    Ok(Answer::empty(204))
}
