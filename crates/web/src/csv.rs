//! Tables for spreadsheets: a cell is text, whatever an intruder wrote into it.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::shown::{shown, spreadsheet_safe};

/// Returns one line of cells.
pub(crate) fn line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| guarded(cell)).collect();
    cells.join(",") + "\r\n"
}

/// Returns a table as a file that is kept.
pub(crate) fn file(name: &'static str, lines: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/csv; charset=utf-8; header=present".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, lines).into_response()
}

fn guarded(text: &str) -> String {
    let shown = shown(text);
    let safe = spreadsheet_safe(&shown);
    // Where the decimal sign is a comma, a spreadsheet parts cells at semicolons, and what
    // follows one would be a cell that nothing guards.
    if safe.contains(['"', ',', ';', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "a,b", "say \"x\"", "plain;-2", "a\u{202e}b", ""];
        assert_eq!(
            line(&cells),
            "'=1+1,\"a,b\",\"say \"\"x\"\"\",\"plain;-2\",a<U+202E>b,\r\n"
        );
    }
}
