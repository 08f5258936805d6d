//! The format of a file by its first bytes. Not by its name, and not a check of the rest.
use super::{CvError, CvFormat};

/// Signatures of files that are no CV, with the name that the log gives them.
const OTHERS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"II*\0", "TIFF picture"),
    (b"MM\0*", "TIFF picture"),
    (b"BM", "BMP picture"),
    (b"RIFF", "WebP picture or sound"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\0", "xz archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\0asm", "program"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"{\\rtf", "RTF document"),
    (b"SQLite format 3\0", "database"),
    (b"%!PS", "PostScript"),
];

/// The CV format of `bytes`.
///
/// # Errors
/// Empty, old `.doc`, protected Office file (a compound file around an encrypted package), or no CV format.
pub fn format(bytes: &[u8]) -> Result<CvFormat, CvError> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let not = |detail: &str| Err(CvError::NotACv { detail: detail.to_owned() });
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(CvError::Empty);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(CvFormat::Docx);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(compound(bytes));
    }
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(CvFormat::Pdf);
    }
    let printable = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e);
    for (magic, name) in OTHERS {
        // "BM", "MZ", "BZh" may open a sentence too: those need bytes that no text has.
        if head.starts_with(magic) && !(magic.iter().all(printable) && !magic.starts_with(b"{") && head.iter().all(printable)) {
            return not(name);
        }
    }
    if head.get(4..8) == Some(b"ftyp") {
        return not("film or HEIC picture");
    }
    // UTF-16 has a zero byte in every Latin letter.
    let start: String = head.iter().filter(|b| **b != 0).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let marks = ["\u{ef}\u{bb}\u{bf}", "\u{ff}\u{fe}", "\u{fe}\u{ff}"];
    let start = marks.iter().find_map(|mark| start.strip_prefix(mark)).unwrap_or(&start).trim_start();
    if is_json(start) {
        return Ok(CvFormat::JsonResume);
    }
    if (start.starts_with("<?xml") || start.starts_with("<!--")) && start.contains("<html") {
        return Ok(CvFormat::Html);
    }
    if start.starts_with("<?xml") {
        return not("XML");
    }
    if HTML_ROOTS.iter().any(|name| opens(start, name)) || is_html_part(start, bytes) {
        return Ok(CvFormat::Html);
    }
    if start.starts_with("mime-version:") || (start.starts_with("from:") && start.contains("multipart/related")) {
        return not("web archive (MHTML) or mail");
    }
    Ok(CvFormat::Plain)
}

/// Elements that open a whole page, and those that stand in its head.
const HTML_ROOTS: [&str; 9] = ["!doctype html", "html", "head", "body", "meta", "title", "style", "script", "link"];

/// Elements that open a part of a page, copied or written by hand; Markdown may open with one too.
const HTML_PARTS: [&str; 22] = [
    "!--", "div", "section", "article", "main", "header", "table", "h1", "h2", "h3", "p", "ul", "ol", "dl", "center", "font",
    "span", "a", "b", "strong", "br", "hr",
];

/// True where a text opens with this tag.
fn opens(start: &str, name: &str) -> bool {
    let rest = start.strip_prefix('<').and_then(|tag| tag.strip_prefix(name));
    rest.is_some_and(|rest| name == "!--" || !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
}

/// True for a part of a page: it opens with an element, and most of its lines hold a tag. (In a page line ends mean
/// nothing, in Markdown all.)
fn is_html_part(start: &str, bytes: &[u8]) -> bool {
    if !HTML_PARTS.iter().any(|name| opens(start, name)) {
        return false;
    }
    let near = bytes.get(..bytes.len().min(1 << 16)).unwrap_or(bytes);
    let filled = near.split(|b| *b == b'\n').filter(|line| line.iter().any(|b| *b > b' '));
    let (tagged, bare): (Vec<&[u8]>, Vec<&[u8]>) = filled.partition(|line| line.contains(&b'<'));
    tagged.len() > bare.len()
}

/// True for the start of a JSON object or of an array of anything but numbers (`[1]` may open a text).
fn is_json(start: &str) -> bool {
    let opens = |open: char, first: &[&str]| start.strip_prefix(open).is_some_and(|rest| first.iter().any(|token| rest.trim_start().starts_with(token)));
    opens('{', &["\"", "}"]) || opens('[', &["{", "[", "\"", "]", "null", "true", "false"])
}

/// A compound file (OLE): told by the names of its streams, which are UTF-16.
fn compound(bytes: &[u8]) -> CvError {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|w| w == wide)
    };
    let not = |detail: &str| CvError::NotACv { detail: detail.to_owned() };
    if has("EncryptedPackage") {
        CvError::PasswordNeeded
    } else if has("WordDocument") {
        CvError::OldDoc
    } else if has("Workbook") || has("PowerPoint Document") || has("__properties_version1.0") {
        not("old Office file other than Word, or a mail")
    } else {
        CvError::OldDoc
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_pages_json_and_text_are_told_apart_by_what_they_open_with() {
        use CvFormat::{Html, JsonResume, Plain};
        let wide = |text: &str| [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
        for (file, expected) in [
            (b"\xef\xbb\xbf \n<!DOCTYPE HTML><p>CV".to_vec(), Html),
            (b"<html xmlns:o=\"urn:x\">".to_vec(), Html),
            (b"<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC><html>".to_vec(), Html),
            (b"<!-- saved from url=(0014)about:internet -->\r\n<html>\nlong\nlines\nof\ntext".to_vec(), Html),
            (wide("<html><p>简历"), Html),
            (b"<div class=cv><h1>Ana</h1>\nWelder<br>\n</div>".to_vec(), Html),
            (b"<h1 align=\"center\">Ana</h1>\n\n## Skills\n- MIG\n- TIG\n".to_vec(), Plain),
            ("<h1>王小明</h1>\n\n焊工\n装配工\n".into(), Plain),
            (b"<Ana Silva>\nwelder".to_vec(), Plain),
            (b"{\n  \"basics\": {}}".to_vec(), JsonResume),
            (wide("{\"work\": []}"), JsonResume),
            (b"[ null, null ]".to_vec(), JsonResume),
            (b"{Name} welder".to_vec(), Plain),
            ("焊工 <p>".into(), Plain),
            (b"[1] welder".to_vec(), Plain),
        ] {
            assert_eq!(format(&file), Ok(expected), "{}", String::from_utf8_lossy(&file));
        }
        for file in [
            "<?xml version=\"1.0\"?><Candidate/>",
            "MIME-Version: 1.0\nContent-Type: multipart/related",
            "From: <Saved by Blink>\nContent-Type: multipart/related;",
        ] {
            assert_eq!(format(file.as_bytes()).unwrap_err().kind(), "not_a_cv", "{file}");
        }
    }
}
