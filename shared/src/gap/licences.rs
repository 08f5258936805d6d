//! A small table of licences that an occupation must by law have in a country, each with the rule that says so. Written from
//! the rules named; later amendments may have moved a detail, so that it is shown with its source and "check locally". Not a
//! list of all licences: an occupation that is not here is an open question, not a free one.
use super::LicenceRule;

/// Codes, country, English name, Chinese name, English source, Chinese source.
type Line = (&'static [&'static str], &'static str, &'static str, &'static str, &'static str, &'static str);

/// When the table was last gone through.
const REVIEWED: &str = "2026-11";

const SPECIAL_EN: &str = "Rules on Safety Training and Examination of Special Operations Personnel, State Administration of Work Safety order no. 30 (2010)";
const SPECIAL_ZH: &str = "《特种作业人员安全技术培训考核管理规定》（2010年国家安全监管总局令第30号）";
const EQUIPMENT_EN: &str = "Special Equipment Safety Law, article 14 (2013)";
const EQUIPMENT_ZH: &str = "《中华人民共和国特种设备安全法》第十四条（2013年）";

const TABLE: [Line; 11] = [
    (&["47-2111", "49-2095", "49-9051"], "CN", "special operations certificate (electrical work)", "特种作业操作证（电工作业）", SPECIAL_EN, SPECIAL_ZH),
    (&["51-4121"], "CN", "special operations certificate (welding and thermal cutting)", "特种作业操作证（焊接与热切割作业）", SPECIAL_EN, SPECIAL_ZH),
    (&["49-9021"], "CN", "special operations certificate (refrigeration and air conditioning)", "特种作业操作证（制冷与空调作业）", SPECIAL_EN, SPECIAL_ZH),
    (&["53-7051"], "CN", "special equipment operator certificate (forklift driver)", "特种设备作业人员证（叉车司机）", EQUIPMENT_EN, EQUIPMENT_ZH),
    (&["51-8021"], "CN", "special equipment operator certificate (boilers)", "特种设备作业人员证（锅炉作业）", EQUIPMENT_EN, EQUIPMENT_ZH),
    (&["47-4021"], "CN", "special equipment operator certificate (lift repair)", "特种设备作业人员证（电梯修理）", EQUIPMENT_EN, EQUIPMENT_ZH),
    (&["29-1141"], "CN", "nurse's practising certificate", "护士执业证书", "Regulations on Nurses, State Council order no. 517 (2008)", "《护士条例》（2008年国务院令第517号）"),
    (
        &["25-2011", "25-2012", "25-2021", "25-2022", "25-2031"],
        "CN",
        "teacher's qualification certificate",
        "教师资格证书",
        "Regulations on Teacher Qualifications, State Council order no. 188 (1995)",
        "《教师资格条例》（1995年国务院令第188号）",
    ),
    (&["53-3032", "53-3051", "53-3052"], "US", "commercial driver's licence", "商业驾驶执照（CDL）", "49 CFR part 383", "美国联邦法规49 CFR第383部分"),
    (
        &["49-9021"],
        "US",
        "EPA section 608 technician certification, for work on refrigerants",
        "EPA 608制冷剂技术员认证（接触制冷剂的作业）",
        "40 CFR 82.161",
        "美国联邦法规40 CFR 82.161",
    ),
    (
        &["53-7051"],
        "US",
        "powered industrial truck training and evaluation, certified by the employer",
        "工业车辆操作培训与考核（由雇主出具证明）",
        "29 CFR 1910.178(l)",
        "美国联邦法规29 CFR 1910.178(l)",
    ),
];

/// The lines of the table about an occupation; none means that it was not looked into.
pub fn of(soc: &str) -> Vec<LicenceRule> {
    let rule = |(_, country, name, name_zh, source, source_zh): &Line| {
        let [country, name, name_zh, source, source_zh, date] = [*country, name, name_zh, source, source_zh, REVIEWED].map(str::to_owned);
        LicenceRule { country, name, name_zh, source, source_zh, date }
    };
    TABLE.iter().filter(|(socs, ..)| socs.contains(&soc)).map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_names_country_and_rule_and_most_occupations_have_no_line() {
        let found: Vec<_> = of("49-9021").into_iter().map(|rule| rule.country).collect();
        assert_eq!(found, ["CN", "US"]);
        assert!(of("49-9041").is_empty() && of("").is_empty());
        for (socs, country, name, name_zh, source, source_zh) in TABLE {
            assert!(socs.iter().all(|soc| soc.len() == 7) && ["CN", "US"].contains(&country));
            assert!(![name, name_zh, source, source_zh].contains(&"") && source.chars().any(|c| c.is_ascii_digit()));
        }
    }
}
