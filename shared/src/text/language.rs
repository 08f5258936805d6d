//! The language most of a text is in, by its scripts. Not a general language detector: English or Chinese or both.
use super::{Language, is_han};

/// English where under a fifth of the words are Chinese, Chinese where under a fifth are English, else mixed.
///
/// Two Chinese characters count as a word; a Latin word has two letters or more. Names of products are Latin in every
/// Chinese CV, so a Latin word of capitals or with a sign or digit in it (`SQL`, `C++`, `Vue3`) counts for neither.
pub fn language(text: &str) -> Language {
    let han = text.chars().filter(|c| is_han(*c)).count();
    let latin = text
        .split(|c: char| c.is_whitespace() || is_han(c) || matches!(c, ',' | ';' | '(' | ')' | '/' | '、' | '。' | '|' | ':'))
        .map(|word| word.trim_end_matches(['.', '!', '?']))
        .filter(|word| word.len() > 1 && word.chars().skip(1).all(|c| c.is_lowercase() || c == '-' || c == '\'') && word.starts_with(char::is_alphabetic))
        .count();
    let words = han.div_ceil(2) + latin;
    if han == 0 || han.div_ceil(2) * 5 < words {
        Language::En
    } else if latin * 5 < words {
        Language::Zh
    } else {
        Language::Mixed
    }
}
