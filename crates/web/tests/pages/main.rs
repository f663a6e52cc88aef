//! The pages from outside: what is asked over HTTP and what comes back, over a data folder with
//! incidents of two tenants in it, by a clock that stands still until it is moved.

mod accounts;
mod acting;
mod api;
mod doctor;
mod hostile;
mod issuer;
mod ledger;
mod scanner;
mod scope;
mod settings;
mod signing_in;
mod site;
