//! A market pack of three occupations with made-up figures, for tests. Not data.
use super::*;

const HEADER: &str = "soc\tonet\tjoin\tcombined\tjob_zone\teducation\texperience\ttraining\temployment_2024\temployment_2034\tself_employed\topenings\texit_rate\ttransfer_rate\tjobs\tjobs_relative_error\tannual_mean\tannual_p10\tannual_p25\tannual_median\tannual_p75\tannual_p90\thourly_mean\thourly_p10\thourly_p25\thourly_median\thourly_p75\thourly_p90\tpay_relative_error\tpay_published\talpha\tgamma\thuman_alpha\thuman_gamma\troutine\tmanual\tbottleneck";

/// The files of the small pack.
pub fn files() -> PackFiles {
    let occupations = [
        HEADER,
        "11-1031\t11-1031.00\texact\t0\t\t3\t2\t6\t30\t31\t\t2.5\t2.1\t5.2\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tnothing\t\t\t\t\t\t\t",
        "51-2090\t51-2092.00,51-2099.00\tbroad\t1\t2\t7\t4\t4\t1000\t900\t1.5\t110\t4.1\t7.5\t980000\t0.9\t45000\t32000\t36000\t43000\t50000\t60000\t21.63\t15.38\t17.31\t20.67\t24.04\t28.85\t0.4\tboth\t0.1\t0.82\t0.2\t0.5\t0.4\t0.8\t0.4",
        "51-4041\t51-4041.00\texact\t0\t3\t7\t4\t3\t300\t300\t2\t30\t3.6\t6.1\t290000\t1\t56000\t38000\t46000\t55000\t66000\t78000\t26.92\t18.27\t22.12\t26.44\t31.73\t37.5\t0.5\tboth\t0\t0.2\t0\t0.1\t0.5\t0.8\t0.7",
    ];
    let groups = "soc\tname_en\tname_zh\tunemployment\tlabour_force\temployment_2024\temployment_2034\tannual_median\n00-0000\tAll\t全部\t4.3\t170807\t1330\t1231\t50980\n51-0000\tProduction\t生产\t4.1\t8227\t1300\t1200\t45000\n";
    let weights = "soc\t2.A.1.a\t2.C.3.d\n51-2090\t63:40\t80:100*\n51-4041\t75:70\t90:110\n";
    let related = "soc\trelated\n51-2090\t2:3:1\n51-4041\t1:1:3 0:1:2\n";
    let sources = r#"{"version":1,"sources":[
        {"id":"jobs","name":"Jobs","version":"1","date":"2025","licence":"public domain","attribution":"Source: jobs.","url":"https://jobs.test","files":[]},
        {"id":"pay","name":"Pay","version":"1","date":"2025","licence":"public domain","attribution":"Source: pay.","url":"https://pay.test","files":[]}],
        "columns":{"occupations.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"},"annual_median":{"sources":["pay"],"unit":"USD a year","vintage":"2025-05"}},
        "groups.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"}},
        "weights.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"}},
        "related.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"}},
        "areas.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"}},
        "states.tsv":{"*":{"sources":["pay"],"unit":"","vintage":"2024"}},
        "technologies.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"}},
        "learning.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2024"}},
        "nearest.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2026"}},
        "china.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2022"}},
        "backtest.tsv":{"*":{"sources":["jobs"],"unit":"","vintage":"2022"}}}}"#;
    let files = [
        (OCCUPATIONS, occupations.join("\n") + "\n"),
        (GROUPS, groups.into()),
        (WEIGHTS, weights.into()),
        (RELATED, related.into()),
        (sources::SOURCES, sources.into()),
        (lists::AREAS, "area\tname_en\tname_zh\n01\tAlabama\t亚拉巴马州\n02\tAlaska\t阿拉斯加州\n".into()),
        (lists::STATES, "soc\t01\t02\n00-0000\t211366:4567\t30000:6000\n51-2090\t1200:4100\t*:5200\n51-4041\t\t10:*\n".into()),
        (lists::TECHNOLOGIES, "id\thot\tdemanded_by\ntech:python\t1\t25\n".into()),
        (lists::LEARNING, "title\turl\tlanguage\ttopic\tcompetences\tlicence\tsource\nPython in 19 days\thttps://a.test/1\tzh\tPython\ttech:python\t\tjobs\n".into()),
        (lists::CHINA, "code\tlevel\tname\tdigital\tgreen\n6\t1\t生产制造及有关人员\t0\t0\n6-31-07-01\t4\t工业机器人系统操作员\t1\t0\n".into()),
        (lists::NEAREST, "soc\tcode\tname\tfit\n51-2090\t6-31-07-01\t工业机器人系统操作员\tnear\n".into()),
        (crate::market::backtest::BACKTEST, "soc\temployment_2022\temployment_2032\tannual_median_2021\tpay_2021\n00-0000\t1300\t1430\t45760\tpublished\n11-1031\t32\t32\t\tnothing\n51-2090\t1100\t1050\t37000\tpublished\n51-4041\t280\t380\t\ttop\n".into()),
    ];
    files.into_iter().map(|(name, text): (&str, String)| (name.to_owned(), text.into_bytes())).collect()
}

/// The small pack with the first occurrence of a text in a file replaced.
pub fn changed(file: &str, from: &str, to: &str) -> PackFiles {
    let mut files = files();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    files.insert(file.into(), text.replacen(from, to, 1).into_bytes());
    files
}
