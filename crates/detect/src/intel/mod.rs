//! Threat intelligence: what others know to be an intruder's, and whether a record shows it.

mod formats;
mod indicator;
mod matching;

pub use formats::{Unread, read};
pub use indicator::{Indicator, IndicatorKind};
pub use matching::Matcher;
