//! The pack as a whole: its files, the manifest that lists them, and whether a file is the one that is listed. Not what
//! the files mean: that is for `model`, `taxonomy` and `market` to read.
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The files of one folder of the pack: name → bytes.
pub type PackFiles = BTreeMap<String, Vec<u8>>;

/// A file as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// From the folder of the pack, as `market/occupations.tsv`.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// What it is for, as `encoder`, `card` or `other`.
    #[serde(default)]
    pub role: String,
}

/// `manifest.json`: every file of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// The form of the manifest; this code reads 1.
    pub version: u32,
    /// Names this state of the pack.
    pub build: String,
    /// All files, by path.
    pub files: Vec<Listed>,
}

/// Why a file of the pack is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The manifest does not parse or has another version.
    #[error("the pack's manifest cannot be read: {0}")]
    Manifest(String),
    /// The manifest does not list the file.
    #[error("the pack's manifest does not list {0}")]
    Unlisted(String),
    /// The file has another length or digest than the manifest says.
    #[error("{0} is not the file that the pack's manifest lists: fetch the pack again")]
    Changed(String),
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`PackError::Manifest`].
    pub fn parse(json: &[u8]) -> Result<Self, PackError> {
        let manifest: Self = serde_json::from_slice(json).map_err(|e| PackError::Manifest(e.to_string()))?;
        match manifest.version {
            1 => Ok(manifest),
            other => Err(PackError::Manifest(format!("version {other}, not 1"))),
        }
    }

    /// Checks a file by length and digest.
    ///
    /// # Errors
    /// [`PackError::Unlisted`] or [`PackError::Changed`], naming the file.
    pub fn check(&self, path: &str, bytes: &[u8]) -> Result<(), PackError> {
        let listed = self.files.iter().find(|file| file.path == path).ok_or_else(|| PackError::Unlisted(path.into()))?;
        if u64::try_from(bytes.len()) == Ok(listed.bytes) && sha256(bytes) == listed.sha256.to_lowercase() {
            Ok(())
        } else {
            Err(PackError::Changed(path.into()))
        }
    }

    /// Takes the files of one folder, each checked, under their names within it; a file that the folder should have and that
    /// is not among them is not missed here but by whoever reads it.
    ///
    /// # Errors
    /// Those of [`Manifest::check`].
    pub fn folder(&self, folder: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<PackFiles, PackError> {
        let mut checked = PackFiles::new();
        for (path, bytes) in files {
            self.check(&path, &bytes)?;
            if let Some(name) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
                checked.insert(name.into(), bytes);
            }
        }
        Ok(checked)
    }
}

/// SHA-256, lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(bytes: &[u8]) -> Manifest {
        let text = format!(r#"{{"version":1,"build":"b","files":[{{"path":"market/a.tsv","bytes":{},"sha256":"{}"}}]}}"#, bytes.len(), sha256(bytes));
        Manifest::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_changed_byte_is_refused_by_name() {
        let manifest = manifest(b"soc\tpay\n");
        assert_eq!(manifest.check("market/a.tsv", b"soc\tpay\n"), Ok(()));
        for changed in [&b"soc\tpaz\n"[..], b"soc\tpay", b""] {
            assert_eq!(manifest.check("market/a.tsv", changed), Err(PackError::Changed("market/a.tsv".into())));
        }
        assert_eq!(manifest.check("market/b.tsv", b""), Err(PackError::Unlisted("market/b.tsv".into())));
    }

    #[test]
    fn a_folder_holds_its_files_under_their_names() {
        let manifest = manifest(b"x");
        let files = manifest.folder("market", [("market/a.tsv".to_owned(), b"x".to_vec())]).unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["a.tsv"]);
        assert!(manifest.folder("market", [("market/a.tsv".to_owned(), b"y".to_vec())]).is_err());
    }

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-4, example of "abc".
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn another_version_is_refused() {
        assert!(matches!(Manifest::parse(br#"{"version":2,"build":"b","files":[]}"#), Err(PackError::Manifest(_))));
    }
}
