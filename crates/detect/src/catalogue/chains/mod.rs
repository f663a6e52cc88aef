//! Section J: one finding after the other, and what the records could not show.

mod containment;
mod cor_01;
mod cor_02;
mod cor_03;
mod cor_04;
mod cor_05;
mod cor_06;
mod cor_07;
mod cor_08;
mod cor_09;
mod cor_10;
mod link;
mod newcomer;
mod silence;
mod trail;

use super::Detection;

/// The fronts of the ids of everything that a chain can rest on.
const EVERYTHING: &[&str] = &[
    "INB-", "FWD-", "TRN-", "DEL-", "MIA-", "SND-", "SIG-", "IDP-", "APP-", "EVA-", "FIL-", "TMS-",
    "EDI-", "SRCH-", "FLW-", "COP-", "ALR-", "INTEL", "sigma:",
];

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(cor_01::Cor01::default()),
        Box::new(cor_02::Cor02::default()),
        Box::new(cor_03::Cor03::default()),
        Box::new(cor_04::Cor04::default()),
        Box::new(cor_05::Cor05::default()),
        Box::new(cor_06::Cor06::default()),
        Box::new(cor_07::Cor07::default()),
        Box::new(cor_08::Cor08::default()),
        Box::new(cor_09::Cor09::default()),
        Box::new(cor_10::Cor10::default()),
    ]
}
