//! The page around the tables: its head, first page, contents, sections and foot.

use super::{SCRIPT, STYLE, policy, rows};
use crate::document::{Block, Class, Count, Document, Notice, Pattern, Section, Tone};
use crate::error::ReportError;
use crate::figure::Figure;
use crate::text::{markup, slug, thousands};
use std::io::Write;

/// Writes everything before the first words.
pub(super) fn head(document: &Document<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let title = markup(&document.title);
    let policy = policy::admitting(STYLE, SCRIPT);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
    )?;
    Ok(())
}

/// Writes the title and its facts.
pub(super) fn front(document: &Document<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    out.write_all(b"<header class=\"front\">\n")?;
    if !document.profile.is_empty() {
        writeln!(
            out,
            "<p class=\"profile\">Written for: {}</p>",
            markup(&document.profile)
        )?;
    }
    writeln!(out, "<h1>{}</h1>", markup(&document.title))?;
    if !document.subtitle.is_empty() {
        let subtitle = markup(&document.subtitle);
        writeln!(out, "<p class=\"subtitle\">{subtitle}</p>")?;
    }
    facts(&document.facts, out)?;
    out.write_all(b"</header>\n")?;
    Ok(())
}

/// Writes the table of contents.
pub(super) fn contents(document: &Document<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    out.write_all(b"<nav class=\"contents\" aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ol>\n")?;
    for (at, section) in document.sections.iter().enumerate() {
        writeln!(
            out,
            "<li><a href=\"#{}\">{}</a></li>",
            anchor(section, at + 1),
            markup(&section.title)
        )?;
    }
    out.write_all(b"</ol>\n</nav>\n")?;
    Ok(())
}

/// Writes one section.
pub(super) fn section(
    document: &Document<'_>,
    section: &Section<'_>,
    number: usize,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let anchor = anchor(section, number);
    writeln!(
        out,
        "<section aria-labelledby=\"{anchor}\">\n<h2 id=\"{anchor}\"><span class=\"number\">{number}</span> {}</h2>",
        markup(&section.title)
    )?;
    for (at, one) in section.blocks.iter().enumerate() {
        // The number makes ids unique whatever the composer calls its tables.
        let id = format!("b{number}-{}", at + 1);
        block(document, one, &id, out)?;
    }
    out.write_all(b"</section>\n")?;
    Ok(())
}

fn anchor(section: &Section<'_>, number: usize) -> String {
    let slug = slug(&section.id);
    if slug.is_empty() {
        format!("s{number}")
    } else {
        format!("s{number}-{slug}")
    }
}

fn block(
    document: &Document<'_>,
    block: &Block<'_>,
    id: &str,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    match block {
        Block::Text(text) => writeln!(out, "<p>{}</p>", markup(text))?,
        Block::Lead(text) => writeln!(out, "<p class=\"lead\">{}</p>", markup(text))?,
        Block::Facts(pairs) => facts(pairs, out)?,
        Block::Counts(tiles) => counts(document, tiles, out)?,
        Block::Notice(kind, text) => notice(*kind, text, out)?,
        Block::Table(table) => rows::table(document, table, id, out)?,
        Block::Figure(one) => figure(one, id, out)?,
    }
    Ok(())
}

fn facts(pairs: &[(String, String)], out: &mut dyn Write) -> Result<(), ReportError> {
    if pairs.is_empty() {
        return Ok(());
    }
    out.write_all(b"<dl class=\"facts\">\n")?;
    for (name, value) in pairs {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", markup(name), markup(value))?;
    }
    out.write_all(b"</dl>\n")?;
    Ok(())
}

fn counts(
    document: &Document<'_>,
    tiles: &[Count],
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    out.write_all(b"<ul class=\"counts\">\n")?;
    for tile in tiles {
        let class = document.class(&tile.class);
        writeln!(
            out,
            "<li><span class=\"letter\">{}{}</span><span class=\"amount\">{}</span><span class=\"name\">{}</span><span class=\"meaning\">{}</span></li>",
            swatch(class),
            markup(&tile.class),
            thousands(tile.number),
            markup(class.map_or("", |class| class.name.as_str())),
            markup(&tile.meaning)
        )?;
    }
    out.write_all(b"</ul>\n")?;
    Ok(())
}

/// Returns a class's pattern as an empty element; the letter beside it says the same in words.
pub(super) fn swatch(class: Option<&Class>) -> String {
    class.map_or_else(String::new, |class| {
        format!(
            "<span class=\"{}\" aria-hidden=\"true\"></span>",
            swatch_names(class)
        )
    })
}

/// Returns the style names of a class's pattern.
pub(super) fn swatch_names(class: &Class) -> String {
    format!("swatch {} {}", pattern(class.pattern), tone(class.tone))
}

fn pattern(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Solid => "solid",
        Pattern::Crosshatch => "crosshatch",
        Pattern::Hatch => "hatch",
        Pattern::Falling => "falling",
        Pattern::Dots => "dots",
        Pattern::Rows => "rows",
        Pattern::Columns => "columns",
        Pattern::Core => "core",
        Pattern::Blank => "blank",
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Alarm => "alarm",
        Tone::Warning => "warning",
        Tone::Unsure => "unsure",
        Tone::Calm => "calm",
        Tone::Muted => "muted",
    }
}

fn notice(kind: Notice, text: &str, out: &mut dyn Write) -> Result<(), ReportError> {
    let (name, word) = match kind {
        Notice::Warning => ("warning", "Warning"),
        Notice::Info => ("info", "Note"),
    };
    writeln!(
        out,
        "<div class=\"notice {name}\" role=\"note\"><strong>{word}</strong><p>{}</p></div>",
        markup(text)
    )?;
    Ok(())
}

fn figure(figure: &Figure, id: &str, out: &mut dyn Write) -> Result<(), ReportError> {
    writeln!(
        out,
        "<figure>\n<p class=\"figure-title\">{}</p>\n<div class=\"card\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n{}</div>\n<figcaption>{}</figcaption>\n</figure>",
        markup(figure.title()),
        markup(figure.title()),
        figure.svg(id),
        markup(figure.caption())
    )?;
    Ok(())
}

/// Writes the foot and the script.
pub(super) fn foot(document: &Document<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    write!(
        out,
        "<footer><p>{}</p></footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        markup(&document.footer)
    )?;
    Ok(())
}
