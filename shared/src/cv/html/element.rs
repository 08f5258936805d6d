//! What the name and the attributes of an element say of how it is shown. Not what stands around it: that is `html`.

/// How an element takes part in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words in a line: all unknown names too.
    Inline,
    /// Lines of its own.
    Block,
    /// Lines of its own with a margin (HTML, 15.3): an empty line before and after.
    Spaced,
    /// As `Spaced`, and no list item.
    Heading,
    /// Opens with a bullet.
    Item,
    /// A table row.
    Row,
    /// A table cell.
    Cell,
    /// Not shown, or not as text.
    Skipped,
    /// Without content.
    Void,
}

/// The kind that an element has by its name.
pub fn kind(name: &[u8]) -> Kind {
    match name {
        b"script" | b"style" | b"template" | b"title" | b"noscript" | b"svg" | b"math" | b"iframe" | b"object" | b"applet"
        | b"video" | b"audio" | b"canvas" | b"select" | b"datalist" | b"progress" | b"meter" | b"noembed" | b"noframes"
        | b"frameset" | b"rt" | b"rp" | b"xml" | b"del" => Kind::Skipped,
        b"area" | b"base" | b"basefont" | b"bgsound" | b"br" | b"col" | b"embed" | b"frame" | b"hr" | b"img" | b"input"
        | b"keygen" | b"link" | b"meta" | b"param" | b"source" | b"track" | b"wbr" => Kind::Void,
        b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Kind::Heading,
        b"p" | b"ul" | b"ol" | b"menu" | b"dir" | b"dl" | b"blockquote" | b"figure" | b"pre" | b"listing" | b"xmp" => Kind::Spaced,
        b"li" => Kind::Item,
        b"tr" => Kind::Row,
        b"td" | b"th" => Kind::Cell,
        b"address" | b"article" | b"aside" | b"caption" | b"center" | b"dd" | b"details" | b"dialog" | b"div" | b"dt"
        | b"fieldset" | b"figcaption" | b"footer" | b"form" | b"header" | b"hgroup" | b"legend" | b"main" | b"nav"
        | b"plaintext" | b"search" | b"section" | b"summary" | b"table" | b"tbody" | b"tfoot" | b"thead" | b"textarea" => Kind::Block,
        _ => Kind::Inline,
    }
}

/// True where the end of element `name` does not reach beyond an open `other`.
pub fn bars(name: &[u8], other: &[u8]) -> bool {
    match name {
        b"table" => false,
        b"td" | b"th" | b"tr" | b"tbody" | b"thead" | b"tfoot" | b"caption" => other == b"table",
        b"li" => matches!(other, b"ul" | b"ol" | b"menu" | b"dir" | b"td" | b"th" | b"table"),
        _ => matches!(other, b"td" | b"th" | b"caption" | b"table"),
    }
}

/// The start tag being read: its name and what its attributes say.
#[derive(Default)]
pub struct Tag {
    /// In small letters.
    pub name: Vec<u8>,
    attribute: Vec<u8>,
    /// Not shown.
    pub hidden: bool,
    /// It has the attribute `open`.
    pub opened: bool,
    /// `display` makes a block of it.
    pub block: bool,
    /// White space stays.
    pub preserved: bool,
    /// A paragraph of Word: its margin is in its style sheet, as a rule none.
    pub word: bool,
    /// A list item of Word.
    pub listed: bool,
    /// A tab of Word.
    pub tab: bool,
}

impl Tag {
    /// A tag without attributes.
    pub fn new(name: &[u8]) -> Self {
        Self { name: name.to_vec(), ..Self::default() }
    }

    /// Takes the name of an attribute in.
    pub fn attribute(&mut self, name: &[u8]) {
        self.attribute = name.to_vec();
        self.hidden |= name == b"hidden";
        self.opened |= name == b"open";
    }

    /// Takes the value of that attribute in.
    pub fn value(&mut self, value: &str) {
        match self.attribute.as_slice() {
            b"aria-hidden" => self.hidden |= value.trim().eq_ignore_ascii_case("true"),
            b"class" => self.word |= value.trim_start().starts_with("Mso"),
            b"style" => value.split(';').filter_map(|rule| rule.split_once(':')).for_each(|(key, value)| self.rule(key, value)),
            _ => {}
        }
    }

    /// A declaration of its style attribute.
    fn rule(&mut self, key: &str, value: &str) {
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        match (key.as_str(), value.split(|c: char| c.is_whitespace() || c == '!').next().unwrap_or("")) {
            ("display", "none") | ("visibility", "hidden" | "collapse") => self.hidden = true,
            ("mso-hide", "all") | ("mso-list", "ignore") => self.hidden = true,
            ("display", "block" | "flex" | "grid" | "list-item" | "table" | "flow-root") => self.block = true,
            ("white-space", "pre" | "pre-wrap" | "pre-line" | "break-spaces") => self.preserved = true,
            ("mso-list", first) if first != "none" => self.listed = true,
            ("mso-tab-count", _) => self.tab = true,
            _ => {}
        }
    }
}
