//! Files, Teams, eDiscovery, automation and Copilot.

mod bursts;
mod cop_01;
mod denied;
mod documents;
mod edi_01;
mod edi_02;
mod fil_01;
mod fil_02;
mod fil_03;
mod fil_04;
mod fil_05;
mod fil_06;
mod fil_07;
mod fil_08;
mod fil_09;
mod flw_01;
mod tms_01;
mod tms_02;
mod tms_03;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(fil_01::Fil01::default()),
        Box::new(fil_02::Fil02::default()),
        Box::new(fil_03::Fil03::default()),
        Box::new(fil_04::Fil04::default()),
        Box::new(fil_05::Fil05),
        Box::new(fil_06::Fil06),
        Box::new(fil_07::Fil07),
        Box::new(fil_08::Fil08::default()),
        Box::new(fil_09::Fil09::default()),
        Box::new(tms_01::Tms01),
        Box::new(tms_02::Tms02),
        Box::new(tms_03::Tms03::default()),
        Box::new(edi_01::Edi01::default()),
        Box::new(edi_02::Edi02),
        Box::new(flw_01::Flw01::default()),
        Box::new(cop_01::Cop01::default()),
    ]
}
