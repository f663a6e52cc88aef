//! Whether the message trace can be read: it gives the messages that the audit log names by id alone
//! their subjects and people.

use crate::doctor::answers::Anything;
use crate::doctor::finding::{About, Finding, Shell};
use crate::doctor::question::{Heard, RefusalKind};

pub(in crate::doctor) const ABOUT: About = About {
    name: "message-trace",
    why: "The message trace gives ids their subjects, senders and recipients; without it a list of messages says to nobody whom to warn.",
    link: "https://learn.microsoft.com/exchange/monitoring/trace-an-email-message/graph-api-message-trace",
};

/// The application as which Microsoft's own service reads the trace.
const TRACER: &str = "8bd644d1-64a1-4d4b-ae52-2e0cbf64e373";

/// Judges a glance at the trace; nothing is said where the tenant's feeds do not have it.
pub(in crate::doctor) fn judge(trace: Option<&Heard<Anything>>) -> Option<Finding> {
    let Err(refusal) = trace? else {
        return Some(ABOUT.well("it can be read"));
    };
    Some(match refusal.kind {
        RefusalKind::Permission => ABOUT
            .blind(format!("it cannot be read: {}", refusal.said))
            .fix(format!(
                "grant `ExchangeMessageTrace.Read.All` of Microsoft Graph, and make the service principal {TRACER} in the tenant once"
            ))
            .step(Shell::Graph, principal()),
        RefusalKind::ServicePrincipal => ABOUT
            .blind(format!("Microsoft's own service is not in the tenant: {}", refusal.said))
            .fix("make its service principal once; it takes hours until it counts")
            .step(Shell::Graph, principal()),
        _ => ABOUT.unknown(refusal.because()).fix(refusal.fix()),
    })
}

fn principal() -> String {
    format!("New-MgServicePrincipal -AppId '{TRACER}'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use crate::doctor::question::Refusal;

    #[test]
    fn doctor_makes_the_service_principal_that_the_trace_needs() {
        let judged = |kind| {
            let refused = Err(Refusal::new(kind, "answered 401"));
            judge(Some(&refused)).expect("judged")
        };
        let absent = judged(RefusalKind::ServicePrincipal);
        assert_eq!(absent.state, State::Blind);
        assert!(absent.steps[0].line.contains(TRACER));
        assert_eq!(judged(RefusalKind::Passing).state, State::Unknown);
        assert_eq!(judge(None), None);
    }
}
