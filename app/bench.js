// The bench: globalThis.__bench = {load, encode, logits, memory}. Drives the same worker program as the page does, but
// through its bench functions; times are taken inside the worker.
const names = document.getElementById("bench").dataset;

const inWorker = `
  let exports = null;
  const actions = {
    async load({ module, names, bytes }) {
      exports = await wasm_bindgen({ module_or_path: module });
      wasm_bindgen.bench_load(names, bytes);
      wasm_bindgen.bench_encode(["first vector"]);
      return { wasm: exports.memory.buffer.byteLength };
    },
    encode({ batches }) {
      const begin = performance.now();
      const vectors = batches.flatMap((batch) => wasm_bindgen.bench_encode(batch));
      return { ms: performance.now() - begin, vectors: vectors.map((vector) => Array.from(vector)) };
    },
    logits({ sentence }) {
      return { rows: wasm_bindgen.bench_logits(sentence).map((row) => Array.from(row)) };
    },
    memory() {
      return { wasm: exports.memory.buffer.byteLength };
    },
  };
  self.onmessage = async ({ data: { id, action, values } }) => {
    try {
      postMessage({ id, reply: await actions[action](values) });
    } catch (error) {
      postMessage({ id, error: String(error) });
    }
  };
`;

let worker = null;
let count = 0;
const waiting = new Map();

const ask = (action, values, transfer = []) =>
  new Promise((resolve, reject) => {
    const id = ++count;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, action, values }, transfer);
  });

const fetched = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

globalThis.__bench = {
  // The options name an engine of peers (dtype, threads, device); this product has one, which it reports.
  async load(options = {}) {
    const begin = performance.now();
    worker?.terminate();
    const glue = await (await fetched(names.workerJs)).text();
    const module = await WebAssembly.compileStreaming(fetched(names.workerWasm));
    const manifest = await (await fetched("pack/manifest.json")).json();
    const paths = manifest.files.map((file) => file.path).filter((path) => /^model\/.*\.(json|safetensors)$/.test(path));
    const bytes = await Promise.all(
      paths.map(async (path) => new Uint8Array(await (await fetched(`pack/${path}`)).arrayBuffer())),
    );
    worker = new Worker(URL.createObjectURL(new Blob([glue, inWorker], { type: "text/javascript" })));
    worker.onmessage = ({ data: { id, reply, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error));
      else resolve(reply);
    };
    const loaded = await ask(
      "load",
      { module, names: paths.map((path) => path.split("/").pop()), bytes },
      bytes.map((file) => file.buffer),
    );
    return {
      ms: performance.now() - begin,
      dtype: "4-bit stored, f32 computed",
      asked: options.dtype ?? null,
      threads: 1,
      device: "wasm simd128",
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      wasm: loaded.wasm,
    };
  },
  encode: (batches) => ask("encode", { batches }),
  logits: async (sentence) => (await ask("logits", { sentence })).rows,
  memory: () => ask("memory", {}),
};
