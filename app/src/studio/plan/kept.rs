//! Plan and profile kept on the device, only when asked, sealed with a pass phrase. The page stores what is sealed and hands it
//! back (`parts::drawn`); it never sees a key.
use super::changes;
use super::words::words;
use crate::i18n::Lang;
use crate::studio::html::{escaped, said, tag};
use crate::studio::sealed::{self, Random};
use crate::studio::Studio;
use crate::worker::protocol::{Draw, DrawnFile, KEPT};

/// Fewest characters of a pass phrase. Ours: it can be tried without end by who has the device.
const PHRASE_MIN: usize = 12;

/// What became of the last attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The pass phrase is too short; nothing was kept.
    Short,
    /// It could not be sealed.
    NotSealed,
    /// It was sealed and handed to the page.
    Sealed,
    /// The pass phrase does not open it.
    Wrong,
    /// It was handed to the page to be deleted.
    Deleted,
}

/// True where the page has something kept.
fn is_there(call: &Draw) -> bool {
    call.asked.iter().any(|(of, _)| of == KEPT)
}

/// The plan as it is kept; its name tells the page that it is no file.
pub fn seal(studio: &mut Studio, call: &Draw, random: Option<&Random>) -> Option<DrawnFile> {
    let phrase = call.asked.iter().find(|(of, _)| of == "phrase").map_or("", |(_, words)| words);
    if phrase.chars().count() < PHRASE_MIN {
        studio.marks.told = Some(Told::Short);
        return None;
    }
    let sealed = changes::file(studio, call).zip(random).and_then(|(file, random)| sealed::seal(&file.text, phrase, random));
    studio.marks.told = Some(if sealed.is_some() { Told::Sealed } else { Told::NotSealed });
    Some(DrawnFile { name: KEPT.into(), text: sealed? })
}

/// What the page puts in place of what is kept: nothing.
pub fn delete(studio: &mut Studio) -> DrawnFile {
    studio.marks.told = Some(Told::Deleted);
    DrawnFile { name: KEPT.into(), text: String::new() }
}

/// Opens what is kept: the pass phrase, a line end, what was sealed. A wrong phrase changes nothing; that it was opened is said
/// as of a file.
pub fn open(studio: &mut Studio, bytes: &[u8]) {
    let parts = std::str::from_utf8(bytes).ok().and_then(|text| text.rsplit_once('\n'));
    let opened = parts.and_then(|(phrase, sealed)| sealed::open(sealed, phrase));
    studio.marks.told = opened.is_none().then_some(Told::Wrong);
    if let Some(plan) = opened {
        changes::open(studio, plan.as_bytes());
    }
}

/// The section of the page; `plan` is there to be kept.
pub fn html(studio: &Studio, call: &Draw, plan: bool) -> String {
    let t = words(call.lang);
    let there = is_there(call);
    if !plan && !there {
        return told(studio, there, call.lang);
    }
    let field = format!(
        "<p class=\"field\"><label for=\"phrase\">{}</label> <input id=\"phrase\" type=\"password\" autocomplete=\"off\"> <span class=\"muted\">{}</span></p>",
        escaped(t.phrase),
        escaped(&t.phrase_note(&PHRASE_MIN.to_string()))
    );
    let button = |on: bool, attributes: &str, words: &str| if on { said(&format!("button type=\"button\" {attributes}"), words) } else { String::new() };
    let buttons = button(plan, "data-save=\"kept\"", t.keep) + &button(there, "data-open-kept=\"1\"", t.kept_open) + &button(there, "class=\"quiet\" data-save=\"kept-delete\"", t.kept_delete);
    let body = said("h2", t.kept_title) + &said("p", t.kept_lead) + &field + &tag("p class=\"row\"", &buttons);
    tag("section class=\"files kept\"", &(body + &told(studio, there, call.lang)))
}

fn told(studio: &Studio, there: bool, lang: Lang) -> String {
    let t = words(lang);
    let (good, words) = match studio.marks.told {
        None => return String::new(),
        Some(Told::Short) => (false, t.kept_short),
        Some(Told::Sealed) if there => (true, t.kept_done),
        Some(Told::Sealed | Told::NotSealed) => (false, t.kept_failed),
        Some(Told::Wrong) => (false, t.kept_wrong),
        Some(Told::Deleted) => (true, t.kept_deleted),
    };
    if good { said("p class=\"note\" role=\"status\"", words) } else { tag("div class=\"message\" role=\"alert\"", &said("p", words)) }
}
