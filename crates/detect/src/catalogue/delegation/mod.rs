//! Section B: who may open, send as or administer the mailboxes of others.

mod del_01;
mod del_02;
mod del_03;
mod del_04;
mod del_05;
mod del_06;
mod folder;
mod grant;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(del_01::Del01::default()),
        Box::new(del_02::Del02::default()),
        Box::new(del_03::Del03),
        Box::new(del_04::Del04),
        Box::new(del_05::Del05),
        Box::new(del_06::Del06::default()),
    ]
}
