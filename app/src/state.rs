//! What a person set in the pages that the worker draws: keys with values, one set for all pages, so that a scenario or an
//! occupation chosen in one holds in the next. What stands in the address is a short word of letters, digits and a few signs,
//! and nothing of a CV: keys of the person's own (`my.…`: answers, progress) never enter an address and come from none.
use serde::{Deserialize, Serialize};

/// The pages that the worker draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DrawnPage {
    /// The market of an occupation and what may become of it.
    Market,
    /// Which occupations are within reach, by which steps, and what they ask.
    Paths,
    /// What to learn, week by week.
    Plan,
    /// Questions for people without a CV.
    Intake,
    /// Ten minutes of a counsellor with a client.
    Counsellor,
    /// A class and a syllabus against a target.
    School,
    /// Which groups of a firm could move where.
    Company,
    /// A scenario against one in which nothing changes.
    Policy,
}

impl DrawnPage {
    /// Every one: a person's, in the order of the steps, then those of other fields of use.
    pub const ALL: [Self; 8] = [Self::Market, Self::Paths, Self::Plan, Self::Intake, Self::Counsellor, Self::School, Self::Company, Self::Policy];

    /// Its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::Paths => "paths",
            Self::Plan => "plan",
            Self::Intake => "intake",
            Self::Counsellor => "counsellor",
            Self::School => "school",
            Self::Company => "company",
            Self::Policy => "policy",
        }
    }
}

/// Version of the keys; an address of another version is read as one without keys.
const VERSION: &str = "1";
/// Longest key or value in an address.
pub const LONGEST: usize = 400;
/// Longest value of a person's own key.
const LONGEST_OWN: usize = 20_000;
/// How the keys of a person's own begin.
const OWN: &str = "my.";

/// Keys with values, in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State(Vec<(String, String)>);

impl State {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// Sets a key; an empty value takes it out. What may not stand in an address is not taken.
    pub fn set(&mut self, key: &str, value: &str) {
        let longest = if key.starts_with(OWN) { LONGEST_OWN } else { LONGEST };
        if !is_plain(key, LONGEST) || !(value.is_empty() || is_plain(value, longest)) {
            return;
        }
        self.0.retain(|(k, _)| k != key || !value.is_empty());
        if value.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(k, _)| k == key) {
            Some(slot) => slot.1 = value.to_owned(),
            None => self.0.push((key.to_owned(), value.to_owned())),
        }
    }

    /// The list that a key holds: `+` stands between its entries.
    pub fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        self.get(key).unwrap_or_default().split('+').filter(|entry| !entry.is_empty())
    }

    /// Takes out all that stands in the address; what is the person's own stays.
    pub fn reset(&mut self) {
        self.0.retain(|(key, _)| key.starts_with(OWN));
    }

    /// Takes out what is the person's own.
    pub fn forget_own(&mut self) {
        self.0.retain(|(key, _)| !key.starts_with(OWN));
    }

    /// Sets every `key=value` of a query.
    pub fn set_all(&mut self, query: &str) {
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            self.set(key, value);
        }
    }

    /// The keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The part of the address behind `#` for a page.
    pub fn address(&self, page: DrawnPage) -> String {
        let pairs: Vec<String> = self.iter().filter(|(key, _)| !key.starts_with(OWN)).map(|(key, value)| format!("&{key}={value}")).collect();
        format!("{}?v={VERSION}{}", page.name(), pairs.concat())
    }

    /// The page and state of an address, `None` for one that names no drawn page.
    pub fn of_address(hash: &str) -> Option<(DrawnPage, Self)> {
        let (name, query) = hash.trim_start_matches('#').split_once('?').unwrap_or((hash.trim_start_matches('#'), ""));
        let page = DrawnPage::ALL.into_iter().find(|page| page.name() == name)?;
        let mut state = Self::default();
        state.set_all(query);
        let same_version = state.get("v") == Some(VERSION);
        state.set("v", "");
        state.forget_own();
        Some((page, if same_version { state } else { Self::default() }))
    }
}

/// A typed text as it may stand in an address: every byte but letters and digits as `~` and two digits of hex.
pub fn coded(text: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("~{b:02x}") };
    text.bytes().map(byte).collect()
}

/// The text that was [`coded`]; what is no code stands for itself.
pub fn decoded(value: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), value.as_bytes());
    while let [first, after @ ..] = rest {
        let code = after.get(..2).filter(|_| *first == b'~').and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = after.get(if code.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Short, and of signs that stand for themselves in an address.
fn is_plain(word: &str, longest: usize) -> bool {
    (1..=longest).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:,+".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_back_its_state() {
        let mut state = State::default();
        state.set_all("soc=51-2092&speed=1.5&speed=2&with=");
        assert_eq!(state.address(DrawnPage::Market), "market?v=1&soc=51-2092&speed=2");
        assert_eq!(State::of_address("#market?v=1&soc=51-2092&speed=2"), Some((DrawnPage::Market, state.clone())));
        state.set("soc", "");
        assert_eq!(state.get("soc"), None);
    }

    #[test]
    fn a_typed_text_comes_back_from_an_address() {
        for text in ["alpha * T + P", "S > 1 ? S^2 : -0.5", "a~b&c=d%41", "速度", ""] {
            let mut state = State::default();
            state.set("f", &coded(text));
            assert_eq!(decoded(state.get("f").unwrap_or_default()), text);
        }
        assert_eq!(decoded("a~zz~2"), "a~zz~2");
    }

    #[test]
    fn what_is_no_short_word_never_stands_in_an_address() {
        let mut state = State::default();
        for value in ["王伟", "a b", "<x>", "a&b", "%41", &"9".repeat(LONGEST + 1)] {
            state.set("q", value);
        }
        assert_eq!(state, State::default());
        assert_eq!(State::of_address("#market?v=0&soc=1"), Some((DrawnPage::Market, State::default())));
        assert_eq!(State::of_address("#skills?v=1"), None);
        assert_eq!(State::of_address("#market"), Some((DrawnPage::Market, State::default())));
    }

    #[test]
    fn what_is_the_persons_own_enters_no_address_and_comes_from_none() {
        let mut state = State::default();
        let long = "1234+".repeat(100);
        state.set_all(&format!("to=49-9041&my.done={long}"));
        assert_eq!((state.address(DrawnPage::Plan), state.list("my.done").count()), ("plan?v=1&to=49-9041".to_owned(), 100));
        assert_eq!(State::of_address("#plan?v=1&to=49-9041&my.done=3").unwrap().1.get("my.done"), None);
        state.reset();
        assert_eq!((state.get("to"), state.list("my.done").count()), (None, 100));
        state.forget_own();
        assert_eq!(state, State::default());
    }
}
