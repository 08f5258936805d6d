//! The present of an occupation: its three numbers with source, range and date. Not what may become of it.
use waymark_shared::chart::number::{Locale, Quantity, range, write};
use waymark_shared::market::data::lists::{STATES, StateFigures};
use waymark_shared::market::data::{Join, OccupationFigures, Source};
use waymark_shared::market::local::Period;
use waymark_shared::market::present::{Origin, Present, Shown, present};

use crate::i18n::Lang;
use crate::studio::figure::{locale, note};
use crate::studio::html::{said, tag};
use crate::studio::words::{Texts, words};
use crate::studio::Studio;

/// The three numbers of an occupation, in a state where one is chosen, and its exposure.
pub fn numbers(studio: &Studio, place: usize, area: Option<usize>, lang: Lang) -> String {
    let t = words(lang);
    let Some(figures) = studio.data.occupations.get(place) else { return String::new() };
    let Ok(Some(present)) = present(&studio.data, studio.own(), place) else { return note(t.not_published) };
    let own = matches!(present.employment.origin, Origin::Local { .. });
    let cards = match area.filter(|_| !own) {
        Some(area) => in_state(studio, &present, place, area, lang),
        None => [employment(&present, figures, lang), pay(&present, lang), unemployment(studio, &present, figures, lang)].concat(),
    };
    let cards = tag("div class=\"cards\"", &cards);
    let remarks = [(figures.combined, t.combined_note), (figures.join == Join::Hand, t.hand_note), (figures.join == Join::Broad, t.broad_note)];
    let remarks: String = remarks.into_iter().filter(|(holds, _)| *holds && !own).map(|(_, text)| note(text)).collect();
    let exposure = exposure(studio, figures, lang);
    if own {
        return said("h2", if studio.own.of_host { t.host_figures } else { t.own_figures }) + &cards + &exposure;
    }
    let body = note(t.us_figures_note) + &cards + &remarks + &exposure;
    // In Chinese, figures of another country do not stand as if they were the reader's own.
    match lang {
        Lang::Zh => tag("details class=\"us\"", &(said("summary", t.us_figures) + &body)),
        Lang::En => said("h2", t.us_figures) + &body,
    }
}

/// The three numbers in a state, each with that of the whole country: BLS publishes jobs and median pay of most occupations,
/// and unemployment of none.
fn in_state(studio: &Studio, present: &Present<'_>, place: usize, area: usize, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let Some(states) = studio.states() else { return note(t.not_published) };
    let code = states.areas.get(area).map_or("", |area| area.code.as_str());
    let figures: Option<StateFigures> = states.figures.get(place).and_then(|figures| figures.get(area).copied().flatten());
    let source = match (studio.data.sources.main(STATES, code), studio.data.sources.of(STATES, code)) {
        (Ok(source), Ok(column)) => t.source_line(&source.name, &column.vintage),
        _ => String::new(),
    };
    let people = |count: f64| t.people(&write(count, Quantity::Count, locale));
    let dollars = |amount: f64| t.dollars_year(&write(amount, Quantity::Plain { decimals: 0 }, locale));
    let share = |share: f64| write(share, Quantity::Share { decimals: 1 }, locale);
    let name = super::area_name(studio, area, lang);
    let one = |what: &str, value: Option<String>, whole: Option<String>, note: &str, source: &str| {
        let whole = whole.map_or(String::new(), |whole| format!("{}{}{whole}", t.all_areas, colon(locale)));
        card(&t.in_state(what, name), &value.unwrap_or_else(|| t.not_published.to_owned()), &[whole, note.to_owned()], source)
    };
    // An hour's pay is no year's: it stands nowhere beside a state's.
    let year = present.pay_unit.as_ref().is_some_and(|unit| unit.period == Period::Year);
    let median = present.pay.value.and_then(|pay| pay.median).filter(|_| year);
    let group = studio.data.occupations.get(place).and_then(|figures| studio.data.group_of(figures));
    let group = group.map_or("", |group| if lang == Lang::Zh { &group.name_zh } else { &group.name_en });
    [
        one(t.employment, figures.and_then(|f| f.jobs).map(people), present.employment.value.map(people), t.state_jobs_note, &source),
        one(t.pay, figures.and_then(|f| f.annual_median).map(dollars), median.map(dollars), t.pay_note, &source),
        one(t.unemployment, None, present.unemployment.value.map(share), &t.unemployment_note(group), &self::source(&present.unemployment, t)),
    ]
    .concat()
}

/// A number: what it is, the value, what qualifies it, where it comes from.
fn card(name: &str, value: &str, lines: &[String], source: &str) -> String {
    let lines: String = lines.iter().filter(|line| !line.is_empty()).map(|line| said("p", line)).collect();
    tag("div class=\"card\"", &(said("h3", name) + &said("p class=\"value\"", value) + &lines + &said("p class=\"source\"", source)))
}

/// The source line of a figure.
fn source<T>(shown: &Shown<'_, T>, t: &Texts) -> String {
    match shown.origin {
        Origin::Pack { source, column } => t.source_line(&source.name, &column.vintage),
        Origin::Local { source, date } => t.source_line(source, date),
    }
}

fn employment(present: &Present<'_>, figures: &OccupationFigures, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let own = matches!(present.employment.origin, Origin::Local { .. });
    let value = present.employment.value.map_or(t.not_published.to_owned(), |people| t.people(&write(people, Quantity::Count, locale)));
    let mut lines = Vec::new();
    if !own {
        lines.extend(figures.growth().map(|growth| t.projected(&write(growth, Quantity::Change { decimals: 1 }, locale), "2034")));
        lines.extend(figures.openings.map(|thousands| format!("{}{}{}", t.openings, colon(locale), t.people(&write(thousands * 1000.0, Quantity::Count, locale)))));
        lines.push(t.openings_note.to_owned());
    }
    card(t.employment, &value, &lines, &source(&present.employment, t))
}

fn pay(present: &Present<'_>, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let money = |amount: &str| match &present.pay_unit {
        Some(unit) if unit.currency == "USD" && unit.period == Period::Year => t.dollars_year(amount),
        None => amount.to_owned(),
        Some(unit) => {
            let per = match (unit.period, lang) {
                (Period::Hour, Lang::En) => "an hour",
                (Period::Month, Lang::En) => "a month",
                (Period::Year, Lang::En) => "a year",
                (Period::Hour, Lang::Zh) => "小时",
                (Period::Month, Lang::Zh) => "月",
                (Period::Year, Lang::Zh) => "年",
            };
            if lang == Lang::Zh { format!("{amount} {}/{per}", unit.currency) } else { format!("{amount} {} {per}", unit.currency) }
        }
    };
    let whole = Quantity::Plain { decimals: 0 };
    let pay = present.pay.value;
    let value = pay.and_then(|pay| pay.median).map_or(t.not_published.to_owned(), |median| money(&write(median, whole, locale)));
    let middle = pay.and_then(|pay| Some(t.pay_range(&range(pay.p10?, pay.p90?, whole, locale)))).unwrap_or_default();
    card(t.pay, &value, &[middle, t.pay_note.to_owned()], &source(&present.pay, t))
}

fn unemployment(studio: &Studio, present: &Present<'_>, figures: &OccupationFigures, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let value = present.unemployment.value.map_or(t.not_published.to_owned(), |share| write(share, Quantity::Share { decimals: 1 }, locale));
    let group = studio.data.group_of(figures).map_or("", |group| if lang == Lang::Zh { &group.name_zh } else { &group.name_en });
    let own = matches!(present.unemployment.origin, Origin::Local { .. });
    let line = if own { String::new() } else { t.unemployment_note(group) };
    card(t.unemployment, &value, &[line], &source(&present.unemployment, t))
}

/// Exposure to language models, with both raters' values as the range.
fn exposure(studio: &Studio, figures: &OccupationFigures, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let share = Quantity::Share { decimals: 0 };
    let Some(exposure) = figures.exposure else { return note(&format!("{}{}{}", t.exposure, colon(locale), t.not_published)) };
    let low = exposure.alpha.min(figures.human_exposure.map_or(1.0, |human| human.alpha));
    let high = exposure.gamma.max(figures.human_exposure.map_or(0.0, |human| human.gamma));
    let line = format!("{}{}{}", t.exposure, colon(locale), t.exposure_value(&write(low, share, locale), &write(high, share, locale)));
    let of = studio.data.sources.main("occupations.tsv", "gamma").ok().map_or(String::new(), |source: &Source| t.source_line(&source.name, &source.date));
    said("p id=\"exposure\" tabindex=\"-1\"", &line) + &note(t.exposure_note) + &said("p class=\"source\"", &of)
}

/// What stands between a name and its value.
fn colon(locale: Locale) -> &'static str {
    if locale == Locale::Zh { "：" } else { ": " }
}
