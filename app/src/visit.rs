//! What the page does, in order: load, seal, verify, test the cut, then take CVs. Not how it looks: `pages`, `parts`.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use waymark_shared::analyse::TagSetName;
use web_sys::Blob;

use crate::device;
use crate::fault::{Fault, LoadFault};
use crate::review::{Edit, Review};
use crate::session::{Event, Loading, Origin, Part, Screen, Sealed, Session};
use crate::state::{DrawnPage, State};
use crate::worker::client::{Engine, EngineFault, Holds, Pack, Program, Reader, Unpacker};
use crate::worker::protocol::{
    AnalyseCv, Call, Draw, Drawn, DrawnFile, FindCompetences, Found, PackFault, Person, ProbeNetwork, ReadCv, SaveDrawn, Source, TakeAd, TakeFile, WriteProfile,
};

/// The state of the visit and what it works with; copied into every handler.
#[derive(Clone, Copy)]
pub struct Visit {
    /// What the page shows.
    pub session: RwSignal<Session>,
    works: StoredValue<Option<Rc<Works>>, LocalStorage>,
}

/// Reader and engine, once loaded.
struct Works {
    reader: Reader,
    engine: Engine,
    /// Draws the pages beyond the review.
    studio: Engine,
    /// What was last set in each drawn page.
    state: RefCell<State>,
    /// The protected file that waits for its password.
    waiting: RefCell<Option<Blob>>,
    /// Counts the tasks, so that what an abandoned one still says is not heard.
    task: Cell<u32>,
}

/// What the drawn pages take of the taxonomy: names, titles and weights, not vectors.
const STUDIO_NAMES: [&str; 6] =
    ["taxonomy/aliases.tsv", "taxonomy/competences.tsv", "taxonomy/linking.json", "taxonomy/occupations.tsv", "taxonomy/titles.tsv", "taxonomy/weights.tsv"];

/// A file of the pack on its way to the worker.
struct Fetched {
    path: String,
    sha256: String,
    bytes: u64,
    blob: Blob,
    origin: Origin,
}

impl Visit {
    /// A new visit; it begins to load at once.
    pub fn begin() -> Self {
        let visit = Self { session: RwSignal::new(Session::default()), works: StoredValue::new_local(None) };
        device::spawn(async move {
            if let Err(fault) = visit.load().await {
                visit.tell(Event::LoadFailed(fault));
            }
        });
        visit
    }

    /// Feeds the session.
    pub fn tell(self, event: Event) {
        self.session.update(|session| session.apply(event));
    }

    async fn load(self) -> Result<(), Fault> {
        let lost = |path: &str| Fault::Load(LoadFault::Unreachable { path: path.to_owned() });
        let fetch = async |path: &str| device::fetch(path, &|_| ()).await.ok_or_else(|| lost(path));
        let text = |object: &JsValue, name: &str| device::get(object, name).as_string().unwrap_or_default();

        let site = device::json_of(&fetch("site.json").await?).await;
        let manifest_sha256 = text(&site, "manifest_sha256");
        let manifest_blob = fetch("pack/manifest.json").await?;
        let manifest = device::json_of(&manifest_blob).await;
        let whole = |file: &JsValue, name: &str| device::get(file, name).as_f64().map(device::whole);
        // Path, digest, bytes, and the bytes of the packed twin where there is one.
        let wanted: Vec<(String, String, u64, Option<u64>)> = Array::from(&device::get(&manifest, "files"))
            .iter()
            .filter(|file| text(file, "role") != "card")
            .map(|file| (text(&file, "path"), text(&file, "sha256"), whole(&file, "bytes").unwrap_or_default(), whole(&file, "packed")))
            .filter(|(path, ..)| ["model/", "taxonomy/", "market/"].iter().any(|folder| path.starts_with(folder)))
            .collect();
        if wanted.is_empty() {
            return Err(Fault::Load(LoadFault::Manifest));
        }

        let program_bytes = device::written("data-worker-bytes").parse::<u64>().unwrap_or_default();
        let model_bytes: u64 = wanted.iter().map(|(_, _, bytes, packed)| packed.unwrap_or(*bytes)).sum();
        let done = Cell::new(0);
        let total = program_bytes + model_bytes;
        let step = |part: Part, origin: Origin, bytes: u64| {
            done.set((done.get() + bytes).min(total));
            self.tell(Event::Loading(Loading { part, origin, done: done.get(), total }));
        };

        let browser = || Fault::Load(LoadFault::Browser);
        let program = async |glue: &str, wasm: &Blob| {
            let glue = device::text_of(&fetch(&device::written(glue)).await?).await;
            let module = device::compile(wasm).await.ok_or_else(browser)?;
            Program::new(module, &glue).map_err(|_| browser())
        };
        let unpack = program("data-unpack-js", &fetch(&device::written("data-unpack-wasm")).await?).await?;
        let unpacker = Unpacker::new(&unpack).map_err(|_| browser())?;
        let open = async |packed: &Blob, path: &str| {
            unpacker.open(packed).await.ok_or_else(|| Fault::Load(LoadFault::Digest { path: path.to_owned() }))
        };

        let wasm_path = device::written("data-worker-wasm");
        let wasm = device::fetch(&wasm_path, &|bytes| step(Part::Program, Origin::Network, bytes)).await;
        let wasm = open(&wasm.ok_or_else(|| lost(&wasm_path))?, &wasm_path).await?;
        let program = Rc::new(program("data-worker-js", &wasm).await?);

        let cache = device::cache().await;
        let mut files = Vec::new();
        for (path, sha256, bytes, packed) in wanted {
            let at = format!("pack/{path}");
            let kept = match &cache {
                Some(cache) => device::kept(cache, &at, &sha256).await,
                None => None,
            };
            let (blob, origin) = match kept {
                Some(blob) => {
                    step(Part::Model, Origin::Device, packed.unwrap_or(bytes));
                    (blob, Origin::Device)
                }
                None => {
                    let arrived = |bytes| step(Part::Model, Origin::Network, bytes);
                    let sent = if packed.is_some() { format!("{at}.lzma") } else { at.clone() };
                    let blob = device::fetch(&sent, &arrived).await.ok_or_else(|| lost(&sent))?;
                    (if packed.is_some() { open(&blob, &path).await? } else { blob }, Origin::Network)
                }
            };
            files.push(Fetched { path, sha256, bytes, blob, origin });
        }

        // The host's own figures; most hosts have none.
        let local = device::fetch("local.csv", &|_| ()).await;

        // From here on nothing can be fetched: everything a visit needs is in memory. The unpacker began before the seal and
        // could still reach the network: it ends first.
        drop(unpacker);
        self.tell(Event::Sealing);
        device::painted().await;
        device::seal().ok_or_else(browser)?;
        device::hold_navigation();
        let clock = device::clock();
        let (epoch_millis, page_millis) = (device::whole(js_sys::Date::now()), device::whole(device::page_millis()));

        let pack = |holds: Holds, of: &dyn Fn(&str) -> bool| {
            let blobs = Array::of1(&manifest_blob);
            let chosen = || files.iter().filter(|file| of(&file.path));
            chosen().for_each(|file| {
                blobs.push(&file.blob);
            });
            Pack { holds, manifest_sha256: manifest_sha256.clone(), paths: chosen().map(|file| file.path.clone()).collect(), blobs }
        };
        let engine = Engine::new(program.clone(), pack(Holds::Model, &|path| !path.starts_with("market/")));
        let data = pack(Holds::Data, &|path| path.starts_with("market/") || STUDIO_NAMES.contains(&path));
        if let Some(local) = &local {
            data.blobs.push(local);
        }
        let studio = Engine::new(program.clone(), data);
        let client = match engine.ready().await {
            Ok(client) => client,
            Err(fault) => {
                if let (Some(cache), EngineFault::Pack(_)) = (&cache, &fault) {
                    device::drop_others(cache, &[]).await;
                }
                return Err(engine_fault(fault));
            }
        };
        let url = format!("{}?seal-test", web_sys::Url::new_with_base("site.json", &base()).map_err(|_| browser())?.href());
        let of_worker = client.call(ProbeNetwork { url: url.clone() }, &Array::new(), None).await;
        let refused = device::is_refused(&url).await && of_worker.is_ok_and(|reply| reply.0);
        if !refused {
            return Err(Fault::Load(LoadFault::SealOpen));
        }

        let from_device = || files.iter().filter(|file| file.origin == Origin::Device);
        let device_files = (from_device().count(), from_device().map(|file| file.bytes).sum());
        let all = device_files.0 == files.len();
        let sealed = Sealed {
            clock,
            epoch_millis,
            page_millis,
            model_bytes: if all { device_files.1 } else { model_bytes },
            origin: if all { Origin::Device } else { Origin::Network },
            device: device_files,
        };
        let works =
            Works { reader: Reader::new(program), engine, studio, state: RefCell::default(), waiting: RefCell::default(), task: Cell::new(0) };
        self.works.set_value(Some(Rc::new(works)));
        self.tell(Event::Ready(sealed));
        if let Some((page, state)) = State::of_address(&device::address()) {
            self.keep_state(state);
            self.go(Screen::Drawn(page));
        }

        // The files are verified now: keep those that came over the network.
        if let Some(cache) = cache {
            for file in files.iter().filter(|file| file.origin == Origin::Network) {
                device::keep(&cache, &format!("pack/{}", file.path), &file.sha256, &file.blob).await;
            }
            device::drop_others(&cache, &files.iter().map(|file| file.sha256.clone()).collect::<Vec<_>>()).await;
        }
        Ok(())
    }

    /// Reads a file and analyses it.
    pub fn take_file(self, file: Blob) {
        self.read(Source::Attached, Some(file), None);
    }

    /// Opens the waiting file with a password.
    pub fn take_password(self, password: String) {
        let file = self.works().and_then(|works| works.waiting.borrow().clone());
        if file.is_some() {
            self.read(Source::Attached, file, Some(password));
        }
    }

    /// Takes a text that was pasted, or one of the samples.
    pub fn take(self, source: Source) {
        self.read(source, None, None);
    }

    fn works(self) -> Option<Rc<Works>> {
        self.works.with_value(Clone::clone)
    }

    fn read(self, source: Source, file: Option<Blob>, password: Option<String>) {
        let Some(works) = self.works() else { return };
        if !self.session.with_untracked(Session::is_open) {
            return;
        }
        self.tell(Event::Reading);
        device::spawn(async move {
            let task = works.begin();
            let blobs: Array = file.iter().collect();
            let reply = works.reader.read(ReadCv { source, password }, &blobs).await;
            if !works.is_at(task) {
                return;
            }
            let fault = match reply {
                Ok(Ok(read)) => {
                    works.waiting.take();
                    let text = read.cv.text.clone();
                    let kept = read.profile.as_ref().and_then(|profile| profile.items.first());
                    let tag_set = kept.map(|item| item.kind.tag_set()).unwrap_or_default();
                    self.tell(Event::Read(read));
                    return self.analyse(&works, task, text, tag_set).await;
                }
                Ok(Err(fault)) => Fault::Cv(fault),
                Err(error) => Fault::Worker(error),
            };
            *works.waiting.borrow_mut() = file;
            self.tell(Event::Failed(fault));
        });
    }

    /// Looks for another tag set in the text under review; what was reviewed under that one before is taken up again.
    pub fn look_for(self, tag_set: TagSetName) {
        let Some(works) = self.works() else { return };
        self.tell(Event::PutAside);
        let (open, text) = self.session.with_untracked(|session| (session.review.is_none(), session.text.clone()));
        if open {
            device::spawn(async move {
                let task = works.begin();
                self.analyse(&works, task, text, tag_set).await;
            });
        }
    }

    async fn analyse(self, works: &Rc<Works>, task: u32, text: String, tag_set: TagSetName) {
        self.tell(Event::Analysing);
        let watched = works.clone();
        let on_progress = Rc::new(move |progress| {
            if watched.is_at(task) {
                self.tell(Event::Progress(progress));
            }
        });
        let reply = works.engine.call(AnalyseCv { text, tag_set, advertisement: false }, on_progress).await;
        if !works.is_at(task) {
            return;
        }
        match reply {
            Ok(Ok(analysis)) => self.tell(Event::Analysed(analysis)),
            Ok(Err(fault)) => self.tell(Event::Failed(Fault::Model(fault))),
            Err(fault) => {
                self.tell(Event::Failed(engine_fault(fault)));
                // The next text should not have to wait for a fresh engine; if none starts now, it says so then.
                let _ = works.engine.ready().await;
            }
        }
    }

    /// Changes the review; an entry whose words are new is linked anew.
    pub fn edit(self, edit: Edit) {
        let unlinked = |session: &Session| session.review.as_ref().map(|r| r.entries.iter().map(|e| (e.number, e.label.clone())).collect::<Vec<_>>()).unwrap_or_default();
        let before = self.session.with_untracked(unlinked);
        self.tell(Event::Edited(edit));
        for entry in self.session.with_untracked(unlinked) {
            if !before.contains(&entry) {
                let (number, words) = entry;
                self.find(words.clone(), move |found| self.tell(Event::Linked(number, words, found.link)));
            }
        }
    }

    /// Looks words up among the competences. Where the engine fails nothing is found, and the next analysis says why.
    pub fn find(self, query: String, then: impl FnOnce(Found) + 'static) {
        let Some(works) = self.works() else { return };
        let then: Box<dyn FnOnce(Found)> = Box::new(then);
        let task = works.task.get();
        device::spawn(async move {
            let reply = works.engine.call(FindCompetences { query }, Rc::new(|_| ())).await;
            if !works.is_at(task) {
                return;
            }
            then(reply.ok().and_then(Result::ok).unwrap_or(Found { nearest: Vec::new(), link: None }));
        });
    }

    /// Saves what counts as a file of the person's.
    pub fn save(self) {
        self.write("waymark-profile.json", |review| WriteProfile { profile: review.profile(), table: false });
    }

    /// The same as a table.
    pub fn save_table(self) {
        self.write("waymark-profile.csv", |review| WriteProfile { profile: review.profile(), table: true });
    }

    /// Saves what was corrected as a file for the trainer.
    pub fn save_training(self) {
        self.write("waymark-corrections.jsonl", Review::training);
    }

    /// Has the engine write a file out of the review.
    fn write<C: Call<Reply = String> + Clone + 'static>(self, name: &'static str, of: fn(&Review) -> C) {
        let call = self.session.with_untracked(|session| session.review.as_ref().map(of));
        let (Some(works), Some(call)) = (self.works(), call) else { return };
        device::spawn(async move {
            match works.engine.call(call, Rc::new(|_| ())).await {
                Ok(text) => device::save(name, &text),
                Err(fault) => self.tell(Event::SaveFailed(engine_fault(fault))),
            }
        });
    }

    /// Shows another page.
    pub fn go(self, screen: Screen) {
        self.tell(Event::Gone(screen));
    }

    /// What was last set in the drawn pages.
    pub fn state(self) -> State {
        self.works().map(|works| works.state.borrow().clone()).unwrap_or_default()
    }

    /// Keeps what was set in a drawn page for all of them.
    pub fn keep_state(self, state: State) {
        if let Some(works) = self.works() {
            *works.state.borrow_mut() = state;
        }
    }

    /// Reads and analyses a text for a drawn page, such as a job advertisement; what is wrong with it is said above the page.
    pub async fn read_beside(self, source: Source, file: Option<Blob>) -> Option<TakeAd> {
        let works = self.works()?;
        let blobs: Array = file.iter().collect();
        let text = match works.reader.read(ReadCv { source, password: None }, &blobs).await {
            Ok(Ok(read)) => Ok(read.cv.text),
            Ok(Err(fault)) => Err(Fault::Cv(fault)),
            Err(error) => Err(Fault::Worker(error)),
        };
        let analysed = match text {
            Err(fault) => Err(fault),
            Ok(text) => match works.engine.call(AnalyseCv { text: text.clone(), tag_set: TagSetName::Open, advertisement: true }, Rc::new(|_| ())).await {
                Ok(Ok(analysis)) => Ok(TakeAd { text, analysis }),
                Ok(Err(fault)) => Err(Fault::Model(fault)),
                Err(fault) => Err(engine_fault(fault)),
            },
        };
        analysed.map_err(|fault| self.tell(Event::SaveFailed(fault))).ok()
    }

    /// Gives an advertisement that was read to the drawn pages.
    pub async fn take_ad(self, call: TakeAd) {
        self.ask_studio(call).await.unwrap_or_default();
    }

    /// What the drawn pages know of the person.
    pub fn person(self) -> Option<Person> {
        self.session.with_untracked(|session| session.review.as_ref().map(Review::person))
    }

    /// Has a page drawn; a failure is said above it, and what was drawn before stays.
    pub async fn draw(self, call: Draw) -> Option<Drawn> {
        self.ask_studio(call).await
    }

    /// Gives a file to a drawn page.
    pub async fn take_into(self, call: TakeFile) {
        self.ask_studio(call).await.unwrap_or_default();
    }

    /// Has something of a drawn page written as a file.
    pub async fn save_drawn(self, call: SaveDrawn) -> Option<DrawnFile> {
        self.ask_studio(call).await.flatten()
    }

    async fn ask_studio<C: Call + Clone>(self, call: C) -> Option<C::Reply> {
        let works = self.works()?;
        match works.studio.call(call, Rc::new(|_| ())).await {
            Ok(reply) => Some(reply),
            Err(fault) => {
                self.tell(Event::SaveFailed(engine_fault(fault)));
                None
            }
        }
    }

    /// Stops reading or analysing.
    pub fn cancel(self) {
        if let Some(works) = self.works() {
            works.reader.cancel();
            works.engine.cancel();
        }
    }

    /// Back to the start; the CV is forgotten.
    pub fn another(self) {
        if let Some(works) = self.works() {
            works.waiting.take();
            works.state.borrow_mut().forget_own();
            let forgotten = TakeFile { page: DrawnPage::Plan, what: "another".into(), bytes: Vec::new() };
            device::spawn(self.take_into(forgotten));
        }
        self.tell(Event::Another);
    }

    /// Deletes everything: text, decisions, settings, kept files, and the worker with what it knew.
    pub fn forget(self) {
        let Some(works) = self.works() else { return };
        works.begin();
        works.waiting.take();
        works.reader.cancel();
        works.engine.stop();
        works.studio.stop();
        *works.state.borrow_mut() = State::default();
        device::show_address("");
        device::forget_settings();
        self.tell(Event::Forgotten);
        device::spawn(async move {
            device::forget_cache().await;
            // As after a failure: a fresh engine ahead of the next text.
            let _ = works.engine.ready().await;
        });
    }
}

impl Works {
    fn begin(&self) -> u32 {
        self.task.set(self.task.get() + 1);
        self.task.get()
    }

    fn is_at(&self, task: u32) -> bool {
        self.task.get() == task
    }
}

fn base() -> String {
    device::document().base_uri().ok().flatten().unwrap_or_default()
}

fn engine_fault(fault: EngineFault) -> Fault {
    match fault {
        EngineFault::Worker(error) => Fault::Worker(error),
        EngineFault::Pack(PackFault::Manifest) => Fault::Load(LoadFault::Manifest),
        EngineFault::Pack(PackFault::Digest { path }) => Fault::Load(LoadFault::Digest { path }),
        EngineFault::Pack(PackFault::Model(fault)) => Fault::Model(fault),
    }
}

