//! What a check says: where it looked, what it found, why that matters, and the exact fix.

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It was looked at, and it is as it should be.
    Well,
    /// Nothing is lost as it is; it could be better.
    Advice,
    /// It works against the investigation, or will soon.
    Wrong,
    /// It could not be looked at: nothing is said of it.
    Unknown,
    /// Records are not written, or not collected.
    Blind,
}

impl State {
    /// Returns the word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Well => "ok",
            Self::Advice => "advice",
            Self::Wrong => "wrong",
            Self::Unknown => "unknown",
            Self::Blind => "blind",
        }
    }

    /// Returns the state of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let all = [
            Self::Well,
            Self::Advice,
            Self::Wrong,
            Self::Unknown,
            Self::Blind,
        ];
        all.into_iter().find(|state| state.name() == name)
    }

    /// Returns whether an operator need not act. What could not be looked at is not well.
    #[must_use]
    pub fn is_well(self) -> bool {
        matches!(self, Self::Well | Self::Advice)
    }
}

/// A check in its own words.
#[derive(Debug, PartialEq, Eq)]
pub struct About {
    /// Its name, which stays the same.
    pub name: &'static str,
    /// Why it matters, in one sentence.
    pub why: &'static str,
    /// Microsoft's page on it; empty where it is of this machine alone.
    pub link: &'static str,
}

/// What one check found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub about: &'static About,
    /// What it looked at: a service, a content type, a feed; empty where there is one thing alone.
    pub subject: String,
    /// How that stands.
    pub state: State,
    /// What was found, in one sentence.
    pub what: String,
    /// What is to be done; empty where nothing is.
    pub fix: String,
    /// The same as commands, to be read before they are run.
    pub steps: Vec<Step>,
}

/// Where a command is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shell {
    /// Microsoft Graph PowerShell: applications, permissions, roles of the directory.
    Graph,
    /// The Azure command line.
    Azure,
    /// Exchange Online PowerShell.
    Exchange,
    /// This program.
    Here,
}

/// One command of a fix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// Where it is typed.
    pub shell: Shell,
    /// The command, in PowerShell's quotes; perhaps several lines that belong together.
    pub line: String,
}

impl About {
    /// Says that something is as it should be.
    pub(super) fn well(&'static self, what: impl Into<String>) -> Finding {
        self.found(State::Well, what)
    }

    /// Says that something could be better.
    pub(super) fn advice(&'static self, what: impl Into<String>) -> Finding {
        self.found(State::Advice, what)
    }

    /// Says that something is wrong.
    pub(super) fn wrong(&'static self, what: impl Into<String>) -> Finding {
        self.found(State::Wrong, what)
    }

    /// Says that records are missing.
    pub(super) fn blind(&'static self, what: impl Into<String>) -> Finding {
        self.found(State::Blind, what)
    }

    /// Says that a check could not be made.
    pub(super) fn unknown(&'static self, what: impl Into<String>) -> Finding {
        self.found(State::Unknown, what)
    }

    fn found(&'static self, state: State, what: impl Into<String>) -> Finding {
        Finding {
            about: self,
            subject: String::new(),
            state,
            what: what.into(),
            fix: String::new(),
            steps: Vec::new(),
        }
    }
}

impl Finding {
    /// Names the one thing of several that was looked at.
    pub(super) fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Adds what is to be done.
    pub(super) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Adds a command of the fix.
    pub(super) fn step(mut self, shell: Shell, line: impl Into<String>) -> Self {
        self.steps.push(Step {
            shell,
            line: line.into(),
        });
        self
    }

    /// Adds commands of the fix.
    pub(super) fn steps(mut self, shell: Shell, lines: impl IntoIterator<Item = String>) -> Self {
        let steps = lines.into_iter().map(|line| Step { shell, line });
        self.steps.extend(steps);
        self
    }
}

/// Returns so many of something in words.
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Returns the first few of a list in words, and how many more there are.
pub(super) fn first_few(names: &[&str]) -> String {
    const FEW: usize = 3;
    let few: Vec<String> = names
        .iter()
        .take(FEW)
        .map(|name| format!("`{}`", model::shown::shown(name)))
        .collect();
    match names.len().saturating_sub(FEW) {
        0 => few.join(", "),
        more => format!("{} and {more} more", few.join(", ")),
    }
}
