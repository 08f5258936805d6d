//! Sentences, bullets and lines of a CV, each with its bytes in the text. Not tokens.
use super::section::label;
use super::{Section, Sentence, career_break, columns, heading, is_han};

/// The longest sentence in characters; a longer one is split at the last `;`, `,` or blank before.
const LONGEST: usize = 400;
/// A line that may go on in the next is at least this share of the widest line near it, and this wide in columns.
const FULL_LINE: (usize, usize) = (7, 10);
const FULL_HAN_LINE: (usize, usize) = (9, 10);
const WIDE_LINE: usize = 36;
/// How many lines up and down count as near.
const NEAR: usize = 8;
/// Words after which an English line goes on whatever follows.
const OPEN_ENDS: &str = "a an the and or of in on at to for with by from as into over under using via per between including that which who its their our his her my is are was were within than";
/// A full stop after these ends no sentence.
const ABBREVIATIONS: &str = "mr mrs ms dr prof sr jr st inc ltd co corp vs e.g i.e eg ie approx dept est no nr nos fig vol univ tel ext mgr asst dipl hons ave bldg cert incl excl max min resp ca cf al \
ph.d b.sc m.sc b.a m.a b.s m.s b.eng m.eng u.s u.k u.n a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec gov gen sgt capt lt col rev hon messrs bros misc temp sect art";

/// Splits a normalised text (see [`super::nfkc`]) into sentences, in order, none overlapping.
///
/// A line ends a sentence unless it is a wrapped line of a paragraph; tabs (table cells) end one too. Bullets and
/// numbering stay outside the sentence. Every letter and digit of the text is in a sentence, list numbers apart.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let lines = lines(text);
    let mut found = Vec::new();
    let mut section = Section::Head;
    // Whether a label on its own line, not a heading, opened the section.
    let mut by_label = true;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if let Some(named) = heading(text.get(line.first..line.end).unwrap_or("")) {
            section = named;
            by_label = false;
            if line.start < line.end {
                found.push(Sentence { start: line.start, end: line.end, section, heading: true });
            }
            at += 1;
            continue;
        }
        let mut last = at;
        while goes_on(text, &lines, last) {
            last += 1;
        }
        let end = lines.get(last).map_or(line.end, |l| l.end);
        let mut own = section;
        if let Some(named) = label(line.words(text)) {
            own = named;
            if by_label {
                section = named;
            }
        }
        for (start, end) in split(text, line.start, end) {
            found.push(Sentence { start, end, section: own, heading: false });
        }
        at = last + 1;
    }
    found
}

/// A line without blanks and without its bullet, in bytes of the text.
struct Line {
    /// Where the line begins, bullet included.
    first: usize,
    start: usize,
    end: usize,
    bullet: bool,
    /// Nothing between this line and the one before.
    follows: bool,
    columns: usize,
    /// Mostly Chinese: such lines break anywhere and are all of one width.
    han: bool,
    /// A line of a career break stands for itself, and the others are as wide as they were without it.
    career_break: bool,
}

impl Line {
    fn words<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut at, mut follows) = (0, false);
    for raw in text.split('\n') {
        let words = raw.trim();
        let start = at + raw.len() - raw.trim_start().len();
        if words.is_empty() {
            follows = false;
        } else {
            let marker = bullet(words);
            let wide = columns(words);
            let han = words.chars().filter(|c| is_han(*c)).count() * 4 > wide;
            lines.push(Line { first: start, start: start + marker, end: start + words.len(), bullet: marker > 0, follows, columns: wide, han, career_break: career_break(words) });
            follows = true;
        }
        at += raw.len() + 1;
    }
    lines
}

/// The bytes of the bullet or number that opens a line, blanks after it included; 0 without one.
pub(crate) fn bullet(words: &str) -> usize {
    let mut rest = words.trim_start_matches(|c: char| is_mark(c) || c.is_whitespace());
    if rest.len() == words.len()
        && let Some(after) = rest.strip_prefix(['-', '*', '+', '>', '–', '—', '~', 'o']).filter(|a| a.starts_with([' ', '\t']))
    {
        rest = after.trim_start();
    }
    if rest.len() == words.len() {
        let open = rest.strip_prefix('(').unwrap_or(rest);
        let digits = open.trim_start_matches(|c: char| c.is_ascii_digit());
        let han = open.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
        let number = if digits.len() < open.len() { digits } else { han };
        let counted = open.len() - number.len();
        if counted > 0 && counted <= 6 {
            let after = number.strip_prefix([')', '、']).or_else(|| {
                // "1." but not "1.5"; "2." needs a blank or a letter behind it.
                number.strip_prefix(['.', '．']).filter(|a| !a.starts_with(|c: char| c.is_ascii_digit()))
            });
            if let Some(after) = after {
                rest = after.trim_start();
            }
        }
    }
    words.len() - rest.len()
}

fn is_mark(c: char) -> bool {
    matches!(c, '•' | '●' | '○' | '◦' | '▪' | '▫' | '■' | '□' | '◆' | '◇' | '►' | '▶' | '▸' | '➢' | '➤' | '✓' | '✔' | '★' | '☆' | '※' | '‣' | '⁃' | '∙' | '·' | '¢' | '§' | '→' | '❖' | '✦')
}

/// True where the line at `at` is wrapped and the next one carries it on.
fn goes_on(text: &str, lines: &[Line], at: usize) -> bool {
    let (Some(this), Some(next)) = (lines.get(at), lines.get(at + 1)) else { return false };
    if !next.follows || next.bullet || this.columns < WIDE_LINE {
        return false;
    }
    let (words, follower) = (this.words(text), next.words(text));
    if words.contains('\t') || follower.contains('\t') || heading(follower).is_some() || this.career_break || next.career_break {
        return false;
    }
    let (Some(end), Some(start)) = (words.chars().next_back(), follower.chars().next()) else { return false };
    if matches!(end, '.' | '!' | '?' | '。' | '！' | '？' | '；' | ';' | ':' | '：') {
        return false;
    }
    let (before, after) = lines.split_at(at);
    let near = |line: &&Line| !line.career_break;
    let around: Vec<&Line> = before.iter().rev().filter(near).take(NEAR).chain(after.iter().filter(near).take(NEAR)).collect();
    let full = |(part, whole): (usize, usize)| {
        let widest = around.iter().filter(|l| l.han == this.han).map(|l| l.columns).max().unwrap_or(this.columns);
        this.columns * whole >= widest * part
    };
    if is_han(end) || (this.han && is_han(start)) || matches!(end, '、' | '“' | '《') {
        // Only the width tells. A label ("职责:") opens something new, and so does the same beginning ("熟悉… 熟悉…").
        let labelled = follower.chars().take(10).any(|c| matches!(c, ':' | '：'));
        let alike = words.chars().take(2).eq(follower.chars().take(2));
        return full(FULL_HAN_LINE) && !labelled && !alike && !starts_with_date(follower);
    }
    if !full(FULL_LINE) {
        return false;
    }
    let last_word = words.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
    let open = matches!(end, ',' | '-' | '&' | '/' | '(') || OPEN_ENDS.split_whitespace().any(|w| w == last_word);
    start.is_lowercase() || matches!(start, ',' | ')' | '&') || (open && !starts_with_date(follower))
}

fn starts_with_date(line: &str) -> bool {
    let digits: String = line.chars().take_while(char::is_ascii_digit).collect();
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// The sentences of one paragraph `start..end`.
fn split(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let paragraph = text.get(start..end).unwrap_or("");
    let inline = inline_bullets(paragraph);
    let mut cuts = Vec::new();
    let mut chars = paragraph.char_indices().peekable();
    let mut before = None;
    while let Some((at, c)) = chars.next() {
        let mut after = at + c.len_utf8();
        if c == '\t' || (inline && is_mark(c)) {
            cuts.push(after);
        } else if ends_sentence(paragraph, at, c, before) {
            // Closing quotes and brackets, and more stops, belong to the sentence.
            while let Some((at, c)) = chars.next_if(|(_, c)| matches!(c, '”' | '’' | '」' | '』' | ')' | '"' | '\'' | '】' | '!' | '?' | '。' | '.')) {
                after = at + c.len_utf8();
            }
            cuts.push(after);
        }
        before = Some(c);
    }
    cuts.push(paragraph.len());
    let mut found = Vec::new();
    let mut from = 0;
    for cut in cuts {
        let piece = paragraph.get(from..cut).unwrap_or("");
        for (s, e) in within_budget(piece) {
            let words = piece.get(s..e).unwrap_or("");
            let lead = words.trim_start_matches(|c: char| c.is_whitespace() || is_mark(c));
            let tail = lead.trim_end_matches(|c: char| c.is_whitespace() || is_mark(c));
            if tail.chars().any(char::is_alphanumeric) {
                let first = start + from + s + words.len() - lead.len();
                found.push((first, first + tail.len()));
            }
        }
        from = cut;
    }
    found
}

/// True where a line holds several bulleted phrases, not a list of words (`Python • SQL • Excel`).
fn inline_bullets(paragraph: &str) -> bool {
    let marks = paragraph.chars().filter(|c| is_mark(*c) && *c != '·' && *c != '→').count();
    marks > 0 && columns(paragraph) / (marks + 1) > 24
}

/// True where the stop `c` at byte `at` ends a sentence.
fn ends_sentence(paragraph: &str, at: usize, c: char, before: Option<char>) -> bool {
    let rest = paragraph.get(at + c.len_utf8()..).unwrap_or("");
    let next = rest.chars().next();
    match c {
        '。' | '！' | '？' | '；' => true,
        ';' => before.is_some_and(is_han) || rest.trim_start().chars().next().is_some_and(is_han),
        '!' | '?' => next.is_none_or(|n| n.is_whitespace() || is_han(n) || matches!(n, '"' | '”' | '’' | ')' | '\'')),
        '.' => {
            if !next.is_none_or(|n| n.is_whitespace() || matches!(n, '"' | '”' | '’' | ')')) {
                // "流程.负责": a Chinese sentence closed by a Latin stop.
                return before.is_some_and(is_han) && next.is_some_and(is_han);
            }
            let word = paragraph.get(..at).unwrap_or("").rsplit(|c: char| c.is_whitespace() || c == '(' || is_han(c)).next().unwrap_or("");
            let follower = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '”' | '’' | ')')).chars().next();
            let Some(follower) = follower else { return true };
            let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
            let lower = word.to_lowercase();
            let abbreviated = ABBREVIATIONS.split_whitespace().any(|a| a == lower.trim_start_matches(['"', '“']));
            // "No. 5", "Dr. Lin"; "etc." and "Inc." end a sentence where a capital follows only if no abbreviation.
            !(follower.is_lowercase() || initial || abbreviated || follower == ',')
        }
        _ => false,
    }
}

/// Cuts a piece into stretches of at most [`LONGEST`] characters, at `;` first, then `,` or `、`, then a blank.
fn within_budget(piece: &str) -> Vec<(usize, usize)> {
    let mut cuts = Vec::new();
    let mut from = 0;
    loop {
        let rest = piece.get(from..).unwrap_or("");
        let Some((limit, _)) = rest.char_indices().nth(LONGEST) else {
            cuts.push((from, piece.len()));
            return cuts;
        };
        let head = rest.get(..limit).unwrap_or(rest);
        // Not in the first quarter: a lone short stretch tells the tagger little.
        let least = head.char_indices().nth(LONGEST / 4).map_or(0, |(at, _)| at);
        let last = |signs: &[char]| head.rfind(signs).map(|at| at + head.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)).filter(|at| *at > least);
        let cut = last(&[';', '；']).or_else(|| last(&[',', '，', '、'])).or_else(|| last(&[' ', '\n'])).unwrap_or(limit);
        cuts.push((from, from + cut));
        from += cut;
    }
}
