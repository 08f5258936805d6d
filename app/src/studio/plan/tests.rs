//! What of a plan is kept or printed as a code, on the pack that ships.
use super::super::tests::{CANARIES, call_of, part, studio, whole};
use super::*;
use crate::state::DrawnPage;
use crate::worker::protocol::{Person, SaveDrawn, TakeFile};

#[test]
fn what_is_kept_is_sealed_and_a_wrong_phrase_changes_nothing() {
    use crate::worker::protocol::KEPT;
    use waymark_shared::profile::{Evidence, Profile, ProfileItem};
    use waymark_shared::span::SpanKind;
    const PHRASE: &str = "four plain words here";
    let item = ProfileItem { label: "秘密焊接".into(), kind: SpanKind::Skill, link: None, evidence: Evidence::ShownAtWork, year: Some(2020), words: vec![], confirmed: true };
    let mut call = call_of(DrawnPage::Plan, Lang::En, "soc=51-2090&to=49-9041&hours=9&my.done=r");
    call.person = Some(Person { profile: Profile { items: vec![item] }, occupations: vec!["51-2090".into()] });
    let mut studio = studio();
    let mut keep = |phrase: &str, random: Option<&Random>| {
        let draw = Draw { asked: vec![("phrase".into(), phrase.into())], ..call.clone() };
        let file = studio.save(&SaveDrawn { draw: draw.clone(), what: "kept".into() }, random);
        (file, whole(&studio.draw(&draw)))
    };
    let (short, told) = keep("too short", Some(&[1; 28]));
    assert!(short.is_none() && told.contains("too short, so nothing was kept"), "{told}");
    let (unsealed, told) = keep(PHRASE, None);
    assert!(unsealed.is_none() && told.contains("did not keep it"), "{told}");
    let (kept, told) = keep(PHRASE, Some(&[1; 28]));
    let kept = kept.unwrap();
    assert!(kept.name == KEPT && told.contains("did not keep it"), "the page says that nothing is there: {told}");
    assert!(!kept.text.contains("秘密") && !kept.text.contains("49-9041") && kept.text.is_ascii());
    assert!(!told.contains("data-open-kept") && !told.contains(PHRASE));

    let mut later = super::super::tests::studio();
    let mut fresh = call_of(DrawnPage::Plan, Lang::Zh, "");
    fresh.asked = vec![(KEPT.into(), String::new())];
    assert!(whole(&later.draw(&fresh)).contains("data-open-kept"), "without a plan it can be opened");
    let take = |studio: &mut Studio, phrase: &str| studio.take_file(&TakeFile { page: DrawnPage::Plan, what: "kept".into(), bytes: format!("{phrase}\n{}", kept.text).into_bytes() });
    for wrong in ["", "Four plain words here", "x\ny"] {
        take(&mut later, wrong);
        let drawn = later.draw(&fresh);
        assert!(whole(&drawn).contains("口令打不开存档") && drawn.state == fresh.state && later.kept.is_none(), "{wrong}");
    }
    take(&mut later, PHRASE);
    let drawn = later.draw(&fresh);
    assert_eq!((&drawn.state, &later.kept), (&call.state, &call.person));
    assert!(!whole(&drawn).contains("口令打不开存档") && whole(&drawn).contains("已打开"));
    let emptied = later.save(&SaveDrawn { draw: fresh, what: "kept-delete".into() }, None).unwrap();
    assert_eq!((emptied.name.as_str(), emptied.text.as_str()), (KEPT, ""));
}

#[test]
fn the_code_of_a_plan_holds_ids_and_no_personal_data() {
    let mut studio = studio();
    let mut call = call_of(DrawnPage::Plan, Lang::En, "to=49-9041");
    call.person = Some(Person { profile: waymark_shared::profile::Profile::default(), occupations: vec!["51-2090".into(), CANARIES[1].into()] });
    call.asked = CANARIES.iter().map(|canary| ("step".into(), (*canary).into())).collect();
    let code = code(&studio, &plan(&studio, &call, &mut call.state.clone()).unwrap());
    let (occupations, skills) = code.text().split_once(";learn=").unwrap();
    assert_eq!(occupations, "waymark:1;from=51-2090;to=49-9041");
    assert!(code.skills() > 3 && skills.split(',').all(|id| studio.taxonomy.place(id).is_some()), "{skills}");
    let drawn = studio.draw(&call);
    let report = studio.save(&SaveDrawn { draw: call, what: "report-both.html".into() }, None).unwrap();
    let svg = part(&drawn, "code");
    let path = &svg[svg.find("<path").unwrap()..];
    assert_eq!(report.text.matches(path).count(), 2, "in each language, the same code as on the page");
}

#[test]
fn hours_ticked_in_a_week_are_taken_off_their_unit_and_fill_the_week() {
    let mut studio = studio();
    let set = "soc=51-2090&to=49-9041&hours=5";
    let of = |studio: &Studio, spent: &str| {
        let call = call_of(DrawnPage::Plan, Lang::En, &format!("{set}&my.spent={spent}"));
        plan(studio, &call, &mut call.state.clone()).unwrap()
    };
    let before = of(&studio, "");
    let unit = before.units.units[0].clone();
    assert!(unit.hours.expected > 10.0);
    let entry = progress::entry(&unit, 0, 5.0, false);
    let after = of(&studio, &entry);
    assert_eq!((after.schedule.hours_left[0], after.schedule.done.len()), (unit.hours.expected - 5.0, 0));
    assert!(after.schedule.weeks[0].lines.is_empty() && after.schedule.weeks[1].lines == before.schedule.weeks[1].lines);
    // The first drawing sets the mark.
    assert!(part(&studio.draw(&call_of(DrawnPage::Plan, Lang::En, set)), "changes").contains("Nothing since"));
    let drawn = studio.draw(&call_of(DrawnPage::Plan, Lang::En, &format!("{set}&my.spent={entry}")));
    assert!(part(&drawn, "weeks").contains(&format!("value=\"{entry}\" checked")), "{}", part(&drawn, "weeks"));
    assert!(part(&drawn, "changes").contains(" hours to go") && part(&drawn, "changes").contains("progress in"), "{}", part(&drawn, "changes"));
    // The last hours make it done, wherever it is ticked; what is no entry counts for nothing.
    let last = progress::entry(&unit, 0, 2.5, true);
    assert_eq!(of(&studio, &last).schedule.done, [0]);
    let drawn = studio.draw(&call_of(DrawnPage::Plan, Lang::En, &format!("{set}&my.spent={last}")));
    assert!(part(&drawn, "units").contains(&format!("data-list=\"my.spent\" value=\"{last}\" checked")));
    assert_eq!(of(&studio, "c1+c2-x-6+c3-0-NaN+c4-0-999+-0-").schedule.hours_left, before.schedule.hours_left);
}
