//! Numbers written the English and the mainland Chinese way. Not their units' names: those are the caller's words.
//!
//! Chinese form by `terms.md` rule 7: 万 and 亿, 个百分点, `25%～75%`, 约 before a rounded figure.

/// The language a chart's words and numbers are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// English.
    En,
    /// Chinese of the mainland.
    Zh,
}

/// What a number is, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// People, posts, dollars: may be many.
    Count,
    /// A share, in 0..1, written in per cent.
    Share {
        /// Digits after the point, at most 9.
        decimals: u8,
    },
    /// A relative change, −1 and up, written in per cent with its sign.
    Change {
        /// Digits after the point, at most 9.
        decimals: u8,
    },
    /// A difference of two shares, −1..1, written in percentage points with its sign.
    Points {
        /// Digits after the point, at most 9.
        decimals: u8,
    },
    /// A ratio, an index, a duration.
    Plain {
        /// Digits after the point, at most 9.
        decimals: u8,
    },
    /// A calendar year.
    Year,
}

/// A unit of counting: `thousand`, `万`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Multiple {
    /// How many ones it is.
    pub ones: f64,
    /// Its word, empty for one.
    pub word: &'static str,
}

const ONE: Multiple = Multiple { ones: 1.0, word: "" };
/// From which magnitude on a count is written in a multiple: least first. English keeps 50,980 in full.
const MULTIPLES_EN: [(f64, Multiple); 3] = [
    (1e5, Multiple { ones: 1e3, word: "thousand" }),
    (1e6, Multiple { ones: 1e6, word: "million" }),
    (1e9, Multiple { ones: 1e9, word: "billion" }),
];
const MULTIPLES_ZH: [(f64, Multiple); 2] = [(1e4, Multiple { ones: 1e4, word: "万" }), (1e8, Multiple { ones: 1e8, word: "亿" })];

impl Locale {
    /// The multiple in which a count of this magnitude is written.
    pub fn multiple(self, magnitude: f64) -> Multiple {
        let table: &[(f64, Multiple)] = match self {
            Locale::En => &MULTIPLES_EN,
            Locale::Zh => &MULTIPLES_ZH,
        };
        table.iter().rev().find(|(from, _)| magnitude.abs() >= *from).map_or(ONE, |(_, multiple)| *multiple)
    }

    /// English or Chinese, whichever this is.
    pub(super) fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Locale::En => en,
            Locale::Zh => zh,
        }
    }

    /// The language tag (BCP 47).
    pub fn tag(self) -> &'static str {
        self.pick("en", "zh-CN")
    }

    /// A value after its name: `name: value`.
    pub(super) fn named(self, name: &str, value: &str) -> String {
        format!("{name}{}{value}", self.pick(": ", "："))
    }

    /// Facts one after the other.
    pub(super) fn listed(self, facts: &[String]) -> String {
        facts.join(self.pick("; ", "；"))
    }

    /// Words with others in brackets after them; alone where there are none.
    pub(super) fn bracketed(self, words: &str, inside: &str) -> String {
        let (open, comma, close) = self.pick((" (", ", ", ")"), ("（", "，", "）"));
        match words.strip_suffix(close) {
            _ if inside.is_empty() => words.to_owned(),
            // One pair of brackets holds both.
            Some(rest) if rest.contains(open) => format!("{rest}{comma}{inside}{close}"),
            _ => format!("{words}{open}{inside}{close}"),
        }
    }
}

/// A finite number with so many digits after the point, thousands apart by commas, a true minus, never `−0`.
pub fn decimal(value: f64, decimals: u8) -> String {
    let digits = format!("{:.*}", usize::from(decimals.min(9)), value.abs());
    let (whole, rest) =
        digits.split_once('.').map_or((digits.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut out = String::new();
    if value < 0.0 && digits.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
        out.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + &rest
}

/// [`decimal`] with its sign, `+` too; 0 has none.
pub(super) fn signed(value: f64, decimals: u8) -> String {
    let text = decimal(value, decimals);
    if value > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { format!("+{text}") } else { text }
}

/// A count's digits and multiple: three figures or one after the point, no trailing zeros.
fn count(value: f64, locale: Locale) -> (String, Multiple) {
    let mut multiple = locale.multiple(value);
    loop {
        let scaled = value / multiple.ones;
        // Whole things stay whole; a mean of a few stays a number.
        let places = match multiple.ones > 1.0 {
            true if scaled.abs() < 10.0 => 2,
            false if scaled.abs() >= 100.0 => 0,
            _ => 1,
        };
        let text = decimal(scaled, places);
        // Rounding may lift a value into the next multiple: 999,960 is 1 million, not 1,000 thousand.
        let lifted = locale.multiple(read(&text).unwrap_or(scaled) * multiple.ones);
        if lifted.ones > multiple.ones {
            multiple = lifted;
            continue;
        }
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
        return (text, multiple);
    }
}

/// A value as words on a page: `146.7 thousand`, `14.7万`, `4.9%`, `+1.2 percentage points`, without its unit's name.
pub fn write(value: f64, quantity: Quantity, locale: Locale) -> String {
    match quantity {
        Quantity::Count => {
            let (text, multiple) = count(value, locale);
            match (locale, multiple.word) {
                (_, "") => text,
                (Locale::En, word) => format!("{text} {word}"),
                (Locale::Zh, word) => format!("{text}{word}"),
            }
        }
        Quantity::Share { decimals } => format!("{}%", decimal(value * 100.0, decimals)),
        Quantity::Change { decimals } => format!("{}%", signed(value * 100.0, decimals)),
        Quantity::Points { decimals } => {
            format!("{}{}", signed(value * 100.0, decimals), locale.pick(" percentage points", "个百分点"))
        }
        Quantity::Plain { decimals } => decimal(value, decimals),
        Quantity::Year => format!("{value:.0}"),
    }
}

/// [`write`] with `about` or 约 before it where rounding changed the value.
pub fn about(value: f64, quantity: Quantity, locale: Locale) -> String {
    let text = write(value, quantity, locale);
    let shown = match quantity {
        Quantity::Count => {
            let (digits, multiple) = count(value, locale);
            read(&digits).map(|number| number * multiple.ones)
        }
        Quantity::Share { decimals } | Quantity::Change { decimals } | Quantity::Points { decimals } => {
            read(&decimal(value * 100.0, decimals)).map(|number| number / 100.0)
        }
        Quantity::Plain { decimals } => read(&decimal(value, decimals)),
        Quantity::Year => Some(value),
    };
    let same = shown.is_some_and(|shown| (shown - value).abs() <= 1e-12 * value.abs().max(1.0));
    if same { text } else { format!("{}{text}", locale.pick("about ", "约")) }
}

/// The number that [`decimal`] wrote.
fn read(text: &str) -> Option<f64> {
    text.replace(',', "").replace('−', "-").parse().ok()
}

/// From a value to another: `120–150 thousand`, `12万～15万`, `25–75%`, `25%～75%`. English has `to` for the dash where a sign
/// would meet it.
pub fn range(low: f64, high: f64, quantity: Quantity, locale: Locale) -> String {
    let (from, to) = (write(low, quantity, locale), write(high, quantity, locale));
    if locale == Locale::Zh {
        return format!("{from}～{to}");
    }
    // The word after the number is said once.
    let tail =
        |text: &str| text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '−' | ',' | '.')).to_owned();
    let shared = tail(&from);
    let from = if shared == tail(&to) { from[..from.len() - shared.len()].to_owned() } else { from };
    let dash = if from.contains(['+', '−', ' ']) || to.starts_with(['+', '−']) { " to " } else { "–" };
    format!("{from}{dash}{to}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Locale::{En, Zh};

    #[test]
    fn counts_are_written_as_each_language_counts() {
        for (value, en, zh) in [
            (0.0, "0", "0"),
            (-0.0, "0", "0"),
            (4.25, "4.2", "4.2"),
            (1_234.0, "1,234", "1,234"),
            (50_980.0, "50,980", "5.1万"),
            (51_240.0, "51,240", "5.12万"),
            (99_999.6, "100 thousand", "10万"),
            (146_700.0, "146.7 thousand", "14.7万"),
            (-146_700.0, "−146.7 thousand", "−14.7万"),
            (999_960.0, "1 million", "100万"),
            (1_550_000.0, "1.55 million", "155万"),
            (155_495_730.0, "155.5 million", "1.55亿"),
            (99_999_999.0, "100 million", "1亿"),
            (2.5e9, "2.5 billion", "25亿"),
        ] {
            assert_eq!(write(value, Quantity::Count, En), en);
            assert_eq!(write(value, Quantity::Count, Zh), zh);
        }
    }

    #[test]
    fn shares_changes_and_points_bear_their_sign_and_word() {
        assert_eq!(write(0.0485, Quantity::Share { decimals: 2 }, En), "4.85%");
        assert_eq!(write(0.043, Quantity::Share { decimals: 1 }, Zh), "4.3%");
        assert_eq!(write(0.161, Quantity::Change { decimals: 0 }, En), "+16%");
        assert_eq!(write(-0.21, Quantity::Change { decimals: 0 }, Zh), "−21%");
        assert_eq!(write(-0.0001, Quantity::Change { decimals: 1 }, En), "0.0%");
        assert_eq!(write(0.012, Quantity::Points { decimals: 1 }, En), "+1.2 percentage points");
        assert_eq!(write(0.012, Quantity::Points { decimals: 1 }, Zh), "+1.2个百分点");
        assert_eq!(write(-0.5, Quantity::Plain { decimals: 2 }, En), "−0.50");
        assert_eq!(write(2034.0, Quantity::Year, Zh), "2034");
    }

    #[test]
    fn a_rounded_figure_says_so() {
        assert_eq!(about(146_712.0, Quantity::Count, Zh), "约14.7万");
        assert_eq!(about(146_700.0, Quantity::Count, En), "146.7 thousand");
        assert_eq!(about(147_000.0, Quantity::Count, Zh), "14.7万");
        assert_eq!(about(0.0432, Quantity::Share { decimals: 1 }, En), "about 4.3%");
        assert_eq!(about(0.043, Quantity::Share { decimals: 1 }, En), "4.3%");
    }

    #[test]
    fn a_range_says_its_unit_as_the_language_does() {
        assert_eq!(range(0.25, 0.75, Quantity::Share { decimals: 0 }, En), "25–75%");
        assert_eq!(range(0.25, 0.75, Quantity::Share { decimals: 0 }, Zh), "25%～75%");
        assert_eq!(range(120_000.0, 150_000.0, Quantity::Count, En), "120–150 thousand");
        assert_eq!(range(120_000.0, 150_000.0, Quantity::Count, Zh), "12万～15万");
        assert_eq!(range(900_000.0, 1_500_000.0, Quantity::Count, En), "900 thousand to 1.5 million");
        assert_eq!(range(-0.02, 0.03, Quantity::Change { decimals: 0 }, En), "−2 to +3%");
        assert_eq!(range(31_000.0, 81_500.0, Quantity::Count, En), "31,000–81,500");
    }
}
