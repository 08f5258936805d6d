//! Which line item of BLS's National Employment Matrix an O*NET-SOC code belongs to. No names, no figures.
use std::collections::{BTreeMap, BTreeSet};
use waymark_shared::market::data::Join;

/// O*NET-SOC codes whose line item of the National Employment Matrix bears another code and no broader one of the same stem.
pub const BY_HAND: [(&str, &str); 13] = [
    ("21-1011", "21-1018"),
    ("21-1014", "21-1018"),
    ("25-2055", "25-2052"),
    ("25-2056", "25-2052"),
    ("25-9042", "25-9045"),
    ("25-9043", "25-9045"),
    ("25-9049", "25-9045"),
    ("51-2022", "51-2028"),
    ("51-2023", "51-2028"),
    ("53-1042", "53-1047"),
    ("53-1043", "53-1047"),
    ("53-1044", "53-1047"),
    ("53-1049", "53-1047"),
];

/// How many codes of a table joined, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joins {
    counts: BTreeMap<Join, usize>,
    /// Codes that did not join.
    pub none: Vec<String>,
}

impl Joins {
    /// How many joined so.
    pub fn count(&self, join: Join) -> usize {
        if join == Join::None { self.none.len() } else { self.counts.get(&join).copied().unwrap_or(0) }
    }
}

/// The line items of the matrix, by code.
#[derive(Clone, Debug, Default)]
pub struct LineItems {
    /// Codes, rising; the place of a code is the row of its occupation.
    pub codes: Vec<String>,
}

impl LineItems {
    /// Sorts the codes.
    pub fn new(codes: impl IntoIterator<Item = String>) -> Self {
        Self { codes: codes.into_iter().collect::<BTreeSet<_>>().into_iter().collect() }
    }

    /// The row of a code of the matrix.
    pub fn row(&self, code: &str) -> Option<usize> {
        self.codes.binary_search_by(|known| known.as_str().cmp(code)).ok()
    }

    /// The row that an O*NET-SOC or SOC 2018 code belongs to: its own code, else by hand, else the broad one (`xx-xxx0`).
    pub fn of(&self, code: &str) -> Option<(usize, Join)> {
        let soc = code.get(..7)?;
        let hand = BY_HAND.iter().find(|(from, _)| *from == soc).and_then(|(_, to)| self.row(to));
        let broad = || self.row(&format!("{}0", &soc[..6]));
        let exact = self.row(soc).map(|row| (row, Join::Exact));
        exact.or(hand.map(|row| (row, Join::Hand))).or_else(|| broad().map(|row| (row, Join::Broad)))
    }

    /// As [`LineItems::of`], and counted.
    pub fn counted(&self, code: &str, joins: &mut Joins) -> Option<usize> {
        match self.of(code) {
            Some((row, join)) => {
                *joins.counts.entry(join).or_default() += 1;
                Some(row)
            }
            None => {
                joins.none.push(code.to_owned());
                None
            }
        }
    }

    /// Values of O*NET codes, averaged over those of each line item; `None` where it has none. Each code is counted once.
    pub fn means<const N: usize>(&self, values: &BTreeMap<String, [f64; N]>) -> (Vec<Option<[f64; N]>>, Joins) {
        let mut joins = Joins::default();
        let mut sums = vec![([0.0; N], 0.0); self.codes.len()];
        for (code, values) in values {
            if let Some(row) = self.counted(code, &mut joins) {
                let (sum, count) = &mut sums[row];
                sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                *count += 1.0;
            }
        }
        (sums.into_iter().map(|(sum, count)| (count > 0.0).then(|| sum.map(|sum| sum / count))).collect(), joins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> LineItems {
        LineItems::new(["51-2090", "21-1018", "11-1011", "29-2010"].map(String::from))
    }

    #[test]
    fn a_code_joins_exactly_by_hand_or_by_its_broad_code() {
        let items = items();
        assert_eq!(items.of("11-1011.03"), Some((0, Join::Exact)));
        assert_eq!(items.of("21-1014.00"), Some((1, Join::Hand)));
        assert_eq!(items.of("29-2011.04"), Some((2, Join::Broad)));
        assert_eq!(items.of("51-2092.00"), Some((3, Join::Broad)));
        assert_eq!((items.of("55-1011.00"), items.of("x")), (None, None));
    }

    #[test]
    fn means_are_over_the_codes_of_a_line_item() {
        let values = BTreeMap::from([("11-1011.00", [1.0]), ("11-1011.03", [4.0]), ("51-2092.00", [0.0]), ("55-1011.00", [9.0])].map(|(code, v)| (code.to_owned(), v)));
        let (means, joins) = items().means(&values);
        assert_eq!(means, [Some([2.5]), None, None, Some([0.0])]);
        assert_eq!((joins.count(Join::Exact), joins.count(Join::Broad), joins.count(Join::Hand), joins.count(Join::None)), (2, 1, 0, 1));
    }
}
