//! Section D, first half: what a sign-in, a session or a token shows by itself.

mod habit;
mod sig_01;
mod sig_02;
mod sig_03;
mod sig_04;
mod sig_05;
mod sig_06;
mod sig_11;
mod sig_12;
mod sig_13;
mod sig_14;
mod sig_15;
mod sig_16;
mod sig_17;
mod sig_19;
mod sig_20;
mod sig_24;
mod sig_25;
mod sig_26;
mod sig_27;
mod sig_28;
mod sign_in;
mod whence;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(sig_01::Sig01::default()),
        Box::new(sig_02::Sig02::default()),
        Box::new(sig_03::Sig03::default()),
        Box::new(sig_04::Sig04::default()),
        Box::new(sig_05::Sig05::default()),
        Box::new(sig_06::Sig06::default()),
        Box::new(sig_11::Sig11::default()),
        Box::new(sig_12::Sig12::default()),
        Box::new(sig_13::Sig13::default()),
        Box::new(sig_14::Sig14::default()),
        Box::new(sig_15::Sig15::default()),
        Box::new(sig_16::Sig16::default()),
        Box::new(sig_17::Sig17::default()),
        Box::new(sig_19::Sig19::default()),
        Box::new(sig_20::Sig20::default()),
        Box::new(sig_24::Sig24::default()),
        Box::new(sig_25::Sig25::default()),
        Box::new(sig_26::Sig26::default()),
        Box::new(sig_27::Sig27::default()),
        Box::new(sig_28::Sig28::default()),
    ]
}
