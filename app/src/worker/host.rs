//! The worker's end of the bridge: takes one message, does what it asks with the core, posts progress and the reply.
//! Not an export: `src/bin/worker.rs` hands messages over.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use waymark_shared::analyse::{Analysis, AnalyseJob, Links};
use waymark_shared::corrections;
use waymark_shared::cv::{self, CvFormat, Limits};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::market::labour_flow::Engine as _;
use waymark_shared::market::labour_flow::fallback::Fallback;
use waymark_shared::model::{ModelError, NeuralTagger, PackFiles};
use waymark_shared::pack::{Manifest, sha256};
use waymark_shared::profile::Profile;
use waymark_shared::taxonomy::Taxonomy;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

use crate::studio::{Random, Studio};

use super::gpu::BrowserGpu;
use super::protocol::{
    AnalyseCv, BUILD_HASH, CvFault, Draw, EngineAsked, Envelope, Event, FindCompetences, Found, LoadPack, LoadStudio, ModelFault, PackFault, ProbeNetwork,
    Progress, ReadCv, ReadReply, Refused, Request, Sample, Source, Stage, WorkerError,
};

/// `Limits::default().file_bytes`, as the browser counts.
const MOST_BYTES: f64 = (30 << 20) as f64;

/// The model and what phrases are linked to.
struct Engine {
    tagger: NeuralTagger,
    links: Links,
}

/// At most so many competences answer a search.
const FOUND: usize = 8;

thread_local! {
    static ENGINE: RefCell<Option<Rc<Engine>>> = const { RefCell::new(None) };
    static STUDIO: RefCell<Option<Studio>> = const { RefCell::new(None) };
    static GPU: RefCell<Option<Rc<Fallback<BrowserGpu>>>> = const { RefCell::new(None) };
    static CANCELLED: Cell<u32> = const { Cell::new(0) };
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(job: u32, event: Event) {
    let Ok(bytes) = postcard::to_allocvec(&Envelope::new(job, event)) else { return };
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    // A page that is gone needs no reply.
    let _ = scope().post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

fn done<R: serde::Serialize>(job: u32, reply: &R) {
    match postcard::to_allocvec(reply) {
        Ok(bytes) => post(job, Event::Done(bytes)),
        Err(_) => post(job, Event::Failed(WorkerError::Trap)),
    }
}

/// Handles one message of the page.
pub async fn handle(message: JsValue) {
    let get = |name: &str| Reflect::get(&message, &name.into()).unwrap_or_default();
    if let Some(job) = get("cancel").as_f64() {
        // A job number is a small whole number; the page counts it.
        CANCELLED.set(format!("{job}").parse().unwrap_or_default());
        return;
    }
    let bytes = Uint8Array::new(&get("envelope")).to_vec();
    let Ok(envelope) = postcard::from_bytes::<Envelope<Request>>(&bytes) else {
        return post(0, Event::Failed(WorkerError::VersionMismatch));
    };
    let job = envelope.job;
    if envelope.build_hash != BUILD_HASH {
        return post(job, Event::Failed(WorkerError::VersionMismatch));
    }
    let blobs: Vec<Blob> = Array::from(&get("blobs")).iter().filter_map(|blob| blob.dyn_into().ok()).collect();
    match envelope.body {
        Request::LoadPack(call) => done(job, &load_pack(job, &call, &blobs).await),
        Request::ReadCv(call) => done(job, &read_cv(&call, blobs.first()).await),
        Request::AnalyseCv(call) => match analyse(job, &call).await {
            Some(reply) => done(job, &reply),
            None => post(job, Event::Failed(WorkerError::Cancelled)),
        },
        Request::FindCompetences(call) => done(job, &find(&call)),
        Request::WriteProfile(call) => done(job, &if call.table { format!("\u{feff}{}", call.profile.csv()) } else { call.profile.json_resume() }),
        Request::WriteTraining(call) => done(job, &corrections::lines(&call.text, &call.sentences, &call.personal, &call.judged)),
        Request::ProbeNetwork(call) => done(job, &probe(&call).await),
        Request::LoadStudio(call) => done(job, &load_studio(job, &call, &blobs).await),
        Request::Draw(call) => {
            ahead(&call).await;
            done(job, &STUDIO.with_borrow_mut(|studio| studio.as_mut().map(|studio| studio.draw(&call)).unwrap_or_default()));
        }
        Request::TakeFile(call) => done(job, &STUDIO.with_borrow_mut(|studio| studio.iter_mut().for_each(|studio| studio.take_file(&call)))),
        Request::TakeAd(call) => done(job, &STUDIO.with_borrow_mut(|studio| studio.iter_mut().for_each(|studio| studio.take_ad(&call)))),
        Request::SaveDrawn(call) => done(job, &STUDIO.with_borrow_mut(|studio| studio.as_mut().and_then(|studio| studio.save(&call, random().as_ref())))),
    }
}

/// Randomness of the browser, for what is sealed.
fn random() -> Option<Random> {
    let mut random = Random::default();
    scope().crypto().ok()?.get_random_values_with_u8_array(&mut random).ok()?;
    Some(random)
}

async fn bytes_of(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// The files of a pack as their folders hold them, each with the digest that the manifest says.
async fn verified(job: u32, call: &LoadPack, blobs: &[Blob]) -> Result<Vec<(String, String, Vec<u8>)>, PackFault> {
    let (manifest, files) = blobs.split_first().ok_or(PackFault::Manifest)?;
    let manifest = bytes_of(manifest).await.ok_or(PackFault::Manifest)?;
    if sha256(&manifest) != call.manifest_sha256 {
        return Err(PackFault::Manifest);
    }
    let manifest = Manifest::parse(&manifest).map_err(|_| PackFault::Manifest)?;
    let mut read = Vec::new();
    for (index, (path, blob)) in call.paths.iter().zip(files).enumerate() {
        let damaged = || PackFault::Digest { path: path.clone() };
        let bytes = bytes_of(blob).await.ok_or_else(damaged)?;
        manifest.check(path, &bytes).map_err(|_| damaged())?;
        read.push((path.clone(), sha256(&bytes), bytes));
        post(job, Event::Progress(Progress { stage: Stage::Verify, done: index + 1, total: call.paths.len() }));
    }
    Ok(read)
}

async fn load_pack(job: u32, call: &LoadPack, blobs: &[Blob]) -> Result<(), PackFault> {
    let files = verified(job, call, blobs).await?;
    let (mut model, mut taxonomy) = (PackFiles::new(), PackFiles::new());
    let mut encoder_sha256 = String::new();
    for (path, sha256, bytes) in files {
        let name = path.rsplit('/').next().unwrap_or(&path);
        if name == "encoder.safetensors" {
            encoder_sha256 = sha256;
        }
        let of = if path.starts_with("taxonomy/") { &mut taxonomy } else { &mut model };
        of.insert(name.to_owned(), bytes);
    }
    let tagger = NeuralTagger::load(&model).map_err(|error| PackFault::Model(model_fault(&error)))?;
    drop(model);
    let taxonomy = Taxonomy::load(&taxonomy, &encoder_sha256).map_err(|error| {
        log(&error.to_string());
        PackFault::Model(ModelFault::Malformed)
    })?;
    ENGINE.set(Some(Rc::new(Engine { tagger, links: Links::new(taxonomy) })));
    Ok(())
}

async fn load_studio(job: u32, call: &LoadStudio, blobs: &[Blob]) -> Result<(), PackFault> {
    let files = verified(job, &call.pack, blobs).await?;
    let files: PackFiles = files.into_iter().map(|(path, _, bytes)| (path, bytes)).collect();
    let mut studio = Studio::load(&files).map_err(|error| {
        log(&error);
        PackFault::Model(ModelFault::Malformed)
    })?;
    if let Some(table) = blobs.get(1 + call.pack.paths.len()) {
        studio.take_table(&bytes_of(table).await.unwrap_or_default(), true);
    }
    STUDIO.set(Some(studio));
    GPU.set(gpu(call.engine).await);
    Ok(())
}

/// The GPU, where it is wanted and there is one. Without, everything works.
async fn gpu(asked: EngineAsked) -> Option<Rc<Fallback<BrowserGpu>>> {
    if asked == EngineAsked::Simd {
        return None;
    }
    match BrowserGpu::new(asked == EngineAsked::Gpu).await {
        Ok(gpu) => Some(Rc::new(Fallback::new(gpu))),
        Err(why) => {
            if asked == EngineAsked::Gpu {
                log(&why.to_string());
            }
            None
        }
    }
}

/// Lets the GPU run what a drawing will show, so that the drawing itself need not wait for it. What it does not run, the
/// drawing runs on the lanes.
async fn ahead(call: &Draw) {
    let Some(gpu) = GPU.with_borrow(Clone::clone).filter(|gpu| gpu.failure().is_none()) else { return };
    let Some(runs) = STUDIO.with_borrow_mut(|studio| studio.as_mut().and_then(|studio| studio.ahead(call))) else { return };
    if let Some(found) = runs.on(&*gpu).await {
        STUDIO.with_borrow_mut(|studio| studio.iter_mut().for_each(|studio| studio.keep(&runs, &found, gpu.name())));
    }
    if let Some(why) = gpu.failure() {
        log(&why);
    }
}

fn model_fault(error: &ModelError) -> ModelFault {
    log(&error.to_string());
    match error.kind() {
        "model_missing" => ModelFault::Missing,
        "model_malformed" => ModelFault::Malformed,
        _ => ModelFault::Failed,
    }
}

/// Writes a detail, never words of a CV, to the console.
fn log(detail: &str) {
    let console = Reflect::get(&js_sys::global(), &"console".into()).unwrap_or_default();
    if let Ok(warn) = Reflect::get(&console, &"warn".into()).unwrap_or_default().dyn_into::<js_sys::Function>() {
        // Nothing depends on the console.
        let _ = warn.call1(&console, &detail.into());
    }
}

fn sample(sample: Sample) -> &'static str {
    match sample {
        Sample::LineWorkerEn => include_str!("../../samples/line_worker.en.txt"),
        Sample::LineWorkerZh => include_str!("../../samples/line_worker.zh.txt"),
        Sample::OfficeAdminEn => include_str!("../../samples/office_admin.en.txt"),
        Sample::AccountantZh => include_str!("../../samples/accountant.zh.txt"),
    }
}

async fn read_cv(call: &ReadCv, blob: Option<&Blob>) -> Result<ReadReply, CvFault> {
    let limits = Limits::default();
    let mut bytes = Vec::new();
    let read = match &call.source {
        Source::Pasted(text) => cv::paste(text, &limits),
        Source::Sample(which) => cv::read(sample(*which).as_bytes(), None, &limits),
        Source::Attached => {
            let blob = blob.ok_or(CvFault::Empty)?;
            // A file over budget is refused before it is read.
            if blob.size() > MOST_BYTES {
                return Err(CvFault::OverBudget);
            }
            bytes = bytes_of(blob).await.ok_or(CvFault::Damaged)?;
            // A profile in a table is read as the same one in JSON.
            if let Some(kept) = Profile::of_csv(&bytes) {
                bytes = kept.json_resume().into_bytes();
            }
            cv::read(&bytes, call.password.as_deref(), &limits)
        }
    };
    let (text, notices) = read.map_err(|error| CvFault::from(&error))?;
    let profile = if text.format == CvFormat::JsonResume { Profile::of_json_resume(&bytes) } else { None };
    Ok(ReadReply { cv: text, notices: notices.into_iter().map(|notice| notice.kind).collect(), profile })
}

/// Analyses sentence by sentence; between batches the worker hears whether the page wants it to stop.
async fn analyse(job: u32, call: &AnalyseCv) -> Option<Result<Analysis, ModelFault>> {
    let Some(engine) = ENGINE.with_borrow(Clone::clone) else { return Some(Err(ModelFault::Missing)) };
    let gazetteer = Gazetteer::built_in();
    let mut work = AnalyseJob::new(&call.text, gazetteer.as_ref(), call.tag_set).of_advertisement(call.advertisement);
    while !work.finished() {
        match work.step(&engine.tagger) {
            Ok(progress) => post(job, Event::Progress(Progress { stage: Stage::Analyse, done: progress.done, total: progress.total })),
            Err(error) => return Some(Err(model_fault(&error))),
        }
        breathe().await;
        if CANCELLED.get() == job {
            return None;
        }
    }
    loop {
        match work.link_step(&engine.tagger, &engine.links) {
            Ok(true) => return Some(Ok(work.finish(Some(&engine.links)))),
            Ok(false) => {}
            Err(error) => return Some(Err(model_fault(&error))),
        }
        breathe().await;
        if CANCELLED.get() == job {
            return None;
        }
    }
}

/// The competences nearest to what a person typed, and the one that it would be linked to.
fn find(call: &FindCompetences) -> Result<Found, ModelFault> {
    let engine = ENGINE.with_borrow(Clone::clone).ok_or(ModelFault::Missing)?;
    let vectors = engine.tagger.sentence_vectors(&[&call.query]).map_err(|error| model_fault(&error))?;
    let vector = vectors.first().map(Vec::as_slice);
    let Links { taxonomy, linker } = &engine.links;
    Ok(Found {
        nearest: linker.nearest(&call.query, vector, FOUND).into_iter().filter_map(|found| taxonomy.span_link(found)).collect(),
        link: linker.link(&call.query, vector).into_iter().find_map(|found| taxonomy.span_link(found)),
    })
}

/// Lets waiting messages in: a promise alone would not, and a timer is clamped.
async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return };
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let on_message = Closure::once_into_js(move |_: MessageEvent| resolve.call0(&JsValue::UNDEFINED));
        channel.port1().set_onmessage(Some(on_message.unchecked_ref()));
        // A port that cannot post would leave the promise open; the page ends such a worker.
        let _ = channel.port2().post_message(&JsValue::NULL);
    });
    // The promise resolves and never rejects.
    let _ = JsFuture::from(promise).await;
    channel.port1().close();
}

async fn probe(call: &ProbeNetwork) -> Refused {
    Refused(JsFuture::from(scope().fetch_with_str(&call.url)).await.is_err())
}
