"""The labour-flow model in numpy and scipy: the yardstick of `shared/benches/network.rs`, not part of the product.

    python3 labour_flow.py FOLDER [--seconds 2] [--runs 8] [--unit 100]

reads FOLDER/nodes.csv (soc,employment,shock) and FOLDER/edges.csv (i,j,w), and prints one line of JSON: steps a second of
the deterministic model over an edge list (numpy) and over compressed rows (scipy), run-steps a second of an ensemble with
thinned draws (numpy), and totals of some steps so that the two programs can be seen to compute the same thing.
Needs `pip install numpy scipy`.
"""
import argparse
import csv
import json
import time

import numpy as np
import scipy.sparse

DELTA_U, DELTA_V, GAMMA = 0.016, 0.012, 0.16
STEPS_A_YEAR = 52 / 6.75
SELF_LOOP, SHOCK_STEP, SHOCK_YEARS = 0.55, 100, 30


class Market:
    """Nodes, the row-normalised matrix with its self-loop as an edge list sorted by row, and the demand's path."""

    def __init__(self, folder):
        nodes = list(csv.DictReader(open(f"{folder}/nodes.csv")))
        edges = np.array([[float(x) for x in row] for row in list(csv.reader(open(f"{folder}/edges.csv")))[1:]])
        n = self.n = len(nodes)
        self.e0 = np.array([float(row["employment"]) for row in nodes])
        shock = np.array([float(row["shock"]) for row in nodes])
        w = scipy.sparse.csr_matrix((edges[:, 2], (edges[:, 0].astype(int), edges[:, 1].astype(int))), shape=(n, n))
        w = scipy.sparse.diags(1 / np.asarray(w.sum(1)).ravel()) @ w
        self.a = (SELF_LOOP * scipy.sparse.eye(n) + (1 - SELF_LOOP) * w).tocsr()
        self.a.sort_indices()
        self.a_t = self.a.T.tocsr()
        self.row = np.repeat(np.arange(n), np.diff(self.a.indptr))
        self.col = self.a.indices
        self.weight = self.a.data
        self.d0 = self.e0 * (1 + DELTA_U)
        left = self.d0 * (1 - shock)
        self.shift = left * self.d0.sum() / left.sum() - self.d0

    def demand(self, t):
        if t < SHOCK_STEP:
            return self.d0
        half = SHOCK_YEARS / 2 * STEPS_A_YEAR
        return self.d0 + self.shift / (1 + np.exp(-np.log(9999) / half * (t - SHOCK_STEP - half)))

    def start(self, unit=1):
        return [np.round(x / unit) if unit != 1 else x.copy() for x in (self.e0, DELTA_U * self.e0, DELTA_V * self.e0)]


def separations_and_openings(e, v, demand):
    gap = e + v - demand
    left = DELTA_U * e + (1 - DELTA_U) * np.minimum(e, GAMMA * np.maximum(0, gap))
    opened = DELTA_V * e + (1 - DELTA_V) * np.minimum(e, GAMMA * np.maximum(0, -gap))
    return left, opened


def edge_list_step(m, state, t):
    e, u, v, spells = state
    left, opened = separations_and_openings(e, v, m.demand(t))
    seen = v[m.col] * m.weight
    applied = u[m.row] * seen / np.bincount(m.row, seen, m.n)[m.row]
    at = np.bincount(m.col, applied, m.n)
    filled = v * -np.expm1(-at / v)
    hired = applied * (filled / np.maximum(at, 1e-300))[m.col]
    out, into = np.bincount(m.row, hired, m.n), np.bincount(m.col, hired, m.n)
    stay = 1 - out / u
    spells = [left, spells[0] * stay, spells[1] * stay, (spells[2] + spells[3]) * stay]
    return e + into - left, u + left - out, v + opened - into, spells


def compressed_rows_step(m, state, t):
    e, u, v, spells = state
    left, opened = separations_and_openings(e, v, m.demand(t))
    x = u / (m.a @ v)
    at = v * (m.a_t @ x)
    filled = v * -np.expm1(-at / v)
    out = x * (m.a @ (v * filled / np.maximum(at, 1e-300)))
    stay = 1 - out / u
    spells = [left, spells[0] * stay, spells[1] * stay, (spells[2] + spells[3]) * stay]
    return e + filled - left, u + left - out, v + opened - filled, spells


def rate(step, m, seconds):
    """Steps a second, and (u, v, ltu) shares of the labour force at some steps of one run."""
    state = (*m.start(), [np.zeros(m.n)] * 4)
    totals, t, begun = {}, 0, time.process_time()
    while True:
        if t in (50, 100, 200, 300):
            force = state[0].sum() + state[1].sum()
            totals[t] = [state[1].sum() / force, state[2].sum() / force, state[3][3].sum() / force]
        t += 1
        state = step(m, state, t)
        if time.process_time() - begun > seconds and t > 300:
            return t / (time.process_time() - begun), totals


def thinned(m, runs, unit, seconds):
    """Run-steps a second of `runs` runs side by side: Poisson applications an edge, each hired with the mean chance of its
    goal, capped at the vacancies and at the unemployed. Fast, and biased by the thinning."""
    rng = np.random.default_rng(1)
    e, u, v = (np.tile(x, (runs, 1)).astype(np.int64) for x in m.start(unit))
    columns = scipy.sparse.csr_matrix((np.ones(len(m.col)), (np.arange(len(m.col)), m.col)), shape=(len(m.col), m.n))
    rows = scipy.sparse.csr_matrix((np.ones(len(m.row)), (np.arange(len(m.row)), m.row)), shape=(len(m.row), m.n))
    t, begun = 0, time.process_time()
    while time.process_time() - begun < seconds or t < 20:
        t += 1
        left, opened = separations_and_openings(e, v, m.demand(t) / unit)
        job = np.maximum(e, 1)
        left, opened = rng.binomial(e, np.minimum(1, left / job)), rng.binomial(e, np.minimum(1, opened / job))
        seen = v[:, m.col] * m.weight
        mean = u[:, m.row] * seen / np.maximum(seen @ rows, 1e-300)[:, m.row]
        applied = rng.poisson(mean)
        at = applied @ columns
        chance = np.where(at > 0, v * -np.expm1(-at / np.maximum(v, 1)) / np.maximum(at, 1), 0)
        hired = rng.binomial(applied, chance[:, m.col]).astype(float)
        into = hired @ columns
        hired *= np.minimum(1, v / np.maximum(into, 1))[:, m.col]
        out = hired @ rows
        hired *= np.minimum(1, u / np.maximum(out, 1))[:, m.row]
        hired = np.floor(hired).astype(np.int64)
        into, out = (hired @ columns).astype(np.int64), (hired @ rows).astype(np.int64)
        e, u, v = e + into - left, u + left - out, np.maximum(v + opened - into, 0)
    return runs * t / (time.process_time() - begun), float((u.sum(1) / (e + u).sum(1)).mean()), int((e + u).sum(1).mean())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--unit", type=float, default=100)
    given = parser.parse_args()
    market = Market(given.folder)
    edge_list, totals = rate(edge_list_step, market, given.seconds)
    rows, totals_of_rows = rate(compressed_rows_step, market, given.seconds)
    assert all(np.allclose(totals[t], totals_of_rows[t], rtol=1e-9) for t in totals)
    ensemble, unemployment, force = thinned(market, given.runs, given.unit, given.seconds)
    print(json.dumps({
        "nodes": market.n, "edges": len(market.col), "numpy": np.__version__, "scipy": scipy.__version__,
        "edge_list_steps_per_s": edge_list, "compressed_rows_steps_per_s": rows, "totals": totals,
        "thinned_run_steps_per_s": ensemble, "thinned_unemployment": unemployment, "labour_force": force,
    }))


if __name__ == "__main__":
    main()
