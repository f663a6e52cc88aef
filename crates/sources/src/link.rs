//! The few things done to addresses: encoding a value, adding a parameter, telling a link from a path.

use model::{Ask, Target};
use std::fmt::Write;

/// Returns a value as it stands in a query.
pub(crate) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Returns an address with a parameter more, unless it has it already in whatever case.
pub(crate) fn with_parameter(address: &str, name: &str, value: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let has_it = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .any(|found| found.eq_ignore_ascii_case(name));
    if has_it {
        return address.to_owned();
    }
    let joint = match address.find('?') {
        None => "?",
        Some(at) if at + 1 == address.len() || address.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{name}={}", encoded(value))
}

/// Returns the question sent to an address that the service handed out: a path stays a path.
pub(crate) fn follow(ask: Ask, address: impl Into<String>) -> Ask {
    let address = address.into();
    if address.starts_with('/') && !address.starts_with("//") {
        return Ask {
            target: Target::Path(address),
            ..ask
        };
    }
    ask.at(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_added_once() {
        let add = |address| with_parameter(address, "PublisherIdentifier", "p 1");
        assert_eq!(add("https://h/x"), "https://h/x?PublisherIdentifier=p%201");
        assert_eq!(
            add("https://h/x?a=b"),
            "https://h/x?a=b&PublisherIdentifier=p%201"
        );
        assert_eq!(
            add("https://h/x?publisheridentifier=q&a=b"),
            "https://h/x?publisheridentifier=q&a=b"
        );
        assert_eq!(add("https://h/x?"), "https://h/x?PublisherIdentifier=p%201");
    }
}
