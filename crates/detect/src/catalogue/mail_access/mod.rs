//! Section C, first half: who read which mail, through what, from where, and how much of it.

pub(in crate::catalogue) mod access;
pub(in crate::catalogue) mod app_book;
pub(in crate::catalogue) mod familiar;
mod flagged;
pub(in crate::catalogue) mod hours;
mod mia_01;
mod mia_02;
mod mia_03;
mod mia_04;
mod mia_05;
mod mia_06;
pub(in crate::catalogue) mod programs;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(mia_01::Mia01),
        Box::new(mia_02::Mia02::default()),
        Box::new(mia_03::Mia03::default()),
        Box::new(mia_04::Mia04::default()),
        Box::new(mia_05::Mia05::default()),
        Box::new(mia_06::Mia06::default()),
    ]
}
