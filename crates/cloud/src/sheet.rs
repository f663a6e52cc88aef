//! What stands on a request beside its address: the token, the headers, the body.

use crate::token::Held;
use model::{Failure, Service};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, RequestBuilder};

/// What a request says.
pub(crate) struct Sheet<'a> {
    /// Which service reads it.
    pub(crate) service: Service,
    /// Headers beside the token, by their names.
    pub(crate) headers: &'a [(&'static str, String)],
    /// The body, JSON.
    pub(crate) body: Option<&'a str>,
}

impl Sheet<'_> {
    /// Writes it on a request.
    pub(crate) fn on(
        &self,
        mut request: RequestBuilder,
        method: &Method,
        held: &Held,
    ) -> Result<RequestBuilder, Failure> {
        let given = |name: &str| {
            let mut names = self.headers.iter();
            names.any(|(given, _)| given.eq_ignore_ascii_case(name))
        };
        if let Some(body) = self.body {
            if !given("content-type") {
                request = request.header("content-type", "application/json; charset=utf-8");
            }
            request = request.body(body.to_owned());
        }
        if *method == Method::POST && self.body.is_none_or(str::is_empty) {
            // Some front ends refuse a POST that does not say that it is empty.
            request = request.header("content-length", "0");
        }
        if !given("accept") && self.service != Service::Storage {
            request = request.header("accept", "application/json");
        }
        for (name, value) in self.headers {
            // The token and the host are this room's to say.
            if !["authorization", "host"].contains(&name.to_ascii_lowercase().as_str()) {
                request = request.header(*name, value);
            }
        }
        let token = format!("Bearer {}", held.token.reveal());
        let mut token = HeaderValue::from_str(&token)
            .map_err(|_| Failure::Broken("the token does not fit a header".to_owned()))?;
        token.set_sensitive(true);
        Ok(request.header(AUTHORIZATION, token))
    }
}
