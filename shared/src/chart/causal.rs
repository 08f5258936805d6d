//! The article's system as a diagram: S, T, L, P with their values, and signed arrows with their gains. No arrow shows a sign
//! without number and unit: where its words find no place beside it, they stand in a list under the diagram.
use super::arrow::{Way, around, between, middle};
use super::label::{Area, Block, Places, Weight, widest_piece};
use super::number::{decimal, signed};
use super::plane::checked;
use super::series::words_look;
use super::svg::{Anchor, Sheet};
use super::{Cell, ChartError, Draw, Frame, Table, counted};

/// A variable of the system (`mission.md` M1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// The degree of technological change.
    T,
    /// The state of supply and demand.
    S,
    /// Investment in training.
    P,
    /// The skill level.
    L,
}

impl Variable {
    /// Its letter in the equations.
    pub fn symbol(self) -> &'static str {
        match self {
            Variable::T => "T",
            Variable::S => "S",
            Variable::P => "P",
            Variable::L => "L",
        }
    }

    /// Column and row in the diagram, clockwise T, S, P, L: so only T and P, S and L meet across.
    fn corner(self) -> (u8, u8) {
        match self {
            Variable::T => (0, 0),
            Variable::S => (1, 0),
            Variable::P => (1, 1),
            Variable::L => (0, 1),
        }
    }
}

/// A variable with its present value.
#[derive(Clone, Debug, PartialEq)]
pub struct CausalNode {
    /// Which one; each at most once.
    pub variable: Variable,
    /// Its name in words.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Digits after the point.
    pub decimals: u8,
    /// The unit of the value; not empty (an index says so).
    pub unit: String,
}

/// An effect of one variable on another, or on itself.
#[derive(Clone, Debug, PartialEq)]
pub struct CausalArrow {
    /// What acts.
    pub from: Variable,
    /// What it acts on.
    pub to: Variable,
    /// The coefficient's letter: `α`.
    pub symbol: String,
    /// What it is in words, for readings and table.
    pub name: String,
    /// How much the target gains for one unit of the source, with its sign.
    pub gain: f64,
    /// Digits after the point.
    pub decimals: u8,
    /// The unit of the gain; not empty.
    pub unit: String,
}

/// The diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Causal {
    /// At most four.
    pub nodes: Vec<CausalNode>,
    /// At most 20, between nodes that are there.
    pub arrows: Vec<CausalArrow>,
    /// The heads of the table: what acts, on what, what it is, how much, in which unit.
    pub heads: [String; 5],
}

impl CausalArrow {
    /// `α = +0.60`.
    fn number(&self) -> String {
        format!("{} = {}", self.symbol, signed(self.gain, self.decimals))
    }

    /// `α = +0.60 per year`.
    fn words(&self) -> String {
        format!("{} {}", self.number(), self.unit)
    }

    /// The words in one line, and with the unit under the number.
    fn blocks(&self, sheet: &Sheet) -> [Block; 2] {
        let whole = sheet.block(&self.words(), sheet.em * 14.0, Weight::Plain);
        let (mut number, unit) =
            (sheet.block(&self.number(), sheet.em * 8.0, Weight::Plain), sheet.block(&self.unit, sheet.em * 6.0, Weight::Plain));
        number.lines.extend(unit.lines);
        [whole, Block { lines: number.lines, width: number.width.max(unit.width), height: number.height + unit.height }]
    }

    /// `T → S`.
    fn ends(&self) -> String {
        format!("{} → {}", self.from.symbol(), self.to.symbol())
    }

    /// The class by sign; what is written as zero has none.
    fn look(&self) -> &'static str {
        match signed(self.gain, self.decimals).chars().next() {
            Some('+') => "ch-plus",
            Some('−') => "ch-minus",
            _ => "ch-none",
        }
    }
}

/// Where everything stands.
struct Layout {
    cards: Vec<Area>,
    ways: Vec<Way>,
    /// None for words that found no place.
    words: Vec<(Block, Option<Area>)>,
    /// The points of ways that words cover, and many for words without a place.
    flaws: usize,
    bottom: f64,
}

impl Causal {
    fn card(&self, variable: Variable) -> Option<usize> {
        self.nodes.iter().position(|node| node.variable == variable)
    }

    /// The words of a card: letter and name, then the value.
    fn card_blocks(&self, sheet: &Sheet, node: &CausalNode, most_px: f64) -> (Block, Block) {
        let name = sheet.block(&format!("{} {}", node.variable.symbol(), node.name), most_px, Weight::Plain);
        (name, sheet.block(&format!("{} {}", decimal(node.value, node.decimals), node.unit), most_px, Weight::Bold))
    }

    /// Cards in the corners with `between_px` free rows between them, ways and words.
    fn layout(&self, sheet: &Sheet, between_px: f64) -> Layout {
        let (em, width) = (sheet.em, sheet.right - sheet.left);
        let inner =
            |node: &CausalNode| widest_piece(&node.name, em, Weight::Plain).max(widest_piece(&node.unit, em, Weight::Bold));
        let widest = self.nodes.iter().map(inner).fold(0.0, f64::max) + em * 0.9;
        let card_px = (width * 0.34).max(widest).min(width * 0.42).min(em * 15.0);
        let looped = |row: u8| self.arrows.iter().any(|arrow| arrow.from == arrow.to && arrow.from.corner().1 == row);
        let top = sheet.y + if looped(0) { em * 3.4 } else { 0.0 };
        let inner = card_px - em * 0.8;
        let tall = |node: &CausalNode| {
            let (name, value) = self.card_blocks(sheet, node, inner);
            name.height + value.height + em * 0.8
        };
        let height = self.nodes.iter().map(tall).fold(0.0, f64::max);
        // On a wide sheet the cards stay near enough to be seen together.
        let wide = width.min(em * 52.0);
        let left = sheet.left + (width - wide) / 2.0;
        let area = |variable: Variable| {
            let (column, row) = variable.corner();
            let (x, y) = (left + f64::from(column) * (wide - card_px), top + f64::from(row) * (height + between_px));
            Area { left: x, top: y, right: x + card_px, bottom: y + height }
        };
        let cards: Vec<Area> = self.nodes.iter().map(|node| area(node.variable)).collect();
        let bottom = top + 2.0 * height + between_px + if looped(1) { em * 3.4 } else { 0.0 };
        // Arrows down and up run nearer to the middle of the diagram, so that their words have room at its sides; those across
        // leave and reach the cards nearer still.
        let words_px = self.arrows.iter().map(|arrow| arrow.blocks(sheet)[1].width).fold(0.0, f64::max);
        let inwards = (words_px + em * 1.6 - card_px / 2.0).clamp(0.0, card_px * 0.36);
        let way = |arrow: &CausalArrow| {
            let (from, to) = (area(arrow.from), area(arrow.to));
            if arrow.from == arrow.to {
                return around(&from, arrow.from.corner().1 == 0, em);
            }
            // Opposite arrows part; of several from one to the same, each bows more.
            let twins = self
                .arrows
                .iter()
                .take_while(|other| !std::ptr::eq(*other, arrow))
                .filter(|other| (other.from, other.to) == (arrow.from, arrow.to))
                .count();
            let (start, end) = (arrow.from.corner(), arrow.to.corner());
            let shift = match (start.0 == end.0, start.1 == end.1) {
                (_, true) => 0.0,
                (true, _) => inwards,
                (false, _) => (inwards + em).min(card_px * 0.42),
            };
            let aim = |card: &Area, column: u8| middle(card) + if column == 0 { shift } else { -shift };
            between(&from, &to, (aim(&from, start.0), aim(&to, end.0)), 0.09 + 0.14 * twins as f64, em * 0.25)
        };
        let ways: Vec<Way> = self.arrows.iter().map(way).collect();
        let mut places = Places {
            within: Area { left: sheet.left, top: sheet.y, right: sheet.right, bottom },
            taken: cards.clone(),
            crowd: Vec::new(),
        };
        // The points of a way lie a pixel or two apart.
        places.crowd.extend(ways.iter().flat_map(|way| way.iter().copied().step_by(3)));
        let (mut words, mut flaws) = (Vec::new(), 0);
        for (arrow, way) in self.arrows.iter().zip(&ways) {
            let blocks = arrow.blocks(sheet);
            let sizes = blocks.each_ref().map(|block| (block.width, block.height));
            let place = places.take(&anchors(way), &sizes, em * 0.5).filter(|(_, area)| distance(way, area) < em * 5.0);
            flaws += place.map_or(1000, |(_, area)| places.covered(&area));
            let [whole, split] = blocks;
            words.push((if place.is_some_and(|(size, _)| size == 1) { split } else { whole }, place.map(|(_, area)| area)));
        }
        Layout { cards, ways, words, flaws, bottom }
    }
}

/// The points of a way that its words may stand at: its middle and a little before and after it.
fn anchors(way: &Way) -> Vec<(f64, f64)> {
    [50, 40, 60, 30, 70].iter().filter_map(|share| way.get(way.len() * share / 100).copied()).collect()
}

/// The shortest line from a way to an area.
fn leader(way: &Way, area: &Area) -> ((f64, f64), (f64, f64)) {
    let nearest = |point: (f64, f64)| (point.0.clamp(area.left, area.right), point.1.clamp(area.top, area.bottom));
    let length = |(from, to): &((f64, f64), (f64, f64))| (from.0 - to.0).hypot(from.1 - to.1);
    let lines = anchors(way).into_iter().map(|point| (point, nearest(point)));
    lines.min_by(|a, b| length(a).total_cmp(&length(b))).unwrap_or_default()
}

fn distance(way: &Way, area: &Area) -> f64 {
    let (from, to) = leader(way, area);
    (from.0 - to.0).hypot(from.1 - to.1)
}

impl Draw for Causal {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.nodes.len(), 4, "nodes")?;
        for (i, node) in self.nodes.iter().enumerate() {
            checked(node.value, || node.name.clone())?;
            if node.unit.trim().is_empty() {
                return Err(ChartError::NoUnit { place: node.name.clone() });
            }
            if self.card(node.variable) != Some(i) {
                return Err(ChartError::TooMany { place: node.variable.symbol().to_owned(), found: 2, most: 1 });
            }
        }
        if !self.arrows.is_empty() {
            counted(self.arrows.len(), 20, "arrows")?;
        }
        for arrow in &self.arrows {
            checked(arrow.gain, || arrow.symbol.clone())?;
            if arrow.unit.trim().is_empty() {
                return Err(ChartError::NoUnit { place: arrow.symbol.clone() });
            }
            for end in [arrow.from, arrow.to] {
                if self.card(end).is_none() {
                    return Err(ChartError::Empty { place: format!("{}: node {}", arrow.symbol, end.symbol()) });
                }
            }
        }
        Ok(())
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let (em, line) = (sheet.em, sheet.line_height());
        // The least room between the cards with which words find places and cover the least of the ways.
        let rooms = [9.0, 11.0, 13.0, 16.0, 19.0, 23.0];
        let mut layout = self.layout(sheet, rooms[0] * em);
        for room in &rooms[1..] {
            if layout.flaws == 0 {
                break;
            }
            let wider = self.layout(sheet, room * em);
            layout = if wider.flaws < layout.flaws { wider } else { layout };
        }
        let readings = self.readings(frame);
        for (arrow, way) in self.arrows.iter().zip(&layout.ways) {
            super::arrow::draw(sheet, way, arrow.look());
        }
        for (node, card) in self.nodes.iter().zip(&layout.cards) {
            sheet.card(card, "ch-card");
            let (name, value) = self.card_blocks(sheet, node, card.width() - em * 0.8);
            let top = (card.top + card.bottom - name.height - value.height) / 2.0;
            let middle = (card.left + card.right) / 2.0;
            sheet.words_down(&name, (middle, top), Anchor::Middle, "ch-label");
            sheet.words_down(&value, (middle, top + name.height), Anchor::Middle, "ch-label ch-strong");
        }
        sheet.y = layout.bottom;
        for ((arrow, way), (block, place)) in self.arrows.iter().zip(&layout.ways).zip(&layout.words) {
            let class = format!("ch-label ch-halo {}", words_look(arrow.look()));
            if let Some(area) = place {
                if distance(way, area) > em * 0.8 {
                    let (from, to) = leader(way, area);
                    sheet.line(from, to, "ch-leader");
                }
                sheet.words_down(block, (area.left, area.top), Anchor::Start, &class);
            } else {
                sheet.row_of_words(&format!("{}  {}", arrow.ends(), arrow.words()), Weight::Plain, &class);
            }
        }
        for (i, card) in layout.cards.iter().enumerate() {
            if sheet.open_reading(i, &readings[i], card) {
                sheet.card(card, "ch-cue ch-frame");
                sheet.close();
            }
        }
        for (i, (way, (_, place))) in layout.ways.iter().zip(&layout.words).enumerate() {
            let near = anchors(way).first().copied().unwrap_or_default();
            let spot = Area {
                left: near.0 - line / 2.0,
                top: near.1 - line / 2.0,
                right: near.0 + line / 2.0,
                bottom: near.1 + line / 2.0,
            };
            let number = self.nodes.len() + i;
            if sheet.open_reading(number, &readings[number], &place.unwrap_or(spot)) {
                let points: Vec<Option<(f64, f64)>> = way.iter().copied().map(Some).collect();
                sheet.polyline(&points, "ch-cue ch-trace");
                sheet.close();
            }
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let node = |node: &CausalNode| {
            locale.named(
                &format!("{} {}", node.variable.symbol(), node.name),
                &format!("{} {}", decimal(node.value, node.decimals), node.unit),
            )
        };
        let arrow = |arrow: &CausalArrow| {
            let name = if arrow.name.is_empty() { arrow.ends() } else { locale.bracketed(&arrow.ends(), &arrow.name) };
            locale.named(&name, &arrow.words())
        };
        self.nodes.iter().map(node).chain(self.arrows.iter().map(arrow)).collect()
    }

    fn table(&self, _: &Frame) -> Table {
        let words = |text: &str| Cell::Words(text.to_owned());
        let node = |node: &CausalNode| {
            let value = Cell::Number { shown: decimal(node.value, node.decimals), raw: node.value };
            vec![words(node.variable.symbol()), Cell::Empty, words(&node.name), value, words(&node.unit)]
        };
        let arrow = |arrow: &CausalArrow| {
            let value = Cell::Number { shown: signed(arrow.gain, arrow.decimals), raw: arrow.gain };
            let name = if arrow.name.is_empty() { arrow.symbol.clone() } else { format!("{} {}", arrow.symbol, arrow.name) };
            vec![words(arrow.from.symbol()), words(arrow.to.symbol()), words(&name), value, words(&arrow.unit)]
        };
        Table { header: self.heads.to_vec(), rows: self.nodes.iter().map(node).chain(self.arrows.iter().map(arrow)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Canvas, Form, Locale, Plot, samples};
    use super::*;

    #[test]
    fn every_arrow_begins_at_its_source_and_ends_at_its_target() {
        for (locale, width) in [Locale::En, Locale::Zh].into_iter().flat_map(|l| [328.0, 360.0, 560.0, 960.0].map(|w| (l, w))) {
            let plot = samples::all(locale).unwrap().into_iter().find(|(name, _)| *name == "causal").unwrap().1.plot;
            let Plot::Causal(causal) = plot else { panic!("no diagram") };
            let sheet = Sheet::new(&Canvas::new(width, 14.0, Form::Page).unwrap(), locale);
            for room in [9.0, 23.0] {
                let layout = causal.layout(&sheet, room * sheet.em);
                for (arrow, way) in causal.arrows.iter().zip(&layout.ways) {
                    for (variable, point) in [(arrow.from, way[0]), (arrow.to, way[way.len() - 1])] {
                        let card = layout.cards[causal.card(variable).unwrap()];
                        let (x, y) = (point.0.clamp(card.left, card.right), point.1.clamp(card.top, card.bottom));
                        let off = (x - point.0).hypot(y - point.1);
                        assert!(off > 0.0 && off < sheet.em * 0.8, "{} at {width}: {off} px from {variable:?}", arrow.symbol);
                    }
                }
            }
        }
    }
}
