//! Text of HTML, put together so that nothing from outside is ever taken for a tag. Not what is said.
use std::fmt::Write;

/// A text as it may stand between tags and in quoted attributes.
pub use waymark_shared::chart::escape as escaped;

/// An element: tag with attributes as they stand in HTML (ours, never a person's words), and content already in HTML.
pub fn tag(tag: &str, content: &str) -> String {
    let name = tag.split(' ').next().unwrap_or(tag);
    format!("<{tag}>{content}</{name}>")
}

/// An element with a text.
pub fn said(name: &str, text: &str) -> String {
    tag(name, &escaped(text))
}

/// A place whose content is drawn anew when the state changes.
pub fn part(name: &str, content: &str) -> String {
    tag(&format!("div data-part=\"{name}\""), content)
}

/// A button that sets keys of the state.
pub fn setter(set: &str, pressed: Option<bool>, words: &str) -> String {
    let pressed = pressed.map(|on| format!(" aria-pressed=\"{on}\"")).unwrap_or_default();
    said(&format!("button type=\"button\" data-set=\"{}\"{pressed}", escaped(set)), words)
}

/// A control of choices, each a value with its words; `id` names it for its label and for focus.
pub fn select<'a>(id: &str, key: &str, label: &str, chosen: &str, choices: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut options = String::new();
    for (value, words) in choices {
        option(&mut options, value, words, value == chosen);
    }
    labelled_select(id, key, label, &options)
}

/// One choice.
pub fn option(out: &mut String, value: &str, words: &str, chosen: bool) {
    // Writing to a string cannot fail.
    let _ = write!(out, "<option value=\"{}\"{}>{}</option>", escaped(value), if chosen { " selected" } else { "" }, escaped(words));
}

/// A control of choices, given as HTML.
pub fn labelled_select(id: &str, key: &str, label: &str, options: &str) -> String {
    format!("<label for=\"{id}\">{}</label> <select id=\"{id}\" data-key=\"{key}\">{options}</select>", escaped(label))
}

/// A field whose words are looked up as they are typed; `ask` names them in the call.
pub fn find(id: &str, ask: &str, label: &str, hint: &str) -> String {
    let (label, hint) = (escaped(label), escaped(hint));
    format!("<div class=\"find\"><label for=\"{id}\">{label}</label> <input id=\"{id}\" type=\"search\" data-ask=\"{ask}\" placeholder=\"{hint}\" autocomplete=\"off\"></div>")
}

/// A button that takes a file, or several, each by itself; `accept` as in HTML.
pub fn opener(what: &str, accept: &str, several: bool, words: &str) -> String {
    let several = if several { " multiple" } else { "" };
    format!("<label class=\"button\">{}<input type=\"file\" accept=\"{accept}\" data-file=\"{what}\"{several}></label>", escaped(words))
}

/// A lever: its name, its two ends in words, and a part beside the name that says where it stands.
pub struct Lever<'a> {
    /// Key of the state.
    pub key: &'a str,
    /// What it moves.
    pub name: &'a str,
    /// Its ends, low and high.
    pub ends: [&'a str; 2],
    /// Least and greatest value, and the size of a step.
    pub range: [f64; 3],
    /// Where it stands.
    pub value: f64,
}

impl Lever<'_> {
    /// As HTML.
    pub fn html(&self) -> String {
        let [least, most, step] = self.range;
        let [low, high] = self.ends.map(escaped);
        let (key, name, value) = (self.key, escaped(self.name), self.value);
        format!(
            "<div class=\"lever\"><label for=\"lever-{key}\">{name}</label> <output for=\"lever-{key}\" data-part=\"value-{key}\"></output>\
             <input type=\"range\" id=\"lever-{key}\" data-key=\"{key}\" min=\"{least}\" max=\"{most}\" step=\"{step}\" value=\"{value}\">\
             <span class=\"ends\"><span>{low}</span><span>{high}</span></span></div>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_tag() {
        assert_eq!(said("p", "<img src=x onerror=\"a\"> & b"), "<p>&lt;img src=x onerror=&quot;a&quot;&gt; &amp; b</p>");
        assert_eq!(tag("p class=\"a\"", "b"), "<p class=\"a\">b</p>");
        let options = select("a", "k", "L", "2", [("1", "one"), ("2", "<two>")]);
        assert!(options.contains("<option value=\"2\" selected>&lt;two&gt;</option>"), "{options}");
    }
}
