//! Applications by their ids: Microsoft's own, and those of others that intruders like.
//!
//! Microsoft's own are the same in every tenant. That one is first-party says who made it, not
//! that its use is harmless: command line tools are Microsoft's too.
//! <https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in>

mod first_party;

use first_party::FIRST_PARTY;

/// Applications of others that intruders like to have consented to: id and name.
const ABUSED: &[(&str, &str)] = &[
    ("e9a7fea1-1cc0-4cd9-a31b-9137ca5deedd", "eM Client"),
    (
        "ff8d92dc-3d82-41d6-bcbd-b9174d163620",
        "PERFECTDATA SOFTWARE",
    ),
    (
        "a245e8c0-b53c-4b67-9b45-751d1dff8e6b",
        "Newsletter Software Supermailer",
    ),
    ("caffae8c-0882-4c81-9a27-d1803af53a40", "SigParser"),
    ("a43e5392-f48b-46a4-a0f1-098b5eeb4757", "CloudSponge"),
    ("4761b959-9780-4c2d-87a3-512b4638f767", "rclone"),
    ("b15665d9-eda6-4092-8539-0eec376afd59", "rclone"),
    (
        "497ac034-5120-4c1a-929a-0351f5c09918",
        "ZoomInfo Communitiez Login",
    ),
    ("858d7e42-35f0-44b7-9033-df309239a47f", "Zoominfo Login"),
    ("179d5108-412b-4c95-8e34-06786784ab39", "PostBox"),
    ("946c777c-bc85-489e-b034-392389ae23d6", "Spike"),
    ("77468577-4f6e-40e7-b745-11d3d0c28095", "Fastmail"),
];

/// Microsoft's own command line tools and consoles: intruders bring them too.
const CONSOLES: &[&str] = &[
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "12128f48-ec9e-42f0-b203-ea49fb6af367",
    "14d82eec-204b-4c2f-b7e8-296a70dab67e",
    "1950a258-227b-4e31-a9cf-717495945fc2",
    "1b730954-1685-4b74-9bfd-dac224a7b894",
    "9bc3ab49-b65d-410a-85ad-de819febfddc",
    "a0c73c16-a7e3-4564-9a95-2bdf47383716",
    "de8bc8b5-d9f9-48b1-a8ad-b748da725064",
    "fb78d390-0c51-40cd-8e17-fdbfab77341b",
];

/// Returns whether an application is one of Microsoft's own, by its id.
#[must_use]
pub fn is_first_party(app: &str) -> bool {
    first_party(app).is_some()
}

/// Returns whether an application is a command line tool or console of Microsoft's own.
#[must_use]
pub fn is_console(app: &str) -> bool {
    CONSOLES.iter().any(|id| id.eq_ignore_ascii_case(app))
}

/// Returns the name of an application that intruders are known to use.
#[must_use]
pub fn abused(app: &str) -> Option<&'static str> {
    let found = ABUSED.iter().find(|(id, _)| id.eq_ignore_ascii_case(app))?;
    Some(found.1)
}

/// Returns whether an application is one that intruders are known to use.
#[must_use]
pub fn is_abused(app: &str) -> bool {
    abused(app).is_some()
}

/// Returns the name of an application, where its id is publicly known.
#[must_use]
pub fn name(app: &str) -> Option<&'static str> {
    first_party(app).or_else(|| abused(app))
}

fn first_party(app: &str) -> Option<&'static str> {
    const LENGTH_OF_AN_ID: usize = 36;
    if app.len() != LENGTH_OF_AN_ID {
        return None;
    }
    let app = app.to_ascii_lowercase();
    let at = FIRST_PARTY
        .binary_search_by(|(id, _)| (*id).cmp(app.as_str()))
        .ok()?;
    Some(FIRST_PARTY[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_so_that_it_can_be_searched() {
        let is_in_order = |pair: &[(&str, &str)]| pair[0].0 < pair[1].0;
        assert!(FIRST_PARTY.windows(2).all(is_in_order));
    }

    #[test]
    fn an_application_is_known_by_its_id_whatever_the_case() {
        assert_eq!(
            name("00000003-0000-0000-C000-000000000000"),
            Some("Microsoft Graph")
        );
        assert!(is_first_party("c44b4083-3bb0-49c1-b47d-974e53cbdf3c"));
        assert!(is_console("DE8BC8B5-d9f9-48b1-a8ad-b748da725064"));
        assert!(!is_first_party("e9a7fea1-1cc0-4cd9-a31b-9137ca5deedd"));
        assert!(is_abused("E9A7FEA1-1cc0-4cd9-a31b-9137ca5deedd"));
        for other in [
            "",
            "Microsoft Graph",
            "00000003-0000-0000-c000-000000000001",
        ] {
            assert_eq!(name(other), None, "{other}");
        }
    }
}
