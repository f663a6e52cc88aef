//! Section E: what makes an intruder's stay last, and what rules the tenant.

mod changes;
mod concerned;
mod idp_01;
mod idp_02;
mod idp_03;
mod idp_04;
pub(in crate::catalogue) mod idp_05;
mod idp_06;
mod idp_07;
mod idp_08;
mod idp_09;
mod idp_10;
mod idp_11;
mod idp_12;
mod idp_13;
mod idp_14;
mod idp_15;
mod idp_16;
mod idp_17;
mod idp_18;
mod idp_19;
mod idp_20;
mod idp_21;
mod idp_22;
mod methods;
mod policies;
mod roles;
mod tenant_policies;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(idp_01::Idp01::default()),
        Box::new(idp_02::Idp02),
        Box::new(idp_03::Idp03::default()),
        Box::new(idp_04::Idp04::default()),
        Box::new(idp_05::Idp05::default()),
        Box::new(idp_06::Idp06::default()),
        Box::new(idp_07::Idp07),
        Box::new(idp_08::Idp08::default()),
        Box::new(idp_09::Idp09::default()),
        Box::new(idp_10::Idp10),
        Box::new(idp_11::Idp11),
        Box::new(idp_12::Idp12),
        Box::new(idp_13::Idp13),
        Box::new(idp_14::Idp14),
        Box::new(idp_15::Idp15),
        Box::new(idp_16::Idp16),
        Box::new(idp_17::Idp17),
        Box::new(idp_18::Idp18),
        Box::new(idp_19::Idp19),
        Box::new(idp_20::Idp20),
        Box::new(idp_21::Idp21),
        Box::new(idp_22::Idp22::default()),
    ]
}
