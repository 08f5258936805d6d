//! The occupations that the CV looks most like, each with what speaks for it. Not a judgement of fit.
use leptos::prelude::*;
use waymark_shared::analyse::DescribedOccupation;

use crate::el::{El, el};
use crate::i18n::Lang;
use crate::ui::Ui;

/// So many are shown.
const SHOWN: usize = 3;

/// A name of a list in the language of the moment, with ours marked as such.
pub fn named(ui: Ui, english: &str, chinese: &str) -> El {
    let (en, zh) = (english.to_owned(), chinese.to_owned());
    let in_chinese = move |zh: &str| ui.lang.get() == Lang::Zh && !zh.is_empty();
    let other = en.clone();
    let of = zh.clone();
    el("span")
        .class("named")
        .with(el("span").words(move || if in_chinese(&zh) { zh.clone() } else { en.clone() }))
        .with(el("small").words(move || if in_chinese(&of) { ui.t().reference_name(&other) } else { String::new() }))
}

/// The list.
pub fn occupations(ui: Ui) -> El {
    let guessed = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => review.analysis.occupations.iter().take(SHOWN).map(|o| (o.clone(), words(&review.text, o))).collect::<Vec<_>>(),
        None => Vec::new(),
    });
    let none = guessed.is_empty();
    let rows = guessed.into_iter().map(move |(occupation, titles)| {
        let DescribedOccupation { soc, name_en, name_zh, competences, .. } = occupation;
        let typical = move || {
            let zh = ui.lang.get() == Lang::Zh;
            let names: Vec<&str> = competences.iter().map(|(en, c)| if zh && !c.is_empty() { c.as_str() } else { en.as_str() }).collect();
            names.join(if zh { "、" } else { ", " })
        };
        let because = move || match (titles.is_empty(), typical()) {
            (true, skills) => ui.t().occupation_skills(&skills),
            (false, skills) if skills.is_empty() => ui.t().occupation_titles(&titles),
            (false, skills) => format!("{} {}", ui.t().occupation_titles(&titles), ui.t().occupation_skills(&skills)),
        };
        el("li").test("occupation").set("data-soc", &soc).with(named(ui, &name_en, &name_zh)).with(el("p").class("muted").words(because))
    });
    let rows: Vec<El> = rows.collect();
    el("section")
        .class("group occupations")
        .with(el("h3").say(ui, |t| t.occupations_title))
        .with(el("p").class("muted").words(move || if none { ui.t().occupations_none } else { ui.t().occupations_note }.to_owned()))
        .with(el("ol").all(rows))
}

/// The titles that name an occupation, as the text has them.
fn words(text: &str, occupation: &DescribedOccupation) -> String {
    let mut titles: Vec<&str> = occupation.titles.iter().filter_map(|(start, end)| text.get(*start..*end)).collect();
    titles.dedup();
    titles.truncate(3);
    titles.join(" · ")
}
