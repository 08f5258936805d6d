//! What is left of many costs when none may cover another.

/// True where no cost is more than the other's.
#[inline]
pub(super) fn covers<const N: usize>(own: &[f64; N], other: &[f64; N]) -> bool {
    // All of them, without a jump for each.
    let mut all = true;
    for (own, other) in own.iter().zip(other) {
        all &= own <= other;
    }
    all
}

/// Costs of which none covers another, each with what it is of.
pub(super) struct Front<const N: usize> {
    costs: Vec<([f64; N], usize)>,
}

impl<const N: usize> Default for Front<N> {
    fn default() -> Self {
        Self { costs: Vec::new() }
    }
}

impl<const N: usize> Front<N> {
    /// True where one of the front covers the costs. It comes nearer to where the next question begins: few cover most.
    pub(super) fn covers(&mut self, costs: &[f64; N]) -> bool {
        let found = self.costs.iter().position(|(own, _)| covers(own, costs));
        if let Some(at) = found {
            self.costs.swap(at, at / 2);
        }
        found.is_some()
    }

    /// Puts costs that nothing here covers on the front; those that they cover leave it, and `left` is told.
    pub(super) fn put(&mut self, costs: [f64; N], of: usize, mut left: impl FnMut(usize)) {
        self.costs.retain(|(other, of)| {
            let stays = !covers(&costs, other);
            if !stays {
                left(*of);
            }
            stays
        });
        self.costs.push((costs, of));
    }

    /// What it is of, rising.
    pub(super) fn in_order(self) -> Vec<usize> {
        let mut all: Vec<usize> = self.costs.into_iter().map(|(_, of)| of).collect();
        all.sort_unstable();
        all
    }
}
