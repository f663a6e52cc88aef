//! End-to-end tests of the binary; there is nothing here but `tests/`.
//!
//! They only show that the parts are connected and that the bars on real data are
//! cleared: whatever can fail on a lower floor is tested there. Nothing is shared with
//! the rooms, so that a misunderstanding cannot sit on both sides of a test.
