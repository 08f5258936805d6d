//! The worker's program: reader and engine in one, and the functions of the bench page. Started from a Blob.

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::cell::RefCell;

    use js_sys::{Array, Float32Array, Uint8Array};
    use wasm_bindgen::prelude::*;
    use waymark_app::worker::bench::{Bench, Moves};
    use waymark_shared::analyse::{AnalyseJob, Links};
    use waymark_shared::gazetteer::Gazetteer;
    use waymark_shared::model::{NeuralTagger, PackFiles};
    use waymark_shared::span::TagSetName;
    use waymark_shared::taxonomy::Taxonomy;

    /// Handles one message of the page.
    #[wasm_bindgen]
    pub async fn handle(message: JsValue) {
        waymark_app::worker::host::handle(message).await;
    }

    thread_local! {
        static BENCH: RefCell<Option<NeuralTagger>> = const { RefCell::new(None) };
        static LINKS: RefCell<Option<Links>> = const { RefCell::new(None) };
        static JOB: RefCell<Option<AnalyseJob>> = const { RefCell::new(None) };
        static MARKET: RefCell<Option<Bench>> = const { RefCell::new(None) };
        static MOVES: RefCell<Option<Moves>> = const { RefCell::new(None) };
    }

    fn told(error: &dyn std::fmt::Display) -> JsValue {
        js_sys::Error::new(&error.to_string()).into()
    }

    fn rows(rows: Vec<Vec<f32>>) -> Array {
        rows.iter().map(|row| Float32Array::from(row.as_slice())).collect()
    }

    fn with<T>(run: impl FnOnce(&NeuralTagger) -> Result<T, JsValue>) -> Result<T, JsValue> {
        BENCH.with_borrow(|bench| run(bench.as_ref().ok_or_else(|| told(&"load first"))?))
    }

    /// Bench: builds the model from names and bytes of the files of its folder.
    #[wasm_bindgen]
    pub fn bench_load(names: Vec<String>, bytes: Vec<Uint8Array>) -> Result<(), JsValue> {
        let files: PackFiles = names.into_iter().zip(bytes.iter().map(Uint8Array::to_vec)).collect();
        let tagger = NeuralTagger::load(&files).map_err(|error| told(&error))?;
        BENCH.set(Some(tagger));
        Ok(())
    }

    /// Bench: mean-pooled, normalised vectors, one for each sentence.
    #[wasm_bindgen]
    pub fn bench_encode(sentences: Vec<String>) -> Result<Array, JsValue> {
        let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
        with(|tagger| tagger.sentence_vectors(&sentences).map(rows).map_err(|error| told(&error)))
    }

    /// Bench: takes the files of the taxonomy's folder, and the digest of the encoder.
    #[wasm_bindgen]
    pub fn bench_taxonomy(names: Vec<String>, bytes: Vec<Uint8Array>, encoder_sha256: &str) -> Result<(), JsValue> {
        let files: PackFiles = names.into_iter().zip(bytes.iter().map(Uint8Array::to_vec)).collect();
        LINKS.set(Some(Links::new(Taxonomy::load(&files, encoder_sha256).map_err(|error| told(&error))?)));
        Ok(())
    }

    /// Bench: tags a CV; gives the number of its sentences.
    #[wasm_bindgen]
    pub fn bench_tag(text: &str) -> Result<usize, JsValue> {
        let gazetteer = Gazetteer::built_in();
        let mut job = AnalyseJob::new(text, gazetteer.as_ref(), TagSetName::Open);
        let mut total = 0;
        while !job.finished() {
            total = with(|tagger| job.step(tagger).map_err(|error| told(&error)))?.total;
        }
        JOB.set(Some(job));
        Ok(total)
    }

    /// Bench: links what [`bench_tag`] found; gives the number of spans, and of those that mean a competence.
    #[wasm_bindgen]
    pub fn bench_link() -> Result<Vec<usize>, JsValue> {
        let mut job = JOB.take().ok_or_else(|| told(&"tag first"))?;
        LINKS.with_borrow(|links| {
            let links = links.as_ref().ok_or_else(|| told(&"give the taxonomy first"))?;
            while !with(|tagger| job.link_step(tagger, links).map_err(|error| told(&error)))? {}
            let found = job.finish(Some(links));
            Ok(vec![found.spans.len(), found.links.iter().filter(|links| !links.is_empty()).count()])
        })
    }

    /// Bench: takes the files of the market's folder; gives nodes and edges of its network.
    #[wasm_bindgen]
    pub fn bench_market(names: Vec<String>, bytes: Vec<Uint8Array>) -> Result<Vec<u32>, JsValue> {
        let files: PackFiles = names.into_iter().zip(bytes.iter().map(Uint8Array::to_vec)).collect();
        let market = Bench::load(&files).map_err(|error| told(&error))?;
        let (nodes, edges) = market.size().unwrap_or_default();
        MARKET.set(Some(market));
        Ok([nodes, edges].into_iter().filter_map(|count| u32::try_from(count).ok()).collect())
    }

    /// Takes the market, for calls that wait, and puts it back.
    async fn with_market<T>(run: impl AsyncFnOnce(&mut Bench) -> Result<T, String>) -> Result<T, JsValue> {
        let mut market = MARKET.take().ok_or_else(|| told(&"give the market first"))?;
        let found = run(&mut market).await;
        MARKET.set(Some(market));
        found.map_err(|error| told(&error))
    }

    /// Bench: deterministic runs of so many steps; gives the highest unemployment of one.
    #[wasm_bindgen]
    pub async fn bench_steps(runs: usize, steps: usize) -> Result<f64, JsValue> {
        with_market(async |market| market.steps(runs, steps).await).await
    }

    /// Bench: brings so many runs to rest.
    #[wasm_bindgen]
    pub async fn bench_settle(runs: usize, seed: u32) -> Result<(), JsValue> {
        with_market(async |market| market.settle(runs, u64::from(seed)).await).await
    }

    /// Bench: runs them over 30 years at a lever's place; gives unemployment at the end.
    #[wasm_bindgen]
    pub async fn bench_lever(reach: f64) -> Result<f64, JsValue> {
        with_market(async |market| market.lever(reach).await).await
    }

    /// Bench: takes the files of the folders of market and taxonomy, by their paths in the pack.
    #[wasm_bindgen]
    pub fn bench_moves(paths: Vec<String>, bytes: Vec<Uint8Array>) -> Result<(), JsValue> {
        let folder = |name: &str| -> PackFiles { paths.iter().zip(&bytes).filter_map(|(path, bytes)| Some((path.strip_prefix(name)?.to_owned(), bytes.to_vec()))).collect() };
        let moves = Moves::load(&folder("market/"), &folder("taxonomy/")).map_err(|error| told(&error))?;
        MOVES.set(Some(moves));
        Ok(())
    }

    /// Bench: scores all moves; gives the number of occupations.
    #[wasm_bindgen]
    pub fn bench_score() -> Result<usize, JsValue> {
        MOVES.with_borrow_mut(|moves| moves.as_mut().ok_or_else(|| told(&"give the moves first"))?.score().map_err(|error| told(&error)))
    }

    /// Bench: searches from an occupation, by place, in at most so many steps; gives the undominated paths.
    #[wasm_bindgen]
    pub fn bench_search(from: usize, steps: usize) -> Result<usize, JsValue> {
        MOVES.with_borrow(|moves| moves.as_ref().ok_or_else(|| told(&"give the moves first"))?.search(from, steps).map_err(|error| told(&error)))
    }

    /// Bench: the tagger's logits for a sentence, a row for each unit.
    #[wasm_bindgen]
    pub fn bench_logits(sentence: &str) -> Result<Array, JsValue> {
        with(|tagger| tagger.logits(sentence).map(rows).map_err(|error| told(&error)))
    }
}
