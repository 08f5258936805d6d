// Starts the page. First the one Trusted Types policy: workers only from Blobs of this origin, or the service worker.
if (globalThis.trustedTypes) {
  const own = `blob:${location.origin}/`;
  trustedTypes.createPolicy("default", {
    createScriptURL: (url) => (String(url).startsWith(own) || url === "./sw.js" ? url : null),
    createHTML: (html) => html,
  });
}
const { default: init } = await import("./{{page.js}}");
await init({ module_or_path: new URL("./{{page_bg.wasm}}", import.meta.url) });
