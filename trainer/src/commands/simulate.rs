//! `waymark simulate`: the labour-flow model over any network from two files, as CSV; or a scenario over the pack's market in
//! many runs, as ranges. The forms of flags and output are relied on elsewhere. What is refused ends with status 2.
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::json;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_shared::market::bands::{Bands, QUANTILES};
use waymark_shared::market::data::MarketData;
use waymark_shared::market::ensemble::{Ensemble, Plan, Spread};
use waymark_shared::market::labour_flow::draws::Draws;
#[cfg(feature = "gpu")]
use waymark_shared::market::labour_flow::{
    fallback::Fallback,
    gpu::device::{Adapters, Gpu},
};
use waymark_shared::market::labour_flow::lanes::Lanes;
use waymark_shared::market::labour_flow::scalar::Scalar;
use waymark_shared::market::labour_flow::{Counts, Demand, Engine, EngineError, Job, Rates, Record, Run, STEP_WEEKS, Stocks, Trajectory};
use waymark_shared::market::network::{Edge, Network};
use waymark_shared::market::scenario::{Scenario, shift, sigmoid};
use waymark_shared::market::snapshot::Market;
use waymark_trainer::model_dir;

#[derive(clap::Args)]
pub struct Args {
    /// Occupations: soc,employment,shock (0..1); everything else is the paper's.
    #[arg(long, requires = "edges", required_unless_present = "scenario", conflicts_with = "scenario")]
    nodes: Option<PathBuf>,
    /// Moves: i,j,w, numbered from 0 in the order of the nodes; rows are normalised here.
    #[arg(long, requires = "nodes")]
    edges: Option<PathBuf>,
    /// Share of applications within the occupation: the diagonal of A, beside (1 − it) · w.
    #[arg(long, default_value_t = 0.55)]
    self_loop: f64,
    /// Step at which the shock begins (0 for a scenario: it says so itself).
    #[arg(long, default_value_t = 100)]
    shock_step: u32,
    /// Years from the beginning of the shock to its end.
    #[arg(long, default_value_t = 30.0)]
    shock_years: f64,
    /// States to compute, the first included.
    #[arg(long, default_value_t = 600)]
    steps: usize,
    /// How to compute; `draws` draws whole persons. Without a GPU, `gpu` says so and is `simd`.
    #[arg(long, value_enum, default_value = "simd")]
    engine: EngineChoice,
    /// Takes a software GPU and no other: for tests, it is slow. Without, software is never taken for a GPU.
    #[arg(long)]
    software_adapter: bool,
    /// Totals as CSV (the only form of nodes and edges).
    #[arg(long)]
    csv: bool,
    /// Writes each occupation as well: t,soc,e,u,v,ltu.
    #[arg(long, requires = "nodes")]
    by_occupation: Option<PathBuf>,
    /// A scenario as JSON, over the market of the pack.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Runs of the scenario: the central one, and others over coefficients and networks.
    #[arg(long, default_value_t = 1)]
    runs: usize,
    /// Key of everything drawn.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Lets the runs of a scenario differ in nothing but what the engine draws.
    #[arg(long)]
    no_spread: bool,
    /// Occupations to show beside the totals, by SOC code.
    #[arg(long)]
    occupation: Vec<String>,
    /// Persons that a drawn one stands for.
    #[arg(long, default_value_t = 100.0)]
    unit: f64,
    /// All ranges as JSON; else a few lines.
    #[arg(long)]
    json: bool,
    /// The pack.
    #[arg(long, default_value = "public/pack")]
    pack: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum EngineChoice {
    Scalar,
    Simd,
    Gpu,
    Draws,
}

/// The engine asked for, as one type.
enum Chosen {
    Scalar,
    Simd,
    Draws(Draws),
    /// Until its device fails; then it is the lanes.
    #[cfg(feature = "gpu")]
    Gpu(Fallback<Gpu>),
}

impl Engine for Chosen {
    fn name(&self) -> &'static str {
        match self {
            Self::Scalar => Scalar.name(),
            Self::Simd => Lanes.name(),
            Self::Draws(draws) => draws.name(),
            #[cfg(feature = "gpu")]
            Self::Gpu(gpu) => gpu.name(),
        }
    }

    fn batch(&self) -> usize {
        match self {
            Self::Scalar => Scalar.batch(),
            Self::Simd => Lanes.batch(),
            Self::Draws(draws) => draws.batch(),
            #[cfg(feature = "gpu")]
            Self::Gpu(gpu) => gpu.batch(),
        }
    }

    async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
        match self {
            Self::Scalar => Scalar.run(job).await,
            Self::Simd => Lanes.run(job).await,
            Self::Draws(draws) => draws.run(job).await,
            #[cfg(feature = "gpu")]
            Self::Gpu(gpu) => gpu.run(job).await,
        }
    }
}

/// The GPU where there is one, else the lanes; which it is, and why, is said on the error stream.
#[cfg(feature = "gpu")]
fn gpu(software: bool) -> Result<Chosen> {
    match pollster::block_on(Gpu::new(if software { Adapters::Software } else { Adapters::Hardware })) {
        Ok(gpu) => {
            eprintln!("engine: gpu, {}", gpu.adapter());
            Ok(Chosen::Gpu(Fallback::new(gpu)))
        }
        Err(error) if software => bail!("--software-adapter: {error}"),
        Err(error) => {
            eprintln!("engine: simd, for want of a GPU ({error})");
            Ok(Chosen::Simd)
        }
    }
}

#[cfg(not(feature = "gpu"))]
fn gpu(_: bool) -> Result<Chosen> {
    bail!("--engine gpu: this program was built without the feature gpu; take simd")
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        Ok(super::printed(self.text()))
    }

    fn text(&self) -> Result<String> {
        ensure!((0.001..=1e9).contains(&self.unit), "--unit is {}; it must lie within 0.001 and 1e9", self.unit);
        ensure!((1..=10_001).contains(&self.steps), "--steps is {}; it must lie within 1 and 10001", self.steps);
        ensure!(self.engine == EngineChoice::Gpu || !self.software_adapter, "--software-adapter goes with --engine gpu");
        let engine = match self.engine {
            EngineChoice::Scalar => Chosen::Scalar,
            EngineChoice::Simd => Chosen::Simd,
            EngineChoice::Draws => Chosen::Draws(Draws { unit: self.unit }),
            EngineChoice::Gpu => gpu(self.software_adapter)?,
        };
        let text = match (&self.nodes, &self.edges, &self.scenario) {
            (Some(nodes), Some(edges), None) => self.over_files(&engine, nodes, edges),
            (_, _, Some(scenario)) => self.over_pack(&engine, scenario),
            _ => bail!("--nodes FILE --edges FILE, or --scenario FILE"),
        };
        #[cfg(feature = "gpu")]
        if let Chosen::Gpu(gpu) = &engine
            && let Some(why) = gpu.failure()
        {
            eprintln!("engine: simd, since the GPU failed ({why})");
        }
        text
    }

    /// Any network, the paper's model, one run.
    fn over_files(&self, engine: &Chosen, nodes: &Path, edges: &Path) -> Result<String> {
        for (flag, value, least, most) in [("--self-loop", self.self_loop, 0.0, 1.0), ("--shock-years", self.shock_years, 0.1, 1000.0)] {
            ensure!((least..=most).contains(&value), "{flag} is {value}; it must lie within {least} and {most}");
        }
        let nodes: Vec<Node> = rows(nodes)?;
        for (i, node) in nodes.iter().enumerate() {
            ensure!((0.0..=1.0).contains(&node.shock), "nodes: shock of occupation {i} ({}) is {}; it must lie within 0 and 1", node.soc, node.shock);
        }
        let edges: Vec<Edge> = rows::<Move>(edges)?.iter().map(|of| Edge { from: of.i, to: of.j, weight: of.w }).collect();
        let network = Network::from_edges(nodes.len(), &edges)?;
        let rates = Rates { self_loop: vec![self.self_loop; nodes.len()], ..Rates::reference(nodes.len()) };
        let employment: Vec<f64> = nodes.iter().map(|node| node.employment).collect();
        let start = Stocks::at_start(&employment, &rates);
        let shock: Vec<f64> = nodes.iter().map(|node| node.shock).collect();
        let mut demand = Demand::constant(start.labour_force(), self.steps - 1);
        demand.shift = shift(&demand.base, &shock).context("nodes: no demand is left after the shock")?;
        demand.ramp = sigmoid(f64::from(self.shock_step), self.shock_years, self.steps - 1);
        let record = Record { nodes: if self.by_occupation.is_some() { (0..).take(nodes.len()).collect() } else { Vec::new() }, every: 1 };
        let runs = [Run { rates, start, demand, number: 0 }];
        let job = Job::new(&network, &runs, record)?.seeded(self.seed);
        let trajectory = pollster::block_on(engine.run(&job))?.pop().context("no run")?;
        let figures = |c: &Counts| format!("{},{},{},{}", c.employed, c.unemployed, c.vacancies, c.long_term);
        if let Some(path) = &self.by_occupation {
            let mut text = String::from("t,soc,e,u,v,ltu\n");
            for (t, counts) in trajectory.recorded.iter().enumerate() {
                for (node, counts) in nodes.iter().zip(counts) {
                    writeln!(text, "{t},{},{}", node.soc, figures(counts))?;
                }
            }
            std::fs::write(path, text).with_context(|| path.display().to_string())?;
        }
        let mut text = String::from("t,e,u,v,ltu\n");
        for (t, counts) in trajectory.totals.iter().enumerate() {
            writeln!(text, "{t},{}", figures(counts))?;
        }
        Ok(text)
    }

    /// A scenario over the pack's market.
    fn over_pack(&self, engine: &Chosen, path: &Path) -> Result<String> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let scenario: Scenario = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let market = Market::of(&MarketData::load(&model_dir::checked(&self.pack, "market")?)?)?;
        let occupations = &market.occupations;
        let node = |soc: &String| (0_u32..).zip(&occupations.soc).find(|(_, known)| *known == soc).map(|(node, _)| node).with_context(|| format!("--occupation: no {soc} in the network"));
        let record = Record { nodes: self.occupation.iter().map(node).collect::<Result<_>>()?, every: 1 };
        let spread = if self.no_spread { Spread::none() } else { Spread::default() };
        let mut ensemble = Ensemble::new(&market, &scenario, &Plan { runs: self.runs, seed: self.seed, spread })?;
        // Whoever draws starts from the rest of the mean field; a GPU from the same bytes as the lanes.
        let resting = if self.engine == EngineChoice::Scalar { Chosen::Scalar } else { Chosen::Simd };
        pollster::block_on(ensemble.settle(&market, &resting, async |_| ControlFlow::Continue(())))?;
        let steps = self.steps - 1;
        let runs = pollster::block_on(ensemble.run(&market, &scenario, steps, &record, engine, async |_| ControlFlow::Continue(())))?;
        let bands = Bands::of(&runs, &record);
        let (_, unknown) = scenario.shock(occupations)?;
        if self.json {
            let unknown: Vec<&String> = unknown.iter().filter_map(|node| occupations.soc.get(*node as usize)).collect();
            let of_occupations: Vec<_> = self.occupation.iter().zip(&bands.occupations).map(|(soc, of)| json!({"soc": soc, "employed": of.employed, "unemployment": of.unemployment, "vacancies": of.vacancies})).collect();
            let out = json!({
                "v": 1, "engine": engine.name(), "steps": self.steps, "runs": self.runs, "seed": self.seed, "step_weeks": STEP_WEEKS,
                "occupations_in_network": occupations.soc.len(), "without_exposure": unknown, "worst_fit": ensemble.worst_fit(),
                "scenario": scenario, "quantiles": QUANTILES, "unemployment": bands.unemployment, "vacancies_by_model": bands.vacancies,
                "long_term": bands.long_term, "occupations": of_occupations,
            });
            return Ok(format!("{out}\n"));
        }
        Ok(lines(self, &bands))
    }
}

/// The result in a few lines.
fn lines(args: &Args, bands: &Bands) -> String {
    let mut text = format!("{} runs of {} steps ({} years). Ranges are those of the runs (5 to 95 %), not probabilities.\n", args.runs, args.steps, round(args.steps as f64 * STEP_WEEKS / 52.0, 1));
    let mut row = |name: &str, band: &[[f64; 7]], unit: f64, places: i32| {
        let peak = (0..band.len()).max_by(|a, b| band[*a][3].total_cmp(&band[*b][3])).unwrap_or(0);
        let at = |t: usize| band.get(t).map_or_else(String::new, |q| format!("{} ({} to {})", round(q[3] * unit, places), round(q[0] * unit, places), round(q[6] * unit, places)));
        text += &format!("{name}: {} at the start, {} at most (step {peak}), {} at the end\n", at(0), at(peak), at(band.len().saturating_sub(1)));
    };
    row("unemployment, %", &bands.unemployment, 100.0, 2);
    row("long-term unemployment, %", &bands.long_term, 100.0, 2);
    row("vacancies of all posts by the model, %", &bands.vacancies, 100.0, 2);
    for (soc, of) in args.occupation.iter().zip(&bands.occupations) {
        row(&format!("{soc}: employed, thousands"), &of.employed, 0.001, 1);
        row(&format!("{soc}: unemployment, %"), &of.unemployment, 100.0, 2);
    }
    text
}

fn round(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}

#[derive(Deserialize)]
struct Node {
    soc: String,
    employment: f64,
    shock: f64,
}

#[derive(Deserialize)]
struct Move {
    i: u32,
    j: u32,
    w: f64,
}

/// The rows of a CSV file with a header; errors name file and line.
fn rows<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).with_context(|| path.display().to_string())?;
    reader.deserialize().collect::<Result<_, _>>().with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn text(flags: &[&str]) -> Result<String, String> {
        let cli = Cli::try_parse_from(std::iter::once("simulate").chain(flags.iter().copied())).map_err(|e| e.to_string())?;
        cli.args.text().map_err(|e| format!("{e:#}"))
    }

    /// The market of tests/market/toy3.csv, its self-loops given as edges.
    fn toy(folder: &Path) -> [String; 2] {
        let files = [
            ("nodes.csv", "soc,employment,shock\na,1000,0.8\nb,500,0.2\nc,200,0.1\n"),
            ("edges.csv", "i,j,w\n0,0,6\n0,1,3\n0,2,1\n1,0,.2\n1,1,.7\n1,2,.1\n2,0,.1\n2,1,.2\n2,2,.7\n"),
        ];
        files.map(|(name, text)| {
            std::fs::write(folder.join(name), text).unwrap();
            folder.join(name).to_string_lossy().into_owned()
        })
    }

    #[test]
    fn two_files_give_the_reference_trajectory_in_totals_and_by_occupation() {
        let folder = tempfile::tempdir().unwrap();
        let [nodes, edges] = toy(folder.path());
        let each = folder.path().join("each.csv").to_string_lossy().into_owned();
        let expected: Vec<Vec<f64>> = include_str!("../../../tests/market/toy3.csv").lines().skip(1).map(|l| l.split(',').map(|x| x.parse().unwrap()).collect()).collect();
        // The lanes compute flows in f32.
        for (engine, off) in [("scalar", 0.0), ("simd", 1e-5)] {
            let csv = text(&["--nodes", &nodes, "--edges", &edges, "--self-loop", "0", "--shock-step", "20", "--shock-years", "5", "--steps", "120", "--engine", engine, "--csv", "--by-occupation", &each]).unwrap();
            let parse = |csv: &str, skip: usize| csv.lines().skip(1).map(|l| l.split(',').skip(skip).map(|x| x.parse().unwrap()).collect()).collect::<Vec<Vec<f64>>>();
            let (totals, by) = (parse(&csv, 0), parse(&std::fs::read_to_string(&each).unwrap(), 2));
            assert_eq!((csv.lines().next(), totals.len(), by.len()), (Some("t,e,u,v,ltu"), 120, 360));
            for row in &expected {
                let t = row[0] as usize;
                assert_eq!(totals[t][0], row[0]);
                for (figure, expected) in row[1..].chunks(3).enumerate() {
                    let sum: f64 = expected.iter().sum();
                    assert!((totals[t][figure + 1] - sum).abs() < 3e-9 + off * sum, "{engine} {t}");
                    (0..3).for_each(|node| assert!((by[3 * t + node][figure] - expected[node]).abs() < 1e-9 + off * expected[node], "{engine} {t} {node}"));
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let [nodes, edges] = toy(folder.path());
        let with = |flags: &[&str]| text(&[&["--nodes", &nodes, "--edges", &edges], flags].concat()).unwrap_err();
        assert!(with(&["--self-loop", "1.5"]).contains("--self-loop is 1.5"));
        assert!(with(&["--self-loop", "NaN"]).contains("--self-loop is NaN"));
        assert!(with(&["--steps", "0"]).contains("--steps is 0"));
        assert!(with(&["--software-adapter"]).contains("--engine gpu"));
        std::fs::write(&edges, "i,j,w\n0,1,1\n1,0,1\n2,0,1\n").unwrap();
        assert!(with(&[]).contains("falls into 2 parts"));
        std::fs::write(&edges, "i,j,w\n0,1,1\n1,x,1\n").unwrap();
        assert!(with(&[]).contains("edges.csv: CSV deserialize error: record 2 (line: 3"), "{}", with(&[]));
        assert!(text(&["--nodes", &nodes]).is_err());
        let scenario = folder.path().join("s.json");
        std::fs::write(&scenario, r#"{"v": 1, "kind": {"software": {"built": 7}}}"#).unwrap();
        let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/pack");
        let error = text(&["--scenario", &scenario.to_string_lossy(), "--pack", pack, "--json"]).unwrap_err();
        assert!(error.contains("kind.software.built is 7"), "{error}");
    }

    #[test]
    fn on_an_automated_line_assemblers_fall_and_machinery_mechanics_rise() {
        // BLS's own projection 2024–34 read as what the line does (engine and other assemblers −21 %, industrial machinery
        // mechanics +16 %, Table 1.2), over the pack that ships.
        let folder = tempfile::tempdir().unwrap();
        let scenario = folder.path().join("line.json").to_string_lossy().into_owned();
        std::fs::write(&scenario, r#"{"v": 1, "kind": {"line": {"shock": {"51-2031": 0.211, "51-2090": 0.1, "49-9041": -0.161}}}, "adoption": {"years": 10}}"#).unwrap();
        let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/pack");
        let flags = ["--scenario", &scenario, "--pack", pack, "--steps", "100", "--runs", "8", "--seed", "3", "--json", "--occupation", "51-2031", "--occupation", "49-9041"];
        let json = text(&flags).unwrap();
        assert_eq!(json, text(&flags).unwrap(), "the same seed, the same bytes");
        let out: serde_json::Value = serde_json::from_str(&json).unwrap();
        let ratio = |of: usize, quantile: usize| {
            let band = out["occupations"][of]["employed"].as_array().unwrap();
            band[99][quantile].as_f64().unwrap() / band[0][3].as_f64().unwrap()
        };
        // All runs agree, to the ends of their 90 % range.
        assert!(ratio(0, 6) < 0.95, "assemblers {}", ratio(0, 6));
        assert!(ratio(1, 0) > 1.03, "mechanics {}", ratio(1, 0));
        assert!(out["worst_fit"].as_f64().unwrap() < 0.003, "{}", out["worst_fit"]);
        assert_eq!(out["unemployment"].as_array().unwrap().len(), 100);
    }

    #[cfg(feature = "gpu")]
    #[test]
    fn the_pack_s_market_on_a_gpu_is_that_of_the_scalar_engine_within_a_thousandth() {
        // 784 occupations over all three networks, on the software adapter, which `cargo site test` installs.
        let folder = tempfile::tempdir().unwrap();
        let scenario = folder.path().join("s.json").to_string_lossy().into_owned();
        std::fs::write(&scenario, r#"{"v": 1, "kind": {"software": {"built": 0.5}}, "adoption": {"years": 10}, "cycle": {"amplitude": 0.04}}"#).unwrap();
        let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/pack");
        let run = |engine: &[&str]| -> serde_json::Value {
            let flags = ["--scenario", &scenario, "--pack", pack, "--steps", "232", "--runs", "7", "--seed", "3", "--json", "--occupation", "51-2090"];
            serde_json::from_str(&text(&[&flags[..], engine].concat()).unwrap()).unwrap()
        };
        let (fast, slow) = (run(&["--engine", "gpu", "--software-adapter"]), run(&["--engine", "scalar"]));
        assert_eq!((&fast["engine"], &slow["engine"]), (&json!("gpu"), &json!("scalar")));
        let mut worst = 0.0_f64;
        for of in ["/unemployment", "/vacancies_by_model", "/long_term", "/occupations/0/employed", "/occupations/0/unemployment"] {
            let band = |out: &serde_json::Value| -> Vec<f64> { out.pointer(of).unwrap().as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap()).map(|x| x.as_f64().unwrap()).collect() };
            let (fast, slow) = (band(&fast), band(&slow));
            assert_eq!((fast.len(), slow.len()), (232 * 7, 232 * 7), "{of}");
            fast.iter().zip(&slow).for_each(|(a, b)| worst = worst.max((a / b - 1.0).abs()));
        }
        println!("the pack's market: {worst:.2e} from scalar");
        assert!(worst < 1e-3, "{worst}");
        // Asked without software, it answers on any machine, by whatever there is.
        let flags = ["--scenario", &scenario, "--pack", pack, "--steps", "3", "--json", "--engine", "gpu"];
        let out: serde_json::Value = serde_json::from_str(&text(&flags).unwrap()).unwrap();
        assert!(["gpu", "simd"].contains(&out["engine"].as_str().unwrap()));
    }
}
