//! Documents written in every format and read back as their readers would.

mod hostile;
mod page;
mod pictures;
mod size;
mod specimen;
