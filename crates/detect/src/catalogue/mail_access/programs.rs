//! Applications that mailbox records name though no intruder brought them: Exchange's own parts,
//! and the mail programs that people choose for themselves.
//!
//! From public lists of application ids; whoever is in `lists::apps` is not repeated here.

/// Parts of Exchange Online that act under ids of their own.
const PARTS_OF_EXCHANGE: &[&str] = &[
    "1150aefc-07de-4228-b2b2-042a536703c0",
    "34421fbe-f100-4e5b-9c46-2fea25aa7b88",
    "82d8ab62-be52-a567-14ea-1616c4ee06c4",
    "a3883eba-fbe9-48bd-9ed3-dca3e0e84250",
    "aa813f0e-407a-459d-93af-805f2bf10f33",
    "d396de1f-10d4-4023-aae2-5bb3d724ba9a",
    "fe93bfe1-7947-460a-a5e0-7a5906b51360",
];

/// Mail programs of others that come with telephones, or are widely chosen.
const MAIL_PROGRAMS: &[(&str, &str)] = &[
    (
        "f8d98a96-0999-43f5-8af3-69971c7bb423",
        "Apple Internet Accounts",
    ),
    ("8acd33ea-7197-4a96-bc33-d7cc7101262f", "Samsung Email"),
    ("2cee05de-2b8f-45a2-8289-2a06ca32c4c8", "Gmail"),
    (
        "9e5f94bc-e8a4-4e73-b8be-63364c29d753",
        "Mozilla Thunderbird",
    ),
];

/// Returns whether an application is a part of Exchange Online.
pub(super) fn is_part_of_exchange(app: &str) -> bool {
    PARTS_OF_EXCHANGE.contains(&app)
}

/// Returns the name of a mail program that people choose for themselves.
pub(in crate::catalogue) fn mail_program(app: &str) -> Option<&'static str> {
    let found = MAIL_PROGRAMS.iter().find(|(id, _)| *id == app)?;
    Some(found.1)
}
