//! The unpacker's program: opens what a site ships packed (LZMA), in a worker of its own. Apart from the others, so that
//! the worker's program can come packed itself.

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::io::Read;

    use js_sys::{Array, Reflect, Uint8Array};
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Blob, DedicatedWorkerGlobalScope};

    /// Most memory that a stream may ask for, in KiB: four times the dictionary that `waymark-site` packs with.
    const MEMORY_KIB_MAX: u32 = 32 << 10;

    /// Answers `{packed: Blob}` with a Blob of what is in it, or with null where it cannot be opened.
    #[wasm_bindgen]
    pub async fn handle(message: JsValue) -> Result<(), JsValue> {
        let packed: Blob = Reflect::get(&message, &"packed".into())?.unchecked_into();
        let packed = Uint8Array::new(&JsFuture::from(packed.array_buffer()).await?).to_vec();
        let mut bytes = Vec::new();
        let opened = lzma_rust2::LzmaReader::new_mem_limit(packed.as_slice(), MEMORY_KIB_MAX, None).and_then(|mut stream| stream.read_to_end(&mut bytes));
        let answer = match opened {
            Ok(_) => Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes.as_slice())))?.into(),
            Err(_) => JsValue::NULL,
        };
        js_sys::global().unchecked_into::<DedicatedWorkerGlobalScope>().post_message(&answer)
    }
}
