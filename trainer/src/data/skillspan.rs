//! SkillSpan (Zhang et al., NAACL 2022): JSON lines {idx, tokens, tags_skill, tags_knowledge, source}, and CoNLL with a
//! token, its skill tag and its knowledge tag a line, sentences apart by empty lines.
use super::{BadLine, Example, GoldSpan, lines};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use waymark_shared::tag::TagSet;

/// A record of the JSON form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Number of the advertisement.
    #[serde(default)]
    pub idx: u64,
    /// Words.
    pub tokens: Vec<String>,
    /// B, I, O a word.
    #[serde(default)]
    pub tags_skill: Vec<String>,
    /// B, I, O a word.
    #[serde(default)]
    pub tags_knowledge: Vec<String>,
    /// `house` or `tech`.
    #[serde(default)]
    pub source: String,
}

/// Joins words as they would be printed, and gives the bytes of each. The encoder then reads text as in a CV.
pub fn join(tokens: &[String]) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut words = Vec::with_capacity(tokens.len());
    for token in tokens {
        let closes = token.chars().all(|c| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '’' | '%'));
        if !text.is_empty() && !closes && !text.ends_with(['(', '[', '{']) {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(token);
        words.push(start..text.len());
    }
    (text, words)
}

impl Record {
    /// The example of a record.
    ///
    /// # Errors
    /// Counts that disagree, or a tag that is not B, I or O.
    pub fn example(&self, id: String) -> Result<Example, String> {
        if self.tokens.is_empty() {
            return Err("no tokens".into());
        }
        let (text, words) = join(&self.tokens);
        let set = TagSet::new(&["O", "B", "I"]);
        let mut spans = Vec::new();
        for (layer, tags) in [("skill", &self.tags_skill), ("knowledge", &self.tags_knowledge)] {
            if tags.len() != self.tokens.len() {
                return Err(format!("{} tokens but {} {layer} tags", self.tokens.len(), tags.len()));
            }
            let label = |tag: &String| match tag.split('-').next() {
                Some("O") => Ok(0),
                Some("B") => Ok(1),
                Some("I") => Ok(2),
                _ => Err(format!("{tag:?} is no BIO tag")),
            };
            let labels = tags.iter().map(label).collect::<Result<Vec<_>, _>>()?;
            for span in set.spans(&labels) {
                spans.push(GoldSpan { layer: layer.into(), kind: layer.into(), bytes: words[span.units.start].start..words[span.units.end - 1].end, context: None });
            }
        }
        spans.sort_by_key(|s| (s.bytes.start, s.bytes.end));
        Ok(Example { id, language: "en".into(), group: format!("{}-{}", self.source, self.idx), text, words: Some(words), spans })
    }
}

/// The records of the JSON form, bad lines and the number of lines.
pub fn records(name: &str, bytes: &[u8]) -> (Vec<(String, Record)>, Vec<BadLine>, usize) {
    let mut bad = Vec::new();
    let mut out = Vec::new();
    let all = lines(name, bytes, &mut bad);
    let count = all.len();
    for (place, line) in all.into_iter().filter(|(_, l)| !l.trim().is_empty()) {
        match serde_json::from_str::<Record>(line) {
            Ok(record) => out.push((place, record)),
            Err(e) => bad.push(BadLine { place, what: e.to_string() }),
        }
    }
    (out, bad, count)
}

/// Examples, bad lines and the number of lines.
pub fn parse_json(name: &str, bytes: &[u8]) -> (Vec<Example>, Vec<BadLine>, usize) {
    let (records, mut bad, count) = records(name, bytes);
    let mut out = Vec::new();
    for (place, record) in records {
        match record.example(place.clone()) {
            Ok(example) => out.push(example),
            Err(what) => bad.push(BadLine { place, what }),
        }
    }
    (out, bad, count)
}

/// Examples, bad lines and the number of lines.
pub fn parse_conll(name: &str, bytes: &[u8]) -> (Vec<Example>, Vec<BadLine>, usize) {
    let mut bad = Vec::new();
    let mut out = Vec::new();
    let all = lines(name, bytes, &mut bad);
    let count = all.len();
    let mut record = Record { idx: 0, tokens: vec![], tags_skill: vec![], tags_knowledge: vec![], source: String::new() };
    let mut start = String::new();
    for (place, line) in all.into_iter().chain([(String::new(), "")]) {
        if line.trim().is_empty() {
            if !record.tokens.is_empty() {
                match record.example(start.clone()) {
                    Ok(example) => out.push(example),
                    Err(what) => bad.push(BadLine { place: start.clone(), what }),
                }
                record = Record { idx: record.idx + 1, tokens: vec![], tags_skill: vec![], tags_knowledge: vec![], source: String::new() };
            }
            continue;
        }
        if record.tokens.is_empty() {
            start = place.clone();
        }
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [token, skill, knowledge] = columns[..] else {
            bad.push(BadLine { place, what: format!("{} columns instead of token, skill tag, knowledge tag", columns.len()) });
            continue;
        };
        record.tokens.push(token.into());
        record.tags_skill.push(skill.into());
        record.tags_knowledge.push(knowledge.into());
    }
    (out, bad, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_as_printed_and_keep_their_bytes() {
        let tokens: Vec<String> = ["Python", "(", "or", "Java", ")", ",", "C++", "."].map(String::from).to_vec();
        let (text, words) = join(&tokens);
        assert_eq!(text, "Python (or Java), C++.");
        assert!(words.iter().zip(&tokens).all(|(w, t)| text[w.clone()] == *t));
    }

    #[test]
    fn json_and_conll_hold_the_same_spans() {
        let json = br#"{"idx": 1, "tokens": ["write", "Python", "code"], "tags_skill": ["B", "I", "I"], "tags_knowledge": ["O", "B", "O"], "source": "tech"}"#;
        let conll = b"write B-Skill O\nPython I-Skill B-Knowledge\ncode I-Skill O\n\n";
        let (a, bad, _) = parse_json("a.json", json);
        let (b, bad2, _) = parse_conll("a.conll", conll);
        assert!(bad.is_empty() && bad2.is_empty());
        assert_eq!((&a[0].text, &a[0].spans), (&b[0].text, &b[0].spans));
    }

    #[test]
    fn bad_lines_are_named_by_file_and_line() {
        let (_, bad, _) = parse_json("x.json", b"{\"tokens\": [\"a\"], \"tags_skill\": [\"O\", \"O\"], \"tags_knowledge\": [\"O\"]}\nnonsense\n\xff\n");
        let places: Vec<&str> = bad.iter().map(|b| b.place.as_str()).collect();
        assert_eq!(places.len(), 3);
        assert!(places.contains(&"x.json:1") && places.contains(&"x.json:2") && places.contains(&"x.json:3"));
    }
}
