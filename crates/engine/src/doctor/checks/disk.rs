//! How much room is left where the records are kept.

use crate::doctor::finding::{About, Finding};

pub(in crate::doctor) const ABOUT: About = About {
    name: "disk",
    why: "Where there is no room, nothing can be stored, and what the services let go of meanwhile is lost.",
    link: "",
};

const GIB: u64 = 1 << 30;

/// Judges the room that is left, in bytes: free, and in all.
pub(in crate::doctor) fn judge(room: Option<(u64, u64)>) -> Finding {
    let Some((free, all)) = room else {
        return ABOUT.unknown("how much room is left cannot be told on this system");
    };
    let told = format!(
        "{}.{} GiB are free in the data folder",
        free / GIB,
        free % GIB * 10 / GIB
    );
    if free < GIB {
        ABOUT
            .wrong(told)
            .fix("make room, or put the data folder elsewhere by `--data`")
    } else if free < 5 * GIB || free < all / 20 {
        ABOUT
            .advice(told)
            .fix("make room before it is needed; `breachscope lake compact` gives some back")
    } else {
        ABOUT.well(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_wants_room_before_it_runs_out() {
        let state = |free: u64| judge(Some((free, 100 * GIB))).state;
        assert_eq!(state(GIB / 2), State::Wrong);
        assert_eq!(state(2 * GIB), State::Advice);
        assert_eq!(state(50 * GIB), State::Well);
        assert_eq!(judge(None).state, State::Unknown);
        assert!(
            judge(Some((GIB * 3 / 2, 100 * GIB)))
                .what
                .starts_with("1.5 GiB")
        );
    }
}
