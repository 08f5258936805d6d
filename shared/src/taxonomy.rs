//! What skills and occupations are called and how they belong together: O*NET's competences, the occupations of the
//! US projections, titles and weights, read from the pack. Not how a phrase finds its competence: that is `linker`; nor
//! which occupations a CV describes: `occupation`.
pub mod linker;
pub mod occupation;
pub mod words;

use crate::model::PackFiles;
pub use crate::span::CompetenceKind;
use crate::span::{LinkedBy, SpanLink};
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;

/// A competence: what a phrase of a CV can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competence {
    /// O*NET's element or activity id; for technologies `tech:` and its commodity code and name.
    pub id: String,
    /// Its kind.
    pub kind: CompetenceKind,
    /// English name, as O*NET has it.
    pub name_en: String,
    /// Our Chinese reference name; empty where the English is used in Chinese too.
    pub name_zh: String,
}

/// An occupation of the US National Employment Matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupation {
    /// Matrix code (SOC 2018 or a combination of such), as `51-2092`.
    pub soc: String,
    /// English name.
    pub name_en: String,
    /// Our Chinese reference name.
    pub name_zh: String,
}

/// Name vectors of one language, 8 bits a value, centred on their mean.
#[derive(Clone, Debug, Default)]
pub struct NameVectors {
    /// The competence of each row.
    pub of: Vec<u32>,
    /// Values, row after row.
    values: Vec<i8>,
    /// What each row is multiplied with.
    scales: Vec<f32>,
    /// What is taken off a vector of this language before it is compared.
    mean: Vec<f32>,
}

impl NameVectors {
    /// Centres vectors (length 1, rows of equal width) on their mean, brings them back to length 1 and rounds to 8 bits.
    pub fn pack(of: Vec<u32>, vectors: &[Vec<f32>]) -> Self {
        let width = vectors.first().map_or(0, Vec::len);
        let count = vectors.len().max(1) as f32;
        let mean: Vec<f32> = (0..width).map(|i| vectors.iter().map(|v| v[i]).sum::<f32>() / count).collect();
        let mut packed = Self { of, values: Vec::with_capacity(width * vectors.len()), scales: Vec::new(), mean };
        for vector in vectors {
            let vector = packed.centred(vector);
            let scale = vector.iter().fold(0f32, |m, v| m.max(v.abs())) / 127.0;
            packed.scales.push(scale);
            #[expect(clippy::cast_possible_truncation, reason = "rounded, and within ±127 by the choice of the scale")]
            packed.values.extend(vector.iter().map(|v| if scale > 0.0 { (v / scale).round() as i8 } else { 0 }));
        }
        packed
    }

    /// A vector off the mean, at length 1.
    pub fn centred(&self, vector: &[f32]) -> Vec<f32> {
        let mean = self.mean.iter().chain(std::iter::repeat(&0.0));
        let off: Vec<f32> = vector.iter().zip(mean).map(|(v, m)| v - m).collect();
        let norm = off.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-12);
        off.iter().map(|v| v / norm).collect()
    }

    /// The mean of the language alone, without a name to be found.
    pub fn without_names(&self) -> Self {
        Self { mean: self.mean.clone(), ..Self::default() }
    }

    /// Cosine of a centred vector with every row, −1..1.
    pub fn cosines<'a>(&'a self, centred: &'a [f32]) -> impl Iterator<Item = (u32, f32)> + 'a {
        let rows = self.values.chunks_exact(self.mean.len().max(1));
        self.of.iter().zip(rows.zip(&self.scales)).map(move |(of, (row, scale))| (*of, dot(row, centred) * scale))
    }

    /// The tensors under a name, as they are stored.
    pub fn tensors(&self, name: &str) -> Vec<(String, Dtype, Vec<usize>, Vec<u8>)> {
        let floats = |v: &[f32]| v.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        vec![
            (format!("{name}.of"), Dtype::U32, vec![self.of.len()], self.of.iter().flat_map(|v| v.to_le_bytes()).collect()),
            (name.into(), Dtype::I8, vec![self.of.len(), self.mean.len()], self.values.iter().map(|v| v.to_le_bytes()[0]).collect()),
            (format!("{name}.scale"), Dtype::F32, vec![self.scales.len()], floats(&self.scales)),
            (format!("{name}.mean"), Dtype::F32, vec![self.mean.len()], floats(&self.mean)),
        ]
    }

    fn read(tensors: &SafeTensors<'_>, name: &str) -> Result<Self, TaxonomyError> {
        let of: Vec<u32> = numbers(tensors, &format!("{name}.of"), Dtype::U32, u32::from_le_bytes)?;
        let values: Vec<i8> = numbers(tensors, name, Dtype::I8, i8::from_le_bytes)?;
        let scales: Vec<f32> = numbers(tensors, &format!("{name}.scale"), Dtype::F32, f32::from_le_bytes)?;
        let mean: Vec<f32> = numbers(tensors, &format!("{name}.mean"), Dtype::F32, f32::from_le_bytes)?;
        if scales.len() != of.len() || values.len() != of.len() * mean.len() {
            return Err(TaxonomyError::Malformed { file: VECTORS.into(), detail: format!("{name}: shapes do not agree") });
        }
        Ok(Self { of, values, scales, mean })
    }
}

/// Eight sums side by side: one would wait for itself.
fn dot(row: &[i8], with: &[f32]) -> f32 {
    const LANES: usize = 8;
    let ((rows, row_rest), (withs, with_rest)) = (row.as_chunks::<LANES>(), with.as_chunks::<LANES>());
    let mut sums = [0f32; LANES];
    for (row, with) in rows.iter().zip(withs) {
        sums = std::array::from_fn(|k| sums[k] + f32::from(row[k]) * with[k]);
    }
    sums.iter().sum::<f32>() + row_rest.iter().zip(with_rest).map(|(a, b)| f32::from(*a) * b).sum::<f32>()
}

/// Values of a tensor, little-endian.
fn numbers<const N: usize, T>(tensors: &SafeTensors<'_>, name: &str, dtype: Dtype, of: fn([u8; N]) -> T) -> Result<Vec<T>, TaxonomyError> {
    let bad = |detail: String| TaxonomyError::Malformed { file: VECTORS.into(), detail };
    let view = tensors.tensor(name).map_err(|e| bad(format!("{name}: {e}")))?;
    if view.dtype() != dtype {
        return Err(bad(format!("{name} is {:?}, not {dtype:?}", view.dtype())));
    }
    Ok(view.data().as_chunks::<N>().0.iter().map(|bytes| of(*bytes)).collect())
}

/// Names of competences: id, kind, English, Chinese.
pub const COMPETENCES: &str = "competences.tsv";
/// Other words for competences: words, id.
pub const ALIASES: &str = "aliases.tsv";
/// Occupations: code, English, Chinese.
pub const OCCUPATIONS: &str = "occupations.tsv";
/// Job titles: title, codes.
pub const TITLES: &str = "titles.tsv";
/// Competences of occupations: code, then `index:weight` pairs, weights 1..255.
pub const WEIGHTS: &str = "weights.tsv";
/// Vectors of the names, made by the encoder whose digest stands in the file's metadata.
pub const VECTORS: &str = "vectors.safetensors";
/// What was fitted for linking.
pub const LINKING: &str = "linking.json";

/// Why a taxonomy could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyError {
    /// A file is not there.
    #[error("the taxonomy lacks {0}")]
    Missing(String),
    /// A file does not parse.
    #[error("{file}: {detail}")]
    Malformed {
        /// Which.
        file: String,
        /// What is wrong.
        detail: String,
    },
    /// The vectors were made by another encoder than the one that is here.
    #[error("the vectors belong to encoder {vectors}, the model is {model}: run `waymark pack` again")]
    OtherEncoder {
        /// Digest that the vectors name.
        vectors: String,
        /// Digest of the encoder's file.
        model: String,
    },
}

/// Competences and occupations with all that linking needs.
#[derive(Debug, Default)]
pub struct Taxonomy {
    /// In the order of the file; everything else names them by their place here.
    pub competences: Vec<Competence>,
    /// In the order of their codes.
    pub occupations: Vec<Occupation>,
    /// Other words for competences.
    pub aliases: Vec<(String, u32)>,
    /// Normalised job titles, sorted, with their occupations.
    pub titles: Vec<(String, Vec<u16>)>,
    /// Occupation → (competence, weight 0..1).
    pub weights: Vec<Vec<(u32, f32)>>,
    /// Vectors of the English names.
    pub english: NameVectors,
    /// Vectors of the Chinese names.
    pub chinese: NameVectors,
    /// What was fitted for linking.
    pub calibration: linker::LinkCalibration,
}

impl Taxonomy {
    /// Reads a taxonomy; `encoder_sha256` is the digest of the encoder that will make the vectors of phrases.
    ///
    /// # Errors
    /// [`TaxonomyError`] naming the file.
    pub fn load(files: &PackFiles, encoder_sha256: &str) -> Result<Self, TaxonomyError> {
        let file = |name: &str| files.get(name).ok_or_else(|| TaxonomyError::Missing(name.into()));
        let malformed = |name: &str, detail: String| TaxonomyError::Malformed { file: name.into(), detail };
        let bytes = file(VECTORS)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| malformed(VECTORS, e.to_string()))?;
        let made_by = header.metadata().as_ref().and_then(|m| m.get(ENCODER)).cloned().unwrap_or_default();
        if made_by != encoder_sha256 {
            return Err(TaxonomyError::OtherEncoder { vectors: made_by, model: encoder_sha256.into() });
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(|e| malformed(VECTORS, e.to_string()))?;
        let calibration = serde_json::from_slice(file(LINKING)?).map_err(|e| malformed(LINKING, e.to_string()))?;
        Ok(Self { english: NameVectors::read(&tensors, "en")?, chinese: NameVectors::read(&tensors, "zh")?, calibration, ..Self::tables(files)? })
    }

    /// Reads names, titles and weights alone: enough for all but linking by nearness.
    ///
    /// # Errors
    /// [`TaxonomyError`] naming the file.
    pub fn tables(files: &PackFiles) -> Result<Self, TaxonomyError> {
        let file = |name: &str| files.get(name).ok_or_else(|| TaxonomyError::Missing(name.into()));
        let text = |name: &str| {
            std::str::from_utf8(file(name)?).map_err(|e| TaxonomyError::Malformed { file: name.into(), detail: e.to_string() })
        };
        let bad = |name: &str, line: &str| TaxonomyError::Malformed { file: name.into(), detail: format!("line {line:?}") };
        let mut competences = Vec::new();
        for line in text(COMPETENCES)?.lines() {
            let [id, kind, name_en, name_zh] = fields(line).ok_or_else(|| bad(COMPETENCES, line))?;
            let kind = match kind {
                "activity" => CompetenceKind::Activity,
                "technology" => CompetenceKind::Technology,
                "knowledge" => CompetenceKind::Knowledge,
                "skill" => CompetenceKind::Skill,
                _ => return Err(bad(COMPETENCES, line)),
            };
            competences.push(Competence { id: id.into(), kind, name_en: name_en.into(), name_zh: name_zh.into() });
        }
        let index: BTreeMap<&str, u32> = competences.iter().zip(0u32..).map(|(c, i)| (c.id.as_str(), i)).collect();
        let mut aliases = Vec::new();
        for line in text(ALIASES)?.lines() {
            let [words, id] = fields(line).ok_or_else(|| bad(ALIASES, line))?;
            aliases.push((words.to_owned(), *index.get(id).ok_or_else(|| bad(ALIASES, line))?));
        }
        let mut occupations = Vec::new();
        for line in text(OCCUPATIONS)?.lines() {
            let [soc, name_en, name_zh] = fields(line).ok_or_else(|| bad(OCCUPATIONS, line))?;
            occupations.push(Occupation { soc: soc.into(), name_en: name_en.into(), name_zh: name_zh.into() });
        }
        let codes: BTreeMap<&str, u16> = occupations.iter().zip(0u16..).map(|(o, i)| (o.soc.as_str(), i)).collect();
        let mut titles = Vec::new();
        for line in text(TITLES)?.lines() {
            let [title, of] = fields(line).ok_or_else(|| bad(TITLES, line))?;
            let of = of.split(',').map(|code| codes.get(code).copied()).collect::<Option<_>>();
            titles.push((title.to_owned(), of.ok_or_else(|| bad(TITLES, line))?));
        }
        if !titles.is_sorted() {
            return Err(TaxonomyError::Malformed { file: TITLES.into(), detail: "not sorted".into() });
        }
        let mut weights = vec![Vec::new(); occupations.len()];
        for line in text(WEIGHTS)?.lines() {
            let (code, pairs) = line.split_once('\t').ok_or_else(|| bad(WEIGHTS, line))?;
            let of = codes.get(code).and_then(|i| weights.get_mut(usize::from(*i))).ok_or_else(|| bad(WEIGHTS, line))?;
            for pair in pairs.split(' ') {
                let parsed = pair.split_once(':').and_then(|(c, w)| Some((c.parse::<u32>().ok()?, w.parse::<u8>().ok()?)));
                let (competence, weight) = parsed.filter(|(c, _)| (*c as usize) < competences.len()).ok_or_else(|| bad(WEIGHTS, pair))?;
                of.push((competence, f32::from(weight) / 255.0));
            }
        }
        Ok(Self { competences, occupations, aliases, titles, weights, ..Self::default() })
    }
}

impl Taxonomy {
    /// A match with its names.
    pub fn span_link(&self, found: linker::LinkMatch) -> Option<SpanLink> {
        let competence = self.competences.get(found.competence as usize)?;
        Some(SpanLink {
            id: competence.id.clone(),
            kind: competence.kind,
            name_en: competence.name_en.clone(),
            name_zh: competence.name_zh.clone(),
            score: if found.by == LinkedBy::Name { 1.0 } else { found.score },
            by: found.by,
        })
    }

    /// The place of a competence by its id.
    pub fn place(&self, id: &str) -> Option<u32> {
        self.competences.iter().zip(0u32..).find(|(c, _)| c.id == id).map(|(_, i)| i)
    }
}

/// Key of the encoder's digest in the metadata of [`VECTORS`].
pub const ENCODER: &str = "encoder_sha256";

fn fields<const N: usize>(line: &str) -> Option<[&str; N]> {
    line.split('\t').collect::<Vec<_>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bits_keep_cosines_within_a_hundredth() {
        let vectors: Vec<Vec<f32>> = (0..40u32)
            .map(|r| {
                let v: Vec<f32> = (0..64u32).map(|i| ((r * 37 + i * 101 + r * i * 13) % 97) as f32 / 97.0 + 0.3).collect();
                let n = v.iter().map(|x| x * x).sum::<f32>().sqrt();
                v.iter().map(|x| x / n).collect()
            })
            .collect();
        let packed = NameVectors::pack((0..40).collect(), &vectors);
        let query = packed.centred(&vectors[7]);
        for (row, cosine) in packed.cosines(&query) {
            let exact: f32 = packed.centred(&vectors[row as usize]).iter().zip(&query).map(|(a, b)| a * b).sum();
            assert!((exact - cosine).abs() < 0.01, "{row}: {exact} {cosine}");
        }
    }
}
