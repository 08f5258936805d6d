//! Simulated people who check themselves: how far off the level is and how often the interval holds it, where the model is
//! right and where it is not, against asking in a fixed order. A test; no claim about real people.
use super::{Answer, Item, ItemBank, LEVEL_MAX, LevelEstimate, ResponseCurve, SelfCheck};

/// People of the full count; the everyday test takes a tenth.
const PEOPLE: u32 = 10_000;
/// Seed of the everyday test, printed with its results.
const SEED: u64 = 20_261_124;
/// The least share of people whose level lies within their 90 % interval, under every world.
const COVERAGE_MIN: f64 = 0.85;

/// SplitMix64 (Steele, Lea, Flood 2014) and what is drawn from it.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// Above 0, at most 1.
    fn share(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 1.0) / (1u64 << 53) as f64
    }

    /// Normal, by Box and Muller (1958).
    fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        mean + sd * (-2.0 * self.share().ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }
}

/// How the people differ from the model.
#[derive(Clone, Copy)]
struct World {
    name: &'static str,
    /// Levels of the people: mean and standard deviation, those off the scale drawn again.
    people: (f64, f64),
    /// True slopes: the model's times this, and by item e to a normal of this standard deviation.
    slope: (f64, f64),
    /// True thresholds are off by a normal of this standard deviation, in levels, the same for both of an item.
    difficulty_sd: f64,
    /// Leniency of the people: mean and standard deviation, in levels.
    leniency: (f64, f64),
}

const AS_ASSUMED: World = World {
    name: "as assumed",
    people: (2.5, super::PRIOR_SD),
    slope: (1.0, 0.0),
    difficulty_sd: 0.0,
    leniency: (0.0, super::LENIENCY_SD),
};
const FLATTERY: (f64, f64) = (0.5, 0.5);
const WORLDS: [World; 8] = [
    AS_ASSUMED,
    World { name: "slopes halved, uneven", slope: (0.5, 0.3), ..AS_ASSUMED },
    World { name: "slopes doubled, uneven", slope: (2.0, 0.3), ..AS_ASSUMED },
    World { name: "difficulties off", difficulty_sd: 0.6, ..AS_ASSUMED },
    World { name: "self-flattery", leniency: FLATTERY, ..AS_ASSUMED },
    World { name: "strong self-flattery", leniency: (1.0, 0.5), ..AS_ASSUMED },
    World { name: "people of high level", people: (4.5, 1.2), ..AS_ASSUMED },
    World { name: "all at once", people: (3.0, 1.6), slope: (0.5, 0.3), difficulty_sd: 0.6, leniency: FLATTERY },
];

/// One person before one ladder: the true level, and the answer the person would give to each rung.
struct Person {
    level: f64,
    answers: Vec<Answer>,
}

impl Person {
    fn draw(world: &World, ladder: &[Item], random: &mut Random) -> Self {
        let mut levels = std::iter::repeat_with(|| random.normal(world.people.0, world.people.1));
        let level = levels.find(|level| (0.0..=LEVEL_MAX).contains(level)).unwrap();
        let apparent = level + random.normal(world.leniency.0, world.leniency.1);
        let answer = |item: &Item| {
            let mut curve = ResponseCurve::at(item.level);
            curve.slope *= world.slope.0 * random.normal(0.0, world.slope.1).exp();
            let off = random.normal(0.0, world.difficulty_sd);
            curve.partly += off;
            curve.yes += off;
            let drawn = random.share();
            if drawn <= curve.probability(Answer::Yes, apparent) {
                Answer::Yes
            } else if drawn <= 1.0 - curve.probability(Answer::NotYet, apparent) {
                Answer::Partly
            } else {
                Answer::NotYet
            }
        };
        Self { level, answers: ladder.iter().map(answer).collect() }
    }
}

/// Errors and coverage over people.
#[derive(Default)]
struct Tally {
    people: f64,
    questions: f64,
    squared: f64,
    bias: f64,
    covered: f64,
    width: f64,
    /// How many times as long the half of the interval towards the true level would have to be to hold it.
    reaches: Vec<f64>,
}

impl Tally {
    fn add(&mut self, level: f64, questions: usize, found: LevelEstimate) {
        self.people += 1.0;
        self.questions += questions as f64;
        self.squared += (found.level - level).powi(2);
        self.bias += found.level - level;
        self.covered += f64::from(u8::from((found.low..=found.high).contains(&level)));
        self.width += found.high - found.low;
        let half = if level > found.level { found.high - found.level } else { found.level - found.low };
        self.reaches.push((level - found.level).abs() / half);
    }

    fn rmse(&self) -> f64 {
        (self.squared / self.people).sqrt()
    }

    fn coverage(&self) -> f64 {
        self.covered / self.people
    }

    /// How many times as long the intervals would have to be to hold 85 % of the people.
    fn needed(&self) -> f64 {
        let mut reaches = self.reaches.clone();
        reaches.sort_by(f64::total_cmp);
        reaches[(reaches.len() * 85).div_ceil(100) - 1]
    }

    fn line(&self, name: &str) -> String {
        let mean = |sum: f64| sum / self.people;
        format!(
            "{name:<34} questions {:.2}  rmse {:.3}  bias {:+.3}  coverage {:.3}  width {:.2}  85 % at ×{:.2}",
            mean(self.questions),
            self.rmse(),
            mean(self.bias),
            self.coverage(),
            mean(self.width),
            self.needed()
        )
    }
}

/// Checks people on ladders in turn. Adaptive; in fixed order from the lowest rung, as many questions as the adaptive check
/// asked of the same person; and all rungs.
fn simulate(world: &World, people: u32, seed: u64) -> [Tally; 3] {
    let bank = ItemBank::shipped().unwrap();
    let ids: Vec<&str> = bank.competences().collect();
    let mut random = Random(seed);
    let mut tallies: [Tally; 3] = Default::default();
    for number in 0..people {
        let id = ids[number as usize % ids.len()];
        let ladder = bank.ladder(id).unwrap();
        let person = Person::draw(world, ladder, &mut random);
        let answer_to = |rung: u8| person.answers[usize::from(rung) - 1];
        let mut adaptive = SelfCheck::new(id, None);
        while let Some(item) = adaptive.next_item(&bank).unwrap() {
            adaptive.answer(item.rung, answer_to(item.rung));
        }
        let in_order = |count: usize| SelfCheck {
            answers: ladder.iter().take(count).map(|item| (item.rung, answer_to(item.rung))).collect(),
            ..SelfCheck::new(id, None)
        };
        let checks = [in_order(adaptive.answers.len()), in_order(ladder.len())];
        for (tally, check) in tallies.iter_mut().zip(std::iter::once(&adaptive).chain(&checks)) {
            tally.add(person.level, check.answers.len(), check.estimate(&bank).unwrap());
        }
    }
    tallies
}

/// What Show 4 asks for, over all worlds.
fn shown(people: u32, seed: u64) {
    println!("{people} simulated people a world, seed {seed}");
    let mut squared = [0.0; 2];
    for world in &WORLDS {
        let [adaptive, as_many, all] = simulate(world, people, seed);
        println!("{}", adaptive.line(&format!("{}: adaptive", world.name)));
        println!("{}", as_many.line("  fixed order, as many questions"));
        println!("{}", all.line("  fixed order, all rungs"));
        assert!(adaptive.coverage() >= COVERAGE_MIN, "{}: {}", world.name, adaptive.coverage());
        squared = [squared[0] + adaptive.squared, squared[1] + as_many.squared];
    }
    assert!(squared[0] < squared[1], "no better than a fixed order: {squared:?}");
}

#[test]
fn intervals_hold_the_level_of_people_who_differ_from_the_model() {
    shown(PEOPLE, SEED);
}

#[test]
fn the_same_seed_gives_the_same_people() {
    let lines = || simulate(&WORLDS[7], 50, 7).map(|tally| tally.line(""));
    assert_eq!(lines(), lines());
}
