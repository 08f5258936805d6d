//! PDF: the words of every page in reading order. Not pictures, links, scripts or attachments: nothing is run.
//!
//! `file` finds the objects, `content` runs the pages over `font`s, `layout` orders what stands on them.
use super::{CvError, Limits, Notice, NoticeKind};

mod cmap;
mod content;
mod crypt;
mod file;
mod filter;
mod font;
mod glyphs;
mod layout;
mod object;
mod truetype;

/// Reads the text of all pages, an empty line between two.
///
/// # Errors
/// Protected, scanned, damaged, over the budget of pages or bytes.
pub fn read(bytes: &[u8], password: Option<&str>, limits: &Limits, notices: &mut Vec<Notice>) -> Result<String, CvError> {
    let file = file::File::open(bytes, password, limits)?;
    let pages = file.pages(limits)?;
    if pages.is_empty() {
        return Err(CvError::damaged("no pages"));
    }
    let most_glyphs = usize::try_from(limits.text_bytes).unwrap_or(usize::MAX);
    let mut interpreter = content::Interpreter::new(&file, most_glyphs);
    let mut effort = layout::MOST_EFFORT;
    let (mut text, mut picture_pages, mut untold, mut told, mut painted) = (String::new(), 0, 0, 0, false);
    for page in &pages {
        let shows = interpreter.page(page);
        untold += shows.untold;
        told += shows.glyphs.len();
        painted |= shows.painted || shows.pictures > 0;
        let shown = layout::text(shows.glyphs, &mut effort);
        if shown.trim().is_empty() {
            picture_pages += usize::from(shows.pictures > 0);
        } else {
            text.push_str(&shown);
            text.push_str("\n\n");
        }
        if interpreter.cut {
            break;
        }
    }
    let read_any = text.chars().any(char::is_alphanumeric);
    if !read_any && (file.cut_off() || file.was_rebuilt() && !painted) {
        return Err(CvError::damaged("no readable page in what is left of the file"));
    }
    if !read_any && (file.budget.hit.get() || interpreter.cut) {
        return Err(CvError::OverBudget { what: "inflated bytes".to_owned(), found: limits.inflated_bytes + 1, limit: limits.inflated_bytes });
    }
    if !read_any {
        return Err(if painted || untold > 0 { CvError::Scan } else { CvError::Empty });
    }
    if file.cut_off() || file.budget.hit.get() || interpreter.cut {
        notices.push(Notice::new(NoticeKind::PartlyRead, "the file is cut off or over a budget"));
    } else if untold * 20 > told {
        notices.push(Notice::new(NoticeKind::PartlyRead, format!("{untold} glyphs of fonts without character codes")));
    }
    if picture_pages > 0 {
        notices.push(Notice::new(NoticeKind::PicturePages, format!("{picture_pages} of {} pages", pages.len())));
    }
    Ok(text)
}
