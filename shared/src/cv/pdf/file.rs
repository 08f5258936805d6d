//! Where the objects of a PDF lie: cross-references, object streams, the page tree; rebuilt by a scan where broken.
//! Not what the pages say.
use super::crypt::Crypt;
use super::filter::{Budget, decode};
use super::object::{Dict, Lexer, Obj, Stream};
use crate::cv::{CvError, Limits, within};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How many references in a row are followed, and how deep the page tree may be.
const DEEPEST: usize = 48;
/// The most objects that a file may list.
const MOST_OBJECTS: usize = 1 << 20;
/// The most bytes searched for the ends of streams with a wrong length, over all streams.
const MOST_SEARCHED: usize = 256 << 20;

#[derive(Clone, Copy, Debug)]
enum Entry {
    At(usize),
    /// In an object stream.
    In(u32),
}

/// A page: its dictionary with what it inherits.
pub struct Page {
    pub dict: Rc<Dict>,
    pub resources: Obj,
}

/// An opened PDF.
pub struct File<'b> {
    bytes: &'b [u8],
    entries: RefCell<BTreeMap<u32, Entry>>,
    cache: RefCell<BTreeMap<u32, Obj>>,
    /// Object streams, inflated: the objects by number.
    packed: RefCell<BTreeMap<u32, Rc<BTreeMap<u32, Obj>>>>,
    loading: RefCell<BTreeSet<u32>>,
    rebuilt: Cell<bool>,
    /// Bytes that may still be searched for the ends of streams.
    search_bytes: Cell<usize>,
    trailer: RefCell<Dict>,
    crypt: Option<Crypt>,
    pub budget: Budget,
}

impl<'b> File<'b> {
    /// Opens a file, with the password if it asks for one.
    ///
    /// # Errors
    /// Protected or without any object.
    pub fn open(bytes: &'b [u8], password: Option<&str>, limits: &Limits) -> Result<Self, CvError> {
        // Offsets count from the header, which junk may precede.
        let header = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
        let bytes = bytes.get(header..).unwrap_or(bytes);
        let mut file = Self {
            bytes,
            entries: RefCell::default(),
            cache: RefCell::default(),
            packed: RefCell::default(),
            loading: RefCell::default(),
            rebuilt: Cell::new(false),
            search_bytes: Cell::new(MOST_SEARCHED),
            trailer: RefCell::default(),
            crypt: None,
            budget: Budget::new(limits.inflated_bytes),
        };
        file.cross_references();
        if file.root().dict().is_none() {
            file.rebuild();
        }
        if file.entries.borrow().is_empty() {
            return Err(CvError::damaged("no objects"));
        }
        let trailer = file.trailer.borrow().clone();
        let encrypt = file.get(trailer.get("Encrypt"));
        if let Some(dict) = encrypt.dict() {
            let id = file.get(trailer.get("ID"));
            let id = id.array().first().map(|o| file.get(o)).and_then(|o| o.bytes().map(<[u8]>::to_vec)).unwrap_or_default();
            let crypt = Crypt::open(dict, &id, password, &|o| file.get(o))?;
            // What was read before the cipher was known is read again.
            file.cache.borrow_mut().clear();
            file.packed.borrow_mut().clear();
            file.crypt = Some(crypt);
            if file.rebuilt.get() {
                file.unpack_all();
            }
        }
        Ok(file)
    }

    /// True where the end of the file is missing.
    pub fn cut_off(&self) -> bool {
        let tail = self.bytes.get(self.bytes.len().saturating_sub(2048)..).unwrap_or(self.bytes);
        self.rebuilt.get() && !tail.windows(5).any(|w| w == b"%%EOF")
    }

    /// True where the cross-references were broken.
    pub fn was_rebuilt(&self) -> bool {
        self.rebuilt.get()
    }

    /// The object itself, references followed.
    pub fn get(&self, obj: &Obj) -> Obj {
        let mut found = obj.clone();
        for _ in 0..DEEPEST {
            let Obj::Ref(number) = found else { return found };
            found = self.load(number);
        }
        Obj::Null
    }

    /// The catalog. The trailer is not held while it is looked up, which may rebuild the file.
    fn root(&self) -> Obj {
        let reference = self.trailer.borrow().get("Root").clone();
        self.get(&reference)
    }

    /// The value of a key, references followed.
    pub fn of(&self, dict: &Dict, key: &str) -> Obj {
        self.get(dict.get(key))
    }

    /// The unfiltered bytes of a stream; `None` for pictures and unknown filters.
    pub fn data(&self, stream: &Stream) -> Option<Vec<u8>> {
        let raw = self.bytes.get(stream.start..stream.end)?;
        let own = stream.dict.get("Type").name() == Some("XRef");
        let raw = match &self.crypt {
            Some(crypt) if !own => crypt.stream(stream.id, raw),
            _ => raw.to_vec(),
        };
        decode(raw, &stream.dict, &self.budget, &|o| self.get(o))
    }

    fn load(&self, number: u32) -> Obj {
        if let Some(known) = self.cache.borrow().get(&number) {
            return known.clone();
        }
        // A stream whose length is itself, an object stream within itself.
        if self.loading.borrow().len() > DEEPEST || !self.loading.borrow_mut().insert(number) {
            return Obj::Null;
        }
        let entry = self.entries.borrow().get(&number).copied();
        let found = match entry {
            Some(Entry::At(at)) => match self.object_at(at, Some(number)) {
                Some(found) => found,
                None if !self.rebuilt.get() => {
                    self.rebuild();
                    let again = self.entries.borrow().get(&number).copied();
                    match again {
                        Some(Entry::At(at)) => self.object_at(at, Some(number)).unwrap_or(Obj::Null),
                        Some(Entry::In(stream)) => self.packed_object(stream, number),
                        None => Obj::Null,
                    }
                }
                None => Obj::Null,
            },
            Some(Entry::In(stream)) => self.packed_object(stream, number),
            None => Obj::Null,
        };
        self.loading.borrow_mut().remove(&number);
        self.cache.borrow_mut().insert(number, found.clone());
        found
    }

    /// The object `n g obj …` at an offset, deciphered; `None` where something else stands there.
    fn object_at(&self, at: usize, expected: Option<u32>) -> Option<Obj> {
        let mut lexer = Lexer::new(self.bytes, at);
        let number = u32::try_from(lexer.operand()?.int()?).ok()?;
        let generation = u16::try_from(lexer.operand()?.int()?).ok()?;
        if expected.is_some_and(|n| n != number) || !matches!(lexer.operand()?, Obj::Word(w) if &*w == "obj") {
            return None;
        }
        let object = lexer.object()?;
        let id = (number, generation);
        if let Obj::Dict(dict) = &object {
            let mut after = lexer.clone();
            if matches!(after.operand(), Some(Obj::Word(w)) if &*w == "stream") {
                return Some(self.stream_at(after.at, self.deciphered_dict(dict, id), id));
            }
        }
        Some(self.deciphered(&object, id))
    }

    fn stream_at(&self, mut at: usize, dict: Dict, id: (u32, u16)) -> Obj {
        if self.bytes.get(at) == Some(&b'\r') {
            at += 1;
        }
        if self.bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
        let length = self.of(&dict, "Length").int().and_then(|n| usize::try_from(n).ok());
        let ends = |end: usize| {
            let tail = self.bytes.get(end..).unwrap_or(&[]);
            let blanks = tail.iter().take(4).take_while(|b| b.is_ascii_whitespace()).count();
            tail.get(blanks..).is_some_and(|t| t.starts_with(b"endstream"))
        };
        let end = match length.and_then(|n| at.checked_add(n)).filter(|end| ends(*end)) {
            Some(end) => end,
            None => {
                let left = self.search_bytes.get();
                let rest = self.bytes.get(at..self.bytes.len().min(at.saturating_add(left))).unwrap_or(&[]);
                let end = find(rest, b"endstream").or_else(|| find(rest, b"endobj")).map_or(self.bytes.len(), |n| at + n);
                self.search_bytes.set(left.saturating_sub(end.saturating_sub(at)));
                end.max(at)
            }
        };
        Obj::Stream(Rc::new(Stream { dict, start: at, end, id }))
    }

    fn deciphered_dict(&self, dict: &Dict, id: (u32, u16)) -> Dict {
        if self.crypt.is_none() {
            return dict.clone();
        }
        Dict(dict.0.iter().map(|(k, v)| (k.clone(), self.deciphered(v, id))).collect())
    }

    fn deciphered(&self, object: &Obj, id: (u32, u16)) -> Obj {
        let Some(crypt) = &self.crypt else { return object.clone() };
        match object {
            Obj::Str(bytes) => Obj::Str(crypt.string(id, bytes).into()),
            Obj::Array(items) => Obj::Array(Rc::new(items.iter().map(|o| self.deciphered(o, id)).collect())),
            Obj::Dict(dict) => Obj::Dict(Rc::new(self.deciphered_dict(dict, id))),
            other => other.clone(),
        }
    }

    fn packed_object(&self, stream: u32, number: u32) -> Obj {
        let known = self.packed.borrow().get(&stream).cloned();
        let objects = known.unwrap_or_else(|| {
            let objects = Rc::new(self.unpack(stream));
            self.packed.borrow_mut().insert(stream, objects.clone());
            objects
        });
        objects.get(&number).cloned().unwrap_or(Obj::Null)
    }

    fn unpack(&self, number: u32) -> BTreeMap<u32, Obj> {
        let mut objects = BTreeMap::new();
        let Obj::Stream(stream) = self.load(number) else { return objects };
        let Some(data) = self.data(&stream) else { return objects };
        let int = |key: &str| self.of(&stream.dict, key).int().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let (count, first) = (int("N").min(MOST_OBJECTS), int("First"));
        let mut index = Lexer::new(&data, 0);
        for _ in 0..count {
            let Some(own) = index.operand().and_then(|o| o.int()) else { break };
            let Some(at) = index.operand().and_then(|o| o.int()) else { break };
            if let (Ok(own), Ok(at)) = (u32::try_from(own), usize::try_from(at))
                && let Some(object) = Lexer::new(&data, first.saturating_add(at)).object()
            {
                objects.insert(own, object);
            }
        }
        objects
    }

    /// Follows the chain of cross-reference tables and streams from `startxref`.
    fn cross_references(&self) {
        let from = self.bytes.len().saturating_sub(2048);
        let tail = self.bytes.get(from..).unwrap_or(self.bytes);
        let Some(at) = tail.windows(9).rposition(|w| w == b"startxref") else { return };
        let mut waiting: Vec<usize> = Lexer::new(tail, at + 9).operand().and_then(|o| o.int()).and_then(|n| usize::try_from(n).ok()).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(at) = waiting.pop() {
            if !seen.insert(at) {
                continue;
            }
            let mut lexer = Lexer::new(self.bytes, at);
            let dict = match lexer.operand() {
                Some(Obj::Word(word)) if &*word == "xref" => self.table(&mut lexer),
                Some(_) => self.cross_stream(at),
                None => None,
            };
            let Some(dict) = dict else { continue };
            // The table of an older revision comes last; a hybrid's stream before it.
            for key in ["Prev", "XRefStm"] {
                waiting.extend(dict.get(key).int().and_then(|n| usize::try_from(n).ok()));
            }
            let mut trailer = self.trailer.borrow_mut();
            for (key, value) in dict.0 {
                trailer.0.entry(key).or_insert(value);
            }
        }
    }

    fn note(&self, number: u32, entry: Entry) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() < MOST_OBJECTS {
            entries.entry(number).or_insert(entry);
        }
    }

    fn table(&self, lexer: &mut Lexer<'_>) -> Option<Dict> {
        loop {
            match lexer.operand()? {
                Obj::Word(word) if &*word == "trailer" => return lexer.object()?.dict().cloned(),
                Obj::Int(first) => {
                    let count = lexer.operand()?.int()?;
                    for offset in 0..count {
                        let at = usize::try_from(lexer.operand()?.int()?).unwrap_or(0);
                        lexer.operand()?;
                        let Obj::Word(kind) = lexer.operand()? else { return None };
                        if &*kind == "n"
                            && at > 0
                            && let Ok(number) = u32::try_from(first.saturating_add(offset))
                        {
                            self.note(number, Entry::At(at));
                        }
                    }
                }
                _ => return None,
            }
        }
    }

    fn cross_stream(&self, at: usize) -> Option<Dict> {
        let Some(Obj::Stream(stream)) = self.object_at(at, None) else { return None };
        let data = self.data(&stream)?;
        let widths: Vec<usize> = stream.dict.get("W").array().iter().filter_map(|o| usize::try_from(o.int()?).ok()).map(|w| w.min(8)).collect();
        let [kind_width, at_width, more_width] = widths[..] else { return None };
        let index: Vec<i64> = match stream.dict.get("Index").array() {
            [] => vec![0, stream.dict.get("Size").int().unwrap_or(0)],
            pairs => pairs.iter().filter_map(Obj::int).collect(),
        };
        let total = kind_width + at_width + more_width;
        let mut rows = data.chunks_exact(total.max(1));
        let field = |row: &[u8], from: usize, width: usize| row.iter().skip(from).take(width).fold(0_u64, |n, b| n << 8 | u64::from(*b));
        for pair in index.chunks_exact(2) {
            for offset in 0..pair[1] {
                let Some(row) = rows.next() else { break };
                let kind = if kind_width == 0 { 1 } else { field(row, 0, kind_width) };
                let at = usize::try_from(field(row, kind_width, at_width)).unwrap_or(0);
                let Ok(number) = u32::try_from(pair[0].saturating_add(offset)) else { break };
                match kind {
                    1 => self.note(number, Entry::At(at)),
                    2 => self.note(number, Entry::In(u32::try_from(at).unwrap_or(0))),
                    _ => {}
                }
            }
        }
        Some(stream.dict.clone())
    }

    /// Finds the objects by a scan for `n g obj`; the last of a number counts.
    fn rebuild(&self) {
        if self.rebuilt.replace(true) {
            return;
        }
        let mut starts: Vec<(usize, u32)> = Vec::new();
        let mut from = 0;
        while let Some(step) = find(self.bytes.get(from..).unwrap_or(&[]), b"obj") {
            let at = from + step;
            from = at + 3;
            if let Some((start, number)) = self.heading_before(at)
                && starts.len() < MOST_OBJECTS
            {
                starts.push((start, number));
            }
        }
        let mut entries = BTreeMap::new();
        let mut trailer = Dict::default();
        for (place, (start, number)) in starts.iter().enumerate() {
            entries.insert(*number, Entry::At(*start));
            let end = starts.get(place + 1).map_or(self.bytes.len(), |s| s.0);
            // Reading stops where the next object starts: no object is read twice.
            let mut lexer = Lexer::new(self.bytes.get(..end).unwrap_or(self.bytes), *start);
            for _ in 0..3 {
                lexer.operand();
            }
            lexer.skip_blanks();
            if self.bytes.get(lexer.at) != Some(&b'<') {
                continue;
            }
            let object = lexer.object();
            let Some(dict) = object.as_ref().and_then(Obj::dict) else { continue };
            match dict.get("Type").name() {
                Some("Catalog") => drop(trailer.0.insert("Root".into(), Obj::Ref(*number))),
                Some("XRef") => {
                    for key in ["Root", "Encrypt", "ID"] {
                        if !matches!(dict.get(key), Obj::Null) {
                            trailer.0.insert(key.into(), dict.get(key).clone());
                        }
                    }
                }
                _ => {}
            }
        }
        let mut from = 0;
        while let Some(step) = find(self.bytes.get(from..).unwrap_or(&[]), b"trailer") {
            from += step + 7;
            let mut lexer = Lexer::new(self.bytes.get(..(from + 4096).min(self.bytes.len())).unwrap_or(self.bytes), from);
            if let Some(dict) = lexer.object().as_ref().and_then(Obj::dict) {
                for (key, value) in &dict.0 {
                    trailer.0.insert(key.clone(), value.clone());
                }
            }
        }
        *self.entries.borrow_mut() = entries;
        self.cache.borrow_mut().clear();
        self.packed.borrow_mut().clear();
        *self.trailer.borrow_mut() = trailer;
        if matches!(self.trailer.borrow().get("Encrypt"), Obj::Null) || self.crypt.is_some() {
            self.unpack_all();
        }
    }

    /// The start and number of `n g ` before `obj` at `at`.
    fn heading_before(&self, at: usize) -> Option<(usize, u32)> {
        let mut end = at;
        let mut back = |digits: bool| {
            let from = end;
            while end > 0 && self.bytes.get(end - 1).is_some_and(|b| if digits { b.is_ascii_digit() } else { b.is_ascii_whitespace() }) && from - end < 12 {
                end -= 1;
            }
            (end < from).then_some((end, from))
        };
        back(false)?;
        back(true)?;
        back(false)?;
        let (start, stop) = back(true)?;
        let number = std::str::from_utf8(self.bytes.get(start..stop)?).ok()?.parse().ok()?;
        Some((start, number))
    }

    /// Lists the objects of every object stream, after a rebuild.
    fn unpack_all(&self) {
        let numbers: Vec<u32> = self.entries.borrow().keys().copied().collect();
        for number in numbers {
            let Obj::Stream(stream) = self.load(number) else { continue };
            if stream.dict.get("Type").name() != Some("ObjStm") {
                continue;
            }
            let objects = Rc::new(self.unpack(number));
            for (own, object) in objects.iter() {
                self.note(*own, Entry::In(number));
                if object.dict().is_some_and(|d| d.get("Type").name() == Some("Catalog")) {
                    self.trailer.borrow_mut().0.entry("Root".into()).or_insert(Obj::Ref(*own));
                }
            }
            self.packed.borrow_mut().insert(number, objects);
        }
    }

    /// The pages in order. Where the tree is lost, every page object by number.
    ///
    /// # Errors
    /// More pages than the budget.
    pub fn pages(&self, limits: &Limits) -> Result<Vec<Page>, CvError> {
        let mut pages = self.tree(limits)?;
        if pages.is_empty() && !self.rebuilt.get() {
            self.rebuild();
            pages = self.tree(limits)?;
        }
        if pages.is_empty() {
            let numbers: Vec<u32> = self.entries.borrow().keys().copied().collect();
            for number in numbers {
                if let Obj::Dict(dict) = self.load(number)
                    && dict.get("Type").name() == Some("Page")
                {
                    let mut resources = self.of(&dict, "Resources");
                    let mut above = self.of(&dict, "Parent");
                    for _ in 0..DEEPEST {
                        let Some(parent) = above.dict().cloned().filter(|_| resources.dict().is_none()) else { break };
                        resources = self.of(&parent, "Resources");
                        above = self.of(&parent, "Parent");
                    }
                    pages.push(Page { dict, resources });
                    within("pages", u64::try_from(pages.len()).unwrap_or(u64::MAX), limits.pages)?;
                }
            }
        }
        Ok(pages)
    }

    fn tree(&self, limits: &Limits) -> Result<Vec<Page>, CvError> {
        let Some(root) = self.root().dict().cloned() else { return Ok(Vec::new()) };
        let top = self.of(&root, "Pages");
        let declared = top.dict().and_then(|d| self.of(d, "Count").int()).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        let mut pages = Vec::new();
        let mut seen = BTreeSet::new();
        // Depth first; a node is entered once.
        let mut waiting = vec![(root.get("Pages").clone(), Obj::Null, 0_usize)];
        while let Some((node, inherited, depth)) = waiting.pop() {
            if let Obj::Ref(number) = node
                && !seen.insert(number)
            {
                continue;
            }
            let node = self.get(&node);
            let Some(dict) = node.dict() else { continue };
            let own = self.of(dict, "Resources");
            let resources = if own.dict().is_some() { own } else { inherited };
            let kids = self.of(dict, "Kids");
            let is_page = dict.get("Type").name() == Some("Page") || kids.array().is_empty() && !matches!(dict.get("Contents"), Obj::Null);
            if is_page {
                pages.push(Page { dict: Rc::new(dict.clone()), resources });
                if u64::try_from(pages.len()).unwrap_or(u64::MAX) > limits.pages {
                    within("pages", declared.max(limits.pages + 1), limits.pages)?;
                }
            } else if depth < DEEPEST {
                waiting.extend(kids.array().iter().rev().map(|kid| (kid.clone(), resources.clone(), depth + 1)));
            }
        }
        Ok(pages)
    }
}

/// Where `needle` first stands.
pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|w| w == needle)
}
