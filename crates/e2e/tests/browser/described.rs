//! described
