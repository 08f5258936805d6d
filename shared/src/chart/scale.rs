//! From values to pixels and to round ticks. Not axes as drawn: those are in `plane`.

/// A straight map of values onto pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// The value at the first pixel.
    pub from: f64,
    /// The value at the last pixel; not `from`.
    pub to: f64,
    /// The first pixel.
    pub start_px: f64,
    /// The last pixel; may lie before the first.
    pub end_px: f64,
}

impl Scale {
    /// The pixel of a value.
    pub fn px(&self, value: f64) -> f64 {
        self.start_px + (value - self.from) / (self.to - self.from) * (self.end_px - self.start_px)
    }
}

/// Round values along an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    /// The distance between two, 1, 2, 2.5, 4 or 5 times a power of ten.
    pub step: f64,
    /// Ascending.
    pub values: Vec<f64>,
}

impl Ticks {
    /// Every multiple of the step from one number of steps to another.
    fn of(step: f64, first: f64, last: f64) -> Ticks {
        let mut values = Vec::new();
        let mut number = first;
        while number <= last && values.len() < 64 {
            // Adding zero turns −0 into 0.
            values.push(number * step + 0.0);
            number += 1.0;
        }
        Ticks { step, values }
    }

    /// The digits after the point that tell the ticks apart once they are divided by `ones`.
    pub fn decimals(&self, ones: f64) -> u8 {
        let step = self.step / ones;
        (0_u8..9)
            .find(|places| {
                let lifted = step * 10_f64.powi(i32::from(*places));
                (lifted - lifted.round()).abs() < 1e-6 * lifted && lifted > 0.5
            })
            .unwrap_or(9)
    }
}

/// A range with room: no wider than needed, but wider than nothing.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let least = 1e-9 * low.abs().max(high.abs()).max(1e-3);
    if high - low > least { (low, high) } else { (low - low.abs().max(1.0) * 0.5, high + high.abs().max(1.0) * 0.5) }
}

/// Steps of these factors, fine to coarse, from well under a range to over it.
fn steps(span: f64, factors: &'static [f64]) -> impl Iterator<Item = f64> {
    let ten = span.log10().floor() - 2.0;
    (0..5_u8).flat_map(move |power| factors.iter().map(move |factor| factor * 10_f64.powf(ten + f64::from(power))))
}

/// Three to `most` ticks, that being 5 or more, that enclose a finite range: the first and last at or beyond its ends.
pub(super) fn enclosing(low: f64, high: f64, most: usize) -> Ticks {
    let (low, high) = widened(low, high);
    let ticks = |step: f64| {
        // A tick within a millionth of a step counts as reached.
        Ticks::of(step, (low / step + 1e-6).floor(), (high / step - 1e-6).ceil())
    };
    steps(high - low, &[1.0, 2.0, 2.5, 5.0])
        .map(ticks)
        .find(|ticks| ticks.values.len() <= most)
        .unwrap_or_else(|| ticks(high - low))
}

/// At most five ticks inside a finite range; whole numbers only where `whole`.
pub(super) fn inside(low: f64, high: f64, whole: bool) -> Ticks {
    let ticks = |step: f64| Ticks::of(step, (low / step - 1e-6).ceil(), (high / step + 1e-6).floor());
    if high - low <= 1e-9 * low.abs().max(1.0) {
        return Ticks { step: 1.0, values: vec![low] };
    }
    steps(high - low, &[1.0, 2.0, 4.0, 5.0])
        .filter(|step| !whole || *step >= 1.0)
        .map(ticks)
        .find(|ticks| ticks.values.len() <= 5)
        .unwrap_or_else(|| Ticks { step: 1.0, values: vec![low.ceil()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of every magnitude and sign, the same every time.
    fn numbers(count: u64) -> impl Iterator<Item = (f64, f64)> {
        (1..=count).map(|i| {
            let mix = |salt: u64| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 11;
            let unit = |salt: u64| mix(salt) as f64 / (1_u64 << 53) as f64;
            let size = 10_f64.powf(unit(1) * 20.0 - 6.0);
            ((unit(2) - 0.5) * size, unit(3) * size)
        })
    }

    #[test]
    fn three_to_five_ticks_enclose_any_range_with_round_steps() {
        for (low, span) in numbers(20_000) {
            let ticks = enclosing(low, low + span, 5);
            assert!((3..=5).contains(&ticks.values.len()), "{low} {span}: {ticks:?}");
            assert!(
                ticks.values[0] <= low + 1e-5 * ticks.step
                    && ticks.values[ticks.values.len() - 1] >= low + span - 1e-5 * ticks.step
            );
            let lead = ticks.step / 10_f64.powf(ticks.step.log10().floor());
            assert!([1.0, 2.0, 2.5, 5.0, 10.0].iter().any(|nice| (lead - nice).abs() < 1e-6), "{lead}");
        }
    }

    #[test]
    fn ticks_inside_a_range_never_leave_it_and_years_are_whole() {
        for (low, span) in numbers(20_000) {
            let ticks = inside(low, low + span, false);
            assert!((3..=5).contains(&ticks.values.len()), "{low} {span}: {ticks:?}");
            assert!(ticks.values.iter().all(|v| *v >= low - 1e-5 * ticks.step && *v <= low + span + 1e-5 * ticks.step));
        }
        for last in 2025..2100_i32 {
            let ticks = inside(2024.0, f64::from(last), true);
            assert!((2..=5).contains(&ticks.values.len()) && ticks.values.iter().all(|v| v.fract() == 0.0), "{last}: {ticks:?}");
        }
    }

    #[test]
    fn ticks_by_hand() {
        assert_eq!(enclosing(0.0, 146_700.0, 5).values, [0.0, 50_000.0, 100_000.0, 150_000.0]);
        assert_eq!(enclosing(-21.0, 16.0, 5).values, [-40.0, -20.0, 0.0, 20.0]);
        assert_eq!(inside(2024.0, 2034.0, true).values, [2024.0, 2028.0, 2032.0]);
        assert_eq!(inside(2030.0, 2030.0, true).values, [2030.0]);
        assert_eq!(enclosing(5.0, 5.0, 5).values, [2.0, 4.0, 6.0, 8.0]);
        assert_eq!(enclosing(0.0, 0.05, 5).decimals(0.01), 0);
        assert_eq!(enclosing(0.0, 11_000.0, 5).decimals(10_000.0), 1);
    }

    #[test]
    fn the_ends_of_a_scale_are_its_pixels() {
        let scale = Scale { from: 10.0, to: 30.0, start_px: 200.0, end_px: 0.0 };
        assert_eq!([scale.px(10.0), scale.px(20.0), scale.px(30.0)], [200.0, 100.0, 0.0]);
    }
}
