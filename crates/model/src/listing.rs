//! What Graph says of a page of messages: whose mailbox it lists, and which folder.
//!
//! A page names itself in `@odata.context`, as
//! `https://graph.microsoft.com/v1.0/$metadata#users('ann%40corp.example')/mailFolders('inbox')/messages(id,subject)`;
//! its messages name neither. This is not a reader of OData: any other context is none of ours.

use std::borrow::Cow;

/// The key under which Graph names what a page holds.
pub const CONTEXT: &str = "@odata.context";

/// Which messages a page lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing<'a> {
    /// The mailbox: an address or an object id; empty where the page says `me`.
    pub mailbox: Cow<'a, str>,
    /// The folder: a well-known name or an id; empty where the whole mailbox is listed.
    pub folder: Cow<'a, str>,
}

impl<'a> Listing<'a> {
    /// Reads a context; nothing where it names no messages of a mailbox.
    #[must_use]
    pub fn of_context(context: &'a str) -> Option<Self> {
        let (_, path) = context.split_once('#')?;
        let mut listing = Self::default();
        let mut rest = path;
        let mut is_of_mailbox = false;
        loop {
            let step = Step::of(rest)?;
            if step.is("me") || step.is("users") {
                is_of_mailbox = true;
                listing.mailbox = decoded(step.argument);
            } else if step.is("mailFolders") || step.is("childFolders") {
                listing.folder = decoded(step.argument);
            } else {
                return (is_of_mailbox && step.is("messages")).then_some(listing);
            }
            rest = step.rest;
        }
    }
}

/// One step of a path: `mailFolders('inbox')`.
struct Step<'a> {
    name: &'a str,
    /// What stands in quotes inside the brackets; empty where nothing does.
    argument: &'a str,
    rest: &'a str,
}

impl<'a> Step<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let end = path.find(['(', '/']).unwrap_or(path.len());
        let (name, behind) = path.split_at(end);
        let quoted = behind.strip_prefix("('").and_then(|text| {
            let (argument, rest) = text.split_once("')")?;
            Some((argument, rest))
        });
        let (argument, rest) = quoted.unwrap_or(("", behind));
        (!name.is_empty()).then_some(Self {
            name,
            argument,
            rest,
        })
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Undoes the `%40` of a URL; bytes that would be no text stay as they are.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escaped = behind.get(..2).filter(|_| *first == b'%');
        let byte = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(context: &str, expected: Option<(&str, &str)>) {
        let found = Listing::of_context(context);
        let found = found
            .as_ref()
            .map(|listing| (&*listing.mailbox, &*listing.folder));
        assert_eq!(found, expected, "{context}");
    }

    #[test]
    fn a_page_of_messages_says_whose_they_are() {
        let of = |path: &str| format!("https://graph.microsoft.com/v1.0/$metadata#{path}");
        let ann = "ann@corp.example";
        check(&of("users('ann%40corp.example')/messages"), Some((ann, "")));
        check(
            &of("Users('ann@corp.example')/messages(id,subject,from)"),
            Some((ann, "")),
        );
        check(
            &of("users('ann%40corp.example')/mailFolders('inbox')/messages(id)"),
            Some((ann, "inbox")),
        );
        check(
            &of("users('a')/mailFolders('x')/childFolders('y%2Fz')/messages/$entity"),
            Some(("a", "y/z")),
        );
        check(&of("me/messages"), Some(("", "")));
    }

    #[test]
    fn what_is_no_page_of_messages_is_none() {
        for context in [
            "",
            "#",
            "$metadata#users",
            "$metadata#users('a')/mailFolders",
            "$metadata#chats('19%3A1')/messages",
            "$metadata#users('a')/chats('b')/messages",
            "$metadata#users('a",
            "$metadata#messages",
        ] {
            check(context, None);
        }
        check("#users('%4')/messages", Some(("%4", "")));
        check("#users('%é1')/messages", Some(("%é1", "")));
    }
}
