//! Every word a person reads, in English and in Chinese: one typed table a language, the same keys by construction.
//! Not the words of a CV. Rules of wording: the terms of the house; the tests below hold the mechanical ones.
mod en;
mod faults;
mod zh;

pub use faults::{FaultText, fault_text, notice_text};

/// The languages of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    /// English.
    En,
    /// Mainland Chinese.
    Zh,
}

impl Lang {
    /// The value of the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The language for a browser's language tag: any Chinese is Chinese, all else English.
    pub fn from_tag(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|first| first.eq_ignore_ascii_case("zh")) { Self::Zh } else { Self::En }
    }

    /// Its table.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::En => &en::EN,
            Self::Zh => &zh::ZH,
        }
    }
}

/// Puts values into the named slots of a template.
pub(crate) fn fill(template: &str, slots: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else { break };
        if let Some((_, value)) = slots.iter().find(|(slot, _)| *slot == name) {
            text.push_str(value);
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// One row of a table: key, words, names of the slots.
#[cfg(test)]
pub(crate) type Row = (&'static str, &'static str, Vec<&'static str>);

/// A table of words: its keys, each with the slots that are filled.
macro_rules! texts {
    ($($key:ident $(($($slot:ident),+))?),+ $(,)?) => {
        /// The table of one language; a key with slots has a method of its name that fills them.
        #[expect(missing_docs, reason = "the English words are the documentation")]
        pub struct Texts { $(pub $key: &'static str,)+ }

        #[expect(missing_docs, reason = "the English words are the documentation")]
        impl Texts {
            $($(pub fn $key(&self, $($slot: &str),+) -> String {
                $crate::i18n::fill(self.$key, &[$((stringify!($slot), $slot)),+])
            })?)+

            #[cfg(test)]
            pub(crate) fn rows(&self) -> Vec<$crate::i18n::Row> {
                vec![$((stringify!($key), self.$key, vec![$($(stringify!($slot)),+)?]),)+]
            }
        }
    };
}

pub(crate) use texts;

texts! {
    // Frame
    name, tagline, skip_to_main, step_start, step_skills, step_market, step_paths, step_plan, language, theme, theme_auto, theme_light, theme_dark,
    // Status line
    status_loading(done, total), status_sealing, status_failed, status_off(time), status_model_network(size),
    status_model_device(size), status_engine, status_open,
    // Start
    start_title, start_lead, file_title, file_hint, file_button, paste_title, paste_hint, paste_button, samples_title, intake_title, intake_button, intake_hint, kept_button,
    sample_line_worker_en, sample_line_worker_zh, sample_office_admin_en, sample_accountant_zh, sample_note,
    promise_title, promise_here, promise_sealed, promise_will_seal, promise_unsaved,
    // Loading
    load_title, load_program, load_model, load_from_network, load_from_device, load_checking, load_why, bytes(size),
    bytes_of(done, total), reload,
    // Busy
    busy_reading, busy_analysing, busy_sentences(done, total), busy_starting, cancel,
    // Password
    password_title, password_wrong, password_label, password_button, password_note,
    // Messages
    close, notice_title,
    // Review
    review_title, review_lead, cv_title, skills_title, check_one, check_many(count), check_note, group_skills,
    group_knowledge, group_left_out, group_left_out_note, group_not_mine, nothing_found, counted(kind, count), tag_set, tag_set_open, tag_set_line,
    kind_skill, kind_knowledge, kind_robot, kind_data, kind_upkeep, sure_high, sure_medium, sure_low, context_wanted, context_negated, context_other,
    confirm, confirmed, not_mine, its_mine, undo, why, why_model, why_rule, why_number(percent), why_context, mentions(count),
    show_in_text(number, label), show_in_list(number, label), unplaced_title(count), unplaced_note, unplaced_mark,
    unplaced_none, another, legend, measured_note, accept_all, unconfirmed(count), all_confirmed, undo_last, why_person,
    link_none, link_perhaps, reference_name(name), link_by_name, link_by_part(percent), link_by_nearness(percent), link_by_person, link_change, link_search,
    link_no, find, words_range, start_earlier, start_later, end_earlier, end_later, evidence, evidence_claimed,
    evidence_work, evidence_certified, evidence_year(year), merge, merge_choose, add_title, add_hint, add_skill,
    add_knowledge, occupations_title, occupations_note, occupations_none, occupation_titles(titles),
    occupation_skills(skills), personal_title(count), personal_note, personal_name, personal_phone, personal_mail,
    personal_address, personal_birth, personal_number, personal_account, personal_private, personal_photo, save_profile, save_profile_table,
    save_note, training_title, training_note, training_agree, training_save,
    // Proof
    proof_title, proof_sealed(time), proof_not_yet, proof_requests(count), proof_after_none, proof_after_some(count),
    proof_tests(count), proof_col_what, proof_col_when, proof_col_size, proof_col_source, proof_from_network,
    proof_from_cache, proof_blocked, proof_device(count, size), proof_self_test, proof_not_covered, proof_gap_address,
    proof_gap_rtc, proof_gap_extensions, proof_gap_device, proof_check,
    // Footer
    footer_sources, footer_sources_text, footer_fields, footer_version(version), forget, forget_note, forgotten,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Words that stand for another meaning, judge the person or promise too much (terms.md, sections 1 and 2).
    const BANNED: [&str; 42] = [
        "胜任力", "能力项", "工作活动", "证据", "准确率", "识别失败", "拒绝", "驳回", "短板", "缺陷", "不足", "缺失", "不具备",
        "稳赢", "抗风险", "可行", "劳动力市场紧张度", "暴露度", "替代率", "失业风险", "危险", "赋能", "场景", "杠杆",
        "置信区间", "概率", "暂无", "测试", "考试", "测评", "咨询师", "顾问", "绝对安全", "零风险", "匿名", "精准", "智能推荐",
        "保证", "最佳", "100%", "AI认为", "抱歉",
    ];

    fn is_han(c: char) -> bool {
        ('\u{3400}'..='\u{9fff}').contains(&c)
    }

    /// Both tables hold to the rules of wording. `same` tells the keys whose words may be the same in both languages.
    pub(crate) fn hold_to_the_rules(en: Vec<Row>, zh: Vec<Row>, same: impl Fn(&str) -> bool) {
        for ((key, en, slots), (_, zh, _)) in en.into_iter().zip(zh) {
            assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{key} is empty");
            for words in [en, zh] {
                for slot in &slots {
                    assert!(words.contains(&format!("{{{slot}}}")), "{key} lacks {{{slot}}}: {words}");
                }
                assert_eq!(words.matches('{').count(), slots.len(), "{key} has other slots: {words}");
            }
            assert!(same(key) || zh.chars().any(is_han), "{key} is not Chinese: {zh}");
            chinese_is_well_worded(key, zh);
        }
    }

    fn chinese_is_well_worded(key: &str, words: &str) {
        for banned in BANNED {
            assert!(!words.contains(banned), "{key}: {banned} in {words}");
        }
        assert!(!words.contains(['「', '」', '!', '！']), "{key}: {words}");
        let letters: Vec<char> = words.chars().collect();
        for pair in letters.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            assert!(!(is_han(a) && ",.?!:;()".contains(b)), "half-width {b} after {a}: {words}");
            assert!(!(is_han(a) && b == ' ' || a == ' ' && is_han(b)), "space beside {a}{b}: {words}");
        }
    }

    #[test]
    fn the_words_of_the_page_hold_to_the_rules() {
        let same = |key: &str| ["name", "bytes", "bytes_of"].contains(&key) || key.starts_with("sample_");
        hold_to_the_rules(en::EN.rows(), zh::ZH.rows(), same);
        let (en, zh) = (faults::every(Lang::En), faults::every(Lang::Zh));
        assert_eq!(en.len(), zh.len());
        for (en, zh) in en.iter().zip(&zh) {
            assert!(!en.is_empty() && zh.chars().any(is_han), "{en} / {zh}");
            chinese_is_well_worded(en, zh);
        }
    }

    #[test]
    fn slots_are_filled_by_name() {
        assert_eq!(fill("{b} of {a}{c}", &[("a", "x"), ("b", "{y}")]), "{y} of x");
        assert_eq!(Lang::from_tag("zh-Hans-CN"), Lang::Zh);
        assert_eq!(Lang::from_tag("e"), Lang::En);
    }
}
