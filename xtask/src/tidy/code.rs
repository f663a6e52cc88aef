//! Rust text stripped to its code, so that a fence does not trip over a comment that
//! names what it forbids.

/// Returns the text with comments and the contents of text literals blanked; lines stay.
pub(crate) fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = token_end(bytes, at);
        let token = &text[at..end];
        if is_blanked(token) {
            code.extend(
                token
                    .chars()
                    .map(|letter| if letter == '\n' { '\n' } else { ' ' }),
            );
        } else {
            code.push_str(token);
        }
        at = end;
    }
    code
}

/// Returns the code up to the tests at its end.
pub(crate) fn without_tests(code: &str) -> String {
    let end = code
        .find("\n#[cfg(test)]\nmod ")
        .map_or(code.len(), |at| at + 1);
    code[..end].to_string()
}

/// Returns the lines, from 1, where the words stand free of other letters around them.
pub(crate) fn lines_with(code: &str, words: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let free = line.match_indices(words).any(|(at, _)| {
            let opens = !line[..at].ends_with(is_word);
            let closes =
                !words.ends_with(is_word) || !line[at + words.len()..].starts_with(is_word);
            opens && closes
        });
        if free {
            lines.push(number + 1);
        }
    }
    lines
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn is_blanked(token: &str) -> bool {
    ["//", "/*", "\"", "r\"", "r#", "b\"", "br\"", "br#"]
        .iter()
        .any(|start| token.starts_with(start))
        && !token.chars().all(is_word)
        && token.len() > 1
}

fn token_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return at
            + rest
                .iter()
                .position(|&byte| byte == b'\n')
                .unwrap_or(rest.len());
    }
    if rest.starts_with(b"/*") {
        return at + block_comment_length(rest);
    }
    if let Some(length) = literal_length(rest) {
        return at + length;
    }
    if rest[0] == b'\'' {
        return at + quote_length(rest);
    }
    at + word_length(rest)
}

fn block_comment_length(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn literal_length(rest: &[u8]) -> Option<usize> {
    let prefix = rest
        .iter()
        .take_while(|&&byte| byte == b'b' || byte == b'r')
        .count();
    let raw = rest[..prefix].contains(&b'r');
    let hashes = if raw {
        rest[prefix..]
            .iter()
            .take_while(|&&byte| byte == b'#')
            .count()
    } else {
        0
    };
    let open = prefix + hashes;
    if prefix > 2 || rest.get(open) != Some(&b'"') {
        return None;
    }
    let mut at = open + 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' if !raw => at += 1,
            b'"' if rest[at + 1..]
                .iter()
                .take(hashes)
                .filter(|&&byte| byte == b'#')
                .count()
                == hashes =>
            {
                return Some(at + 1 + hashes);
            }
            _ => {}
        }
        at += 1;
    }
    Some(rest.len())
}

/// A quote opens a letter (`'a'`, `'\n'`) or names a lifetime (`'a`).
fn quote_length(rest: &[u8]) -> usize {
    if rest.get(1) == Some(&b'\\') {
        return rest
            .iter()
            .skip(3)
            .position(|&byte| byte == b'\'')
            .map_or(rest.len(), |at| at + 4);
    }
    let letter = rest.get(1).map_or(1, |&first| utf8_length(first));
    if rest.get(1 + letter) == Some(&b'\'') {
        letter + 2
    } else {
        1
    }
}

fn word_length(rest: &[u8]) -> usize {
    let word = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    if word > 0 { word } else { utf8_length(rest[0]) }
}

fn utf8_length(first: u8) -> usize {
    match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &str, expected: &[usize]) {
        assert_eq!(
            lines_with(&code_of(text), words),
            expected,
            "{words} in {text}"
        );
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        check(
            "// tokio\nlet a = \"tokio\";\n/* tokio /* x */ tokio */ tokio",
            "tokio",
            &[3],
        );
        check("r#\"say \"tokio\" \"# ; tokio", "tokio", &[1]);
        check(
            "let quote = '\"'; tokio(); let other = '\"';",
            "tokio",
            &[1],
        );
        check(
            "let quote = '\\''; async_std(); fn f<'a>() {}",
            "async",
            &[],
        );
    }

    #[test]
    fn a_word_inside_a_longer_word_does_not_count() {
        check("operand eprintln!(1)", "rand", &[]);
        check("operand eprintln!(1)", "println!", &[]);
        check("x::rand::y", "rand", &[1]);
    }

    #[test]
    fn tests_at_the_end_are_cut_off() {
        assert_eq!(
            without_tests("fn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n"),
            "fn a() {}\n\n"
        );
    }
}
