//! The market's GPU in the page: WebGPU asked by name, with the kernel and the layout of the core. Not through wgpu, which would
//! add its own bindings of all WebGPU to the worker; what is needed of it here is a dozen calls.
use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use waymark_shared::market::labour_flow::gpu::{DeviceLimits, ENTRY, Packed, SHADER, pack, slices, standing, unpack};
use waymark_shared::market::labour_flow::{Engine, EngineError, Job, Trajectory};

/// `GPUBufferUsage` and `GPUMapMode`, as WebGPU numbers them.
const MAP_READ: u32 = 0x1;
const COPY_SRC: u32 = 0x4;
const COPY_DST: u32 = 0x8;
const UNIFORM: u32 = 0x40;
const STORAGE: u32 = 0x80;
const MODE_READ: u32 = 0x1;
/// Runs given at once.
const BATCH: usize = 256;
/// Greatest whole number that a double counts to.
const COUNTED_MAX: f64 = 9_007_199_254_740_991.0;
/// Names that software adapters bear: of Chromium, Mesa, Windows.
const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

/// A device with the kernel compiled for it.
pub struct BrowserGpu {
    device: JsValue,
    queue: JsValue,
    pipeline: JsValue,
    limits: DeviceLimits,
}

fn failed(error: &JsValue) -> EngineError {
    let message = get(error, "message").as_string().or_else(|| error.as_string());
    EngineError::Device(message.unwrap_or_else(|| "the browser does not say why".into()))
}

/// A property; undefined where there is none.
fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, EngineError> {
    let function: Function = get(of, name).dyn_into().map_err(|_| EngineError::Device(format!("WebGPU has no {name} here")))?;
    function.apply(of, &arguments.iter().collect::<Array>()).map_err(|error| failed(&error))
}

async fn awaited(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, EngineError> {
    let promise: Promise = call(of, name, arguments)?.unchecked_into();
    JsFuture::from(promise).await.map_err(|error| failed(&error))
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A new object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

#[expect(clippy::cast_precision_loss, reason = "sizes of buffers, far below 2⁵³")]
fn number(value: u64) -> JsValue {
    (value as f64).into()
}

/// A limit of the adapter; 0 where it is none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within 0 and 2⁵³")]
fn limit(adapter: &JsValue, name: &str) -> u64 {
    get(&get(adapter, "limits"), name).as_f64().map_or(0, |value| value.clamp(0.0, COUNTED_MAX) as u64)
}

/// True for what computes on the main processor, slower than the lanes do.
fn is_software(adapter: &JsValue) -> bool {
    let info = get(adapter, "info");
    let named = |name: &str| get(&info, name).as_string().is_some_and(|text| SOFTWARE.iter().any(|software| text.to_lowercase().contains(software)));
    get(&info, "isFallbackAdapter").is_truthy() || get(adapter, "isFallbackAdapter").is_truthy() || ["vendor", "architecture", "device", "description"].into_iter().any(named)
}

impl BrowserGpu {
    /// Takes the browser's adapter and compiles the kernel; one in software only where that is `software_too`.
    ///
    /// # Errors
    /// No WebGPU, no adapter or none in hardware, a device or a kernel refused.
    pub async fn new(software_too: bool) -> Result<Self, EngineError> {
        let none = |what: &str| EngineError::Device(what.to_owned());
        let gpu = get(&get(&js_sys::global(), "navigator"), "gpu");
        if gpu.is_undefined() {
            return Err(none("this browser has no WebGPU here"));
        }
        let adapter = awaited(&gpu, "requestAdapter", &[object([("powerPreference", "high-performance".into())])]).await?;
        if adapter.is_null() || adapter.is_undefined() {
            return Err(none("WebGPU has no adapter"));
        }
        if is_software(&adapter) && !software_too {
            return Err(none("WebGPU has no adapter in hardware"));
        }
        let [binding, whole] = ["maxStorageBufferBindingSize", "maxBufferSize"].map(|name| limit(&adapter, name).max(DeviceLimits::default().binding_bytes));
        let limits = object([("maxStorageBufferBindingSize", number(binding)), ("maxBufferSize", number(whole))]);
        let device = awaited(&adapter, "requestDevice", &[object([("requiredLimits", limits)])]).await?;
        let module = call(&device, "createShaderModule", &[object([("code", SHADER.into())])])?;
        let compute = object([("module", module), ("entryPoint", ENTRY.into())]);
        let pipeline = awaited(&device, "createComputePipelineAsync", &[object([("layout", "auto".into()), ("compute", compute)])]).await?;
        Ok(Self { queue: get(&device, "queue"), device, pipeline, limits: DeviceLimits { binding_bytes: binding.min(whole) } })
    }

    fn buffer(&self, size: u64, usage: u32) -> Result<JsValue, EngineError> {
        call(&self.device, "createBuffer", &[object([("size", number(size)), ("usage", usage.into())])])
    }

    fn write(&self, buffer: &JsValue, bytes: &[u8]) -> Result<(), EngineError> {
        call(&self.queue, "writeBuffer", &[buffer.clone(), 0.into(), Uint8Array::from(bytes).into()]).map(|_| ())
    }

    fn submit(&self, encoder: &JsValue) -> Result<(), EngineError> {
        let commands = call(encoder, "finish", &[])?;
        call(&self.queue, "submit", &[Array::of1(&commands).into()]).map(|_| ())
    }

    /// Fills the buffers, steps, and asks for nothing until the end: state and outcome. Buffers made are put in `made`.
    async fn dispatched(&self, packed: &Packed, made: &mut Vec<JsValue>) -> Result<Vec<u8>, EngineError> {
        let size = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut buffer = |size: u64, usage: u32| -> Result<JsValue, EngineError> {
            let buffer = self.buffer(size, usage)?;
            made.push(buffer.clone());
            Ok(buffer)
        };
        let state_bytes = size(&packed.state);
        let plan = buffer(32, UNIFORM | COPY_DST)?;
        let mut bound = vec![plan.clone()];
        for bytes in &packed.inputs {
            let input = buffer(size(bytes), STORAGE | COPY_DST)?;
            self.write(&input, bytes)?;
            bound.push(input);
        }
        let state = buffer(state_bytes, STORAGE | COPY_DST | COPY_SRC)?;
        self.write(&state, &packed.state)?;
        let outcome = buffer(packed.outcome_bytes, STORAGE | COPY_SRC)?;
        let back = buffer(state_bytes + packed.outcome_bytes, MAP_READ | COPY_DST)?;
        bound.extend([state.clone(), outcome.clone()]);
        let entries: Array = (0_u32..).zip(&bound).map(|(binding, buffer)| object([("binding", binding.into()), ("resource", object([("buffer", buffer.clone())]))])).collect();
        let layout = call(&self.pipeline, "getBindGroupLayout", &[0.into()])?;
        let group = call(&self.device, "createBindGroup", &[object([("layout", layout), ("entries", entries.into())])])?;
        for bytes in &packed.plans {
            // A write takes its place in the queue, before the submission that follows.
            self.write(&plan, bytes)?;
            let encoder = call(&self.device, "createCommandEncoder", &[])?;
            let pass = call(&encoder, "beginComputePass", &[])?;
            call(&pass, "setPipeline", &[self.pipeline.clone()])?;
            call(&pass, "setBindGroup", &[0.into(), group.clone()])?;
            call(&pass, "dispatchWorkgroups", &[packed.workgroups.into()])?;
            call(&pass, "end", &[])?;
            self.submit(&encoder)?;
        }
        let encoder = call(&self.device, "createCommandEncoder", &[])?;
        for (from, at, bytes) in [(state, 0, state_bytes), (outcome, state_bytes, packed.outcome_bytes)] {
            call(&encoder, "copyBufferToBuffer", &[from, 0.into(), back.clone(), number(at), number(bytes)])?;
        }
        self.submit(&encoder)?;
        awaited(&back, "mapAsync", &[MODE_READ.into()]).await?;
        let mapped: ArrayBuffer = call(&back, "getMappedRange", &[])?.unchecked_into();
        Ok(Uint8Array::new(&mapped).to_vec())
    }

    /// The same within the scopes that catch what WebGPU finds wrong; nothing is left on the device.
    async fn ran(&self, packed: &Packed) -> Result<Vec<u8>, EngineError> {
        for filter in ["out-of-memory", "validation"] {
            call(&self.device, "pushErrorScope", &[filter.into()])?;
        }
        let mut made = Vec::new();
        let result = self.dispatched(packed, &mut made).await;
        let mut wrong = None;
        for _ in 0..2 {
            let error = awaited(&self.device, "popErrorScope", &[]).await?;
            wrong = wrong.or_else(|| error.is_object().then(|| failed(&error)));
        }
        for buffer in made {
            call(&buffer, "destroy", &[])?;
        }
        match wrong {
            Some(error) => Err(error),
            None => result,
        }
    }
}

impl Engine for BrowserGpu {
    fn name(&self) -> &'static str {
        "gpu"
    }

    fn batch(&self) -> usize {
        BATCH
    }

    async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
        if job.steps() == 0 {
            return Ok(standing(job));
        }
        let mut found = Vec::with_capacity(job.runs().len());
        for range in slices(job, self.limits)? {
            let packed = pack(job, range.clone())?;
            let bytes = self.ran(&packed).await?;
            let (state, outcome) = bytes.split_at_checked(packed.state.len()).ok_or_else(|| EngineError::Device("it gave too little".into()))?;
            found.extend(unpack(job, range, state, outcome)?);
        }
        Ok(found)
    }
}
