//! HTML files: what a saved page or a "web page" of Word shows, in reading order. Not its looks: style sheets are not read,
//! no script runs, nothing is fetched. Not MHTML.
use super::{CvError, Limits, Notice, NoticeKind, plain};
use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use element::{Kind, Tag, bars, kind};
use flow::Flow;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Error, Span, Tokenizer};

mod element;
mod flow;

/// Reads the text that the page shows.
///
/// # Errors
/// Cut off before any text, a page that a script fills, over the depth or the bytes of text.
pub fn read(bytes: &[u8], limits: &Limits, notices: &mut Vec<Notice>) -> Result<String, CvError> {
    let source = decode(bytes, notices);
    let mut page = Page::new(limits);
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| page.take(event).err());
    emitter.naively_switch_states(true);
    // All that comes out is why reading stopped.
    if let Some(Ok(error)) = Tokenizer::new_with_emitter(source.as_str(), emitter).next() {
        return Err(error);
    }
    let (tracked, scripted, cut) = (page.tracked, page.scripted, page.cut || (page.rooted && !page.ended));
    let text = page.finish();
    if !text.chars().any(char::is_alphanumeric) {
        return match (cut, scripted) {
            (true, _) => Err(CvError::damaged("HTML is cut off")),
            (_, true) => Err(CvError::ScriptPage),
            _ => Err(CvError::Empty),
        };
    }
    if cut {
        notices.push(Notice::new(NoticeKind::PartlyRead, "HTML is cut off"));
    }
    if tracked {
        notices.push(Notice::new(NoticeKind::TrackedChanges, "deleted text left out, added text taken in"));
    }
    Ok(text)
}

/// By byte order mark, by what the page says of itself, else as a text file.
fn decode(bytes: &[u8], notices: &mut Vec<Notice>) -> String {
    let Some(encoding) = declared(bytes).filter(|_| Encoding::for_bom(bytes).is_none()) else {
        return plain::decode(bytes, notices);
    };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if !broken {
        return text.into_owned();
    }
    // Saved again in UTF-8 by a program that left the old name in place.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    notices.push(Notice::new(NoticeKind::PartlyRead, format!("some byte sequences are not {}", encoding.name())));
    text.into_owned()
}

/// The encoding that a `meta` element or the XML declaration names near the start (HTML, 13.2.3.2, asks for 1,024 bytes;
/// saved pages have it later too). Only those of English and Chinese pages: the tables of all would weigh more than this
/// reader.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes.iter().take(4096).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let after = |tag: &str, key: &str| -> Option<String> {
        let rest = tag.split('>').next()?.split_once(key)?.1.trim_start().strip_prefix('=')?;
        let label = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        Some(label.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect())
    };
    let xml = head.find("<?xml").and_then(|at| after(head.get(at..)?, "encoding"));
    let label = head.split("<meta").skip(1).find_map(|tag| after(tag, "charset")).or(xml)?;
    match label.as_str() {
        // A page whose `meta` can be read byte by byte is not in UTF-16, whatever it says.
        "utf-8" | "utf8" | "utf-16" | "utf-16le" | "utf-16be" => Some(UTF_8),
        "gb2312" | "gb_2312-80" | "gbk" | "x-gbk" | "gb18030" => Some(GB18030),
        "windows-1252" | "iso-8859-1" | "latin1" | "us-ascii" | "ascii" => Some(WINDOWS_1252),
        _ => None,
    }
}

/// An element that is open.
struct Open {
    name: Vec<u8>,
    kind: Kind,
    /// It or an element around it is not shown.
    hidden: bool,
    /// White space in it stays.
    preserved: bool,
}

/// The reader of one page. Its tree building is the part of HTML's (13.2.6) that moves text to another line or hides it.
struct Page<'l> {
    limits: &'l Limits,
    flow: Flow,
    /// The open elements that make lines or are hidden, the innermost last; inline ones only where the end of one inside
    /// would else be taken for theirs.
    open: Vec<Open>,
    tag: Tag,
    tracked: bool,
    scripted: bool,
    /// `<html>` or `<body>` was opened, and one of them closed.
    rooted: bool,
    ended: bool,
    /// The file ends within a tag or a comment.
    cut: bool,
}

impl<'l> Page<'l> {
    fn new(limits: &'l Limits) -> Self {
        let (tracked, scripted, rooted, ended, cut) = (false, false, false, false, false);
        Self { limits, flow: Flow::new(), open: Vec::new(), tag: Tag::default(), tracked, scripted, rooted, ended, cut }
    }

    fn take(&mut self, event: CallbackEvent<'_>) -> Result<(), CvError> {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag = Tag::new(name),
            CallbackEvent::AttributeName { name } => self.tag.attribute(name),
            CallbackEvent::AttributeValue { value } => self.tag.value(&String::from_utf8_lossy(value)),
            CallbackEvent::CloseStartTag { self_closing } => return self.start(self_closing),
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => {
                let (hidden, preserved) = self.around();
                if !hidden {
                    self.flow.text(&String::from_utf8_lossy(value), preserved);
                    super::within("text bytes", self.flow.bytes(), self.limits.text_bytes)?;
                }
            }
            CallbackEvent::Error(Error::EofInTag | Error::EofInComment | Error::EofBeforeTagName) => self.cut = true,
            CallbackEvent::Error(_) | CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => {}
        }
        Ok(())
    }

    /// Whether the place is hidden, and whether white space stays.
    fn around(&self) -> (bool, bool) {
        self.open.last().map_or((false, false), |open| (open.hidden, open.preserved))
    }

    fn start(&mut self, self_closing: bool) -> Result<(), CvError> {
        let tag = std::mem::take(&mut self.tag);
        let name = tag.name.as_slice();
        if matches!(name, b"html" | b"body") {
            self.rooted = true;
            return Ok(());
        }
        let mut kind = kind(name);
        self.close_implied(name, kind);
        let (hidden, preserved) = self.around();
        match kind {
            Kind::Void => {
                match name {
                    b"br" if !hidden => self.flow.break_line(),
                    b"hr" if !hidden => self.flow.gap(),
                    _ => {}
                }
                return Ok(());
            }
            Kind::Skipped => {
                self.scripted |= name == b"script";
                self.tracked |= name == b"del" && !hidden;
                if self_closing && matches!(name, b"svg" | b"math") {
                    return Ok(());
                }
            }
            Kind::Inline if tag.block => kind = Kind::Block,
            Kind::Spaced if name == b"p" && tag.listed => kind = Kind::Item,
            // A paragraph of Word, what stands in a list item.
            Kind::Spaced if tag.word || self.open.iter().any(|o| o.kind == Kind::Item) => kind = Kind::Block,
            Kind::Row | Kind::Cell => match self.open.iter().rev().find(|o| o.kind == Kind::Row || o.name == b"table") {
                None => kind = Kind::Block,
                Some(table) if kind == Kind::Cell && table.kind != Kind::Row => self.push(b"tr", Kind::Row, hidden, preserved)?,
                Some(_) => {}
            },
            _ => {}
        }
        self.tracked |= name == b"ins" && !hidden;
        if tag.tab && !hidden {
            self.flow.tab();
        }
        let hides = tag.hidden || tag.tab || kind == Kind::Skipped || (name == b"dialog" && !tag.opened);
        let preserves = tag.preserved || matches!(name, b"pre" | b"listing" | b"xmp" | b"textarea" | b"plaintext");
        if kind != Kind::Inline || hides || preserves || self.open.iter().any(|o| o.name == name) {
            self.push(name, kind, hidden || hides, preserved || preserves)?;
        }
        Ok(())
    }

    /// Opens an element.
    fn push(&mut self, name: &[u8], kind: Kind, hidden: bool, preserved: bool) -> Result<(), CvError> {
        if !hidden {
            match kind {
                Kind::Block => self.flow.end_line(),
                Kind::Spaced => self.flow.gap(),
                Kind::Heading => {
                    self.flow.bullet(false);
                    self.flow.gap();
                }
                Kind::Item => self.flow.bullet(true),
                Kind::Row => self.flow.open_row(),
                Kind::Cell => self.flow.open_cell(),
                Kind::Inline | Kind::Skipped | Kind::Void => {}
            }
        }
        self.open.push(Open { name: name.to_vec(), kind, hidden, preserved });
        super::within("depth", u64::try_from(self.open.len()).unwrap_or(u64::MAX), self.limits.depth)
    }

    /// Closes what the start tag of `name` closes without saying so.
    fn close_implied(&mut self, name: &[u8], kind: Kind) {
        const LISTS: &[&[u8]] = &[b"ul", b"ol", b"menu", b"dir", b"td", b"th", b"table"];
        match name {
            b"li" => self.close_within(&[b"li"], LISTS),
            b"dt" | b"dd" => self.close_within(&[b"dt", b"dd"], &[b"dl", b"td", b"th", b"table"]),
            b"td" | b"th" => self.close_within(&[b"td", b"th"], &[b"table"]),
            b"tr" => self.close_within(&[b"tr", b"caption"], &[b"table"]),
            b"tbody" | b"thead" | b"tfoot" => self.close_within(&[b"tbody", b"thead", b"tfoot", b"tr", b"caption"], &[b"table"]),
            _ => {}
        }
        if matches!(kind, Kind::Block | Kind::Spaced | Kind::Heading | Kind::Item) || name == b"hr" {
            self.close_within(&[b"p"], &[b"td", b"th", b"caption", b"table"]);
        }
    }

    /// Closes the outermost of `names` that stands within the innermost of `walls`.
    fn close_within(&mut self, names: &[&[u8]], walls: &[&[u8]]) {
        let inside = self.open.iter().rposition(|o| walls.contains(&o.name.as_slice())).map_or(0, |at| at + 1);
        if let Some(at) = self.open.iter().skip(inside).position(|o| names.contains(&o.name.as_slice())) {
            self.close_to(inside + at);
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"html" | b"body" => self.ended = true,
            b"br" if !self.around().0 => self.flow.break_line(),
            _ => {
                let heading = kind(name) == Kind::Heading;
                let ends = |open: &Open| open.name == name || (heading && open.kind == Kind::Heading);
                // Most ends are of inline elements, which are not kept: one look is cheaper than the walls.
                if let Some(at) = self.open.iter().rposition(ends)
                    && !self.open.iter().skip(at + 1).any(|open| bars(name, &open.name))
                {
                    self.close_to(at);
                }
            }
        }
    }

    /// Closes the open elements from `count` on, the innermost first.
    fn close_to(&mut self, count: usize) {
        while self.open.len() > count {
            let Some(open) = self.open.pop().filter(|open| !open.hidden) else { continue };
            match open.kind {
                Kind::Block => self.flow.end_line(),
                Kind::Spaced | Kind::Heading => self.flow.gap(),
                Kind::Item => self.flow.bullet(false),
                Kind::Row => self.flow.close_row(),
                Kind::Cell => self.flow.close_cell(),
                Kind::Inline | Kind::Skipped | Kind::Void => {}
            }
        }
    }

    fn finish(mut self) -> String {
        self.close_to(0);
        self.flow.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let mut notices = Vec::new();
        super::super::tidy(&crate::text::nfkc(&read(html.as_bytes(), &Limits::default(), &mut notices).unwrap()))
    }

    /// Each case by hand from the rules of HTML: mark-up, what a browser shows.
    #[test]
    fn a_page_reads_as_it_is_shown() {
        for (html, text) in [
            ("<p>One\n  line <b>in</b>\tbold.<p>Two<br>lines", "One line in bold.\n\nTwo\nlines"),
            ("<div>a<div>b</div>c</div>d", "a\nb\nc\nd"),
            ("<p>焊接\n机器人\nPLC\n编程", "焊接机器人 PLC 编程"),
            ("<p><span>PLC</span><span>编程</span> <i>x</i>", "PLC编程 x"),
            ("<h2>Skills</h2><ul><li>MIG<li><p>TIG</p><ul><li>thin<li></ul></ul>After", "Skills\n\n• MIG\n• TIG\n• thin\n\nAfter"),
            ("<ul><li><h3>Education</h3>Leeds</ul>", "Education\n\nLeeds"),
            ("<ul><li>• own mark<li><div>a</div><div>b</div></ul>", "• own mark\n• a\nb"),
            ("<table><tr><td>Excel<td>ten years<tr><th>SAP</th><td></td></tr></table>x", "Excel\tten years\nSAP\nx"),
            ("<table><td>a<td>b<tbody><tr><td>c</table>", "a\tb\nc"),
            ("<table><tr><td>2019<td><p>Welder<p>Ran a press<tr><td>2020</table>", "2019\n\nWelder\n\nRan a press\n\n2020"),
            ("<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>", "a\nb\tc\n\nd"),
            ("<table><tr><td>a</div></ul></p><td>b</table>", "a\tb"),
            ("a<td>b</td>c", "a\nb\nc"),
            ("<dl><dt>Tools<dd>Excel<dd>SAP</dl>", "Tools\nExcel\nSAP"),
            ("<pre>\na  b\n\nc</pre><div style='white-space: pre-line'>d\ne</div>", "a  b\n\nc\n\nd\ne"),
            ("a<hr>b<br><br>c</br>d", "a\n\nb\n\nc\nd"),
            ("<span style='display:block'><span>a</span> b</span>c", "a b\nc"),
            ("<h1>A</h2>b", "A\n\nb"),
            ("R&amp;D &eacute;&#x4e2d;&#20013;&nbsp;&lt;b&gt; AT&T &lol; &#0;", "R&D é中中 <b> AT&T &lol;"),
            ("a<ruby>焊<rt>hàn</rt></ruby><select><option>x</select><svg><title>t</title><path/></svg><svg/>b", "a焊b"),
            ("a<![CDATA[b]]><!-- c -->d<!x>e<?y?>f", "adef"),
        ] {
            assert_eq!(shown(html), text, "{html}");
        }
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        for html in [
            "a<div hidden>X<div>X</div>X</div>b",
            "a<div hidden=''>X<p>X</p></div>b",
            "a<span style='color:red; DISPLAY : none !important'>X<span>X</span>X</span>b",
            "a<i style=visibility:hidden>X</i>b",
            "a<b aria-hidden=true>X</b><b aria-hidden=false></b>b",
            "a<script>'<p>X</p>'</script><style>X</style><template><p>X</p></template><noscript>X</noscript>b",
            "<title>X</title>a<iframe>X</iframe><dialog>X</dialog><video>X</video>b",
            "a<span style='mso-hide:all'>X</span>b",
        ] {
            assert_eq!(shown(html).replace('\n', ""), "ab", "{html}");
        }
        // The end of a hidden element is seen where HTML implies it.
        assert_eq!(shown("<ul><li hidden>X<li>a</ul><p hidden>X<div>b</div>"), "• a\n\nb");
        assert_eq!(shown("<table><tr hidden><td>X<tr><td>a<td style='display:none'>X<td>b</table>"), "a\tb");
        assert_eq!(shown("<p>a <span style='display:none'>X</p>b"), "a\n\nb");
        assert_eq!(shown("<body hidden>a <dialog open>b</dialog>"), "a\nb");
    }

    #[test]
    fn a_list_of_word_is_a_list() {
        let item = |text: &str| {
            format!(
                "<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>\
                 <span lang=EN-US style='font-family:Wingdings;\nmso-list:Ignore'>l<span style='font:7.0pt \"Times New Roman\"'>\
                 &nbsp;&nbsp; </span></span><![endif]>{text}<o:p></o:p></p>\n"
            )
        };
        let line = "<h2>Work</h2>\n<p class=MsoNormal>Fitter<span style='mso-tab-count:1'>&nbsp;&nbsp; </span>2019</p>\n";
        let html = format!("{line}{}{}<p class=MsoNormal>Leeds</p>", item("Set up\npresses"), item("换型"));
        assert_eq!(shown(&html), "Work\n\nFitter\t2019\n• Set up presses\n• 换型\nLeeds");
    }

    #[test]
    fn changes_that_are_tracked_are_taken_as_accepted() {
        let mut notices = Vec::new();
        let text = read(b"<p>four <del>two</del><ins>five</ins>", &Limits::default(), &mut notices).unwrap();
        assert_eq!((text.trim(), notices.len(), notices[0].kind), ("four five", 1, NoticeKind::TrackedChanges));
    }

    #[test]
    fn the_encoding_is_the_one_that_the_page_names() {
        let meta = "<meta http-equiv=Content-Type content=\"text/html; charset=";
        let page = |label: &str| format!("<html><head>{meta}{label}\"></head><body>简历：焊接 café</body></html>");
        let utf16 = |page: &str| [0xfeff].into_iter().chain(page.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let read = |bytes: &[u8]| {
            let mut notices = Vec::new();
            (super::read(bytes, &Limits::default(), &mut notices).unwrap(), notices.len())
        };
        let expected = ("简历：焊接 café".to_owned(), 0);
        assert_eq!(read(page("UTF-8").as_bytes()), expected);
        assert_eq!(read(&GB18030.encode(&page("gb2312")).0), expected);
        assert_eq!(read(&GB18030.encode(&page("unknown")).0), expected);
        assert_eq!(read(&utf16(&page("gb2312"))), expected);
        assert_eq!(read(b"<meta charset=iso-8859-1>caf\xe9 \x93q\x94"), ("café “q”".to_owned(), 0));
        assert_eq!(read("<?xml version='1.0' encoding='gbk'?>焊".as_bytes()).0, "焊", "in UTF-8 all the same");
        assert_eq!(read(b"<meta charset=utf-8><p>caf\xe9").1, 1, "a letter is lost");
    }

    #[test]
    fn a_page_without_text_says_why() {
        let error = |html: &str| read(html.as_bytes(), &Limits::default(), &mut Vec::new()).unwrap_err().kind();
        let program = "<script>start()</script><noscript>Turn scripts on.</noscript>";
        assert_eq!(error(&format!("<html><body><div id=root></div>{program}</body></html>")), "script_page");
        assert_eq!(error("<html><head><title>CV</title><style>p {}"), "damaged");
        assert_eq!(error("<p hidden>Skills"), "empty");
        assert_eq!(error(&"<div>".repeat(257)), "over_budget");
        assert_eq!(shown(&format!("{}a", "<b><p><li><font color=red>".repeat(1000))), "• a");
    }
}
