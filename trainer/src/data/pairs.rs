//! Pairs of texts that mean the same: O*NET's tasks with their work activities, our Chinese names with the English ones,
//! our aliases with the names. They teach the encoder's vectors to meet. Every second major group of tasks and every
//! second Chinese name is held out: what linking is measured on.
use super::names;
use crate::pack::sheet::columns;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;
use waymark_shared::model::kernels::mix;

/// True for a major group of occupations (`11`, `13` …) that no training sees.
pub fn is_held_out_group(group: &str) -> bool {
    group.parse::<u32>().is_ok_and(|g| (g / 2).is_multiple_of(2))
}

/// True for a name, by its id, whose Chinese no training sees.
pub fn is_held_out_name(id: &str) -> bool {
    id.bytes().fold(11, |k, b| mix(k ^ u64::from(b))).is_multiple_of(2)
}

/// Reads the pairs of a file that may be trained on, told by its name: `Tasks_to_DWAs.xlsx`, `*.zh.tsv`, `aliases.tsv`
/// (with `activities.zh.tsv` and `elements.zh.tsv` beside it).
///
/// # Errors
/// A file that cannot be read, or of another name.
pub fn read(path: &Path) -> Result<Vec<(String, String)>> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |name: &str| name.trim_end_matches('.').to_owned();
    if name == "Tasks_to_DWAs.xlsx" {
        let rows = columns(path, None, 0, ["O*NET-SOC Code", "Task", "DWA Title"])?;
        return Ok(rows.into_iter().filter(|[code, ..]| !is_held_out_group(code.get(..2).unwrap_or(""))).map(|[_, task, activity]| (task, plain(&activity))).collect());
    }
    if name.ends_with(".zh.tsv") {
        return Ok(names::read(path)?.into_iter().filter(|(id, _)| !is_held_out_name(id)).map(|(_, [en, zh])| (zh, plain(&en))).collect());
    }
    if name == "aliases.tsv" {
        let mut named = BTreeMap::new();
        for file in ["activities.zh.tsv", "elements.zh.tsv"] {
            named.extend(names::read(&path.with_file_name(file))?);
        }
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        // A technology is told by its name alone: only what has a meaning beyond its name teaches vectors.
        return Ok(pairs.filter_map(|(alias, id)| named.get(id).map(|[en, _]| (alias.to_owned(), plain(en)))).collect());
    }
    bail!("{}: no pairs are known in a file of this name", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_out_gives_no_pair() {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/taxonomy");
        let all = names::read(&ours.join("activities.zh.tsv")).unwrap();
        let pairs = read(&ours.join("activities.zh.tsv")).unwrap();
        assert!(pairs.len() * 2 > all.len() * 9 / 10 && pairs.len() * 2 < all.len() * 11 / 10, "{} of {}", pairs.len(), all.len());
        let held: Vec<&String> = all.iter().filter(|(id, _)| is_held_out_name(id)).map(|(_, [_, zh])| zh).collect();
        assert!(pairs.iter().all(|(zh, _)| !held.contains(&zh)));
        assert!(!read(&ours.join("aliases.tsv")).unwrap().is_empty());
    }
}
