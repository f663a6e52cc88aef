//! Files that are no evidence, named by what they are.

use model::shown::shown;

/// The beginnings of files that people put beside evidence.
const MAGIC: &[(&str, &str)] = &[
    ("\u{fffd}PNG", "PNG image"),
    ("GIF8", "GIF image"),
    (
        "\u{fffd}\u{fffd}\u{fffd}",
        "binary file such as a JPEG image",
    ),
    ("%PDF", "PDF document"),
    (
        "ElfFile",
        "Windows event log (EVTX): export it as JSON or CSV",
    ),
    ("SQLite format 3", "SQLite database"),
    ("PAR1", "Parquet file"),
    ("7z\u{bc}", "7-Zip archive: unpack it first"),
    ("7z\u{fffd}", "7-Zip archive: unpack it first"),
    ("Rar!", "RAR archive: unpack it first"),
    ("MZ", "Windows program"),
    ("\u{7f}ELF", "Linux program"),
    ("BZh", "bzip2 archive: unpack it first"),
    ("(\u{b5}/\u{fffd}", "Zstandard archive: unpack it first"),
    ("{\\rtf", "RTF document"),
    ("!BDN", "Outlook data file (PST)"),
];
/// How much of the beginning is looked at.
const SAMPLE: usize = 4096;

/// Returns what a text is when it is certainly no evidence.
pub(crate) fn reason(rest: &str) -> Option<String> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| rest.starts_with(magic)) {
        return Some((*what).to_owned());
    }
    if is_tar(rest) {
        return Some("tar archive: unpack it first, as with `tar xf`".to_owned());
    }
    let content = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\0');
    let mut beginning = content.chars();
    let opens = |c: char| c.is_alphabetic() || matches!(c, '!' | '?' | '/');
    if beginning.next() == Some('<') && beginning.next().is_none_or(opens) {
        return Some(markup(content));
    }
    let sample = content.chars().take(SAMPLE);
    let is_binary =
        |c: &char| (c.is_control() && !matches!(c, '\0' | '\t' | '\n' | '\r')) || *c == '\u{fffd}';
    let (binary, all) = sample.fold((0, 0), |(binary, all), c| {
        (binary + usize::from(is_binary(&c)), all + 1)
    });
    (binary * 20 > all).then(|| "binary data".to_owned())
}

/// Returns whether a tar archive begins here: POSIX and GNU put this word behind the first
/// member's name, mode, owner, size and time.
fn is_tar(rest: &str) -> bool {
    rest.as_bytes().get(257..262) == Some(b"ustar".as_slice())
}

fn markup(content: &str) -> String {
    let head: String = content.chars().take(SAMPLE).collect();
    let lower = head.to_ascii_lowercase();
    if !lower.contains("<html") && !lower.starts_with("<!doctype html") {
        return "XML or other markup".to_owned();
    }
    let title = lower.find("<title").and_then(|at| {
        let from = at + lower[at..].find('>')? + 1;
        let to = from + lower[from..].find('<')?;
        Some(shown(head[from..to].trim()).into_owned())
    });
    title.map_or_else(
        || "HTML page".to_owned(),
        |title| format!("HTML page \"{title}\""),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_evidence_is_named() {
        let page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
        assert_eq!(reason(page).as_deref(), Some("HTML page \"Sign in\""));
        let tar = format!(
            "audit.json{}0000644{}ustar  ",
            "\0".repeat(90),
            "\0".repeat(150)
        );
        assert!(reason(&tar).is_some_and(|reason| reason.contains("unpack it first")));
        assert_eq!(reason("%PDF-1.7").as_deref(), Some("PDF document"));
        assert_eq!(reason("\u{1}\u{2}\u{3}").as_deref(), Some("binary data"));
        assert_eq!(reason("{\"Id\":\"1\"}"), None);
        assert_eq!(reason(""), None);
    }
}
