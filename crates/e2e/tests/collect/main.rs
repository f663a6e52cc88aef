//! Collecting from outside: a small cloud with faults on dials on one side, the real binary on
//! the other, and the cloud says what is missing, what came twice and what it lost itself.
//!
//! | module | what it shows |
//! |---|---|
//! | `clean` | every stream of a story is collected whole, and a second run brings nothing |
//! | `faults` | the same under every fault on the dials, one by one and all at once |
//! | `losses` | what the cloud lost is a gap with its interval, and the trouble is told |
//! | `killed` | `kill -9` at random moments, an interrupt, a worker that takes over from another |
//! | `disk` | a full disk, a ledger and a lake that somebody else holds |
//! | `clock` | a clock that is wrong, and one that jumps |
//! | `tenants` | a broken tenant costs no other, a paused one waits |
//! | `bars` | what it costs: time, memory, how far behind a worker with many tenants is |
//! | `respond` | an account is secured against every foothold of a story, and taken back as it was |
//! | `told` | `serve` tells people of what can be listed, and how soon |
//! | `after` | an intruder who is seen again, and an account that is secured without a person |
//! | `hostile` | a token never leaves for a host that it is not for |

#![allow(clippy::print_stdout, reason = "a bar prints what it measured")]

mod after;
mod bars;
mod clean;
mod clock;
mod disk;
mod faults;
mod hostile;
#[allow(
    dead_code,
    clippy::print_stderr,
    reason = "shared with the other end-to-end tests, which use the rest"
)]
#[path = "../house.rs"]
mod house;
mod killed;
mod losses;
mod respond;
mod tenants;
mod told;
mod trial;
