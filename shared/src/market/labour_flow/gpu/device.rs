//! The engine on a native GPU through wgpu (Vulkan). The page has its own: it asks the browser directly, with the same kernel
//! and the same layout.
use super::{DeviceLimits, ENTRY, Packed, SHADER, pack, slices, standing, unpack};
use crate::market::labour_flow::{Engine, EngineError, Job, Trajectory};
use std::sync::mpsc;
use thiserror::Error;

/// Which adapters may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapters {
    /// Real ones. A software one would be slower than the lanes, so it is never taken by itself.
    Hardware,
    /// Software ones only: the same kernel without a GPU, for tests.
    Software,
}

/// Why there is no engine.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoGpu {
    /// None of the kind asked for; those there are, by name.
    #[error("no such adapter: {}", if .0.is_empty() { "there is none at all".to_owned() } else { format!("there is only {}", .0.join(", ")) })]
    Adapter(Vec<String>),
    /// The adapter gave no device, or the device did not take the kernel.
    #[error("{0}")]
    Device(String),
}

/// Runs given at once; more would only make the steps between two looks at cancel longer.
const BATCH: usize = 256;

/// An adapter with the kernel compiled for it.
#[derive(Debug)]
pub struct Gpu {
    adapter: String,
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::ComputePipeline,
    limits: DeviceLimits,
}

/// Real GPUs first, those of their own memory first among them; `None` for one not to be taken.
fn rank(kind: wgpu::DeviceType, allowed: Adapters) -> Option<u8> {
    match (kind, allowed) {
        (wgpu::DeviceType::DiscreteGpu, Adapters::Hardware) | (wgpu::DeviceType::Cpu, Adapters::Software) => Some(0),
        (wgpu::DeviceType::IntegratedGpu, Adapters::Hardware) => Some(1),
        (wgpu::DeviceType::VirtualGpu, Adapters::Hardware) => Some(2),
        // What does not say what it is (`Other`) may be software.
        _ => None,
    }
}

impl Gpu {
    /// Takes the best adapter of the kind allowed and compiles the kernel.
    ///
    /// # Errors
    /// No such adapter, no device, or a kernel that it refuses.
    pub async fn new(allowed: Adapters) -> Result<Self, NoGpu> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let found = instance.enumerate_adapters(wgpu::Backends::VULKAN).await;
        let names: Vec<String> = found.iter().map(|adapter| described(&adapter.get_info())).collect();
        let best = found.into_iter().filter_map(|adapter| Some((rank(adapter.get_info().device_type, allowed)?, adapter))).min_by_key(|(rank, _)| *rank);
        let (_, adapter) = best.ok_or(NoGpu::Adapter(names))?;
        // What the adapter has, for larger buffers; nothing beyond WebGPU's defaults is relied on.
        let descriptor = wgpu::DeviceDescriptor { required_limits: adapter.limits(), ..Default::default() };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|error| NoGpu::Device(error.to_string()))?;
        // Errors come to the scopes below; one outside must not end the program.
        device.on_uncaptured_error(std::sync::Arc::new(|_| ()));
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some("labour flow"), source: wgpu::ShaderSource::Wgsl(SHADER.into()) });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some("labour flow"),
            layout: None,
            module: &module,
            entry_point: Some(ENTRY),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        if let Some(error) = scope.pop().await {
            return Err(NoGpu::Device(error.to_string()));
        }
        let limits = DeviceLimits { binding_bytes: device.limits().max_storage_buffer_binding_size.min(device.limits().max_buffer_size) };
        Ok(Self { adapter: described(&adapter.get_info()), device, queue, pipeline, limits })
    }

    /// The adapter's name and kind, for people.
    pub fn adapter(&self) -> &str {
        &self.adapter
    }

    /// Takes less at once than the device does: for tests of jobs in parts.
    #[cfg(test)]
    pub(super) fn within(self, limits: DeviceLimits) -> Self {
        Self { limits, ..self }
    }

    /// Ends the device under a running program: for tests of what comes then.
    #[cfg(test)]
    pub(super) fn lose(&self) {
        self.device.destroy();
    }

    fn buffer(&self, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false })
    }

    /// Fills the buffers, steps, and asks for nothing until the end: state and outcome.
    async fn dispatched(&self, packed: &Packed) -> Result<Vec<u8>, EngineError> {
        use wgpu::BufferUsages as Use;
        let size = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let plan = self.buffer(32, Use::UNIFORM | Use::COPY_DST);
        let inputs = packed.inputs.each_ref().map(|bytes| {
            let buffer = self.buffer(size(bytes), Use::STORAGE | Use::COPY_DST);
            self.queue.write_buffer(&buffer, 0, bytes);
            buffer
        });
        let state_bytes = size(&packed.state);
        let state = self.buffer(state_bytes, Use::STORAGE | Use::COPY_DST | Use::COPY_SRC);
        self.queue.write_buffer(&state, 0, &packed.state);
        let outcome = self.buffer(packed.outcome_bytes, Use::STORAGE | Use::COPY_SRC);
        let back = self.buffer(state_bytes + packed.outcome_bytes, Use::MAP_READ | Use::COPY_DST);
        let bound: Vec<wgpu::BindGroupEntry<'_>> =
            (0..).zip(std::iter::once(&plan).chain(&inputs).chain([&state, &outcome])).map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() }).collect();
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout: &self.pipeline.get_bind_group_layout(0), entries: &bound });
        for bytes in &packed.plans {
            // A write takes its place in the queue, before the submission that follows.
            self.queue.write_buffer(&plan, 0, bytes);
            let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            {
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                pass.set_pipeline(&self.pipeline);
                pass.set_bind_group(0, &group, &[]);
                pass.dispatch_workgroups(packed.workgroups, 1, 1);
            }
            self.queue.submit([encoder.finish()]);
        }
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(&state, 0, &back, 0, state_bytes);
        encoder.copy_buffer_to_buffer(&outcome, 0, &back, state_bytes, packed.outcome_bytes);
        self.queue.submit([encoder.finish()]);
        let failed = |error: String| EngineError::Device(error);
        let (invalid, out_of_memory) = (validation.pop(), memory.pop());
        if let Some(error) = invalid.await.or(out_of_memory.await) {
            return Err(failed(error.to_string()));
        }
        let (say, heard) = mpsc::channel();
        back.map_async(wgpu::MapMode::Read, .., move |mapped| {
            // Nobody listens any more only where the wait below failed.
            let _ = say.send(mapped);
        });
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| failed(error.to_string()))?;
        heard.try_recv().map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
        let bytes = back.get_mapped_range(..).map_err(|error| failed(error.to_string()))?.to_vec();
        Ok(bytes)
    }
}

fn described(info: &wgpu::AdapterInfo) -> String {
    let kind = match info.device_type {
        wgpu::DeviceType::DiscreteGpu => "GPU",
        wgpu::DeviceType::IntegratedGpu => "integrated GPU",
        wgpu::DeviceType::VirtualGpu => "virtual GPU",
        wgpu::DeviceType::Cpu => "software",
        wgpu::DeviceType::Other => "unknown kind",
    };
    format!("{} ({kind})", info.name)
}

impl Engine for Gpu {
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
            let bytes = self.dispatched(&packed).await?;
            let (state, outcome) = bytes.split_at_checked(packed.state.len()).ok_or_else(|| EngineError::Device("it gave too little".into()))?;
            found.extend(unpack(job, range, state, outcome)?);
        }
        Ok(found)
    }
}
