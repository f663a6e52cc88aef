//! A case file taken apart: fenced blocks and tables in their order, each with its line.
//!
//! Only as much of Markdown as the case files use; whatever else stands there is prose.

/// A part of a case file that says something to the runner.
#[derive(Debug)]
pub(super) enum Part {
    /// A fenced block.
    Block(Block),
    /// A table.
    Table(Table),
}

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block {
    /// The line of its fence, from 1.
    pub(super) line: usize,
    /// The first word behind the fence.
    pub(super) language: String,
    /// The other words, as they stand.
    pub(super) words: Vec<String>,
    /// What is inside.
    pub(super) text: String,
}

/// A table whose first row names its columns.
#[derive(Debug)]
pub(super) struct Table {
    /// The line of its first row, from 1.
    pub(super) line: usize,
    /// The columns' names.
    pub(super) columns: Vec<String>,
    /// The rows below.
    pub(super) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub(super) struct Row {
    /// Its line, from 1.
    pub(super) line: usize,
    /// Its cells, without the backticks around them.
    pub(super) cells: Vec<String>,
}

impl Block {
    /// Returns whether a word stands behind the language.
    pub(super) fn is(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }

    /// Returns what stands behind `name=` after the language.
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.words.iter().find_map(|word| {
            word.split_once('=')
                .filter(|(own, _)| *own == name)
                .map(|(_, value)| value)
        })
    }
}

/// Takes a case file apart; a fence that nobody closes ends with the file.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .peekable();
    while let Some((number, line)) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let inside = lines
                .by_ref()
                .take_while(|(_, line)| !line.starts_with("```"));
            let text: Vec<&str> = inside.map(|(_, line)| line).collect();
            parts.push(Part::Block(block(number, info, &text)));
        } else if line.starts_with('|') {
            let mut rows = vec![row(number, line)];
            while let Some((number, line)) = lines.next_if(|(_, line)| line.starts_with('|')) {
                rows.push(row(number, line));
            }
            parts.push(Part::Table(table(number, rows)));
        }
    }
    parts
}

fn block(line: usize, info: &str, text: &[&str]) -> Block {
    let mut words = info.split_whitespace().map(str::to_owned);
    Block {
        line,
        language: words.next().unwrap_or_default(),
        words: words.collect(),
        text: text.join("\n"),
    }
}

fn table(line: usize, mut rows: Vec<Row>) -> Table {
    let columns = rows.remove(0).cells;
    let is_rule = |row: &Row| {
        row.cells
            .iter()
            .all(|cell| !cell.is_empty() && cell.chars().all(|letter| "-: ".contains(letter)))
    };
    rows.retain(|row| !is_rule(row));
    Table {
        line,
        columns,
        rows,
    }
}

/// A `\|` is a bar inside a cell.
fn row(line: usize, text: &str) -> Row {
    const BAR: &str = "\u{1}";
    let text = text.trim().replace("\\|", BAR);
    let inside = text.strip_prefix('|').unwrap_or(&text);
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    let cells = inside
        .split('|')
        .map(|cell| cell.trim().replace('`', "").replace(BAR, "|"));
    Row {
        line,
        cells: cells.collect(),
    }
}

#[test]
fn blocks_and_tables_keep_their_lines_and_their_bars() {
    let found =
        parts("# A\n\n```jsonl audit every=30s\n{}\n```\n| a | b |\n|---|---|\n| `x \\| y` | |\n");
    let [Part::Block(block), Part::Table(table)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((block.line, block.text.as_str()), (3, "{}"));
    assert!(block.is("audit") && block.option("every") == Some("30s"));
    assert_eq!((table.line, table.rows[0].line), (6, 8));
    assert_eq!(table.rows[0].cells, ["x | y", ""]);
}
