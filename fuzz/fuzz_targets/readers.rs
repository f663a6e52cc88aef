//! Any bytes as a file of evidence.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| breachscope_fuzz::read(bytes));
