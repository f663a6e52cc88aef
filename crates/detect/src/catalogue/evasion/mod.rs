//! Section G: what an intruder switches off, so as not to be seen or stopped.

mod eva_01;
mod eva_02;
mod eva_03;
mod eva_04;
mod eva_05;
mod eva_06;
mod eva_07;
mod eva_08;
mod eva_09;
mod eva_10;
mod switch;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(eva_01::Eva01),
        Box::new(eva_02::Eva02),
        Box::new(eva_03::Eva03),
        Box::new(eva_04::Eva04),
        Box::new(eva_05::Eva05),
        Box::new(eva_06::Eva06),
        Box::new(eva_07::Eva07::default()),
        Box::new(eva_08::Eva08),
        Box::new(eva_09::Eva09),
        Box::new(eva_10::Eva10::default()),
    ]
}
