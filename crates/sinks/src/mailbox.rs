//! Whether two spellings mean the same mailbox.
//!
//! A card must never reach the mailbox that it is about, so what is unsure counts as the same:
//! case, display names, the `smtp:` of a proxy address, sub-addresses (`alice+x`), the dot at the
//! end of a domain and its two spellings (letters or punycode) decide nothing. Aliases that no
//! spelling tells are the caller's to list: every proxy address belongs into `Card::never_to`.

use reqwest::Url;

/// Returns whether two addresses may mean the same mailbox.
#[must_use]
pub fn is_same_mailbox(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    !one.is_empty() && one == other
}

/// Returns the addresses that are none of `never`, in their order.
pub(crate) fn without<'a>(addresses: &'a [String], never: &[String]) -> Vec<&'a str> {
    let never: Vec<String> = never.iter().map(|address| plain(address)).collect();
    let allowed = |address: &&String| {
        let address = plain(address);
        !never
            .iter()
            .any(|never| !never.is_empty() && *never == address)
    };
    addresses
        .iter()
        .filter(allowed)
        .map(String::as_str)
        .collect()
}

/// Returns an address without what decides nothing.
fn plain(address: &str) -> String {
    let visible: String = address
        .chars()
        .filter(|letter| !model::shown::is_hidden(*letter))
        .collect();
    let bare = match (visible.rfind('<'), visible.rfind('>')) {
        (Some(open), Some(close)) if open < close => &visible[open + 1..close],
        _ => visible.as_str(),
    };
    let bare = bare.trim().to_lowercase();
    let bare = ["smtp:", "mailto:", "sip:", "x500:"]
        .iter()
        .find_map(|scheme| bare.strip_prefix(scheme))
        .unwrap_or(&bare)
        .trim();
    let Some((local, domain)) = bare.rsplit_once('@') else {
        return bare.to_owned();
    };
    let local = local.trim().trim_matches('"');
    // A plus at the very beginning is no sub-address.
    let local = match local.find('+') {
        Some(at) if at > 0 => &local[..at],
        _ => local,
    };
    let domain = domain.trim().trim_end_matches('.');
    format!(
        "{local}@{}",
        in_ascii(domain).unwrap_or_else(|| domain.to_owned())
    )
}

fn in_ascii(domain: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{domain}/")).ok()?;
    url.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_one_mailbox() {
        for other in [
            "alice@contoso.test",
            "ALICE@Contoso.TEST",
            " alice@contoso.test ",
            "SMTP:Alice@contoso.test",
            "smtp:alice@contoso.test",
            "mailto:alice@contoso.test",
            "Alice Adams <alice@contoso.test>",
            "\"Adams, Alice\" <Alice@contoso.test>",
            "alice+alerts@contoso.test",
            "\"alice\"@contoso.test",
            "alice@contoso.test.",
            "al\u{200b}ice@contoso.test",
        ] {
            assert!(is_same_mailbox("alice@contoso.test", other), "{other}");
            assert!(is_same_mailbox(other, "Alice+soc@contoso.test"), "{other}");
        }
        assert!(is_same_mailbox("a@bücher.test", "A@xn--bcher-kva.test"));
    }

    #[test]
    fn other_mailboxes_are_others() {
        for other in [
            "bob@contoso.test",
            "alice@fabrikam.test",
            "alice.adams@contoso.test",
            "malice@contoso.test",
            "",
        ] {
            assert!(!is_same_mailbox("alice@contoso.test", other), "{other}");
        }
        assert!(!is_same_mailbox("", ""));
        assert!(!is_same_mailbox("+1@x.test", "+2@x.test"));
    }

    #[test]
    fn what_is_left_keeps_its_order() {
        let to = ["soc@x.test", "Alice@x.test", "bob@x.test"].map(str::to_owned);
        let never = ["smtp:ALICE@x.test".to_owned(), String::new()];
        assert_eq!(without(&to, &never), ["soc@x.test", "bob@x.test"]);
    }
}
