//! Rules in Sigma, run by a library behind our own wall.
//!
//! | module | what it holds |
//! |---|---|
//! | `set`, `memory`, `rule`, `sentence` | the rules of an operator, matched and made into hits |
//! | `route`, `columns`, `record`, `parts`, `fields`, `value` | what our records answer to the fields of rules |
//! | `library` | reading, compiling and judging rules: the only place that knows the library |
//! | `correlate` | rules over what other rules matched |
//! | `trial` | a rule tried on records |
//!
//! What it deliberately is not: a converter of rules. A rule is run as it is written, or listed
//! with why it cannot be.

mod columns;
mod correlate;
mod fields;
mod library;
mod memory;
mod parts;
mod record;
mod route;
mod rule;
mod sentence;
mod set;
mod trial;
mod value;

pub use correlate::Correlations;
pub use route::Route;
pub use rule::{Rule, Unusable};
pub use set::RuleSet;
pub use trial::{Match, RuleTest};
