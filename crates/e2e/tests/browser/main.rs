//! The pages and the API as they are used: a real browser and a real tester of APIs on one side, the
//! real binary on the other, and a simulated tenant behind it that says what was changed.
//!
//! What the browser does is told in `crates/e2e/browser`, a story a file; without a browser on the
//! machine the tests say so and pass, and `cargo x ci` does not.
//!
//! | module | what it shows |
//! |---|---|
//! | `keyboard` | from sign-in to an account that is secured, and back, without a mouse |
//! | `looking` | every page, in both themes and at every width: readable by everybody, nothing from elsewhere |
//! | `scanner` | whatever fetches every link, or opens it and runs its scripts, changes nothing |
//! | `twice` | a double click, the back button and a refresh act once |
//! | `hostile` | what an intruder wrote is text |
//! | `many` | ten thousand incidents are answered as quickly as ten |
//! | `described` | the API answers whatever its description allows, as it says |

#![allow(clippy::print_stdout, reason = "a bar prints what it measured")]

#[allow(dead_code, reason = "shared with the tests of the pages")]
#[path = "../pages/browser.rs"]
mod asking;
mod described;
mod hostile;
#[allow(
    dead_code,
    clippy::print_stderr,
    reason = "shared with the other end-to-end tests, which use the rest"
)]
#[path = "../house.rs"]
mod house;
mod keyboard;
mod looking;
mod many;
mod play;
mod scanner;
mod site;
mod stage;
#[allow(dead_code, reason = "shared with the tests of collecting")]
#[path = "../collect/trial.rs"]
mod trial;
mod twice;
