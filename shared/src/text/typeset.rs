//! Chinese punctuation as its readers write it, for display: NFKC makes `，：；！？（）` half-width. Not the text that offsets count.
use super::is_han;

/// A line as shown: the same characters in the same number of UTF-16 units, but half-width signs at a Chinese character are
/// full-width. A bracket follows the one that it closes.
pub fn typeset(line: &str) -> String {
    let full = |c: char| matches!(c, '、' | '。' | '”' | '’' | '》' | '〉' | '】' | '…');
    let mut before = None;
    let mut open = Vec::new();
    let mut rest = line.chars().peekable();
    let mut shown = String::with_capacity(line.len());
    while let Some(c) = rest.next() {
        let follows = before.is_some_and(|b| is_han(b) || full(b) || matches!(b, '，' | '：' | '；' | '！' | '？' | '）'));
        let wide = follows || rest.peek().is_some_and(|next| is_han(*next));
        let set = match c {
            ',' if wide => '，',
            ':' if wide => '：',
            ';' if wide => '；',
            '!' if follows => '！',
            '?' if follows => '？',
            '(' => {
                open.push(wide);
                if wide { '（' } else { c }
            }
            ')' if open.pop().unwrap_or(follows) => '）',
            _ => c,
        };
        shown.push(set);
        before = Some(set);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_at_chinese_characters_are_full_width_and_others_stay() {
        assert_eq!(typeset("电话:555-0136"), "电话：555-0136");
        assert_eq!(typeset("工作九年,近五年在焊接站;处理故障(电极帽)!"), "工作九年，近五年在焊接站；处理故障（电极帽）！");
        assert_eq!(typeset("用Excel,制作SPC(均值-极差图),会PLC"), "用Excel，制作SPC（均值-极差图），会PLC");
        assert_eq!(typeset("Operated robots (ABB, KUKA): 12,000 h; why?"), "Operated robots (ABB, KUKA): 12,000 h; why?");
        assert_eq!(typeset("时间:08:30,人数1,200(约)"), "时间：08:30，人数1,200（约）");
        assert_eq!(typeset("没开)的括号"), "没开）的括号");
        for line in ["电话:5", "a(b", "，，", ""] {
            assert_eq!(typeset(line).encode_utf16().count(), line.encode_utf16().count());
        }
    }
}
