//! The style, the script and the mark of the pages: parts of the program, named by their content so
//! that a browser keeps them until they are others.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        text: include_str!("../assets/style.css"),
    },
    Asset {
        name: "pages.js",
        kind: "text/javascript; charset=utf-8",
        text: include_str!("../assets/pages.js"),
    },
    Asset {
        name: "mark.svg",
        kind: "image/svg+xml",
        text: include_str!("../assets/mark.svg"),
    },
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: Vec<&str> = ASSETS.iter().map(|one| one.text).collect();
    crate::keys::digest(&all.concat())
        .chars()
        .take(12)
        .collect()
});

/// Returns what stands before the names of the assets.
pub(crate) fn version() -> &'static str {
    &VERSION
}

/// Answers an asset.
pub(crate) async fn get(Path((of, name)): Path<(String, String)>) -> Response {
    let found = ASSETS.iter().find(|one| one.name == name);
    match found.filter(|_| of == version()) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.text,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small() {
        let script = ASSETS.iter().find(|one| one.name == "pages.js");
        assert!(script.is_some_and(|one| one.text.len() < 5_000));
    }
}
