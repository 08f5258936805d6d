//! The kernel against the scalar engine, within its bound; what is packed; what a lost device leaves. Those on a device take
//! the software adapter (lavapipe, which `cargo site test` installs) and fail without one.
use super::*;
use crate::market::labour_flow::Record;
use crate::market::labour_flow::tests::{all, chance_market, shocked};

#[test]
fn a_job_is_cut_into_parts_that_fit_and_dispatches_that_end_soon() {
    let (network, employment) = chance_market(50, 41);
    let runs: Vec<Run> = (0..7).map(|seed| shocked(&employment, 5.0, 3.0, 60, seed)).collect();
    let job = Job::new(&network, &runs, all(50)).unwrap();
    // 60 totals and 60 × 50 recorded, of 16 bytes: 48,960 a run.
    assert_eq!(slices(&job, DeviceLimits { binding_bytes: 150_000 }).unwrap(), [0..3, 3..6, 6..7]);
    assert_eq!(slices(&job, DeviceLimits::default()).unwrap(), [0..7]);
    assert!(matches!(slices(&job, DeviceLimits { binding_bytes: 40_000 }), Err(EngineError::Device(_))));
    let none = Job::new(&network, &[], all(50)).unwrap();
    assert!(slices(&none, DeviceLimits::default()).unwrap().is_empty());
    let packed = pack(&job, 3..6).unwrap();
    assert_eq!((packed.workgroups, packed.outcome_bytes, packed.plans.len()), (3, 3 * 48_960, 1));
    assert_eq!(packed.inputs.each_ref().map(Vec::len), [4 * (51 + 51 + 50), 16 * network.edges(), 4 * 3 * 5 * 50, 16 * 3 * 61]);
    // A device that gives too little, or nonsense, is not believed.
    let refused = |state: &[u8], outcome: &[u8]| unpack(&job, 3..6, state, outcome).map(|_| ()).unwrap_err().to_string();
    let (state, mut outcome) = (packed.state.as_slice(), vec![0; 3 * 48_960]);
    assert!(refused(&state[4..], &outcome).contains("another size"));
    assert!(refused(state, &outcome).contains("lost people"));
    outcome[..4].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(refused(state, &outcome).contains("no numbers"));
    // 200,000 occupations of 7 edges: invocations turn about 30,000 times a step, so two steps are a dispatch.
    let (large, employment) = chance_market(200_000, 48);
    let run = [shocked(&employment, 5.0, 3.0, 12, 0)];
    let job = Job::new(&large, &run, Record::totals()).unwrap();
    assert_eq!(pack(&job, 0..1).unwrap().plans.len(), 6);
}

#[cfg(feature = "gpu")]
mod on_a_device {
    use super::*;
    use crate::market::labour_flow::fallback::Fallback;
    use crate::market::labour_flow::gpu::device::{Adapters, Gpu, NoGpu};
    use crate::market::labour_flow::lanes::Lanes;
    use crate::market::labour_flow::scalar::Scalar;
    use crate::market::labour_flow::tests::{done, toy3};
    use crate::market::labour_flow::{Demand, Engine, Rates};
    use crate::market::network::Network;
    use crate::random::Stream;

    fn software() -> Gpu {
        pollster::block_on(Gpu::new(Adapters::Software)).expect("the software adapter is not on this machine: `cargo site test` installs it (mesa-vulkan-drivers)")
    }

    /// The greatest difference of any figure at any time to the scalar engine, as a share of it (of one person where there
    /// are fewer), and the greatest loss or gain of persons, as a share of all.
    fn worst(engine: &impl Engine, network: &Network, runs: &[Run], record: Record) -> [f64; 2] {
        let job = Job::new(network, runs, record).unwrap();
        let (fast, slow) = (pollster::block_on(engine.run(&job)).unwrap(), done(Scalar.run(&job)).unwrap());
        assert_eq!(fast.len(), slow.len());
        let (mut apart, mut lost) = (0.0_f64, 0.0_f64);
        let mut held = |a: f64, b: f64| apart = apart.max((a - b).abs() / b.abs().max(1.0));
        for (fast, slow) in fast.iter().zip(&slow) {
            assert_eq!((fast.totals.len(), fast.recorded.len()), (slow.totals.len(), slow.recorded.len()));
            let pairs = fast.totals.iter().zip(&slow.totals).chain(fast.recorded.iter().flatten().zip(slow.recorded.iter().flatten()));
            for (a, b) in pairs {
                held(a.employed, b.employed);
                held(a.unemployed, b.unemployed);
                held(a.vacancies, b.vacancies);
                held(a.long_term, b.long_term);
                assert!(a.employed >= 0.0 && a.unemployed >= 0.0 && a.vacancies >= 0.0 && a.long_term >= 0.0);
            }
            for (a, b) in fast.end.spells.iter().flatten().zip(slow.end.spells.iter().flatten()) {
                held(*a, *b);
            }
            let force = |counts: &Counts| counts.employed + counts.unemployed;
            let first = force(&slow.totals[0]);
            for counts in &fast.totals {
                lost = lost.max((force(counts) / first - 1.0).abs());
            }
        }
        [apart, lost]
    }

    #[test]
    fn the_kernel_is_the_scalar_engine_within_a_thousandth_and_loses_nobody() {
        let gpu = software();
        // A market of the size of the pack's (784 occupations), the paper's 600 steps; and runs that differ in everything.
        let (network, employment) = chance_market(784, 42);
        let paper: Vec<Run> = (0..2).map(|seed| shocked(&employment, 100.0, 30.0, 599, seed)).collect();
        let (small, few) = chance_market(300, 43);
        let mut draw = Stream::at(&[44]);
        let mixed: Vec<Run> = (0..9)
            .map(|seed| {
                let mut run = shocked(&few, 10.0, 4.0, 120, seed);
                run.rates.separation.iter_mut().for_each(|rate| *rate *= 0.5 + draw.unit());
                run.rates.opening.iter_mut().for_each(|rate| *rate *= 0.5 + draw.unit());
                run.rates.self_loop.iter_mut().for_each(|stay| *stay = draw.unit());
                (run.rates.cutting, run.rates.advertising) = (draw.unit(), draw.unit());
                run.demand.cycle.iter_mut().for_each(|factor| *factor = 0.9 + 0.2 * draw.unit());
                run.demand.widening.iter_mut().for_each(|share| *share = draw.unit());
                run
            })
            .collect();
        let (toy, run) = toy3();
        for (name, network, runs, record) in [
            ("toy3", &toy, &[run][..], all(3)),
            ("784 occupations, 600 steps", &network, &paper[..], Record { nodes: (0..784).collect(), every: 23 }),
            ("mixed", &small, &mixed[..], Record { nodes: vec![3, 17, 255, 299], every: 7 }),
        ] {
            let [apart, lost] = worst(&gpu, network, runs, record);
            println!("{name} on {}: {apart:.2e} from scalar, {lost:.2e} of the labour force lost", gpu.adapter());
            assert!(apart < 1e-3 && lost < 1e-4, "{name}: {apart} {lost}");
        }
    }

    #[test]
    fn a_job_in_parts_or_without_steps_is_the_same() {
        let (network, employment) = chance_market(50, 45);
        let runs: Vec<Run> = (0..5).map(|seed| shocked(&employment, 5.0, 3.0, 30, seed)).collect();
        let job = Job::new(&network, &runs, all(50)).unwrap();
        let whole = pollster::block_on(software().run(&job)).unwrap();
        let parts = software().within(DeviceLimits { binding_bytes: 60_000 });
        assert_eq!(slices(&job, DeviceLimits { binding_bytes: 60_000 }).unwrap().len(), 3);
        // The same bits, whatever was beside a run.
        assert_eq!(pollster::block_on(parts.run(&job)).unwrap(), whole);
        let still: Vec<Run> = runs.iter().map(|run| Run { demand: Demand::constant(run.demand.base.clone(), 0), ..run.clone() }).collect();
        let job = Job::new(&network, &still, all(50)).unwrap();
        assert_eq!(pollster::block_on(software().run(&job)).unwrap(), done(Scalar.run(&job)).unwrap());
    }

    #[test]
    fn emptiness_and_extremes_stay_numbers() {
        let (network, _) = chance_market(4, 46);
        let gpu = software();
        let mut rates = Rates::reference(4);
        rates.opening = vec![0.0; 4];
        let nobody = crate::market::labour_flow::Stocks { employed: vec![0.0; 4], unemployed: vec![5.0, 0.0, 0.0, 0.0], vacancies: vec![0.0; 4], spells: std::array::from_fn(|_| vec![0.0; 4]) };
        let run = Run { rates: rates.clone(), start: nobody.clone(), demand: Demand::constant(vec![0.0; 4], 3), number: 0 };
        let job = Job::new(&network, std::slice::from_ref(&run), all(4)).unwrap();
        assert_eq!(pollster::block_on(gpu.run(&job)).unwrap()[0].end, nobody);
        // All that a job may hold: 10¹² unemployed before next to no vacancy, and rates of 1.
        let start = crate::market::labour_flow::Stocks { employed: vec![1e12; 4], unemployed: vec![1e12; 4], vacancies: vec![1e-300, 0.0, 1e-30, 1e12], spells: std::array::from_fn(|_| vec![1e12; 4]) };
        rates = Rates { separation: vec![1.0; 4], opening: vec![1.0; 4], self_loop: vec![1.0, 0.0, 1.0, 0.5], cutting: 1.0, advertising: 1.0 };
        let run = Run { rates, start, demand: Demand::constant(vec![1e12, 0.0, 1.0, 1e12], 50), number: 0 };
        let job = Job::new(&network, std::slice::from_ref(&run), all(4)).unwrap();
        assert!(pollster::block_on(gpu.run(&job)).is_ok());
    }

    #[test]
    fn a_device_that_is_lost_leaves_the_job_to_the_lanes() {
        let (network, employment) = chance_market(20, 47);
        let runs = [shocked(&employment, 5.0, 3.0, 30, 1)];
        let job = Job::new(&network, &runs, Record::totals()).unwrap();
        let gpu = software();
        gpu.lose();
        let engine = Fallback::new(gpu);
        assert_eq!(engine.name(), "gpu");
        assert_eq!(pollster::block_on(engine.run(&job)).unwrap(), done(Lanes.run(&job)).unwrap());
        assert_eq!(engine.name(), "simd");
        println!("lost: {}", engine.failure().unwrap());
    }

    #[test]
    fn software_is_never_taken_for_hardware() {
        // On a machine with a GPU it is that; on one without, nothing.
        match pollster::block_on(Gpu::new(Adapters::Hardware)) {
            Ok(gpu) => assert!(!gpu.adapter().contains("software"), "{}", gpu.adapter()),
            Err(NoGpu::Adapter(there)) => assert!(there.iter().all(|name| name.contains("(software)") || name.contains("(unknown kind)")), "{there:?}"),
            Err(error) => panic!("{error}"),
        }
    }
}
