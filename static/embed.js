/**
 * <splitbrain-exercise lesson="last-write-wins-loses" lang="en" theme="dark" seed="7" controls="diagram">
 *
 * One exercise in somebody else's page: an iframe and the embed contract, version 1. No dependencies.
 * Every message is `{ splitbrain: 1, type, … }`. Messages out of the frame become events of the element,
 * `splitbrain-progress` and so on, with the message's fields in `event.detail`. See docs/embedding.md.
 *
 * Invariants: only the frame's own window and origin are listened to; nothing is posted to any other
 * origin; text from the frame never becomes markup; a message that breaks a limit is dropped.
 */

const VERSION = 1;
const HEIGHT_MIN_PX = 240;
const HEIGHT_MAX_PX = 4000;
const MESSAGE_MAX_CHARS = 1_000_000;
const ANSWER_WAIT_MS = 30_000;
const FROM_FRAME = new Set(["ready", "resize", "progress", "prediction", "completed", "state", "statement", "error"]);

const here = new URL(".", import.meta.url);
// In a sandboxed host page without allow-same-origin the frame is sandboxed too, and both are called "null".
const frameOrigin = self.origin === "null" ? "null" : here.origin;
const frameTarget = frameOrigin === "null" ? "*" : frameOrigin;

/** A lesson's id, a language, a theme, a seed, controls: only these shapes reach the address. */
const SHAPES = {
  lesson: /^[a-z0-9]+(?:-[a-z0-9]+){0,15}$/,
  lang: /^[a-z]{2}$/,
  theme: /^(?:dark|light)$/,
  seed: /^[0-9]{1,20}$/,
  controls: /^[a-z]+(?:[ ,]+[a-z]+){0,7}$/,
};

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether it is plain data and small enough; a forged cyclic or huge object is neither. */
function fits(value) {
  try {
    return JSON.stringify(value).length <= MESSAGE_MAX_CHARS;
  } catch {
    return false;
  }
}

class SplitbrainExercise extends HTMLElement {
  static observedAttributes = Object.keys(SHAPES);

  #frame = null;
  #ready = false;
  #asked = new Map(); // id -> { resolve, reject, timer }
  #nextId = 1;
  #waiting = [];
  #listen = (event) => this.#receive(event);

  connectedCallback() {
    this.style.display ||= "block";
    addEventListener("message", this.#listen);
    this.#open();
  }

  disconnectedCallback() {
    removeEventListener("message", this.#listen);
    this.#close("the exercise was removed from the page");
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#frame || before === after) return;
    if (name === "lesson" || name === "seed") {
      this.#close("another exercise was opened");
      this.#open();
    } else {
      this.configure({ [name]: this.#attribute(name) ?? null });
    }
  }

  /** Everything the learner has done, as plain data to keep and to give back to `setState`. */
  getState() {
    return this.#ask({ type: "getState" }).then((answer) => answer.state);
  }

  /** Puts a kept state back. Rejects, and changes nothing, where the frame refuses it. */
  setState(state) {
    if (!fits(state)) return Promise.reject(new RangeError("state is not plain data, or over a million characters"));
    return this.#ask({ type: "setState", state }).then(() => undefined);
  }

  /** Starts the exercise anew. */
  reset() {
    this.#send({ type: "reset" });
  }

  /** Changes `theme`, `lang` or `controls` while it runs; null goes back to the default. */
  configure({ theme, lang, controls } = {}) {
    const given = { theme, lang, controls };
    const message = { type: "configure" };
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      if (value !== null && !SHAPES[name].test(value)) throw new TypeError(`${name} cannot be ${JSON.stringify(value)}`);
      message[name] = value;
    }
    this.#send(message);
  }

  #attribute(name) {
    const value = this.getAttribute(name)?.trim();
    return value && SHAPES[name].test(value) ? value : undefined;
  }

  #open() {
    const lesson = this.#attribute("lesson");
    if (!lesson) {
      this.#tell("error", { code: "lesson", message: "The attribute lesson has no valid lesson id." });
      return;
    }
    const address = new URL(here);
    address.searchParams.set("embed", "1");
    for (const name of ["lang", "theme", "controls", "seed"]) {
      const value = this.#attribute(name);
      if (value !== undefined) address.searchParams.set(name, value);
    }
    address.hash = `/lesson/${lesson}`;

    const frame = document.createElement("iframe");
    frame.src = address.href;
    frame.title = this.getAttribute("title") ?? `Splitbrain exercise: ${lesson.replaceAll("-", " ")}`;
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.allow = "clipboard-write; fullscreen";
    Object.assign(frame.style, { display: "block", width: "100%", height: "640px", border: "0", colorScheme: "auto" });
    this.#frame = frame;
    this.replaceChildren(frame);
  }

  #close(reason) {
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
    this.#waiting = [];
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
    this.#asked.clear();
  }

  #ask(message) {
    if (!this.#frame) return Promise.reject(new Error("the exercise is not in a page"));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const timer = setTimeout(() => {
        this.#asked.delete(id);
        reject(new Error(`the exercise did not answer ${message.type} within ${ANSWER_WAIT_MS / 1000} s`));
      }, ANSWER_WAIT_MS);
      this.#asked.set(id, { resolve, reject, timer });
      this.#send({ ...message, id });
    });
  }

  /** Messages wait for the frame to be ready; one that is asked for something loads at once. */
  #send(message) {
    if (this.#ready) return this.#post(message);
    if (!this.#frame) return;
    this.#frame.loading = "eager";
    this.#waiting.push(message);
  }

  #post(message) {
    this.#frame?.contentWindow?.postMessage({ splitbrain: VERSION, ...message }, frameTarget);
  }

  #receive(event) {
    if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== frameOrigin) return;
    const { data } = event;
    if (!isRecord(data) || data.splitbrain !== VERSION || !FROM_FRAME.has(data.type) || !fits(data)) return;
    const { splitbrain, type, ...detail } = data;
    if (type === "ready") {
      this.#ready = true; // again after a reload within the frame, which has forgotten us
      this.#post({ type: "hello" });
      for (const message of this.#waiting.splice(0)) this.#post(message);
    }
    if (type === "resize") this.#resize(detail.height);
    if (type === "state" || type === "error") this.#settle(type, detail);
    this.#tell(type, detail);
  }

  #resize(height) {
    if (!Number.isFinite(height)) return;
    this.#frame.style.height = `${Math.round(Math.min(HEIGHT_MAX_PX, Math.max(HEIGHT_MIN_PX, height)))}px`;
  }

  #settle(type, detail) {
    const asked = this.#asked.get(detail.id);
    if (!asked) return;
    this.#asked.delete(detail.id);
    clearTimeout(asked.timer);
    if (type === "state") asked.resolve(detail);
    else asked.reject(new Error(String(detail.message ?? detail.code ?? "refused").slice(0, 500)));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(`splitbrain-${type}`, { detail, bubbles: true, composed: true }));
  }
}

customElements.define("splitbrain-exercise", SplitbrainExercise);
