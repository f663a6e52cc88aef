//! The doorbell: sets the allocator, rings, and turns the answer into an exit code.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    app::run(std::env::args_os(), end_at_once)
}

#[allow(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the one place that ends the process"
)]
fn end_at_once() -> ! {
    // 128 + SIGINT, as shells count it; a cut-off import loses nothing.
    std::process::exit(130)
}
