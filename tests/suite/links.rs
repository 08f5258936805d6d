//! The shipped taxonomy with the shipped model: what phrases and CVs of ours mean. Figures on other data are in the
//! closing notes and the card, for they need data that is not in the repository.
use std::collections::BTreeSet;
use std::path::Path;
use waymark_shared::analyse::{AnalyseJob, Analysis, Links, TagSetName};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::NeuralTagger;
use waymark_shared::taxonomy::Taxonomy;
use waymark_trainer::model_dir;
use waymark_trainer::train::checkpoint::sha256;

struct Shipped {
    tagger: NeuralTagger,
    links: Links,
}

fn shipped() -> Shipped {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let files = model_dir::read(&root.join(model_dir::shipped())).unwrap();
    let encoder = sha256(model_dir::encoder_file(&files).unwrap());
    let taxonomy = Taxonomy::load(&model_dir::read(&root.join(model_dir::taxonomy())).unwrap(), &encoder).unwrap();
    Shipped { tagger: NeuralTagger::load(&files).unwrap(), links: Links::new(taxonomy) }
}

fn analysed(shipped: &Shipped, file: &str) -> Analysis {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(file)).unwrap();
    let gazetteer = Gazetteer::built_in().unwrap();
    let mut job = AnalyseJob::new(&text, Some(&gazetteer), TagSetName::Open);
    while !job.finished() {
        job.step(&shipped.tagger).unwrap();
    }
    while !job.link_step(&shipped.tagger, &shipped.links).unwrap() {}
    job.finish(Some(&shipped.links))
}

/// Competences held, by id.
fn held(analysis: &Analysis) -> BTreeSet<String> {
    let held = analysis.spans.iter().zip(&analysis.links).filter(|(span, _)| span.context.held());
    held.filter_map(|(_, links)| links.first()).map(|link| link.id.clone()).collect()
}

#[test]
fn the_line_worker_means_the_same_in_both_languages() {
    let shipped = shipped();
    let english = analysed(&shipped, "app/samples/line_worker.en.txt");
    let chinese = analysed(&shipped, "app/samples/line_worker.zh.txt");
    let (en, zh) = (held(&english), held(&chinese));
    let both = en.intersection(&zh).count();
    println!("{} competences in English, {} in Chinese, {both} in both", en.len(), zh.len());
    println!("only in English: {:?}\nonly in Chinese: {:?}", en.difference(&zh).collect::<Vec<_>>(), zh.difference(&en).collect::<Vec<_>>());
    let larger = en.len().max(zh.len());
    assert!(both * 10 >= larger * 8, "{both} of {larger}: under 80 in 100");
    for analysis in [&english, &chinese] {
        let named: Vec<_> = analysis.occupations.iter().map(|o| (o.soc.as_str(), o.name_en.as_str(), o.score)).collect();
        println!("{named:?}");
        // Assemblers 51-2…, operators of machines 51-4…, 51-9….
        let fits = |soc: &str| ["51-2", "51-4", "51-9"].iter().any(|group| soc.starts_with(group));
        assert!(named.iter().any(|(soc, ..)| fits(soc)), "{named:?}");
    }
}

#[test]
fn names_and_aliases_link_by_rule_in_both_languages() {
    let Shipped { links: Links { taxonomy, linker }, .. } = shipped();
    let names = |phrase: &str| linker.link(phrase, None).iter().filter_map(|m| taxonomy.span_link(*m)).map(|l| l.name_en).collect::<Vec<_>>();
    for (phrase, expected) in [("C++", "C++"), ("SolidWorks", "SolidWorks"), ("PLC", "PLC"), ("办公软件", "Office suite"), ("Excel", "Microsoft Excel"), ("点检", "quipment"), ("5S", "work areas")] {
        assert!(names(phrase).iter().any(|name| name.contains(expected)), "{phrase}: {:?}", names(phrase));
    }
    assert_eq!(names("played the violin at weddings"), ["Perform music for the public"]);
    assert!(names("liked long walks").is_empty());
}

#[test]
fn a_taxonomy_of_another_encoder_is_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let refused = Taxonomy::load(&model_dir::read(&root.join(model_dir::taxonomy())).unwrap(), "0000").unwrap_err();
    assert!(refused.to_string().contains("run `waymark pack` again"), "{refused}");
}
