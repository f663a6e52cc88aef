//! JSON objects whose keys stand in the order they were given, as Microsoft writes them.

/// A JSON object being written.
pub(super) struct Object(String);

impl Object {
    /// Begins an object.
    pub(super) fn new() -> Self {
        Self(String::from("{"))
    }

    /// Adds a text.
    pub(super) fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, &quoted(value))
    }

    /// Adds a number.
    pub(super) fn number(self, key: &str, value: usize) -> Self {
        self.raw(key, &value.to_string())
    }

    /// Adds a truth value.
    pub(super) fn flag(self, key: &str, value: bool) -> Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    /// Adds an object.
    pub(super) fn object(self, key: &str, value: Self) -> Self {
        self.raw(key, &value.finish())
    }

    /// Adds a list of objects.
    pub(super) fn list(self, key: &str, values: impl IntoIterator<Item = Self>) -> Self {
        let values: Vec<String> = values.into_iter().map(Self::finish).collect();
        self.raw(key, &format!("[{}]", values.join(",")))
    }

    /// Adds a list of texts.
    pub(super) fn texts<'a>(self, key: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let values: Vec<String> = values.into_iter().map(quoted).collect();
        self.raw(key, &format!("[{}]", values.join(",")))
    }

    /// Adds a list of `Name`, `Value` pairs.
    pub(super) fn pairs(self, key: &str, pairs: &[(&str, &str)]) -> Self {
        self.list(
            key,
            pairs
                .iter()
                .map(|(name, value)| Self::new().text("Name", name).text("Value", value)),
        )
    }

    /// Returns the text of the object.
    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn raw(mut self, key: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quoted(key));
        self.0.push(':');
        self.0.push_str(json);
        self
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
