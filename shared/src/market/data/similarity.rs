//! How alike two occupations are in what they need, and the nodes and edges the labour-flow model starts from. Not the
//! model, nor its transition matrix: that is `network`.
use super::{ElementWeight, MarketData};

/// Neighbours an occupation is given by similarity (market.md 2c recommends the first 60).
pub const NEIGHBOURS: usize = 60;

/// An edge: from node, to node, weight above 0.
pub type Edge = (usize, usize, f64);

/// What the occupational network is built from. Nodes count from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkInputs {
    /// The place of each node's occupation.
    pub places: Vec<usize>,
    /// Jobs in 2024, thousands.
    pub employment: Vec<f64>,
    /// β of exposure to language models, 0..1.
    pub exposure: Vec<f64>,
    /// O*NET's related occupations, weighted by the pairs of its codes behind them.
    pub related: Vec<Edge>,
    /// The most similar occupations by skills and knowledge, weighted by their cosine; none for a node without weights.
    pub similar: Vec<Edge>,
}

impl MarketData {
    /// Nodes and edges of the occupational network: all occupations with employment, exposure and a relation to another.
    /// The model takes the largest part in which each can be reached from each.
    pub fn network_inputs(&self) -> NetworkInputs {
        let mut inputs = NetworkInputs::default();
        let mut named = vec![false; self.occupations.len()];
        for (of, list) in self.related.iter().enumerate() {
            for place in list.iter().map(|related| related.to).chain(list.first().map(|_| of)) {
                named.iter_mut().skip(place).take(1).for_each(|slot| *slot = true);
            }
        }
        let mut nodes = vec![None; self.occupations.len()];
        for (place, (figures, node)) in self.occupations.iter().zip(&mut nodes).enumerate() {
            if let (true, Some(employment), Some(exposure)) = (named.get(place) == Some(&true), figures.employment_2024, figures.exposure) {
                *node = Some(inputs.places.len());
                inputs.places.push(place);
                inputs.employment.push(employment);
                inputs.exposure.push(exposure.beta());
            }
        }
        let node = |place: usize| nodes.get(place).copied().flatten();
        for (of, list) in self.related.iter().enumerate() {
            let edges = list.iter().filter_map(|related| Some((node(of)?, node(related.to)?, f64::from(related.pairs))));
            inputs.related.extend(edges);
        }
        let weights: Vec<&[ElementWeight]> = inputs.places.iter().map(|place| self.weights.get(*place).map_or(&[][..], Vec::as_slice)).collect();
        inputs.similar = similar(&weights, NEIGHBOURS);
        inputs
    }

    /// Cosines of an occupation with all others that have weights, the most similar first: place, −1..1.
    pub fn similar_to(&self, place: usize) -> Vec<(usize, f64)> {
        let profiles = profiles(&self.weights.iter().map(Vec::as_slice).collect::<Vec<_>>());
        profiles.get(place).map(|of| ranked(of, &profiles, place)).unwrap_or_default()
    }
}

/// Edges from every row that has weights to the `neighbours` rows most like it. A cosine of 0 or less is no edge.
pub fn similar(weights: &[&[ElementWeight]], neighbours: usize) -> Vec<Edge> {
    let profiles = profiles(weights);
    let edges = profiles.iter().enumerate().flat_map(|(from, of)| {
        let nearest = ranked(of, &profiles, from).into_iter().take(neighbours).filter(|(_, cosine)| *cosine > 0.0);
        nearest.map(move |(to, cosine)| (from, to, cosine))
    });
    edges.collect()
}

/// Importances and levels, each element's standardised over the rows that have weights (mean 0, deviation 1), at length 1:
/// so that what all need alike does not count. Empty for a row without weights.
fn profiles(weights: &[&[ElementWeight]]) -> Vec<Vec<f64>> {
    let values = |row: &&[ElementWeight]| -> Vec<f64> { row.iter().flat_map(|w| [f64::from(w.importance), f64::from(w.level)]).collect() };
    let mut rows: Vec<Vec<f64>> = weights.iter().map(values).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..width {
        let known: Vec<f64> = rows.iter().filter_map(|row| row.get(column).copied()).collect();
        let count = known.len() as f64;
        let mean = known.iter().sum::<f64>() / count;
        let deviation = (known.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt();
        for value in rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            *value = if deviation > 0.0 { (*value - mean) / deviation } else { 0.0 };
        }
    }
    for row in &mut rows {
        let length = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        row.iter_mut().for_each(|v| *v = if length > 0.0 { *v / length } else { 0.0 });
    }
    rows
}

/// All other rows by falling cosine, ties by place.
fn ranked(of: &[f64], profiles: &[Vec<f64>], own: usize) -> Vec<(usize, f64)> {
    if of.is_empty() {
        return Vec::new();
    }
    let others = profiles.iter().enumerate().filter(|(place, row)| *place != own && !row.is_empty());
    let mut all: Vec<(usize, f64)> = others.map(|(place, row)| (place, of.iter().zip(row).map(|(a, b)| a * b).sum())).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all
}

#[cfg(test)]
mod tests {
    use super::super::fixture::files;
    use super::*;

    fn row(values: &[(f32, f32)]) -> Vec<ElementWeight> {
        values.iter().map(|&(importance, level)| ElementWeight { importance, level, imprecise: false }).collect()
    }

    #[test]
    fn cosines_are_those_worked_by_hand() {
        // One element: importances 1, 2, 3 and level the same for all. Mean 2, deviation √(2/3): −, 0, +.
        let rows = [row(&[(1.0, 2.0)]), row(&[(2.0, 2.0)]), row(&[(3.0, 2.0)]), Vec::new()];
        let rows: Vec<&[ElementWeight]> = rows.iter().map(Vec::as_slice).collect();
        let profiles = profiles(&rows);
        assert_eq!(profiles[0], [-1.0, 0.0]);
        assert_eq!(profiles[1], [0.0, 0.0]);
        assert_eq!(ranked(&profiles[0], &profiles, 0), [(1, 0.0), (2, -1.0)]);
        // Opposite or neither: no edge; and none to or from the row without weights.
        assert_eq!(similar(&rows, 2), []);
        // Two elements: (1,1) (1,1) (3,1) (3,3) in importance.
        let rows = [row(&[(1.0, 0.0), (1.0, 0.0)]), row(&[(1.0, 0.0), (1.0, 0.0)]), row(&[(3.0, 0.0), (1.0, 0.0)]), row(&[(3.0, 0.0), (3.0, 0.0)])];
        let rows: Vec<&[ElementWeight]> = rows.iter().map(Vec::as_slice).collect();
        // First element: mean 2, deviation 1 → −1 −1 1 1. Second: mean 1.5, deviation √3/2 → −1/√3 thrice, √3.
        let (a, b) = (-1.0 / 3f64.sqrt(), 3f64.sqrt());
        let cosine = (1.0 + a * b) / ((1.0 + a * a).sqrt() * (1.0 + b * b).sqrt());
        let edges: Vec<Edge> = similar(&rows, 1).into_iter().filter(|edge| edge.2 > 1e-12).collect();
        assert_eq!(edges.iter().map(|e| (e.0, e.1)).collect::<Vec<_>>(), [(0, 1), (1, 0)]);
        assert!(edges.iter().all(|edge| (edge.2 - 1.0).abs() < 1e-12), "{edges:?}");
        let profiles = super::profiles(&rows);
        let found = ranked(&profiles[2], &profiles, 2);
        assert_eq!(found[0].0, 3);
        assert!((found[0].1 - cosine).abs() < 1e-12 && cosine.abs() < 1e-12, "the third and the fourth are at right angles");
    }

    #[test]
    fn the_network_has_only_occupations_with_all_it_needs() {
        let data = MarketData::load(&files()).unwrap();
        let inputs = data.network_inputs();
        // The legislators have no exposure.
        assert_eq!(inputs.places, [1, 2]);
        assert_eq!(inputs.employment, [1000.0, 300.0]);
        assert!((inputs.exposure[0] - 0.46).abs() < 1e-12);
        assert_eq!(inputs.related, [(0, 1, 3.0), (1, 0, 1.0)]);
        assert_eq!(data.similar_to(0), []);
        assert_eq!(data.similar_to(1).iter().map(|s| s.0).collect::<Vec<_>>(), [2]);
    }
}
