//! How a job lies in the memory of a GPU, and how its results are read: bytes for `gpu/step.wgsl`, whoever holds the device.
//! No device here: natively that is [`device`], in the page the browser's own (`app/src/worker/gpu.rs`).
#[cfg(all(feature = "gpu", not(target_arch = "wasm32")))]
pub mod device;
#[cfg(test)]
mod tests;

use super::{Counts, EngineError, Job, LONG_TERM_STEPS, Run, Stocks, Trajectory};
use std::ops::Range;

/// The kernel. Its entry point is [`ENTRY`]; bindings are those of [`Packed`].
pub const SHADER: &str = include_str!("gpu/step.wgsl");
/// The entry point of [`SHADER`].
pub const ENTRY: &str = "steps";

/// Fields of an occupation in the state, as the kernel numbers them.
const FIELDS: usize = 11;
/// Bytes of a number, of four of them.
const ONE: u64 = 4;
const FOUR: u64 = 16;
/// Workgroups of a dispatch in one direction at most (WebGPU's default limit).
const WORKGROUPS_MAX: u64 = 65_535;
/// Edges visited in a dispatch, about: some tens of milliseconds of a small GPU. A dispatch of seconds would block the screen,
/// and the system would end it.
const DISPATCH_EDGES: u64 = 1 << 25;

/// Turns of all its loops that an invocation makes in a dispatch, about: Mesa's llvmpipe, the software adapter, ends them all
/// after 65,535 without a word (`LP_MAX_TGSI_LOOP_ITERATIONS` of its lp_limits.h).
const DISPATCH_TURNS: u64 = 60_000;
/// Invocations of a workgroup, and those of them that a CPU runs in one vector at most: a loop turns until the last is done.
const WIDE: usize = 256;
const IN_STEP: usize = 16;
/// The labour force may drift by this share before results are not believed. (In f32 it drifts by about 1e-6.)
const DRIFT_MAX: f64 = 1e-3;

/// What a device takes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLimits {
    /// Bytes of a buffer bound for storage. WebGPU's default is 128 MiB.
    pub binding_bytes: u64,
}

impl Default for DeviceLimits {
    fn default() -> Self {
        Self { binding_bytes: 128 << 20 }
    }
}

/// Some runs of a job as bytes.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Contents of bindings 1 to 4, read only: places, edges, coefficients, times.
    pub inputs: [Vec<u8>; 4],
    /// Contents of binding 5 at the start; read back at the end.
    pub state: Vec<u8>,
    /// Size of binding 6; read back at the end.
    pub outcome_bytes: u64,
    /// Contents of binding 0 (uniform), a dispatch each, in order.
    pub plans: Vec<[u8; 32]>,
    /// Workgroups of every dispatch.
    pub workgroups: u32,
}

fn too_large() -> EngineError {
    EngineError::Device("the job is too large for it".into())
}

/// A number as a GPU has it.
#[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest f32: that is what the device computes in; values end at 1e12")]
fn single(value: f64) -> f32 {
    value as f32
}

fn push(bytes: &mut Vec<u8>, values: impl IntoIterator<Item = f64>) {
    values.into_iter().for_each(|value| bytes.extend(single(value).to_le_bytes()));
}

fn whole(value: usize) -> Result<u32, EngineError> {
    u32::try_from(value).map_err(|_| too_large())
}

fn bytes(entries: usize, each: u64) -> Result<u64, EngineError> {
    u64::try_from(entries).ok().and_then(|entries| entries.checked_mul(each)).ok_or_else(too_large)
}

/// Times of the record after the first.
fn recorded_times(job: &Job<'_>) -> usize {
    job.steps() / job.record.every
}

/// Entries of the outcome a run.
fn width(job: &Job<'_>) -> usize {
    job.steps() + recorded_times(job) * job.record.nodes.len()
}

/// The runs of a job in parts that a device takes, in order; none for a job without runs or steps, which needs no device (see
/// [`standing`]).
///
/// # Errors
/// A single run is too large.
pub fn slices(job: &Job<'_>, limits: DeviceLimits) -> Result<Vec<Range<usize>>, EngineError> {
    if job.steps() == 0 || job.runs.is_empty() {
        return Ok(Vec::new());
    }
    let nodes = job.network.nodes();
    // Of the greatest buffers: that of the network, which all runs share, and those a run has a part in.
    let shared = bytes(2 * job.network.edges(), 2 * ONE)?.max(bytes(2 * (nodes + 1) + job.record.nodes.len(), ONE)?);
    let each = bytes(nodes * FIELDS, ONE)?.max(bytes(job.steps() + 1, FOUR)?).max(bytes(width(job), FOUR)?);
    let fit = (limits.binding_bytes / each).min(WORKGROUPS_MAX);
    if fit == 0 || shared > limits.binding_bytes {
        return Err(too_large());
    }
    let fit = usize::try_from(fit).unwrap_or(usize::MAX).min(job.runs.len());
    Ok((0..job.runs.len()).step_by(fit).map(|start| start..(start + fit).min(job.runs.len())).collect())
}

/// The results of a job without steps: every run as it starts.
pub fn standing(job: &Job<'_>) -> Vec<Trajectory> {
    job.runs.iter().map(|run| begun(job, run)).collect()
}

/// A run at time 0.
fn begun(job: &Job<'_>, run: &Run) -> Trajectory {
    let recorded = job.record.nodes.iter().map(|node| run.start.of(*node as usize)).collect();
    Trajectory { totals: vec![run.start.totals()], recorded: vec![recorded], end: run.start.clone() }
}

/// Packs some runs of a job.
///
/// # Errors
/// An index does not fit.
pub fn pack(job: &Job<'_>, range: Range<usize>) -> Result<Packed, EngineError> {
    let (nodes, edges, steps) = (job.network.nodes(), job.network.edges(), job.steps());
    let runs = &job.runs[range];
    let (places, edge_bytes) = packed_network(job)?;
    let (mut coefficients, mut times, mut state) = (Vec::new(), Vec::new(), Vec::new());
    for Run { rates, start, demand, number: _ } in runs {
        for field in [&rates.separation, &rates.opening, &rates.self_loop, &demand.base, &demand.shift] {
            push(&mut coefficients, field.iter().copied());
        }
        push(&mut times, [rates.cutting, rates.advertising, 0.0, 0.0]);
        for ((ramp, cycle), widening) in demand.ramp.iter().zip(&demand.cycle).zip(&demand.widening) {
            push(&mut times, [*ramp, *cycle, *widening, 0.0]);
        }
        for field in [&start.employed, &start.unemployed, &start.vacancies].into_iter().chain(&start.spells) {
            push(&mut state, field.iter().copied());
        }
        // What a step works out for itself.
        push(&mut state, std::iter::repeat_n(0.0, (FIELDS - 3 - LONG_TERM_STEPS) * nodes));
    }
    let visited = bytes(edges.max(nodes), 3)?.saturating_mul(bytes(runs.len(), 1)?);
    let at_once = (DISPATCH_EDGES / visited.max(1)).min(DISPATCH_TURNS / turns(job)?).max(1);
    let at_once = usize::try_from(at_once).unwrap_or(usize::MAX).min(steps.max(1));
    let plan = |first: usize| -> Result<[u8; 32], EngineError> {
        let words = [nodes, edges, steps, first, (first + at_once).min(steps), job.record.every, job.record.nodes.len(), width(job)];
        let mut plan = [0; 32];
        for (bytes, word) in plan.chunks_exact_mut(4).zip(words) {
            bytes.copy_from_slice(&whole(word)?.to_le_bytes());
        }
        Ok(plan)
    };
    Ok(Packed {
        inputs: [places, edge_bytes, coefficients, times],
        state,
        outcome_bytes: bytes(width(job) * runs.len(), FOUR)?,
        plans: (0..steps).step_by(at_once).map(plan).collect::<Result<_, _>>()?,
        workgroups: whole(runs.len())?,
    })
}

/// Turns of all loops of a step: of the invocations that go in step with each other, those that have most.
fn turns(job: &Job<'_>) -> Result<u64, EngineError> {
    let network = job.network;
    let mut arrive = vec![0; network.nodes()];
    (0..network.nodes()).flat_map(|i| network.row(i).0).for_each(|j| arrive[*j as usize] += 1);
    let degrees: Vec<[usize; 2]> = arrive.into_iter().enumerate().map(|(i, arrive)| [network.row(i).0.len(), arrive]).collect();
    // The loop over steps, the sums of sums, the record.
    let mut together = vec![1 + 2 * 16 + job.record.nodes.len().div_ceil(WIDE); WIDE / IN_STEP];
    for round in degrees.chunks(WIDE) {
        for (turns, nodes) in together.iter_mut().zip(round.chunks(IN_STEP)) {
            let most = |of: usize| nodes.iter().map(|degrees| degrees[of]).max().unwrap_or(0);
            // Rows twice, columns once, and the three loops over occupations.
            *turns += 2 * most(0) + most(1) + 3;
        }
    }
    bytes(together.into_iter().max().unwrap_or(1), 1)
}

/// Bindings 1 and 2: the network by rows and by columns, and the occupations of the record.
fn packed_network(job: &Job<'_>) -> Result<(Vec<u8>, Vec<u8>), EngineError> {
    let (network, nodes) = (job.network, job.network.nodes());
    let (mut row_starts, mut row_edges) = (vec![0], Vec::new());
    // Rows come in order, so each column's edges rise.
    let mut columns: Vec<Vec<(u32, f64)>> = vec![Vec::new(); nodes];
    for i in 0..nodes {
        let from = whole(i)?;
        let (to, shares) = network.row(i);
        for (j, w) in to.iter().zip(shares) {
            row_edges.push((*j, *w));
            columns[*j as usize].push((from, *w));
        }
        row_starts.push(row_edges.len());
    }
    let mut column_starts = vec![0];
    for column in &columns {
        column_starts.push(column_starts.last().copied().unwrap_or(0) + column.len());
    }
    let (mut places, mut edges) = (Vec::new(), Vec::new());
    for start in row_starts.into_iter().chain(column_starts) {
        places.extend(whole(start)?.to_le_bytes());
    }
    job.record.nodes.iter().for_each(|node| places.extend(node.to_le_bytes()));
    for (other, weight) in row_edges.into_iter().chain(columns.into_iter().flatten()) {
        edges.extend(other.to_le_bytes());
        push(&mut edges, [weight]);
    }
    Ok((places, edges))
}

/// Reads what came back of the runs that [`pack`] took: binding 5 and binding 6.
///
/// # Errors
/// A device gave other sizes, something that is no number, or lost people: then nothing of it is to be trusted.
pub fn unpack(job: &Job<'_>, range: Range<usize>, state: &[u8], outcome: &[u8]) -> Result<Vec<Trajectory>, EngineError> {
    let numbers = |bytes: &[u8]| -> Vec<f64> { bytes.as_chunks::<4>().0.iter().map(|four| f64::from(f32::from_le_bytes(*four))).collect() };
    let (state, outcome) = (numbers(state), numbers(outcome));
    let (nodes, steps, kept) = (job.network.nodes(), job.steps(), job.record.nodes.len());
    let runs = &job.runs[range];
    if state.len() != runs.len() * nodes * FIELDS || outcome.len() != 4 * runs.len() * width(job) {
        return Err(EngineError::Device("it gave results of another size".into()));
    }
    if state.iter().chain(&outcome).any(|value| !value.is_finite()) {
        return Err(EngineError::Device("it gave results that are no numbers".into()));
    }
    let counts = |four: &[f64; 4]| Counts { employed: four[0], unemployed: four[1], vacancies: four[2], long_term: four[3] };
    let mut found = Vec::with_capacity(runs.len());
    for ((run, state), outcome) in runs.iter().zip(state.chunks_exact(nodes * FIELDS)).zip(outcome.as_chunks::<4>().0.chunks_exact(width(job))) {
        let (totals, recorded) = outcome.split_at(steps);
        let mut trajectory = begun(job, run);
        trajectory.totals.extend(totals.iter().map(counts));
        trajectory.recorded.extend((0..recorded_times(job)).map(|time| recorded[time * kept..(time + 1) * kept].iter().map(counts).collect()));
        let force = trajectory.totals.iter().map(|counts| counts.employed + counts.unemployed);
        let first = force.clone().next().unwrap_or(0.0);
        if force.clone().any(|force| (force - first).abs() > DRIFT_MAX * first) {
            return Err(EngineError::Device("it lost people on the way".into()));
        }
        let field = |field: usize| state[field * nodes..(field + 1) * nodes].to_vec();
        trajectory.end = Stocks { employed: field(0), unemployed: field(1), vacancies: field(2), spells: std::array::from_fn(|spell| field(3 + spell)) };
        found.push(trajectory);
    }
    Ok(found)
}
