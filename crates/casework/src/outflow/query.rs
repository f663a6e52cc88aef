//! The words of a search, as far as a subject can be held against them.
//!
//! <https://learn.microsoft.com/sharepoint/dev/general-development/keyword-query-language-kql-syntax-reference>

/// A search: alternatives, each of words that must all be there. What a subject cannot show, such
/// as a sender or a date, is left out; a query of nothing else finds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    alternatives: Vec<Vec<String>>,
}

/// Properties whose value is not looked for in the subject.
const ELSEWHERE: &[&str] = &[
    "attachment",
    "attachmentnames",
    "author",
    "bcc",
    "body",
    "category",
    "cc",
    "filename",
    "filetype",
    "folderid",
    "from",
    "hasattachment",
    "importance",
    "isflagged",
    "isread",
    "kind",
    "participants",
    "path",
    "received",
    "recipients",
    "sender",
    "sent",
    "size",
    "to",
];

impl Query {
    /// Reads a query as it was typed.
    pub(super) fn read(text: &str) -> Self {
        let mut alternatives = vec![Vec::new()];
        let mut skip_next = false;
        for token in tokens(text) {
            if token == "OR" {
                alternatives.push(Vec::new());
                continue;
            }
            if token == "NOT" {
                skip_next = true;
                continue;
            }
            let is_excluded = std::mem::take(&mut skip_next) || token.starts_with('-');
            if token == "AND" || is_excluded {
                continue;
            }
            if let (Some(word), Some(last)) = (word(&token), alternatives.last_mut()) {
                last.push(word);
            }
        }
        alternatives.retain(|words| !words.is_empty());
        Self { alternatives }
    }

    /// Returns whether a subject in lower case has every word of one alternative.
    pub(super) fn finds(&self, subject: &str) -> bool {
        let has = |word: &String| subject.contains(word.as_str());
        self.alternatives.iter().any(|words| words.iter().all(has))
    }
}

/// Splits at blanks and brackets; what stands in quotes stays together, with what stands before it.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut in_quotes = false;
    for character in text.chars() {
        let ends = !in_quotes && (character.is_whitespace() || "()".contains(character));
        if ends {
            tokens.push(String::new());
        } else if matches!(character, '"' | '“' | '”') {
            in_quotes = !in_quotes;
        } else if let Some(token) = tokens.last_mut() {
            token.push(character);
        }
    }
    tokens.retain(|token| !token.trim().is_empty());
    tokens
}

/// Returns the word that a token looks for in a subject, in lower case.
fn word(token: &str) -> Option<String> {
    let token = token.trim_start_matches('+').to_lowercase();
    let (property, value) = token.split_once([':', '=']).unwrap_or(("", &token));
    let is_in = |list: &[&str]| list.contains(&property);
    let text = if is_in(ELSEWHERE) {
        return None;
    } else if is_in(&["subject", "subjecttitle", "title"]) {
        value
    } else {
        &token
    };
    let text = text.trim_matches(['*', '"', ',', ';', '.']).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, subject: &str, expected: bool) {
        let found = Query::read(query).finds(&subject.to_lowercase());
        assert_eq!(found, expected, "{query} in {subject}");
    }

    #[test]
    fn every_word_must_be_in_the_subject() {
        check("invoice march", "Invoice for March", true);
        check("invoice april", "Invoice for March", false);
        check("INVOICE", "Your invoices", true);
        check("invo*", "Your invoices", true);
        check("\"wire transfer\"", "Wire transfer details", true);
        check("\"transfer wire\"", "Wire transfer details", false);
    }

    #[test]
    fn alternatives_and_properties_are_understood() {
        check("payroll OR invoice", "Invoice", true);
        check("payroll AND invoice", "Invoice", false);
        check("subject:invoice from:ceo@corp.example", "Invoice", true);
        check("invoice NOT draft", "Invoice", true);
        check("(iban OR swift) -newsletter", "Your SWIFT code", true);
    }

    #[test]
    fn a_query_without_a_word_for_subjects_finds_nothing() {
        for query in [
            "",
            "  ",
            "\"\"",
            "from:ceo@corp.example",
            "NOT invoice",
            "*",
            "OR",
        ] {
            check(query, "Invoice", false);
        }
    }
}
