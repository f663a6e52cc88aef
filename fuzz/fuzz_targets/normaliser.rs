//! Any JSON body under any shape.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| breachscope_fuzz::normalise(bytes));
