//! The page's end of the bridge: starts workers from one compiled Module, calls them, stops them, replaces them.
//! Not what is said: that is [`super::protocol`].
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::lock::Mutex;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Url, Worker};

use super::protocol::{Call, Envelope, Event, LoadPack, LoadStudio, PackFault, Progress, ReadCv, ReadReply, Request, WorkerError};

/// A worker that was told to stop and does not is ended after this time.
const CANCEL_PATIENCE_MILLIS: u32 = 500;
/// A file that keeps the reader busy for longer is given up.
const READ_PATIENCE_MILLIS: u32 = 20_000;

/// What every worker is started from, kept for as long as the page lives: nothing is fetched again.
pub struct Program {
    module: JsValue,
    script_url: String,
}

impl Program {
    /// Keeps the compiled Module and a Blob of the glue with its boot text.
    pub fn new(module: JsValue, glue: &str) -> Result<Self, JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let text = Array::of2(&glue.into(), &include_str!("boot.js").into());
        let blob = Blob::new_with_str_sequence_and_options(&text, &options)?;
        Ok(Self { module, script_url: Url::create_object_url_with_blob(&blob)? })
    }

    /// Starts a worker of it.
    fn start(&self) -> Result<Worker, JsValue> {
        let worker = Worker::new(&self.script_url)?;
        let hello = Object::new();
        Reflect::set(&hello, &"module".into(), &self.module)?;
        worker.post_message(&hello)?;
        Ok(worker)
    }
}

/// Opens what the site ships packed, in a worker that ends with this.
pub struct Unpacker(Worker);

impl Unpacker {
    /// Starts the worker.
    pub fn new(program: &Program) -> Result<Self, JsValue> {
        Ok(Self(program.start()?))
    }

    /// What is in a packed Blob; nothing where it is damaged. One at a time.
    pub async fn open(&self, packed: &Blob) -> Option<Blob> {
        let answer = Promise::new(&mut |resolve, reject| {
            self.0.set_onmessage(Some(&resolve));
            self.0.set_onerror(Some(&reject));
            let message = Object::new();
            if Reflect::set(&message, &"packed".into(), packed).and_then(|_| self.0.post_message(&message)).is_err() {
                // A promise that is refused needs no word with it.
                let _ = reject.call0(&JsValue::NULL);
            }
        });
        let event: MessageEvent = JsFuture::from(answer).await.ok()?.unchecked_into();
        event.data().dyn_into().ok()
    }
}

impl Drop for Unpacker {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

type OnProgress = Rc<dyn Fn(Progress)>;

struct Pending {
    job: u32,
    reply: oneshot::Sender<Result<Vec<u8>, WorkerError>>,
    on_progress: Option<OnProgress>,
}

/// One running worker with at most one call under way.
pub struct Client {
    worker: Worker,
    pending: Rc<RefCell<Option<Pending>>>,
    jobs: Cell<u32>,
    ended: Cell<bool>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Client {
    /// Starts a worker; it copies the page's policies, so the page seals first.
    pub fn spawn(program: &Program) -> Result<Self, JsValue> {
        let worker = program.start()?;
        let pending: Rc<RefCell<Option<Pending>>> = Rc::default();
        let of_message = pending.clone();
        let on_message = Closure::new(move |event: MessageEvent| receive(&of_message, &event.data()));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let of_error = pending.clone();
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            settle(&of_error, Err(WorkerError::Trap));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, pending, jobs: Cell::new(0), ended: Cell::new(false), _on_message: on_message, _on_error: on_error })
    }

    /// Sends a call with its Blobs and waits for the reply.
    pub async fn call<C: Call>(&self, call: C, blobs: &Array, on_progress: Option<OnProgress>) -> Result<C::Reply, WorkerError> {
        let reply = self.send(call.into(), blobs, on_progress).await?;
        postcard::from_bytes(&reply).map_err(|_| WorkerError::VersionMismatch)
    }

    async fn send(&self, request: Request, blobs: &Array, on_progress: Option<OnProgress>) -> Result<Vec<u8>, WorkerError> {
        let job = self.jobs.get() + 1;
        self.jobs.set(job);
        let bytes = postcard::to_allocvec(&Envelope::new(job, request)).map_err(|_| WorkerError::Trap)?;
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        let message = Object::new();
        let set = |name: &str, value: &JsValue| Reflect::set(&message, &name.into(), value);
        let sent = (set("envelope", &buffer))
            .and_then(|_| set("blobs", blobs))
            .and_then(|_| self.worker.post_message_with_transfer(&message, &Array::of1(&buffer)));
        sent.map_err(|_| WorkerError::Trap)?;
        let (sender, receiver) = oneshot::channel();
        *self.pending.borrow_mut() = Some(Pending { job, reply: sender, on_progress });
        receiver.await.unwrap_or(Err(WorkerError::Trap))
    }

    /// Asks the worker to stop its call; ends the worker if it does not in time.
    pub fn cancel(self: &Rc<Self>) {
        let Some(job) = self.pending.borrow().as_ref().map(|pending| pending.job) else { return };
        let message = Object::new();
        // A message that cannot be sent leaves the timer below to end the worker.
        let _ = Reflect::set(&message, &"cancel".into(), &job.into()).and_then(|_| self.worker.post_message(&message));
        let this = self.clone();
        Timeout::new(CANCEL_PATIENCE_MILLIS, move || {
            if this.pending.borrow().as_ref().is_some_and(|pending| pending.job == job) {
                this.end(WorkerError::Cancelled);
            }
        })
        .forget();
    }

    /// Ends the worker; a call under way gets `error`.
    pub fn end(&self, error: WorkerError) {
        self.ended.set(true);
        self.worker.terminate();
        settle(&self.pending, Err(error));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn settle(pending: &RefCell<Option<Pending>>, result: Result<Vec<u8>, WorkerError>) {
    if let Some(pending) = pending.borrow_mut().take() {
        // Nobody waits any more: the call was dropped.
        let _ = pending.reply.send(result);
    }
}

fn receive(pending: &RefCell<Option<Pending>>, data: &JsValue) {
    let Some(buffer) = data.dyn_ref::<js_sys::ArrayBuffer>() else {
        let starved = Reflect::get(data, &"starved".into()).unwrap_or_default().is_truthy();
        settle(pending, Err(if starved { WorkerError::OutOfMemory } else { WorkerError::Trap }));
        return;
    };
    let bytes = Uint8Array::new(buffer).to_vec();
    let Ok(envelope) = postcard::from_bytes::<Envelope<Event>>(&bytes) else {
        return settle(pending, Err(WorkerError::VersionMismatch));
    };
    if pending.borrow().as_ref().is_none_or(|pending| pending.job != envelope.job) {
        return;
    }
    match envelope.body {
        Event::Progress(progress) => {
            let listener = pending.borrow().as_ref().and_then(|pending| pending.on_progress.clone());
            if let Some(listener) = listener {
                listener(progress);
            }
        }
        Event::Done(reply) => settle(pending, Ok(reply)),
        Event::Failed(error) => settle(pending, Err(error)),
    }
}

/// What a worker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The model.
    Model,
    /// The data that pages are drawn from.
    Data,
}

/// The pack as fetched: kept so that a fresh engine needs no network.
#[derive(Clone)]
pub struct Pack {
    /// What of it the worker holds.
    pub holds: Holds,
    /// Digest that the site names for the manifest.
    pub manifest_sha256: String,
    /// Paths of the files.
    pub paths: Vec<String>,
    /// The manifest's Blob, then one for each path, then the host's own table where there is one.
    pub blobs: Array,
}

/// Why an engine could not be had.
pub enum EngineFault {
    /// Its worker failed.
    Worker(WorkerError),
    /// It refused the pack.
    Pack(PackFault),
}

/// A worker that holds model or data: replaced when it traps, when it is ended, and with what it held loaded again.
pub struct Engine {
    program: Rc<Program>,
    pack: Pack,
    client: RefCell<Option<Rc<Client>>>,
    /// Held while a worker starts, so that two callers do not start two.
    gate: Mutex<()>,
    /// Held while a call is under way: a worker takes one at a time.
    turn: Mutex<()>,
    cancelled: Cell<bool>,
}

impl Engine {
    /// Of a program and a pack; the worker starts with the first use.
    pub fn new(program: Rc<Program>, pack: Pack) -> Self {
        Self { program, pack, client: RefCell::default(), gate: Mutex::new(()), turn: Mutex::new(()), cancelled: Cell::new(false) }
    }

    /// The running engine, started and loaded if there is none.
    pub async fn ready(&self) -> Result<Rc<Client>, EngineFault> {
        let _gate = self.gate.lock().await;
        if let Some(client) = self.client.borrow().clone().filter(|client| !client.ended.get()) {
            return Ok(client);
        }
        let trap = |_| EngineFault::Worker(WorkerError::Trap);
        let client = Rc::new(Client::spawn(&self.program).map_err(trap)?);
        let load = LoadPack { manifest_sha256: self.pack.manifest_sha256.clone(), paths: self.pack.paths.clone() };
        *self.client.borrow_mut() = Some(client.clone());
        let reply = match self.pack.holds {
            Holds::Model => client.call(load, &self.pack.blobs, None).await,
            Holds::Data => client.call(LoadStudio { pack: load, engine: crate::device::engine_asked() }, &self.pack.blobs, None).await,
        };
        match reply {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => {
                self.stop();
                return Err(EngineFault::Pack(fault));
            }
            Err(error) => {
                self.stop();
                return Err(EngineFault::Worker(error));
            }
        }
        Ok(client)
    }

    /// Calls the engine; a call that trapped is replayed once on a fresh one.
    pub async fn call<C: Call>(&self, call: C, on_progress: OnProgress) -> Result<C::Reply, EngineFault> {
        let reply = self.ask(call.into(), on_progress).await?;
        postcard::from_bytes(&reply).map_err(|_| {
            self.stop();
            EngineFault::Worker(WorkerError::VersionMismatch)
        })
    }

    /// One function for all calls, which keeps the program small.
    async fn ask(&self, request: Request, on_progress: OnProgress) -> Result<Vec<u8>, EngineFault> {
        let _turn = self.turn.lock().await;
        self.cancelled.set(false);
        let mut tries = 2;
        loop {
            tries -= 1;
            let result = match self.ready().await {
                Ok(_) if self.cancelled.get() => Err(EngineFault::Worker(WorkerError::Cancelled)),
                Ok(client) => {
                    let reply = client.send(request.clone(), &Array::new(), Some(on_progress.clone())).await;
                    if matches!(reply, Err(error) if error != WorkerError::Cancelled) {
                        self.stop();
                    }
                    reply.map_err(EngineFault::Worker)
                }
                Err(fault) => Err(fault),
            };
            match result {
                Err(EngineFault::Worker(WorkerError::Trap)) if tries > 0 => {}
                result => return result,
            }
        }
    }

    /// Stops the call under way.
    pub fn cancel(&self) {
        self.cancelled.set(true);
        if let Some(client) = self.client.borrow().as_ref() {
            client.cancel();
        }
    }

    /// Ends the worker, and with it all it knew.
    pub fn stop(&self) {
        if let Some(client) = self.client.borrow_mut().take() {
            client.end(WorkerError::Cancelled);
        }
    }
}

/// Reads one file in a worker of its own, which is thrown away.
pub struct Reader {
    program: Rc<Program>,
    client: RefCell<Option<Rc<Client>>>,
}

impl Reader {
    /// Of a program.
    pub fn new(program: Rc<Program>) -> Self {
        Self { program, client: RefCell::default() }
    }

    /// Reads; `blobs` holds the file, or nothing for a sample.
    pub async fn read(&self, call: ReadCv, blobs: &Array) -> Result<<ReadCv as Call>::Reply, WorkerError> {
        let client = Rc::new(Client::spawn(&self.program).map_err(|_| WorkerError::Trap)?);
        *self.client.borrow_mut() = Some(client.clone());
        let watched = client.clone();
        let watch = Timeout::new(READ_PATIENCE_MILLIS, move || watched.end(WorkerError::TooSlow));
        let reply: Result<Result<ReadReply, _>, _> = client.call(call, blobs, None).await;
        drop(watch);
        self.client.borrow_mut().take();
        reply
    }

    /// Ends the reading under way.
    pub fn cancel(&self) {
        if let Some(client) = self.client.borrow_mut().take() {
            client.end(WorkerError::Cancelled);
        }
    }
}
