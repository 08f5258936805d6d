//! Puts the site together: hashed names, filled placeholders, the public folder, `site.json`, sizes. Where each file
//! comes from is said in `app/ASSETS.md`.
use crate::compile::{self, Profile};
use crate::glue::{self, GlueKind};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The page's wasm may have this many bytes (profile web): a symbol of the engine in it would cost megabytes. 260,000 held the
/// reading of a CV (232,805); editing what was found, the second tag set and the host of drawn pages take the rest. New pages
/// are drawn by the worker and cost nothing here.
pub const PAGE_WASM_BYTES_MAX: usize = 370_000;
/// All that a first visit loads but the model and the vectors it made may have this many bytes after gzip.
pub const FIRST_LOAD_GZIP_BYTES_MAX: usize = 3_000_000;

/// The list of the pack's files.
const MANIFEST: &str = "pack/manifest.json";

/// A finished site.
#[derive(Debug)]
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// What stands in its `site.json`.
    pub index: SiteIndex,
    /// Its sizes.
    pub sizes: Sizes,
}

/// The contents of `site.json`.
#[derive(Debug, Serialize)]
pub struct SiteIndex {
    /// Names this build; the same in page and worker.
    pub build: String,
    /// SHA-256 of `pack/manifest.json` in hex; empty where the site has no pack.
    pub manifest_sha256: String,
    /// Every other file of the site, sorted by path.
    pub files: Vec<SiteFile>,
}

/// A file of the site.
#[derive(Debug, Serialize)]
pub struct SiteFile {
    /// Path from the site's root, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: usize,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// Sizes that have a budget, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The page's wasm.
    pub page_wasm: usize,
    /// What a first visit loads of the program, after gzip.
    pub program_gzip: usize,
    /// What it loads of the pack beside model and vectors, after gzip.
    pub data_gzip: usize,
    /// The files of the model.
    pub model: usize,
    /// The whole pack: the model, the vectors it made, names and numbers.
    pub pack: usize,
}

/// Builds the site into `folder`, which is replaced only when the new one is whole.
pub fn build(profile: Profile, folder: &Path) -> Result<Site> {
    refuse_foreign_folder(folder)?;
    let root = crate::workspace_root();
    let programs = compile::programs(profile)?;
    let step = Step::start("Make the glue");
    let page = glue::glue(&programs.page, "page", GlueKind::Module)?;
    let worker = glue::glue(&programs.worker, "worker", GlueKind::Script)?;
    let unpack = glue::glue(&programs.unpack, "unpack", GlueKind::Script)?;
    step.done("");

    let step = Step::start(format!("Assemble {}", folder.display()));
    let mut files = Files::default();
    files.add_hashed("page.js", page.js);
    files.add_hashed("page_bg.wasm", page.wasm);
    files.add_hashed("worker.js", worker.js);
    files.add_hashed("worker_bg.wasm.lzma", lzma(&worker.wasm)?);
    files.add_hashed("worker_bg.wasm", worker.wasm);
    files.add_hashed("unpack.js", unpack.js);
    files.add_hashed("unpack_bg.wasm", unpack.wasm);
    files.add_hashed("styles.css", read(&root.join("app/styles.css"))?);
    files.add_hashed("bench.js", read(&root.join("app/bench.js"))?);
    let boot = files.filled(&root.join("app/boot.js"))?;
    files.add_hashed("boot.js", boot);
    files.values.insert("build".to_owned(), files.digest());
    for (source, name) in [("index.html", "index.html"), ("app/bench.html", "bench.html")] {
        let page = files.filled(&root.join(source))?;
        files.bytes.insert(name.to_owned(), page);
    }
    files.add_folder(&root.join("public"))?;
    files.pack_data()?;
    let site = files.write(folder)?;
    step.done(format!("{} files, build {}", site.index.files.len(), site.index.build));
    Ok(site)
}

/// Says the sizes. A budget that is passed stops nobody from looking at the site: the tests hold it.
pub fn report_sizes(site: &Site, profile: Profile) {
    let sizes = site.sizes;
    let over = |found: usize, most: usize| if profile == Profile::Web && found > most { ": OVER" } else { "" };
    let (page, first) = (sizes.page_wasm, sizes.program_gzip + sizes.data_gzip);
    println!("  page wasm   {page:>11} bytes (budget {PAGE_WASM_BYTES_MAX}{})", over(page, PAGE_WASM_BYTES_MAX));
    println!("  first load  {first:>11} bytes after gzip: program {}, data {} (budget {FIRST_LOAD_GZIP_BYTES_MAX}{})", sizes.program_gzip, sizes.data_gzip, over(first, FIRST_LOAD_GZIP_BYTES_MAX));
    println!("  model       {:>11} bytes, the whole pack {}", sizes.model, sizes.pack);
}

/// The files of a site in the making.
#[derive(Default)]
struct Files {
    /// Contents by path from the site's root.
    bytes: BTreeMap<String, Vec<u8>>,
    /// What a placeholder stands for, by its name.
    values: BTreeMap<String, String>,
}

impl Files {
    /// Adds a file under a name that holds its digest, so that a cache can keep it for ever.
    fn add_hashed(&mut self, name: &str, bytes: Vec<u8>) {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}-{}.{extension}", short(&sha256_hex(&bytes)));
        self.values.insert(format!("{name}.bytes"), bytes.len().to_string());
        self.values.insert(name.to_owned(), hashed.clone());
        self.bytes.insert(hashed, bytes);
    }

    /// The text of a source with each `{{name}}` replaced; one that nobody knows is an error.
    fn filled(&self, source: &Path) -> Result<Vec<u8>> {
        let text = String::from_utf8(read(source)?).with_context(|| format!("{} is not UTF-8", source.display()))?;
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) =
                after.split_once("}}").with_context(|| format!("{}: a placeholder is not closed", source.display()))?;
            let value = self
                .values
                .get(name)
                .with_context(|| format!("{}: nothing is known by the name {{{{{name}}}}}", source.display()))?;
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled.into_bytes())
    }

    /// A short digest over all names and contents so far.
    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (name, bytes) in &self.bytes {
            hash.update(format!("{name} {}\n", sha256_hex(bytes)));
        }
        short(&hex(&hash.finalize())).to_owned()
    }

    /// Adds a folder's files as they are.
    fn add_folder(&mut self, folder: &Path) -> Result<()> {
        for path in files_under(folder)? {
            let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            let bytes = read(&path)?;
            if self.bytes.insert(name.clone(), bytes).is_some() {
                bail!("public/{name} has the name of a built file");
            }
        }
        Ok(())
    }

    /// Puts a packed twin beside each table of the pack, and its size into the manifest.
    fn pack_data(&mut self) -> Result<()> {
        let Some(bytes) = self.bytes.get(MANIFEST) else { return Ok(()) };
        let mut manifest: serde_json::Value = serde_json::from_slice(bytes)?;
        for listed in manifest["files"].as_array_mut().into_iter().flatten() {
            let path = format!("pack/{}", listed["path"].as_str().unwrap_or_default());
            if let Some(bytes) = self.bytes.get(&path).filter(|_| path.ends_with(".tsv")) {
                let packed = lzma(bytes)?;
                listed["packed"] = packed.len().into();
                self.bytes.insert(format!("{path}.lzma"), packed);
            }
        }
        self.bytes.insert(MANIFEST.to_owned(), serde_json::to_vec(&manifest)?);
        Ok(())
    }

    /// Writes all files beside `folder`, then puts them in its place.
    fn write(self, folder: &Path) -> Result<Site> {
        let mut partial = folder.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        if partial.exists() {
            fs::remove_dir_all(&partial).with_context(|| format!("cannot remove {}", partial.display()))?;
        }
        let index = SiteIndex {
            build: self.values.get("build").cloned().unwrap_or_default(),
            manifest_sha256: self.bytes.get(MANIFEST).map(|b| sha256_hex(b)).unwrap_or_default(),
            files: self
                .bytes
                .iter()
                .map(|(path, bytes)| SiteFile { path: path.clone(), bytes: bytes.len(), sha256: sha256_hex(bytes) })
                .collect(),
        };
        for (path, bytes) in &self.bytes {
            write(&partial.join(path), bytes)?;
        }
        write(&partial.join("site.json"), &serde_json::to_vec(&index)?)?;
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot replace {}", folder.display()))?;
        }
        fs::rename(&partial, folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Site { folder: folder.to_owned(), index, sizes: measure(folder)? })
    }
}

/// Adds up the sizes of a site. The program is every file but the pack, the bench page with its plain worker, and the host's settings.
pub fn measure(folder: &Path) -> Result<Sizes> {
    let mut sizes = Sizes { page_wasm: 0, program_gzip: 0, data_gzip: 0, model: 0, pack: 0 };
    for file in files_under(folder)? {
        let path = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        let bytes = read(&file)?;
        if path.starts_with("page_bg-") {
            sizes.page_wasm = bytes.len();
        }
        if path.starts_with("pack/") {
            sizes.pack += bytes.len();
        }
        if path.starts_with("pack/model/") {
            sizes.model += bytes.len();
        } else if path.starts_with("pack/") {
            // The vectors belong to the model that made them; a table comes packed.
            if !path.ends_with(".safetensors") && !path.ends_with(".tsv") {
                sizes.data_gzip += gzip_bytes(&bytes)?;
            }
        } else if !path.starts_with("bench") && path != "_headers" && !(path.starts_with("worker_bg-") && path.ends_with(".wasm")) {
            sizes.program_gzip += gzip_bytes(&bytes)?;
        }
    }
    Ok(sizes)
}

/// These bytes as an LZMA stream that opens in little memory.
fn lzma(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut options = lzma_rust2::LzmaOptions::with_preset(9);
    options.dict_size = 8 << 20;
    // Looks for the longest matches; places in words of four bytes tell little of wasm and nothing of text.
    options.nice_len = 273;
    options.depth_limit = 1000;
    options.pb = 1;
    let mut writer = lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

/// The size of these bytes after gzip.
fn gzip_bytes(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// A folder that this program did not make is never replaced.
fn refuse_foreign_folder(folder: &Path) -> Result<()> {
    let Ok(mut entries) = fs::read_dir(folder) else { return Ok(()) };
    if entries.next().is_some() && !folder.join("site.json").is_file() {
        bail!("{} holds something else than a site; name an empty folder with --out", folder.display());
    }
    Ok(())
}

/// All files under a folder, sorted.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The part of a digest that goes into a name.
fn short(digest: &str) -> &str {
    digest.get(..10).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_that_nobody_knows_is_refused() {
        let folder = std::env::temp_dir().join(format!("waymark-site-test-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let source = folder.join("page.html");
        fs::write(&source, "<script src=\"{{boot.js}}\"></script>{{boot.js.bytes}}").unwrap();
        let mut files = Files::default();
        assert!(files.filled(&source).unwrap_err().to_string().contains("{{boot.js}}"));
        files.add_hashed("boot.js", b"go()".to_vec());
        let filled = String::from_utf8(files.filled(&source).unwrap()).unwrap();
        assert!(filled.starts_with("<script src=\"boot-") && filled.ends_with("</script>4"), "{filled}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_folder_that_holds_no_site_is_never_replaced() {
        assert!(refuse_foreign_folder(&crate::workspace_root()).is_err());
        assert!(refuse_foreign_folder(Path::new("/nonexistent/dist")).is_ok());
    }
}
