// The bench: globalThis.__bench = {load, encode, logits, memory, analyse, simulate, search}. Drives the same worker program as
// the page does, but through its bench functions; times are taken inside the worker.
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
    analyse({ text, names, bytes, encoder }) {
      wasm_bindgen.bench_taxonomy(names, bytes, encoder);
      const began = performance.now();
      const sentences = wasm_bindgen.bench_tag(text);
      const tagged = performance.now();
      const [spans, linked] = wasm_bindgen.bench_link();
      return { sentences, spans, linked, tagMs: tagged - began, linkMs: performance.now() - tagged, wasm: exports.memory.buffer.byteLength };
    },
    async simulate({ module, names, bytes, runs, steps, levers, seed }) {
      exports = await wasm_bindgen({ module_or_path: module });
      const [nodes, edges] = wasm_bindgen.bench_market(names, bytes);
      const timed = async (call, tries) => {
        let best = Infinity, value;
        for (let i = 0; i < tries; i++) {
          const begin = performance.now();
          value = await call(i);
          best = Math.min(best, performance.now() - begin);
        }
        return [best, value];
      };
      const [oneMs, peak] = await timed(() => wasm_bindgen.bench_steps(1, steps), 3);
      const [ms] = await timed(() => wasm_bindgen.bench_steps(runs, steps), 2);
      const [settleMs] = await timed(() => wasm_bindgen.bench_settle(1, seed), 1);
      const [leverMs, unemployment] = await timed((i) => wasm_bindgen.bench_lever(0.5 + 0.01 * (i % 5)), levers);
      return {
        ms, runs, steps, nodes, edges, peak, leverMs, settleMs, unemployment,
        stepsPerSecond: (1000 * steps) / oneMs,
        runStepsPerSecond: (1000 * steps * runs) / ms,
        wasm: exports.memory.buffer.byteLength,
      };
    },
    runs({ runs, steps }) {
      return wasm_bindgen.bench_steps(runs, steps);
    },
    async search({ module, paths, bytes, steps, origins }) {
      await wasm_bindgen({ module_or_path: module });
      wasm_bindgen.bench_moves(paths, bytes);
      let begin = performance.now();
      const occupations = wasm_bindgen.bench_score();
      const scoresMs = performance.now() - begin;
      const searches = [];
      for (let i = 0; i < origins; i++) {
        const from = Math.floor((i * occupations) / origins);
        begin = performance.now();
        const found = wasm_bindgen.bench_search(from, steps);
        searches.push({ from, ms: performance.now() - begin, found });
      }
      return { occupations, steps, scoresMs, searches };
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

const ask = (...request) => worker.ask(...request);

const fetched = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

const launched = (glue) => {
  const worker = new Worker(URL.createObjectURL(new Blob([glue, inWorker], { type: "text/javascript" })));
  let count = 0;
  const waiting = new Map();
  worker.onmessage = ({ data: { id, reply, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(reply);
  };
  const ask = (action, values, transfer = []) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, action, values }, transfer);
    });
  return { ask, end: () => worker.terminate() };
};

const started = (glue) => {
  worker?.end();
  worker = launched(glue);
};

// Files of the pack.
const packed = async (wanted) => {
  const manifest = await (await fetched("pack/manifest.json")).json();
  const paths = manifest.files.map((file) => file.path).filter((path) => wanted.test(path));
  const bytes = await Promise.all(
    paths.map(async (path) => new Uint8Array(await (await fetched(`pack/${path}`)).arrayBuffer())),
  );
  return { manifest, bytes, paths, files: paths.map((path) => path.split("/").pop()) };
};

// The same with the worker's program.
const program = async (wanted) => {
  const glue = await (await fetched(names.workerJs)).text();
  const module = await WebAssembly.compileStreaming(fetched(names.workerWasm));
  return { glue, module, ...(await packed(wanted)) };
};

globalThis.__bench = {
  // The options name an engine of peers (dtype, threads, device); this product has one, which it reports.
  async load(options = {}) {
    const begin = performance.now();
    const { glue, module, manifest, bytes, files } = await program(/^model\/.*\.(json|safetensors)$/);
    started(glue);
    const loaded = await ask("load", { module, names: files, bytes }, bytes.map((file) => file.buffer));
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
  // A CV of our own making, tagged (tagMs) and linked (linkMs); the model must be loaded.
  async analyse(text) {
    const { manifest, bytes, files } = await packed(/^taxonomy\//);
    const encoder = manifest.files.find((file) => file.path.endsWith("/encoder.safetensors")).sha256;
    return ask("analyse", { text, names: files, bytes, encoder }, bytes.map((file) => file.buffer));
  },
  // Deterministic: `runs` runs of `steps` steps over the pack's network at once (ms), one alone (stepsPerSecond), then a lever
  // moved (leverMs: 30 years of one run, at rest before). With `workers`, the runs are shared out among so many workers, and
  // sharedMs is the time until all have answered. Numbers of nodes and edges are the pack's, whatever is asked; the worker with a
  // model ends.
  async simulate(options = {}) {
    const { glue, module, bytes, files } = await program(/^market\//);
    started(glue);
    const { runs = 8, steps = 600, levers = 20, seed = 1, workers = 1 } = options;
    const found = await ask("simulate", { module, names: files, bytes, runs, steps, levers, seed });
    if (workers > 1) {
      const more = Array.from({ length: workers - 1 }, () => launched(glue));
      await Promise.all(more.map((other) => other.ask("simulate", { module, names: files, bytes, runs: 1, steps: 1, levers: 0, seed })));
      const begin = performance.now();
      await Promise.all([worker, ...more].map((one) => one.ask("runs", { runs: Math.ceil(runs / workers), steps })));
      found.sharedMs = performance.now() - begin;
      more.forEach((other) => other.end());
    }
    return { ...found, asked: { n: options.n ?? null, k: options.k ?? null }, threads: workers, device: "wasm simd128" };
  },
  // Scores all moves between occupations (scoresMs), then searches for paths of at most `steps` steps from every so many-th of them
  // to all others, each once (searches: place, ms, undominated paths). The worker with a model ends.
  async search(options = {}) {
    const { glue, module, bytes, paths } = await program(/^(market|taxonomy)\/.*\.(tsv|json|csv)$/);
    started(glue);
    const { steps = 4, origins = 40 } = options;
    return ask("search", { module, paths, bytes, steps, origins }, bytes.map((file) => file.buffer));
  },
};
