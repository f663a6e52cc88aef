//! Whether this machine's clock agrees with the services'.

use crate::doctor::finding::{About, Finding};
use model::Service;

pub(in crate::doctor) const ABOUT: About = About {
    name: "clock",
    why: "By a wrong clock windows are asked for that do not exist yet, certificates are refused, and the times of this program's own acts are wrong in a case.",
    link: "",
};

/// From how many seconds on a difference is wrong: a statement signed with a certificate lives five minutes.
const MOST: i64 = 300;

/// Judges by how many seconds each service is ahead of this machine.
pub(in crate::doctor) fn judge(skews: &[(Service, i64)]) -> Finding {
    let Some((service, worst)) = skews.iter().max_by_key(|(_, skew)| skew.abs()) else {
        return ABOUT.unknown("could not be looked at: no service has answered");
    };
    let (seconds, name) = (worst.abs(), service.name());
    let side = if *worst > 0 { "behind" } else { "ahead of" };
    if seconds > MOST {
        return ABOUT
            .wrong(format!(
                "this machine is {seconds} s {side} `{name}`; collecting goes by the services' clocks meanwhile"
            ))
            .fix("let the machine set its clock by NTP");
    }
    ABOUT.well(format!("within {} s of every service", seconds.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_finds_a_clock_wrong_either_way() {
        let state = |skew| judge(&[(Service::Graph, 0), (Service::Manage, skew)]).state;
        assert_eq!(state(-300), State::Well);
        assert_eq!(state(301), State::Wrong);
        assert_eq!(state(-301), State::Wrong);
        assert!(
            judge(&[(Service::Manage, 400)])
                .what
                .contains("400 s behind `manage`")
        );
        assert_eq!(judge(&[]).state, State::Unknown);
    }
}
