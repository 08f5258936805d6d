//! Tests of a person's own table. No figure in them is real.
use super::super::data::fixture::files;
use super::super::data::lists::china_occupations;
use super::*;

const NAMES: [[&str; 2]; 3] = [["Legislators", "议员"], ["Miscellaneous assemblers and fabricators", "其他装配工"], ["Machinists", "机械加工工"]];

fn read(csv: &[u8]) -> Result<LocalMarket, Vec<LocalFault>> {
    let data = MarketData::load(&files()).unwrap();
    let china = china_occupations(&files(), &data).unwrap();
    LocalMarket::read(csv, &data, &NAMES, &china)
}

const HEADER: &str = "occupation,china_code,employment,vacancies,job_seekers,pay_unit,pay_p10,pay_p25,pay_median,pay_p75,pay_p90,unemployment_percent,date,source\n";

fn kinds(row: &str) -> Vec<(Option<LocalColumn>, LocalFaultKind)> {
    let faults = read(format!("{HEADER}{row}\n").as_bytes()).err().unwrap_or_default();
    assert!(faults.iter().all(|fault| fault.line == 2), "{faults:?}");
    faults.into_iter().map(|fault| (fault.column, fault.kind)).collect()
}

#[test]
fn a_table_is_read_with_english_and_with_chinese_names() {
    let english = read(format!("{HEADER}51-2090,6-31-07-01,1200,30,45,CNY/month,3000,,5200,,9000,4.5,2025-06,Bureau of Example\n").as_bytes()).unwrap();
    let chinese = "来源,日期,职业,大典编码,就业人数,空缺岗位数,求职人数,工资单位,工资p10,工资中位数,工资P90,失业率％\nBureau of Example,2025年6月,其他装配工,6-31-07-01,1200,30,45,元/月,3000,5200,9000,4.5\n";
    assert_eq!(read(chinese.as_bytes()).unwrap(), english);
    let (gb, _, _) = encoding_rs::GB18030.encode(chinese);
    assert_eq!(read(&gb).unwrap(), english);
    let row = &english.rows[0];
    assert_eq!((row.place, row.pay.median, row.pay.p25, row.unemployment), (Some(1), Some(5200.0), None, Some(0.045)));
    assert_eq!(row.pay_unit, Some(PayUnit { currency: "CNY".into(), period: Period::Month }));
    assert_eq!(english.row(1), Some(row));
    assert_eq!(english.china_row("6-31-07-01"), Some(row));
    assert_eq!(english.row(2), None);
}

#[test]
fn a_template_is_a_table_without_lines() {
    for language in [TemplateLanguage::English, TemplateLanguage::Chinese] {
        let template = template(language);
        assert_eq!(read(template.as_bytes()).unwrap_err()[0].kind, LocalFaultKind::Empty);
        let filled = format!("{template}Machinists,,,,,,,,,,,3,2025,Example\n");
        let read = read(filled.as_bytes()).unwrap();
        assert_eq!((read.rows[0].place, read.rows[0].unemployment, read.rows[0].employment), (Some(2), Some(0.03), None));
    }
}

#[test]
fn every_fault_is_told_with_its_column() {
    use LocalColumn as C;
    use LocalFaultKind as K;
    for (row, column, kind) in [
        ("51-2090,,x,,,,,,,,,,2025,s", C::Employment, K::NotANumber),
        ("51-2090,,NaN,,,,,,,,,,2025,s", C::Employment, K::NotANumber),
        ("51-2090,,,-3,,,,,,,,,2025,s", C::Vacancies, K::NotANumber),
        ("51-2090,,,,1e999,,,,,,,,2025,s", C::JobSeekers, K::NotANumber),
        ("51-2090,,,,,,,,,,,101,2025,s", C::Unemployment, K::NotAPercentage),
        ("51-2090,,,,,yuan a month,1,,,,,,2025,s", C::PayUnit, K::NotAPayUnit),
        ("51-2090,,,,,,1,,,,,,2025,s", C::PayUnit, K::PayWithoutUnit),
        ("51-2090,,,,,CNY/month,5,,4,,,,2025,s", C::PayMedian, K::PercentilesFall),
        ("51-2090,,,,,,,,,,,,,s", C::Date, K::CellMissing),
        ("51-2090,,,,,,,,,,,,2025-02-29,s", C::Date, K::NotADate),
        ("51-2090,,,,,,,,,,,,2025,", C::Source, K::CellMissing),
        ("Assembler,,,,,,,,,,,,2025,s", C::Occupation, K::UnknownOccupation),
        (",6-31-07-99,,,,,,,,,,,2025,s", C::ChinaCode, K::UnknownChinaCode),
        (",,7,,,,,,,,,,2025,s", C::Occupation, K::CellMissing),
    ] {
        assert_eq!(kinds(row), [(Some(column), kind)], "{row}");
    }
    // All faults at once.
    assert_eq!(kinds("nobody,,x,,,,,,,,,,2025,").len(), 3);
    assert_eq!(kinds("51-2090,,1"), [(None, K::Malformed)]);
}

#[test]
fn an_occupation_twice_and_a_bad_header_are_refused() {
    let twice = read(format!("{HEADER}51-2090,,,,,,,,,,,1,2025,s\n其他装配工,,,,,,,,,,,2,2025,s\n").as_bytes()).unwrap_err();
    assert_eq!((twice.len(), twice[0].line, twice[0].kind), (1, 3, LocalFaultKind::OccupationTwice));
    let faults = read("job,date,date\nx,2025,2025\n".as_bytes()).unwrap_err();
    use LocalFaultKind as K;
    assert_eq!(faults.iter().map(|f| f.kind).collect::<Vec<_>>(), [K::UnknownColumn, K::ColumnTwice, K::ColumnMissing, K::ColumnMissing]);
    assert_eq!(faults[0].found, "job");
    assert_eq!(read(b"").unwrap_err().iter().map(|f| f.kind).collect::<Vec<_>>()[0], K::Empty);
    assert_eq!(read(&vec![b'a'; BYTES_MAX + 1]).unwrap_err()[0].kind, K::TooLarge);
}

#[test]
fn faults_are_bounded_and_bytes_at_random_never_panic() {
    let many = format!("{HEADER}{}", "x,,,,,,,,,,,,2025,s\n".repeat(500));
    assert_eq!(read(many.as_bytes()).unwrap_err().len(), FAULTS_MAX);
    let mut state = 7u32;
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..120).map(|_| { state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223); b",\n\"x1#-\xe5\xff"[(state >> 24) as usize % 9] }).collect();
        let mut table = HEADER.as_bytes().to_vec();
        table.extend(bytes);
        // Either way: only no panic.
        let _ = read(&table);
    }
}

#[test]
fn dates_are_brought_to_one_form() {
    for (text, iso) in [("2025", Some("2025")), ("2025-6", Some("2025-06")), ("2025/06/30", Some("2025-06-30")), ("2024年2月29日", Some("2024-02-29")), ("2025-13", None), ("25", None), ("2025-06-31", None), ("June", None), ("2025-1-1-1", None)] {
        assert_eq!(date(text).as_deref(), iso, "{text}");
    }
}
