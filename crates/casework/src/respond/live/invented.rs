//! Invented answers.
