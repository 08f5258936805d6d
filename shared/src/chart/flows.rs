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

/// One half of the picture: which way its ribbons run, and its flows with the numbers of their readings.
struct Half<'a> {
    title: &'a str,
    flows: &'a [Flow],
    into: bool,
    first: usize,
}

impl Flows {
    fn total(flows: &[Flow]) -> f64 {
        flows.iter().map(|flow| flow.count).sum()
    }

    /// The words at a flow's outer end.
    fn block(&self, sheet: &Sheet, flow: &Flow, most_px: f64, frame: &Frame) -> Block {
        sheet.block(&frame.locale.named(&flow.name, &self.value.short(flow.count, frame.locale)), most_px, Weight::Plain)
    }

    /// Draws ribbons from their words at `outer` to the bar at `centre` (pixels along), the bar's middle at `middle`; words
    /// within `words_px` of the outer pixel. `per_px` is how much one pixel of width stands for.
    #[expect(clippy::too_many_arguments, reason = "the geometry of a half, given once")]
    fn draw_half(&self, sheet: &mut Sheet, half: &Half<'_>, outer: f64, centre: f64, area: (f64, f64), words_px: f64, per_px: f64, frame: &Frame) {
        let em = sheet.em;
        let (top, bottom) = area;
        let blocks: Vec<Block> = half.flows.iter().map(|flow| self.block(sheet, flow, words_px, frame)).collect();
        let widths: Vec<f64> = half.flows.iter().map(|flow| (flow.count / per_px).max(1.0)).collect();
        let tall: f64 = widths.iter().sum();
        let mut at = (top + bottom - tall) / 2.0;
        let inner: Vec<f64> = widths.iter().map(|width| { let y = at + width / 2.0; at += width; y }).collect();
        let wishes: Vec<(f64, f64)> = blocks.iter().zip(&widths).zip(&inner).map(|((block, width), y)| (*y, block.height.max(*width) + em * 0.4)).collect();
        let readings = self.readings(frame);
        for (i, ((block, width), y)) in blocks.iter().zip(&widths).zip(stack(&wishes, top, bottom)).enumerate() {
            let side = if half.into { -1.0 } else { 1.0 };
            let bend = (outer + centre) / 2.0;
            let edge = |shift: f64, back: bool| {
                let (from, to) = ((outer, y + shift), (centre, inner[i] + shift));
                let ((x1, y1), (x2, y2)) = if back { (to, from) } else { (from, to) };
                format!("{} {}C{} {} {} {} {} {}", px(x1), px(y1), px(bend), px(y1), px(bend), px(y2), px(x2), px(y2))
            };
            let ribbon = format!("M{}L{}Z", edge(-width / 2.0, false), edge(width / 2.0, true));
            sheet.path(&ribbon, if half.into { "ch-ribbon ch-s1" } else { "ch-ribbon ch-s0" });
            let bar = Area { left: outer.min(outer + side * em * 0.3), right: outer.max(outer + side * em * 0.3), top: y - width / 2.0, bottom: y + width / 2.0 };
            sheet.area(&bar, if half.into { "ch-bar ch-s1" } else { "ch-bar ch-s0" });
            let x = outer + side * em * 0.7;
            sheet.words_down(block, (x, y - block.height / 2.0), if half.into { Anchor::End } else { Anchor::Start }, "ch-label");
            let hit = Area {
                left: centre.min(x - if half.into { block.width } else { 0.0 }),
                right: centre.max(x + if half.into { 0.0 } else { block.width }),
                top: y - wishes[i].1 / 2.0,
                bottom: y + wishes[i].1 / 2.0,
            };
            if sheet.open_reading(half.first + i, &readings[half.first + i], &hit) {
                sheet.path(&ribbon, "ch-cue ch-shade");
                sheet.close();
            }
        }
    }

    /// The rows that the words of a half and its ribbons need.
    fn height(&self, sheet: &Sheet, flows: &[Flow], words_px: f64, per_px: f64, frame: &Frame) -> f64 {
        flows.iter().map(|flow| self.block(sheet, flow, words_px, frame).height.max(flow.count / per_px).max(1.0) + sheet.em * 0.4).sum()
    }

    /// The bar of the place itself, with its name over it.
    fn draw_centre(sheet: &mut Sheet, x: f64, area: (f64, f64), tall: f64) {
        let (top, bottom) = area;
        let half = sheet.em * 0.35;
        let middle = (top + bottom) / 2.0;
        sheet.area(&Area { left: x - half, right: x + half, top: middle - tall.max(2.0) / 2.0, bottom: middle + tall.max(2.0) / 2.0 }, "ch-place");
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
        let em = sheet.em;
        let (left, right) = (sheet.left, sheet.right);
        let most = Flows::total(&self.into).max(Flows::total(&self.out));
        // The larger side is twelve sizes of words tall.
        let per_px = if most > 0.0 { most / (em * 12.0) } else { 1.0 };
        let multiple = self.value.multiple(0.0, sheet.locale);
        let halves = [
            Half { title: &self.into_title, flows: &self.into, into: true, first: 0 },
            Half { title: &self.out_title, flows: &self.out, into: false, first: self.into.len() },
        ];
        sheet.row_of_words(&self.value.titled(multiple, sheet.locale), Weight::Plain, "ch-axis");
        sheet.y += em * 0.4;
        let tall = |flows: &[Flow]| flows.iter().map(|flow| (flow.count / per_px).max(1.0)).sum::<f64>();
        if right - left >= em * 40.0 {
            let words_px = (right - left) * 0.27;
            let [into, out] = &halves;
            let name = sheet.block(&self.centre, (right - left) * 0.4, Weight::Bold);
            sheet.words_down(&name, ((left + right) / 2.0, sheet.y), Anchor::Middle, "ch-label ch-strong");
            let mut tallest = name.height;
            for (half, x, anchor) in [(into, left, Anchor::Start), (out, right, Anchor::End)] {
                let title = sheet.block(half.title, words_px, Weight::Plain);
                sheet.words_down(&title, (x, sheet.y), anchor, "ch-axis");
                tallest = tallest.max(title.height);
            }
            sheet.y += tallest + em * 0.5;
            let height = self.height(sheet, &self.into, words_px, per_px, frame).max(self.height(sheet, &self.out, words_px, per_px, frame)).max(em * 12.0);
            let area = (sheet.y, sheet.y + height);
            let middle = (left + right) / 2.0;
            self.draw_half(sheet, into, left + words_px + em * 0.7, middle - em * 0.35, area, words_px, per_px, frame);
            self.draw_half(sheet, out, right - words_px - em * 0.7, middle + em * 0.35, area, words_px, per_px, frame);
            Flows::draw_centre(sheet, middle, area, tall(&self.into).max(tall(&self.out)));
            sheet.y = area.1;
        } else {
            sheet.row_of_words(&self.centre, Weight::Bold, "ch-label ch-strong");
            for half in halves.iter().filter(|half| !half.flows.is_empty()) {
                sheet.y += em * 0.5;
                sheet.row_of_words(half.title, Weight::Plain, "ch-axis");
                sheet.y += em * 0.2;
                let words_px = (right - left) * 0.52;
                let area = (sheet.y, sheet.y + self.height(sheet, half.flows, words_px, per_px, frame));
                let (outer, centre) = if half.into { (left + words_px + em * 0.7, right - em * 0.7) } else { (right - words_px - em * 0.7, left + em * 0.7) };
                self.draw_half(sheet, half, outer, centre, area, words_px, per_px, frame);
                Flows::draw_centre(sheet, centre + if half.into { em * 0.35 } else { -em * 0.35 }, area, tall(half.flows));
                sheet.y = area.1 + em * 0.5;
            }
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let side = |flows: &[Flow], title: &str| -> Vec<String> {
            flows.iter().map(|flow| locale.named(&format!("{title}{}{}", locale.pick(", ", "，"), flow.name), &self.value.written(flow.count, locale))).collect()
        };
        [side(&self.into, &self.into_title), side(&self.out, &self.out_title)].concat()
    }

    fn table(&self, frame: &Frame) -> Table {
        // The place heads the column of the two sides: `Machine operators: Come from …`.
        let header = vec![self.centre.clone(), self.names_title.clone(), self.value.column(frame.locale)];
        let side = |flows: &[Flow], title: &str| -> Vec<Vec<Cell>> {
            flows.iter().map(|flow| vec![Cell::Words(title.to_owned()), Cell::Words(flow.name.clone()), self.value.cell(flow.count, frame)]).collect()
        };
        Table { header, rows: [side(&self.into, &self.into_title), side(&self.out, &self.out_title)].concat() }
    }
}
