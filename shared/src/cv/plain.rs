//! Text files: UTF-8, UTF-16 and GB18030, with or without byte order mark. Not mark-up.
use super::{CvError, Notice, NoticeKind};
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a text file.
///
/// # Errors
/// [`CvError::NotACv`] where the bytes are no text.
pub fn read(bytes: &[u8], notices: &mut Vec<Notice>) -> Result<String, CvError> {
    let text = decode(bytes, notices);
    let (mut all, mut odd) = (0_usize, 0_usize);
    for c in text.chars().take(65_536) {
        all += 1;
        odd += usize::from((c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{b}' | '\u{1a}')) || c == '\u{fffd}');
    }
    if odd * 50 > all {
        return Err(CvError::NotACv { detail: "binary data".to_owned() });
    }
    Ok(text)
}

/// The text of bytes whose encoding nothing names; what cannot be decoded is told.
pub fn decode(bytes: &[u8], notices: &mut Vec<Notice>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or(&[])).0.into_owned();
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // Cut off within its last character.
        Err(broken) if broken.error_len().is_none() && broken.valid_up_to() > 0 => String::from_utf8_lossy(bytes.get(..broken.valid_up_to()).unwrap_or(&[])).into_owned(),
        Err(_) => not_utf8(bytes, notices),
    }
}

/// UTF-16 told by its zero bytes: every Latin letter, blank and line end has one, always at the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 64 + 1;
    // Mostly one side: a Chinese character such as U+4E00 has a zero on the other.
    if odd > enough && odd > even * 8 {
        Some(UTF_16LE)
    } else if even > enough && even > odd * 8 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn not_utf8(bytes: &[u8], notices: &mut Vec<Notice>) -> String {
    let lossy = String::from_utf8_lossy(bytes);
    let lost = lossy.matches('\u{fffd}').count();
    let kept = lossy.chars().filter(|c| !c.is_ascii()).count() - lost;
    if kept > lost * 4 {
        notices.push(Notice::new(NoticeKind::PartlyRead, format!("{lost} byte sequences are not UTF-8")));
        return lossy.into_owned();
    }
    // Chinese characters of GB 2312 are pairs of bytes of 0xA1 and up; Windows-1252 has lone ones.
    let (mut pairs, mut lone, mut at) = (0_usize, 0_usize, 0);
    while let Some(first) = bytes.get(at) {
        at += 1;
        if *first >= 0x80 {
            match bytes.get(at) {
                Some(second) if *second >= 0xa1 && *first >= 0x81 => {
                    pairs += 1;
                    at += 1;
                }
                _ => lone += 1,
            }
        }
    }
    let (chinese, _, errors) = GB18030.decode(bytes);
    if pairs > lone && (!errors || pairs > lone * 8) {
        if errors {
            notices.push(Notice::new(NoticeKind::PartlyRead, "some byte sequences are not GB18030"));
        }
        return chinese.into_owned();
    }
    WINDOWS_1252.decode(bytes).0.into_owned()
}
