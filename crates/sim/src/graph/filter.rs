//! `$filter`: the part of OData that these collections understand.

use serde_json::Value;

use crate::record::Micros;
use crate::stamp;

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// A property, an operator and a value.
    Compare(String, Operator, Literal),
    /// A function of a property and a value.
    Word(Function, String, String),
    /// Any element of a list, under a name.
    Any(String, String, Box<Filter>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    /// A moment, a number, `true` or `null`, as written.
    Bare(String),
}

impl Filter {
    /// Reads a condition; `None` is everything.
    pub(crate) fn parse(text: Option<&str>) -> Result<Option<Self>, String> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        let mut reader = Reader {
            tokens: tokens(text)?,
            at: 0,
        };
        let filter = reader.either()?;
        if reader.at < reader.tokens.len() {
            return Err(format!(
                "Syntax error at position {} in '{text}'.",
                reader.at
            ));
        }
        Ok(Some(filter))
    }

    /// Whether an object fulfils it.
    pub(crate) fn holds(&self, object: &Value) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.holds(object)),
            Self::Or(any) => any.iter().any(|filter| filter.holds(object)),
            Self::Not(filter) => !filter.holds(object),
            Self::Compare(path, operator, literal) => compare(at(object, path), *operator, literal),
            Self::Word(function, path, word) => {
                let text = at(object, path).as_str().unwrap_or_default().to_lowercase();
                let word = word.to_lowercase();
                match function {
                    Function::StartsWith => text.starts_with(&word),
                    Function::EndsWith => text.ends_with(&word),
                    Function::Contains => text.contains(&word),
                }
            }
            Self::Any(path, name, filter) => at(object, path).as_array().is_some_and(|list| {
                list.iter()
                    .any(|element| filter.holds(&serde_json::json!({ name: element })))
            }),
        }
    }

    /// Returns the span that it leaves of a property which is a moment, and whether it says
    /// nothing else.
    pub(crate) fn span(&self, property: &str) -> (Micros, Micros, bool) {
        let parts = match self {
            Self::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (mut from, mut to, mut alone) = (Micros::MIN, Micros::MAX, true);
        for part in parts {
            let bound = match part {
                Self::Compare(path, operator, literal) if path == property => {
                    literal.moment().map(|moment| (*operator, moment))
                }
                _ => None,
            };
            match bound {
                Some((Operator::GreaterOrEqual, moment)) => from = from.max(moment),
                Some((Operator::Greater, moment)) => from = from.max(moment + 1),
                Some((Operator::Less, moment)) => to = to.min(moment),
                Some((Operator::LessOrEqual, moment)) => to = to.min(moment + 1),
                _ => alone = false,
            }
        }
        (from, to, alone)
    }
}

impl Literal {
    fn moment(&self) -> Option<Micros> {
        let (Self::Text(text) | Self::Bare(text)) = self;
        stamp::parse(text)
    }
}

fn at<'a>(object: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(object, |value, name| &value[name])
}

fn compare(value: &Value, operator: Operator, literal: &Literal) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};

    let order = match (value, literal) {
        (Value::Null, Literal::Bare(word)) if word == "null" => Some(Equal),
        (Value::Bool(truth), Literal::Bare(word)) => Some(truth.to_string().cmp(word)),
        (Value::Number(number), Literal::Bare(word)) => {
            let word: Option<f64> = word.parse().ok();
            word.and_then(|word| number.as_f64()?.partial_cmp(&word))
        }
        (Value::String(text), literal) => {
            let (Literal::Text(word) | Literal::Bare(word)) = literal;
            match (stamp::parse(text), literal.moment()) {
                (Some(left), Some(right)) => Some(left.cmp(&right)),
                _ => Some(text.to_lowercase().cmp(&word.to_lowercase())),
            }
        }
        _ => None,
    };
    match operator {
        Operator::Equal => order == Some(Equal),
        Operator::Unequal => order != Some(Equal),
        Operator::Greater => order == Some(Greater),
        Operator::GreaterOrEqual => matches!(order, Some(Greater | Equal)),
        Operator::Less => order == Some(Less),
        Operator::LessOrEqual => matches!(order, Some(Less | Equal)),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {}
            '(' | ')' | ',' | ':' => tokens.push(Token::Sign(letter)),
            '\'' => {
                let mut word = String::new();
                loop {
                    match letters.next() {
                        Some('\'') if letters.peek() == Some(&'\'') => {
                            letters.next();
                            word.push('\'');
                        }
                        Some('\'') => break,
                        Some(letter) => word.push(letter),
                        None => return Err("There is an unterminated string literal.".to_owned()),
                    }
                }
                tokens.push(Token::Text(word));
            }
            first => {
                let mut word = String::from(first);
                let moment = first.is_ascii_digit();
                while let Some(next) = letters.peek() {
                    let ends =
                        matches!(next, ' ' | '(' | ')' | ',' | '\'') || (*next == ':' && !moment);
                    if ends {
                        break;
                    }
                    word.push(*next);
                    letters.next();
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn either(&mut self) -> Result<Filter, String> {
        let mut any = vec![self.both()?];
        while self.takes("or") {
            any.push(self.both()?);
        }
        Ok(if any.len() == 1 {
            any.remove(0)
        } else {
            Filter::Or(any)
        })
    }

    fn both(&mut self) -> Result<Filter, String> {
        let mut all = vec![self.one()?];
        while self.takes("and") {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 {
            all.remove(0)
        } else {
            Filter::And(all)
        })
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.takes("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.sign('(') {
            let inner = self.either()?;
            self.wants(')')?;
            return Ok(inner);
        }
        let name = self.word()?;
        if !self.sign('(') {
            let operator = operator(&self.word()?)?;
            return Ok(Filter::Compare(name, operator, self.literal()?));
        }
        if let Some(path) = name.strip_suffix("/any") {
            let element = self.word()?;
            self.wants(':')?;
            let inner = self.either()?;
            self.wants(')')?;
            return Ok(Filter::Any(path.to_owned(), element, Box::new(inner)));
        }
        let function = match name.to_lowercase().as_str() {
            "startswith" => Function::StartsWith,
            "endswith" => Function::EndsWith,
            "contains" => Function::Contains,
            _ => return Err(format!("An unknown function with name '{name}' was found.")),
        };
        let path = self.word()?;
        self.wants(',')?;
        let (Literal::Text(word) | Literal::Bare(word)) = self.literal()?;
        self.wants(')')?;
        Ok(Filter::Word(function, path, word))
    }

    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn takes(&mut self, word: &str) -> bool {
        let here = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found == word);
        self.at += usize::from(here);
        here
    }

    fn sign(&mut self, sign: char) -> bool {
        let here = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(here);
        here
    }

    fn wants(&mut self, sign: char) -> Result<(), String> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(format!("Syntax error: '{sign}' expected."))
    }

    fn word(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            _ => Err("Expression expected.".to_owned()),
        }
    }

    fn literal(&mut self) -> Result<Literal, String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(Literal::Bare(word)),
            Some(Token::Text(text)) => Ok(Literal::Text(text)),
            _ => Err("Expression expected.".to_owned()),
        }
    }
}

fn operator(word: &str) -> Result<Operator, String> {
    Ok(match word {
        "eq" => Operator::Equal,
        "ne" => Operator::Unequal,
        "gt" => Operator::Greater,
        "ge" => Operator::GreaterOrEqual,
        "lt" => Operator::Less,
        "le" => Operator::LessOrEqual,
        _ => return Err(format!("Syntax error: '{word}' is not an operator.")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(filter: &str) -> bool {
        let object = json!({
            "createdDateTime": "2026-03-01T12:00:00Z", "userPrincipalName": "o'hara@contoso.example",
            "signInEventTypes": ["nonInteractiveUser"], "status": {"errorCode": 50126}, "flag": true,
            "targetResources": [{"id": "1"}], "appId": null,
        });
        Filter::parse(Some(filter)).unwrap().unwrap().holds(&object)
    }

    #[test]
    fn conditions_are_read_as_odata_means_them() {
        for yes in [
            "createdDateTime ge 2026-03-01T12:00:00Z and createdDateTime lt 2026-03-01T13:00:00Z",
            "userPrincipalName eq 'O''Hara@contoso.example'",
            "startswith(userPrincipalName,'o''h')",
            "signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')",
            "targetResources/any(t:t/id eq '1')",
            "status/errorCode eq 50126 and (flag eq true)",
            "appId eq null and not (status/errorCode eq 0)",
        ] {
            assert!(holds(yes), "{yes}");
        }
        assert!(!holds("createdDateTime gt 2026-03-01T12:00:00Z"));
        for bad in [
            "createdDateTime",
            "a eq 'x",
            "a like 'x'",
            "(a eq 1",
            "a eq 1 b",
        ] {
            assert!(Filter::parse(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_span_is_taken_out_of_a_condition() {
        let filter = |text| Filter::parse(Some(text)).unwrap().unwrap();
        let (from, to, alone) =
            filter("t ge 1970-01-01T00:00:01Z and t le 1970-01-01T00:00:02Z").span("t");
        assert_eq!((from, to, alone), (1_000_000, 2_000_001, true));
        assert!(!filter("t ge 1970-01-01T00:00:01Z and a eq 1").span("t").2);
    }
}
