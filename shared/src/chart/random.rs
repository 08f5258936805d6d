//! Random data of every kind of chart, hostile words included, the same for the same seed. For tests.
use super::*;

/// Numbers in 0..1, the same every time.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() * most as f64) as usize
    }

    /// A number of any magnitude and sign.
    fn value(&mut self) -> f64 {
        let size = 10_f64.powf(self.next() * 20.0 - 5.0);
        if self.next() < 0.1 { 0.0 } else { (self.next() - 0.4) * size }
    }

    fn maybe(&mut self) -> Option<f64> {
        if self.next() < 0.15 { None } else { Some(self.value()) }
    }

    /// Words of any length and script, with what XML cannot hold among them.
    pub fn words(&mut self) -> String {
        let parts = [
            "",
            "a",
            "<b>&\"'",
            "installation and maintenance",
            "工业机械维修工（参考译名）",
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "=1+1",
            "\u{0}\u{7}",
            "😀",
            "]]>",
            "数据 analysis 2034年",
        ];
        (0..self.below(4)).map(|_| parts[self.below(parts.len())]).collect::<Vec<_>>().join(" ")
    }

    fn quantity(&mut self) -> Quantity {
        let decimals = self.below(4) as u8;
        [
            Quantity::Count,
            Quantity::Share { decimals },
            Quantity::Change { decimals },
            Quantity::Points { decimals },
            Quantity::Plain { decimals },
        ][self.below(5)]
    }

    fn axis(&mut self) -> Axis {
        Axis { title: self.words(), unit: self.words(), quantity: self.quantity() }
    }

    fn series(&mut self) -> Series {
        let mut x = 2000.0 + self.next();
        let role = [Role::Own, Role::Baseline, Role::Official][self.below(3)];
        let points = (0..=self.below(20))
            .map(|_| {
                x += 0.5 + self.next();
                (x, self.maybe())
            })
            .collect();
        Series { name: self.words(), role, points }
    }

    fn fan(&mut self) -> FanPanel {
        let count = 1 + self.below(12);
        let rising: Vec<[f64; 7]> = (0..count)
            .map(|_| {
                let mut seven = [0.0; 7].map(|_: f64| self.value());
                seven.sort_by(f64::total_cmp);
                seven
            })
            .collect();
        let column = |i: usize| rising.iter().map(|seven| seven[i]).collect::<Vec<f64>>();
        let band = |i: usize| Band { low: column(i), high: column(6 - i) };
        FanPanel {
            title: self.words(),
            x: (0..count).map(|i| 2020.0 + i as f64).collect(),
            median: column(3),
            bands: [band(2), band(1), band(0)],
            lines: (0..self.below(3)).map(|_| self.series()).collect(),
        }
    }

    /// A chart of any kind.
    pub fn plot(&mut self) -> Plot {
        let many = |dice: &mut Dice| 1 + dice.below(6);
        let own = |dice: &mut Dice| dice.next() < 0.3;
        match self.below(9) {
            0 => {
                let words = FanWords {
                    median: self.words(),
                    bands: [self.words(), self.words(), self.words()],
                    ends: [self.words(), self.words()],
                    panel: self.words(),
                };
                let (zero, one_scale) = (own(self), own(self));
                Plot::Fan(Fan {
                    x: Axis { title: self.words(), unit: String::new(), quantity: Quantity::Year },
                    y: self.axis(),
                    words,
                    panels: (0..1 + self.below(4)).map(|_| self.fan()).collect(),
                    zero,
                    one_scale,
                })
            }
            1 => Plot::Lines(Lines {
                x: self.axis(),
                y: self.axis(),
                series: (0..many(self)).map(|_| self.series()).collect(),
                zero: own(self),
            }),
            2 => {
                let point = |dice: &mut Dice| TrailPoint {
                    x: dice.value(),
                    y: dice.value(),
                    name: dice.words(),
                    named: dice.next() < 0.2,
                };
                let trail =
                    |dice: &mut Dice| Trail { name: dice.words(), points: (0..=dice.below(20)).map(|_| point(dice)).collect() };
                Plot::Trails(Trails {
                    x: self.axis(),
                    y: self.axis(),
                    names: [self.words(), self.words()],
                    trails: (0..many(self)).map(|_| trail(self)).collect(),
                    shown: own(self).then(|| self.below(30)),
                })
            }
            3 => {
                let columns = 1 + self.below(30);
                let row = |dice: &mut Dice| HeatRow { name: dice.words(), values: (0..columns).map(|_| dice.maybe()).collect() };
                let rows = (0..many(self)).map(|_| row(self)).collect();
                Plot::Heat(Heat {
                    value: self.axis(),
                    rows_title: self.words(),
                    columns_title: self.words(),
                    columns: (0..columns).map(|_| self.words()).collect(),
                    rows,
                    middle: own(self).then(|| self.value()),
                })
            }
            4 => {
                let bars = 1 + self.below(3);
                let bar = |dice: &mut Dice| Bar { word: dice.words(), value: dice.maybe() };
                let row = |dice: &mut Dice| BarRow {
                    name: dice.words(),
                    own: dice.next() < 0.3,
                    bars: (0..bars).map(|_| bar(dice)).collect(),
                };
                Plot::Bars(Bars {
                    value: self.axis(),
                    rows_title: self.words(),
                    rows: (0..many(self)).map(|_| row(self)).collect(),
                })
            }
            5 => {
                let row = |dice: &mut Dice| {
                    let mut three = [dice.value(), dice.value(), dice.value()];
                    three.sort_by(f64::total_cmp);
                    let [low, middle, high] = three.map(|value| (dice.next() < 0.8).then_some(value));
                    RangeRow { name: dice.words(), own: dice.next() < 0.3, range: Range { low, middle, high } }
                };
                Plot::Ranges(Ranges {
                    value: self.axis(),
                    rows_title: self.words(),
                    words: RangeWords { low: self.words(), middle: self.words(), high: self.words() },
                    rows: (0..many(self)).map(|_| row(self)).collect(),
                })
            }
            6 => {
                let flow = |dice: &mut Dice| Flow { name: dice.words(), count: dice.value().abs() };
                Plot::Flows(Flows {
                    centre: self.words(),
                    value: self.axis(),
                    into_title: self.words(),
                    out_title: self.words(),
                    names_title: self.words(),
                    into: (0..self.below(8)).map(|_| flow(self)).collect(),
                    out: (0..many(self)).map(|_| flow(self)).collect(),
                })
            }
            7 => {
                let all = [Variable::T, Variable::S, Variable::P, Variable::L];
                let nodes = all
                    .map(|variable| CausalNode {
                        variable,
                        name: self.words(),
                        value: self.value(),
                        decimals: 2,
                        unit: "u".into(),
                    })
                    .to_vec();
                let arrow = |dice: &mut Dice| CausalArrow {
                    from: all[dice.below(4)],
                    to: all[dice.below(4)],
                    symbol: dice.words(),
                    name: dice.words(),
                    gain: dice.value(),
                    decimals: 2,
                    unit: "per year".into(),
                };
                Plot::Causal(Causal {
                    nodes,
                    arrows: (0..self.below(14)).map(|_| arrow(self)).collect(),
                    heads: std::array::from_fn(|_| self.words()),
                })
            }
            _ => {
                let nodes = 2 + self.below(9);
                let node = |dice: &mut Dice| ConceptNode {
                    name: dice.words(),
                    fact: dice.words(),
                    go: "market".into(),
                    layer: dice.below(5) as u8,
                };
                let list = (0..nodes).map(|_| node(self)).collect();
                let arrows = (0..self.below(12))
                    .map(|_| {
                        let from = self.below(nodes);
                        (from, (from + 1 + self.below(nodes - 1)) % nodes)
                    })
                    .collect();
                Plot::Concept(Concept { nodes: list, arrows, heads: std::array::from_fn(|_| self.words()) })
            }
        }
    }
}
