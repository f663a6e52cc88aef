//! Section A, first half: inbox rules.
//!
//! Cmdlets and mail clients write rules in two shapes; `rule` makes one of them, `rule_book`
//! remembers it, and each detection judges it.

mod client_rule;
mod conditions;
pub(super) mod destination;
mod inb_01;
mod inb_02;
mod inb_03;
mod inb_04;
mod inb_05;
mod inb_06;
mod inb_07;
mod inb_08;
mod inb_09;
mod inb_10;
mod inb_11;
mod isolation;
mod many;
mod name;
pub(super) mod rule;
mod rule_book;
mod tell;
mod weight;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(inb_01::Inb01::default()),
        Box::new(inb_02::Inb02::default()),
        Box::new(inb_03::Inb03::default()),
        Box::new(inb_04::Inb04::default()),
        Box::new(inb_05::Inb05::default()),
        Box::new(inb_06::Inb06::default()),
        Box::new(inb_07::Inb07::default()),
        Box::new(inb_08::Inb08::default()),
        Box::new(inb_09::Inb09::default()),
        Box::new(inb_10::Inb10::default()),
        Box::new(inb_11::Inb11::default()),
    ]
}
