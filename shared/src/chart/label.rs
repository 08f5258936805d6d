//! Words in a picture: how wide they are at most, where they break, where they stand without meeting others. Not fonts.

/// The height of a line of words, em.
pub(super) const LINE: f64 = 1.32;
/// How much wider bold words are, at most.
const BOLD: f64 = 1.2;

/// The most a character may take, em: the wider of DejaVu Sans (the widest usual system font) and Noto Sans CJK.
fn advance(c: char) -> f64 {
    match c {
        ' ' | '\'' | ',' | '.' | ':' | ';' | 'i' | 'j' | 'l' | '|' | '\u{a0}' => 0.34,
        '!' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | 'f' | 'r' | 't' | '²' | '³' => 0.42,
        '"' | '*' | '`' | '^' | '_' | '–' => 0.6,
        'm' | '%' | 'W' | '@' => 1.0,
        'M' | 'w' | '#' | '+' | '<' | '=' | '>' | '~' | '−' | '×' | '±' => 0.88,
        'A'..='Z' | '&' => 0.8,
        '!'..='~' => 0.64,
        '\u{a1}'..='\u{24f}' => 0.82,
        '\u{370}'..='\u{3ff}' => 0.72,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{1f000}'.. => 1.4,
        _ => 1.0,
    }
}

/// True for what is set in squares and may break anywhere.
fn is_square(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// The width of words, em of their size; never less than what a usual font takes.
pub(super) fn ems(words: &str) -> f64 {
    let mut before = None;
    let mut sum = 0.0;
    for c in words.chars() {
        sum += advance(c);
        // Browsers put an eighth between Chinese and Latin (`text-autospace`).
        if before
            .is_some_and(|b: char| (is_square(b) && c.is_ascii_alphanumeric()) || (b.is_ascii_alphanumeric() && is_square(c)))
        {
            sum += 0.125;
        }
        before = Some(c);
    }
    sum
}

/// How words are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// As the rest.
    Plain,
    /// Bold.
    Bold,
}

impl Weight {
    /// The width of words, pixels.
    pub fn width(self, words: &str, em: f64) -> f64 {
        ems(words) * em * if self == Weight::Bold { BOLD } else { 1.0 }
    }
}

/// Words that may not begin a line.
const CLOSING: &str = "，。、：；？！）”’》」%％…—～·,.;:)]";
/// Words that may not end one.
const OPENING: &str = "（“‘《「([/";

/// Where a line may break: the pieces of a text in order, each with the blank that follows it.
fn pieces(words: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in words.chars() {
        let apart = before.is_some_and(|b| {
            b.is_whitespace()
                || ((is_square(b) || is_square(c)) && !CLOSING.contains(c) && !OPENING.contains(b) && !c.is_whitespace())
        });
        match pieces.last_mut() {
            Some(last) if !apart => last.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

/// Words in lines of at most a width (pixels), broken at blanks and between Chinese characters; a piece wider than that is
/// broken where it must be. Nothing is left out; no words, no lines.
pub(super) fn wrap(words: &str, most_px: f64, em: f64, weight: Weight) -> Vec<String> {
    let lines = fill(words, most_px, em, weight);
    // A last line of a character or two looks lost: the lines share their words instead.
    if lines.len() == 2 && lines[1].chars().count() < 3 {
        let even = fill(words, (weight.width(words, em) * 0.62).min(most_px), em, weight);
        if even.len() == 2 {
            return even;
        }
    }
    lines
}

/// [`wrap`], each line as full as it can be.
fn fill(words: &str, most_px: f64, em: f64, weight: Weight) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(words.trim()) {
        let joined = format!("{line}{piece}");
        if weight.width(joined.trim_end(), em) <= most_px {
            line = joined;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        line = String::new();
        for c in piece.chars() {
            if !line.is_empty() && !c.is_whitespace() && weight.width(&format!("{line}{c}"), em) > most_px {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Words in lines, and the room they take.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// From top to bottom.
    pub lines: Vec<String>,
    /// The widest line, pixels.
    pub width: f64,
    /// All lines, pixels.
    pub height: f64,
}

impl Block {
    /// The words in lines of at most this width.
    pub fn of(words: &str, most_px: f64, em: f64, weight: Weight) -> Block {
        let lines = wrap(words, most_px, em, weight);
        let width = lines.iter().map(|line| weight.width(line, em)).fold(0.0, f64::max);
        Block { width, height: lines.len() as f64 * LINE * em, lines }
    }
}

/// Where the centres of things of these heights stand along a column so that none meets another, each as near to its wish
/// as the others let it (least squares), all between `low` and `high` where they fit. In the order given.
pub(super) fn stack(wishes: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|a, b| wishes[*a].0.total_cmp(&wishes[*b].0));
    // Runs of things that touch: their first, their heights in all, and where the run would begin if it had its wish.
    struct Run {
        first: usize,
        count: f64,
        height: f64,
        start: f64,
    }
    let mut runs: Vec<Run> = Vec::new();
    for (place, index) in order.iter().enumerate() {
        let (wish, height) = wishes[*index];
        let mut run = Run { first: place, count: 1.0, height, start: wish - height / 2.0 };
        let fits = |run: &Run| run.start.min(high - run.height).max(low);
        while let Some(last) = runs.last() {
            if fits(last) + last.height <= fits(&run) {
                break;
            }
            run = Run {
                first: last.first,
                count: last.count + run.count,
                height: last.height + run.height,
                // The mean of where each member wants the run to begin.
                start: (last.start * last.count + (run.start - last.height) * run.count) / (last.count + run.count),
            };
            runs.pop();
        }
        runs.push(run);
    }
    let mut centres = vec![0.0; wishes.len()];
    for (number, run) in runs.iter().enumerate() {
        let end = runs.get(number + 1).map_or(order.len(), |next| next.first);
        let mut top = run.start.min(high - run.height).max(low);
        for index in &order[run.first..end] {
            centres[*index] = top + wishes[*index].1 / 2.0;
            top += wishes[*index].1;
        }
    }
    centres
}

/// A rectangle, pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    /// Its left side.
    pub left: f64,
    /// Its upper side.
    pub top: f64,
    /// Its right side.
    pub right: f64,
    /// Its lower side.
    pub bottom: f64,
}

impl Area {
    /// True where the two share more than a border.
    pub fn meets(&self, other: &Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// True where the other lies within this one.
    pub fn holds(&self, other: &Area) -> bool {
        self.left <= other.left && self.right >= other.right && self.top <= other.top && self.bottom >= other.bottom
    }

    /// The width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// The height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// Finds free places for words among lines and other words.
pub(super) struct Places {
    /// Words stay in here.
    pub within: Area,
    /// What words may not cover.
    pub taken: Vec<Area>,
    /// Points of lines, that words had better not cover.
    pub crowd: Vec<(f64, f64)>,
}

impl Places {
    /// The points along a line between two points, some pixels apart.
    pub fn crowd_line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let mut gone = 0.0;
        while gone <= length && self.crowd.len() < 20_000 {
            let share = if length > 0.0 { gone / length } else { 0.0 };
            self.crowd.push((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
            gone += 4.0;
        }
    }

    /// A mark that words may not cover.
    pub fn mark(&mut self, at: (f64, f64), radius: f64) {
        self.taken.push(Area { left: at.0 - radius, top: at.1 - radius, right: at.0 + radius, bottom: at.1 + radius });
    }

    /// Takes a place near one of some points for words that may be set in several sizes (width, height): the place that covers
    /// least and lies nearest. Gives the size's number too. None where words would meet words everywhere.
    pub fn take(&mut self, near: &[(f64, f64)], sizes: &[(f64, f64)], gap: f64) -> Option<(usize, Area)> {
        let found = near.iter().filter_map(|point| self.find(*point, sizes, gap)).min_by(|a, b| a.0.total_cmp(&b.0));
        let (_, size, area) = found?;
        self.taken.push(area);
        Some((size, area))
    }

    /// How many points of lines an area covers.
    pub fn covered(&self, area: &Area) -> usize {
        self.crowd
            .iter()
            .filter(|(x, y)| *x > area.left - 2.0 && *x < area.right + 2.0 && *y > area.top && *y < area.bottom)
            .count()
    }

    /// The cheapest place near a point, with its cost.
    fn find(&self, near: (f64, f64), sizes: &[(f64, f64)], gap: f64) -> Option<(f64, usize, Area)> {
        let mut best: Option<(f64, usize, Area)> = None;
        let rows = (0..80_u32).find(|rows| f64::from(*rows) * 6.0 >= self.within.height()).unwrap_or(80);
        for (size, (width, height)) in sizes.iter().enumerate() {
            let centred = (near.0 - width / 2.0).min(self.within.right - width).max(self.within.left);
            // Right of the point, left of it, over or under it.
            for (side, left) in [near.0 + gap, near.0 - gap - width, centred].into_iter().enumerate() {
                // From the point outwards, until the distance alone costs more than the best place.
                for number in 0..=rows * 2 {
                    let shift = f64::from(number.div_ceil(2)) * if number % 2 == 0 { 6.0 } else { -6.0 };
                    let over = side == 2;
                    // Words in fewer lines are read more easily.
                    let least = shift.abs() * 1.5 + if over { 4.0 - height * 0.75 } else { 0.0 } + height * 0.4;
                    if best.is_some_and(|(cost, _, _)| cost <= least) {
                        break;
                    }
                    let top = near.1 - height / 2.0 + shift;
                    let area = Area { left, top, right: left + width, bottom: top + height };
                    let hides = over && shift.abs() < height / 2.0 + gap;
                    if hides || !self.within.holds(&area) || self.taken.iter().any(|taken| taken.meets(&area)) {
                        continue;
                    }
                    let cost = least + self.covered(&area) as f64 * 10.0;
                    if best.is_none_or(|(before, _, _)| cost < before) {
                        best = Some((cost, size, area));
                    }
                }
            }
        }
        best
    }
}

/// The width of the widest piece that does not break, pixels.
pub(super) fn widest_piece(words: &str, em: f64, weight: Weight) -> f64 {
    pieces(words).iter().map(|piece| weight.width(piece.trim_end(), em)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_all_words_and_stay_within_the_width() {
        for words in [
            "Installation, maintenance, and repair occupations",
            "安装、维护和维修类职业（美国参考数据）",
            "Donaudampfschifffahrtsgesellschaft 2034年就业人数",
            "a",
            "",
        ] {
            for most in [30.0, 60.0, 98.0, 200.0, 1000.0] {
                let lines = wrap(words, most, 14.0, Weight::Plain);
                assert_eq!(lines.concat().replace(' ', ""), words.replace(' ', ""));
                assert!(lines.iter().all(|line| ems(line) * 14.0 <= most || line.chars().count() == 1), "{lines:?}");
            }
        }
    }

    #[test]
    fn no_line_begins_with_a_closing_mark() {
        let lines = wrap("在此情景下，模型推演为：就业人数下降。", 70.0, 14.0, Weight::Plain);
        assert!(lines.len() > 2 && lines.iter().all(|line| !CLOSING.contains(line.chars().next().unwrap())), "{lines:?}");
    }

    #[test]
    fn stacked_things_do_not_meet_and_stay_near_their_wish() {
        assert_eq!(stack(&[(10.0, 20.0), (100.0, 20.0)], 0.0, 200.0), [10.0, 100.0]);
        // Two with one wish share it; order is kept.
        assert_eq!(stack(&[(50.0, 20.0), (50.0, 20.0)], 0.0, 200.0), [40.0, 60.0]);
        // At the border the run is pushed in.
        assert_eq!(stack(&[(195.0, 20.0), (198.0, 20.0), (5.0, 10.0)], 0.0, 200.0), [170.0, 190.0, 5.0]);
        let wishes: Vec<(f64, f64)> = (0..12).map(|i| (f64::from(i * 37 % 50), 14.0)).collect();
        let centres = stack(&wishes, 0.0, 200.0);
        let mut sorted = centres.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(
            sorted.windows(2).all(|pair| pair[1] - pair[0] >= 14.0 - 1e-9)
                && sorted[0] >= 7.0 - 1e-9
                && sorted[11] <= 193.0 + 1e-9
        );
    }

    #[test]
    fn placed_words_meet_nothing_and_stay_inside() {
        let within = Area { left: 0.0, top: 0.0, right: 200.0, bottom: 100.0 };
        let mut places = Places { within, taken: Vec::new(), crowd: Vec::new() };
        places.crowd_line((0.0, 50.0), (200.0, 50.0));
        let mut placed: Vec<Area> = Vec::new();
        for _ in 0..4 {
            let area = places.take(&[(100.0, 50.0)], &[(60.0, 18.0)], 6.0).unwrap().1;
            assert!(within.holds(&area) && placed.iter().all(|other| !other.meets(&area)));
            placed.push(area);
        }
        assert!(!placed[0].meets(&Area { left: 0.0, top: 49.0, right: 200.0, bottom: 51.0 }), "words lie on the line");
        assert!(places.take(&[(100.0, 50.0)], &[(500.0, 18.0)], 6.0).is_none());
        assert_eq!(places.take(&[(100.0, 50.0)], &[(500.0, 18.0), (10.0, 8.0)], 6.0).unwrap().0, 1);
    }
}
