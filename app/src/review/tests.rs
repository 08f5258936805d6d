//! What a review does with entries, borders, merging and undo.
use super::lines::LineKind;
use super::*;
use waymark_shared::analyse::{CompetenceKind, FoundSpan, TagSetName};
use waymark_shared::text::Language;

fn span(text: &str, words: &str, kind: SpanKind, context: SpanContext, confidence: f32) -> FoundSpan {
    let start = text.find(words).unwrap();
    FoundSpan { start, end: start + words.len(), kind, confidence, context, by: FoundBy::Model }
}

fn sentence(text: &str, words: &str, section: Section) -> Sentence {
    let start = text.find(words).unwrap();
    Sentence { start, end: start + words.len(), section, heading: false }
}

fn sample() -> Review {
    use SpanContext::{Negated, Own, Wanted};
    use SpanKind::{Knowledge, Skill};
    let text = "技能\n- 操作焊接机器人，会用PLC\n我想学Python\n没有驾照\n负责完成领导交办的其他事项\nPLC".to_owned();
    let mut spans = vec![
        span(&text, "操作焊接机器人", Skill, Own, 0.9),
        span(&text, "焊接机器人", Knowledge, Own, 0.3),
        span(&text, "PLC", Knowledge, Own, 0.6),
        span(&text, "Python", Knowledge, Wanted, 0.8),
        span(&text, "驾照", Knowledge, Negated, 0.2),
    ];
    let last = text.rfind("PLC").unwrap();
    spans.push(FoundSpan { start: last, end: last + 3, confidence: 0.7, ..spans[2].clone() });
    let sentences = vec![
        sentence(&text, "- 操作焊接机器人，会用PLC", Section::Skills),
        sentence(&text, "负责完成领导交办的其他事项", Section::Experience),
    ];
    Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::Zh, sentences, spans, links: vec![], occupations: vec![], personal: vec![] })
}

#[test]
fn the_same_phrase_is_one_entry_with_all_its_places() {
    let review = sample();
    let plc = review.entries.iter().find(|entry| entry.label == "PLC").unwrap();
    assert_eq!((plc.number, plc.places.len(), plc.confidence), (3, 2, 0.7));
}

#[test]
fn groups_follow_context_confidence_and_decisions() {
    use Group::{Check, Held, LeftOut, NotMine};
    let (skills, knowledge) = (Held(SpanKind::Skill), Held(SpanKind::Knowledge));
    let mut review = sample();
    assert_eq!(review.groups(), [skills, Check, knowledge, LeftOut, LeftOut]);
    for (number, decision) in [(1, Decision::NotMine), (2, Decision::Confirmed), (4, Decision::Confirmed)] {
        review.edit(Edit::Decide(number, decision));
    }
    assert_eq!(review.groups(), [NotMine, knowledge, knowledge, knowledge, LeftOut]);
}

#[test]
fn no_more_than_three_entries_are_asked_about_at_a_time() {
    let text: String = ('a'..='j').collect();
    let spans = (0..10u8)
        .map(|i| FoundSpan {
            start: usize::from(i),
            end: usize::from(i) + 1,
            kind: SpanKind::Skill,
            confidence: 0.4 - f32::from(i) / 100.0,
            context: SpanContext::Own,
            by: FoundBy::Rule,
        })
        .collect();
    let mut review = Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::En, sentences: vec![], spans, links: vec![], occupations: vec![], personal: vec![] });
    let asked = |review: &Review| review.groups().iter().map(|group| *group == Group::Check).collect::<Vec<_>>();
    assert_eq!(asked(&review).iter().position(|asked| *asked), Some(7));
    review.edit(Edit::Decide(10, Decision::Confirmed));
    assert_eq!(asked(&review).iter().filter(|asked| **asked).count(), CHECK_AT_A_TIME);
    assert_eq!(asked(&review).iter().position(|asked| *asked), Some(6));
}

#[test]
fn lines_hold_the_whole_text_and_nested_spans_keep_both_layers() {
    let review = sample();
    let lines = review.lines();
    let shown: Vec<String> = lines.iter().map(|line| line.segments.iter().map(|s| s.words.as_str()).collect()).collect();
    assert_eq!(shown.join("\n"), review.text);
    let both = lines[1].segments.iter().find(|segment| segment.words == "焊接机器人").unwrap();
    assert_eq!((both.over.as_slice(), both.ends.as_slice()), ([(1, SpanKind::Skill), (2, SpanKind::Knowledge)].as_slice(), [1, 2].as_slice()));
    assert_eq!(lines[1].kind, LineKind::Bullet);
}

#[test]
fn a_sentence_about_work_without_a_span_is_shown_as_unplaced() {
    let review = sample();
    assert_eq!(review.unplaced, [1]);
    assert_eq!(review.sentence(1), "负责完成领导交办的其他事项");
    assert_eq!(review.lines()[4].segments[0].unplaced, Some(1));
}

#[test]
fn the_sentence_around_an_entry_is_cut_at_its_words() {
    let review = sample();
    assert_eq!(review.around(&review.entries[1]), ["- 操作", "焊接机器人", "，会用PLC"]);
}

#[test]
fn spans_that_do_not_fit_the_text_are_not_shown() {
    let bad = FoundSpan {
        start: 1,
        end: 99,
        kind: SpanKind::Skill,
        confidence: 1.0,
        context: SpanContext::Own,
        by: FoundBy::Rule,
    };
    let review = Review::new("焊".into(), Analysis { tag_set: TagSetName::Open, language: Language::Zh, sentences: vec![], spans: vec![bad], links: vec![], occupations: vec![], personal: vec![] });
    assert!(review.entries.is_empty() && review.lines().len() == 1);
}

fn link(id: &str, by: LinkedBy) -> SpanLink {
    SpanLink { id: id.into(), kind: CompetenceKind::Technology, name_en: id.into(), name_zh: String::new(), score: 0.8, by }
}

#[test]
fn two_names_of_one_competence_are_one_entry() {
    let text = "可编程控制器 and PLC";
    let spans = vec![
        span(text, "可编程控制器", SpanKind::Knowledge, SpanContext::Own, 0.6),
        span(text, "PLC", SpanKind::Knowledge, SpanContext::Own, 0.9),
    ];
    let of = |by| {
        let links = vec![vec![link("plc", by)], vec![link("plc", by)]];
        let analysis = Analysis { tag_set: TagSetName::Open, language: Language::Zh, sentences: vec![], spans: spans.clone(), links, occupations: vec![], personal: vec![] };
        Review::new(text.into(), analysis).entries.iter().map(|e| e.places.len()).collect::<Vec<_>>()
    };
    assert_eq!(of(LinkedBy::Name), [2]);
    assert_eq!(of(LinkedBy::Nearness), [1, 1], "what is only near may still be two things");
}

#[test]
fn every_change_can_be_undone_exactly() {
    let edits = [
        Edit::Decide(1, Decision::NotMine),
        Edit::AcceptAll,
        Edit::Relink(3, Some(link("tech:plc", LinkedBy::Nearness))),
        Edit::Relink(3, None),
        Edit::MoveBorder(2, Border::StartEarlier),
        Edit::MoveBorder(2, Border::StartLater),
        Edit::MoveBorder(1, Border::EndEarlier),
        Edit::MoveBorder(1, Border::EndLater),
        Edit::AddPlace((0, 6), SpanKind::Skill),
        Edit::AddWords("团队合作".into(), SpanKind::Skill),
        Edit::AddWords("plc".into(), SpanKind::Knowledge),
        Edit::Merge(2, 1),
        Edit::Prove(4, Evidence::Certified),
    ];
    let mut review = sample();
    let mut states = vec![review.entries.clone()];
    for edit in &edits {
        review.edit(edit.clone());
        if review.entries != states[states.len() - 1] {
            states.push(review.entries.clone());
        }
    }
    assert_eq!(states.len(), edits.len(), "all but one change something: no link was there to take away");
    while let Some(state) = states.pop() {
        assert_eq!(review.entries, state);
        review.undo();
    }
    assert!(!review.can_undo() && review.entries == sample().entries);
}

#[test]
fn borders_move_by_words_and_characters_and_stay_in_the_line() {
    let text = "first\nran the big press today".to_owned();
    let at = text.find("big").unwrap();
    let spans = vec![FoundSpan { start: at, end: at + 3, kind: SpanKind::Skill, confidence: 1.0, context: SpanContext::Own, by: FoundBy::Model }];
    let mut review = Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::En, sentences: vec![], spans, links: vec![], occupations: vec![], personal: vec![] });
    let mut after = |border| {
        review.edit(Edit::MoveBorder(1, border));
        review.entries[0].label.clone()
    };
    assert_eq!(after(Border::EndLater), "big press");
    assert_eq!(after(Border::StartEarlier), "the big press");
    assert_eq!(after(Border::StartEarlier), "ran the big press");
    assert_eq!(after(Border::StartEarlier), "ran the big press", "the line begins here");
    assert_eq!(after(Border::StartLater), "the big press");
    assert_eq!(after(Border::EndEarlier), "the big");
    assert_eq!(after(Border::StartLater), "big");
    assert_eq!(after(Border::StartLater), "big", "a border never passes the other");
}

#[test]
fn words_typed_by_hand_find_their_places_and_count_at_once() {
    let mut review = sample();
    review.edit(Edit::AddWords("领导".into(), SpanKind::Skill));
    let added = review.entries.last().unwrap();
    assert_eq!((added.number, added.places.len(), added.by, added.decision), (6, 1, FoundBy::Person, Decision::Confirmed));
    review.edit(Edit::AddWords("  ".into(), SpanKind::Skill));
    assert_eq!(review.entries.len(), 6);
}

#[test]
fn evidence_and_year_follow_the_section() {
    let text = "2015-2019 Mill\nran a press\nCertificates\nforklift".to_owned();
    let sentences = vec![
        sentence(&text, "2015-2019 Mill", Section::Experience),
        sentence(&text, "ran a press", Section::Experience),
        sentence(&text, "forklift", Section::Certificates),
    ];
    let spans = vec![
        span(&text, "ran a press", SpanKind::Skill, SpanContext::Own, 0.9),
        span(&text, "forklift", SpanKind::Knowledge, SpanContext::Own, 0.9),
    ];
    let review = Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::En, sentences, spans, links: vec![], occupations: vec![], personal: vec![] });
    let shown: Vec<_> = review.entries.iter().map(|e| (e.evidence, e.year)).collect();
    assert_eq!(shown, [(Evidence::ShownAtWork, Some(2019)), (Evidence::Certified, None)]);
}

#[test]
fn a_post_that_is_held_to_this_day_has_no_last_year() {
    for (line, year) in [("2021 - present, Mill", None), ("Clerk  2014 to date", None), ("2018年3月—至今　焊装车间", None), ("Mill, 2015 - 2018", Some(2018)), ("presented the mill in 2012", Some(2012))] {
        let text = format!("{line}\nran a press");
        let sentences = vec![sentence(&text, line, Section::Experience), sentence(&text, "ran a press", Section::Experience)];
        let spans = vec![span(&text, "ran a press", SpanKind::Skill, SpanContext::Own, 0.9)];
        let review = Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::En, sentences, spans, links: vec![], occupations: vec![], personal: vec![] });
        assert_eq!(review.entries[0].year, year, "{line}");
    }
}

#[test]
fn personal_data_added_by_hand_stay_out_of_the_profile() {
    let text = "欧阳海棠 会PLC".to_owned();
    let personal = vec![PersonalSpan { start: 0, end: 12, kind: waymark_shared::analyse::PersonalKind::Name }];
    let spans = vec![span(&text, "PLC", SpanKind::Knowledge, SpanContext::Own, 0.9)];
    let mut review = Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::Zh, sentences: vec![], spans, links: vec![], occupations: vec![], personal });
    review.edit(Edit::AddPlace((0, 12), SpanKind::Skill));
    review.edit(Edit::AddWords("师从欧阳海棠".into(), SpanKind::Skill));
    assert_eq!(review.entries.len(), 3);
    assert_eq!(review.profile().items.iter().map(|item| item.label.as_str()).collect::<Vec<_>>(), ["PLC"]);
}

#[test]
fn a_saved_profile_opens_again_with_its_skills_named() {
    let mut review = sample();
    review.edit(Edit::AcceptAll);
    let profile = review.profile();
    let (cv, _) = waymark_shared::cv::read(profile.json_resume().as_bytes(), None, &waymark_shared::cv::Limits::default()).unwrap();
    assert!(profile.items.len() >= 3);
    for item in &profile.items {
        assert!(cv.text.contains(&item.label), "{} in\n{}", item.label, cv.text);
    }
    assert!(!cv.text.contains("Python"), "what is only wanted is not saved:\n{}", cv.text);
}

/// What the worker reads a file as, with spans found anew over every line and one more.
fn reread(file: &str) -> Review {
    use waymark_shared::{cv, personal::PersonalRules, text};
    let text = cv::read(file.as_bytes(), None, &cv::Limits::default()).unwrap().0.text;
    let sentences = text::sentences(&text);
    let found = |s: &Sentence| FoundSpan { start: s.start, end: s.end, kind: SpanKind::Skill, confidence: 0.9, context: SpanContext::Own, by: FoundBy::Model };
    let spans = sentences.iter().filter(|s| !s.heading).map(found).collect();
    let personal = PersonalRules::built_in().unwrap().find(&text, &sentences);
    Review::new(text, Analysis { tag_set: TagSetName::Open, language: Language::Zh, sentences, spans, links: vec![], occupations: vec![], personal })
}

#[test]
fn a_saved_profile_that_is_opened_again_is_the_same_profile() {
    let file = include_str!("../../../tests/cv/profile-zh.json");
    let kept = Profile::of_json_resume(file.as_bytes()).unwrap();
    let mut review = reread(file);
    review.restore(kept.clone());
    assert_eq!(review.profile(), kept);
    assert_eq!(review.profile().json_resume(), file, "and saved again the same file");
    assert!(!review.can_undo() && review.entries.iter().all(|entry| entry.decision == Decision::Confirmed));
    let place = review.entries[0].places[1];
    assert_eq!(&review.text[place.0..place.1], "快速换型");
    // What another program added to the file is found anew and follows, still to be decided.
    let added = file.replace("\"basics\": {}", "\"basics\": {}, \"work\": [{\"position\": \"焊工\"}]");
    let mut review = reread(&added);
    review.restore(kept.clone());
    let (last, before) = review.entries.split_last().unwrap();
    assert_eq!((before.len(), last.number, last.decision), (kept.items.len(), kept.items.len() + 1, Decision::Open));
    assert!(last.label.contains("焊工"), "{}", last.label);
}

#[test]
fn the_profile_of_a_reviewed_cv_survives_its_file() {
    let mut review = sample();
    review.edit(Edit::Decide(1, Decision::Confirmed));
    review.edit(Edit::AddWords("PLC 调试".into(), SpanKind::Knowledge));
    review.edit(Edit::Prove(3, Evidence::Certified));
    let link = SpanLink { id: "tech:plc".into(), kind: CompetenceKind::Technology, name_en: "PLC".into(), name_zh: String::new(), score: 0.4, by: LinkedBy::Name };
    review.edit(Edit::Relink(3, Some(link)));
    let profile = review.profile();
    assert!(profile.items.len() > 3);
    let file = profile.json_resume();
    let mut again = reread(&file);
    again.restore(Profile::of_json_resume(file.as_bytes()).unwrap());
    assert_eq!(again.profile(), profile);
}
