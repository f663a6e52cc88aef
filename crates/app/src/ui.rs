//! The only place that prints: data on stdout, talk on stderr.

use crate::cli::{Format, Global};
use crate::error::{Code, Trouble};
use crate::table::Table;
use anstream::{AutoStream, ColorChoice};
use model::shown::{is_hidden, shown};
use owo_colors::OwoColorize;
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

/// Where answers and talk go.
pub(crate) struct Ui {
    out: BufWriter<AutoStream<io::Stdout>>,
    err: AutoStream<io::Stderr>,
    /// How the answer is to be printed.
    pub(crate) format: Format,
    quiet: bool,
    /// Ends the process, for whoever interrupts twice.
    pub(crate) end_at_once: fn() -> !,
}

impl Ui {
    /// Opens both streams as the global options say.
    pub(crate) fn new(global: &Global, end_at_once: fn() -> !) -> Self {
        let choice = if global.no_color {
            ColorChoice::Never
        } else {
            ColorChoice::Auto
        };
        Self {
            out: BufWriter::new(AutoStream::new(io::stdout(), choice)),
            err: AutoStream::new(io::stderr(), choice),
            format: global
                .format
                .first()
                .and_then(|format| format.printed())
                .unwrap_or(Format::Table),
            quiet: global.quiet,
            end_at_once,
        }
    }

    /// Prints one line of the answer.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), Trouble> {
        Ok(writeln!(self.out, "{line}")?)
    }

    /// Prints one line of the answer that leads the eye.
    pub(crate) fn heading(&mut self, line: &str) -> Result<(), Trouble> {
        Ok(writeln!(self.out, "{}", line.bold())?)
    }

    /// Prints a table: its head, then its rows.
    pub(crate) fn table(&mut self, table: &Table) -> Result<(), Trouble> {
        let (head, rows) = table.lines();
        self.heading(&head)?;
        rows.iter().try_for_each(|row| self.line(row))
    }

    /// Prints one JSON value on a line.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Trouble> {
        let mut writer = serde_json::Serializer::with_formatter(&mut self.out, Escaping);
        value.serialize(&mut writer).map_err(io::Error::from)?;
        Ok(writeln!(self.out)?)
    }

    /// Writes raw bytes of the answer, for scripts that other programs read.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        Ok(self.out.write_all(bytes)?)
    }

    /// Says something on stderr that is no part of the answer.
    pub(crate) fn say(&mut self, line: &str) {
        if !self.quiet {
            // Nobody may be listening; the answer is what counts.
            let _ = writeln!(self.err, "{line}");
        }
    }

    /// Warns on stderr, even when quiet.
    pub(crate) fn warn(&mut self, line: &str) {
        let _ = writeln!(self.err, "{}: {line}", "warning".yellow().bold());
    }

    /// Returns whether talk may use a live progress bar.
    pub(crate) fn live(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Makes sure that everything printed has left.
    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        Ok(self.out.flush()?)
    }

    /// Tells of trouble and returns the exit code for it.
    pub(crate) fn trouble(&mut self, trouble: &Trouble) -> Code {
        let _ = self.out.flush();
        let what = trouble.to_string();
        let _ = writeln!(
            self.err,
            "{}: failed to {}",
            "error".red().bold(),
            shown(&what)
        );
        for cause in trouble.causes() {
            let lines: Vec<_> = cause.lines().map(shown).collect();
            let _ = writeln!(self.err, "  caused by: {}", lines.join("\n    "));
        }
        if let Some(hint) = trouble.hint() {
            let _ = writeln!(self.err, "  {}: {hint}", "hint".cyan().bold());
        }
        trouble.code()
    }
}

/// JSON on one line in which hidden characters are escapes: a terminal shows them, a
/// program reads the original.
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Nearly every text is plain, and there may be a gigabyte of it.
        let is_plain = fragment.bytes().all(|byte| byte.is_ascii() && byte != 0x7f);
        if is_plain {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, hidden)) = rest.char_indices().find(|(_, one)| is_hidden(*one)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + hidden.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Prints what clap says of wrong usage, or the help or version asked for, and returns the exit code.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() {
        Code::Usage.into()
    } else {
        Code::Ok.into()
    }
}

/// Logs are for operators: on stderr, warnings unless asked for more, `RUST_LOG` above all.
pub(crate) fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn,deltalake=error,deltalake_core=error,delta_kernel=error,buoyant_kernel=error",
        1 => "info,deltalake=warn,deltalake_core=warn,delta_kernel=warn,buoyant_kernel=warn",
        2 => "debug",
        _ => "trace",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    // A second start in one process, as tests do it, keeps the first log.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
}
