//! A chart of every kind in both languages, for tests and the gallery. All figures are made up, none is a fact.
use super::*;

fn axis(title: &str, unit: &str, quantity: Quantity) -> Axis {
    Axis { title: title.to_owned(), unit: unit.to_owned(), quantity }
}

/// One way, from the start, of a sum of small steps.
fn wave(i: usize, speed: f64) -> f64 {
    (i as f64 * speed).sin()
}

/// Words around a chart.
pub fn frame(locale: Locale, title: &str) -> Frame {
    let zh = locale == Locale::Zh;
    Frame {
        locale,
        title: title.to_owned(),
        summary: if zh { format!("{title}。示例数据。") } else { format!("{title}. Made-up figures.") },
        source: (if zh {
            "数据来源：示例数据，不是真实统计；模型推演，美国参考数据"
        } else {
            "Source: made-up figures, no statistics; our model's runs beside an official projection, United States"
        })
        .to_owned(),
        missing: (if zh { "未公布" } else { "not published" }).to_owned(),
    }
}

fn fan_panel(title: &str, start: f64, slope: f64, words: [&str; 2]) -> FanPanel {
    let x: Vec<f64> = (0..=20_u32).map(|i| 2025.0 + f64::from(i)).collect();
    let median: Vec<f64> = (0..=20).map(|i| start * (1.0 + slope * i as f64 / 20.0 + 0.02 * wave(i, 0.9))).collect();
    let band = |share: f64| Band {
        low: median.iter().enumerate().map(|(i, m)| m - start * share * i as f64 / 20.0).collect(),
        high: median.iter().enumerate().map(|(i, m)| m + start * share * 1.2 * i as f64 / 20.0).collect(),
    };
    let bands = [band(0.05), band(0.12), band(0.2)];
    let lines = vec![
        Series { name: words[0].to_owned(), role: Role::Baseline, points: x.iter().map(|x| (*x, Some(start))).collect() },
        Series {
            name: words[1].to_owned(),
            role: Role::Official,
            points: vec![(2024.0, Some(start * 1.01)), (2034.0, Some(start * 0.86))],
        },
    ];
    FanPanel { title: title.to_owned(), x, median, bands, lines }
}

fn fans(locale: Locale) -> [Plot; 2] {
    let zh = locale == Locale::Zh;
    let own = |words: [&str; 3]| words.map(str::to_owned);
    let words = FanWords {
        median: (if zh { "模拟中位数" } else { "median of runs" }).to_owned(),
        bands: own(if zh {
            ["30%的模拟结果", "60%的模拟结果", "90%的模拟结果"]
        } else {
            ["30% of runs", "60% of runs", "90% of runs"]
        }),
        ends: if zh { ["下限", "上限"] } else { ["from", "to"] }.map(str::to_owned),
        panel: (if zh { "职业" } else { "Occupation" }).to_owned(),
    };
    let lines = if zh {
        ["基准情景", "官方预测（美国劳工统计局2024—2034）"]
    } else {
        ["baseline", "official projection (BLS 2024–34)"]
    };
    let x = axis(if zh { "年份" } else { "Year" }, "", Quantity::Year);
    let y = axis(
        if zh { "就业人数（美国）" } else { "Employment, United States" },
        if zh { "人" } else { "people" },
        Quantity::Count,
    );
    let names = if zh {
        ["机械装配工（参考译名）", "工业机械维修工（参考译名）", "数据分析师", "机器人技术员（参考译名）"]
    } else {
        [
            "Miscellaneous assemblers and fabricators",
            "Industrial machinery mechanics",
            "Data analysts",
            "Electro-mechanical and mechatronics technologists and technicians",
        ]
    };
    let one = Fan { x, y, words, panels: vec![fan_panel("", 146_700.0, -0.25, lines)], zero: false, one_scale: false };
    let small = names
        .iter()
        .enumerate()
        .map(|(i, name)| fan_panel(name, [1_467_000.0, 430_000.0, 220_000.0, 15_300.0][i], [-0.22, 0.16, 0.3, 0.01][i], lines))
        .collect();
    let many = Fan { panels: small, zero: true, ..one.clone() };
    [Plot::Fan(one), Plot::Fan(many)]
}

fn lines(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let names = if zh {
        ["自动化加快", "自动化放慢", "培训增加", "基准情景", "官方统计（美国）"]
    } else {
        ["faster automation", "slower automation", "more training", "baseline", "official record (CPS)"]
    };
    let series = |i: usize| Series {
        name: names[i].to_owned(),
        role: [Role::Own, Role::Own, Role::Own, Role::Baseline, Role::Official][i],
        points: (0..=30_usize)
            .filter(|year| if i == 4 { *year <= 9 } else { true })
            .map(|year| {
                let value = 0.043 + [0.03, -0.004, 0.012, 0.006, 0.0][i] * (year as f64 / 30.0) + 0.004 * wave(year + i * 3, 0.5);
                (2016.0 + year as f64, (i != 4 || (year != 4 && year != 5)).then_some(value))
            })
            .collect(),
    };
    Plot::Lines(Lines {
        x: axis(if zh { "年份" } else { "Year" }, "", Quantity::Year),
        y: axis(
            if zh {
                "失业率（美国，按上一份职业统计）"
            } else {
                "Unemployment rate by last occupation, United States"
            },
            "",
            Quantity::Share { decimals: 1 },
        ),
        series: (0..5).map(series).collect(),
        zero: true,
    })
}

fn trails(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let point = |i: usize, far: f64| {
        let turn = -(i as f64) / 40.0 * std::f64::consts::TAU;
        TrailPoint {
            x: 0.05 + far * 0.018 * turn.cos() + 0.003 * turn.sin(),
            y: 0.028 + far * 0.011 * turn.sin(),
            name: format!("{}{}", 2026 + i / 2, if zh { "年" } else { "" }),
            named: i.is_multiple_of(10),
        }
    };
    let trail = |name: &str, far: f64| Trail { name: name.to_owned(), points: (0..36).map(|i| point(i, far)).collect() };
    Plot::Trails(Trails {
        x: axis(if zh { "失业率" } else { "Unemployment rate" }, "", Quantity::Share { decimals: 1 }),
        y: axis(if zh { "模型推算的岗位空缺率" } else { "Vacancy rate, by our model" }, "", Quantity::Share { decimals: 1 }),
        names: if zh { ["情景", "年份"] } else { ["Scenario", "Year"] }.map(str::to_owned),
        trails: vec![
            trail(if zh { "自动化加快" } else { "Faster automation" }, 1.0),
            trail(if zh { "基准情景" } else { "Baseline" }, 0.55),
        ],
        shown: Some(30),
    })
}

fn heat(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let names = if zh {
        ["管理", "商业与金融", "计算机与数学", "建筑与工程", "安装、维护和维修", "生产", "运输与物料搬运"]
    } else {
        [
            "Management",
            "Business and financial operations",
            "Computer and mathematical",
            "Architecture and engineering",
            "Installation, maintenance, and repair",
            "Production",
            "Transportation and material moving",
        ]
    };
    let row = |(i, name): (usize, &&str)| HeatRow {
        name: (*name).to_owned(),
        values: (0..12)
            .map(|year| (i != 3 || year != 2).then_some(0.55 + 0.4 * wave(i * 5 + year, 0.33) + 0.05 * i as f64))
            .collect(),
    };
    Plot::Heat(Heat {
        value: axis(
            if zh {
                "求人倍率（模型推算的岗位空缺数÷求职人数）"
            } else {
                "Vacancies per job seeker, by our model"
            },
            "",
            Quantity::Plain { decimals: 2 },
        ),
        rows_title: (if zh { "职业大类" } else { "Major group" }).to_owned(),
        columns_title: (if zh { "年份" } else { "Year" }).to_owned(),
        columns: (2026..2038).map(|year| year.to_string()).collect(),
        rows: names.iter().enumerate().map(row).collect(),
        middle: Some(0.6),
    })
}

fn bars(locale: Locale) -> [Plot; 2] {
    let zh = locale == Locale::Zh;
    let names = if zh {
        ["机械装配工（参考译名）", "工业机械维修工（参考译名）", "数据科学家", "机器人技术员（参考译名）", "计算机操作员"]
    } else {
        [
            "Miscellaneous assemblers and fabricators",
            "Industrial machinery mechanics",
            "Data scientists",
            "Electro-mechanical and mechatronics technologists and technicians",
            "Computer operators",
        ]
    };
    let row = |(i, name): (usize, &&str)| BarRow {
        name: (*name).to_owned(),
        own: i == 1,
        bars: vec![Bar { word: String::new(), value: [Some(-0.209), Some(0.162), Some(0.335), Some(0.009), None][i] }],
    };
    let growth = Bars {
        value: axis(
            if zh {
                "就业变化，2024—2034（美国官方预测）"
            } else {
                "Change in employment 2024–34, official projection"
            },
            "",
            Quantity::Change { decimals: 1 },
        ),
        rows_title: (if zh { "职业" } else { "Occupation" }).to_owned(),
        rows: names.iter().enumerate().map(row).collect(),
    };
    let levers = if zh {
        ["自动化速度", "可替代的上限", "培训让可去的职业变多", "经济周期"]
    } else {
        ["Speed of automation", "Ceiling of what can be automated", "Training widens moves", "Business cycle"]
    };
    let ends = if zh {
        [["慢", "快"], ["低", "高"], ["少", "多"], ["下行", "上行"]]
    } else {
        [["slow", "fast"], ["low", "high"], ["few", "many"], ["downturn", "upturn"]]
    };
    let effects = [[-0.012, 0.034], [-0.008, 0.019], [0.004, -0.011], [0.021, -0.006]];
    let lever = |i: usize| BarRow {
        name: levers[i].to_owned(),
        own: false,
        bars: (0..2).map(|end| Bar { word: ends[i][end].to_owned(), value: Some(effects[i][end]) }).collect(),
    };
    let tornado = Bars {
        value: axis(
            if zh { "2035年失业率与基准情景之差" } else { "Unemployment rate in 2035, difference from baseline" },
            "",
            Quantity::Points { decimals: 1 },
        ),
        rows_title: (if zh { "调节项" } else { "Lever" }).to_owned(),
        rows: (0..4).map(lever).collect(),
    };
    [Plot::Bars(growth), Plot::Bars(tornado)]
}

fn ranges(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let names = if zh {
        ["美国", "密歇根州", "俄亥俄州", "加利福尼亚州", "哥伦比亚特区"]
    } else {
        ["United States", "Michigan", "Ohio", "California", "District of Columbia"]
    };
    let pay = [
        [Some(35_120.0), Some(50_980.0), Some(78_300.0)],
        [Some(33_840.0), Some(49_110.0), Some(71_020.0)],
        [Some(34_000.0), Some(47_900.0), Some(69_500.0)],
        [Some(41_800.0), Some(61_240.0), None],
        [None, None, None],
    ];
    let row = |(i, name): (usize, &&str)| RangeRow {
        name: (*name).to_owned(),
        own: i == 1,
        range: Range { low: pay[i][0], middle: pay[i][1], high: pay[i][2] },
    };
    Plot::Ranges(Ranges {
        value: axis(if zh { "工资" } else { "Pay" }, if zh { "美元/年" } else { "US dollars a year" }, Quantity::Count),
        rows_title: (if zh { "地区" } else { "Area" }).to_owned(),
        words: if zh {
            RangeWords { low: "最低10%".into(), middle: "工资中位数".into(), high: "最高10%".into() }
        } else {
            RangeWords { low: "lowest tenth".into(), middle: "median".into(), high: "highest tenth".into() }
        },
        rows: names.iter().enumerate().map(row).collect(),
    })
}

fn flows(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let into = if zh {
        ["装卸搬运工", "包装机操作工", "机床操作工", "其他62个职业"]
    } else {
        [
            "Laborers and freight, stock, and material movers",
            "Packaging machine operators",
            "Machine tool operators",
            "62 other occupations",
        ]
    };
    let out = if zh {
        ["工业机械维修工（参考译名）", "质检员", "产线主管", "焊工", "其他71个职业"]
    } else {
        [
            "Industrial machinery mechanics",
            "Inspectors and testers",
            "First-line supervisors of production workers",
            "Welders",
            "71 other occupations",
        ]
    };
    let flow = |names: &[&str], counts: &[f64]| {
        names.iter().zip(counts).map(|(name, count)| Flow { name: (*name).to_owned(), count: *count }).collect()
    };
    Plot::Flows(Flows {
        centre: (if zh { "机械装配工（参考译名）" } else { "Miscellaneous assemblers and fabricators" }).to_owned(),
        value: axis(
            if zh { "模型推算的年流动人数" } else { "Moves a year, by our model" },
            if zh { "人" } else { "people" },
            Quantity::Count,
        ),
        into_title: (if zh { "来自" } else { "Come from" }).to_owned(),
        out_title: (if zh { "去往" } else { "Go to" }).to_owned(),
        names_title: (if zh { "职业" } else { "Occupation" }).to_owned(),
        into: flow(&into, &[12_400.0, 8_100.0, 3_050.0, 21_000.0]),
        out: flow(&out, &[9_800.0, 7_700.0, 6_000.0, 410.0, 31_500.0]),
    })
}

fn causal(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let (index, yearly) = if zh { ("指数", "/年") } else { ("index", "per year") };
    let node = |variable: Variable, name: &str, value: f64| CausalNode {
        variable,
        name: name.to_owned(),
        value,
        decimals: 2,
        unit: index.to_owned(),
    };
    let names = if zh {
        ["技术变革程度", "供需状态", "培训投入", "技能水平"]
    } else {
        ["technological change", "supply and demand", "training investment", "skill level"]
    };
    let arrow = |from: Variable, to: Variable, symbol: &str, name: &str, gain: f64, unit: &str| CausalArrow {
        from,
        to,
        symbol: symbol.to_owned(),
        name: name.to_owned(),
        gain,
        decimals: 2,
        unit: unit.to_owned(),
    };
    use Variable::{L, P, S, T};
    let word = |en: &'static str, zh_word: &'static str| if zh { zh_word } else { en };
    Plot::Causal(Causal {
        nodes: vec![node(T, names[0], 1.2), node(S, names[1], -0.35), node(P, names[2], 0.48), node(L, names[3], 2.0)],
        arrows: vec![
            arrow(T, S, "α", word("technology raises demand", "技术带动需求"), 0.6, yearly),
            arrow(S, P, "β", word("demand calls for training", "需求带动培训"), 0.3, index),
            arrow(T, P, "γ", word("technology calls for training", "技术带动培训"), 0.2, index),
            arrow(S, S, "δ", word("natural decay", "自然衰减"), -0.25, yearly),
            arrow(P, S, "ε", word("training eases the balance", "培训缓解供需"), -0.1, yearly),
            arrow(S, T, "k", word("path from demand", "需求影响路径"), 0.0, index),
            arrow(P, L, "η", word("training lifts skills", "培训提升技能"), 0.4, yearly),
            arrow(L, L, "κ", word("skills fade", "技能遗忘"), -0.05, yearly),
            arrow(T, L, "ν", word("technology outdates skills", "技术使技能过时"), -0.08, yearly),
        ],
        heads: if zh {
            ["作用方", "对象", "含义", "数值", "单位"]
        } else {
            ["From", "To", "Meaning", "Value", "Unit"]
        }
        .map(str::to_owned),
    })
}

fn concept(locale: Locale) -> Plot {
    let zh = locale == Locale::Zh;
    let names = if zh {
        ["人工智能时代", "未来趋势", "就业市场", "技能需求", "技能培训", "职业转型"]
    } else {
        ["The age of AI", "Future trends", "Job market", "Skill demand", "Training", "Transition"]
    };
    let gos = ["", "trends", "market", "skills", "plan", "paths"];
    let node = |i: usize| ConceptNode {
        name: names[i].to_owned(),
        fact: String::new(),
        go: gos[i].to_owned(),
        layer: [0, 1, 1, 1, 2, 3][i],
    };
    let mut nodes: Vec<ConceptNode> = (0..6).map(node).collect();
    nodes[2].fact = (if zh { "失业率4.3%（美国，2025年）" } else { "4.3% unemployed (US, 2025)" }).to_owned();
    Plot::Concept(Concept {
        nodes,
        arrows: vec![(0, 1), (0, 2), (0, 3), (1, 2), (2, 4), (3, 4), (4, 2), (4, 5)],
        heads: if zh { ["概念", "数据", "通向"] } else { ["Concept", "Figure", "Leads to"] }.map(str::to_owned),
    })
}

/// Every kind with a name for files.
///
/// # Errors
/// Never, while the data above pass the check.
pub fn all(locale: Locale) -> Result<Vec<(&'static str, Chart)>, ChartError> {
    let ([fan, fans], [growth, tornado]) = (fans(locale), bars(locale));
    let plots = [
        ("fan", "Employment under the scenario", "此情景下的就业人数", fan),
        ("fans", "Employment of four occupations", "四个职业的就业人数", fans),
        ("lines", "Unemployment in five scenarios", "五种情景下的失业率", lines(locale)),
        ("trails", "Beveridge curve", "贝弗里奇曲线", trails(locale)),
        ("heat", "Vacancies per job seeker by group", "各职业大类的求人倍率", heat(locale)),
        ("growth", "Growth by occupation", "各职业的就业变化", growth),
        ("tornado", "What moves the result most", "哪些调节项影响最大", tornado),
        ("ranges", "Pay by state", "各州工资", ranges(locale)),
        ("flows", "Where people come from and go to", "从哪里来，到哪里去", flows(locale)),
        ("causal", "The system and its gains", "系统与增益", causal(locale)),
        ("concept", "How it hangs together", "总览", concept(locale)),
    ];
    let titled = |en: &'static str, zh: &'static str| frame(locale, if locale == Locale::Zh { zh } else { en });
    plots.into_iter().map(|(name, en, zh, plot)| Chart::new(titled(en, zh), plot).map(|chart| (name, chart))).collect()
}
