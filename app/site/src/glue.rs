//! Runs wasm-bindgen, as a library, over the compiled programs: JavaScript glue and the final wasm. Its version is
//! pinned to the crate's, in Cargo.toml.
use anyhow::{Result, bail};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// How the glue is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlueKind {
    /// An ES module: the page.
    Module,
    /// One classic script without `import` and `import.meta`: the worker, which starts from a Blob after the seal.
    Script,
}

/// What wasm-bindgen makes of a program.
pub struct Glue {
    /// The JavaScript.
    pub js: Vec<u8>,
    /// The wasm that goes with this JavaScript, and with no other.
    pub wasm: Vec<u8>,
}

/// Makes the glue of one program. Glue and wasm must come from the same run: `name` is baked into the import names.
pub fn glue(program: &Path, name: &str, kind: GlueKind) -> Result<Glue> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(program)
        .out_name(name)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    match kind {
        GlueKind::Module => bindgen.web(true)?,
        GlueKind::Script => bindgen.no_modules(true)?,
    };
    let mut output = bindgen.generate_output()?;
    // A snippet is a further file that the glue imports: after the seal it could not be loaded.
    let inline = output.snippets().iter().filter(|(_, texts)| !texts.is_empty()).map(|(source, _)| source);
    let further: Vec<&String> = inline.chain(output.local_modules().keys()).collect();
    if !further.is_empty() {
        bail!("the glue of `{name}` needs further JavaScript files: {further:?}");
    }
    let js = output.js().to_owned().into_bytes();
    if kind == GlueKind::Script && String::from_utf8_lossy(&js).contains("import.meta") {
        bail!("the glue of `{name}` uses import.meta, which a classic script does not have");
    }
    Ok(Glue { js, wasm: output.wasm_mut().emit_wasm() })
}
