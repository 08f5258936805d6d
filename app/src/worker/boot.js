// Runs before and after the worker's glue in one Blob: waits for the compiled Module, then hands every message over.
// A trap is told to the page with the memory in use, so that it can be told from running out of it.
{
  const waiting = [];
  let exports = null;
  const tell = (error) => {
    const much = exports?.memory.buffer.byteLength > 1.5e9;
    postMessage({ trap: String(error), starved: much || /out of memory|allocation failed/i.test(error) });
  };
  const handle = (message) => Promise.resolve(wasm_bindgen.handle(message)).catch(tell);
  self.addEventListener("error", (event) => { event.preventDefault(); tell(event.message); });
  self.addEventListener("unhandledrejection", (event) => { event.preventDefault(); tell(event.reason); });
  self.onmessage = async ({ data }) => {
    if (data.module) {
      try {
        exports = await wasm_bindgen({ module_or_path: data.module });
        for (const message of waiting.splice(0)) handle(message);
      } catch (error) {
        tell(error);
      }
    } else if (exports) handle(data);
    else waiting.push(data);
  };
}
