//! When the certificate ends by which the application proves itself.

use crate::doctor::finding::{About, Finding};
use model::Timestamp;

pub(in crate::doctor) const ABOUT: About = About {
    name: "certificate",
    why: "On the day on which the certificate ends, collecting stops, and what is not fetched within a week is gone.",
    link: "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal",
};

/// How many days before its end a certificate is to be renewed.
const DAYS: i64 = 30;

const FIX: &str = "make a new certificate, add it to the application beside the old one, and put it where `collect.cert` says";

/// Judges when a certificate ends; nothing is said of a tenant without one.
pub(in crate::doctor) fn judge(
    ends: Option<Result<Timestamp, &str>>,
    now: Timestamp,
) -> Option<Finding> {
    Some(match ends? {
        Err(why) => ABOUT.unknown(format!("when it ends cannot be told: {why}")),
        Ok(end) if end <= now => ABOUT.blind(format!("it ended at {end}")).fix(FIX),
        Ok(end) if end < now.plus_seconds(DAYS * 86_400) => {
            let days = (end.0 - now.0) / 86_400_000_000;
            ABOUT
                .wrong(format!("it ends at {end}, in {days} days"))
                .fix(FIX)
        }
        Ok(end) => ABOUT.well(format!("it ends at {end}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_warns_of_a_certificate_thirty_days_before_its_end() {
        let now = Timestamp(1_790_000_000_000_000);
        let state = |days: i64| {
            let end = now.plus_seconds(days * 86_400);
            judge(Some(Ok(end)), now).map(|finding| finding.state)
        };
        assert_eq!(state(31), Some(State::Well));
        assert_eq!(state(29), Some(State::Wrong));
        assert_eq!(state(-1), Some(State::Blind));
        assert_eq!(judge(None, now), None);
        let unread = judge(Some(Err("no certificate")), now).map(|finding| finding.state);
        assert_eq!(unread, Some(State::Unknown));
    }
}
