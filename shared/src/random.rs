//! Random numbers as functions of a key and a counter: the same bytes on every target and in any order. No entropy, no
//! global state.

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
#[inline]
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// 2⁶⁴ divided by the golden ratio: the step of SplitMix64's counter.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The numbers that belong to one key, in order: SplitMix64 started at the mixed key.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    state: u64,
}

impl Stream {
    /// The stream of a place, such as (seed, run, step, occupation); other places have other streams.
    pub fn at(place: &[u64]) -> Self {
        place.iter().fold(Self { state: 0 }, |stream, part| stream.child(*part))
    }

    /// The stream of a place within this one's: `at(&[a, b])` is `at(&[a]).child(b)`, before anything was drawn.
    #[inline]
    pub fn child(self, part: u64) -> Self {
        Self { state: mix(self.state ^ mix(part.wrapping_add(STEP))) }
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number of [0, 1), a multiple of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        const WEIGHT: f64 = 1.0 / 9_007_199_254_740_992.0;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let whole = (self.bits() >> 11) as f64;
        whole * WEIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_splitmix64() {
        // The published generator from seed 0 begins with these (Vigna's splitmix64.c).
        let mut stream = Stream { state: 0 };
        assert_eq!([stream.bits(), stream.bits()], [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);
    }

    #[test]
    fn places_that_differ_in_one_part_have_unrelated_streams() {
        let mut shared_bits = 0;
        for part in 0..64_u64 {
            let (mut a, mut b) = (Stream::at(&[7, part, 3]), Stream::at(&[7, part + 1, 3]));
            shared_bits += (a.bits() ^ b.bits()).count_ones();
        }
        // 64 · 64 fair bits: 2048 ± 32.
        assert!((1888..2208).contains(&shared_bits), "{shared_bits}");
        assert_ne!(Stream::at(&[1, 2]).bits(), Stream::at(&[2, 1]).bits());
    }

    #[test]
    fn units_are_even_over_their_range() {
        let mut stream = Stream::at(&[1]);
        let units: Vec<f64> = (0..100_000).map(|_| stream.unit()).collect();
        assert!(units.iter().all(|u| (0.0..1.0).contains(u)));
        let mean = units.iter().sum::<f64>() / 1e5;
        let square = units.iter().map(|u| u * u).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 0.004 && (square - 1.0 / 3.0).abs() < 0.004, "{mean} {square}");
    }
}
