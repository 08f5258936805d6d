//! The lines of a page while it is read: blanks, bullets, cells. Not which element makes what: that is `html`.
use super::super::row;

/// The open line and the blocks of lines around it.
pub struct Flow {
    /// Blocks of lines: the page first, then each open table cell.
    blocks: Vec<Vec<String>>,
    /// Cells of each open table row.
    rows: Vec<Vec<Vec<String>>>,
    line: String,
    blank: Blank,
    /// The next line opens a list item.
    bullet: bool,
    /// Bytes written, line ends too.
    written: u64,
}

/// White space that is read and not yet written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blank {
    None,
    Space,
    /// With a line end in it.
    Break,
}

impl Flow {
    /// An empty page.
    pub fn new() -> Self {
        Self { blocks: vec![Vec::new()], rows: Vec::new(), line: String::new(), blank: Blank::None, bullet: false, written: 0 }
    }

    /// How many bytes of text there are, those of the open line too.
    pub fn bytes(&self) -> u64 {
        self.written.saturating_add(u64::try_from(self.line.len()).unwrap_or(u64::MAX))
    }

    /// Adds text. White space is one blank, or none between two Chinese characters that a line end parts (CSS Text 3,
    /// section 4.1.3); where it is `preserved`, it stays.
    pub fn text(&mut self, text: &str, preserved: bool) {
        for c in text.chars() {
            match c {
                '\n' if preserved => self.break_line(),
                ' ' | '\t' | '\u{c}' | '\r' if !preserved => self.blank = self.blank.max(Blank::Space),
                '\n' => self.blank = Blank::Break,
                _ => {
                    let glued = self.blank == Blank::Break && is_wide(c) && self.line.chars().next_back().is_some_and(is_wide);
                    if self.blank != Blank::None && !self.line.is_empty() && !glued {
                        self.line.push(' ');
                    }
                    self.blank = Blank::None;
                    self.line.push(c);
                }
            }
        }
    }

    /// Adds a tab.
    pub fn tab(&mut self) {
        self.blank = Blank::None;
        self.line.push('\t');
    }

    /// Ends the line, if it has words.
    pub fn end_line(&mut self) {
        self.blank = Blank::None;
        let written = self.bytes().saturating_add(1);
        let line = std::mem::take(&mut self.line);
        let words = line.trim();
        if !words.is_empty() {
            self.written = written;
            let mark = if std::mem::take(&mut self.bullet) && !words.starts_with('•') { "• " } else { "" };
            self.block().push(format!("{mark}{words}"));
        }
    }

    /// Ends the line; one without words stays empty.
    pub fn break_line(&mut self) {
        if self.line.trim().is_empty() { self.gap() } else { self.end_line() }
    }

    /// Ends the line and leaves an empty one behind it.
    pub fn gap(&mut self) {
        self.end_line();
        if self.block().last().is_some_and(|line| !line.is_empty()) {
            self.block().push(String::new());
        }
    }

    /// Ends the line and says whether the next one opens a list item.
    pub fn bullet(&mut self, opens: bool) {
        self.end_line();
        self.bullet = opens;
    }

    /// Opens a table row.
    pub fn open_row(&mut self) {
        self.end_line();
        self.rows.push(Vec::new());
    }

    /// Closes the innermost table row.
    pub fn close_row(&mut self) {
        self.end_line();
        if let Some(cells) = self.rows.pop().filter(|cells| !cells.is_empty()) {
            self.block().extend(row::lines(cells));
        }
    }

    /// Opens a table cell.
    pub fn open_cell(&mut self) {
        self.end_line();
        self.blocks.push(Vec::new());
    }

    /// Closes the innermost table cell.
    pub fn close_cell(&mut self) {
        self.end_line();
        if self.blocks.len() > 1 {
            let cell = self.blocks.pop().unwrap_or_default();
            match self.rows.last_mut() {
                Some(row) => row.push(cell),
                None => self.block().extend(cell),
            }
        }
    }

    /// The text of the page, once all rows and cells are closed.
    pub fn finish(mut self) -> String {
        self.end_line();
        self.blocks.concat().join("\n")
    }

    fn block(&mut self) -> &mut Vec<String> {
        if self.blocks.is_empty() {
            self.blocks.push(Vec::new());
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }
}

/// True for Chinese and Japanese characters and their full-width signs, between which a line end is no blank.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}')
        || matches!(c, '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}
