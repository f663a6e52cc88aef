//! Whether a rule's conditions hold for a message, as far as its metadata can tell.
//!
//! Only what metadata proves is called true or false. A body that nobody kept, a recipient whom
//! the trace need not name, a parameter that is not known: each is unknown, and said to be.

use super::organisation::domain;
use super::{Arrival, dates};
use model::recipients::recipients;

/// What can be said of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// Metadata cannot tell.
    Unknown,
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// What is seen proves; what is not seen proves nothing.
    fn only_if(holds: bool) -> Self {
        if holds { Self::True } else { Self::Unknown }
    }
}

/// Returns what can be said of one condition or exception.
pub(super) fn holds(name: &str, value: &str, arrival: &Arrival<'_>) -> Truth {
    const EXCEPT: &str = "exceptif";
    let name = name.to_ascii_lowercase();
    match name.strip_prefix(EXCEPT) {
        Some(inner) => condition(inner, value, arrival).not(),
        None => condition(&name, value, arrival),
    }
}

fn condition(name: &str, value: &str, arrival: &Arrival<'_>) -> Truth {
    match name {
        "from" => from(value, arrival.sender),
        "fromaddresscontainswords" => within(value, arrival.sender),
        "senderdomainis" => sender_domain(value, arrival.sender),
        "subjectcontainswords" => within(value, arrival.subject),
        "subjectorbodycontainswords" => seen_in_subject(value, arrival),
        "headercontainswords" => seen_in_headers(value, arrival),
        "sentto" => sent_to(value, arrival.recipients),
        "recipientaddresscontainswords" | "anyofrecipientaddresscontainswords" => {
            Truth::only_if(any_word(value, |word| {
                arrival.recipients.iter().any(|own| contains(own, word))
            }))
        }
        "recipientdomainis" => Truth::only_if(any_word(value, |word| {
            arrival.recipients.iter().any(|own| is_in_domain(own, word))
        })),
        // Several recipients disprove it; one does not prove it, for others may be outside the trace.
        "sentonlytome" if arrival.recipients.len() > 1 => Truth::False,
        "withinsizerangeminimum" | "messagesizeover" => size(value, arrival, Bound::AtLeast),
        "withinsizerangemaximum" => size(value, arrival, Bound::AtMost),
        "receivedafterdate" => dates::is_after(value, arrival.time),
        "receivedbeforedate" => dates::is_after(value, arrival.time).not(),
        _ => Truth::Unknown,
    }
}

/// The words of a value: the cmdlets' records join several by `;`, people by `,` too.
fn words(value: &str) -> impl Iterator<Item = String> + '_ {
    value
        .split([';', ','])
        .map(|word| word.trim().trim_matches('"').to_lowercase())
        .filter(|word| !word.is_empty())
}

fn any_word(value: &str, is_there: impl Fn(&str) -> bool) -> bool {
    words(value).any(|word| is_there(&word))
}

fn contains(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(word)
}

/// An empty text is one that nothing knows.
fn within(value: &str, text: &str) -> Truth {
    if text.is_empty() {
        return Truth::Unknown;
    }
    let text = text.to_lowercase();
    Truth::of(any_word(value, |word| text.contains(word)))
}

fn from(value: &str, sender: &str) -> Truth {
    if sender.is_empty() {
        return Truth::Unknown;
    }
    let named = recipients(value);
    if named.addresses.contains(&sender.to_lowercase()) {
        Truth::True
    } else if named.unresolved > 0 {
        Truth::Unknown
    } else {
        Truth::False
    }
}

fn sender_domain(value: &str, sender: &str) -> Truth {
    if sender.is_empty() {
        return Truth::Unknown;
    }
    Truth::of(any_word(value, |word| is_in_domain(sender, word)))
}

fn is_in_domain(address: &str, wanted: &str) -> bool {
    let Some(own) = domain(address).map(str::to_lowercase) else {
        return false;
    };
    own == wanted
        || own
            .strip_suffix(wanted)
            .is_some_and(|front| front.ends_with('.'))
}

fn seen_in_subject(value: &str, arrival: &Arrival<'_>) -> Truth {
    Truth::only_if(any_word(value, |word| contains(arrival.subject, word)))
}

fn seen_in_headers(value: &str, arrival: &Arrival<'_>) -> Truth {
    Truth::only_if(any_word(value, |word| {
        contains(arrival.sender, word)
            || contains(arrival.subject, word)
            || contains(arrival.internet_message_id, word)
            || arrival.recipients.iter().any(|own| contains(own, word))
    }))
}

/// A recipient in a domain of which the trace names somebody would be named too; others need not be.
fn sent_to(value: &str, own: &[String]) -> Truth {
    let named = recipients(value);
    let is_one = |address: &String| own.iter().any(|own| own.eq_ignore_ascii_case(address));
    if named.addresses.iter().any(is_one) {
        return Truth::True;
    }
    let is_traced = |address: &String| {
        let wanted = domain(address);
        own.iter()
            .filter_map(|own| domain(own))
            .any(|domain| wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(domain)))
    };
    if named.unresolved == 0 && !named.addresses.is_empty() && named.addresses.iter().all(is_traced)
    {
        Truth::False
    } else {
        Truth::Unknown
    }
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast,
    AtMost,
}

/// A message on its way is not quite as large as the item it becomes, so that a size within an
/// eighth of the bound proves nothing.
fn size(value: &str, arrival: &Arrival<'_>, bound: Bound) -> Truth {
    let (Some(limit), Some(size)) = (bytes(value), arrival.size_bytes) else {
        return Truth::Unknown;
    };
    let doubt = limit / 8;
    if size.abs_diff(limit) <= doubt.unsigned_abs() {
        return Truth::Unknown;
    }
    match bound {
        Bound::AtLeast => Truth::of(size > limit),
        Bound::AtMost => Truth::of(size < limit),
    }
}

/// Reads `10240`, `10 KB`, `10KB` and `10 KB (10,240 bytes)`.
fn bytes(value: &str) -> Option<i64> {
    let value = value.trim().to_ascii_lowercase();
    let exact = value
        .split_once('(')
        .and_then(|(_, inside)| inside.split_once("byte"))
        .map(|(number, _)| number.replace([',', '.', ' ', '\u{a0}'], ""));
    if let Some(exact) = exact {
        return exact.parse().ok();
    }
    let end = value
        .find(|character: char| !(character.is_ascii_digit() || character == '.'))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let number: f64 = number.parse().ok()?;
    let factor: f64 = match unit.trim() {
        "" | "b" | "bytes" => 1.0,
        "kb" => 1024.0,
        "mb" => 1024.0 * 1024.0,
        "gb" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some((number * factor) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str, expected: Truth) {
        let recipients = ["ann@corp.example".to_owned()];
        let arrival = Arrival {
            time: model::Timestamp::from_civil(2024, 3, 5, 10, 0, 0, 0),
            internet_message_id: "<1@supplier.example>",
            sender: "billing@supplier.example",
            recipients: &recipients,
            subject: "Your INVOICE for March",
            size_bytes: Some(100_000),
        };
        assert_eq!(holds(name, value, &arrival), expected, "{name}={value}");
    }

    #[test]
    fn what_metadata_proves_is_true_or_false() {
        check(
            "From",
            "\"Billing\" [SMTP:billing@supplier.example]",
            Truth::True,
        );
        check("From", "ceo@corp.example;cfo@corp.example", Truth::False);
        check("FromAddressContainsWords", "supplier;bank", Truth::True);
        check("FromAddressContainsWords", "bank", Truth::False);
        check("SenderDomainIs", "supplier.example", Truth::True);
        check("SenderDomainIs", "plier.example", Truth::False);
        check("SubjectContainsWords", "payment;invoice", Truth::True);
        check("SubjectContainsWords", "payment,wire", Truth::False);
        check("SentTo", "ann@corp.example", Truth::True);
        check("SentTo", "bob@corp.example", Truth::False);
        check(
            "WithinSizeRangeMinimum",
            "10 KB (10,240 bytes)",
            Truth::True,
        );
        check("WithinSizeRangeMaximum", "10KB", Truth::False);
        check("ReceivedAfterDate", "2024-03-01", Truth::True);
        check("ReceivedBeforeDate", "2024-03-01", Truth::False);
    }

    #[test]
    fn what_it_cannot_prove_is_unknown() {
        check("BodyContainsWords", "invoice", Truth::Unknown);
        check("SubjectOrBodyContainsWords", "payroll", Truth::Unknown);
        check("HasAttachment", "True", Truth::Unknown);
        check("MyNameInToBox", "True", Truth::Unknown);
        check("SentTo", "someone@elsewhere.example", Truth::Unknown);
        check("RecipientAddressContainsWords", "elsewhere", Truth::Unknown);
        check("From", "Billing Department", Truth::Unknown);
        check("HeaderContainsWords", "X-Mailer", Truth::Unknown);
        check("WithinSizeRangeMinimum", "98 KB", Truth::Unknown);
        check("WithinSizeRangeMinimum", "large", Truth::Unknown);
        check("SomethingOfNextYear", "x", Truth::Unknown);
        check("RuleCondition", "(AND ...)", Truth::Unknown);
    }

    #[test]
    fn a_word_in_the_subject_proves_what_the_body_cannot_disprove() {
        check(
            "SubjectOrBodyContainsWords",
            "Invoice;Payments",
            Truth::True,
        );
        check("HeaderContainsWords", "supplier.example", Truth::True);
    }

    #[test]
    fn an_exception_turns_it_round() {
        check("ExceptIfSubjectContainsWords", "invoice", Truth::False);
        check("ExceptIfSubjectContainsWords", "wire", Truth::True);
        check("ExceptIfBodyContainsWords", "invoice", Truth::Unknown);
    }

    #[test]
    fn what_nothing_knows_is_neither_true_nor_false() {
        let arrival = Arrival::default();
        for name in [
            "From",
            "SubjectContainsWords",
            "SentTo",
            "WithinSizeRangeMinimum",
            "ReceivedAfterDate",
        ] {
            assert_eq!(
                holds(name, "a@b.example", &arrival),
                Truth::Unknown,
                "{name}"
            );
        }
    }
}
