//! Reads in the shadow of others, reads by other ways, and the investigation's own.

use super::{case, check, close_with, frame, of, window, with};
use crate::attribution::Verdict;
use crate::brief::Brief;
use crate::coverage::invented::{attribution, bind, brief, context, day, event};
use crate::coverage::{Coverage, GapId};
use crate::interval::MINUTE;
use model::{Address, Event};

/// An application reading from Microsoft's network without a session.
pub(super) fn app_read(id: &str, time: i64, app: &'static str) -> Event<'static> {
    Event {
        agent: "Client=REST;;".into(),
        app: app.into(),
        address: Address::read("20.190.160.24"),
        ..bind(id, time)
    }
}

pub(super) const ROGUE: &str = "33330000-0000-0000-0000-00000000000a";
pub(super) const HONEST: &str = "33330000-0000-0000-0000-00000000000b";

fn masking(honest: Event<'static>) -> Coverage {
    let mut rogue = context("c1", Verdict::Intruder);
    rogue.app = ROGUE.to_owned();
    let case = attribution(Some(window()), vec![rogue]);
    let events = [frame(), vec![app_read("r", day(12), ROGUE), honest]].concat();
    close_with(&brief(), &case, &events)
}

#[test]
fn an_application_in_anothers_shadow_is_named_with_it() {
    let coverage = masking(app_read("h", day(12) - 50 * MINUTE, HONEST));
    check(&coverage, GapId::G12, &[]);
    let effect = &of(&coverage, GapId::G12)[0].effect;
    assert!(
        effect.contains(ROGUE) && effect.contains(HONEST),
        "{effect}"
    );
}

#[test]
fn no_shadow_falls_from_afar_or_from_another_client_or_address() {
    let far = app_read("h", day(12) - 61 * MINUTE, HONEST);
    let other_client = Event {
        agent: "Client=REST;Client=RESTSystem;;".into(),
        ..app_read("h", day(12) - MINUTE, HONEST)
    };
    let public = Event {
        address: Address::read("198.51.100.7"),
        ..app_read("h", day(12) - MINUTE, HONEST)
    };
    for honest in [far, other_client, public] {
        assert!(of(&masking(honest), GapId::G12).is_empty());
    }
}

#[test]
fn what_records_of_reading_never_cover_is_always_told_and_more_where_it_was_used() {
    let discovery = Event {
        record_type: Some(24),
        workload: "SecurityComplianceCenter".into(),
        ..event("d", day(12), "SearchCreated")
    };
    let bobs = Event {
        user: "bob@example.com".into(),
        ..event("k", day(12), "CopilotInteraction")
    };
    let coverage = with(vec![discovery, bobs]);
    let gaps = of(&coverage, GapId::G13);
    assert_eq!(gaps.len(), 2, "{gaps:#?}");
    assert!(gaps.iter().any(|gap| gap.records == ["d"]));
    assert!(coverage.is_complete());
}

#[test]
fn the_investigations_own_reads_are_counted() {
    let brief = Brief {
        own_apps: vec!["44440000-0000-0000-0000-00000000000C".to_owned()],
        ..brief()
    };
    let own = Event {
        app: "44440000-0000-0000-0000-00000000000c".into(),
        ..bind("own", day(12))
    };
    let coverage = close_with(&brief, &case(), &[frame(), vec![own]].concat());
    check(&coverage, GapId::G14, &[]);
    assert!(
        of(&coverage, GapId::G14)[0]
            .effect
            .starts_with("1 read of the mailbox")
    );
}
