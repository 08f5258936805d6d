//! One form of every text before anything counts its bytes: NFKC, `\n`, nothing invisible. Not a spelling correction.
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Brings a text into the form that is shown and counted.
///
/// NFKC turns ligatures, full-width letters and signs and the Kangxi radicals U+2F00.. into plain characters. On top:
/// the radicals of the supplement that NFKC leaves alone, line ends to `\n`, all blanks to a space, and no control,
/// zero-width, soft hyphen or direction character. A `™` goes, because NFKC would glue `TM` to the name.
/// Applying it twice gives the same text.
pub fn nfkc(text: &str) -> String {
    let plain = text.bytes().all(|b| b == b'\n' || b == b'\t' || (0x20..0x7f).contains(&b));
    if plain {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    shown.push('\n');
                }
            }
            // A soft hyphen at the end of a line joins the word that it splits.
            '\u{ad}' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
            }
            _ => keep(c, &mut shown),
        }
    }
    match is_nfkc_quick(shown.chars()) {
        IsNormalized::Yes => shown,
        // Compatibility forms may open into characters that `keep` changes (a blank, say): one more pass settles them.
        _ => {
            let mut settled = String::with_capacity(shown.len());
            shown.nfkc().for_each(|c| keep(c, &mut settled));
            settled.nfkc().collect()
        }
    }
}

fn keep(c: char, shown: &mut String) {
    match c {
        '\n' | '\t' => shown.push(c),
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => shown.push('\n'),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => shown.push(' '),
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {}
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => {}
        '™' | '℠' | '®' | '\u{fffd}' => {}
        // A circled number opens a list item: NFKC alone would glue it to the first word.
        '①'..='⑳' => {
            shown.push('(');
            shown.push(c);
            shown.push(')');
        }
        _ if c.is_control() => {}
        // Signs that Symbol and Wingdings fonts put into the private area are mostly bullets; nothing else is readable.
        '\u{e000}'..='\u{f8ff}' => shown.push('•'),
        _ => shown.push(radical(c).unwrap_or(c)),
    }
}

/// The character of a supplementary CJK radical (Unicode block U+2E80..U+2EFF) as it stands in running text.
fn radical(c: char) -> Option<char> {
    if !('\u{2e80}'..='\u{2eff}').contains(&c) {
        return None;
    }
    const PAIRS: &[(char, char)] = &[
        ('⺁', '厂'), ('⺅', '亻'), ('⺉', '刂'), ('⺋', '㔾'), ('⺎', '兀'), ('⺒', '巳'), ('⺕', '彐'), ('⺖', '忄'), ('⺘', '扌'), ('⺟', '母'),
        ('⺠', '民'), ('⺡', '氵'), ('⺢', '氺'), ('⺣', '灬'), ('⺩', '王'), ('⺪', '疋'), ('⺫', '目'), ('⺬', '示'), ('⺭', '礻'), ('⺮', '竹'),
        ('⺯', '糹'), ('⺰', '纟'), ('⺱', '罓'), ('⺶', '羊'), ('⺷', '羊'), ('⺹', '耂'), ('⺼', '月'), ('⺾', '艹'), ('⺿', '艹'), ('⻁', '虎'),
        ('⻂', '衤'), ('⻄', '西'), ('⻅', '见'), ('⻆', '角'), ('⻈', '讠'), ('⻉', '贝'), ('⻋', '车'), ('⻌', '辶'), ('⻍', '辶'), ('⻎', '辶'),
        ('⻏', '阝'), ('⻐', '钅'), ('⻑', '長'), ('⻒', '镸'), ('⻓', '长'), ('⻔', '门'), ('⻖', '阝'), ('⻘', '青'), ('⻙', '韦'), ('⻚', '页'),
        ('⻛', '风'), ('⻜', '飞'), ('⻝', '食'), ('⻢', '马'), ('⻣', '骨'), ('⻤', '鬼'), ('⻥', '鱼'), ('⻦', '鸟'), ('⻧', '卤'), ('⻨', '麦'),
        ('⻩', '黄'), ('⻪', '黾'), ('⻬', '齐'), ('⻮', '齿'), ('⻰', '龙'), ('⻲', '龟'),
    ];
    PAIRS.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)
}
