//! From glyphs on a page to text in reading order: lines, columns, paragraphs. Not headings or tables as such.
use super::content::Glyph;
use crate::text::{columns, is_han};
use std::collections::BTreeMap;

/// Shares of the font size: the gap that makes a blank, between Chinese characters, between two pieces of a line,
/// and the gap that becomes a tab.
const BLANK_GAP: f64 = 0.17;
const HAN_GAP: f64 = 0.6;
const PIECE_GAP: f64 = 0.9;
const TAB_GAP: f64 = 1.3;
/// How far apart the copies of a text drawn twice may lie, in font sizes.
const SHADOW: f64 = 0.12;
/// The least width of the white between two columns, in font sizes.
const GUTTER: f64 = 0.85;
/// The least lines of a column.
const LEAST_LINES: usize = 3;
/// Above this many pieces on a page no columns are looked for (a drawing, not a CV).
const MOST_PIECES: usize = 2000;
/// The most places where the white between two columns is looked for.
const MOST_EDGES: usize = 200;
/// Pieces looked at in the search for columns, over all pages: a CV of ten pages needs a hundredth of it.
pub const MOST_EFFORT: usize = 10_000_000;
/// How often columns may nest.
const DEEPEST: usize = 8;

/// A stretch of glyphs on one baseline without a wide gap. The y axis points up, text runs to the right.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
    /// Place in the order of drawing.
    order: usize,
    signs: Signs,
}

/// What the words of a piece tell about the column it may stand in.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    columns: usize,
    /// Holds a year.
    dated: bool,
    /// Holds a label and its value.
    labelled: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let dated = text.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")));
        let labelled = text.chars().take(12).any(|c| c == ':' || c == '：');
        Self { columns: columns(text), dated, labelled }
    }
}

/// The text of a page: upright glyphs first, then those turned by quarters.
///
/// `effort` is what is left of [`MOST_EFFORT`]: without it, pages are read row by row.
pub fn text(glyphs: Vec<Glyph>, effort: &mut usize) -> String {
    let mut turned: BTreeMap<u8, Vec<Glyph>> = BTreeMap::new();
    for glyph in glyphs {
        turned.entry(quarter(&glyph)).or_default().push(glyph);
    }
    let mut groups: Vec<(u8, Vec<Glyph>)> = turned.into_iter().collect();
    groups.sort_by_key(|(quarter, glyphs)| (std::cmp::Reverse(glyphs.len()), *quarter));
    let mut lines = Vec::new();
    for (quarter, glyphs) in groups {
        let pieces = pieces(glyphs.into_iter().map(|g| upright(g, quarter)));
        read(pieces, DEEPEST, effort, &mut lines);
        lines.push(String::new());
    }
    lines.join("\n")
}

/// The direction of a glyph's baseline in quarter turns; blanks of no width count as upright.
fn quarter(glyph: &Glyph) -> u8 {
    let (across, up) = (glyph.end_x - glyph.x, glyph.end_y - glyph.y);
    match (up.abs() > across.abs(), across < 0.0, up < 0.0) {
        (false, false, _) => 0,
        (true, _, false) => 1,
        (false, true, _) => 2,
        (true, _, true) => 3,
    }
}

fn upright(glyph: Glyph, quarter: u8) -> Glyph {
    let turn = |x: f64, y: f64| match quarter {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    };
    let ((x, y), (end_x, end_y)) = (turn(glyph.x, glyph.y), turn(glyph.end_x, glyph.end_y));
    Glyph { x, y, end_x, end_y, ..glyph }
}

/// Joins glyphs in the order of drawing; what is drawn twice for boldness counts once.
fn pieces(glyphs: impl Iterator<Item = Glyph>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Option<Piece> = None;
    // The glyph before: its text and place.
    let mut before = (String::new(), f64::MAX, f64::MAX);
    let mut blank_before = false;
    for (order, glyph) in glyphs.enumerate() {
        if glyph.text.trim().is_empty() {
            blank_before = true;
            continue;
        }
        let size = glyph.size.max(0.1);
        let shadow = before.0 == glyph.text && (before.1 - glyph.x).abs() < size * SHADOW && (before.2 - glyph.y).abs() < size * SHADOW;
        if shadow {
            continue;
        }
        before.0.clone_from(&glyph.text);
        (before.1, before.2) = (glyph.x, glyph.y);
        let (left, right) = (glyph.x.min(glyph.end_x), glyph.x.max(glyph.end_x));
        let joins = open.as_ref().is_some_and(|piece| {
            let gap = left - piece.right;
            let most = PIECE_GAP * size.max(piece.size);
            (glyph.y - piece.base).abs() < 0.25 * size.max(piece.size) && gap < most && gap > -0.6 * size.max(piece.size)
        });
        match open.as_mut().filter(|_| joins) {
            Some(piece) => {
                let gap = left - piece.right;
                if parted(&piece.text, &glyph.text, gap, size.min(piece.size), blank_before) {
                    piece.text.push(' ');
                }
                piece.text.push_str(&glyph.text);
                piece.right = piece.right.max(right);
                piece.size = piece.size.max(size);
            }
            None => {
                pieces.extend(open.take());
                open = Some(Piece { text: glyph.text, left, right, base: glyph.y, size, order, signs: Signs::default() });
            }
        }
        blank_before = false;
    }
    pieces.extend(open);
    let mut drawn: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    pieces.retain(|piece| {
        let places = drawn.entry(piece.text.clone()).or_default();
        let most = piece.size * SHADOW;
        let again = places.iter().take(64).any(|(left, base)| (left - piece.left).abs() < most && (base - piece.base).abs() < most);
        places.push((piece.left, piece.base));
        !again
    });
    for piece in &mut pieces {
        piece.signs = Signs::of(&piece.text);
    }
    pieces
}

/// True where a blank belongs between two texts on a line.
fn parted(before: &str, after: &str, gap: f64, size: f64, blank: bool) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    if last.is_whitespace() || first.is_whitespace() {
        return false;
    }
    let wide = |c: char| is_han(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}');
    let least = if !is_bullet(last) && (wide(last) || wide(first)) { HAN_GAP } else { BLANK_GAP };
    // A drawn blank counts unless it has no width.
    gap > least * size || (blank && gap > 0.05 * size)
}

fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '●' | '▪' | '■' | '◆' | '○' | '◦' | '➢' | '✓' | '\u{f000}'..='\u{f0ff}')
}

/// True for a bullet or number alone, whose item follows at an indent.
fn is_marker(line: &str) -> bool {
    line.len() < 20 && line.chars().count() < 5 && (line.chars().all(is_bullet) || line.ends_with(['.', ')', '、', '-', '–', '*', '·']))
}

/// Appends the lines of a block of pieces, column after column.
fn read(pieces: Vec<Piece>, depth: usize, effort: &mut usize, lines: &mut Vec<String>) {
    if depth > 0
        && pieces.len() >= 2 * LEAST_LINES
        && pieces.len() <= MOST_PIECES
        && let Some(found) = find_columns(&pieces, effort)
    {
        let (mut above, mut left, mut right, mut below) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for piece in pieces {
            if piece.base > found.top {
                above.push(piece);
            } else if piece.base < found.bottom {
                below.push(piece);
            } else if middle(&piece) < found.gutter {
                left.push(piece);
            } else {
                right.push(piece);
            }
        }
        for block in [above, left, right, below] {
            if !block.is_empty() {
                read(block, depth - 1, effort, lines);
                lines.push(String::new());
            }
        }
    } else {
        rows(pieces, lines);
    }
}

fn middle(piece: &Piece) -> f64 {
    f64::midpoint(piece.left, piece.right)
}

/// Two columns: pieces with a baseline from `bottom` to `top` stand left or right of `gutter`.
struct Columns {
    top: f64,
    bottom: f64,
    gutter: f64,
}

/// The tallest pair of columns in a block, if there is one.
fn find_columns(pieces: &[Piece], effort: &mut usize) -> Option<Columns> {
    let mut sizes: Vec<f64> = pieces.iter().map(|p| p.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied().unwrap_or(10.0);
    let gutter_width = GUTTER * size;
    // Every right edge may be where the white begins; edges closer than a fifth of the size count once.
    let mut edges: Vec<f64> = pieces.iter().map(|p| p.right).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|b, a| *b - *a < size * 0.2);
    let step = edges.len().div_ceil(MOST_EDGES).max(1);
    let mut by_height: Vec<&Piece> = pieces.iter().collect();
    by_height.sort_by(|a, b| b.base.total_cmp(&a.base).then(a.left.total_cmp(&b.left)));
    let cost = pieces.len() * edges.len().div_ceil(step);
    if *effort < cost {
        return None;
    }
    *effort -= cost;
    let mut best: Option<(usize, f64, Columns)> = None;
    for edge in edges.iter().step_by(step) {
        // The edge of the group: the last right edge within the dedup distance.
        let start = edge + size * 0.2;
        let end = start + gutter_width - size * 0.2;
        let mut from = 0;
        while from < by_height.len() {
            let crossing = |p: &&Piece| p.left < end && p.right > start;
            let length = by_height.iter().skip(from).position(crossing).unwrap_or(by_height.len() - from);
            let stretch = by_height.get(from..from + length).unwrap_or(&[]);
            let last = from + length >= by_height.len();
            if let Some((score, columns)) = judge(stretch, start, end, size, !last) {
                // The same lines with a wider white: the first edge of it counts.
                if best.as_ref().is_none_or(|b| score > b.0) {
                    best = Some((score, *edge, columns));
                }
            }
            from += length + 1;
        }
    }
    best.map(|(_, _, columns)| columns)
}

/// Weighs a stretch of pieces that leaves `start..end` white; the score is the number of lines of the shorter side.
fn judge(stretch: &[&Piece], start: f64, end: f64, size: f64, more_below: bool) -> Option<(usize, Columns)> {
    let side = |left: bool| stretch.iter().copied().filter(move |p| (p.right <= start) == left).collect::<Vec<_>>();
    let (mut left, mut right) = (side(true), side(false));
    if left.len() < LEAST_LINES || right.len() < LEAST_LINES {
        return None;
    }
    hoist(&mut left, &right, size);
    hoist(&mut right, &left, size);
    if more_below {
        // What stands alone below the shorter side, behind a gap or larger, belongs to what follows.
        trim(&mut left, &right, size);
        trim(&mut right, &left, size);
    }
    let (left_lines, right_lines) = (lines_of(&left, size), lines_of(&right, size));
    let score = left_lines.len().min(right_lines.len());
    if score < LEAST_LINES {
        return None;
    }
    let mut drawn: Vec<(usize, bool)> = left.iter().map(|p| (p.order, true)).chain(right.iter().map(|p| (p.order, false))).collect();
    drawn.sort_unstable();
    let switches = drawn.windows(2).filter(|w| w[0].1 != w[1].1).count();
    let aligned = aligned_lines(&left_lines, &right_lines, size * 0.2);
    let by_column = switches <= 2.max(score / 3);
    let rows_match = aligned * 2 > score;
    if !by_column && rows_match && !(prose(&left_lines) && prose(&right_lines) && right_lines.len() * 5 >= left_lines.len() * 3) {
        return None;
    }
    // Dates and places set to the right of their lines are no column, whatever the order of drawing.
    if rows_match && aligned * 10 >= right_lines.len() * 9 && right_lines.iter().filter(|l| l.signs.columns < 12 || l.signs.dated).count() * 3 > right_lines.len() * 2 {
        return None;
    }
    let bases = || left.iter().chain(&right).map(|p| p.base);
    let top = bases().fold(f64::MIN, f64::max) + size * 0.1;
    let bottom = bases().fold(f64::MAX, f64::min) - size * 0.1;
    Some((score, Columns { top, bottom, gutter: f64::midpoint(start, end) }))
}

/// Cuts the tail of `long` that lies below all of `short`, from its first wide gap or larger letter on.
fn trim(long: &mut Vec<&Piece>, short: &[&Piece], size: f64) {
    let floor = short.iter().map(|p| p.base).fold(f64::MAX, f64::min);
    let mut before = f64::MAX;
    let cut = long.iter().position(|p| {
        let gap = before - p.base;
        before = p.base;
        p.base < floor - size * 0.5 && (gap > p.size.max(size) * 1.8 || p.size > size * 1.15)
    });
    if let Some(cut) = cut {
        long.truncate(cut);
    }
}

/// Cuts the head of `long` that lies above all of `short`, down to its last wide gap or larger letter: a title.
fn hoist(long: &mut Vec<&Piece>, short: &[&Piece], size: f64) {
    let ceiling = short.iter().map(|p| p.base).fold(f64::MIN, f64::max) + size * 0.5;
    let head = long.iter().take_while(|p| p.base > ceiling).count();
    let next_base = |at: usize| long.get(at + 1).map_or(f64::MIN, |p| p.base);
    let cut = (0..head).rev().find(|at| long.get(*at).is_some_and(|p| p.base - next_base(*at) > p.size.max(size) * 1.8 || p.size > size * 1.15));
    if let Some(cut) = cut {
        long.drain(..=cut);
    }
}

/// A line of one side of a pair of columns.
struct SideLine {
    base: f64,
    signs: Signs,
}

/// The lines of pieces that come from the top.
fn lines_of(pieces: &[&Piece], size: f64) -> Vec<SideLine> {
    let mut lines: Vec<SideLine> = Vec::new();
    for piece in pieces {
        match lines.last_mut().filter(|l| (l.base - piece.base).abs() < size * 0.4) {
            Some(SideLine { signs, .. }) => {
                signs.columns += piece.signs.columns;
                signs.dated |= piece.signs.dated;
                signs.labelled |= piece.signs.labelled;
            }
            None => lines.push(SideLine { base: piece.base, signs: piece.signs }),
        }
    }
    lines
}

/// How many lines on the right stand at the height of one on the left; both come from the top.
fn aligned_lines(left: &[SideLine], right: &[SideLine], most_apart: f64) -> usize {
    let mut left = left.iter().peekable();
    let level = |line: &&SideLine| {
        while left.next_if(|l| l.base > line.base + most_apart).is_some() {}
        left.peek().is_some_and(|l| (l.base - line.base).abs() <= most_apart)
    };
    right.iter().filter(level).count()
}

/// True where lines read as running text or list items, not as cells of a table.
fn prose(lines: &[SideLine]) -> bool {
    let wide: usize = lines.iter().map(|l| l.signs.columns).sum();
    let most = |cells: fn(&Signs) -> bool| lines.iter().filter(|l| cells(&l.signs)).count() * 2 > lines.len();
    wide >= lines.len() * 14 && !most(|s| s.labelled) && !most(|s| s.dated && s.columns < 24)
}

/// Reads a block row by row, from the top, with an empty line where the gap between rows is wide.
fn rows(mut pieces: Vec<Piece>, lines: &mut Vec<String>) {
    pieces.sort_by(|a, b| b.base.total_cmp(&a.base).then(a.left.total_cmp(&b.left)));
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    // Baseline and size of the largest piece of the last row.
    let mut main = (0.0_f64, 0.0_f64);
    for piece in pieces {
        let fits = !rows.is_empty() && {
            let (apart, large, small) = ((main.0 - piece.base).abs(), main.1.max(piece.size), main.1.min(piece.size));
            // Raised and lowered signs are smaller than their line and stand within half its height.
            apart < 0.45 * small || (apart < 0.5 * large && small < 0.8 * large)
        };
        if !fits || piece.size > main.1 {
            main = (piece.base, piece.size);
        }
        match rows.last_mut().filter(|_| fits) {
            Some(row) => row.push(piece),
            None => rows.push(vec![piece]),
        }
    }
    let mut gaps: Vec<f64> = rows.windows(2).map(|w| base(&w[0]) - base(&w[1])).collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
    let mut before: Option<(f64, f64)> = None;
    for mut row in rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left).then(a.order.cmp(&b.order)));
        let (here, size) = (base(&row), row.iter().map(|p| p.size).fold(0.0, f64::max));
        if let Some((above, above_size)) = before {
            let gap = above - here;
            if gap > usual * 1.35 && gap > size.max(above_size) * 1.55 {
                lines.push(String::new());
            }
        }
        before = Some((here, size));
        let mut line = String::new();
        let mut edge = f64::MAX;
        for piece in row {
            let gap = piece.left - edge;
            if !line.is_empty() {
                if gap > TAB_GAP * piece.size && !is_marker(&line) {
                    line.push('\t');
                } else if parted(&line, &piece.text, gap, piece.size, false) {
                    line.push(' ');
                }
            }
            edge = if line.is_empty() { piece.right } else { edge.max(piece.right) };
            line.push_str(&piece.text);
        }
        lines.push(line);
    }
}

fn base(row: &[Piece]) -> f64 {
    row.first().map_or(0.0, |p| p.base)
}
