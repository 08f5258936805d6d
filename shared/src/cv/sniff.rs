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
    let start: String = head.iter().take(256).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let start = start.trim_start_matches(|c: char| !c.is_ascii() || c.is_ascii_whitespace());
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<?xml") {
        return not("HTML or XML");
    }
    Ok(CvFormat::Plain)
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
