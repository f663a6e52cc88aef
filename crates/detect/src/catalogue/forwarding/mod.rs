//! Section A: forwarding that is set on a mailbox or allowed to the whole organisation.

mod contacts;
mod forward;
mod fwd_01;
mod fwd_02;
mod fwd_03;
mod fwd_04;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(fwd_01::Fwd01::default()),
        Box::new(fwd_02::Fwd02::default()),
        Box::new(fwd_03::Fwd03::default()),
        Box::new(fwd_04::Fwd04),
    ]
}
