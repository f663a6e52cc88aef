//! Going through an array or object without taking it apart: is it sound, what is its
//! digest, is it spelled as the house spells it, is it a bag of names and values?

use super::digest::{self, hash_key, hash_text, mix};
use super::folded::{Folded, Spelling};
use super::reader::Reader;
use super::{Json, JsonError, JsonErrorKind};
use std::borrow::Cow;

/// What is learnt on the way.
#[derive(Default)]
pub(super) struct Skimmed {
    other_escapes: bool,
    spaced: bool,
    /// Whether an object may have a key twice: only reading it value by value tells.
    unsure: bool,
    /// The hashes of the keys of each object around, the innermost last.
    keys: Vec<u64>,
}

impl Skimmed {
    fn spelling(&self) -> Spelling {
        match (self.spaced, self.other_escapes) {
            (true, _) => Spelling::Spaced,
            (false, true) => Spelling::OtherEscapes,
            (false, false) => Spelling::House,
        }
    }
}

/// How many keys of an object are compared with one another.
const MAX_KEYS: usize = 64;

/// A name and a value of a bag.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

impl<'a> Reader<'a> {
    /// Folds an array or object; `at` stands on its bracket.
    pub(super) fn folded(&mut self) -> Result<Json<'a>, JsonError> {
        let (from, depth) = (self.at, self.depth);
        self.skimmed = Skimmed {
            keys: std::mem::take(&mut self.skimmed.keys),
            ..Skimmed::default()
        };
        let mut pairs = None;
        let fingerprint = if self.bytes[from] == b'[' {
            pairs = Some(Vec::new());
            self.nested(|reader| reader.skim_array(&mut pairs))?
        } else {
            self.skim_value()?
        };
        if self.skimmed.unsure {
            (self.at, self.depth) = (from, depth);
            return self.value();
        }
        let text = &self.text[from..self.at];
        // White space where none is needed, or a string's text that should be escaped. Without
        // an early exit the compiler looks at many bytes at once.
        self.skimmed.spaced |= text.bytes().fold(u8::MAX, u8::min) < b' ';
        Ok(Json::Folded(Box::new(Folded {
            text,
            fingerprint,
            spelling: self.skimmed.spelling(),
            pairs: pairs.filter(|pairs| !pairs.is_empty()),
        })))
    }

    /// Folds the array or object that the text begins with, or reads what else it is.
    pub(super) fn folded_or_value(&mut self) -> Result<Json<'a>, JsonError> {
        match self.peek()? {
            b'[' | b'{' => self.folded(),
            _ => self.value(),
        }
    }

    /// Goes over a value and returns its digest.
    fn skim_value(&mut self) -> Result<u64, JsonError> {
        self.skim_space();
        match self.peek()? {
            b'"' => Ok(digest::of_text(&self.skim_string()?)),
            b'{' => self.nested(Self::skim_object),
            b'[' => self.nested(|reader| reader.skim_array(&mut None)),
            b't' => self.word("true", hash_text(b"true")),
            b'f' => self.word("false", hash_text(b"false")),
            b'n' => self.word("null", digest::NULL),
            b'-' | b'0'..=b'9' => {
                let from = self.at;
                self.number()?;
                Ok(hash_text(&self.bytes[from..self.at]))
            }
            other => Err(self.error(JsonErrorKind::Unexpected(other))),
        }
    }

    fn skim_object(&mut self) -> Result<u64, JsonError> {
        self.skim_space();
        let mut sum = digest::OBJECT;
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(sum);
        }
        let first_key = self.skimmed.keys.len();
        loop {
            self.skim_space();
            match self.peek()? {
                b'"' => {}
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
            let key = self.skim_string()?;
            let hash = hash_key(&key);
            self.note_key(first_key, hash);
            self.skim_space();
            self.expect(b':')?;
            self.skim_space();
            let is_null = self.peek()? == b'n';
            let value = self.skim_value()?;
            if !is_null && digest::counts(&key) {
                sum = sum.wrapping_add(mix(hash, value));
            }
            self.skim_space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    self.skimmed.keys.truncate(first_key);
                    return Ok(sum);
                }
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
        }
    }

    fn note_key(&mut self, first: usize, hash: u64) {
        let earlier = &self.skimmed.keys[first..];
        self.skimmed.unsure |= earlier.len() >= MAX_KEYS || earlier.contains(&hash);
        if !self.skimmed.unsure {
            self.skimmed.keys.push(hash);
        }
    }

    /// Goes over the rest of an array, and gathers it as long as it is a bag.
    fn skim_array(&mut self, pairs: &mut Option<Vec<Pair<'a>>>) -> Result<u64, JsonError> {
        self.skim_space();
        let mut sum = digest::ARRAY;
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(sum);
        }
        loop {
            let item = match self.pair(pairs) {
                Some(item) => item,
                None => self.skim_value()?,
            };
            sum = mix(sum, item);
            self.skim_space();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(sum);
                }
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
        }
    }

    /// Gathers an item `{Name, Value}` and returns its digest. For any other item, or a
    /// damaged one, nothing is read and the array is no bag.
    fn pair(&mut self, pairs: &mut Option<Vec<Pair<'a>>>) -> Option<u64> {
        let gathered = pairs.as_mut()?;
        let from = self.at;
        if let Ok(Some((pair, digest))) = self.name_and_value() {
            if gathered.is_empty() {
                gathered.reserve(16);
            }
            gathered.push(pair);
            return Some(digest);
        }
        self.at = from;
        *pairs = None;
        None
    }

    fn name_and_value(&mut self) -> Result<Option<(Pair<'a>, u64)>, JsonError> {
        let mut digest = digest::OBJECT;
        let Some(name) = self.entry_of_pair(b'{', "Name", b"{\"Name\":\"", &mut digest)? else {
            return Ok(None);
        };
        let Some(value) = self.entry_of_pair(b',', "Value", b",\"Value\":\"", &mut digest)? else {
            return Ok(None);
        };
        self.skim_space();
        self.expect(b'}')?;
        Ok(Some(((name, value), digest)))
    }

    /// Reads `{"key": "text"` or `,"key": "text"`, usually spelled as given; nothing where the
    /// key or the kind of value is another one.
    fn entry_of_pair(
        &mut self,
        opens: u8,
        key: &str,
        usual: &[u8],
        digest: &mut u64,
    ) -> Result<Option<Cow<'a, str>>, JsonError> {
        self.skim_space();
        if self.bytes[self.at..].starts_with(usual) {
            self.at += usual.len() - 1;
        } else {
            if self.peek()? != opens {
                return Ok(None);
            }
            self.at += 1;
            self.skim_space();
            if self.peek()? != b'"' || !self.skim_string()?.eq_ignore_ascii_case(key) {
                return Ok(None);
            }
            self.skim_space();
            self.expect(b':')?;
            self.skim_space();
            if self.peek()? != b'"' {
                return Ok(None);
            }
        }
        let text = self.skim_string()?;
        *digest = digest.wrapping_add(mix(hash_key(key), digest::of_text(&text)));
        Ok(Some(text))
    }

    /// Reads a string; `at` stands on its opening quote.
    fn skim_string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let from = self.at + 1;
        let string = self.string()?;
        if matches!(string, Cow::Owned(_)) {
            self.skimmed.other_escapes |= !are_house_escapes(&self.bytes[from..self.at - 1]);
        }
        Ok(string)
    }

    fn skim_space(&mut self) {
        let before = self.at;
        self.skip_space();
        self.skimmed.spaced |= self.at != before;
    }
}

/// Returns whether every escape in a string's text is spelled as [`super::write_string`] spells it.
fn are_house_escapes(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        if !matches!(rest.get(at + 1), Some(b'"' | b'\\' | b'n' | b'r' | b't')) {
            return false;
        }
        rest = &rest[at + 2..];
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::json::{Json, parse_prefix, parse_record};
    use proptest::prelude::*;

    fn folded(text: &str) -> Json<'_> {
        let parsed = parse_record(text, &[]).expect("JSON");
        let Json::Object(entries) = parsed.value else {
            panic!("{text} is no object")
        };
        let value = entries.into_iter().next().expect("an entry").1;
        assert!(matches!(value, Json::Folded(_)), "{text}");
        value
    }

    /// Whatever the text is, folding changes nothing that can be told of it.
    fn check(text: &str) {
        let (whole, record) = (parse_prefix(text), parse_record(text, &["b"]));
        let (whole, record) = match (whole, record) {
            (Ok(whole), Ok(record)) => (whole, record),
            (whole, record) => {
                assert_eq!(whole.err(), record.err(), "{text}");
                return;
            }
        };
        assert_eq!(whole.end, record.end, "{text}");
        assert_eq!(whole.repeated_key, record.repeated_key, "{text}");
        let digests = (whole.value.fingerprint(), record.value.fingerprint());
        assert_eq!(digests.0, digests.1, "{text}");
        assert_eq!(written(&whole.value), written(&record.value), "{text}");
        assert_eq!(whole.value, record.value.unfolded(), "{text}");
    }

    fn written(value: &Json<'_>) -> String {
        let mut out = String::new();
        value.write(&mut out);
        out
    }

    #[test]
    fn a_bag_gives_its_names_and_values() {
        for text in [
            r#"{"P":[{"Name":"Identity","Value":"a\/b"},{"Name":"Force","Value":""}]}"#,
            r#"{"P": [ { "name" : "Identity" , "VALUE" : "a\/b" },{"Name":"Force","Value":""} ]}"#,
        ] {
            let Json::Folded(bag) = folded(text) else {
                panic!("{text}")
            };
            let pairs: Vec<(&str, &str)> = bag
                .pairs()
                .expect("pairs")
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .collect();
            assert_eq!(pairs, [("Identity", "a/b"), ("Force", "")]);
            check(text);
        }
    }

    #[test]
    fn what_is_no_bag_gives_none() {
        for text in [
            r#"{"P":[]}"#,
            r#"{"P":{"Name":"a","Value":"b"}}"#,
            r#"{"P":[{"Name":"a","Value":1}]}"#,
            r#"{"P":[{"Name":"a"}]}"#,
            r#"{"P":[{"Name":"a","Value":"b"},{"Name":"a","Value":"b","More":"c"}]}"#,
            r#"{"P":[{"Name":"a","Value":"b"},"bare"]}"#,
            r#"{"P":[{"Value":"b","Name":"a"}]}"#,
            r#"{"P":[[{"Name":"a","Value":"b"}]]}"#,
        ] {
            let Json::Folded(other) = folded(text) else {
                panic!("{text}")
            };
            assert!(other.pairs().is_none(), "{text}");
            check(text);
        }
    }

    #[test]
    fn the_house_spelling_is_carried_as_it_is_and_any_other_is_put_right() {
        for (text, expected) in [
            (r#"{"a":["x\\y\"\n",1.0,null]}"#, r#"["x\\y\"\n",1.0,null]"#),
            (r#"{"a":[ "x" , 1 ]}"#, r#"["x",1]"#),
            (r#"{"a":["a\/b\u0041\u0007"]}"#, r#"["a/bA\u0007"]"#),
            ("{\"a\":[\"tab\there\"]}", r#"["tab\there"]"#),
        ] {
            assert_eq!(written(&folded(text)), expected);
            check(text);
        }
    }

    #[test]
    fn a_key_that_stands_twice_inside_is_told_and_its_last_value_taken() {
        let text = r#"{"a":{"k":1,"l":2,"k":3}}"#;
        let parsed = parse_record(text, &[]).expect("JSON");
        assert_eq!(parsed.repeated_key.as_deref(), Some("k"));
        check(text);
        check(r#"{"a":{"k":1,"K":2}}"#);
        let many: Vec<String> = (0..200).map(|key| format!("\"k{key}\":{key}")).collect();
        check(&format!("{{\"a\":{{{}}}}}", many.join(",")));
    }

    #[test]
    fn a_hundred_thousand_levels_are_refused_without_overflow() {
        check(&format!("{{\"a\":{}", "[".repeat(100_000)));
        check(&format!("{{\"a\":{}", "{\"a\":".repeat(100_000)));
    }

    /// JSON in any spelling, with the words that matter to a reader of bags.
    fn spelled(depth: u32) -> impl Strategy<Value = String> {
        let string = prop_oneof![
            Just(r#""Name""#.to_owned()),
            Just(r#""Value""#.to_owned()),
            Just(r#""TRUE""#.to_owned()),
            Just(r#""@odata.type""#.to_owned()),
            Just("\"a raw\ttab\"".to_owned()),
            "[a-cé\"\\\\/]{0,20}".prop_map(|text| serde_json::to_string(&text).expect("JSON")),
            "(\\\\[/bnrtfu\"\\\\]|\\\\u00[0-4][0-9a-f]|[a-z]){0,6}"
                .prop_map(|text| format!("\"{text}\"")),
        ];
        let leaf = prop_oneof![
            string.clone(),
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("-1.50e+3".to_owned()),
        ];
        let space = prop_oneof![4 => Just(""), 1 => Just(" "), 1 => Just("\r\n\t")];
        leaf.prop_recursive(depth, 40, 5, move |inner| {
            let entry = (string.clone(), space.clone(), inner.clone())
                .prop_map(|(key, space, value)| format!("{space}{key}{space}:{space}{value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..4)
                    .prop_map(|items| format!("[{}]", items.join(","))),
                prop::collection::vec(entry, 0..4)
                    .prop_map(|entries| format!("{{{}}}", entries.join(","))),
                Just(r#"[{"Name":"a","Value":"b"},{"Name":"c","Value":"d"}]"#.to_owned()),
            ]
        })
    }

    proptest! {
        #[test]
        fn folding_changes_nothing(a in spelled(4), b in spelled(3)) {
            check(&format!("{{\"a\":{a},\"b\":{b},\"c\":{a}}}"));
        }

        #[test]
        fn damaged_text_is_refused_at_the_same_byte(a in spelled(4), cut in 0usize..200, byte in "[\\[\\]{}\":,\\\\a0]") {
            let mut text = format!("{{\"a\":{a},\"c\":{a}}}");
            let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            check(&text[..cut]);
            text.insert_str(cut, &byte);
            check(&text);
        }

        #[test]
        fn json_like_text_is_read_alike(text in "\\{\"a\":[\\[\\]{}\":,\\\\a-fu0-9 .eE+-]{0,80}") {
            check(&text);
        }
    }
}
