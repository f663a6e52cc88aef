//! Whether Entra's risk detections can be read.

use crate::doctor::answers::Anything;
use crate::doctor::finding::{About, Finding};
use crate::doctor::question::{Heard, RefusalKind};

pub(in crate::doctor) const ABOUT: About = About {
    name: "risk-log",
    why: "Risk detections are Microsoft's own suspicion of a sign-in, often the first sign of a stolen token.",
    link: "https://learn.microsoft.com/graph/api/riskdetection-list",
};

/// Judges a glance at the risk detections: none at all is what one hopes for.
pub(in crate::doctor) fn judge(risk: &Heard<Anything>) -> Finding {
    match risk {
        Ok(_) => ABOUT.well("they can be read"),
        Err(refusal) if refusal.kind == RefusalKind::Licence => ABOUT
            .advice("the tenant has no Entra ID P2: there are no risk detections, or only their bare kinds")
            .fix("license Entra ID P2 for the accounts that matter most"),
        Err(refusal) => ABOUT.unknown(refusal.because()).fix(refusal.fix()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use crate::doctor::question::Refusal;

    #[test]
    fn doctor_asks_for_no_risk_to_be_content() {
        assert_eq!(judge(&Ok(Vec::new())).state, State::Well);
        let refused = |kind| Err(Refusal::new(kind, "answered 403"));
        assert_eq!(judge(&refused(RefusalKind::Licence)).state, State::Advice);
        assert_eq!(
            judge(&refused(RefusalKind::Permission)).state,
            State::Unknown
        );
    }
}
