//! What is answered over HTTP: the pages, the API, and whether collecting is well.
//!
//! Pages are written on the server from what the ledger holds (`pages`, one file each); the state of
//! a page is its address. Whatever is fetched changes nothing: who answers a GET is given no way to
//! write (`house`). What somebody may see is decided in one place (`sight`), and what a form does, by
//! whom it was sent (`form`).

mod api;
mod assets;
mod board;
mod checking;
mod csv;
mod error;
mod form;
mod frame;
mod headers;
mod health;
mod house;
mod keys;
mod link;
mod metrics;
mod pages;
mod password;
mod refusal;
pub mod respond;
mod role;
mod routes;
mod seal;
mod serving;
mod session;
mod sight;
mod text;
mod throttle;
mod ticket;
mod totp;

pub use board::Board;
pub use error::WebError;
pub use house::{Clock, House, Settings};
pub use routes::routes;
pub use serving::{Listen, Serving, serve, serve_pages};
