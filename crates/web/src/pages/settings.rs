//! `/settings`: what counts and where it is said, for administrators; it is changed in files alone. Of
//! a secret there is where it is to be found, never the secret.

use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::refusal::Refusal;
use crate::session::Signed;
use crate::text::{Text, number, text};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use engine::Origin;
use engine::pages::ConfiguredTenant;
use serde::Deserialize;
use std::error::Error;
use std::sync::Arc;

/// How many tenants stand on one page.
const A_PAGE: usize = 50;

/// Which tenants are shown.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    /// Why the configuration does not make sense, where it does not.
    wrong: Vec<Text>,
    served: Vec<Line>,
    here: Vec<Line>,
    tenants: Vec<Tenant>,
    shown: String,
    q: Text,
    earlier: Option<String>,
    later: Option<String>,
}

struct Tenant {
    id: Text,
    name: Text,
    settings: Vec<Line>,
}

struct Line {
    key: Text,
    value: Text,
    from: Text,
}

/// Shows what counts.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    if !signed.is_admin() {
        return Err(Refusal::Forbidden(
            "Settings are for administrators of all tenants.",
        ));
    }
    let configured = reads.looking().configured();
    let (configured, wrong) = match configured {
        Ok(configured) => (configured, Vec::new()),
        Err(error) => (engine::pages::Configured::default(), causes(&error)),
    };
    let words = asked.q.trim().to_lowercase();
    let holds = |one: &&ConfiguredTenant| {
        one.id.contains(&words) || one.name.to_lowercase().contains(&words)
    };
    let matching: Vec<&ConfiguredTenant> = configured.tenants.iter().filter(holds).collect();
    let pages = matching.len().div_ceil(A_PAGE).max(1);
    let at = asked.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let first = (at - 1) * A_PAGE;
    let tenants: Vec<Tenant> = (matching.iter().skip(first).take(A_PAGE))
        .map(|one| Tenant {
            id: text(&one.id),
            name: text(&one.name),
            settings: one.settings.iter().map(line).collect(),
        })
        .collect();
    Ok(page(&SettingsPage {
        frame: Frame::of(&signed, "settings", "Settings"),
        wrong,
        served: served(&reads),
        here: configured.here.iter().map(line).collect(),
        shown: match tenants.len() {
            0 => "none".to_owned(),
            many => format!(
                "{} to {} of {}",
                number(first as u64 + 1),
                number((first + many) as u64),
                number(matching.len() as u64)
            ),
        },
        tenants,
        q: text(&asked.q),
        earlier: (at > 1).then(|| address(&asked.q, at - 1)),
        later: (at < pages).then(|| address(&asked.q, at + 1)),
    }))
}

fn line(origin: &Origin) -> Line {
    Line {
        key: text(&origin.key),
        value: text(&origin.value),
        from: text(&origin.from),
    }
}

/// What was said to the command that serves.
fn served(reads: &Reads) -> Vec<Line> {
    let settings = &reads.settings;
    let yes = |is: bool, yes: &str, no: &str| text(if is { yes } else { no });
    let from = || text("breachscope serve");
    vec![
        Line {
            key: text("data folder"),
            value: text(&settings.folder.display().to_string()),
            from: text("--data or the folder of the system"),
        },
        Line {
            key: text("TLS"),
            value: yes(
                settings.is_secure,
                "browsers come over TLS",
                "none: this machine alone",
            ),
            from: from(),
        },
        Line {
            key: text("proxy"),
            value: yes(settings.behind_proxy, "one stands before us", "none"),
            from: from(),
        },
        Line {
            key: text("collecting"),
            value: yes(
                settings.board.is_some(),
                "collects in this process too",
                "only serves: collecting is another process",
            ),
            from: from(),
        },
    ]
}

fn causes(error: &dyn Error) -> Vec<Text> {
    let mut all = vec![text(&error.to_string())];
    let mut next = error.source();
    while let Some(cause) = next {
        all.push(text(&cause.to_string()));
        next = cause.source();
    }
    all
}

fn address(words: &str, at: usize) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", words)
        .append_pair("page", &at.to_string())
        .finish();
    format!("/settings?{query}")
}
