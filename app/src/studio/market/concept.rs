//! The concept map of the article's section 2.1 as the way in: its cards lead to the pages, and to the parts of this one, that
//! they name. Not a model: that is `system`.
use waymark_shared::chart::number::write;
use waymark_shared::chart::{Chart, Concept, ConceptNode, Frame, Plot, Quantity};
use waymark_shared::market::present::{Origin, present};

use crate::i18n::Lang;
use crate::state::DrawnPage;
use crate::studio::Studio;
use crate::studio::figure::locale;
use crate::studio::words::words;

/// (from, to) by place among the cards: AI age → trends, market, skill demand; trends → market; market, skill demand →
/// training; training → market, transition (mission.md M7).
const ARROWS: [(usize, usize); 8] = [(0, 1), (0, 2), (0, 3), (1, 2), (2, 4), (3, 4), (4, 2), (4, 5)];

/// A page by its name where there is one, else a part of this page.
fn page_or(name: &'static str, part: &'static str) -> &'static str {
    if DrawnPage::ALL.iter().any(|page| page.name() == name) { name } else { part }
}

/// The map, with the figures of the occupation where they are the pack's.
pub fn chart(studio: &Studio, place: usize, lang: Lang) -> Option<Chart> {
    let (t, locale) = (words(lang), locale(lang));
    let shown = present(&studio.data, studio.own(), place).ok()??;
    let of_pack = matches!(shown.employment.origin, Origin::Pack { .. });
    let jobs = shown.employment.value.filter(|_| of_pack).map(|jobs| t.concept_jobs(&write(jobs, Quantity::Count, locale), "2024"));
    let growth = studio.data.occupations.get(place).filter(|_| of_pack).and_then(|figures| figures.growth());
    let trend = growth.map(|change| t.concept_trend(&write(change, Quantity::Change { decimals: 1 }, locale), "2034"));
    let node = |name: &str, fact: Option<String>, go: &str, layer| ConceptNode { name: name.into(), fact: fact.unwrap_or_default(), go: go.into(), layer };
    let nodes = vec![
        node(t.concept_ai, None, "exposure", 0),
        node(t.concept_trends, trend, "future", 1),
        node(t.concept_market, jobs, "numbers", 1),
        node(t.concept_demand, None, "view-created", 1),
        node(t.concept_training, None, page_or("plan", "view-system"), 2),
        node(t.concept_transition, None, page_or("paths", "view-flows"), 3),
    ];
    let source = studio.data.sources.main("occupations.tsv", "employment_2024").ok()?;
    let vintage = studio.data.sources.of("occupations.tsv", "employment_2024").ok().map_or("", |column| &column.vintage);
    let of = format!("{}{}{}", t.concept_source, if lang == Lang::Zh { "；" } else { "; " }, source.name);
    let frame = Frame {
        locale,
        title: t.concept_title.into(),
        summary: t.concept_note.into(),
        source: t.source_line(&of, vintage),
        missing: t.not_published.into(),
    };
    let heads = [t.concept_head, t.concept_figure, t.concept_leads].map(str::to_owned);
    Chart::new(frame, Plot::Concept(Concept { nodes, arrows: ARROWS.to_vec(), heads })).ok()
}
