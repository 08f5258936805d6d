//! The occupational network: which occupations the unemployed of each one look to. Weights of moves, not their number;
//! where the edges come from (related occupations, similar competences) is not decided here.
//!
//! Model: del Rio-Chanona, Mealy, Beguerisse-Díaz, Lafond, Farmer 2021, "Occupational mobility and automation: a data-driven
//! network model", J. R. Soc. Interface 18: 20200898. The matrix A of the paper is `self_loop · I + (1 − self_loop) · W`; a
//! [`Network`] is W, and the self-loop belongs to the rates of a run.
use thiserror::Error;

/// How readily people of one occupation move to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Index of the occupation left.
    pub from: u32,
    /// Index of the occupation looked to; the same as `from` for moves within it.
    pub to: u32,
    /// Weight of the move against the others from the same occupation; above 0, finite.
    pub weight: f64,
}

/// Why edges do not make a network.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NetworkError {
    /// There is no occupation or no edge.
    #[error("the network is empty; give at least one occupation and one edge")]
    Empty,
    /// More occupations than an index holds.
    #[error("{0} occupations; a network holds at most {NODES_MAX}")]
    TooLarge(usize),
    /// An edge that starts or ends outside.
    #[error("edge {edge} joins {from} to {to}, but occupations are numbered 0 to {last}")]
    Outside {
        /// Place in the list, from 0.
        edge: usize,
        /// Its start.
        from: u32,
        /// Its end.
        to: u32,
        /// The greatest index there is.
        last: usize,
    },
    /// A weight that is none.
    #[error("edge {edge} weighs {weight}; weights are above 0 and at most {WEIGHT_MAX:e}")]
    Weight {
        /// Place in the list, from 0.
        edge: usize,
        /// What it weighs.
        weight: f64,
    },
    /// Not every occupation can be reached from every other one.
    #[error("the network falls into {parts} parts, the largest of {largest} of {nodes} occupations; keep only that one")]
    Disconnected {
        /// Strongly connected parts.
        parts: usize,
        /// Occupations of the largest.
        largest: usize,
        /// Occupations in all.
        nodes: usize,
    },
}

/// Occupations a network holds at most: a ticket of [`super::labour_flow::draws`] carries the index in 20 bits.
pub const NODES_MAX: usize = 1 << 20;
/// Weights above this one would lose the others in the sum of a row.
const WEIGHT_MAX: f64 = 1e12;

/// A row-normalised, strongly connected matrix of moves in compressed rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Row i is `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    /// Goals, rising within a row.
    to: Vec<u32>,
    /// Shares of a row; they sum to 1.
    weight: Vec<f64>,
}

impl Network {
    /// The network of weighted edges between `nodes` occupations: edges that occur more than once are added up, each
    /// row is divided by its sum.
    ///
    /// # Errors
    /// No occupations or edges, too many, an edge that leads outside or weighs nothing, a network in parts.
    pub fn from_edges(nodes: usize, edges: &[Edge]) -> Result<Self, NetworkError> {
        let (starts, to, mut weight) = rows(nodes, edges)?;
        let parts = strong_parts(&starts, &to);
        let count = parts.iter().max().map_or(0, |last| last + 1);
        if count != 1 {
            let largest = sizes(&parts).into_iter().max().unwrap_or(0);
            return Err(NetworkError::Disconnected { parts: count, largest, nodes });
        }
        for row in starts.windows(2) {
            let row = &mut weight[row[0]..row[1]];
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|w| *w /= sum);
        }
        Ok(Self { starts, to, weight })
    }

    /// The complete network, in which every occupation looks to all alike, itself among them: the paper's yardstick for
    /// what the network does. To be used with a self-loop of 0.
    ///
    /// # Errors
    /// No occupations, or too many.
    pub fn complete(nodes: usize) -> Result<Self, NetworkError> {
        let last = index(nodes)?;
        let edges: Vec<Edge> = (0..last).flat_map(|from| (0..last).map(move |to| Edge { from, to, weight: 1.0 })).collect();
        Self::from_edges(nodes, &edges)
    }

    /// Occupations.
    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Goals of all rows together, self-loops of runs not counted.
    pub fn edges(&self) -> usize {
        self.to.len()
    }

    /// The goals of an occupation and their shares, which sum to 1. Both are empty outside the network.
    #[inline]
    pub fn row(&self, node: usize) -> (&[u32], &[f64]) {
        match self.starts.get(node..node + 2) {
            Some(&[start, end]) => (&self.to[start..end], &self.weight[start..end]),
            _ => (&[], &[]),
        }
    }

    /// This network with a share of every origin's moves turned to chosen goals: what training for a move does. Rows
    /// without a chosen edge stay as they are.
    ///
    /// # Errors
    /// A chosen edge that leads outside or weighs nothing. `share` is clamped to 0..1, and 1 leaves the other goals of a
    /// row a share of one part in a million, so that the network stays connected.
    pub fn with_moves(&self, chosen: &[Edge], share: f64) -> Result<Self, NetworkError> {
        if chosen.is_empty() {
            return Ok(self.clone());
        }
        let share = share.clamp(0.0, 1.0 - 1e-6);
        let (starts, to, weight) = rows(self.nodes(), chosen)?;
        let mut edges = self.to_edges();
        for (i, row) in starts.windows(2).enumerate() {
            let sum: f64 = weight[row[0]..row[1]].iter().sum();
            if sum > 0.0 && share > 0.0 {
                edges[self.starts[i]..self.starts[i + 1]].iter_mut().for_each(|edge| edge.weight *= 1.0 - share);
                let from = index(i)?;
                // Behind all old edges, whose places stay.
                edges.extend((row[0]..row[1]).map(|k| Edge { from, to: to[k], weight: share * weight[k] / sum }));
            }
        }
        Self::from_edges(self.nodes(), &edges)
    }

    /// All edges by row, then goal, with their shares as weights.
    pub fn to_edges(&self) -> Vec<Edge> {
        (0_u32..).zip(self.starts.windows(2)).flat_map(|(from, row)| (row[0]..row[1]).map(move |k| Edge { from, to: self.to[k], weight: self.weight[k] })).collect()
    }
}

/// The strongly connected part of a network that has the most occupations.
#[derive(Clone, Debug, PartialEq)]
pub struct StrongPart {
    /// The occupations kept, rising: entry k is the old index of the new one k.
    pub nodes: Vec<u32>,
    /// The edges between them, by new indices, in the order they were given.
    pub edges: Vec<Edge>,
}

impl StrongPart {
    /// Other edges between the occupations kept, by new indices.
    pub fn within(&self, edges: &[Edge]) -> Vec<Edge> {
        let new = |old: u32| self.nodes.binary_search(&old).ok().and_then(|node| u32::try_from(node).ok());
        edges.iter().filter_map(|edge| Some(Edge { from: new(edge.from)?, to: new(edge.to)?, weight: edge.weight })).collect()
    }
}

/// The largest strongly connected part (of equal ones, that with the smallest index).
///
/// # Errors
/// As [`Network::from_edges`], but for a network in parts.
pub fn largest_strong_part(nodes: usize, edges: &[Edge]) -> Result<StrongPart, NetworkError> {
    let (starts, to, _) = rows(nodes, edges)?;
    let parts = strong_parts(&starts, &to);
    let sizes = sizes(&parts);
    let most = sizes.iter().copied().max().unwrap_or(0);
    let kept = parts.iter().find(|part| sizes[**part] == most).copied().unwrap_or(0);
    let old = (0_u32..).zip(&parts).filter(|(_, part)| **part == kept).map(|(node, _)| node).collect();
    let part = StrongPart { nodes: old, edges: Vec::new() };
    Ok(StrongPart { edges: part.within(edges), ..part })
}

/// Edges with those of another list added that touch an occupation without edges of its own here: one that nothing is known
/// of by this measure keeps what is known by the other.
pub fn completed(nodes: usize, edges: &[Edge], other: &[Edge]) -> Vec<Edge> {
    let mut known = vec![false; nodes];
    for edge in edges {
        if let Some(known) = known.get_mut(edge.from as usize) {
            *known = true;
        }
    }
    let unknown = |node: u32| known.get(node as usize) == Some(&false);
    edges.iter().chain(other.iter().filter(|edge| unknown(edge.from) || unknown(edge.to))).copied().collect()
}

/// Two lists of edges mixed: every row of each divided by its sum, then half of one and half of the other. A row that only
/// one of them has is taken whole. (`market.md` 2c: related occupations alone exaggerate friction; half the weight to
/// neighbours by competences tempers it.)
///
/// # Errors
/// As [`Network::from_edges`], but for a network in parts: take [`largest_strong_part`] of the result.
pub fn blend(nodes: usize, one: &[Edge], other: &[Edge]) -> Result<Vec<Edge>, NetworkError> {
    let sums = |edges: &[Edge]| -> Result<Vec<f64>, NetworkError> {
        let (starts, _, weight) = rows(nodes, edges)?;
        Ok(starts.windows(2).map(|row| weight[row[0]..row[1]].iter().sum()).collect())
    };
    let (of_one, of_other) = (sums(one)?, sums(other)?);
    let halves = [(one, &of_one, &of_other), (other, &of_other, &of_one)];
    let mixed = halves.iter().flat_map(|(edges, own, foreign)| {
        edges.iter().map(|edge| {
            let row = edge.from as usize;
            let share = if foreign[row] > 0.0 { 0.5 } else { 1.0 };
            Edge { weight: share * edge.weight / own[row], ..*edge }
        })
    });
    Ok(mixed.collect())
}

/// An index as edges hold it.
fn index(node: usize) -> Result<u32, NetworkError> {
    if node > NODES_MAX {
        return Err(NetworkError::TooLarge(node));
    }
    u32::try_from(node).map_err(|_| NetworkError::TooLarge(node))
}

/// Starts of rows, goals, weights.
type Rows = (Vec<usize>, Vec<u32>, Vec<f64>);

/// Edges checked, sorted into rows, repeated ones added up. Weights stay as given.
fn rows(nodes: usize, edges: &[Edge]) -> Result<Rows, NetworkError> {
    index(nodes)?;
    if nodes == 0 || edges.is_empty() {
        return Err(NetworkError::Empty);
    }
    for (place, edge) in edges.iter().enumerate() {
        if edge.from as usize >= nodes || edge.to as usize >= nodes {
            return Err(NetworkError::Outside { edge: place, from: edge.from, to: edge.to, last: nodes - 1 });
        }
        if !(edge.weight > 0.0 && edge.weight <= WEIGHT_MAX) {
            return Err(NetworkError::Weight { edge: place, weight: edge.weight });
        }
    }
    let mut sorted = edges.to_vec();
    // Stable, so that sums of repeated edges run in the order given.
    sorted.sort_by_key(|edge| (edge.from, edge.to));
    let (mut starts, mut to, mut weight) = (vec![0], Vec::with_capacity(sorted.len()), Vec::with_capacity(sorted.len()));
    let mut last = None;
    for edge in sorted {
        starts.resize(edge.from as usize + 1, to.len());
        if last == Some((edge.from, edge.to)) {
            if let Some(sum) = weight.last_mut() {
                *sum += edge.weight;
            }
        } else {
            to.push(edge.to);
            weight.push(edge.weight);
            last = Some((edge.from, edge.to));
        }
    }
    starts.resize(nodes + 1, to.len());
    Ok((starts, to, weight))
}

/// How many nodes bear each number of a part.
fn sizes(parts: &[usize]) -> Vec<usize> {
    let mut sizes = vec![0; parts.iter().max().map_or(0, |last| last + 1)];
    parts.iter().for_each(|part| sizes[*part] += 1);
    sizes
}

/// The number of the strongly connected part of every node (Tarjan 1972, "Depth-first search and linear graph algorithms",
/// with a stack of its own instead of recursion).
fn strong_parts(starts: &[usize], to: &[u32]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let nodes = starts.len() - 1;
    let (mut found, mut low, mut part) = (vec![NONE; nodes], vec![0; nodes], vec![NONE; nodes]);
    let (mut order, mut parts) = (0, 0);
    let mut open = Vec::new();
    let mut path: Vec<(usize, usize)> = Vec::new();
    for root in 0..nodes {
        if found[root] != NONE {
            continue;
        }
        path.push((root, starts[root]));
        while let Some((node, edge)) = path.pop() {
            if found[node] == NONE {
                (found[node], low[node]) = (order, order);
                order += 1;
                open.push(node);
            }
            if edge < starts[node + 1] {
                let goal = to[edge] as usize;
                path.push((node, edge + 1));
                if found[goal] == NONE {
                    path.push((goal, starts[goal]));
                } else if part[goal] == NONE {
                    low[node] = low[node].min(found[goal]);
                }
                continue;
            }
            if low[node] == found[node] {
                while let Some(member) = open.pop() {
                    part[member] = parts;
                    if member == node {
                        break;
                    }
                }
                parts += 1;
            }
            if let Some((above, _)) = path.last() {
                low[*above] = low[*above].min(low[node]);
            }
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(list: &[(u32, u32, f64)]) -> Vec<Edge> {
        list.iter().map(|&(from, to, weight)| Edge { from, to, weight }).collect()
    }

    #[test]
    fn rows_are_shares_and_repeated_edges_add_up() {
        let network = Network::from_edges(3, &edges(&[(1, 0, 1.0), (0, 2, 1.0), (0, 1, 2.0), (0, 2, 1.0), (2, 2, 3.0), (2, 0, 1.0), (1, 2, 1.0)])).unwrap();
        assert_eq!(network.row(0), (&[1, 2][..], &[0.5, 0.5][..]));
        assert_eq!(network.row(1), (&[0, 2][..], &[0.5, 0.5][..]));
        assert_eq!(network.row(2), (&[0, 2][..], &[0.25, 0.75][..]));
        assert_eq!((network.nodes(), network.edges()), (3, 6));
        assert_eq!(Network::from_edges(3, &network.to_edges()).unwrap(), network);
    }

    #[test]
    fn what_is_no_network_is_refused_by_name() {
        let ring = edges(&[(0, 1, 1.0), (1, 0, 1.0)]);
        assert_eq!(Network::from_edges(0, &ring), Err(NetworkError::Empty));
        assert_eq!(Network::from_edges(2, &[]), Err(NetworkError::Empty));
        assert_eq!(Network::from_edges(1, &ring), Err(NetworkError::Outside { edge: 0, from: 0, to: 1, last: 0 }));
        assert_eq!(Network::from_edges(3, &ring), Err(NetworkError::Disconnected { parts: 2, largest: 2, nodes: 3 }));
        for weight in [f64::NAN, f64::INFINITY, 1e300, -1.0, 0.0] {
            assert!(matches!(Network::from_edges(2, &edges(&[(0, 1, 1.0), (1, 0, weight)])), Err(NetworkError::Weight { edge: 1, .. })));
        }
        // One way only: weakly connected is not enough.
        assert!(matches!(Network::from_edges(2, &edges(&[(0, 1, 1.0)])), Err(NetworkError::Disconnected { parts: 2, .. })));
        assert!(matches!(Network::complete(NODES_MAX + 1), Err(NetworkError::TooLarge(_))));
    }

    #[test]
    fn the_largest_part_is_the_one_in_which_all_reach_all() {
        // 0 → {1 ⇄ 2 → 3 → 1} → 4 ⇄ 5: parts {0}, {1, 2, 3}, {4, 5}.
        let all = edges(&[(0, 1, 9.0), (1, 2, 1.0), (2, 1, 2.0), (2, 3, 3.0), (3, 1, 4.0), (3, 4, 5.0), (4, 5, 1.0), (5, 4, 1.0)]);
        let part = largest_strong_part(6, &all).unwrap();
        assert_eq!(part.nodes, [1, 2, 3]);
        assert_eq!(part.edges, edges(&[(0, 1, 1.0), (1, 0, 2.0), (1, 2, 3.0), (2, 0, 4.0)]));
        assert!(Network::from_edges(3, &part.edges).is_ok());
    }

    #[test]
    fn a_long_chain_needs_no_deep_recursion() {
        let chain: Vec<Edge> = (0..100_000).map(|i| Edge { from: i, to: (i + 1) % 100_000, weight: 1.0 }).collect();
        assert!(Network::from_edges(100_000, &chain).is_ok());
    }

    #[test]
    fn parts_are_those_that_reach_each_other_by_search() {
        // The slow twin: two nodes share a part when each reaches the other.
        for seed in 0..50 {
            let mut draw = crate::random::Stream::at(&[seed]);
            let list: Vec<Edge> = (0..16).map(|_| Edge { from: (draw.bits() % 12) as u32, to: (draw.bits() % 12) as u32, weight: 1.0 }).collect();
            let (starts, to, _) = rows(12, &list).unwrap();
            let parts = strong_parts(&starts, &to);
            let reach = |from: u32| {
                let (mut seen, mut open) = (vec![false; 12], vec![from]);
                while let Some(node) = open.pop() {
                    if !std::mem::replace(&mut seen[node as usize], true) {
                        open.extend(list.iter().filter(|edge| edge.from == node).map(|edge| edge.to));
                    }
                }
                seen
            };
            for a in 0..12_u32 {
                for b in 0..12_u32 {
                    let both = reach(a)[b as usize] && reach(b)[a as usize];
                    assert_eq!(parts[a as usize] == parts[b as usize], both, "seed {seed}: {a} {b}");
                }
            }
        }
    }

    #[test]
    fn a_blend_is_half_of_each_and_whole_where_only_one_has_a_row() {
        let mixed = blend(3, &edges(&[(0, 1, 2.0), (0, 2, 2.0), (1, 0, 5.0)]), &edges(&[(0, 1, 7.0), (2, 0, 3.0)])).unwrap();
        let network = Network::from_edges(3, &mixed).unwrap();
        assert_eq!(network.row(0), (&[1, 2][..], &[0.75, 0.25][..]));
        assert_eq!((network.row(1), network.row(2)), ((&[0][..], &[1.0][..]), (&[0][..], &[1.0][..])));
    }

    #[test]
    fn an_occupation_without_edges_keeps_those_of_the_other_list_in_both_directions() {
        let other = edges(&[(0, 1, 1.0), (1, 0, 2.0), (2, 0, 3.0), (0, 2, 4.0)]);
        let both = completed(3, &edges(&[(0, 1, 0.9), (1, 0, 0.9)]), &other);
        assert_eq!(both, edges(&[(0, 1, 0.9), (1, 0, 0.9), (2, 0, 3.0), (0, 2, 4.0)]));
    }

    #[test]
    fn chosen_moves_take_their_share_of_a_row() {
        let network = Network::from_edges(3, &edges(&[(0, 1, 1.0), (0, 2, 1.0), (1, 0, 1.0), (2, 0, 1.0)])).unwrap();
        let trained = network.with_moves(&edges(&[(0, 2, 8.0)]), 0.5).unwrap();
        assert_eq!(trained.row(0), (&[1, 2][..], &[0.25, 0.75][..]));
        assert_eq!(trained.row(1), network.row(1));
        assert_eq!(network.with_moves(&[], 1.0).unwrap(), network);
        assert!(matches!(network.with_moves(&edges(&[(0, 3, 1.0)]), 0.5), Err(NetworkError::Outside { .. })));
        assert!(network.with_moves(&edges(&[(2, 1, 1.0)]), 1.0).is_ok());
    }
}
