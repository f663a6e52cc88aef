//! Applications: consent, credentials, permissions and owners.

mod app_01;
mod app_02;
mod app_03;
mod app_04;
mod app_05;
mod app_06;
mod app_07;
mod app_08;
mod app_09;
mod app_10;
mod app_11;
mod app_12;
mod app_13;
mod app_14;
mod app_15;
mod consent;
mod known;
mod linked;
mod look_alike;
mod scopes;
mod subject;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(app_01::App01::default()),
        Box::new(app_02::App02::default()),
        Box::new(app_03::App03::default()),
        Box::new(app_04::App04::default()),
        Box::new(app_05::App05::default()),
        Box::new(app_06::App06::default()),
        Box::new(app_07::App07::default()),
        Box::new(app_08::App08::default()),
        Box::new(app_09::App09::default()),
        Box::new(app_10::App10::default()),
        Box::new(app_11::App11::default()),
        Box::new(app_12::App12),
        Box::new(app_13::App13),
        Box::new(app_14::App14),
        Box::new(app_15::App15::default()),
    ]
}
