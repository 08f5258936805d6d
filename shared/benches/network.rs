//! How fast the labour-flow engines are, as ratios to numpy and scipy in the same call (tests/bench/labour_flow.py). Not a
//! test: nothing here is right or wrong but the totals of both, which are compared.
//!
//!     cargo bench -p waymark-shared --bench network            # PYTHON=… names a Python with numpy and scipy
//!
//! Times are CPU times of one thread, since other work may share the machine; how idle it was is printed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark ends where something is not as it should be")]
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use waymark_shared::market::data::MarketData;
use waymark_shared::market::ensemble::{Ensemble, Plan, Spread};
use waymark_shared::market::labour_flow::draws::Draws;
use waymark_shared::market::labour_flow::lanes::Lanes;
use waymark_shared::market::labour_flow::scalar::Scalar;
use waymark_shared::market::labour_flow::{Demand, Engine, Job, Rates, Record, Run, Stocks, Trajectory};
use waymark_shared::market::network::Network;
use waymark_shared::market::scenario::{Kind, NetworkKind, Scenario, shift, sigmoid};
use waymark_shared::market::snapshot::Market;

/// Measurements of which the best counts.
const TRIES: usize = 5;
/// 30 years of 52 weeks in steps of 6.75.
const THIRTY_YEARS: usize = 232;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let files = std::fs::read_dir(root.join("public/pack/market")).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
    });
    let market = Market::of(&MarketData::load(&files.collect()).unwrap()).unwrap();
    let network = &market.networks[&NetworkKind::Related];
    println!("market of the pack: {} occupations, {:?} edges", network.nodes(), market.networks.iter().map(|(kind, of)| (kind, of.edges())).collect::<Vec<_>>());
    let shock: Vec<f64> = market.occupations.exposure.iter().map(|of| of.map_or(0.0, |of| of.beta())).collect();

    let folder = std::env::temp_dir().join(format!("waymark-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let lines = |head: &str, rows: Vec<String>| format!("{head}\n{}\n", rows.join("\n"));
    let nodes = (0..network.nodes()).map(|i| format!("{},{},{}", market.occupations.soc[i], market.occupations.employment[i], shock[i]));
    std::fs::write(folder.join("nodes.csv"), lines("soc,employment,shock", nodes.collect())).unwrap();
    let edges = network.to_edges().into_iter().map(|edge| format!("{},{},{}", edge.from, edge.to, edge.weight));
    std::fs::write(folder.join("edges.csv"), lines("i,j,w", edges.collect())).unwrap();

    let before = idle();
    let numpy = yardstick(root, &folder);
    let rate = |key: &str| numpy[key].as_f64().unwrap();
    println!("numpy {} over an edge list: {:.0} steps/s; scipy {} over compressed rows: {:.0} steps/s", numpy["numpy"], rate("edge_list_steps_per_s"), numpy["scipy"], rate("compressed_rows_steps_per_s"));

    let run = reference(&market, &shock, 600);
    let one = run_all(&Scalar, network, std::slice::from_ref(&run));
    for (t, expected) in numpy["totals"].as_object().unwrap() {
        let counts = &one[0].totals[t.parse::<usize>().unwrap()];
        for (found, expected) in [counts.unemployment(), counts.vacancies / (counts.employed + counts.unemployed), counts.long_term_rate()].iter().zip(expected.as_array().unwrap()) {
            assert!((found / expected.as_f64().unwrap() - 1.0).abs() < 1e-9, "both programs compute the same at {t}: {found} {expected}");
        }
    }
    let simd = run_all(&Lanes, network, std::slice::from_ref(&run));
    let off = one[0].totals.iter().zip(&simd[0].totals).map(|(one, simd)| (simd.unemployed / one.unemployed - 1.0).abs()).fold(0.0, f64::max);
    assert!(off < 1e-5, "{off}");
    let peak = one[0].totals.iter().map(|counts| counts.unemployment()).fold(0.0, f64::max);
    let steady = one[0].totals[25..75].iter().map(|counts| counts.unemployment()).sum::<f64>() / 50.0;
    println!("both agree; simd is {off:.1e} off in f32; steady unemployment {:.3} %, peak {:.3} %", 100.0 * steady, 100.0 * peak);

    let against = |name: &str, per_second: f64| println!("{name}: {per_second:.0} a second = {:.1}× numpy, {:.1}× scipy", per_second / rate("edge_list_steps_per_s"), per_second / rate("compressed_rows_steps_per_s"));
    against("scalar twin, steps of one run", 600.0 / best(|| run_all(&Scalar, network, std::slice::from_ref(&run))));
    against("simd, steps of one run", 600.0 / best(|| run_all(&Lanes, network, std::slice::from_ref(&run))));
    let eight = vec![run.clone(); 8];
    against("simd, steps of 8 runs", 8.0 * 600.0 / best(|| run_all(&Lanes, network, &eight)));

    let scenario = Scenario::of(Kind::Software { built: 0.5 });
    let lever = {
        let ensemble = settled(&market, &scenario, 1);
        best(|| done(ensemble.run(&market, &scenario, THIRTY_YEARS, &Record::totals(), &Lanes, on)).unwrap())
    };
    println!("a lever move, central run of 30 years over the blend: {:.1} ms", 1000.0 * lever);
    let mut ensemble = None;
    let rest = best_of(1, || ensemble = Some(settled(&market, &scenario, 200)));
    let ensemble = ensemble.unwrap();
    let many = best(|| done(ensemble.run(&market, &scenario, THIRTY_YEARS, &Record::totals(), &Lanes, on)).unwrap());
    println!("200 runs of 30 years over coefficients and three networks: {many:.2} s of one thread, {:.2} s on two workers; fitting them to rest, once: {rest:.2} s", many / 2.0);

    #[cfg(feature = "gpu")]
    on_a_gpu(network, &vec![reference(&market, &shock, THIRTY_YEARS); 200]);

    println!("numpy, thinned draws, {} persons: {:.0} run-steps/s", numpy["labour_force"], rate("thinned_run_steps_per_s"));
    for unit in [1000.0, 100.0] {
        let runs: Vec<Run> = (0..4).map(|number| Run { number, ..reference(&market, &shock, 300) }).collect();
        let mut exact = Vec::new();
        let per_second = 4.0 * 300.0 / best(|| exact = run_all(&Draws { unit }, network, &runs));
        let force = (exact[0].totals[0].employed + exact[0].totals[0].unemployed) / unit;
        println!("exact draws, {force:.0} persons: {per_second:.0} run-steps/s = {:.1}× numpy's thinned ones", per_second / rate("thinned_run_steps_per_s"));
    }
    means(network, &|steps| reference(&market, &shock, steps));
    let after = idle();
    let spent = (after.1 - before.1).max(1);
    println!("the machine was idle for {:.0} % of the time (of {} ticks of its cores)", 100.0 * (after.0 - before.0) as f64 / spent as f64, spent);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// How far the mean of 200 exact runs is from the deterministic one, their limit for many persons: the distance falls about as
/// one over the persons.
fn means(network: &Network, run: &dyn Fn(usize) -> Run) {
    /// The peak of the paper's run comes at 253.
    const STEPS: usize = 260;
    let mean_field = run_all(&Lanes, network, &[run(STEPS)]).remove(0).totals;
    let runs: Vec<Run> = (0..200).map(|number| Run { number, ..run(STEPS) }).collect();
    for unit in [1000.0, 300.0, 100.0] {
        let exact = run_all(&Draws { unit }, network, &runs);
        let off = |t: usize| exact.iter().map(|run| run.totals[t].unemployment()).sum::<f64>() / 200.0 - mean_field[t].unemployment();
        let worst = (0..=STEPS).map(off).max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
        let force = (exact[0].totals[0].employed + exact[0].totals[0].unemployed) / unit;
        println!("mean of 200 exact runs, {force:.0} persons: unemployment off by {:.3} points at worst", 100.0 * worst);
        assert!(unit > 100.0 || worst.abs() < 0.001, "the mean of 200 exact runs is within 0.1 point of the deterministic one");
    }
}

/// 200 runs of 30 years on a GPU (where there is none, on a software one, which is named) against the lanes, by the wall clock:
/// a device's time is none of this thread's.
#[cfg(feature = "gpu")]
fn on_a_gpu(network: &Network, runs: &[Run]) {
    use waymark_shared::market::labour_flow::gpu::device::{Adapters, Gpu};
    let Ok(gpu) = pollster::block_on(async {
        match Gpu::new(Adapters::Hardware).await {
            Ok(gpu) => Ok(gpu),
            Err(_) => Gpu::new(Adapters::Software).await,
        }
    }) else {
        return println!("no GPU, not even in software");
    };
    let job = Job::new(network, runs, Record::totals()).unwrap();
    let wall = |call: &dyn Fn()| (0..3).map(|_| { let begun = std::time::Instant::now(); call(); begun.elapsed().as_secs_f64() }).fold(f64::INFINITY, f64::min);
    let of_gpu = wall(&|| drop(pollster::block_on(gpu.run(&job)).unwrap()));
    let of_lanes = wall(&|| drop(done(Lanes.run(&job)).unwrap()));
    println!("200 runs of 30 years on {}: {of_gpu:.3} s, {:.2}× the lanes of one thread ({of_lanes:.3} s), by the wall clock", gpu.adapter(), of_lanes / of_gpu);
}

async fn on(_: waymark_shared::market::ensemble::Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The paper's run over the pack's market.
fn reference(market: &Market, shock: &[f64], steps: usize) -> Run {
    let rates = Rates::reference(shock.len());
    let start = Stocks::at_start(&market.occupations.employment, &rates);
    let mut demand = Demand::constant(start.labour_force(), steps);
    demand.shift = shift(&demand.base, shock).unwrap();
    demand.ramp = sigmoid(100.0, 30.0, steps);
    Run { rates, start, demand, number: 0 }
}

fn settled(market: &Market, scenario: &Scenario, runs: usize) -> Ensemble {
    let mut ensemble = Ensemble::new(market, scenario, &Plan { runs, seed: 1, spread: Spread::default() }).unwrap();
    done(ensemble.settle(market, &Lanes, on)).unwrap();
    ensemble
}

fn run_all(engine: &impl Engine, network: &Network, runs: &[Run]) -> Vec<Trajectory> {
    done(engine.run(&Job::new(network, runs, Record::totals()).unwrap().seeded(1))).unwrap()
}

/// The engines of the CPU do not wait.
fn done<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("an engine of the CPU waited"),
    }
}

/// CPU seconds of the quickest of some calls.
fn best<T>(call: impl FnMut() -> T) -> f64 {
    best_of(TRIES, call)
}

fn best_of<T>(tries: usize, mut call: impl FnMut() -> T) -> f64 {
    let times = (0..tries).map(|_| {
        let begun = cpu_seconds();
        std::hint::black_box(call());
        cpu_seconds() - begun
    });
    times.fold(f64::INFINITY, f64::min)
}

/// CPU time of this thread, from Linux.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// Ticks of all cores that were idle, and all.
fn idle() -> (u64, u64) {
    let text = std::fs::read_to_string("/proc/stat").unwrap();
    let ticks: Vec<u64> = text.lines().next().unwrap().split_whitespace().skip(1).map(|x| x.parse().unwrap()).collect();
    (ticks[3], ticks.iter().sum())
}

fn yardstick(root: &Path, folder: &Path) -> BTreeMap<String, serde_json::Value> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = root.join("tests/bench/labour_flow.py");
    let out = std::process::Command::new(&python).arg(script).arg(folder).env("OMP_NUM_THREADS", "1").output().unwrap();
    assert!(out.status.success(), "{python}: {}\npip install numpy scipy, or name a Python that has them by PYTHON", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}
