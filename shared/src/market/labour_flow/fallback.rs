//! An engine that may fail, with the lanes behind it: the job that it gave up is run whole on the CPU, and so are all later
//! ones. What is true is said: `name` is that of the engine in use.
use super::lanes::Lanes;
use super::{Engine, EngineError, Job, Trajectory};
use std::cell::RefCell;

/// See the file.
#[derive(Debug)]
pub struct Fallback<E> {
    first: E,
    failed: RefCell<Option<String>>,
}

impl<E: Engine> Fallback<E> {
    /// Begins with an engine.
    pub fn new(first: E) -> Self {
        Self { first, failed: RefCell::new(None) }
    }

    /// Why the first engine is no longer used; none while it is.
    pub fn failure(&self) -> Option<String> {
        self.failed.borrow().clone()
    }
}

impl<E: Engine> Engine for Fallback<E> {
    fn name(&self) -> &'static str {
        if self.failed.borrow().is_some() { Lanes.name() } else { self.first.name() }
    }

    fn batch(&self) -> usize {
        if self.failed.borrow().is_some() { Lanes.batch() } else { self.first.batch() }
    }

    async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
        if self.failed.borrow().is_none() {
            match self.first.run(job).await {
                Err(EngineError::Device(why)) => *self.failed.borrow_mut() = Some(why),
                result => return result,
            }
        }
        Lanes.run(job).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::labour_flow::tests::{chance_market, done, shocked};
    use crate::market::labour_flow::{Record, Run};
    use std::cell::Cell;

    /// Runs on the lanes until it has run so many jobs, then is gone.
    struct Frail(Cell<usize>);

    impl Engine for Frail {
        fn name(&self) -> &'static str {
            "frail"
        }

        fn batch(&self) -> usize {
            100
        }

        async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
            let left = self.0.get();
            self.0.set(left.saturating_sub(1));
            if left == 0 { Err(EngineError::Device("gone".into())) } else { Lanes.run(job).await }
        }
    }

    #[test]
    fn a_job_whose_device_is_lost_ends_on_the_cpu_and_it_is_said() {
        let (network, employment) = chance_market(20, 31);
        let runs: Vec<Run> = (0..3).map(|seed| shocked(&employment, 5.0, 3.0, 40, seed)).collect();
        let job = Job::new(&network, &runs, Record::totals()).unwrap();
        let expected = done(Lanes.run(&job)).unwrap();
        let engine = Fallback::new(Frail(Cell::new(1)));
        assert_eq!((done(engine.run(&job)).unwrap(), engine.name(), engine.batch(), engine.failure()), (expected.clone(), "frail", 100, None));
        assert_eq!((done(engine.run(&job)).unwrap(), engine.name(), engine.batch(), engine.failure()), (expected.clone(), "simd", Lanes.batch(), Some("gone".into())));
        assert_eq!(done(engine.run(&job)).unwrap(), expected);
    }
}
