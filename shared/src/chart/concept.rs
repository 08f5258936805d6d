//! A map of concepts in layers, that leads to pages: each card is a link whose `data-go` names where to. Carries no numbers of
//! its own, but a card may show a fact.
use super::arrow::{Way, between};
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
        let count = |layer: usize| self.nodes.iter().filter(|node| usize::from(node.layer) == layer).count();
        let most = (0..layers).map(count).max().unwrap_or(1).max(1);
        let gap = em * 3.2;
        let columns = width >= layers as f64 * em * 9.5 + (layers as f64 - 1.0) * gap;
        let across = if columns { (width - (layers as f64 - 1.0) * gap) / layers as f64 } else { (width - (most as f64 - 1.0) * em * 0.9) / most as f64 };
        let across = across.min(em * 15.0);
        let tall = |node: &ConceptNode| { let (name, fact) = Concept::blocks(sheet, node, across - em * 0.9); name.height + fact.height + em * 0.9 };
        let height = self.nodes.iter().map(tall).fold(em * 2.8, f64::max);
        // Steps between the left sides and the upper sides of neighbours.
        let (step_layer, step_in) = if columns { ((width - across) / (layers as f64 - 1.0).max(1.0), height + em * 2.4) } else { (height + gap, across + (width - across * most as f64) / (most as f64 - 1.0).max(1.0)) };
        let mut seen = vec![0_usize; layers];
        let card = |node: &ConceptNode| {
            let layer = usize::from(node.layer);
            let place = seen[layer] as f64;
            seen[layer] += 1;
            // A layer with fewer than the most stands in the middle.
            let along = (place + (most - count(layer)) as f64 / 2.0) * step_in;
            let (x, y) = if columns { (layer as f64 * step_layer, along) } else { (along, layer as f64 * step_layer) };
            let x = if !columns && most == 1 { (width - across) / 2.0 } else { x };
            Area { left: sheet.left + x, top: sheet.y + y, right: sheet.left + x + across, bottom: sheet.y + y + height }
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
                    let hit = |(i, card): (usize, &Area)| i != *from && i != *to && *x > card.left && *x < card.right && *y > card.top && *y < card.bottom;
                    !cards.iter().enumerate().any(hit)
                })
            };
            let all = bows.map(|bow| between(&cards[*from], &cards[*to], bow, em * 0.25));
            all.iter().find(|way| clear(way)).unwrap_or(&all[0]).clone()
        };
        self.arrows.iter().map(way).collect()
    }

    /// The names of the concepts an arrow leads to.
    fn targets(&self, number: usize) -> Vec<String> {
        self.arrows.iter().filter(|(from, _)| *from == number).filter_map(|(_, to)| self.nodes.get(*to)).map(|node| node.name.clone()).collect()
    }
}

impl Draw for Concept {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.nodes.len(), 12, "concepts")?;
        for node in &self.nodes {
            if node.layer > 5 {
                return Err(ChartError::TooMany { place: format!("layers, at {}", node.name), found: usize::from(node.layer) + 1, most: 6 });
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
            let (name, fact) = Concept::blocks(sheet, node, card.width() - em * 0.9);
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
