//! Our Chinese names (`*.zh.tsv`): id, English, Chinese, `zh_status`. One that nobody has reread is a `draft`, and is not used.
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads the reviewed names of a table: id → English, Chinese.
///
/// # Errors
/// file:line of a line that is no name.
pub fn read(path: &Path) -> Result<BTreeMap<String, [String; 2]>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut names = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [id, en, zh, "reviewed"] if !zh.is_empty() => {
                names.insert(id.to_owned(), [en.to_owned(), zh.to_owned()]);
            }
            [_, _, _, "draft"] => {}
            _ => bail!("{}:{}: expected id, English, Chinese, and `draft` or `reviewed`", path.display(), at + 1),
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_left_out_and_a_line_of_another_form_is_named() {
        let path = std::env::temp_dir().join(format!("waymark-names-{}.tsv", std::process::id()));
        std::fs::write(&path, "1\tOne\t一\treviewed\n2\tTwo\t二\tdraft\n").unwrap();
        assert_eq!(read(&path).unwrap().keys().collect::<Vec<_>>(), ["1"]);
        std::fs::write(&path, "1\tOne\t一\treviewed\n2\tTwo\t二\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains(".tsv:2: "));
        std::fs::remove_file(&path).unwrap();
    }
}
