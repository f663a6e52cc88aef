//! Trouble with a face: what happened, why, what to do, and the exit code.

use engine::{EngineError, ErrorKind};
use std::error::Error;
use std::io;
use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Everything was done.
    Ok,
    /// Something that should not happen.
    Unexpected,
    /// The words typed make no sense.
    Usage,
    /// A part could not be done; it was listed.
    Partial,
    /// Something was found that is as urgent as the operator asked to be told by the exit code.
    Findings,
    /// No sign-in, or no permission.
    Access,
    /// The records do not cover what was asked: the answer is not defensible as it stands.
    Incomplete,
    /// The service asked to come back later.
    Throttled,
    /// Bytes or rows are not what they were.
    Verification,
    /// What was approved is not what is there, or nobody approved it.
    Approval,
    /// Stopped by the operator; can be taken up again.
    Interrupted,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(match code {
            Code::Ok => 0,
            Code::Unexpected => 1,
            Code::Usage => 2,
            Code::Partial => 3,
            Code::Findings => 4,
            Code::Access => 5,
            Code::Incomplete => 6,
            Code::Throttled => 7,
            Code::Verification => 8,
            Code::Approval => 9,
            Code::Interrupted => 130,
        })
    }
}

/// Why a command could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The engine says so.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// An argument cannot be understood.
    #[error("understand {what}")]
    Argument {
        /// The argument and its value.
        what: String,
        /// What to type instead.
        hint: String,
    },
    /// There is no place for the data.
    #[error("find the platform's data folder")]
    NoDataFolder,
    /// The simulated cloud cannot be served.
    #[error("serve the simulated cloud")]
    Simulator(#[source] Box<sim::ServeError>),
    /// An address cannot be listened on.
    #[error("answer on `{address}`")]
    Serve {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The pages cannot be served.
    #[error(transparent)]
    Pages(#[from] web::WebError),
    /// Printing failed.
    #[error("print the answer")]
    Print(#[from] io::Error),
}

impl Trouble {
    /// Returns the exit code.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Engine(error) => match error.kind() {
                ErrorKind::Unexpected => Code::Unexpected,
                ErrorKind::Usage => Code::Usage,
                ErrorKind::Verification => Code::Verification,
                ErrorKind::Interrupted => Code::Interrupted,
                ErrorKind::Access => Code::Access,
                ErrorKind::Approval => Code::Approval,
            },
            Self::Argument { .. } | Self::NoDataFolder | Self::Serve { .. } => Code::Usage,
            Self::Pages(web::WebError::Engine(_) | web::WebError::Random) => Code::Unexpected,
            Self::Pages(_) => Code::Usage,
            Self::Simulator(_) | Self::Print(_) => Code::Unexpected,
        }
    }

    /// Returns what the operator can do.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Engine(error) => error.hint(),
            Self::Argument { hint, .. } => Some(hint.clone()),
            Self::NoDataFolder => Some("name one with `--data DIR` or BREACHSCOPE_DATA".to_owned()),
            Self::Simulator(_) => Some("choose another `--port`, or none".to_owned()),
            Self::Serve { .. } => Some("choose another address for `--health`".to_owned()),
            Self::Pages(error) => error.hint(),
            Self::Print(_) => None,
        }
    }

    /// Returns the causes, the nearest first; libraries repeat their causes, this does not.
    pub(crate) fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = Vec::new();
        let what = self.to_string();
        let mut next = self.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            let said = what == text || causes.last().is_some_and(|last| last.contains(&text));
            if !said {
                causes.push(text);
            }
            next = cause.source();
        }
        causes
    }

    /// Returns whether the reader of our output went away, as `head` does: that is no trouble.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Print(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}
