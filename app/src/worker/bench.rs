//! What the bench page has the simulation and the search for paths do: the paper's run over the pack's market, a move of a lever,
//! the scores of all moves, a search. Takes no times: the page does.
use std::ops::ControlFlow;

use waymark_shared::market::data::{Exposure, MarketData};
use waymark_shared::market::ensemble::{Ensemble, Plan, Progress, Spread};
use waymark_shared::market::labour_flow::lanes::Lanes;
use waymark_shared::market::labour_flow::{Demand, Engine, Job, Rates, Record, Run, Stocks};
use waymark_shared::market::scenario::{Adoption, Kind, NetworkKind, Scenario, shift, sigmoid};
use waymark_shared::market::snapshot::Market;
use waymark_shared::pack::PackFiles;
use waymark_shared::path::reach::Reach;
use waymark_shared::path::search::{PathRequest, StepFigures, search};
use waymark_shared::path::{Carried, MoveScores, Needs, Thresholds, ViewWeights};
use waymark_shared::taxonomy::Taxonomy;

/// 30 years of 52 weeks in steps of 6.75.
pub const THIRTY_YEARS: usize = 232;

/// The market of the pack, and an ensemble at rest once it is asked for.
pub struct Bench {
    market: Market,
    ensemble: Option<Ensemble>,
}

async fn on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Bench {
    /// Of the files of the market's folder.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn load(files: &PackFiles) -> Result<Self, String> {
        let data = MarketData::load(files).map_err(|error| error.to_string())?;
        Ok(Self { market: Market::of(&data).map_err(|error| error.to_string())?, ensemble: None })
    }

    /// Nodes and edges of the network of related occupations, that market.md 2c ran.
    pub fn size(&self) -> Option<(usize, usize)> {
        self.market.networks.get(&NetworkKind::Related).map(|network| (network.nodes(), network.edges()))
    }

    /// Deterministic runs of so many steps each with the paper's parameters and exposure β as the shock; gives the highest
    /// unemployment of the first, which any engine must give too.
    ///
    /// # Errors
    /// What the job is refused for.
    pub async fn steps(&self, runs: usize, steps: usize) -> Result<f64, String> {
        let network = self.market.networks.get(&NetworkKind::Related).ok_or("no network of related occupations")?;
        let occupations = &self.market.occupations;
        let shock: Vec<f64> = occupations.exposure.iter().map(|of| of.map_or(0.0, |of| of.beta())).collect();
        let rates = Rates::reference(network.nodes());
        let start = Stocks::at_start(&occupations.employment, &rates);
        let mut demand = Demand::constant(start.labour_force(), steps);
        demand.shift = shift(&demand.base, &shock).ok_or("no shift of demand")?;
        demand.ramp = sigmoid(100.0, 30.0, steps);
        let runs = vec![Run { rates, start, demand, number: 0 }; runs.max(1)];
        let job = Job::new(network, &runs, Record::totals()).map_err(|error| error.to_string())?;
        let found = Lanes.run(&job).await.map_err(|error| error.to_string())?;
        let first = found.first().ok_or("no run")?;
        Ok(first.totals.iter().map(|counts| counts.unemployment()).fold(0.0, f64::max))
    }

    /// Brings an ensemble to rest: once for all moves of levers, as the page does.
    ///
    /// # Errors
    /// What the ensemble is refused for.
    pub async fn settle(&mut self, runs: usize, seed: u64) -> Result<(), String> {
        let spread = if runs > 1 { Spread::default() } else { Spread::none() };
        let scenario = Scenario::of(Kind::Software { built: 0.5 });
        let mut ensemble = Ensemble::new(&self.market, &scenario, &Plan { runs, seed, spread }).map_err(|error| error.to_string())?;
        ensemble.settle(&self.market, &Lanes, on).await.map_err(|error| error.to_string())?;
        self.ensemble = Some(ensemble);
        Ok(())
    }

    /// A move of a lever: the runs of the ensemble over 30 years of a scenario of that reach; gives the central run's
    /// unemployment at the end.
    ///
    /// # Errors
    /// What the scenario is refused for; also where nothing was brought to rest.
    pub async fn lever(&self, reach: f64) -> Result<f64, String> {
        let ensemble = self.ensemble.as_ref().ok_or("settle first")?;
        let scenario = Scenario { adoption: Adoption { start_years: 0.0, years: 20.0, ceiling: reach }, ..Scenario::of(Kind::Software { built: 0.5 }) };
        let found = ensemble.run(&self.market, &scenario, THIRTY_YEARS, &Record::totals(), &Lanes, on).await.map_err(|error| error.to_string())?;
        found.first().and_then(|run| run.totals.last()).map(|counts| counts.unemployment()).ok_or_else(|| "no run".into())
    }
}

/// The moves between the pack's occupations, to be searched as the Paths page does.
pub struct Moves {
    data: MarketData,
    needs: Needs,
    figures: Vec<StepFigures>,
    scored: Option<(MoveScores, Thresholds)>,
}

impl Moves {
    /// Of the files of the market's and the taxonomy's folder.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn load(market: &PackFiles, taxonomy: &PackFiles) -> Result<Self, String> {
        let data = MarketData::load(market).map_err(|error| error.to_string())?;
        let needs = Needs::of(&Taxonomy::tables(taxonomy).map_err(|error| error.to_string())?, &data);
        let figures = data.occupations.iter().map(|of| StepFigures::new(of, of.exposure.map(Exposure::beta))).collect();
        Ok(Self { data, needs, figures, scored: None })
    }

    /// Scores all moves; gives the occupations.
    ///
    /// # Errors
    /// Where there are no moves.
    pub fn score(&mut self) -> Result<usize, String> {
        let scores = MoveScores::new(&self.needs, &ViewWeights::default());
        let thresholds = scores.thresholds().ok_or("no pairs of occupations")?;
        self.scored = Some((scores, thresholds));
        Ok(self.figures.len())
    }

    /// Searches from an occupation, by place, to all others in at most so many steps; gives the undominated paths.
    ///
    /// # Errors
    /// Before the moves are scored; a place that is none.
    pub fn search(&self, from: usize, steps: usize) -> Result<usize, String> {
        let (scores, thresholds) = self.scored.as_ref().ok_or("score first")?;
        let present = self.data.occupations.get(from).ok_or("no such occupation")?;
        let request = PathRequest { origin: Some(from), education: present.education, zone: present.job_zone, pay: present.pay.annual.median, steps, ..PathRequest::default() };
        let weights = ViewWeights::default();
        let reach = Reach::new(&self.needs, &weights, scores, *thresholds, Carried::of_person(&self.needs, Some(from), &[]));
        Ok(search(&self.figures, &request, &reach).len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn folder(name: &str) -> PackFiles {
        let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/pack").join(name)).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())).collect()
    }

    #[test]
    fn the_bench_searches_as_far_as_it_is_asked() {
        let mut moves = Moves::load(&folder("market"), &folder("taxonomy")).unwrap();
        assert!(moves.search(0, 1).is_err());
        assert_eq!(moves.score().unwrap(), 832);
        let found = [1, 4].map(|steps| moves.search(600, steps).unwrap());
        assert!(0 < found[0] && found[0] <= found[1], "{found:?}");
        assert!(moves.search(832, 1).is_err());
    }

    fn now<T>(call: impl Future<Output = T>) -> T {
        match std::pin::pin!(call).as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
            std::task::Poll::Ready(value) => value,
            std::task::Poll::Pending => panic!("an engine of the CPU waited"),
        }
    }

    #[test]
    fn the_bench_runs_the_784_nodes_to_their_known_peak() {
        let mut bench = Bench::load(&folder("market")).unwrap();
        assert_eq!(bench.size().unwrap().0, 784);
        // 10.11 % under β (market.md 2c), within 0.05.
        let peak = now(bench.steps(2, 600)).unwrap();
        assert!((100.0 * peak - 10.11).abs() < 0.05, "{peak}");
        assert!(now(bench.lever(0.5)).is_err());
        now(bench.settle(1, 1)).unwrap();
        let [little, much] = [0.1, 0.9].map(|reach| now(bench.lever(reach)).unwrap());
        assert!(little < much && much < 0.2, "{little} {much}");
    }
}
