//! The ranker on small cases, and on simulated people against popularity alone and content alone.
//!
//! **The simulation and its assumptions.** A catalogue of 120 offers of 60 units, drawn as plans draw them (a third each of
//! foundation, practice, soft; two ways of each unit). 300 people see the same catalogue, the best case for popularity; in
//! Waymark every plan differs and no one's choices are known to another. A person's hidden utility is linear in the traits
//! plus what no trait tells: u = (μ + d)·(x − x̄) + q, with μ what people want on average (half the rule plus N(0, ½²), drawn per world, known to
//! no one), d ~ N(0, 1) a person's own taste, q ~ N(0, ½²) an offer's quality, the same for all. Shown offers drawn at random, a
//! person takes one with probability σ(u): choices are noisy. Judged on the offers that the person has not seen, by NDCG@5 over grades by
//! noiseless utility: 3 for the best five, 2 for the next ten, 1 for the next twenty, gain 2^grade − 1. *Popularity* ranks by the share
//! of all others who took an offer; *content* by the cosine (off the mean) to what the person took. The ranker's list is the one
//! shown, with its diversity. That people are linear in our traits favours the ranker: real tastes are not known.
use super::*;
use crate::plan::{Hours, HoursBasis};
use crate::random::Stream;

fn of(marks: &[(Trait, f32)]) -> Traits {
    let mut traits = Traits::default();
    marks.iter().for_each(|(of, value)| set(&mut traits, *of, *value));
    traits
}

fn offer(unit: usize, marks: &[(Trait, f32)]) -> Offer {
    Offer { unit, way: Way::Ask, traits: of(marks) }
}

#[test]
fn without_choices_the_weightiest_that_is_ready_comes_first_and_says_why() {
    let offers = [offer(0, &[(Trait::Weight, 0.2), (Trait::Ready, 1.0)]), offer(1, &[(Trait::Weight, 1.0)]), offer(2, &[(Trait::Weight, 0.9), (Trait::Ready, 1.0)])];
    let found = Ranker::new(&[]).recommend(&offers, 5);
    assert_eq!(found.iter().map(|r| (r.offer, r.reason, r.learnt)).collect::<Vec<_>>(), [(2, Trait::Weight, false), (1, Trait::Weight, false), (0, Trait::Ready, false)]);
    assert_eq!(Ranker::new(&[]).recommend(&[], 5), []);
}

#[test]
fn less_like_this_lowers_its_kind_alone_until_the_regression_takes_over() {
    let [open, course] = [[(Trait::Practice, 1.0), (Trait::OwnPace, 1.0)], [(Trait::Practice, 1.0), (Trait::OnSite, 1.0)]].map(|marks| of(&marks));
    let less = Choice { traits: open, liked: 0.0 };
    let moved = |choices: &[Choice]| { let (new, rule) = (Ranker::new(choices), Ranker::new(&[])); [open, course].map(|traits| new.score(&traits) - rule.score(&traits)) };
    assert_eq!((moved(&[less]), moved(&[less; 9])), ([-0.5, 0.0], [-1.5, 0.0]));
    let mut many = vec![less; ENOUGH / 2];
    many.extend([Choice { traits: course, liked: 1.0 }; ENOUGH / 2]);
    let ranker = Ranker::new(&many);
    assert!(ranker.learnt() && ranker.score(&course) > ranker.score(&open) + 1.0);
    let found = ranker.recommend(&[Offer { unit: 0, way: Way::Ask, traits: open }, Offer { unit: 1, way: Way::Ask, traits: course }], 1);
    assert_eq!((found[0].offer, found[0].reason, found[0].learnt), (1, Trait::OnSite, true));
    // The same choices in another order, and nothing after a reset.
    many.reverse();
    let apart = Trait::ALL.map(|of| (Ranker::new(&many).weights[of as usize] - ranker.weights[of as usize]).abs());
    assert!(apart.into_iter().all(|apart| apart < 1e-5) && Ranker::new(&[]) == Ranker { weights: RULE, kinds: Vec::new(), learnt: false });
}

#[test]
fn five_are_not_five_of_one_unit() {
    let mut offers: Vec<Offer> = (0..5).map(|_| offer(0, &[(Trait::Weight, 1.0), (Trait::OwnPace, 1.0)])).collect();
    offers.extend((1..5).map(|unit| offer(unit, &[(Trait::Weight, 0.9), (Trait::Practice, 1.0)])));
    let units: Vec<usize> = Ranker::new(&[]).recommend(&offers, 3).iter().map(|r| offers[r.offer].unit).collect();
    assert_eq!(units[0], 0);
    assert!(units[1..].iter().all(|unit| *unit > 0), "{units:?}");
    // Nor more than two, however much better it is, while there is another.
    let best = [(Trait::Weight, 1.0), (Trait::Ready, 1.0), (Trait::OwnPace, 1.0)];
    let offers: Vec<Offer> = (0..5).map(|_| offer(0, &best)).chain([offer(1, &[])]).collect();
    let units: Vec<usize> = Ranker::new(&[]).recommend(&offers, 4).iter().map(|r| offers[r.offer].unit).collect();
    assert_eq!(units, [0, 0, 1, 0]);
}

#[test]
fn offers_are_open_resources_courses_or_a_question_and_none_for_what_is_done() {
    let unit = |id: &str, competences: &[u32], after: &[&str]| {
        let hours = Hours { low: 8.0, expected: 16.0, high: 30.0, basis: HoursBasis::OurEstimate };
        Unit { id: id.into(), track: Track::Practice, competences: competences.into(), group: None, standing: Some(Standing::Partly), must: false, weight: 0.5, hours, after: after.iter().map(|id| (*id).into()).collect(), check_first: false }
    };
    let units = [unit("a", &[0], &[]), unit("b", &[1], &["a"]), unit("c", &[2], &["b"]), unit(super::super::RESPONSIBLE, &[], &[])];
    let resource = LearningResource { title: "t".into(), url: "https://a.test".into(), language: "zh-Hans".into(), topic: String::new(), competences: vec!["b".into()], licence: None, source: "s".into() };
    let course = Course { title: "焊接".into(), hours: Some(48.0), price: Some("免费".into()), place: Some("苏州".into()), text: String::new() };
    let ids = ["a", "b", "c"];
    let found = offers(&units, &[0], &|competence| ids.get(competence as usize).copied(), "zh", &[resource], &[course], &[UnitCover { course: 0, unit: 1, share: 1.0 }, UnitCover { course: 0, unit: 2, share: 0.3 }]);
    assert_eq!(found.iter().map(|offer| (offer.unit, offer.way)).collect::<Vec<_>>(), [(1, Way::Open(0)), (1, Way::Course(0)), (2, Way::Ask)]);
    let marks = |at: usize| Trait::ALL.into_iter().filter(|of| found[at].traits[*of as usize] > 0.9).collect::<Vec<_>>();
    let common = [Trait::Weight, Trait::Partly, Trait::Ready, Trait::Practice, Trait::OwnLanguage];
    assert_eq!((marks(0), marks(1)), ([&common[..], &[Trait::OwnPace, Trait::Free]].concat(), [&common[..], &[Trait::OnSite, Trait::Free]].concat()));
    // 16 hours are one half, 48 a quarter; the third waits for the second.
    assert_eq!([0, 1].map(|at| found[at].traits[Trait::Short as usize]), [0.5, 0.25]);
    assert!(!marks(2).contains(&Trait::Ready));
    // Nobody knows in which language a provider teaches: that is no reason.
    assert_eq!(Trait::OF_WAY.map(|of| found[2].traits[of as usize]), [0.5; 5]);
    let foreign = Offer { way: Way::Open(0), ..offer(1, &[]) };
    assert!(!Trait::OF_WAY.contains(&Ranker::new(&[]).recommend(&[found[2], foreign], 1)[0].reason));
}

fn normal(stream: &mut Stream) -> f64 {
    (-2.0 * (1.0 - stream.unit()).ln()).sqrt() * (std::f64::consts::TAU * stream.unit()).cos()
}

/// 60 units, two ways each.
fn catalogue(stream: &mut Stream) -> Vec<Offer> {
    let mut all = Vec::new();
    for unit in 0..60 {
        let mut base = Traits::default();
        let mut odds = |share: f64| f32::from(u8::from(stream.unit() < share));
        for (of, share) in [(Trait::Must, 0.15), (Trait::Partly, 0.25), (Trait::Ready, 0.5)] {
            set(&mut base, of, odds(share));
        }
        set(&mut base, Trait::Weight, stream.unit() as f32);
        set(&mut base, [Trait::Foundation, Trait::Practice, Trait::Soft][unit % 3], 1.0);
        for _ in 0..2 {
            let mut traits = base;
            let way = stream.unit();
            let mut odds = |share: f64| f32::from(u8::from(stream.unit() < share));
            let marks = match way {
                ..0.45 => vec![(Trait::OwnPace, 1.0), (Trait::Free, 1.0), (Trait::OwnLanguage, odds(0.5)), (Trait::Licence, odds(0.4))],
                ..0.75 => vec![(Trait::OnSite, odds(0.7)), (Trait::Free, odds(0.2)), (Trait::OwnLanguage, odds(0.9))],
                _ => vec![(Trait::OwnLanguage, 1.0)],
            };
            marks.into_iter().for_each(|(of, value)| set(&mut traits, of, value));
            set(&mut traits, Trait::Short, 0.2 + 0.6 * stream.unit() as f32);
            all.push(Offer { unit, way: Way::Ask, traits });
        }
    }
    all
}

/// Mean NDCG@5 of ranker, popularity, content and the rule alone, where people differ by `taste` and offers by `quality`.
fn simulated(seed: u64, choices: usize, taste: f64, quality: f64) -> [f64; 4] {
    const PEOPLE: usize = 300;
    let mut world = Stream::at(&[seed]);
    let offers = catalogue(&mut world);
    let means: Vec<f64> = (0..TRAITS).map(|at| offers.iter().map(|offer| f64::from(offer.traits[at])).sum::<f64>() / offers.len() as f64).collect();
    let centred: Vec<Vec<f64>> = offers.iter().map(|offer| offer.traits.iter().zip(&means).map(|(value, mean)| f64::from(*value) - mean).collect()).collect();
    let wanted: Vec<f64> = RULE.iter().map(|rule| f64::from(*rule) / 2.0 + 0.5 * normal(&mut world)).collect();
    let good: Vec<f64> = offers.iter().map(|_| quality * normal(&mut world)).collect();
    let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    // Person → utilities, what was seen (the rest is held out), what was taken of it.
    let mut people: Vec<(Vec<f64>, Vec<(usize, bool)>)> = Vec::new();
    for person in 0..PEOPLE {
        let mut stream = Stream::at(&[seed, 1, person as u64]);
        let own: Vec<f64> = wanted.iter().map(|mean| mean + taste * normal(&mut stream)).collect();
        let utility: Vec<f64> = centred.iter().zip(&good).map(|(traits, good)| inner(traits, &own) + good).collect();
        let mut order: Vec<(u64, usize)> = (0..offers.len()).map(|at| (stream.bits(), at)).collect();
        order.sort_unstable();
        let seen = order.iter().take(choices).map(|(_, at)| (*at, stream.unit() < 1.0 / (1.0 + (-utility[*at]).exp()))).collect();
        people.push((utility, seen));
    }
    // What is held out of a person's choices was not chosen by them, so that no one counts towards their own list.
    let share = |at: usize| {
        let of = people.iter().flat_map(|(_, seen)| seen.iter().filter(|(of, _)| *of == at));
        let (all, taken) = of.fold((2.0, 1.0), |(all, taken), (_, took)| (all + 1.0, taken + f64::from(u8::from(*took))));
        taken / all
    };
    let popularity: Vec<f64> = (0..offers.len()).map(share).collect();
    let mut sums = [0f64; 4];
    for (utility, seen) in &people {
        let held: Vec<usize> = (0..offers.len()).filter(|at| seen.iter().all(|(of, _)| of != at)).collect();
        let best = |score: &dyn Fn(usize) -> f64| {
            let mut order = held.clone();
            order.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
            order
        };
        let ideal = best(&|at| utility[at]);
        let gain = |at: usize| match ideal.iter().position(|of| *of == at) { Some(0..5) => 7.0, Some(5..15) => 3.0, Some(15..35) => 1.0, _ => 0.0 };
        let dcg = |order: &[usize]| order.iter().take(SHOWN).enumerate().map(|(rank, at)| gain(*at) / (rank as f64 + 2.0).log2()).sum::<f64>();
        let taken: Vec<f64> = (0..TRAITS).map(|of| seen.iter().filter(|(_, took)| *took).map(|(at, _)| centred[*at][of]).sum()).collect();
        let made: Vec<Choice> = seen.iter().map(|(at, took)| Choice { traits: offers[*at].traits, liked: f32::from(u8::from(*took)) }).collect();
        let unseen: Vec<Offer> = held.iter().map(|at| offers[*at]).collect();
        let shown = |choices: &[Choice]| Ranker::new(choices).recommend(&unseen, SHOWN).iter().map(|r| held[r.offer]).collect::<Vec<_>>();
        let cosine = |at: usize| inner(&centred[at], &taken) / inner(&centred[at], &centred[at]).sqrt();
        let lists = [shown(&made), best(&|at| popularity[at]), best(&cosine), shown(&[])];
        sums.iter_mut().zip(lists).for_each(|(sum, list)| *sum += dcg(&list) / dcg(&ideal));
    }
    sums.map(|sum| sum / PEOPLE as f64)
}

#[test]
fn the_ranker_orders_better_than_popularity_and_content_for_simulated_people() {
    for choices in [ENOUGH, 2 * ENOUGH, 4 * ENOUGH] {
        let worlds: Vec<[f64; 4]> = (0..4).map(|seed| simulated(seed, choices, 1.0, 0.5)).collect();
        let [ranker, popularity, content, rule] = [0, 1, 2, 3].map(|of| worlds.iter().map(|world| world[of]).sum::<f64>() / worlds.len() as f64);
        println!("NDCG@5 after {choices} choices: ranker {ranker:.3}, popularity {popularity:.3}, content {content:.3}, rule {rule:.3}");
        assert!(ranker > popularity + 0.02 && ranker > content + 0.02 && ranker > rule, "{choices}");
    }
}

#[test]
fn where_all_want_the_same_popularity_wins_so_the_measure_can_say_no() {
    let [ranker, popularity, ..] = simulated(7, ENOUGH, 0.0, 2.0);
    println!("NDCG@5 where all want the same: ranker {ranker:.3}, popularity {popularity:.3}");
    assert!(popularity > ranker + 0.05);
}
