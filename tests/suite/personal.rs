//! Personal data in running text, by the shipped model: names and home places that no rule knows are put aside, and what looks
//! like them is not. Not how many are found in all: that is `waymark eval` on `personal.dev.jsonl`.
use std::path::Path;
use waymark_shared::analyse::{AnalyseJob, TagSetName};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::NeuralTagger;
use waymark_shared::personal::PersonalRules;
use waymark_shared::text::sentences;
use waymark_trainer::model_dir;

/// Lines with what must be put aside in them; no rule finds any of it.
const NAMED: [(&str, &str); 0] = [];

/// Lines without a name or a home place.
const UNNAMED: [&str; 0] = [];

fn aside(tagger: &NeuralTagger, text: &str) -> Vec<String> {
    let gazetteer = Gazetteer::built_in().unwrap();
    let mut job = AnalyseJob::new(text, Some(&gazetteer), TagSetName::Open);
    while !job.finished() {
        job.step(tagger).unwrap();
    }
    let analysis = job.finish(None);
    for span in &analysis.spans {
        assert!(!analysis.personal.iter().any(|p| span.start < p.end && p.start < span.end), "{text}: a skill over personal data");
    }
    analysis.personal.iter().map(|p| text[p.start..p.end].to_owned()).collect()
}

#[test]
fn names_and_home_places_that_no_rule_knows_are_put_aside() {
    let tagger = NeuralTagger::load(&model_dir::read(&Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(model_dir::shipped())).unwrap()).unwrap();
    let rules = PersonalRules::built_in().unwrap();
    for (text, personal) in NAMED {
        assert!(rules.find(text, &sentences(text)).is_empty(), "{text}: a rule finds it");
        assert_eq!(aside(&tagger, text), [personal], "{text}");
    }
    for text in UNNAMED {
        assert!(aside(&tagger, text).is_empty(), "{text}: {:?}", aside(&tagger, text));
    }
}
