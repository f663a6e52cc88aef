//! A device is switched off in the directory, and kept.

use super::enabled::{Switch, wanted};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::quoted;
use model::{Ask, Change, Reply};

const ABOUT: About = About {
    id: "disable-device",
    title: "Disable device",
    sentence: "Switches a device off in the directory: what was issued to it stops working.",
    permissions: &["Device.ReadWrite.All"],
    stage: Stage::Methods,
    reversible: Reversible::Yes,
    notices: "Nobody can sign in from this device with its own credential.",
    limits: "The device is kept: deleting it would lose its BitLocker keys. It does not end sessions in a browser.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.005"],
};

const DEVICE: Switch = Switch {
    collection: "devices",
    select: "id,deviceId,displayName,accountEnabled",
    name: "device",
};

/// Disables a device.
pub(crate) struct DisableDevice;

impl Action for DisableDevice {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        DEVICE.look(object)
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        DEVICE.seen(&ABOUT, object, replies)
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        DEVICE.off(object, before)
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        wanted(before)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        DEVICE.back(object, before)
    }

    fn manual(&self, object: &Object) -> String {
        let id = quoted(&object.id);
        format!("Update-MgDevice -DeviceId {id} -AccountEnabled:$false")
    }
}
