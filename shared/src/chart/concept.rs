//! A map of concepts in layers, that leads to pages: each card is a link whose `data-go` names where to. Carries no numbers of
//! its own, but a card may show a fact.
use super::arrow::{Way, between, middle};
use super::label::{Area, Block, Weight};
use super::svg::{Anchor, Sheet};
use super::{Cell, ChartError, Draw, Form, Frame, Table, counted};

/// One concept.
#[derive(Clone, Debug, PartialEq)]
pub struct ConceptNode {
    /// Its name.
    pub name: String,
    /// A fact under the name, with number, unit and date; may be empty.
    pub fact: String,
    /// Where its link leads: the value of `data-go`, lower-case ASCII letters, digits and `-`; empty where it leads nowhere.
    pub go: String,
    /// Its layer, from the first (0); at most 5.
    pub layer: u8,
}

/// The map.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// In the order in which they stand within their layer; at most 12.
    pub nodes: Vec<ConceptNode>,
    /// (from, to): numbers of nodes; at most 30.
    pub arrows: Vec<(usize, usize)>,
    /// The heads of the table: concept, fact, leads to.
    pub heads: [String; 3],
}

/// Between a card's sides and its words, both sides together, em.
const PADDING: f64 = 0.6;

impl Concept {
    fn layers(&self) -> usize {
        self.nodes.iter().map(|node| usize::from(node.layer) + 1).max().unwrap_or(1)
    }

    fn blocks(sheet: &Sheet, node: &ConceptNode, most_px: f64) -> (Block, Block) {
        (sheet.block(&node.name, most_px, Weight::Bold), sheet.block(&node.fact, most_px, Weight::Plain))
    }

    /// The cards: layers are columns on a wide sheet, rows on a narrow one. Also the last row of pixels.
    fn cards(&self, sheet: &Sheet) -> (Vec<Area>, f64) {
        let (em, width, layers) = (sheet.em, sheet.right - sheet.left, self.layers());
        let members = |layer: usize| self.nodes.iter().filter(|node| usize::from(node.layer) == layer).count().max(1);
        let most = (0..layers).map(members).max().unwrap_or(1);
        let (gap, step) = (em * 3.2, em * 0.9);
        let columns = width >= layers as f64 * em * 9.5 + (layers as f64 - 1.0) * gap;
        // Cards of a row share it; cards of columns are all as wide as those let them.
        let across = |layer: usize| {
            let (count, between) = if columns { (layers, gap) } else { (members(layer), step) };
            ((width - (count as f64 - 1.0) * between) / count as f64).min(em * 15.0)
        };
        let tall = |node: &ConceptNode| {
            let (name, fact) = Concept::blocks(sheet, node, across(usize::from(node.layer)) - em * PADDING);
            name.height + fact.height + em * 0.9
        };
        let in_layer = |layer: usize| self.nodes.iter().filter(move |node| usize::from(node.layer) == layer);
        let height = |layer: usize| in_layer(layer).map(tall).fold(em * 2.8, f64::max);
        let highest = (0..layers).map(height).fold(0.0, f64::max);
        let above = |layer: usize| (0..layer).map(|before| height(before) + gap).sum::<f64>();
        let mut seen = vec![0_usize; layers];
        let card = |node: &ConceptNode| {
            let layer = usize::from(node.layer);
            let (place, count, across) = (seen[layer] as f64, members(layer) as f64, across(layer));
            seen[layer] += 1;
            let (left, top, height) = if columns {
                let free = if layers > 1 { (width - across) / (layers as f64 - 1.0) } else { 0.0 };
                (layer as f64 * free, (place + (most as f64 - count) / 2.0) * (highest + em * 2.4), highest)
            } else {
                let spare = width - count * across;
                let (before, between) = if count > 1.0 { (0.0, spare / (count - 1.0)) } else { (spare / 2.0, 0.0) };
                (before + place * (across + between), above(layer), height(layer))
            };
            Area {
                left: sheet.left + left,
                top: sheet.y + top,
                right: sheet.left + left + across,
                bottom: sheet.y + top + height,
            }
        };
        let cards: Vec<Area> = self.nodes.iter().map(card).collect();
        let bottom = cards.iter().map(|card| card.bottom).fold(sheet.y, f64::max);
        (cards, bottom)
    }

    /// Cards one after the other in the same row or column are joined straight; what would run through another card bows.
    fn ways(&self, cards: &[Area], em: f64) -> Vec<Way> {
        let way = |(from, to): &(usize, usize)| {
            let back = self.arrows.contains(&(*to, *from));
            let bows = if back { [0.12, 0.2, 0.3] } else { [0.0, 0.12, -0.12] };
            let clear = |way: &Way| {
                way.iter().all(|(x, y)| {
                    let hit = |(i, card): (usize, &Area)| {
                        i != *from && i != *to && *x > card.left && *x < card.right && *y > card.top && *y < card.bottom
                    };
                    !cards.iter().enumerate().any(hit)
                })
            };
            let all =
                bows.map(|bow| between(&cards[*from], &cards[*to], (middle(&cards[*from]), middle(&cards[*to])), bow, em * 0.25));
            all.iter().find(|way| clear(way)).unwrap_or(&all[0]).clone()
        };
        self.arrows.iter().map(way).collect()
    }

    /// The names of the concepts an arrow leads to.
    fn targets(&self, number: usize) -> Vec<String> {
        self.arrows
            .iter()
            .filter(|(from, _)| *from == number)
            .filter_map(|(_, to)| self.nodes.get(*to))
            .map(|node| node.name.clone())
            .collect()
    }
}

impl Draw for Concept {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.nodes.len(), 12, "concepts")?;
        for node in &self.nodes {
            if node.layer > 5 {
                return Err(ChartError::TooMany {
                    place: format!("layers, at {}", node.name),
                    found: usize::from(node.layer) + 1,
                    most: 6,
                });
            }
        }
        if self.arrows.len() > 30 {
            return Err(ChartError::TooMany { place: "arrows".to_owned(), found: self.arrows.len(), most: 30 });
        }
        let nodes = self.nodes.len();
        match self.arrows.iter().find(|(from, to)| from == to || *from >= nodes || *to >= nodes) {
            Some((from, to)) => Err(ChartError::NoNode { from: *from, to: *to, nodes }),
            None => Ok(()),
        }
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let em = sheet.em;
        let (cards, bottom) = self.cards(sheet);
        for way in self.ways(&cards, em) {
            super::arrow::draw(sheet, &way, "ch-way");
        }
        let readings = self.readings(frame);
        for (i, (node, card)) in self.nodes.iter().zip(&cards).enumerate() {
            let link = sheet.form == Form::Page && !node.go.is_empty();
            let class = if node.go.is_empty() { "ch-card" } else { "ch-card ch-go" };
            if link {
                let href = format!("#{}", node.go);
                sheet.open("a", &[("href", &href), ("data-go", &node.go), ("aria-label", &readings[i]), ("class", "ch-link")]);
            }
            sheet.card(card, class);
            let (name, fact) = Concept::blocks(sheet, node, card.width() - em * PADDING);
            let top = (card.top + card.bottom - name.height - fact.height) / 2.0;
            let middle = (card.left + card.right) / 2.0;
            sheet.words_down(&name, (middle, top), Anchor::Middle, "ch-label ch-strong");
            sheet.words_down(&fact, (middle, top + name.height), Anchor::Middle, "ch-axis");
            if link {
                sheet.close();
            }
        }
        sheet.y = bottom;
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let reading = |(i, node): (usize, &ConceptNode)| {
            let name = if node.fact.is_empty() { node.name.clone() } else { frame.locale.named(&node.name, &node.fact) };
            let targets = self.targets(i);
            if targets.is_empty() { name } else { format!("{name} → {}", targets.join(frame.locale.pick(", ", "、"))) }
        };
        self.nodes.iter().enumerate().map(reading).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let words = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Words(text) };
        let row = |(i, node): (usize, &ConceptNode)| {
            vec![words(node.name.clone()), words(node.fact.clone()), words(self.targets(i).join(frame.locale.pick(", ", "、")))]
        };
        Table { header: self.heads.to_vec(), rows: self.nodes.iter().enumerate().map(row).collect() }
    }
}
