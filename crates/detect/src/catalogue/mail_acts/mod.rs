//! Section C, second half: what was done with mail: sent, hidden, deleted, searched for.

mod alerted;
mod folders;
pub(in crate::catalogue) mod items;
mod snd_01;
mod snd_02;
mod snd_03;
mod snd_04;
mod snd_05;
mod snd_06;
mod snd_07;
mod srch_01;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(snd_01::Snd01::default()),
        Box::new(snd_02::Snd02::default()),
        Box::new(snd_03::Snd03::default()),
        Box::new(snd_04::Snd04::default()),
        Box::new(snd_05::Snd05::default()),
        Box::new(snd_06::Snd06::default()),
        Box::new(snd_07::Snd07),
        Box::new(srch_01::Srch01::default()),
    ]
}
