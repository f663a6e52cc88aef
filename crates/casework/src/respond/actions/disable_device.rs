//! A device is switched off in the directory, and kept.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, one};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, part, quoted};
use model::{Ask, Change, Json, Reply, Verb};

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

const FIELD: &str = "accountEnabled";

/// Disables a device.
pub(crate) struct DisableDevice;

impl Action for DisableDevice {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        let id = part(&object.id);
        vec![get(format!(
            "/v1.0/devices/{id}?$select=id,deviceId,displayName,accountEnabled"
        ))]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = format!("the device {}", object.id);
        let read = one(&ABOUT, &asked, replies.first(), |device| {
            match field(device, FIELD) {
                enabled @ Json::Bool(_) => Ok(State::default().with(FIELD, enabled)),
                _ => Err(format!("graph told of {asked} without {FIELD}")),
            }
        });
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the device is not there any more".to_owned());
        }
        Ok(vec![set(object, false)])
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        if before.is_gone() {
            return State::gone();
        }
        State::default().with_truth(FIELD, false)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth(FIELD) {
            Some(enabled) => Ok(vec![set(object, enabled)]),
            None => Err("the device was not there".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let id = quoted(&object.id);
        format!("Update-MgDevice -DeviceId {id} -AccountEnabled:$false")
    }
}

fn set(object: &Object, enabled: bool) -> Change {
    let body = json(&[(FIELD, Json::Bool(enabled))]);
    let path = format!("/v1.0/devices/{}", part(&object.id));
    change(Verb::Patch, path, Some(body))
}
