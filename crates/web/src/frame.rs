//! What stands around every page: its title, where one can go, who is signed in.

use crate::assets;
use crate::session::Signed;
use crate::text::{Text, text};
use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

/// What stands around a page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) title: Text,
    /// Which of the places in the head this is.
    pub(crate) here: &'static str,
    pub(crate) assets: &'static str,
    pub(crate) who: Option<Who>,
}

/// Who is signed in, as the head shows it.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) name: Text,
    pub(crate) is_admin: bool,
    pub(crate) form: String,
}

impl Frame {
    /// Returns what stands around a page of somebody who is signed in.
    pub(crate) fn of(signed: &Signed, here: &'static str, title: &str) -> Self {
        Self {
            who: Some(Who {
                name: text(&signed.account.name),
                is_admin: signed.is_admin(),
                form: signed.form_secret.clone(),
            }),
            ..Self::bare(here, title)
        }
    }

    /// Returns what stands around a page of anybody.
    pub(crate) fn bare(here: &'static str, title: &str) -> Self {
        Self {
            title: text(title),
            here,
            assets: assets::version(),
            who: None,
        }
    }
}

/// Returns a page as it is answered.
pub(crate) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
            (status, kind, "This page could not be written.\n").into_response()
        }
    }
}
