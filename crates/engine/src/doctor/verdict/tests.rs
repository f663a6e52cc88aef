//! The verdict on settings of every kind.

use super::*;

fn mailbox(recorded: [Recorded; 3]) -> Mailbox {
    Mailbox {
        address: "ann@contoso.example".to_owned(),
        is_audited_kind: true,
        recorded,
        licence: Licence::Premium,
        ..Mailbox::default()
    }
}

const ALL: [Recorded; 3] = [Recorded::Messages; 3];
const ON: Around = Around {
    unified: Some(true),
    organisation: Some(true),
    bypass_known: true,
    licences_known: true,
};

#[test]
fn doctor_verdict_follows_the_kind_of_person_of_whom_least_is_recorded() {
    use Recorded::{Folders, Messages, Nothing};
    for (recorded, provable) in [
        ([Messages, Messages, Messages], Provable::Message),
        ([Messages, Folders, Messages], Provable::Folder),
        ([Messages, Folders, Folders], Provable::Folder),
        ([Messages, Folders, Nothing], Provable::Not),
        ([Nothing, Messages, Messages], Provable::Not),
    ] {
        let judged = of_mailbox(&mailbox(recorded), ON);
        assert_eq!(judged.provable, provable, "{recorded:?}");
        assert_eq!(
            judged.reasons.is_empty(),
            provable == Provable::Message,
            "{judged:?}"
        );
    }
}

#[test]
fn doctor_verdict_is_nothing_where_auditing_is_off_or_the_account_bypasses_it() {
    let off = Around {
        unified: Some(false),
        ..ON
    };
    let no_mailboxes = Around {
        organisation: Some(false),
        ..ON
    };
    let bypassed = Mailbox {
        bypassed: true,
        ..mailbox(ALL)
    };
    for (mailbox, around, why) in [
        (&mailbox(ALL), off, "unified"),
        (&mailbox(ALL), no_mailboxes, "organisation"),
        (&bypassed, ON, "bypasses"),
    ] {
        let judged = of_mailbox(mailbox, around);
        assert_eq!(judged.provable, Provable::Not, "{why}");
        assert!(judged.reasons[0].contains(why), "{judged:?}");
    }
}

#[test]
fn doctor_verdict_takes_a_record_that_was_seen_over_a_licence_that_does_not_promise_it() {
    let poor = Mailbox {
        licence: Licence::Less,
        ..mailbox(ALL)
    };
    assert_eq!(of_mailbox(&poor, ON).provable, Provable::Not);
    let seen = Mailbox { seen: true, ..poor };
    assert_eq!(of_mailbox(&seen, ON).provable, Provable::Message);
    let unknown = Mailbox {
        licence: Licence::Unknown,
        ..mailbox(ALL)
    };
    assert_eq!(of_mailbox(&unknown, ON).provable, Provable::Message);
}

#[test]
fn doctor_verdict_says_the_shares_in_one_sentence() {
    let mut folder = mailbox([Recorded::Messages, Recorded::Folders, Recorded::Messages]);
    folder.address = "bob@contoso.example".to_owned();
    let room = Mailbox {
        is_audited_kind: false,
        ..mailbox([Recorded::Nothing; 3])
    };
    let all = [folder, mailbox(ALL), mailbox(ALL), room];
    let said = verdict(Ok(&all), ON);
    assert_eq!(
        said.sentence(),
        "If an account were breached today: 2 of 3 mailboxes provable (66.6 %), 1 folder-level only (33.3 %), 0 not provable (0.0 %)."
    );
    assert_eq!(said.mailboxes[0].mailbox, "ann@contoso.example");
    assert_eq!(said.caveats.len(), 1, "{:?}", said.caveats);
    assert!(said.caveats[0].contains("1 mailbox of a room"));
}

#[test]
fn doctor_verdict_is_not_given_where_a_setting_could_not_be_read() {
    let all = [mailbox(ALL)];
    for around in [
        Around {
            unified: None,
            ..ON
        },
        Around {
            organisation: None,
            ..ON
        },
    ] {
        let said = verdict(Ok(&all), around);
        assert_eq!(said.shares, None);
        assert!(
            said.sentence().contains("cannot be told"),
            "{}",
            said.sentence()
        );
    }
    assert!(
        verdict(Err("Exchange said no"), ON)
            .sentence()
            .contains("Exchange said no")
    );
    assert_eq!(verdict(Ok(&[]), ON).shares, None);
    let half = Around {
        bypass_known: false,
        licences_known: false,
        ..ON
    };
    assert_eq!(verdict(Ok(&all), half).caveats.len(), 2);
}

#[test]
fn doctor_verdict_never_rounds_nearly_all_up_to_all() {
    assert_eq!(percent(9_999, 10_000), "99.9 %");
    assert_eq!(percent(1, 10_000), "< 0.1 %");
    assert_eq!(percent(0, 10_000), "0.0 %");
    assert_eq!(percent(7, 7), "100.0 %");
    assert_eq!(percent(0, 0), "0.0 %");
}
