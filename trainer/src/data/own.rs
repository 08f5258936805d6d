//! Our own format: JSON lines {id, lang, sector, text, spans: [{start, end, kind, context}], source}, offsets in bytes;
//! `context` only with the tags of the open tag set.
use super::{BadLine, Example, GoldSpan, lines};
use serde::Deserialize;
use waymark_shared::analyse::{SpanContext, TagSetName};

#[derive(Deserialize)]
struct Record {
    id: String,
    lang: String,
    sector: String,
    text: String,
    spans: Vec<RecordSpan>,
}

#[derive(Deserialize)]
struct RecordSpan {
    start: usize,
    end: usize,
    kind: String,
    context: Option<SpanContext>,
}

/// Examples, bad lines and the number of lines.
pub fn parse(name: &str, bytes: &[u8]) -> (Vec<Example>, Vec<BadLine>, usize) {
    let mut bad = Vec::new();
    let mut out = Vec::new();
    let all = lines(name, bytes, &mut bad);
    let count = all.len();
    for (place, line) in all.into_iter().filter(|(_, l)| !l.trim().is_empty()) {
        match record(line) {
            Ok(example) => out.push(example),
            Err(what) => bad.push(BadLine { place, what }),
        }
    }
    (out, bad, count)
}

fn record(line: &str) -> Result<Example, String> {
    let record: Record = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let mut spans = Vec::new();
    for s in record.spans {
        if s.start >= s.end || record.text.get(s.start..s.end).is_none() {
            return Err(format!("span {}..{} is no part of the text", s.start, s.end));
        }
        let set = TagSetName::of_tag(&s.kind).ok_or_else(|| format!("{:?} is no tag", s.kind))?;
        if set == TagSetName::Open && s.context.is_none() {
            return Err(format!("span {}..{} has no context", s.start, s.end));
        }
        // A layer of its own for each tag, or one for all.
        let layer = if let [one] = set.layers() { (*one).into() } else { s.kind.clone() };
        spans.push(GoldSpan { layer, kind: s.kind, bytes: s.start..s.end, context: s.context });
    }
    spans.sort_by(|a, b| (a.bytes.start, a.bytes.end, &a.layer).cmp(&(b.bytes.start, b.bytes.end, &b.layer)));
    for layer in TagSetName::ALL.iter().flat_map(|set| set.layers()) {
        let of_layer: Vec<_> = spans.iter().filter(|s| s.layer == *layer).collect();
        if let Some(pair) = of_layer.windows(2).find(|p| p[1].bytes.start < p[0].bytes.end) {
            return Err(format!("two {layer} spans overlap at byte {}", pair[1].bytes.start));
        }
    }
    Ok(Example { id: record.id, language: record.lang, group: record.sector, text: record.text, words: None, spans })
}
