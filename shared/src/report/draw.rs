//! The report as HTML text. Every text from outside is escaped; addresses are printed, never linked. Not what is said: that
//! is `words`.
use super::words::{Key, fill, reason};
use super::{Named, PathPart, PlanPart, Report, RiskBasis, UnitLine};
use crate::chart::number::{decimal, range, write};
use crate::chart::{Locale, Quantity, escape};
use crate::gap::{HardQuestion, HardRequirement};
use crate::path::suggest::Reason;
use crate::plan::Deadline;
use crate::plan::resources::Ask;

/// Nothing is loaded, nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A page for itself, an article a language; the first language is the page's.
pub fn html(report: &Report, locales: &[Locale]) -> String {
    let first = locales.first().copied().unwrap_or(Locale::En);
    let articles: String = locales.iter().map(|locale| Drawn { report, locale: *locale }.article()).collect();
    let title = Key::PageTitle.in_language(first);
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\n<style>\n{}</style></head>\n<body>\n{articles}</body>\n</html>\n",
        first.tag(),
        include_str!("print.css"),
    )
}

/// The report in one language.
struct Drawn<'a> {
    report: &'a Report,
    locale: Locale,
}

/// An element with text that is escaped here.
fn said(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>\n", escape(text))
}

fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escape(text))
}

fn list(items: &[String]) -> String {
    let items: String = items.iter().map(|item| said("li", item)).collect();
    format!("<ul>\n{items}</ul>\n")
}

/// A table of texts.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let row = |tag: &str, cells: &mut dyn Iterator<Item = &str>| {
        let cells: String = cells.map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = rows.iter().map(|cells| row("td", &mut cells.iter().map(String::as_str))).collect();
    format!("<table>\n<thead>{}</thead>\n<tbody>\n{body}</tbody></table>\n", row("th", &mut head.iter().copied()).trim_end())
}

/// Hours without a needless fraction.
fn hours(value: f64) -> String {
    decimal(value, if value.fract().abs() < 1e-9 { 0 } else { 1 })
}

impl Drawn<'_> {
    fn key(&self, key: Key) -> &'static str {
        key.in_language(self.locale)
    }

    fn fill(&self, key: Key, slots: &[(&str, &str)]) -> String {
        fill(self.key(key), slots)
    }

    fn name<'n>(&self, name: &'n Named) -> &'n str {
        if self.locale == Locale::Zh && !name.zh.is_empty() { &name.zh } else { &name.en }
    }

    fn names<'n>(&self, names: impl IntoIterator<Item = &'n Named>) -> String {
        self.joined(&names.into_iter().map(|name| self.name(name).to_owned()).collect::<Vec<_>>())
    }

    fn joined(&self, parts: &[String]) -> String {
        // Names hold commas in either language.
        parts.join(if self.locale == Locale::Zh { "；" } else { "; " })
    }

    /// Numbers of units, from 1; three and more in a row as a span.
    fn numbers(&self, places: &[usize]) -> String {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for place in places {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *place => *last = *place,
                _ => runs.push((*place, *place)),
            }
        }
        let (dash, comma) = if self.locale == Locale::Zh { ("～", "、") } else { ("–", ", ") };
        let run = |(first, last): &(usize, usize)| match last - first {
            0 => (first + 1).to_string(),
            1 => format!("{}{comma}{}", first + 1, last + 1),
            _ => format!("{}{dash}{}", first + 1, last + 1),
        };
        runs.iter().map(run).collect::<Vec<_>>().join(comma)
    }

    fn article(&self) -> String {
        let report = self.report;
        let mut out = format!("<article lang=\"{}\">\n", self.locale.tag());
        out.push_str(&said("h1", &self.fill(Key::Title, &[("target", self.name(&report.target))])));
        if let Some(name) = &report.name {
            out.push_str(&said("p", &self.fill(Key::For, &[("name", name)])));
        }
        let from = report.from.as_ref().map(|from| self.fill(Key::From, &[("from", self.name(from))]));
        let head = self.fill(Key::Head, &[("date", &report.date)]);
        out.push_str(&said("p", &from.map_or(head.clone(), |from| format!("{from}{}{head}", if self.locale == Locale::En { " " } else { "" }))));
        self.why(&mut out);
        if let Some(path) = &report.path {
            self.path(path, &mut out);
        }
        if !report.hard.is_empty() {
            out.push_str(&said("h2", self.key(Key::Hard)));
            out.push_str(&list(&report.hard.iter().map(|question| self.hard(question)).collect::<Vec<_>>()));
        }
        self.gap(&mut out);
        if let Some(plan) = &report.plan {
            self.plan(plan, &mut out);
            self.first(&mut out);
            self.resources(plan, &mut out);
        }
        if let Some(step) = &report.next_step {
            out.push_str(&said("h2", self.key(Key::NextStep)));
            out.push_str(&said("p", &self.fill(Key::NextStepLine, &[("date", &step.date), ("text", &step.text)])));
        }
        if let Some(code) = &report.code {
            let told = self.fill(Key::Code, &[("n", &code.skills().to_string())]);
            out.push_str(&format!("{}\n{}", code.svg(&escape(&told)), note(&told)));
        }
        out.push_str(&said("h2", self.key(Key::Unknown)));
        let unknown = [Key::UnknownMoves, Key::UnknownHours, Key::UnknownCv, Key::UnknownFigures, Key::UnknownJobs];
        out.push_str(&list(&unknown.map(|key| self.key(key).to_owned())));
        out.push_str(&said("h2", self.key(Key::Sources)));
        let source = |line: &super::SourceLine| self.fill(Key::SourceLine, &[("attribution", &line.attribution), ("date", &line.date), ("licence", &line.licence)]);
        out.push_str(&list(&report.sources.iter().map(source).collect::<Vec<_>>()));
        out.push_str(&note(self.key(Key::UsNote)));
        out.push_str(&note(self.key(Key::NamesNote)));
        out.push_str("</article>\n");
        out
    }

    fn why(&self, out: &mut String) {
        out.push_str(&said("h2", self.key(Key::Why)));
        let Some(path) = &self.report.path else {
            out.push_str(&said("p", self.key(Key::OwnChoice)));
            return;
        };
        let reason = |reason: &Reason| match reason {
            Reason::Fastest => self.key(Key::Fastest).to_owned(),
            Reason::Cheapest => self.key(Key::Cheapest).to_owned(),
            Reason::BestPaid => self.key(Key::BestPaid).to_owned(),
            Reason::Safest => self.key(Key::Safest).to_owned(),
            Reason::VeryClose => self.key(Key::VeryClose).to_owned(),
            Reason::NoSchooling => self.key(Key::NoSchooling).to_owned(),
            Reason::EntryPayAbove { share } => self.fill(Key::EntryPayAbove, &[("share", &write(*share, Quantity::Share { decimals: 0 }, self.locale))]),
        };
        let mut reasons: Vec<String> = path.reasons.iter().map(reason).collect();
        if reasons.is_empty() {
            reasons.push(self.key(Key::NoReason).to_owned());
        }
        reasons.extend(path.in_top.map(|(n, of)| self.fill(Key::InTop, &[("n", &n.to_string()), ("of", &of.to_string())])));
        out.push_str(&list(&reasons));
    }

    fn path(&self, path: &PathPart, out: &mut String) {
        out.push_str(&said("h2", self.key(Key::Path)));
        let missing = || self.key(Key::NotPublished).to_owned();
        let row = |(place, step): (usize, &super::StepLine)| {
            let pay = step.entry_pay.map(|(low, high)| range(low, high, Quantity::Count, self.locale));
            let near = self.key(if step.very_close { Key::Near } else { Key::WithinReach }).to_owned();
            vec![(place + 1).to_string(), self.name(&step.name).to_owned(), near, pay.unwrap_or_else(missing)]
        };
        let rows: Vec<Vec<String>> = path.steps.iter().enumerate().map(row).collect();
        out.push_str(&table(&[Key::Step, Key::Occupation, Key::Closeness, Key::EntryPay].map(|key| self.key(key)), &rows));
        let dollars = |value: Option<f64>| value.map(|value| if value.round() <= 0.0 { self.key(Key::NoDollars).to_owned() } else { self.fill(Key::Dollars, &[("n", &write(value.round(), Quantity::Count, self.locale))]) });
        let months = path.months.map(|months| self.fill(Key::Months, &[("n", &decimal(months, 0))]));
        let cost = dollars(path.cost).unwrap_or_else(|| if path.tuition_said { missing() } else { self.key(Key::NoTuition).to_owned() });
        let risk = path.risk.map(|risk| write(risk, Quantity::Share { decimals: 0 }, self.locale));
        let facts = [(Key::Time, months.unwrap_or_else(missing)), (Key::Cost, cost), (Key::Pay, dollars(path.pay).unwrap_or_else(missing)), (Key::Risk, risk.unwrap_or_else(missing))];
        out.push_str(&list(&facts.map(|(key, value)| self.fill(key, &[("value", &value)]))));
        out.push_str(&note(&match &path.risk_basis {
            RiskBasis::Exposure => self.key(Key::RiskExposure).to_owned(),
            RiskBasis::Machines => self.key(Key::RiskMachines).to_owned(),
            RiskBasis::Decline => self.key(Key::RiskDecline).to_owned(),
            RiskBasis::Scenario(name) => self.fill(Key::RiskScenario, &[("name", self.name(name))]),
        }));
    }

    fn hard(&self, question: &HardQuestion) -> String {
        let text = match &question.requirement {
            HardRequirement::Education { asked } => self.fill(Key::AsksEducation, &[("value", Key::education(*asked, self.locale))]),
            HardRequirement::Experience { asked } => self.fill(Key::AsksExperience, &[("value", Key::experience(*asked, self.locale))]),
            HardRequirement::Licence(rule) => {
                let (name, source) = if self.locale == Locale::Zh { (&rule.name_zh, &rule.source_zh) } else { (&rule.name, &rule.source) };
                let country = match rule.country.as_str() {
                    "CN" => self.key(Key::China),
                    "US" => self.key(Key::UnitedStates),
                    other => other,
                };
                self.fill(Key::Licence, &[("country", country), ("name", name), ("source", source), ("date", &rule.date)])
            }
            HardRequirement::AskLocally => self.key(Key::AskLocally).to_owned(),
        };
        let blank = if self.locale == Locale::En { " " } else { "" };
        question.met.map_or(text.clone(), |met| format!("{text}{blank}{}", self.key(if met { Key::Met } else { Key::NotMet })))
    }

    fn gap(&self, out: &mut String) {
        let report = self.report;
        if report.gap.is_empty() {
            return;
        }
        out.push_str(&said("h2", self.key(Key::Gap)));
        if let Some(shown) = report.shown {
            out.push_str(&said("p", &self.fill(Key::Shown, &[("share", &write(f64::from(shown), Quantity::Share { decimals: 0 }, self.locale))])));
        }
        let row = |line: &super::StandingLine| {
            let names = self.names(&line.names);
            let more = line.count.saturating_sub(line.names.len());
            // Chinese counts all of them after 等, English what is left.
            let n = if self.locale == Locale::Zh { line.count } else { more };
            let text = if more > 0 { self.fill(Key::AndMore, &[("names", &names), ("n", &n.to_string())]) } else { names };
            format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", Key::standing(line.standing, self.locale), escape(&text))
        };
        let body: String = report.gap.iter().map(row).collect();
        out.push_str(&format!("<table>\n<tbody>\n{body}</tbody></table>\n"));
    }

    fn unit_name(&self, unit: &UnitLine) -> String {
        if unit.names.is_empty() { self.key(Key::Responsible).to_owned() } else { self.names(&unit.names) }
    }

    fn plan(&self, plan: &PlanPart, out: &mut String) {
        out.push_str(&said("h2", self.key(Key::Plan)));
        let head = plan.last_week.map(|week| self.fill(Key::PlanHead, &[("hours", &hours(plan.hours_per_week)), ("week", &week.saturating_add(1).to_string())]));
        out.push_str(&said("p", &head.unwrap_or_else(|| self.key(Key::PlanDone).to_owned())));
        if let Some(deadline) = &plan.deadline {
            out.push_str(&said("p", &self.deadline(deadline)));
        }
        let row = |(place, unit): (usize, &UnitLine)| {
            let weeks = match unit.weeks {
                _ if unit.done => self.key(Key::Done).to_owned(),
                None => String::new(),
                Some((first, last)) => {
                    let key = if first == last { Key::WeekOne } else { Key::WeekSpan };
                    self.fill(key, &[("from", &first.saturating_add(1).to_string()), ("to", &last.saturating_add(1).to_string())])
                }
            };
            let of = &unit.hours;
            let key = if of.low < of.high { Key::HoursLine } else { Key::HoursExact };
            let time = self.fill(key, &[("expected", &hours(of.expected)), ("low", &hours(of.low)), ("high", &hours(of.high)), ("basis", Key::basis(of.basis, self.locale))]);
            vec![(place + 1).to_string(), self.unit_name(unit), Key::track(unit.track, self.locale).to_owned(), time, weeks, self.numbers(&unit.after)]
        };
        let rows: Vec<Vec<String>> = plan.units.iter().enumerate().map(row).collect();
        out.push_str(&table(&["", self.key(Key::Unit), self.key(Key::Kind), self.key(Key::HoursOf), self.key(Key::Weeks), self.key(Key::After)], &rows));
        if plan.units.iter().any(|unit| unit.names.is_empty()) {
            out.push_str(&note(&format!("{}{}{}", self.key(Key::Responsible), if self.locale == Locale::Zh { "：" } else { ": " }, self.key(Key::ResponsibleText))));
        }
        let silent: Vec<usize> = plan.units.iter().enumerate().filter(|(_, unit)| unit.check_first && !unit.done).map(|(place, _)| place).collect();
        if !silent.is_empty() {
            out.push_str(&note(&self.fill(Key::CheckFirst, &[("units", &self.numbers(&silent))])));
        }
        if !plan.months.is_empty() {
            out.push_str(&said("h2", self.key(Key::ByMonth)));
            let row = |month: &super::MonthLine| {
                let names = self.names(&month.occupations);
                let more = month.count.saturating_sub(month.occupations.len());
                let n = if self.locale == Locale::Zh { month.count } else { more };
                let opens = match month.count {
                    0 => self.key(Key::Nothing).to_owned(),
                    _ if more > 0 => self.fill(Key::Places, &[("names", &names), ("n", &n.to_string())]),
                    _ => names,
                };
                vec![self.fill(Key::MonthNumber, &[("n", &month.month.to_string())]), self.numbers(&month.units), opens]
            };
            let rows: Vec<Vec<String>> = plan.months.iter().map(row).collect();
            out.push_str(&table(&[Key::Month, Key::Ends, Key::Opens].map(|key| self.key(key)), &rows));
        }
    }

    fn first(&self, out: &mut String) {
        if self.report.first.is_empty() {
            return;
        }
        let line = |of: &super::FirstLine| {
            let what = of.what.as_deref().unwrap_or(self.key(Key::FirstAsk));
            self.fill(Key::FirstLine, &[("n", &of.unit.saturating_add(1).to_string()), ("reason", &reason(of.reason, of.learnt, self.locale)), ("what", what)])
        };
        out.push_str(&said("h2", self.key(Key::First)));
        out.push_str(&list(&self.report.first.iter().map(line).collect::<Vec<_>>()));
    }

    fn deadline(&self, deadline: &Deadline) -> String {
        let weeks = deadline.weeks.to_string();
        if deadline.kept {
            return self.fill(Key::Kept, &[("weeks", &weeks)]);
        }
        let needed = deadline.weeks_needed.to_string();
        let needs = match deadline.hours_per_week_needed {
            Some(per_week) => self.fill(Key::Needs, &[("hours", &hours(per_week)), ("weeks", &needed)]),
            None => self.fill(Key::NeedsWeeks, &[("weeks", &needed)]),
        };
        let fits = if deadline.fits.is_empty() { self.key(Key::FitsNone).to_owned() } else { self.fill(Key::Fits, &[("units", &self.numbers(&deadline.fits))]) };
        let parts = [self.fill(Key::NotKept, &[("weeks", &weeks), ("over", &hours(deadline.hours_over))]), needs, fits];
        parts.join(if self.locale == Locale::En { " " } else { "" })
    }

    fn resources(&self, plan: &PlanPart, out: &mut String) {
        out.push_str(&said("h2", self.key(Key::Resources)));
        let mut lines: Vec<String> = Vec::new();
        for (place, unit) in plan.units.iter().enumerate().filter(|(_, unit)| !unit.done) {
            for of in &unit.resources {
                let language = match of.language.as_str() {
                    "en" => self.key(Key::English),
                    "zh-Hant" => self.key(Key::Traditional),
                    tag if tag.starts_with("zh") => self.key(Key::Simplified),
                    tag => tag,
                };
                let licence = of.licence.as_ref().map_or_else(|| self.key(Key::NoLicence).to_owned(), |name| self.fill(Key::LicenceOf, &[("name", name)]));
                lines.push(self.fill(Key::ResourceLine, &[("n", &(place + 1).to_string()), ("language", language), ("licence", &licence), ("url", &of.url), ("title", &of.title)]));
            }
        }
        if !lines.is_empty() {
            out.push_str(&list(&lines));
        }
        let without: Vec<usize> = plan.units.iter().enumerate().filter(|(_, unit)| !unit.done && !unit.asks.is_empty()).map(|(place, _)| place).collect();
        if !without.is_empty() {
            let mut asks: Vec<Ask> = plan.units.iter().filter(|unit| !unit.done).flat_map(|unit| unit.asks.iter().copied()).collect();
            asks.sort_unstable();
            asks.dedup();
            out.push_str(&said("p", &self.fill(Key::NoResource, &[("units", &self.numbers(&without))])));
            out.push_str(&list(&asks.into_iter().map(|ask| Key::ask(ask, self.locale).to_owned()).collect::<Vec<_>>()));
        }
    }
}
