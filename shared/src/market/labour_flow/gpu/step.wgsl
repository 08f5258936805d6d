// The labour-flow model on a GPU: one run a workgroup, its occupations spread over the invocations, many steps a dispatch.
// Twin: ../scalar.rs, in the same order (applications, hires, after), within 1e-3. Layout: ../gpu.rs. Applications are
// gathered over the edges that lead to an occupation instead of scattered over those that leave it: no atomics, so the same
// job gives the same bits on the same device.

/// What a dispatch does; the same bytes as `Plan` in ../gpu.rs.
struct Plan {
    nodes: u32,
    edges: u32,
    steps: u32,
    /// Steps of this dispatch: first..last.
    first: u32,
    last: u32,
    /// Occupations recorded, every so many steps.
    every: u32,
    kept: u32,
    /// Entries of `outcome` a run.
    width: u32,
}

struct Edge {
    other: u32,
    weight: f32,
}

@group(0) @binding(0) var<uniform> plan: Plan;
/// Starts of the rows (edges that leave), starts of the columns (edges that arrive), occupations recorded.
@group(0) @binding(1) var<storage, read> places: array<u32>;
/// By row, then once more by column.
@group(0) @binding(2) var<storage, read> edges: array<Edge>;
/// [run, field, occupation]: separation, opening, self-loop, base, shift.
@group(0) @binding(3) var<storage, read> coefficients: array<f32>;
/// [run, 1 + step]: cutting and advertising rate; then ramp, cycle, widening of each step.
@group(0) @binding(4) var<storage, read> times: array<vec4<f32>>;
/// [run, field, occupation]: see the constants.
@group(0) @binding(5) var<storage, read_write> state: array<f32>;
/// [run]: totals of times 1..=steps, then [time, occupation] of the record; each employed, unemployed, vacancies, long-term.
@group(0) @binding(6) var<storage, read_write> outcome: array<vec4<f32>>;

const WIDE: u32 = 256u;
const PART: u32 = 16u;
const COEFFICIENTS: u32 = 5u;
const FIELDS: u32 = 11u;
const EMPLOYED: u32 = 0u;
const UNEMPLOYED: u32 = 1u;
const VACANCIES: u32 = 2u;
/// Four of them: unemployed for 1, 2, 3, and 4 or more steps.
const SPELLS: u32 = 3u;
/// Separations of the step.
const SEPARATED: u32 = 7u;
/// Unemployed per vacancy seen.
const PRESSURE: u32 = 8u;
/// The part of it that looks to other occupations.
const MOVES: u32 = 9u;
/// Vacancies times the chance of an applicant.
const OFFERS: u32 = 10u;
/// Pressures above this one are held there: f32 ends at 3.4e38, and up to 1e6 of them are added.
const PRESSURE_MAX: f32 = 1e30;

var<workgroup> sums: array<vec4<f32>, WIDE>;
var<workgroup> parts: array<vec4<f32>, PART>;

fn at(run: u32, field: u32, node: u32) -> u32 {
    return (run * FIELDS + field) * plan.nodes + node;
}

fn coefficient(run: u32, field: u32, node: u32) -> f32 {
    return coefficients[(run * COEFFICIENTS + field) * plan.nodes + node];
}

/// Ramp, cycle, widening of a step.
fn when(run: u32, step: u32) -> vec4<f32> {
    return times[run * (plan.steps + 1u) + 1u + step];
}

/// The share of applications that stay: the diagonal of A.
fn stay(run: u32, step: u32, node: u32) -> f32 {
    return coefficient(run, 2u, node) * (1.0 - when(run, step).z);
}

/// 1 − e^(−x) of x ≥ 0. By its series where the difference would cancel; the first term left out is below 5e-9 of it.
fn filled_share(x: f32) -> f32 {
    if x < 0.125 {
        return x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0)))));
    }
    return 1.0 - exp(-min(x, 80.0));
}

/// Sends the applications of row i: Σ_l v_l·A_il, and u_i over it.
fn apply_from(run: u32, step: u32, i: u32) {
    var seen = 0.0;
    for (var k = places[i]; k < places[i + 1u]; k++) {
        let edge = edges[k];
        seen += edge.weight * state[at(run, VACANCIES, edge.other)];
    }
    let own = stay(run, step, i);
    seen = (1.0 - own) * seen + own * state[at(run, VACANCIES, i)];
    var pressure = 0.0;
    if seen > 0.0 {
        pressure = min(state[at(run, UNEMPLOYED, i)] / seen, PRESSURE_MAX);
    }
    state[at(run, PRESSURE, i)] = pressure;
    state[at(run, MOVES, i)] = (1.0 - own) * pressure;
}

/// Posts and hires of occupation j.
fn hire(run: u32, step: u32, j: u32) {
    // s_j / v_j: what is asked of each vacancy.
    var asked = 0.0;
    let column = plan.nodes + 1u + j;
    for (var k = places[column]; k < places[column + 1u]; k++) {
        let edge = edges[plan.edges + k];
        asked += edge.weight * state[at(run, MOVES, edge.other)];
    }
    asked += stay(run, step, j) * state[at(run, PRESSURE, j)];
    let now = when(run, step);
    let rates = times[run * (plan.steps + 1u)];
    let e = state[at(run, EMPLOYED, j)];
    let v = state[at(run, VACANCIES, j)];
    let gap = e + v - (coefficient(run, 3u, j) + now.x * coefficient(run, 4u, j)) * now.y;
    let cut = coefficient(run, 0u, j);
    let open = coefficient(run, 1u, j);
    let separated = cut * e + (1.0 - cut) * min(e, rates.x * max(gap, 0.0));
    let opened = open * e + (1.0 - open) * min(e, rates.y * max(-gap, 0.0));
    let filled = v * filled_share(asked);
    var offers = 0.0;
    if asked > 0.0 {
        offers = filled / asked;
    }
    state[at(run, OFFERS, j)] = offers;
    state[at(run, SEPARATED, j)] = separated;
    state[at(run, EMPLOYED, j)] = max(e + filled - separated, 0.0);
    state[at(run, VACANCIES, j)] = max(v + opened - filled, 0.0);
}

/// The unemployed of row i after the hires; what is counted of the occupation.
fn after(run: u32, step: u32, i: u32) -> vec4<f32> {
    var taken = 0.0;
    for (var k = places[i]; k < places[i + 1u]; k++) {
        let edge = edges[k];
        taken += edge.weight * state[at(run, OFFERS, edge.other)];
    }
    let own = stay(run, step, i);
    let hired = state[at(run, PRESSURE, i)] * ((1.0 - own) * taken + own * state[at(run, OFFERS, i)]);
    let before = state[at(run, UNEMPLOYED, i)];
    var still = 1.0;
    if before > 0.0 {
        still = max(1.0 - hired / before, 0.0);
    }
    let separated = state[at(run, SEPARATED, i)];
    let long = (state[at(run, SPELLS + 2u, i)] + state[at(run, SPELLS + 3u, i)]) * still;
    state[at(run, SPELLS + 3u, i)] = long;
    state[at(run, SPELLS + 2u, i)] = state[at(run, SPELLS + 1u, i)] * still;
    state[at(run, SPELLS + 1u, i)] = state[at(run, SPELLS, i)] * still;
    state[at(run, SPELLS, i)] = separated;
    let u = max(before + separated - hired, 0.0);
    state[at(run, UNEMPLOYED, i)] = u;
    return vec4<f32>(state[at(run, EMPLOYED, i)], u, state[at(run, VACANCIES, i)], long);
}

@compute @workgroup_size(WIDE)
fn steps(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) own: u32) {
    let run = group.x;
    for (var step = plan.first; step < plan.last; step++) {
        for (var i = own; i < plan.nodes; i += WIDE) {
            apply_from(run, step, i);
        }
        storageBarrier();
        for (var j = own; j < plan.nodes; j += WIDE) {
            hire(run, step, j);
        }
        storageBarrier();
        var sum = vec4<f32>(0.0);
        for (var i = own; i < plan.nodes; i += WIDE) {
            sum += after(run, step, i);
        }
        sums[own] = sum;
        workgroupBarrier();
        storageBarrier();
        let time = step + 1u;
        if own < PART {
            var part = vec4<f32>(0.0);
            for (var k = own; k < WIDE; k += PART) {
                part += sums[k];
            }
            parts[own] = part;
        }
        if time % plan.every == 0u {
            let row = run * plan.width + plan.steps + (time / plan.every - 1u) * plan.kept;
            for (var k = own; k < plan.kept; k += WIDE) {
                let node = places[2u * (plan.nodes + 1u) + k];
                outcome[row + k] = vec4<f32>(state[at(run, EMPLOYED, node)], state[at(run, UNEMPLOYED, node)], state[at(run, VACANCIES, node)], state[at(run, SPELLS + 3u, node)]);
            }
        }
        workgroupBarrier();
        if own == 0u {
            var total = vec4<f32>(0.0);
            for (var k = 0u; k < PART; k++) {
                total += parts[k];
            }
            outcome[run * plan.width + step] = total;
        }
    }
}
