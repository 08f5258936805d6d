//! What a plan reads from the pack: ids of competences, and which competence the work with another needs. Not the order
//! itself: that is `units`.
use super::units::Want;
use crate::gap::{Demand, Gap, Held};
use crate::market::data::MarketData;
use crate::taxonomy::Taxonomy;

/// The pack, made ready for plans.
pub struct PlanBook<'a> {
    taxonomy: &'a Taxonomy,
    market: &'a MarketData,
}

impl<'a> PlanBook<'a> {
    /// Of the pack.
    pub fn new(taxonomy: &'a Taxonomy, market: &'a MarketData) -> Self {
        Self { taxonomy, market }
    }

    /// The items of a gap with what a plan has to know of them.
    pub fn wants(&self, gap: &Gap, demands: &[Demand], held: &[Held]) -> Vec<Want> {
        let _ = (gap, demands, held, self.taxonomy);
        Vec::new()
    }

    /// How much the occupations that ask for `later` ask for `earlier` above all others, in standard deviations; 0 where that
    /// is under the bound or not known.
    pub fn needed(&self, earlier: &[u32], later: &[u32]) -> f32 {
        let _ = (earlier, later, self.market);
        0.0
    }
}
