//! The smaller and the larger of two numbers, where it is asked millions of times.

/// The smaller; if they cannot be compared, the second. One comparison: [`f64::min`] is a call into libm in WebAssembly.
#[inline]
pub fn smaller<T: PartialOrd>(one: T, other: T) -> T {
    if one < other { one } else { other }
}

/// The larger; if they cannot be compared, the second.
#[inline]
pub fn larger<T: PartialOrd>(one: T, other: T) -> T {
    if one > other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_min_and_max_where_the_second_is_a_number() {
        for one in [-1.0, 0.0, 2.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            for other in [-3.0, 0.0, 2.5, f64::INFINITY] {
                assert_eq!((smaller(one, other), larger(one, other)), (one.min(other), one.max(other)), "{one} {other}");
            }
        }
    }
}
