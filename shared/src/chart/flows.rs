//! Moves into and out of one place: an occupation in the middle, where people come from on the left, where they go on the
//! right, a ribbon as wide as its count. On a narrow sheet the two halves stand one over the other. Not a network.
use super::label::{Area, Block, Weight, stack};
use super::plane::checked;
use super::svg::{Anchor, Sheet, px};
use super::{Axis, Cell, ChartError, Draw, Frame, Table, counted};

/// Flows on one side, at most.
const FLOWS_MAX: usize = 10;

/// One flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Where it comes from or goes to.
    pub name: String,
    /// How much flows, in the axis's unit; not negative.
    pub count: f64,
}

/// Flows into and out of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    /// The place.
    pub centre: String,
    /// What flows.
    pub value: Axis,
    /// What the left side is called: `Come from`.
    pub into_title: String,
    /// What the right side is called: `Go to`.
    pub out_title: String,
    /// What the other end of a flow is, in the table: `Occupation`.
    pub names_title: String,
    /// From top to bottom, at most 10; the caller sums up the rest under a name of its own.
    pub into: Vec<Flow>,
    /// From top to bottom, at most 10.
    pub out: Vec<Flow>,
}

/// One half of the picture.
struct Half<'a> {
    flows: &'a [Flow],
    /// True where the ribbons run to the right, into the place.
    into: bool,
    /// The number of the first flow's reading.
    first: usize,
    /// Where the ribbons leave the words, pixels along.
    outer: f64,
    /// Where they meet the place.
    inner: f64,
    /// The rows of pixels it may take.
    rows: (f64, f64),
    /// The most that words are wide, pixels.
    words_px: f64,
    /// How much one pixel of a ribbon's width stands for.
    per_px: f64,
}

impl Flows {
    fn total(flows: &[Flow]) -> f64 {
        flows.iter().map(|flow| flow.count).sum()
    }

    /// The words at a flow's outer end.
    fn block(&self, sheet: &Sheet, flow: &Flow, most_px: f64, frame: &Frame) -> Block {
        sheet.block(&frame.locale.named(&flow.name, &self.value.short(flow.count, frame.locale)), most_px, Weight::Plain)
    }

    /// Draws the ribbons of a half, with their words at the outer ends.
    fn draw_half(&self, sheet: &mut Sheet, half: &Half<'_>, frame: &Frame) {
        let em = sheet.em;
        let (outer, inner, (top, bottom)) = (half.outer, half.inner, half.rows);
        let blocks: Vec<Block> = half.flows.iter().map(|flow| self.block(sheet, flow, half.words_px, frame)).collect();
        let widths: Vec<f64> = half.flows.iter().map(|flow| (flow.count / half.per_px).max(1.0)).collect();
        // At the place the ribbons lie one on the other.
        let mut at = (top + bottom - widths.iter().sum::<f64>()) / 2.0;
        let ends: Vec<f64> = widths
            .iter()
            .map(|width| {
                at += width;
                at - width / 2.0
            })
            .collect();
        let height = |(block, width): (&Block, &f64)| block.height.max(*width) + em * 0.4;
        let wishes: Vec<(f64, f64)> = ends.iter().copied().zip(blocks.iter().zip(&widths).map(height)).collect();
        let readings = self.readings(frame);
        let (side, anchor, look) = if half.into { (-1.0, Anchor::End, "ch-s1") } else { (1.0, Anchor::Start, "ch-s0") };
        for (i, ((block, width), y)) in blocks.iter().zip(&widths).zip(stack(&wishes, top, bottom)).enumerate() {
            let bend = px((outer + inner) / 2.0);
            let edge = |((x1, y1), (x2, y2)): ((f64, f64), (f64, f64))| {
                format!("{} {}C{bend} {} {bend} {} {} {}", px(x1), px(y1), px(y1), px(y2), px(x2), px(y2))
            };
            let (upper, lower) = (-width / 2.0, width / 2.0);
            let there = edge(((outer, y + upper), (inner, ends[i] + upper)));
            let back = edge(((inner, ends[i] + lower), (outer, y + lower)));
            let ribbon = format!("M{there}L{back}Z");
            sheet.path(&ribbon, &format!("ch-ribbon {look}"));
            let tip = outer + side * em * 0.3;
            sheet.area(
                &Area { left: outer.min(tip), right: outer.max(tip), top: y + upper, bottom: y + lower },
                &format!("ch-bar {look}"),
            );
            let x = outer + side * em * 0.7;
            sheet.words_down(block, (x, y - block.height / 2.0), anchor, "ch-label");
            let far = x + side * block.width;
            let hit =
                Area { left: inner.min(far), right: inner.max(far), top: y - wishes[i].1 / 2.0, bottom: y + wishes[i].1 / 2.0 };
            if sheet.open_reading(half.first + i, &readings[half.first + i], &hit) {
                sheet.path(&ribbon, "ch-cue ch-shade");
                sheet.close();
            }
        }
    }

    /// The rows that the words of a half and its ribbons need.
    fn height(&self, sheet: &Sheet, flows: &[Flow], words_px: f64, per_px: f64, frame: &Frame) -> f64 {
        flows
            .iter()
            .map(|flow| self.block(sheet, flow, words_px, frame).height.max(flow.count / per_px).max(1.0) + sheet.em * 0.4)
            .sum()
    }

    /// The bar of the place itself, as tall as the taller of its sides.
    fn draw_place(sheet: &mut Sheet, x: f64, rows: (f64, f64), sides: &[&[Flow]], per_px: f64) {
        let tall = |flows: &&[Flow]| flows.iter().map(|flow| (flow.count / per_px).max(1.0)).sum::<f64>();
        let (half, middle, tall) = (sheet.em * 0.35, (rows.0 + rows.1) / 2.0, sides.iter().map(tall).fold(2.0, f64::max));
        sheet.area(&Area { left: x - half, right: x + half, top: middle - tall / 2.0, bottom: middle + tall / 2.0 }, "ch-place");
    }

    /// Both halves beside each other.
    fn draw_wide(&self, sheet: &mut Sheet, per_px: f64, frame: &Frame) {
        let (em, left, right) = (sheet.em, sheet.left, sheet.right);
        let (middle, words_px) = ((left + right) / 2.0, (right - left) * 0.27);
        let mut tallest = 0.0_f64;
        let heads = [
            (&self.into_title, left, Anchor::Start, words_px, Weight::Plain, "ch-axis"),
            (&self.centre, middle, Anchor::Middle, (right - left) * 0.4, Weight::Bold, "ch-label ch-strong"),
            (&self.out_title, right, Anchor::End, words_px, Weight::Plain, "ch-axis"),
        ];
        for (words, x, anchor, most, weight, class) in heads {
            let block = sheet.block(words, most, weight);
            sheet.words_down(&block, (x, sheet.y), anchor, class);
            tallest = tallest.max(block.height);
        }
        sheet.y += tallest + em * 0.5;
        let height = |flows: &[Flow]| self.height(sheet, flows, words_px, per_px, frame);
        let rows = (sheet.y, sheet.y + height(&self.into).max(height(&self.out)).max(em * 12.0));
        let (outer, inner) = (left + words_px + em * 0.7, middle - em * 0.35);
        self.draw_half(sheet, &Half { flows: &self.into, into: true, first: 0, outer, inner, rows, words_px, per_px }, frame);
        let (outer, inner) = (right - words_px - em * 0.7, middle + em * 0.35);
        self.draw_half(
            sheet,
            &Half { flows: &self.out, into: false, first: self.into.len(), outer, inner, rows, words_px, per_px },
            frame,
        );
        Flows::draw_place(sheet, middle, rows, &[&self.into, &self.out], per_px);
        sheet.y = rows.1;
    }

    /// One half over the other.
    fn draw_narrow(&self, sheet: &mut Sheet, per_px: f64, frame: &Frame) {
        let (em, left, right) = (sheet.em, sheet.left, sheet.right);
        let words_px = (right - left) * 0.52;
        sheet.row_of_words(&self.centre, Weight::Bold, "ch-label ch-strong");
        for (title, flows, into, first) in
            [(&self.into_title, &self.into, true, 0), (&self.out_title, &self.out, false, self.into.len())]
        {
            if flows.is_empty() {
                continue;
            }
            sheet.y += em * 0.5;
            sheet.row_of_words(title, Weight::Plain, "ch-axis");
            sheet.y += em * 0.2;
            let rows = (sheet.y, sheet.y + self.height(sheet, flows, words_px, per_px, frame));
            let (outer, inner, place) = match into {
                true => (left + words_px + em * 0.7, right - em * 0.7, right - em * 0.35),
                false => (right - words_px - em * 0.7, left + em * 0.7, left + em * 0.35),
            };
            self.draw_half(sheet, &Half { flows, into, first, outer, inner, rows, words_px, per_px }, frame);
            Flows::draw_place(sheet, place, rows, &[flows], per_px);
            sheet.y = rows.1 + em * 0.5;
        }
    }
}

impl Draw for Flows {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.into.len() + self.out.len(), 2 * FLOWS_MAX, "flows")?;
        for (side, title) in [(&self.into, &self.into_title), (&self.out, &self.out_title)] {
            if side.len() > FLOWS_MAX {
                return Err(ChartError::TooMany { place: title.clone(), found: side.len(), most: FLOWS_MAX });
            }
            for flow in side {
                let place = || format!("{title} {}", flow.name);
                checked(flow.count, place)?;
                if flow.count < 0.0 {
                    return Err(ChartError::Negative { place: place(), value: flow.count });
                }
            }
        }
        Ok(())
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        sheet.row_of_words(&self.value.titled(self.value.multiple(0.0, sheet.locale), sheet.locale), Weight::Plain, "ch-axis");
        sheet.y += sheet.em * 0.4;
        // The larger side is twelve sizes of words tall.
        let most = Flows::total(&self.into).max(Flows::total(&self.out));
        let per_px = if most > 0.0 { most / (sheet.em * 12.0) } else { 1.0 };
        if sheet.right - sheet.left >= sheet.em * 40.0 {
            self.draw_wide(sheet, per_px, frame)
        } else {
            self.draw_narrow(sheet, per_px, frame)
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let side = |flows: &[Flow], title: &str| -> Vec<String> {
            flows
                .iter()
                .map(|flow| {
                    locale.named(
                        &format!("{title}{}{}", locale.pick(", ", "，"), flow.name),
                        &self.value.written(flow.count, locale),
                    )
                })
                .collect()
        };
        [side(&self.into, &self.into_title), side(&self.out, &self.out_title)].concat()
    }

    fn table(&self, frame: &Frame) -> Table {
        // The place heads the column of the two sides: `Machine operators: Come from …`.
        let header = vec![self.centre.clone(), self.names_title.clone(), self.value.column(frame.locale)];
        let side = |flows: &[Flow], title: &str| -> Vec<Vec<Cell>> {
            flows
                .iter()
                .map(|flow| {
                    vec![Cell::Words(title.to_owned()), Cell::Words(flow.name.clone()), self.value.cell(flow.count, frame)]
                })
                .collect()
        };
        Table { header, rows: [side(&self.into, &self.into_title), side(&self.out, &self.out_title)].concat() }
    }
}
