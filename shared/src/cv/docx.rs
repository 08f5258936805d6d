//! Word files (Office Open XML): the words of `word/document.xml` and the parts around it, in reading order.
//! Not their looks, and not old `.doc` files.
use super::{CvError, Limits, Notice, NoticeKind, row};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Reads the text: headers, body, notes, footers.
///
/// # Errors
/// Not a Word file, damaged, bomb, entities, over the depth.
pub fn read(bytes: &[u8], limits: &Limits, notices: &mut Vec<Notice>) -> Result<String, CvError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| CvError::damaged(format!("archive: {e}")))?;
    let mut names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    names.sort();
    let main = names.iter().find(|n| *n == "word/document.xml").or_else(|| names.iter().find(|n| n.starts_with("word/document") && n.ends_with(".xml")));
    let Some(main) = main.cloned() else {
        return Err(CvError::NotACv { detail: other_archive(&names).to_owned() });
    };
    let mut budget = Budget { limits, left: limits.inflated_bytes };
    let body = budget.part(&mut archive, &main)?;
    let mut part = Part { limits, lists: BTreeSet::new(), headings: BTreeSet::new(), tracked: false };
    if names.iter().any(|n| n == "word/styles.xml") {
        match budget.part(&mut archive, "word/styles.xml") {
            Ok(styles) => part.styles(&styles.text)?,
            Err(CvError::Damaged { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    let mut side = |prefix: &str, lines: &mut Vec<String>, part: &mut Part| -> Result<(), CvError> {
        for name in names.iter().filter(|n| n.strip_prefix("word/").is_some_and(|n| n.starts_with(prefix) && n.ends_with(".xml"))) {
            let mut found = Vec::new();
            match budget.part(&mut archive, name) {
                Ok(inflated) => part.lines(&inflated.text, &mut found)?,
                Err(CvError::Damaged { .. }) => false,
                Err(other) => return Err(other),
            };
            // First page, even and odd pages repeat the same header.
            lines.extend(found.into_iter().filter(|line| line.trim().is_empty() || seen.insert(line.clone())));
        }
        Ok(())
    };
    side("header", &mut lines, &mut part)?;
    let whole = part.lines(&body.text, &mut lines)?;
    side("footnotes", &mut lines, &mut part)?;
    side("endnotes", &mut lines, &mut part)?;
    side("footer", &mut lines, &mut part)?;
    let text = lines.join("\n");
    if !whole || !body.whole {
        if !text.chars().any(char::is_alphanumeric) {
            return Err(CvError::damaged("word/document.xml is cut off"));
        }
        notices.push(Notice::new(NoticeKind::PartlyRead, "word/document.xml is cut off"));
    }
    if part.tracked {
        notices.push(Notice::new(NoticeKind::TrackedChanges, "deleted text left out, added text taken in"));
    }
    Ok(text)
}

fn other_archive(names: &[String]) -> &'static str {
    let has = |prefix: &str| names.iter().any(|n| n.starts_with(prefix));
    if has("xl/") {
        "spreadsheet"
    } else if has("ppt/") {
        "slides"
    } else if has("META-INF/manifest.xml") || has("content.xml") {
        "OpenDocument file"
    } else if has("META-INF/container.xml") {
        "EPUB book"
    } else {
        "archive"
    }
}

/// A part of the archive as text.
struct Inflated {
    text: String,
    whole: bool,
}

/// Counts what is inflated, over all parts.
struct Budget<'l> {
    limits: &'l Limits,
    left: u64,
}

impl Budget<'_> {
    fn part(&mut self, archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Inflated, CvError> {
        let file = archive.by_name(name).map_err(|e| CvError::damaged(format!("{name}: {e}")))?;
        // The sizes of the directory may lie, so they only end a reading early; the count below decides.
        let packed = file.compressed_size().max(1);
        let allowed = self.left.min(packed.saturating_mul(self.limits.inflate_ratio).max(1 << 20));
        if file.size() > allowed {
            return Err(CvError::ArchiveBomb);
        }
        let mut bytes = Vec::new();
        let whole = file.take(allowed + 1).read_to_end(&mut bytes).is_ok();
        let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if found > allowed {
            return Err(CvError::ArchiveBomb);
        }
        self.left -= found;
        let text = match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, _)) => encoding.decode(&bytes).0.into_owned(),
            None => String::from_utf8_lossy(&bytes).into_owned(),
        };
        Ok(Inflated { text, whole })
    }
}

/// What one element of the tree that is open collects.
#[derive(Default)]
struct Paragraph {
    text: String,
    list: bool,
    heading: bool,
    /// Lines of text boxes anchored in the paragraph.
    boxes: Vec<String>,
}

/// The reader of one XML part.
struct Part<'l> {
    limits: &'l Limits,
    /// Styles that make a list item.
    lists: BTreeSet<String>,
    /// Styles of headings, which may be numbered without being list items.
    headings: BTreeSet<String>,
    tracked: bool,
}

impl Part<'_> {
    /// Learns from `styles.xml` which paragraph styles are list items and which are headings.
    fn styles(&mut self, xml: &str) -> Result<(), CvError> {
        let mut id = String::new();
        self.walk(xml, |part, event| {
            if let Step::Open(name, element) | Step::Single(name, element) = event {
                match name {
                    "style" => id = attribute(element, "styleId"),
                    "numPr" => drop(part.lists.insert(id.clone())),
                    "outlineLvl" => drop(part.headings.insert(id.clone())),
                    _ => {}
                }
            }
        })
        .map(|_| ())
    }

    /// Appends the lines of a part; false where the XML breaks off.
    fn lines(&mut self, xml: &str, lines: &mut Vec<String>) -> Result<bool, CvError> {
        let mut page = Page::default();
        page.blocks.push(Vec::new());
        let whole = self.walk(xml, |part, step| page.step(part, step))?;
        page.finish();
        lines.append(&mut page.blocks.swap_remove(0));
        Ok(whole)
    }

    /// Runs over the events of `xml`; false where it breaks off.
    fn walk(&mut self, xml: &str, mut take: impl FnMut(&mut Self, Step<'_>)) -> Result<bool, CvError> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = false;
        let mut depth = 0_u64;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => {
                    depth += 1;
                    super::within("depth", depth, self.limits.depth)?;
                    take(self, Step::Open(local(&element), &element));
                }
                Ok(Event::Empty(element)) => take(self, Step::Single(local(&element), &element)),
                Ok(Event::End(element)) => {
                    depth = depth.saturating_sub(1);
                    take(self, Step::Close(element.local_name().into_inner()));
                }
                Ok(Event::Text(text)) => take(self, Step::Text(&text)),
                Ok(Event::CData(text)) => take(self, Step::Text(&text)),
                Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                    Ok(Some(c)) => take(self, Step::Text(c.encode_utf8(&mut [0; 4]))),
                    Ok(None) => match &*reference {
                        "amp" => take(self, Step::Text("&")),
                        "lt" => take(self, Step::Text("<")),
                        "gt" => take(self, Step::Text(">")),
                        "quot" => take(self, Step::Text("\"")),
                        "apos" => take(self, Step::Text("'")),
                        _ => return Err(CvError::ExternalEntity),
                    },
                    Err(_) => return Ok(false),
                },
                Ok(Event::DocType(_)) => return Err(CvError::ExternalEntity),
                Ok(Event::Eof) => return Ok(depth == 0),
                Ok(_) => {}
                Err(_) => return Ok(false),
            }
        }
    }
}

/// An event, names without their prefix.
enum Step<'e> {
    Open(&'e str, &'e BytesStart<'e>),
    Single(&'e str, &'e BytesStart<'e>),
    Close(&'e str),
    Text(&'e str),
}

fn local<'e>(element: &'e BytesStart<'_>) -> &'e str {
    element.local_name().into_inner()
}

fn attribute(element: &BytesStart<'_>, local_name: &str) -> String {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().into_inner() == local_name)
        .map(|a| a.value.into_owned())
        .unwrap_or_default()
}

/// The open paragraphs, table rows and blocks while a part is read.
#[derive(Default)]
struct Page {
    /// Paragraphs, the innermost last: a text box holds paragraphs within one.
    paragraphs: Vec<Paragraph>,
    /// Blocks of lines: the body first, then each open table cell and text box.
    blocks: Vec<Vec<String>>,
    /// Cells of each open table row.
    rows: Vec<Vec<Vec<String>>>,
    /// How many elements deep inside something that is not shown.
    skipping: usize,
    /// Inside `w:t`, and the run's properties say hidden.
    in_text: bool,
    hidden: bool,
    /// Inside `w:pPr`, whose `w:tab` is a stop and not a tab.
    properties: usize,
}

impl Page {
    fn step(&mut self, part: &mut Part<'_>, step: Step<'_>) {
        if self.skipping > 0 {
            match step {
                Step::Open(..) => self.skipping += 1,
                Step::Close(_) => self.skipping -= 1,
                _ => {}
            }
            return;
        }
        match step {
            Step::Open(name, element) => self.open(part, name, element),
            Step::Single(name, element) => self.single(part, name, element),
            Step::Close(name) => self.close(name),
            Step::Text(text) if self.in_text && !self.hidden => self.push(text),
            Step::Text(_) => {}
        }
    }

    fn open(&mut self, part: &mut Part<'_>, name: &str, element: &BytesStart<'_>) {
        match name {
            // Deleted and moved-away text, the copy of a text box for old readers, field codes.
            "del" | "moveFrom" => {
                part.tracked = true;
                self.skipping = 1;
            }
            "Fallback" | "instrText" | "delText" | "sectPr" => self.skipping = 1,
            "ins" | "moveTo" => part.tracked = true,
            "pPr" => self.properties += 1,
            "p" => self.paragraphs.push(Paragraph::default()),
            "tr" => self.rows.push(Vec::new()),
            "tc" | "txbxContent" => self.blocks.push(Vec::new()),
            "r" => self.hidden = false,
            "t" => self.in_text = true,
            _ => self.single(part, name, element),
        }
    }

    fn single(&mut self, part: &mut Part<'_>, name: &str, element: &BytesStart<'_>) {
        let on = || !matches!(attribute(element, "val").as_str(), "0" | "false" | "none");
        match name {
            "ins" | "del" => part.tracked |= self.properties == 0,
            "tab" | "ptab" if self.properties == 0 => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => self.push("\u{f0b7}"),
            "vanish" if self.properties == 0 => self.hidden = on(),
            "numId" if self.properties > 0 => {
                let listed = attribute(element, "val") != "0";
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.list = listed;
                }
            }
            "pStyle" => {
                let style = attribute(element, "val");
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.list |= part.lists.contains(&style);
                    paragraph.heading |= part.headings.contains(&style);
                }
            }
            "outlineLvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.heading = true;
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "pPr" => self.properties = self.properties.saturating_sub(1),
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tc" if self.blocks.len() > 1 => {
                let cell = self.blocks.pop().unwrap_or_default();
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            "tr" => {
                let row = self.rows.pop().unwrap_or_default();
                self.end_row(row);
            }
            "txbxContent" if self.blocks.len() > 1 => {
                let lines = self.blocks.pop().unwrap_or_default();
                match self.paragraphs.last_mut() {
                    Some(paragraph) => paragraph.boxes.extend(lines),
                    None => self.block().extend(lines),
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn block(&mut self) -> &mut Vec<String> {
        if self.blocks.is_empty() {
            self.blocks.push(Vec::new());
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let text = paragraph.text.trim();
        let mark = if paragraph.list && !paragraph.heading && !text.is_empty() { "• " } else { "" };
        let line = format!("{mark}{text}");
        let block = self.block();
        block.push(line);
        block.extend(paragraph.boxes);
    }

    fn end_row(&mut self, cells: Vec<Vec<String>>) {
        let lines = row::lines(cells);
        self.block().extend(lines);
    }

    /// Closes what a broken part leaves open.
    fn finish(&mut self) {
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
        while let Some(row) = self.rows.pop() {
            self.end_row(row);
        }
        while self.blocks.len() > 1 {
            let lines = self.blocks.pop().unwrap_or_default();
            self.block().extend(lines);
        }
    }
}
