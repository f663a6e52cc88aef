//! An application that people sign in to in a browser, as its owner registered it.

/// An application that people sign in to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebApp {
    /// `client_id`.
    pub client_id: String,
    /// Its secret; a public application has none.
    pub secret: Option<String>,
    /// Where browsers may come back to, letter by letter.
    pub redirect_uris: Vec<String>,
    /// App roles that people were assigned: a UPN, and the values of the claim `roles`.
    pub roles: Vec<(String, Vec<String>)>,
    /// Groups that people are in and tokens tell of: a UPN, and object ids.
    pub groups: Vec<(String, Vec<String>)>,
    /// Who signs in without being asked, by UPN; whoever is asked chooses on a page otherwise.
    pub automatic: Option<String>,
}

impl WebApp {
    /// Returns what a list of assignments holds for a person.
    pub(super) fn of<'a>(list: &'a [(String, Vec<String>)], upn: &str) -> Option<&'a [String]> {
        let mut own = list.iter().filter(|(of, _)| of.eq_ignore_ascii_case(upn));
        own.next().map(|(_, values)| values.as_slice())
    }
}
