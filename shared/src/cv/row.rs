//! A row of a table as lines of text. Not the reading of a table: that is `docx` and `html`.

/// The lines of a row, given the lines of each of its cells. A row of short cells is one line with tabs; one with a longer
/// cell is laid out cell after cell.
pub fn lines(cells: Vec<Vec<String>>) -> Vec<String> {
    let cells: Vec<Vec<String>> = cells
        .into_iter()
        .map(|cell| {
            let first = cell.iter().position(|l| !l.is_empty()).unwrap_or(cell.len());
            let last = cell.iter().rposition(|l| !l.is_empty()).map_or(first, |at| at + 1);
            cell.into_iter().skip(first).take(last - first).collect::<Vec<_>>()
        })
        .filter(|cell| !cell.is_empty())
        .collect();
    if cells.iter().all(|cell| cell.len() == 1 && cell.iter().all(|line| !line.contains('\n'))) {
        return vec![cells.concat().join("\t")];
    }
    cells.into_iter().flat_map(|cell| cell.into_iter().chain([String::new()])).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn short_cells_share_a_line_and_long_ones_follow_each_other() {
        let row = |cells: &[&[&str]]| super::lines(cells.iter().map(|cell| cell.iter().map(|l| (*l).to_owned()).collect()).collect());
        assert_eq!(row(&[&["", "Excel", ""], &[], &["ten years"]]), ["Excel\tten years"]);
        assert_eq!(row(&[&["2019"], &["Welder", "Ran a press"]]), ["2019", "", "Welder", "Ran a press", ""]);
    }
}
