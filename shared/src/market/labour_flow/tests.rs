//! The engines against hand-worked cases, the reference trajectory, each other and the laws of the model. No speed.
use super::calibration::{Targets, resting, self_loops, settle};
use super::draws::Draws;
use super::lanes::Lanes;
use super::scalar::Scalar;
use super::*;
use crate::market::network::Edge;
use crate::market::scenario::{shift, sigmoid};
use crate::random::Stream;

/// The result of a future that is done at once, as those of the engines of the CPU are.
pub(crate) fn done<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("an engine of the CPU waited"),
    }
}

fn run_all(engine: &impl Engine, network: &Network, runs: &[Run], record: Record) -> Vec<Trajectory> {
    done(engine.run(&Job::new(network, runs, record).unwrap().seeded(7))).unwrap()
}

pub(crate) fn all(nodes: usize) -> Record {
    Record { nodes: (0..).take(nodes).collect(), every: 1 }
}

/// A ring with chords, so that it is connected; employment from 300 to 30,000.
pub(crate) fn chance_market(nodes: u32, seed: u64) -> (Network, Vec<f64>) {
    let mut draw = Stream::at(&[seed, 99]);
    let mut edges: Vec<Edge> = (0..nodes).map(|from| Edge { from, to: (from + 1) % nodes, weight: 1.0 + draw.unit() }).collect();
    for _ in 0..nodes * 6 {
        let mut node = || (draw.bits() % u64::from(nodes)) as u32;
        let (from, to) = (node(), node());
        edges.push(Edge { from, to, weight: 0.1 + draw.unit() });
    }
    let employment = (0..nodes).map(|_| 300.0 * 100_f64.powf(draw.unit())).collect();
    (Network::from_edges(nodes as usize, &edges).unwrap(), employment)
}

/// A run under a shock by chance that begins after `from` steps.
pub(crate) fn shocked(employment: &[f64], from: f64, years: f64, steps: usize, seed: u64) -> Run {
    let mut draw = Stream::at(&[seed, 98]);
    let rates = Rates::reference(employment.len());
    let start = Stocks::at_start(employment, &rates);
    let mut demand = Demand::constant(start.labour_force(), steps);
    let shock: Vec<f64> = employment.iter().map(|_| draw.unit()).collect();
    demand.shift = shift(&demand.base, &shock).unwrap();
    demand.ramp = sigmoid(from, years, steps);
    Run { rates, start, demand, number: 0 }
}

#[test]
fn one_step_of_one_occupation_is_as_worked_by_hand() {
    let network = Network::from_edges(1, &[Edge { from: 0, to: 0, weight: 3.0 }]).unwrap();
    let rates = Rates::reference(1);
    let start = Stocks { employed: vec![100.0], unemployed: vec![10.0], vacancies: vec![5.0], spells: [vec![1.0], vec![2.0], vec![3.0], vec![1.0]] };
    // Demand 110: gap −5, so separations 1.6 and openings 1.2 + .988 · .16 · 5 = 1.9904; 10 applicants to 5 vacancies fill
    // 5(1 − e⁻²) = 4.323323583816936 of them, so of every spell .5676676416183064 stay.
    let run = Run { rates, start, demand: Demand::constant(vec![110.0], 1), number: 0 };
    for (name, end, off) in [("scalar", run_all(&Scalar, &network, std::slice::from_ref(&run), all(1)), 1e-12), ("simd", run_all(&Lanes, &network, std::slice::from_ref(&run), all(1)), 1e-6)] {
        let end = &end[0].end;
        let expected = [102.723_323_583_816_94, 7.276676416183064, 2.667076416183064, 1.6, 0.567667641618306, 1.135335283236613, 2.270670566473226];
        let found = [end.employed[0], end.unemployed[0], end.vacancies[0], end.spells[0][0], end.spells[1][0], end.spells[2][0], end.spells[3][0]];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < off, "{name}: {found} {expected}");
        }
    }
}

/// The three occupations of `tests/market/toy3.csv`, with the shock of `market.md` 2c.
pub(crate) fn toy3() -> (Network, Run) {
    let edges = [(0, 1, 3.0), (0, 2, 1.0), (1, 0, 2.0), (1, 2, 1.0), (2, 0, 1.0), (2, 1, 2.0)].map(|(from, to, weight)| Edge { from, to, weight });
    let network = Network::from_edges(3, &edges).unwrap();
    let rates = Rates { self_loop: vec![0.6, 0.7, 0.7], ..Rates::reference(3) };
    let start = Stocks::at_start(&[1000.0, 500.0, 200.0], &rates);
    let mut demand = Demand::constant(start.labour_force(), 119);
    demand.shift = shift(&demand.base, &[0.8, 0.2, 0.1]).unwrap();
    demand.ramp = sigmoid(20.0, 5.0, 119);
    (network, Run { rates, start, demand, number: 0 })
}

#[test]
fn three_occupations_follow_the_reference_trajectory() {
    // tests/market/toy3.csv: market.md 2b computed by a separate program in float64 (CC0); its digits end at 1e-9. The lanes
    // compute flows in f32.
    let (network, run) = toy3();
    let run = [run];
    let expected: Vec<Vec<f64>> = include_str!("../../../../tests/market/toy3.csv").lines().skip(1).map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect();
    assert_eq!(expected.len(), 16);
    for (name, found, off) in [("scalar", run_all(&Scalar, &network, &run, all(3)), 0.0), ("simd", run_all(&Lanes, &network, &run, all(3)), 1e-5)] {
        for row in &expected {
            let counts = &found[0].recorded[row[0] as usize];
            let figures: [fn(&Counts) -> f64; 4] = [|c| c.employed, |c| c.unemployed, |c| c.vacancies, |c| c.long_term];
            for (figure, expected) in figures.iter().zip(row[1..].chunks(3)) {
                for (count, expected) in counts.iter().zip(expected) {
                    assert!((figure(count) - expected).abs() < 1e-9 + off * expected, "{name} at {}: {} {expected}", row[0], figure(count));
                }
            }
        }
    }
}

#[test]
fn people_are_conserved_and_no_stock_is_negative() {
    let (network, employment) = chance_market(60, 1);
    let run = [shocked(&employment, 100.0, 10.0, 600, 1)];
    for (name, found, off) in [("scalar", run_all(&Scalar, &network, &run, all(60)), 1e-9), ("simd", run_all(&Lanes, &network, &run, all(60)), 1e-6)] {
        let force = |counts: &Counts| counts.employed + counts.unemployed;
        let first = force(&found[0].totals[0]);
        for (counts, nodes) in found[0].totals.iter().zip(&found[0].recorded) {
            assert!((force(counts) / first - 1.0).abs() < 1e-9, "{name}");
            assert!(nodes.iter().all(|c| c.employed >= 0.0 && c.unemployed >= 0.0 && c.vacancies >= 0.0 && c.long_term >= 0.0 && c.long_term <= c.unemployed * (1.0 + off)), "{name}");
        }
        // The shock is felt: this is no trivial steady state.
        assert!(found[0].totals[180].unemployment() > 1.2 * found[0].totals[99].unemployment());
    }
}

/// Random networks, issue 4, Show 6.
const HOSTILE: u64 = 100_000;

#[test]
fn hostile_networks_are_refused_by_name_or_conserve_people() {
    let mut draw = Stream::at(&[20_261_130]);
    // Empty, outside, bad weight, in parts, a job out of range; runs.
    let mut seen = [0_u64; 6];
    for case in 0..HOSTILE {
        let nodes = draw.bits() % 6;
        let strange = |draw: &mut Stream| draw.bits().is_multiple_of(60);
        let count = if strange(&mut draw) { 0 } else { draw.bits() % 16 };
        let edges: Vec<Edge> = (0..count)
            .map(|_| {
                let mut end = || u32::try_from(draw.bits() % (nodes + u64::from(strange(&mut draw))).max(1)).unwrap();
                let (from, to) = (end(), end());
                let weights = [f64::NAN, 1e300, -1.0, 0.0, 1e-300, f64::INFINITY, 1e12];
                let weight = if strange(&mut draw) { weights[(draw.bits() % 7) as usize] } else { draw.unit() + 1e-3 };
                Edge { from, to, weight }
            })
            .collect();
        let network = match Network::from_edges(usize::try_from(nodes).unwrap(), &edges) {
            Ok(network) => network,
            Err(error) => {
                use crate::market::network::NetworkError as E;
                let kind = match &error { E::Empty => 0, E::Outside { .. } => 1, E::Weight { .. } => 2, E::Disconnected { .. } => 3, E::TooLarge(_) => panic!("{case}: {error}") };
                assert_eq!(kind == 0, nodes == 0 || edges.is_empty(), "{case}: {error}");
                seen[kind] += 1;
                continue;
            }
        };
        let employment: Vec<f64> = (0..nodes).map(|_| if strange(&mut draw) { [f64::NAN, -1.0, 1e300, 0.0][(draw.bits() % 4) as usize] } else { 1e4 * draw.unit() }).collect();
        let rates = Rates::reference(employment.len());
        let run = [resting(rates.clone(), Stocks::at_start(&employment, &rates), 20)];
        let Ok(job) = Job::new(&network, &run, all(employment.len())) else {
            seen[4] += 1;
            assert!(employment.iter().any(|e| !(0.0..1e12).contains(e)), "{case}: {employment:?}");
            continue;
        };
        seen[5] += 1;
        for found in [done(Scalar.run(&job)).unwrap(), done(Lanes.run(&job)).unwrap()] {
            let force = |counts: &Counts| counts.employed + counts.unemployed;
            let first = force(&found[0].totals[0]);
            for (counts, nodes) in found[0].totals.iter().zip(&found[0].recorded) {
                assert!((force(counts) - first).abs() <= 1e-9 * first.max(1.0), "{case}: {employment:?} {edges:?}");
                assert!(nodes.iter().all(|c| [c.employed, c.unemployed, c.vacancies].iter().all(|stock| *stock >= 0.0 && stock.is_finite())), "{case}: {employment:?} {edges:?}");
            }
        }
    }
    assert!(seen.iter().all(|count| *count > HOSTILE / 200), "every way is tried: {seen:?}");
}

#[test]
fn lanes_are_the_scalar_engine_for_any_number_of_runs() {
    let (network, employment) = chance_market(50, 2);
    let mut draw = Stream::at(&[5]);
    let runs: Vec<Run> = (0..10)
        .map(|seed| {
            let mut run = shocked(&employment, 10.0, 4.0, 120, seed);
            run.rates.separation.iter_mut().for_each(|rate| *rate *= 0.5 + draw.unit());
            run.rates.opening.iter_mut().for_each(|rate| *rate *= 0.5 + draw.unit());
            run.rates.self_loop.iter_mut().for_each(|stay| *stay = draw.unit());
            run.rates.cutting = draw.unit();
            run.rates.advertising = draw.unit();
            run.demand.cycle.iter_mut().for_each(|factor| *factor = 0.9 + 0.2 * draw.unit());
            run.demand.widening.iter_mut().for_each(|share| *share = draw.unit());
            run
        })
        .collect();
    for count in 1..=10 {
        let record = Record { nodes: vec![3, 17], every: 7 };
        let (slow, fast) = (run_all(&Scalar, &network, &runs[..count], record.clone()), run_all(&Lanes, &network, &runs[..count], record));
        for (slow, fast) in slow.iter().zip(&fast) {
            assert_eq!((slow.totals.len(), slow.recorded.len()), (121, 18));
            let pairs = slow.totals.iter().zip(&fast.totals).chain(slow.recorded.iter().flatten().zip(fast.recorded.iter().flatten()));
            for (a, b) in pairs {
                for (a, b) in [(a.employed, b.employed), (a.unemployed, b.unemployed), (a.vacancies, b.vacancies), (a.long_term, b.long_term)] {
                    assert!((a - b).abs() <= 1e-5 * a.abs().max(1.0), "{count} runs: {a} {b}");
                }
            }
            assert!(slow.end.spells[1].iter().zip(&fast.end.spells[1]).all(|(a, b)| (a - b).abs() < 1e-5 * a.max(1.0)));
        }
    }
}

#[test]
fn a_run_without_vacancies_or_people_stands_still() {
    let (network, _) = chance_market(4, 3);
    let mut rates = Rates::reference(4);
    rates.opening = vec![0.0; 4];
    let start = Stocks { employed: vec![0.0; 4], unemployed: vec![5.0, 0.0, 0.0, 0.0], vacancies: vec![0.0; 4], spells: std::array::from_fn(|_| vec![0.0; 4]) };
    let run = [Run { rates, start: start.clone(), demand: Demand::constant(vec![0.0; 4], 3), number: 0 }];
    for found in [run_all(&Scalar, &network, &run, all(4)), run_all(&Lanes, &network, &run, all(4)), run_all(&Draws { unit: 1.0 }, &network, &run, all(4))] {
        assert_eq!(found[0].end, start);
    }
}

#[test]
fn a_complete_network_has_less_unemployment() {
    // The paper's claim: what people cannot reach, they cannot fill.
    let (network, employment) = chance_market(60, 4);
    let mut run = shocked(&employment, 100.0, 10.0, 400, 4);
    let of = |network: &Network, run: &Run| run_all(&Lanes, network, std::slice::from_ref(run), Record::totals()).remove(0).totals;
    let bound = of(&network, &run);
    run.rates.self_loop = vec![0.0; 60];
    let free = of(&Network::complete(60).unwrap(), &run);
    let peak = |totals: &[Counts]| totals[100..].iter().map(Counts::unemployment).fold(0.0, f64::max);
    assert!(free[99].unemployment() < bound[99].unemployment(), "{} {}", free[99].unemployment(), bound[99].unemployment());
    assert!(peak(&free) < peak(&bound));
}

#[test]
fn a_cycle_draws_the_beveridge_curve_counter_clockwise() {
    let (network, employment) = chance_market(60, 5);
    let rates = Rates::reference(60);
    let start = Stocks::at_start(&employment, &rates);
    let mut demand = Demand::constant(start.labour_force(), 412);
    // The paper's cycle: amplitude .065, 103 steps.
    for (step, factor) in (0_u32..).zip(&mut demand.cycle) {
        *factor = 1.0 - 0.065 * (std::f64::consts::TAU * f64::from(step) / 103.0).sin();
    }
    let totals = run_all(&Lanes, &network, &[Run { rates, start, demand, number: 0 }], Record::totals()).remove(0).totals;
    // The shoelace formula over the last whole period, unemployment to the right, vacancies upwards.
    let points: Vec<(f64, f64)> = totals[309..412].iter().map(|c| (100.0 * c.unemployment(), 100.0 * c.vacancy_rate())).collect();
    let area: f64 = points.iter().zip(points.iter().cycle().skip(1)).map(|((x, y), (next_x, next_y))| 0.5 * (x * next_y - next_x * y)).sum();
    assert!(area > 1.0, "{area}");
}

#[test]
fn the_same_seed_draws_the_same_run_and_people_stay_whole() {
    let (network, employment) = chance_market(30, 6);
    let mut run = shocked(&employment, 20.0, 4.0, 80, 6);
    let draws = Draws { unit: 1.0 };
    let first = run_all(&draws, &network, std::slice::from_ref(&run), all(30));
    assert_eq!(first, run_all(&draws, &network, std::slice::from_ref(&run), all(30)));
    // A run does not depend on those beside it.
    run.number = 1;
    let both = run_all(&draws, &network, &[run.clone(), Run { number: 0, ..run.clone() }], all(30));
    assert_eq!(both[1], first[0]);
    assert_ne!(both[0].totals, first[0].totals);
    let force = first[0].totals[0].employed + first[0].totals[0].unemployed;
    for (counts, nodes) in first[0].totals.iter().zip(&first[0].recorded) {
        assert_eq!(counts.employed + counts.unemployed, force);
        assert!(nodes.iter().all(|c| c.employed >= 0.0 && c.unemployed.fract() == 0.0 && c.long_term <= c.unemployed));
    }
}

#[test]
fn the_mean_of_200_exact_runs_is_the_deterministic_one() {
    let (network, employment) = chance_market(12, 7);
    let run = shocked(&employment, 20.0, 4.0, 60, 7);
    let mean_field = run_all(&Lanes, &network, std::slice::from_ref(&run), Record::totals()).remove(0).totals;
    let runs: Vec<Run> = (0..200).map(|number| Run { number, ..run.clone() }).collect();
    let exact = run_all(&Draws { unit: 1.0 }, &network, &runs, Record::totals());
    for (time, expected) in mean_field.iter().enumerate() {
        let mean = |figure: fn(&Counts) -> f64| exact.iter().map(|run| figure(&run.totals[time])).sum::<f64>() / 200.0;
        assert!((mean(Counts::unemployment) - expected.unemployment()).abs() < 0.001, "u at {time}: {} {}", mean(Counts::unemployment), expected.unemployment());
        assert!((mean(Counts::vacancy_rate) - expected.vacancy_rate()).abs() < 0.001, "v at {time}");
        assert!((mean(Counts::long_term_rate) - expected.long_term_rate()).abs() < 0.001, "long-term at {time}");
    }
}

/// The slow twin of one step of [`Draws`], by the other way to say it: applications by one unemployed after another, filled
/// vacancies as the occupied ones of s_j balls in v_j urns, the hired as a sample without replacement. Hired from each
/// occupation, and filled in each.
fn hired_slowly(network: &Network, self_loop: f64, unemployed: &[u64], vacancies: &[u64], draw: &mut Stream) -> [Vec<f64>; 2] {
    let nodes = unemployed.len();
    let mut applicants = vec![Vec::new(); nodes];
    for (origin, count) in unemployed.iter().enumerate() {
        let (to, shares) = network.row(origin);
        let mut weights: Vec<f64> = vec![0.0; nodes];
        to.iter().zip(shares).for_each(|(j, w)| weights[*j as usize] += (1.0 - self_loop) * w * vacancies[*j as usize] as f64);
        weights[origin] += self_loop * vacancies[origin] as f64;
        for _ in 0..*count {
            let mut left = draw.unit() * weights.iter().sum::<f64>();
            let goal = weights.iter().position(|w| {
                left -= w;
                left < 0.0
            });
            applicants[goal.unwrap()].push(origin);
        }
    }
    let (mut out, mut filled) = (vec![0.0; nodes], vec![0.0; nodes]);
    for (j, mut applicants) in applicants.into_iter().enumerate() {
        let mut urns = vec![false; vacancies[j] as usize];
        applicants.iter().for_each(|_| urns[(draw.unit() * vacancies[j] as f64) as usize] = true);
        for _ in urns.iter().filter(|urn| **urn) {
            let chosen = (draw.unit() * applicants.len() as f64) as usize;
            out[applicants.swap_remove(chosen)] += 1.0;
            filled[j] += 1.0;
        }
    }
    [out, filled]
}

#[test]
fn hiring_by_tickets_has_the_law_of_occupancy_and_sampling_without_replacement() {
    const TRIALS: usize = 6_000;
    let (network, _) = chance_market(5, 8);
    // Few unemployed count sums, many look into a table: both.
    let (unemployed, vacancies) = ([3_u64, 40, 0, 12, 70], [9_u64, 4, 7, 0, 30]);
    let as_f64 = |values: &[u64]| values.iter().map(|x| *x as f64).collect::<Vec<f64>>();
    let mut rates = Rates::reference(5);
    (rates.separation, rates.opening) = (vec![0.0; 5], vec![0.0; 5]);
    let start = Stocks { employed: vec![0.0; 5], unemployed: as_f64(&unemployed), vacancies: as_f64(&vacancies), spells: std::array::from_fn(|_| vec![0.0; 5]) };
    let demand = Demand::constant(as_f64(&vacancies), 1);
    let runs: Vec<Run> = (0..TRIALS as u64).map(|number| Run { rates: rates.clone(), start: start.clone(), demand: demand.clone(), number }).collect();
    let fast: Vec<Vec<f64>> = run_all(&Draws { unit: 1.0 }, &network, &runs, all(5))
        .into_iter()
        .map(|run| (0..5).map(|i| start.unemployed[i] - run.end.unemployed[i]).chain(run.end.employed).collect())
        .collect();
    let mut draw = Stream::at(&[12]);
    let slow: Vec<Vec<f64>> = (0..TRIALS).map(|_| hired_slowly(&network, 0.55, &unemployed, &vacancies, &mut draw).concat()).collect();
    // Means, variances and covariances of all ten figures, each with the square of its standard error.
    let mean_of = |draws: &[Vec<f64>], figure: &dyn Fn(&[f64]) -> f64| {
        let mean = draws.iter().map(|draw| figure(draw)).sum::<f64>() / TRIALS as f64;
        let variance = draws.iter().map(|draw| (figure(draw) - mean).powi(2)).sum::<f64>() / TRIALS as f64;
        (mean, variance / TRIALS as f64)
    };
    let close = |(a, a_error): (f64, f64), (b, b_error): (f64, f64)| (a - b).abs() <= 4.5 * (a_error + b_error).sqrt();
    let centre: Vec<f64> = (0..10).map(|k| mean_of(&slow, &|draw| draw[k]).0).collect();
    for a in 0..10 {
        let mean = |draws: &[Vec<f64>]| mean_of(draws, &|draw| draw[a]);
        assert!(close(mean(&fast), mean(&slow)), "mean {a}: {:?} {:?}", mean(&fast), mean(&slow));
        for b in 0..=a {
            let covariance = |draws: &[Vec<f64>]| mean_of(draws, &|draw| (draw[a] - centre[a]) * (draw[b] - centre[b]));
            assert!(close(covariance(&fast), covariance(&slow)), "covariance {a} {b}: {:?} {:?}", covariance(&fast), covariance(&slow));
        }
    }
}

#[test]
fn more_vacancies_than_fit_are_refused_by_step() {
    let (network, _) = chance_market(3, 9);
    let start = Stocks { employed: vec![1e8; 3], unemployed: vec![0.0; 3], vacancies: vec![0.0; 3], spells: std::array::from_fn(|_| vec![0.0; 3]) };
    let run = [Run { rates: Rates::reference(3), start, demand: Demand::constant(vec![9e8; 3], 5), number: 0 }];
    let job = Job::new(&network, &run, Record::totals()).unwrap();
    assert!(matches!(done(Draws { unit: 1.0 }.run(&job)), Err(EngineError::TooManyVacancies { step: 1, .. })));
    assert!(done(Draws { unit: 100.0 }.run(&job)).is_ok());
}

#[test]
fn a_job_whose_parts_do_not_fit_is_refused_by_name() {
    let (network, employment) = chance_market(5, 10);
    let good = shocked(&employment, 0.0, 1.0, 10, 10);
    let refused = |change: &dyn Fn(&mut Run)| {
        let mut run = good.clone();
        change(&mut run);
        Job::new(&network, &[good.clone(), run], Record::totals()).map(|_| ()).unwrap_err()
    };
    assert_eq!(refused(&|run| run.rates.opening.truncate(4)), JobError::Length { run: 1, parameter: "opening rate", found: 4, expected: 5 });
    assert_eq!(refused(&|run| run.demand.cycle.truncate(9)), JobError::Length { run: 1, parameter: "cycle", found: 9, expected: 10 });
    assert!(matches!(refused(&|run| run.start.vacancies[2] = f64::NAN), JobError::Range { run: 1, parameter: "vacancies", .. }));
    assert!(matches!(refused(&|run| run.rates.cutting = 1e300), JobError::Range { parameter: "cutting rate", .. }));
    assert!(matches!(refused(&|run| run.demand.shift[0] = -2.0 * run.demand.base[0]), JobError::Range { parameter: "demand after the shift", .. }));
    let record = |nodes, every| Job::new(&network, &[], Record { nodes, every }).map(|_| ());
    assert!(record(vec![4], 1).is_ok() && record(vec![5], 1).is_err() && record(vec![], 0).is_err());
}

#[test]
fn a_calibrated_market_comes_to_rest_at_the_published_unemployment() {
    let (network, employment) = chance_market(60, 11);
    let soc: Vec<String> = (0..60).map(|i| format!("{}-{i:04}", 11 + 2 * (i % 4))).collect();
    let shall = [Some(0.021), Some(0.07), None, Some(0.043)];
    let targets = Targets::by_major_group(&soc, &(0..60).map(|i| shall[i % 4]).collect::<Vec<_>>());
    let rates = Rates::reference(60);
    let mut runs = [resting(rates.clone(), targets.stocks(&employment, &rates), 20)];
    done(settle(&Lanes, &network, &mut runs, Some(&targets), 60)).unwrap();
    assert!(targets.worst(&runs[0].start) < 1e-4, "{}", targets.worst(&runs[0].start));
    // The group without a figure keeps the paper's rates; and the state is one of rest.
    assert_eq!((runs[0].rates.separation[2], runs[0].rates.opening[2]), (0.016, 0.012));
    assert!((runs[0].rates.opening[0] / runs[0].rates.separation[0] - 0.75).abs() < 1e-12);
    let base = runs[0].demand.base.clone();
    let later = run_all(&Lanes, &network, &[Run { demand: Demand::constant(base, 200), ..runs[0].clone() }], Record::totals()).remove(0);
    assert!(targets.worst(&later.end) < 1e-3, "{}", targets.worst(&later.end));
}

#[test]
fn people_look_outside_in_proportion_to_transfers() {
    let loops = self_loops(&[Some(0.04), Some(0.08), None, Some(0.9)], &[300.0, 100.0, 50.0, 0.0], 0.55);
    // Mean rate (12 + 8) / 400 = .05: outside .36, .72, .45, and 8.1 held at .95.
    for (found, expected) in loops.iter().zip([0.64, 0.28, 0.55, 0.05]) {
        assert!((found - expected).abs() < 1e-12, "{loops:?}");
    }
    assert_eq!(self_loops(&[None], &[10.0], 0.55), [0.55]);
}
