//! Why a request is not answered with what it asked for: a page in plain words, never a dump.

use crate::error::WebError;
use crate::frame::{Frame, page};
use crate::text::{Text, text};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use engine::EngineError;

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody is signed in.
    SignIn {
        /// Where to go afterwards.
        next: String,
    },
    /// The last proof of who it is lies too far back.
    Prove {
        /// Where to go afterwards.
        next: String,
    },
    /// Nobody came in from an issuer.
    Unsigned(String),
    /// The person may not do this.
    Forbidden(&'static str),
    /// It is not there, or not for this person.
    NotFound,
    /// What is there is asked for in another way: an address that takes forms was fetched.
    OtherMethod,
    /// No page of ours sent it.
    Foreign,
    /// What was typed will not do.
    Form(String),
    /// What was typed will not do, and there is a page on which to type it again.
    Again {
        /// What is wrong.
        what: String,
        /// The page.
        see: String,
    },
    /// A link that counts no more.
    Gone {
        /// What it is.
        what: String,
        /// Where to see what came of it.
        see: Option<(String, &'static str)>,
    },
    /// The state is another than the one that was shown.
    Changed {
        /// Where to see it as it is.
        see: String,
    },
    /// Another person has to approve it first.
    NeedsAnother {
        /// Why.
        what: String,
        /// Where it is approved.
        see: String,
    },
    /// Too many wrong tries.
    TooMany {
        /// After how many seconds to try again.
        seconds: i64,
    },
    /// Nothing here can act.
    NotReady(String),
    /// Something that should not happen; it was logged.
    Failed,
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
        Self::Failed
    }
}

impl From<WebError> for Refusal {
    fn from(error: WebError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
        Self::Failed
    }
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    frame: Frame,
    what: Text,
    see: String,
    see_words: &'static str,
}

impl Refusal {
    /// Returns the status that it is answered with.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Self::Prove { .. } | Self::Forbidden(_) | Self::Foreign | Self::NeedsAnother { .. } => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Form(_) | Self::Again { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Gone { .. } | Self::Unsigned(_) => StatusCode::GONE,
            Self::Changed { .. } => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotReady(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns a title and a sentence for it.
    pub(crate) fn words(&self) -> (&'static str, String) {
        match self {
            Self::SignIn { .. } => (
                "Sign in first",
                "Nobody is signed in here, or the session is over.".to_owned(),
            ),
            Self::Prove { .. } => (
                "Prove that it is you",
                "Acting needs a proof of who you are within the last fifteen minutes. Nothing was done."
                    .to_owned(),
            ),
            Self::Unsigned(what) => ("Not signed in", what.clone()),
            Self::Forbidden(what) => ("Not allowed", (*what).to_owned()),
            Self::NotFound => (
                "Not found",
                "There is nothing here, or it is not for your account to see.".to_owned(),
            ),
            Self::OtherMethod => (
                "Nothing to see",
                "This address does what a form of a page asks for, and shows nothing by itself. Nothing was done.".to_owned(),
            ),
            Self::Foreign => (
                "Not sent from here",
                "The form did not come from a page of this session, so nothing was done. Go back, load the page again and send it from there.".to_owned(),
            ),
            Self::Form(what) | Self::Again { what, .. } => ("Something is missing", what.clone()),
            Self::Gone { what, .. } => ("This link is used up", what.clone()),
            Self::Changed { .. } => (
                "The state has changed",
                "Something is different from what was shown when you decided. Nothing was done; look at the plan as it is now.".to_owned(),
            ),
            Self::NeedsAnother { what, .. } => (
                "A second person has to approve",
                format!("{what} Nothing was done."),
            ),
            Self::TooMany { seconds } => (
                "Too many tries",
                format!("Try again in {}.", crate::text::span(*seconds)),
            ),
            Self::NotReady(what) => ("Cannot be done now", what.clone()),
            Self::Failed => (
                "Something went wrong",
                "It was written to the log of the server. Nothing else was done.".to_owned(),
            ),
        }
    }

    fn see(&self) -> (String, &'static str) {
        match self {
            Self::SignIn { next } if is_local(next) => (with_next("/sign-in", next), "Sign in"),
            Self::SignIn { .. } | Self::Unsigned(_) => ("/sign-in".to_owned(), "Sign in"),
            Self::Prove { next } => (with_next("/prove", next), "Prove it"),
            Self::Gone { see: Some(see), .. } => see.clone(),
            Self::Again { see, .. } => (see.clone(), "Back to the plan"),
            Self::Changed { see } => (see.clone(), "Look at the plan as it is now"),
            Self::NeedsAnother { see, .. } => (see.clone(), "Go where it is approved"),
            _ => ("/".to_owned(), "Go to triage"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // Somebody who follows a link is led to it by way of signing in.
        if let Self::SignIn { next } = &self
            && is_local(next)
        {
            return Redirect::to(&with_next("/sign-in", next)).into_response();
        }
        let (title, what) = self.words();
        let (see, see_words) = self.see();
        let mut response = page(&RefusalPage {
            frame: Frame::bare("", title),
            what: text(&what),
            see,
            see_words,
        });
        *response.status_mut() = self.status();
        if let Self::TooMany { seconds } = &self
            && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

/// Returns whether a browser can be sent there without leaving us.
pub(crate) fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && !path.starts_with("/sign-in")
}

fn with_next(path: &str, next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for path in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/\t/evil",
        ] {
            assert!(!is_local(path), "{path}");
        }
        assert!(is_local("/a/1?x=2"));
    }
}
