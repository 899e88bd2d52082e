// Fetches the chunks of the page, and what several of them share. Made by
// `xtask/src/chunks/loader.rs`, which puts the lists below and knows the names.
import { initSync } from "./MAIN.js";

let shared;
const imports = () => (shared ??= { __wasm_split: initSync() });

// Kept once it has come; asked for anew after it has failed.
const once = (load) => {
  let loading;
  return () => {
    if (!loading) {
      const now = (loading = load());
      now.catch(() => {
        if (loading === now) loading = undefined;
      });
    }
    return loading;
  };
};

const get = (name) => {
  const answer = fetch(new URL("./" + name, import.meta.url));
  answer.catch(() => {});
  return answer;
};

// Very small parts come in one file, one behind the other.
const pieces = once(async () => {
  const answer = await get("PIECES");
  if (!answer.ok) throw new Error(answer.url + ": " + answer.status);
  return answer.arrayBuffer();
});
let end = 0;
const piece = (length) => {
  const from = end;
  const to = (end += length);
  return once(async () => WebAssembly.instantiate((await pieces()).slice(from, to), imports()));
};

const file = (name, needs = []) =>
  once(async () => {
    const parts = needs.map((place) => PARTS[place]());
    const answer = get(name + ".wasm");
    await Promise.all(parts);
    return WebAssembly.instantiateStreaming(answer, imports());
  });

// What the page calls: it hears by a function of its own table whether the chunk is there.
const chunk = (name, needs) => {
  const load = file(name, needs);
  return async (heard, data) => {
    let came = true;
    try {
      await load();
    } catch (error) {
      console.error(error);
      came = false;
    }
    imports().__wasm_split.__indirect_function_table.get(heard)(data, came);
  };
};
