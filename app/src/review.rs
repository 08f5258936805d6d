//! What a person reviews: the spans of an analysis gathered into numbered entries, and every change the person makes to
//! them, each of which can be undone. Not the analysis itself, and no DOM.
pub mod lines;

use crate::worker::protocol::{Person, WriteTraining};
use waymark_shared::analyse::{Analysis, FoundBy, LinkedBy, PersonalSpan, SpanContext, SpanKind, SpanLink};
pub use waymark_shared::corrections::Decision;
use waymark_shared::corrections::Judged;
use waymark_shared::personal::again;
pub use waymark_shared::profile::Evidence;
use waymark_shared::profile::{Profile, ProfileItem};
use waymark_shared::text::{Section, Sentence};

/// From this calibrated confidence up a span counts as quite sure.
pub const SURE_HIGH: f32 = 0.75;
/// Below this one it is shown for checking.
pub const SURE_LOW: f32 = 0.5;
/// At most so many entries are asked about at a time.
pub const CHECK_AT_A_TIME: usize = 3;

/// How sure the tagger is, in steps that have words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// From [`SURE_HIGH`] up.
    High,
    /// Between the two.
    Medium,
    /// Below [`SURE_LOW`].
    Low,
}

impl Sureness {
    /// The step of a confidence, 0..1.
    pub fn of(confidence: f32) -> Self {
        if confidence >= SURE_HIGH {
            Self::High
        } else if confidence >= SURE_LOW {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// Where an entry is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The least sure ones, a few at a time.
    Check,
    /// Those held, by kind.
    Held(SpanKind),
    /// Named in the text, but wanted, negated or another's.
    LeftOut,
    /// Turned down by the person.
    NotMine,
}

/// A range of bytes of the text.
pub type Place = (usize, usize);

/// One skill or area of knowledge, wherever the text names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// From 1, in the order of the text; entries added later follow. Never changes.
    pub number: usize,
    /// A tag of the tag set.
    pub kind: SpanKind,
    /// Own, wanted, negated, another's.
    pub context: SpanContext,
    /// The words of its first place, or those the person typed.
    pub label: String,
    /// Where the text names it; nowhere, if the person added it by hand.
    pub places: Vec<Place>,
    /// The highest of its places, 0..1.
    pub confidence: f32,
    /// Who found the surest place.
    pub by: FoundBy,
    /// What it means; none where nothing is near enough, or the person says so.
    pub link: Option<SpanLink>,
    /// How well the CV shows it.
    pub evidence: Evidence,
    /// The latest year of the post it stands under.
    pub year: Option<u16>,
    /// What the person said.
    pub decision: Decision,
}

/// A change the person makes. Entries are named by their numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Says whose it is.
    Decide(usize, Decision),
    /// Confirms everything that counts and is still open.
    AcceptAll,
    /// Says what it means, or that it means none of the list.
    Relink(usize, Option<SpanLink>),
    /// Moves a border of its first place by a word.
    MoveBorder(usize, Border),
    /// Adds words of the text.
    AddPlace(Place, SpanKind),
    /// Adds words the person typed; where the text has them, with their places.
    AddWords(String, SpanKind),
    /// Makes the first one part of the second.
    Merge(usize, usize),
    /// Says how well it is shown.
    Prove(usize, Evidence),
}

/// Which border moves, and where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The start, to the left.
    StartEarlier,
    /// The start, to the right.
    StartLater,
    /// The end, to the left.
    EndEarlier,
    /// The end, to the right.
    EndLater,
}

/// An analysis under review.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The text as shown.
    pub text: String,
    /// What was found in it.
    pub analysis: Analysis,
    /// What it comes to, by number.
    pub entries: Vec<Entry>,
    /// Sentences about work or skills in which nothing was found.
    pub unplaced: Vec<usize>,
    /// The entries as they were before each change.
    history: Vec<Vec<Entry>>,
}

impl Review {
    /// Gathers the spans into entries: the same phrase, or another name of the same competence, is one entry with all
    /// its places. A span that does not fit the text is left out of them.
    pub fn new(text: String, analysis: Analysis) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for (index, span) in analysis.spans.iter().enumerate() {
            let Some(words) = text.get(span.start..span.end) else { continue };
            let label = one_line(words);
            let link = analysis.links.get(index).and_then(|links| links.first()).cloned();
            let same = |entry: &&mut Entry| {
                let same_name = |l: &SpanLink| l.by == LinkedBy::Name && link.as_ref().is_some_and(|own| own.by == LinkedBy::Name && own.id == l.id);
                let same_words = entry.label.eq_ignore_ascii_case(&label);
                entry.kind == span.kind && entry.context == span.context && (same_words || entry.link.as_ref().is_some_and(same_name))
            };
            let place = (span.start, span.end);
            if let Some(entry) = entries.iter_mut().find(same) {
                entry.places.push(place);
                if span.confidence > entry.confidence {
                    (entry.confidence, entry.by) = (span.confidence, span.by);
                }
            } else {
                entries.push(Entry {
                    number: entries.len() + 1,
                    kind: span.kind,
                    context: span.context,
                    label,
                    places: vec![place],
                    confidence: span.confidence,
                    by: span.by,
                    link,
                    evidence: Evidence::Claimed,
                    year: None,
                    decision: Decision::Open,
                });
            }
        }
        let unplaced = (0..analysis.sentences.len())
            .filter(|index| is_unplaced(&text, &analysis.sentences[*index], analysis.spans.iter().map(|s| (s.start, s.end))))
            .collect();
        let mut review = Self { text, analysis, entries, unplaced, history: Vec::new() };
        for index in 0..review.entries.len() {
            review.entries[index].evidence = review.evidence_at(&review.entries[index].places);
            review.entries[index].year = review.year_at(&review.entries[index].places);
        }
        review
    }

    /// Takes the items of a saved profile up again as they were kept, at their words in the text that the file reads as, in
    /// place of what was found there anew. What was found elsewhere follows them.
    pub fn restore(&mut self, profile: Profile) {
        let mut taken: Vec<Place> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        // The file names a competence beside the skill that is linked to it.
        let named: Vec<String> = profile.items.iter().flat_map(|item| std::iter::once(item.label.clone()).chain(item.link.iter().map(|link| link.name_en.clone()))).collect();
        for item in profile.items {
            let places: Vec<Place> = item.words.iter().filter_map(|word| listed_at(&self.text, word)).collect();
            taken.extend(listed_at(&self.text, &item.label).iter().chain(&places));
            let decision = if item.confirmed { Decision::Confirmed } else { Decision::Open };
            let ProfileItem { label, kind, link, evidence, year, .. } = item;
            entries.push(Entry { number: 0, kind, context: SpanContext::Own, label, places, confidence: 1.0, by: FoundBy::Person, link, evidence, year, decision });
        }
        for mut entry in std::mem::take(&mut self.entries) {
            entry.places.retain(|(start, end)| !taken.iter().any(|(from, to)| start < to && from < end));
            if !entry.places.is_empty() && !named.contains(&entry.label) {
                entries.push(entry);
            }
        }
        for (number, entry) in (1..).zip(&mut entries) {
            entry.number = number;
        }
        self.entries = entries;
    }

    /// The entry of a number.
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.number == number)
    }

    /// True where there is a change to undo.
    pub fn can_undo(&self) -> bool {
        !self.history.is_empty()
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        if let Some(before) = self.history.pop() {
            self.entries = before;
        }
    }

    /// Makes a change; one that changes nothing leaves nothing to undo.
    pub fn edit(&mut self, edit: Edit) {
        let before = self.entries.clone();
        self.change(edit);
        if self.entries != before {
            self.history.push(before);
        }
    }

    fn change(&mut self, edit: Edit) {
        match edit {
            Edit::Decide(number, decision) => self.with(number, |entry| entry.decision = decision),
            Edit::AcceptAll => {
                for entry in self.entries.iter_mut().filter(|e| e.decision == Decision::Open && e.context.held()) {
                    entry.decision = Decision::Confirmed;
                }
            }
            Edit::Relink(number, link) => self.with(number, |entry| entry.link = link.map(|l| SpanLink { by: LinkedBy::Person, score: 1.0, ..l })),
            Edit::MoveBorder(number, border) => self.move_border(number, border),
            Edit::AddPlace(place, kind) => self.add(None, vec![place], kind),
            Edit::AddWords(words, kind) => {
                let label = one_line(&words);
                let places = if label.is_empty() { Vec::new() } else { self.text.match_indices(&label).map(|(at, found)| (at, at + found.len())).collect() };
                self.add(Some(label), places, kind);
            }
            Edit::Merge(from, into) => self.merge(from, into),
            Edit::Prove(number, evidence) => self.with(number, |entry| entry.evidence = evidence),
        }
    }

    fn with(&mut self, number: usize, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) {
            change(entry);
        }
    }

    /// Adds an entry of the person's, confirmed; words that are there already are confirmed instead.
    fn add(&mut self, label: Option<String>, places: Vec<Place>, kind: SpanKind) {
        let words = |place: &Place| self.text.get(place.0..place.1).map(one_line);
        let Some(label) = label.or_else(|| places.first().and_then(words)).filter(|label| !label.is_empty()) else { return };
        if let Some(entry) = self.entries.iter_mut().find(|e| e.kind == kind && e.label.eq_ignore_ascii_case(&label)) {
            (entry.decision, entry.context) = (Decision::Confirmed, SpanContext::Own);
            entry.places.extend(places.iter().filter(|p| !entry.places.contains(p)).copied().collect::<Vec<_>>());
            return;
        }
        let number = self.entries.iter().map(|e| e.number).max().unwrap_or(0) + 1;
        let (evidence, year) = (self.evidence_at(&places), self.year_at(&places));
        let (context, decision) = (SpanContext::Own, Decision::Confirmed);
        self.entries.push(Entry { number, kind, context, label, places, confidence: 1.0, by: FoundBy::Person, link: None, evidence, year, decision });
    }

    fn merge(&mut self, from: usize, into: usize) {
        if from == into || self.entry(into).is_none() {
            return;
        }
        let Some(index) = self.entries.iter().position(|entry| entry.number == from) else { return };
        let gone = self.entries.remove(index);
        self.with(into, |entry| {
            for place in gone.places {
                let at = entry.places.partition_point(|other| *other < place);
                if entry.places.get(at) != Some(&place) {
                    entry.places.insert(at, place);
                }
            }
            entry.link = entry.link.take().or(gone.link);
            entry.year = entry.year.zip(gone.year).map(|(own, other)| own.max(other));
            if entry.evidence == Evidence::Claimed {
                entry.evidence = gone.evidence;
            }
        });
    }

    /// A border moves over blanks to the next word or Chinese character; never over the end of the line, never past the
    /// other border.
    fn move_border(&mut self, number: usize, border: Border) {
        let Some((start, end)) = self.entry(number).and_then(|entry| entry.places.first().copied()) else { return };
        let left = |at: usize| step_left(&self.text, at);
        let right = |at: usize| step_right(&self.text, at);
        let moved = match border {
            Border::StartEarlier => (left(start), end),
            Border::StartLater => (skip_blanks(&self.text, right(start)), end),
            Border::EndEarlier => (start, trim_blanks(&self.text, left(end))),
            Border::EndLater => (start, right(end)),
        };
        let Some(label) = self.text.get(moved.0..moved.1).map(one_line).filter(|label| !label.is_empty()) else { return };
        self.with(number, |entry| {
            if let Some(place) = entry.places.first_mut() {
                *place = moved;
            }
            entry.label = label;
            entry.by = FoundBy::Person;
        });
    }

    /// Takes what the words of an entry were found to mean, unless it has other words by now or the person chose. No change
    /// of the person's: nothing to undo.
    pub fn linked(&mut self, number: usize, words: &str, found: Option<SpanLink>) {
        self.with(number, |entry| {
            if entry.label == words && entry.link.as_ref().is_none_or(|link| link.by != LinkedBy::Person) {
                entry.link = found;
            }
        });
    }

    /// True while an entry counts as the person's own, confirmed or not.
    pub fn counts(&self, index: usize) -> bool {
        self.entries.get(index).is_some_and(|entry| match entry.decision {
            Decision::Open => entry.context.held(),
            decision => decision == Decision::Confirmed,
        })
    }

    /// The group of every entry.
    pub fn groups(&self) -> Vec<Group> {
        let mut unsure: Vec<usize> = (0..self.entries.len())
            .filter(|index| {
                let entry = &self.entries[*index];
                entry.decision == Decision::Open && entry.context.held() && Sureness::of(entry.confidence) == Sureness::Low
            })
            .collect();
        while unsure.len() > CHECK_AT_A_TIME {
            let surest = (0..unsure.len()).max_by(|a, b| {
                self.entries[unsure[*a]].confidence.total_cmp(&self.entries[unsure[*b]].confidence)
            });
            surest.map(|surest| unsure.remove(surest));
        }
        (self.entries.iter().enumerate())
            .map(|(index, entry)| match entry.decision {
                Decision::NotMine => Group::NotMine,
                Decision::Confirmed => Group::Held(entry.kind),
                Decision::Open if !entry.context.held() => Group::LeftOut,
                Decision::Open if unsure.contains(&index) => Group::Check,
                Decision::Open => Group::Held(entry.kind),
            })
            .collect()
    }

    /// What counts as the person's own; nothing that lies over personal data or repeats any, however it was added.
    pub fn profile(&self) -> Profile {
        let personal = &self.analysis.personal;
        let repeats = |label: &str, p: &PersonalSpan| self.text.get(p.start..p.end).is_some_and(|words| again(label, words).next().is_some());
        let lies_over = |entry: &Entry, p: &PersonalSpan| entry.places.iter().any(|(start, end)| *start < p.end && p.start < *end);
        let is_personal = |entry: &Entry| personal.iter().any(|p| lies_over(entry, p) || repeats(&entry.label, p));
        let counted = self.entries.iter().enumerate().filter(|(index, entry)| self.counts(*index) && !is_personal(entry)).map(|(_, entry)| entry);
        let words = |entry: &Entry| {
            let mut words: Vec<String> = Vec::new();
            for word in entry.places.iter().filter_map(|place| self.text.get(place.0..place.1)).map(one_line) {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            words
        };
        let item = |entry: &Entry| ProfileItem {
            label: entry.label.clone(),
            kind: entry.kind,
            // What is only perhaps meant is left open.
            link: entry.link.clone().filter(|link| link.by != LinkedBy::Nearness || link.score >= SURE_LOW),
            evidence: entry.evidence,
            year: entry.year,
            words: words(entry),
            confirmed: entry.decision == Decision::Confirmed,
        };
        Profile { items: counted.map(item).collect() }
    }

    /// What the pages after the review know of the person.
    pub fn person(&self) -> Person {
        Person { profile: self.profile(), occupations: self.analysis.occupations.iter().map(|o| o.soc.clone()).collect() }
    }

    /// What the person made of the tags, for the trainer; what is confirmed is the person's own.
    pub fn training(&self) -> WriteTraining {
        let judged = |entry: &Entry| {
            let context = if entry.decision == Decision::Confirmed { SpanContext::Own } else { entry.context };
            let (kind, decision) = (entry.kind, entry.decision);
            entry.places.iter().map(move |(start, end)| Judged { start: *start, end: *end, kind, context, decision }).collect::<Vec<_>>()
        };
        let Analysis { sentences, personal, .. } = &self.analysis;
        WriteTraining { text: self.text.clone(), sentences: sentences.clone(), personal: personal.clone(), judged: self.entries.iter().flat_map(judged).collect() }
    }

    fn sentence_at(&self, place: Place) -> Option<usize> {
        self.analysis.sentences.iter().position(|s| s.start <= place.0 && place.1 <= s.end)
    }

    fn evidence_at(&self, places: &[Place]) -> Evidence {
        let sections: Vec<Section> = places.iter().filter_map(|p| self.sentence_at(*p)).map(|i| self.analysis.sentences[i].section).collect();
        if sections.contains(&Section::Certificates) {
            Evidence::Certified
        } else if sections.contains(&Section::Experience) {
            Evidence::ShownAtWork
        } else {
            Evidence::Claimed
        }
    }

    /// The latest year in the nearest lines above that name one, within work; none where one of them goes on to this day.
    fn year_at(&self, places: &[Place]) -> Option<u16> {
        let of = |place: &Place| {
            let at = self.sentence_at(*place)?;
            let above = self.analysis.sentences[..=at].iter().rev().take_while(|s| s.section == Section::Experience);
            above.filter_map(|s| self.text.get(s.start..s.end)).find_map(|line| Some((latest_year(line)?, goes_on(line))))
        };
        let found = || places.iter().filter_map(of);
        if found().any(|(_, goes_on)| goes_on) { None } else { found().map(|(year, _)| year).max() }
    }

    /// The words of a sentence.
    pub fn sentence(&self, index: usize) -> &str {
        self.analysis.sentences.get(index).and_then(|s| self.text.get(s.start..s.end)).unwrap_or_default().trim()
    }

    /// The sentence around the first place of an entry, cut in three: before, the words, after.
    pub fn around(&self, entry: &Entry) -> [&str; 3] {
        let Some((first, last)) = entry.places.first().copied() else { return [""; 3] };
        let (start, end) = self.sentence_at((first, last)).map_or((first, last), |i| (self.analysis.sentences[i].start, self.analysis.sentences[i].end));
        let cut = |a: usize, b: usize| self.text.get(a..b).unwrap_or_default();
        [cut(start, first).trim_start(), cut(first, last), cut(last, end).trim_end()]
    }
}

/// Where a word of a list stands: by itself, else within other words.
fn listed_at(text: &str, word: &str) -> Option<Place> {
    let parts = |c: char| c.is_whitespace() || "•、,(".contains(c);
    let alone = |at: usize| text.get(..at).is_some_and(|before| before.ends_with(parts)) && text.get(at + word.len()..).is_some_and(|after| after.is_empty() || after.starts_with(parts));
    let mut found = text.match_indices(word).map(|(at, _)| at);
    let at = found.clone().find(|at| alone(*at)).or_else(|| found.next())?;
    Some((at, at + word.len())).filter(|(start, end)| start < end)
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for the line of a post that is held to this day.
fn goes_on(line: &str) -> bool {
    let words = line.to_ascii_lowercase();
    words.split(|c: char| !c.is_ascii_alphabetic()).any(|word| matches!(word, "present" | "now" | "current" | "ongoing" | "today")) || words.contains("to date") || line.contains("至今") || line.contains("现在") || line.contains("目前")
}

/// The latest year from 1950 to 2099 in a text.
fn latest_year(text: &str) -> Option<u16> {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.filter(|d| d.len() == 4).filter_map(|d| d.parse().ok()).filter(|y| (1950..2100).contains(y)).max()
}

/// Letters and digits of Latin, Greek and Cyrillic: what makes words. (The tables of all scripts would weigh more than
/// the rest of this file.)
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{c0}'..='\u{52f}').contains(&c)
}

/// The start of the word or character before `at`; `at` where the line begins.
fn step_left(text: &str, at: usize) -> usize {
    let line = text.get(..at).map_or("", |before| before.rsplit('\n').next().unwrap_or(""));
    let bare = line.trim_end();
    let Some(last) = bare.chars().next_back() else { return at };
    let taken: usize = if is_word(last) { bare.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum() } else { last.len_utf8() };
    at - (line.len() - bare.len()) - taken
}

/// The end of the word or character after `at`; `at` where the line ends.
fn step_right(text: &str, at: usize) -> usize {
    let line = text.get(at..).map_or("", |after| after.split('\n').next().unwrap_or(""));
    let bare = line.trim_start();
    let Some(first) = bare.chars().next() else { return at };
    let taken: usize = if is_word(first) { bare.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum() } else { first.len_utf8() };
    at + (line.len() - bare.len()) + taken
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.get(at..).map_or(at, |rest| at + rest.len() - rest.trim_start_matches(' ').len())
}

fn trim_blanks(text: &str, at: usize) -> usize {
    text.get(..at).map_or(at, |before| before.trim_end_matches(' ').len())
}

/// True for a sentence about work or skills, long enough to say something there, in which nothing was found.
fn is_unplaced(text: &str, sentence: &Sentence, mut places: impl Iterator<Item = Place>) -> bool {
    // A list of skills has short items; under work, short lines are dates, places and titles.
    let least = match sentence.section {
        Section::Skills => 2,
        Section::Experience => 8,
        _ => return false,
    };
    if sentence.heading || places.any(|(start, end)| start < sentence.end && end > sentence.start) {
        return false;
    }
    let Some(words) = text.get(sentence.start..sentence.end) else { return false };
    let han = words.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    let latin = words.split_whitespace().filter(|word| word.chars().filter(|c| c.is_ascii_alphabetic()).count() > 1).count();
    latin * 2 + han >= least
}

#[cfg(test)]
mod tests;
