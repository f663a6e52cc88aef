//! Reads files and prints how many records each holds and how long a record takes.
//!
//! `cargo run --release -p evidence --example rate -- FILE...`

use std::fs::File;
use std::ops::ControlFlow;

#[allow(clippy::print_stdout, clippy::disallowed_methods)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let length = File::open(&path)?.metadata()?.len();
        let rounds = (200_000_000 / length.max(1)).max(1);
        let started = std::time::Instant::now();
        let (mut records, mut other) = (0u64, 0u64);
        for _ in 0..rounds {
            evidence::read(
                &mut File::open(&path)?,
                &evidence::Options::default(),
                &mut |found| {
                    if let model::Found::Record(raw) = &found {
                        std::hint::black_box(raw);
                        records += 1;
                    } else {
                        other += 1;
                    }
                    ControlFlow::Continue(())
                },
            )?;
        }
        let took = started.elapsed();
        let (records, other) = (records / rounds, other / rounds);
        let nanos = took.as_nanos() / u128::from((records * rounds).max(1));
        let rate = length as f64 * rounds as f64 / took.as_secs_f64() / 1e6;
        println!(
            "{path}: {records} records, {other} rejects and notices, {nanos} ns a record, {rate:.0} MB/s"
        );
    }
    Ok(())
}
