//! A sheet to draw on: the few SVG elements that the figures need, and how wide words are.

use crate::document::Tone;
use crate::text::markup;
use std::fmt::Write;

/// How a text is spelled before it is measured and drawn.
pub(crate) type Spell<'a> = dyn Fn(&str) -> String + 'a;

/// The width of every figure; heights follow what is in them. On A4 a letter of 11 is then
/// one of 7 points, which is the least that reads.
pub(super) const WIDTH: f64 = 720.0;

/// How much wider bold letters are.
pub(super) const BOLDER: f64 = 1.12;

pub(super) const INK: &str = "#1f2328";
pub(super) const FAINT: &str = "#59616b";
pub(super) const LINE: &str = "#c9ced6";

/// A growing SVG picture.
pub(super) struct Canvas<'a> {
    body: String,
    spell: &'a Spell<'a>,
}

/// How a text stands.
#[derive(Clone, Copy)]
pub(super) struct Lettering {
    pub(super) size: f64,
    pub(super) fill: &'static str,
    pub(super) anchor: &'static str,
    pub(super) weight: &'static str,
}

impl Lettering {
    pub(super) const fn new(size: f64, fill: &'static str) -> Self {
        Self {
            size,
            fill,
            anchor: "start",
            weight: "normal",
        }
    }

    pub(super) const fn middle(mut self) -> Self {
        self.anchor = "middle";
        self
    }

    pub(super) const fn bold(mut self) -> Self {
        self.weight = "bold";
        self
    }
}

impl<'a> Canvas<'a> {
    pub(super) fn new(spell: &'a Spell<'a>) -> Self {
        Self {
            body: String::new(),
            spell,
        }
    }

    /// Returns the text as this picture spells it.
    pub(super) fn spelled(&self, text: &str) -> String {
        (self.spell)(text)
    }

    /// Draws a spelled text.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, how: Lettering) {
        let Lettering {
            size,
            fill,
            anchor,
            weight,
        } = how;
        self.push(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" font-weight="{weight}">{}</text>"#,
            markup(text)
        ));
    }

    /// Opens a group that tells its full words to a pointer and to a reader's voice.
    pub(super) fn open(&mut self, title: &str) {
        let title = markup(&self.spelled(title));
        self.push(format_args!("<g><title>{title}</title>"));
    }

    pub(super) fn close(&mut self) {
        self.push(format_args!("</g>\n"));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64) {
        self.push(format_args!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{stroke}" stroke-width="{width}"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    /// Draws a rectangle, unless it is too thin to be drawn.
    pub(super) fn rect(&mut self, corner: (f64, f64), size: (f64, f64), look: &str) {
        if size.0 < 0.05 || size.1 < 0.05 {
            return;
        }
        self.push(format_args!(
            r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" {look}/>"#,
            corner.0, corner.1, size.0, size.1
        ));
    }

    pub(super) fn path(&mut self, data: &str, look: &str) {
        self.push(format_args!(r#"<path d="{data}" {look}/>"#));
    }

    /// Draws the shape of a tone, so that it is told without colour too.
    pub(super) fn shape(&mut self, x: f64, y: f64, tone: Tone) {
        let fill = colour(tone);
        match tone {
            Tone::Alarm => self.path(
                &format!("M{x:.1} {:.1}l5 5l-5 5l-5 -5z", y - 5.0),
                &format!(r#"fill="{fill}""#),
            ),
            Tone::Warning => self.path(
                &format!("M{x:.1} {:.1}l5 9h-10z", y - 5.0),
                &format!(r#"fill="{fill}""#),
            ),
            Tone::Unsure => self.push(format_args!(
                r##"<circle cx="{x:.1}" cy="{y:.1}" r="3.8" fill="#fff" stroke="{fill}" stroke-width="1.8"/>"##
            )),
            Tone::Calm => self.push(format_args!(
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="4" fill="{fill}"/>"#
            )),
            Tone::Muted => self.push(format_args!(
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="2.6" fill="{fill}"/>"#
            )),
        }
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(element);
    }

    /// Returns the whole picture.
    pub(super) fn finish(self, id: &str, title: &str, caption: &str, height: f64) -> String {
        let (title, caption) = (markup(&self.spelled(title)), markup(&self.spelled(caption)));
        let body = self.body;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0}" height="{height:.0}" viewBox="0 0 {WIDTH:.0} {height:.0}" role="img" aria-labelledby="{id}-title {id}-caption" font-family="'Libertinus Serif', Georgia, 'Times New Roman', serif">
<title id="{id}-title">{title}</title><desc id="{id}-caption">{caption}</desc>
<defs><pattern id="{id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#f3f1ea"/><rect width="1.6" height="7" fill="#a39d8b"/></pattern></defs>
<rect width="{WIDTH:.0}" height="{height:.0}" fill="#fff"/>
{body}</svg>
"##
        )
    }
}

/// Returns a tone's colour, dark enough to read on white.
pub(super) fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Alarm => "#a4262c",
        Tone::Warning => "#a35200",
        Tone::Unsure => "#6b4c9a",
        Tone::Calm => "#2f5d8a",
        Tone::Muted => "#6b7280",
    }
}

/// Returns about how wide a text is; rather too wide, for which serif a browser has is not
/// known, and a text that is wider than this would run out of its frame.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// The widths of the widest serif that is common where pages are read, DejaVu Serif.
fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.33,
        'f' | 't' | '(' | ')' | '[' | ']' | '/' | '-' | '!' | 'I' | 'J' => 0.41,
        'c' | 'r' | 's' | 'v' | 'x' | 'y' | 'z' | '`' | '_' | '"' => 0.57,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.03,
        'A'..='Z' | '<' | '>' | '+' | '=' | '&' => 0.85,
        '\0'..='\u{24f}' => 0.65,
        '\u{1100}'.. => 1.05,
        _ => 0.78,
    }
}

/// Returns the text, cut with an ellipsis where it is wider than there is room.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - advance('…') * size;
    let mut used = 0.0;
    let mut out = String::new();
    for character in text.chars() {
        used += advance(character) * size;
        if used > room {
            break;
        }
        out.push(character);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Returns the text in at most so many lines; the last is cut where more would follow.
pub(super) fn wrapped(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && lines.len() + 1 < most && width(rest, size) > room {
        let end = break_before(rest, size, room);
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    if !rest.is_empty() {
        lines.push(fitted(rest, size, room));
    }
    lines
}

/// Returns where a line ends: after a space, else after a joint of an identifier, else
/// where it is full.
fn break_before(text: &str, size: f64, room: f64) -> usize {
    let mut used = 0.0;
    let (mut space, mut joint) = (None, None);
    for (at, character) in text.char_indices() {
        used += advance(character) * size;
        let full = used > room && at > 0;
        if full {
            return space.or(joint).unwrap_or(at);
        }
        let after = Some(at + character.len_utf8());
        match character {
            ' ' => space = after,
            '-' | '@' | '.' | '/' | '_' | ':' | ',' => joint = after,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_never_leaves_its_room() {
        for text in [
            "a",
            "Outlook for iOS and Android",
            "WWWWWWWWWWWWWWWWWWWWWW",
            "中文中文中文中文中文",
            "395a1045-4185-43f1-ba4f-2b889bf7416b",
        ] {
            assert!(width(&fitted(text, 12.0, 90.0), 12.0) <= 90.0, "{text}");
            let lines = wrapped(text, 12.0, 90.0, 2);
            assert!(lines.len() <= 2);
            for line in lines {
                assert!(width(&line, 12.0) <= 90.0, "{line}");
            }
        }
    }

    #[test]
    fn words_break_between_words() {
        assert_eq!(
            wrapped("Outlook for Android 4.2", 12.0, 90.0, 3),
            ["Outlook for", "Android 4.2"]
        );
    }
}
