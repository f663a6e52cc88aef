//! What the answer to a change means.

use super::action::About;
use super::said::Said;
use model::{Reply, Service};

/// What the answer to a change means. None of these makes a step done: the state is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was taken.
    Taken,
    /// There was nothing to change: what was said of it.
    AlreadySo(String),
    /// It was refused.
    Refused {
        /// What was said, in one line that is safe to show.
        what: String,
        /// What a person can do about it; may be empty.
        hint: String,
        /// Whether it is worth another try.
        retry: Retry,
    },
}

/// When a refused change is worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Never, as things are.
    No,
    /// After the other steps of the same stage.
    AfterOthers,
    /// Later: the service is not well or asked to wait.
    Later,
}

/// What a cmdlet remarks when there was nothing for it to do.
const NOTHING_TO_DO: [&str; 5] = [
    "because the ACE doesn't exist",
    "because the ACE isn't present",
    "but no settings of",
    "is already disabled",
    "There is no existing permission entry found for user",
];

/// Reads an answer as every service means it.
pub(crate) fn plainly(about: &About, reply: &Reply) -> Heard {
    let said = Said::of(reply);
    let nothing = NOTHING_TO_DO.iter().find(|words| said.speaks_of(words));
    if reply.is_success() {
        return match nothing {
            Some(_) => Heard::AlreadySo(said.warning_line()),
            None => said.complaint().map_or(Heard::Taken, |warning| {
                refused(warning, "look at the object before trying again", Retry::No)
            }),
        };
    }
    if nothing.is_some() {
        return Heard::AlreadySo(said.line());
    }
    if said.is_gone() {
        return Heard::AlreadySo(said.line());
    }
    refused(said.line(), &hint(about.permissions, &said), retry(&said))
}

/// Returns a refusal.
pub(crate) fn refused(what: impl Into<String>, hint: &str, retry: Retry) -> Heard {
    Heard::Refused {
        what: what.into(),
        hint: hint.to_owned(),
        retry,
    }
}

fn retry(said: &Said) -> Retry {
    match said.status {
        408 | 423 | 425 | 429 | 500..=599 => Retry::Later,
        _ => Retry::No,
    }
}

/// Says which permission or role helps.
pub(crate) fn hint(permissions: &[&str], said: &Said) -> String {
    let needed = permissions.join(", ");
    match said.status {
        _ if said.is_for_want_of_a_licence() => "the tenant lacks the licence for it".to_owned(),
        403 if said.is("Authorization_RequestDenied") => format!(
            "grant the application {needed}; for an account that holds a directory role, its service principal \
             needs a role that is at least as high (Privileged Authentication Administrator), or a person \
             with that role does it"
        ),
        401 | 403 => format!("grant the application {needed}"),
        _ if said.speaks_of("is not recognized") => format!("grant the application {needed}"),
        408 | 423 | 425 | 429 | 500..=599 => "try again later".to_owned(),
        _ => String::new(),
    }
}

/// Says why a question could not be answered, and what would help.
pub(crate) fn unanswered(
    permissions: &[&str],
    service: Service,
    asked: &str,
    reply: &Reply,
) -> String {
    let said = Said::of(reply);
    let mut words = format!(
        "{} was asked for {asked} and {}",
        service.name(),
        said.line()
    );
    let hint = hint(permissions, &said);
    if !hint.is_empty() {
        words.push_str("; ");
        words.push_str(&hint);
    }
    words
}
