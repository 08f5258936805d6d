//! Words of names and phrases as they are compared: keys for equality, tokens for overlap. Not the model's pieces.
use crate::text::is_han;

/// The form in which names are equal: NFKC, lower case, only letters, digits and the signs that names need (`C++`, `C#`,
/// `Node.js`), single blanks, none beside a Chinese character.
pub fn key(words: &str) -> String {
    let lower = crate::text::nfkc(words).to_lowercase();
    let kept: String = lower.chars().map(|c| if c.is_alphanumeric() || "+#.".contains(c) { c } else { ' ' }).collect();
    let mut out = String::with_capacity(kept.len());
    for word in kept.split(' ').map(|w| w.trim_matches('.')).filter(|w| !w.is_empty()) {
        if let (Some(before), Some(after)) = (out.chars().next_back(), word.chars().next())
            && !is_han(before)
            && !is_han(after)
        {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Tokens of a phrase: Latin words without their ending, and pairs of neighbouring Chinese characters.
pub fn tokens(words: &str) -> Vec<String> {
    let key = key(words);
    let mut out = Vec::new();
    let mut han: Vec<char> = Vec::new();
    let mut latin = String::new();
    for c in key.chars().chain([' ']) {
        if is_han(c) {
            han.push(c);
        } else {
            match han[..] {
                [] => {}
                [one] => out.push(one.to_string()),
                _ => out.extend(han.windows(2).map(|pair| pair.iter().collect::<String>())),
            }
            han.clear();
        }
        if is_han(c) || c == ' ' {
            if !latin.is_empty() && !SMALL.contains(&latin.as_str()) {
                out.push(stem(&latin).to_owned());
            }
            latin.clear();
        } else {
            latin.push(c);
        }
    }
    out
}

/// Words that say nothing of what is meant.
const SMALL: [&str; 18] = ["a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "other", "the", "to", "using", "with"];

/// A word without the endings of number and tense: `inspecting`, `inspects`, `inspected` → `inspect`.
fn stem(word: &str) -> &str {
    for (ending, least) in [("ations", 5), ("ation", 5), ("ings", 4), ("ing", 4), ("ies", 3), ("ed", 4), ("es", 4), ("s", 3), ("y", 4), ("e", 4)] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() >= least
            && stem.bytes().all(|b| b.is_ascii_lowercase())
        {
            return stem;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_what_names_need_and_drop_the_rest() {
        for (words, expected) in [
            ("C++", "c++"),
            ("Node.js,", "node.js"),
            ("  SAP  ERP ", "sap erp"),
            ("ＰＬＣ 编程", "plc编程"),
            ("PLC-Programming.", "plc programming"),
            ("《5S》管理", "5s管理"),
        ] {
            assert_eq!(key(words), expected);
        }
    }

    #[test]
    fn tokens_join_the_forms_of_a_word() {
        assert_eq!(tokens("Inspecting the machines"), ["inspect", "machin"]);
        assert_eq!(tokens("Inspect machine"), ["inspect", "machin"]);
        assert_eq!(tokens("操作PLC"), ["操作", "plc"]);
        assert_eq!(tokens("设备点检"), ["设备", "备点", "点检"]);
    }
}
