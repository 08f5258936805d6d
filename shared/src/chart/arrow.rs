//! Arrows between cards: where they run and how they are drawn. Not what they mean.
use super::label::Area;
use super::svg::Sheet;

/// Points along an arrow, from its tail to its head; two at least.
pub(super) type Way = Vec<(f64, f64)>;

/// The pieces a curve is cut into.
const PIECES: u32 = 48;

/// The way from a card to another, from and to the pixels along at which it aims (inside the cards), bowed to its right-hand
/// side by a share of its length. It begins and ends a little off the cards.
pub(super) fn between(from: &Area, to: &Area, aims: (f64, f64), bow: f64, gap: f64) -> Way {
    let (a, b) = ((aims.0, (from.top + from.bottom) / 2.0), (aims.1, (to.top + to.bottom) / 2.0));
    let along = (b.0 - a.0, b.1 - a.1);
    let bend = ((a.0 + b.0) / 2.0 - along.1 * bow, (a.1 + b.1) / 2.0 + along.0 * bow);
    let at = |t: f64| {
        let (p, q, r) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
        (p * a.0 + q * bend.0 + r * b.0, p * a.1 + q * bend.1 + r * b.1)
    };
    let outside = |area: &Area, point: &(f64, f64)| {
        point.0 < area.left - gap || point.0 > area.right + gap || point.1 < area.top - gap || point.1 > area.bottom + gap
    };
    let all: Way = (0..=PIECES * 4).map(|i| at(f64::from(i) / f64::from(PIECES * 4))).collect();
    let first = all.iter().position(|point| outside(from, point)).unwrap_or(0);
    let last = all.iter().rposition(|point| outside(to, point)).unwrap_or(all.len() - 1);
    // Cards that touch leave no way: then the arrow runs between their middles.
    if first + 1 < last { all[first..=last].to_vec() } else { vec![a, b] }
}

/// The pixel along at the middle of a card.
pub(super) fn middle(card: &Area) -> f64 {
    (card.left + card.right) / 2.0
}

/// The way from a card's upper (or lower) side around and back to it.
pub(super) fn around(card: &Area, up: bool, em: f64) -> Way {
    let middle = (card.left + card.right) / 2.0;
    let (side, sign) = if up { (card.top, -1.0) } else { (card.bottom, 1.0) };
    let at = |i: u32| {
        let turn = std::f64::consts::PI * (-0.75 + 1.5 * f64::from(i) / f64::from(PIECES));
        (middle + turn.sin() * em * 1.1, side + sign * em * (1.25 + turn.cos() * 1.1))
    };
    (0..=PIECES).map(at).collect()
}

/// Draws a way with its head.
pub(super) fn draw(sheet: &mut Sheet, way: &[(f64, f64)], class: &str) {
    let size = sheet.em * 0.7;
    let Some(tip) = way.last().copied() else { return };
    // The line ends inside the head, so that it does not stick out at its tip.
    let base = way.iter().rposition(|(x, y)| (tip.0 - x).hypot(tip.1 - y) >= size * 0.8).unwrap_or(0);
    let line: Vec<Option<(f64, f64)>> = way[..=base].iter().copied().map(Some).collect();
    sheet.polyline(&line, &format!("ch-arrow {class}"));
    sheet.arrow_head(tip, (tip.0 - way[base].0, tip.1 - way[base].1), size, &format!("ch-head {class}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_runs_between_its_cards_and_opposite_ones_apart() {
        let a = Area { left: 0.0, top: 0.0, right: 80.0, bottom: 40.0 };
        let b = Area { left: 200.0, top: 100.0, right: 280.0, bottom: 140.0 };
        let (there, back) = (between(&a, &b, (40.0, 240.0), 0.15, 3.0), between(&b, &a, (240.0, 40.0), 0.15, 3.0));
        for way in [&there, &back] {
            assert!(way.iter().all(|(x, y)| {
                [a, b].iter().all(|card| *x <= card.left || *x >= card.right || *y <= card.top || *y >= card.bottom)
            }));
        }
        let half = |way: &Way| way[way.len() / 2];
        let (m, n) = (half(&there), half(&back));
        assert!((m.0 - n.0).hypot(m.1 - n.1) > 20.0);
    }

    #[test]
    fn a_loop_begins_and_ends_at_its_card() {
        let card = Area { left: 0.0, top: 50.0, right: 80.0, bottom: 90.0 };
        for (up, side) in [(true, 50.0), (false, 90.0)] {
            let way = around(&card, up, 10.0);
            for end in [way[0], way[way.len() - 1]] {
                assert!((end.1 - side).abs() <= 10.0 && end.0 > 0.0 && end.0 < 80.0, "{end:?}");
            }
            assert!(way.iter().all(|(_, y)| if up { *y <= 50.0 } else { *y >= 90.0 }));
        }
    }
}
