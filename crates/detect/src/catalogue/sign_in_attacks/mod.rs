//! Section D, second half: passwords tried, locks, second factors worn down, risk and odd errors.

mod attempt;
mod recent;
mod risk;
mod siege;
mod sig_07;
mod sig_08;
mod sig_09;
mod sig_10;
mod sig_18;
mod sig_21;
mod sig_22;
mod sig_23;
mod spray;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(sig_07::Sig07::default()),
        Box::new(sig_08::Sig08::default()),
        Box::new(sig_09::Sig09::default()),
        Box::new(sig_10::Sig10::default()),
        Box::new(sig_18::Sig18::default()),
        Box::new(sig_21::Sig21::default()),
        Box::new(sig_22::Sig22::default()),
        Box::new(sig_23::Sig23::default()),
    ]
}
