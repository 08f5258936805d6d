//! The characters of an embedded TrueType font's glyphs, from its own `cmap` table. Not its outlines.
use std::collections::BTreeMap;

/// The first character of every glyph number; empty where the font has no Unicode table.
pub fn characters(font: &[u8]) -> BTreeMap<u32, char> {
    table(font).unwrap_or_default()
}

fn table(font: &[u8]) -> Option<BTreeMap<u32, char>> {
    let count = usize::from(u16_at(font, 4)?);
    let record = (0..count).map(|i| 12 + i * 16).find(|at| font.get(*at..at + 4) == Some(b"cmap"))?;
    let cmap = font.get(usize::try_from(u32_at(font, record + 8)?).ok()?..)?;
    // Platform and encoding; Unicode tables before others.
    let tables: Vec<(u16, u16, usize)> = (0..usize::from(u16_at(cmap, 2)?))
        .filter_map(|i| Some((u16_at(cmap, 4 + i * 8)?, u16_at(cmap, 6 + i * 8)?, usize::try_from(u32_at(cmap, 8 + i * 8)?).ok()?)))
        .collect();
    let rank = |t: &&(u16, u16, usize)| match (t.0, t.1) {
        (3, 10) | (0, 4..) => 3,
        (3, 1) | (0, _) => 2,
        (3, 0) => 1,
        _ => 0,
    };
    let best = tables.iter().max_by_key(rank)?;
    if rank(&best) == 0 {
        return None;
    }
    let sub = cmap.get(best.2..)?;
    let mut found = BTreeMap::new();
    let note = |found: &mut BTreeMap<u32, char>, glyph: u32, character: u32| {
        // The symbol tables of old fonts lie at U+F000.
        let character = if best.0 == 3 && best.1 == 0 && (0xf020..0xf100).contains(&character) { character - 0xf000 } else { character };
        if glyph != 0
            && let Some(c) = char::from_u32(character)
        {
            found.entry(glyph).or_insert(c);
        }
    };
    match u16_at(sub, 0)? {
        4 => {
            let segments = usize::from(u16_at(sub, 6)?) / 2;
            let mut left = 1 << 17;
            for i in 0..segments {
                let end = u16_at(sub, 14 + i * 2)?;
                let start = u16_at(sub, 16 + segments * 2 + i * 2)?;
                let delta = u16_at(sub, 16 + segments * 4 + i * 2)?;
                let offset_at = 16 + segments * 6 + i * 2;
                let offset = usize::from(u16_at(sub, offset_at)?);
                for code in start..=end.min(0xfffe) {
                    left -= 1;
                    if left == 0 {
                        return Some(found);
                    }
                    let glyph = if offset == 0 {
                        code.wrapping_add(delta)
                    } else {
                        match u16_at(sub, offset_at + offset + usize::from(code - start) * 2) {
                            Some(0) | None => 0,
                            Some(glyph) => glyph.wrapping_add(delta),
                        }
                    };
                    note(&mut found, u32::from(glyph), u32::from(code));
                }
            }
        }
        6 => {
            let first = u32::from(u16_at(sub, 6)?);
            for i in 0..usize::from(u16_at(sub, 8)?) {
                note(&mut found, u32::from(u16_at(sub, 10 + i * 2)?), first + u32::try_from(i).ok()?);
            }
        }
        12 => {
            let groups = usize::try_from(u32_at(sub, 12)?).ok()?.min(sub.len() / 12);
            // A font has at most 65,536 glyphs.
            let mut left = 65_536_u32;
            for i in 0..groups {
                let (start, end, glyph) = (u32_at(sub, 16 + i * 12)?, u32_at(sub, 20 + i * 12)?, u32_at(sub, 24 + i * 12)?);
                let length = end.saturating_sub(start).min(left);
                left -= length;
                for step in 0..=length {
                    note(&mut found, glyph.saturating_add(step), start.saturating_add(step));
                }
            }
        }
        _ => {}
    }
    Some(found)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
