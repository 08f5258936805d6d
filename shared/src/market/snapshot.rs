//! The market as simulated runs start from it: occupations with what a scenario needs of them, and the networks between
//! them. What the figures are and where they come from is `data`; what happens to them is `scenario`.
use super::data::{Exposure, MarketData};
use super::network::{Edge, Network, NetworkError, blend, completed, largest_strong_part};
use super::scenario::{NetworkKind, ScenarioError, within};
use std::collections::BTreeMap;

/// What is known of the occupations of a network, an entry each, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Occupations {
    /// SOC code, `xx-xxxx`.
    pub soc: Vec<String>,
    /// Persons employed, 1..10¹⁰.
    pub employment: Vec<f64>,
    /// Exposure to language models; none where not published.
    pub exposure: Vec<Option<Exposure>>,
    /// Unemployment of the occupation's major group, 0.0005..0.5; none where not published.
    pub unemployment: Vec<Option<f64>>,
    /// Share of the employed who change to another occupation within a year, 0..1 (BLS Employment Projections, Table 1.10);
    /// none where not published.
    pub transfer: Vec<Option<f64>>,
}

/// Occupations and the networks between them; every network has all the occupations.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// What is known of them.
    pub occupations: Occupations,
    /// By where the edges come from.
    pub networks: BTreeMap<NetworkKind, Network>,
}

impl Market {
    /// Of the pack: the largest part of the network of related occupations in which each can be reached from each, and over
    /// the same occupations the network by competences and the blend of both. An occupation without published weights keeps
    /// its related occupations in all of them.
    ///
    /// # Errors
    /// Edges that make no network over these occupations.
    pub fn of(data: &MarketData) -> Result<Self, NetworkError> {
        let inputs = data.network_inputs();
        let all = inputs.places.len();
        let edges = |list: &[(usize, usize, f64)]| -> Result<Vec<Edge>, NetworkError> {
            let index = |node: usize| u32::try_from(node).map_err(|_| NetworkError::TooLarge(all));
            list.iter().map(|(from, to, weight)| Ok(Edge { from: index(*from)?, to: index(*to)?, weight: *weight })).collect()
        };
        let part = largest_strong_part(all, &edges(&inputs.related)?)?;
        let nodes = part.nodes.len();
        let similar = completed(nodes, &part.within(&edges(&inputs.similar)?), &part.edges);
        let networks = BTreeMap::from([
            (NetworkKind::Related, Network::from_edges(nodes, &part.edges)?),
            (NetworkKind::Similarity, Network::from_edges(nodes, &similar)?),
            (NetworkKind::Blend, Network::from_edges(nodes, &blend(nodes, &part.edges, &similar)?)?),
        ]);
        let mut occupations = Occupations::default();
        for node in &part.nodes {
            let node = *node as usize;
            let (Some(figures), Some(thousands)) = (inputs.places.get(node).and_then(|place| data.occupations.get(*place)), inputs.employment.get(node)) else { continue };
            occupations.soc.push(figures.soc.clone());
            occupations.employment.push(thousands * 1000.0);
            occupations.exposure.push(figures.exposure);
            occupations.unemployment.push(data.group_of(figures).map(|group| group.unemployment));
            occupations.transfer.push(figures.transfer_rate);
        }
        Ok(Self { occupations, networks })
    }
}

impl Occupations {
    /// Index of a code.
    pub(super) fn find(&self, parameter: &'static str, soc: &str) -> Result<usize, ScenarioError> {
        self.soc.iter().position(|known| known == soc).ok_or_else(|| ScenarioError::Occupation { parameter, soc: soc.into() })
    }

    /// Checks that every column has an entry for each of `nodes` occupations, in its range.
    ///
    /// # Errors
    /// The first column that does not.
    pub fn check(&self, nodes: usize) -> Result<(), ScenarioError> {
        let columns = [
            ("soc", self.soc.len()),
            ("employment", self.employment.len()),
            ("exposure", self.exposure.len()),
            ("unemployment", self.unemployment.len()),
            ("transfer", self.transfer.len()),
        ];
        for (parameter, found) in columns {
            if found != nodes {
                return Err(ScenarioError::Length { parameter, found, expected: nodes });
            }
        }
        self.employment.iter().try_for_each(|e| within("employment", *e, 1.0, 1e10))?;
        self.unemployment.iter().flatten().try_for_each(|u| within("unemployment", *u, 0.0005, 0.5))?;
        self.transfer.iter().flatten().try_for_each(|share| within("transfer", *share, 0.0, 1.0))?;
        for exposure in self.exposure.iter().flatten() {
            within("exposure", exposure.alpha, 0.0, 1.0)?;
            within("exposure", exposure.gamma, exposure.alpha, 1.0)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_pack_gives_all_three_networks_over_the_same_occupations() {
        // Two occupations of the fixture have all it takes; its weights are opposite, so no edge is by competences.
        let data = MarketData::load(&crate::market::data::fixture::files()).unwrap();
        let market = Market::of(&data).unwrap();
        assert_eq!(market.occupations.soc, ["51-2090", "51-4041"]);
        assert_eq!(market.occupations.employment, [1e6, 3e5]);
        let near = |found: &[Option<f64>], expected: [f64; 2]| found.iter().zip(expected).all(|(f, e)| f.is_some_and(|f| (f - e).abs() < 1e-12));
        assert!(near(&market.occupations.unemployment, [0.041; 2]) && near(&market.occupations.transfer, [0.075, 0.061]));
        assert_eq!(market.networks.len(), 3);
        for network in market.networks.values() {
            market.occupations.check(network.nodes()).unwrap();
            assert_eq!((network.row(0), network.row(1)), ((&[1][..], &[1.0][..]), (&[0][..], &[1.0][..])));
        }
    }
}
