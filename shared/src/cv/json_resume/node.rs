//! JSON as far as a résumé needs it, read within a budget. Not `serde_json::Value`: there a million nulls are a million
//! values.
use super::super::{CvError, Limits};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// A résumé nests five deep, what programs add to it not much deeper.
const DEPTH: u64 = 32;

/// The object that a text opens with, and whether nothing stands behind it.
///
/// # Errors
/// No object, cut off or broken, over the depth or the bytes of text.
pub fn parse(source: &str, limits: &Limits) -> Result<(Node, bool), CvError> {
    let budget = Budget { left: Cell::new(limits.text_bytes), deep: Cell::new(false) };
    let mut json = serde_json::Deserializer::from_str(source);
    let root = Seed { budget: &budget, depth: 0 }.deserialize(&mut json).map_err(|error| budget.refusal(&error, limits))?;
    Ok((root, json.end().is_ok()))
}

/// What is worth keeping of JSON: numbers as their digits; no null, no truth value, nothing empty.
#[derive(Debug, PartialEq)]
pub enum Node {
    /// Null, true, false, empty.
    Nothing,
    /// A text that is not empty.
    Text(String),
    /// What a list holds.
    List(Vec<Node>),
    /// What an object holds, in the order of the file.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The keys and values of an object.
    pub fn entries(&self) -> &[(String, Node)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    /// What a key of a map holds; of two alike the first.
    pub fn get(&self, key: &str) -> &Node {
        self.entries().iter().find(|(k, _)| k == key).map_or(&Self::Nothing, |(_, node)| node)
    }

    /// The members of a list; a lone value is a list of one.
    pub fn items(&self) -> &[Node] {
        match self {
            Self::List(items) => items,
            Self::Nothing => &[],
            lone => std::slice::from_ref(lone),
        }
    }

    /// A text without the blanks around it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// The texts of a list.
    pub fn texts(&self) -> Vec<&str> {
        self.items().iter().filter_map(Node::text).collect()
    }

    /// The texts of these keys, of each all, in order.
    pub fn all(&self, keys: &[&str]) -> Vec<&str> {
        keys.iter().flat_map(|key| self.get(key).texts()).collect()
    }
}

/// What may still be kept.
struct Budget {
    /// Bytes.
    left: Cell<u64>,
    deep: Cell<bool>,
}

impl Budget {
    /// Takes a text in, or says that it is too much. A short one costs more than its bytes.
    fn take<E: Error>(&self, text: &str) -> Result<(), E> {
        let cost = u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_add(8);
        match self.left.get().checked_sub(cost) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.left.set(0);
                Err(E::custom("too much text"))
            }
        }
    }

    /// Why reading stopped.
    fn refusal(&self, error: &serde_json::Error, limits: &Limits) -> CvError {
        if self.deep.get() {
            CvError::OverBudget { what: "depth".to_owned(), found: DEPTH + 1, limit: DEPTH }
        } else if error.is_data() && self.left.get() == 0 {
            CvError::OverBudget { what: "text bytes".to_owned(), found: limits.text_bytes + 1, limit: limits.text_bytes }
        } else if error.is_data() {
            CvError::OtherJson { detail: "no object".to_owned() }
        } else {
            CvError::damaged(format!("JSON: {error}"))
        }
    }
}

/// Reads a value within the budget.
#[derive(Clone, Copy)]
struct Seed<'b> {
    budget: &'b Budget,
    depth: u64,
}

impl Seed<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth >= DEPTH {
            self.budget.deep.set(true);
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Node, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a résumé")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        if text.is_empty() {
            return Ok(Node::Nothing);
        }
        self.budget.take(text)?;
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Node, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        if self.depth == 0 {
            return Err(A::Error::custom("a list"));
        }
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self.inner()?)? {
            if item != Node::Nothing {
                items.push(item);
            }
        }
        Ok(if items.is_empty() { Node::Nothing } else { Node::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            // A photograph may be a megabyte of letters.
            if matches!(key.as_str(), "image" | "picture" | "photo") {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value_seed(self.inner()?)?;
            if value != Node::Nothing {
                self.budget.take(&key)?;
                entries.push((key, value));
            }
        }
        Ok(if entries.is_empty() { Node::Nothing } else { Node::Map(entries) })
    }
}
