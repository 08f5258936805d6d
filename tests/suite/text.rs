//! Normal form, language, sentences, sections and offsets of a CV's text.
use waymark_shared::text::{Language, Section, Utf16Map, career_break, heading, language, nfkc, sentences};

/// The sentences of `text`, headings in angle brackets.
fn cut(text: &str) -> Vec<String> {
    sentences(text)
        .iter()
        .map(|s| if s.heading { format!("<{}>", &text[s.start..s.end]) } else { text[s.start..s.end].replace('\n', "⏎") })
        .collect()
}

#[test]
fn every_text_has_one_form() {
    for (raw, shown) in [
        ("eﬃcient ﬂow", "efficient flow"),
        ("⼈⼯智能⼯⽣", "人工智能工生"),
        ("熟悉　Ｐｙｔｈｏｎ３", "熟悉 Python3"),
        ("a\u{a0}b\u{200b}c\u{ad}d\u{202e}e\u{2066}f", "a bcdef"),
        ("one\r\ntwo\rthree\u{2028}four\u{c}five", "one\ntwo\nthree\nfour\nfive"),
        ("soft\u{ad}\nware", "software"),
        ("Java™ \u{f0b7} SAP®", "Java • SAP"),
        ("⻓期 ⺠用 ⻔店", "长期 民用 门店"),
        ("①负责质检②维修", "(1)负责质检(2)维修"),
        ("\u{feff}start\u{0}end", "startend"),
        ("cafe\u{301}", "café"),
        ("25 ℃ ㎡", "25 °C m2"),
    ] {
        assert_eq!(nfkc(raw), shown);
        assert_eq!(nfkc(shown), shown, "a second pass changes nothing");
    }
}

#[test]
fn the_language_is_that_of_the_words() {
    assert_eq!(language("Operated CNC mills and trained three new colleagues."), Language::En);
    assert_eq!(language("负责数控机床的操作与日常保养,熟悉 SQL、Excel 和 FANUC 系统。"), Language::Zh);
    assert_eq!(language("负责客户支持 and wrote the weekly report for management"), Language::Mixed);
    assert_eq!(language(""), Language::En);
}

#[test]
fn headings_are_found_in_both_languages() {
    for (line, section) in [
        ("WORK EXPERIENCE", Section::Experience),
        ("E D U C A T I O N", Section::Education),
        ("P R O F E S S I O N A L S K I L L S", Section::Skills),
        ("Technical Skills & Tools:", Section::Skills),
        ("3. Certifications and Licences", Section::Certificates),
        ("## Professional Summary", Section::Summary),
        ("About Me", Section::Summary),
        ("References", Section::Other),
        ("工 作 经 历", Section::Experience),
        ("【专业技能】", Section::Skills),
        ("三、教育背景", Section::Education),
        ("教育背景 Education", Section::Education),
        ("■ 自我评价:", Section::Summary),
        ("荣誉与证书", Section::Other),
        ("相关证书", Section::Certificates),
        ("个人技能", Section::Skills),
    ] {
        assert_eq!(heading(line), Some(section), "{line}");
    }
    for line in ["Managed the training of five people", "• Training", "skills", "experience with Python and SQL", "负责工作经验总结", "Acme Tools Ltd", "1998", "", "具有良好的沟通能力。", "Machine operator"] {
        assert_eq!(heading(line), None, "{line}");
    }
}

#[test]
fn a_section_lasts_until_the_next_heading() {
    let text = "Li Lei\nSkills\n- Python\nWork experience\nOperator: ran lathes\n技能: Excel\nBuilt fixtures";
    let found: Vec<_> = sentences(text).iter().map(|s| (&text[s.start..s.end], s.section, s.heading)).collect();
    assert_eq!(
        found,
        [
            ("Li Lei", Section::Head, false),
            ("Skills", Section::Skills, true),
            ("Python", Section::Skills, false),
            ("Work experience", Section::Experience, true),
            ("Operator: ran lathes", Section::Experience, false),
            ("技能: Excel", Section::Skills, false),
            ("Built fixtures", Section::Experience, false),
        ]
    );
}

#[test]
fn english_sentences_end_at_their_stops_only() {
    assert_eq!(cut("Built services in Node.js and ASP.NET. Cut costs by 3.5 % in 2019. Led two teams!"), ["Built services in Node.js and ASP.NET.", "Cut costs by 3.5 % in 2019.", "Led two teams!"]);
    assert_eq!(cut("Worked with tools, e.g. SAP, i.e. an ERP. Reported to Dr. Lin at Acme Inc. in Leeds."), ["Worked with tools, e.g. SAP, i.e. an ERP.", "Reported to Dr. Lin at Acme Inc. in Leeds."]);
    assert_eq!(cut("Supervised by J. K. Owen. Holds a Ph.D. in physics."), ["Supervised by J. K. Owen.", "Holds a Ph.D. in physics."]);
    assert_eq!(cut("He said: \"Ship it.\" Then we shipped..."), ["He said: \"Ship it.\"", "Then we shipped..."]);
}

#[test]
fn chinese_sentences_end_at_their_stops() {
    assert_eq!(cut("负责产线调试。熟悉PLC编程；掌握CAD制图！带过徒弟吗？有"), ["负责产线调试。", "熟悉PLC编程；", "掌握CAD制图！", "带过徒弟吗？", "有"]);
    // NFKC has made the full-width signs Latin.
    assert_eq!(cut("熟悉Java;精通Python;了解 Go"), ["熟悉Java;", "精通Python;", "了解 Go"]);
    assert_eq!(cut("完成设备点检.填写记录"), ["完成设备点检.", "填写记录"]);
    assert_eq!(cut("(他说“可以。”)然后开工"), ["(他说“可以。”)", "然后开工"]);
}

#[test]
fn bullets_and_numbers_stay_outside() {
    let text = "• Welded frames\n- Read drawings\n* Packed goods\n1. Drove forklifts\n2) Kept records\n(3) Cleaned\n一、质检\n3.5 years in retail\n2019 - 2021\n–\n● 维修●保养";
    assert_eq!(cut(text), ["Welded frames", "Read drawings", "Packed goods", "Drove forklifts", "Kept records", "Cleaned", "质检", "3.5 years in retail", "2019 - 2021", "维修●保养"]);
}

#[test]
fn a_wrapped_line_joins_its_follower() {
    let text = "Responsible for the maintenance of packaging machines and\nfor the training of new operators on the night shift\nTeam leader, 2019";
    assert_eq!(cut(text), ["Responsible for the maintenance of packaging machines and⏎for the training of new operators on the night shift", "Team leader, 2019"]);
    let text = "• Responsible for planning the weekly\nshift roster\n• Trained staff";
    assert_eq!(cut(text), ["Responsible for planning the weekly⏎shift roster", "Trained staff"]);
    let text = "本人从事数控加工行业十余年,熟练操作发那科、西门子等多种数控系统的加工中\n心,能独立完成编程与调试工作\n工作经历\n2015年至今";
    assert_eq!(cut(text), ["本人从事数控加工行业十余年,熟练操作发那科、西门子等多种数控系统的加工中⏎心,能独立完成编程与调试工作", "<工作经历>", "2015年至今"]);
    // Lines of the other language, wider, are no measure.
    let text = "Runs the whole of the warehouse and plans the shifts of twenty-five people every single week of it\n负责仓库收发货与盘点,推行条码系统,并且使拣货差错率下降\n一半;编写作业指导书";
    assert_eq!(cut(text)[1..], ["负责仓库收发货与盘点,推行条码系统,并且使拣货差错率下降⏎一半;", "编写作业指导书"]);
    let text = "熟悉数控车床、加工中心与线切割设备的操作和日常维护\n熟悉三坐标测量仪与各类量具";
    assert_eq!(cut(text), ["熟悉数控车床、加工中心与线切割设备的操作和日常维护", "熟悉三坐标测量仪与各类量具"]);
    // Short lines, labels and gaps do not join.
    assert_eq!(cut("Line worker\nassembly"), ["Line worker", "assembly"]);
    assert_eq!(cut("Responsible for the maintenance of packaging machines\n\nfor years"), ["Responsible for the maintenance of packaging machines", "for years"]);
}

#[test]
fn table_cells_are_their_own_sentences() {
    assert_eq!(cut("Python\tadvanced\nWelding\tMIG, TIG"), ["Python", "advanced", "Welding", "MIG, TIG"]);
}

#[test]
fn very_long_lines_are_cut_at_commas() {
    let text = "熟悉设备操作和日常维护保养,".repeat(80);
    let found = sentences(&text);
    assert!(found.len() > 1);
    for s in &found {
        let words = &text[s.start..s.end];
        assert!(words.chars().count() <= 400);
        assert!(words.ends_with(','), "{words}");
    }
    let unbroken = "x".repeat(2000);
    assert_eq!(sentences(&unbroken).len(), 5);
}

#[test]
fn every_word_is_in_one_sentence() {
    let text = "Lin Tao\n\nSkills\n• C++ • Qt\n1. 焊接;钣金。\tMIG\nA. B. See? (x) yes.\n***\n工作经历\n…end";
    let mut seen = String::new();
    let mut last = 0;
    for s in sentences(text) {
        assert!(s.start >= last && s.end > s.start);
        last = s.end;
        seen.push_str(&text[s.start..s.end]);
    }
    let words = |t: &str| t.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    assert_eq!(words(&seen), words(text));
}

#[test]
fn long_odd_texts_are_cut_soon() {
    for unit in [" ", "a", "; ", ". ", ".", "中", "中,", "• ", "a\n", "1. ", "\t", "A.B ", "e\u{301}", "skills:\n", "- a\n", "!\u{201d}"] {
        let text = format!("Start {} end", unit.repeat(400_000 / unit.len()));
        let start = std::time::Instant::now();
        let text = nfkc(&text);
        let found = sentences(&text).len();
        language(&text);
        Utf16Map::new(&text);
        assert!(start.elapsed() < std::time::Duration::from_secs(2), "{unit:?}: {found} in {:?}", start.elapsed());
    }
}

#[test]
fn offsets_go_to_utf16_and_back() {
    let text = "aé工𠀀b😀".repeat(200);
    let map = Utf16Map::new(&text);
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        assert_eq!(map.utf16_from_byte(byte), units);
        assert_eq!(map.byte_from_utf16(units), byte);
        units += c.len_utf16();
    }
    assert_eq!(map.utf16_from_byte(text.len()), units);
    assert_eq!(map.utf16_from_byte(usize::MAX), units);
    assert_eq!(map.byte_from_utf16(usize::MAX), text.len());
    assert_eq!(Utf16Map::new("").utf16_from_byte(3), 0);
}

#[test]
fn a_career_break_is_a_line_of_its_own() {
    for line in [
        "Unemployed, 2016–2019", "Career break (family reasons), 2016–2019", "- Mar 2016 to May 2019: out of work due to illness", "2020 – present | Parental leave", "Made redundant, March 2021", "Took a sabbatical for 6 months",
        "2016年3月至2019年5月　待业（家庭原因）", "2016.03—2019.05　在家待业", "职业空窗期：2018年", "2020年因疫情公司倒闭，失业半年", "2019年4月—2020年1月 休产假", "2021年至今 离职在家找工作",
    ] {
        assert!(career_break(&nfkc(line)), "{line}");
        // Neither the line before nor the one after is joined with it, nor read otherwise than without it.
        for [before, after] in [["- Enrolled on end of life care level 3, first unit handed in", "and passed at the end of the second year by all"], ["负责车间全部数控车床和加工中心的日常点检、保养和", "小修，带两名徒弟完成换型"]] {
            let cuts = cut(&nfkc(&format!("{before}\n{line}\n{after}")));
            assert_eq!((cuts.len(), cuts[0].as_str()), (3, before.trim_start_matches("- ")), "{line}");
        }
    }
    for line in [
        "Cover for maternity leave", "Trained unemployed adults in welding", "Career break (caring for my mother), 2016–2019", "Gap year teaching in Ghana", "Recorded sick leave and overtime", "Ran a sabbatical programme", "",
        "协助失业人员找工作", "办理产假、病假手续", "待业期间自学了Python", "2016年至2019年在家照顾老人", "五金模具", "none of the above",
    ] {
        assert!(!career_break(&nfkc(line)), "{line}");
    }
}
