// See `../think-twice.d.ts`.

import { begin, step } from "./ladder.js";
import { Recorder, pause, whenSeen } from "./recorder.js";
import { STYLES } from "./styles.js";
import { badge, draw, foot, h } from "./view.js";

const PATIENCE_MS = [1000, 4000];

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

let sheet;

export class ThinkTwiceElement extends Base {
  static observedAttributes = ["alert-id", "token", "api", "locale", "dialog"];

  #shadow;
  #token;
  #key = "";
  #isDue = false;
  #recorder;
  #view;
  #state;
  #frame;
  #status;
  #stopWatching = () => {};
  #asked;
  #timer;

  #again = async () => {
    if (document.hidden || !(this.#state?.noted.includes("scammed") || Date.now() - this.#asked > 6e4)) return;
    this.#asked = Date.now();
    const view = await this.#read();
    if (!view) return;
    this.#view.code = view.code;
    this.#view.words = view.words;
    this.#foot();
    this.#send({ type: "stands", about: view.choice });
  };

  constructor() {
    super();
    this.#shadow = this.attachShadow({ mode: "open" });
    this.#shadow.append(h("slot"));
  }

  get alertId() { return this.getAttribute("alert-id") ?? ""; }
  set alertId(id) { this.setAttribute("alert-id", id); }

  get token() { return this.#token ?? this.getAttribute("token") ?? ""; }
  set token(token) {
    this.#token = token;
    this.#load();
  }

  get api() { return this.getAttribute("api") ?? ""; }
  set api(address) { this.setAttribute("api", address); }

  get locale() { return this.getAttribute("locale") ?? ""; }
  set locale(tag) { this.setAttribute("locale", tag); }

  get choice() { return this.#state?.choice ?? null; }

  change() { this.#send({ type: "changed" }); }

  show() { this.#draw(true); }

  connectedCallback() {
    this.#timer = setInterval(this.#again, 6e5);
    addEventListener("focus", this.#again);
    document.addEventListener("visibilitychange", this.#again);
    this.#load();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    removeEventListener("focus", this.#again);
    document.removeEventListener("visibilitychange", this.#again);
    this.#stopWatching();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "dialog") this.#draw(true);
    else if (name === "locale" && this.#state) this.#switchTo(now);
    else this.#load();
  }

  #load() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected && this.alertId && this.token) this.#open();
    });
  }

  async #open() {
    const key = [this.api, this.alertId, this.token].join();
    if (this.#key === key) return this.#draw(true);
    this.#key = key;
    const recorder = new Recorder(this.api, this.alertId, this.token);
    const view = await read(recorder, this.locale);
    if (this.#key !== key) return;
    if (!view) {
      this.#key = "";
      return;
    }
    this.#recorder = recorder;
    this.#begin(view);
    this.#send({ type: "shown" });
  }

  #begin(view) {
    this.#view = view;
    this.#asked = Date.now();
    this.#state = begin(view);
    this.#draw(true);
  }

  async #switchTo(locale) {
    const view = await this.#read(this.#recorder, locale);
    if (!view) return;
    this.#view = view;
    this.#draw();
    this.#focus(`in-${view.alert.locale}`);
  }

  #send(input) {
    const before = this.#state;
    if (!before) return;
    const [state, effects] = step(before, input);
    this.#state = state;
    if (looks(state) !== looks(before) || before.isWaiting > state.isWaiting) {
      this.#draw();
      this.#focus("title");
      if (state.fault) this.#focus("marked");
    }
    this.#frame.setAttribute("aria-busy", state.isWaiting);
    for (const { record, detail, ask, tell } of effects) {
      if (record) this.#record(record, detail);
      if (ask) this.#ask(this.#recorder, ask);
      if (tell) this.#tell(tell);
    }
  }

  async #read(recorder = this.#recorder, locale = this.#view.alert.locale) {
    const view = await read(recorder, locale);
    return recorder === this.#recorder && view;
  }

  #foot() { this.#shadow.querySelector(".foot").replaceWith(foot(this.#view)); }

  async #record(type, detail) {
    const recorder = this.#recorder;
    await recorder.record(type, detail);
    const view = type === "cancelled" && (await this.#read(recorder));
    if (!view || view.choice || !view.events.includes(type)) return;
    this.#begin(view);
    this.#focus("title");
  }

  async #ask(recorder, ask) {
    const type = await recorder.ask(ask);
    if (type !== "closed" && (type !== "taken" || ask.type === "continued")) return this.#send({ type });
    const view = await this.#read(recorder);
    if (recorder !== this.#recorder || !this.#state.isWaiting) return;
    if (!view) return this.#send({ type: "away" });
    this.#begin(view);
    this.#focus("title");
    this.#send({ type: "second_step" });
    if (view.choice) this.#tell(view.choice);
  }

  #tell(type) {
    const detail = { alertId: this.alertId, locale: this.#view.alert.locale, choice: this.choice };
    this.dispatchEvent(new CustomEvent(`think-twice:${type}`, { bubbles: true, composed: true, detail }));
  }

  #focus(id) { this.#shadow.getElementById(id)?.focus(); }

  #draw(isOpening = false) {
    const [view, state] = [this.#view, this.#state];
    if (!state) return;
    const tag = this.hasAttribute("dialog") ? "dialog" : "section";
    if (this.#frame?.localName !== tag) this.#makeFrame(tag);
    const frame = this.#frame;
    frame.lang = view.alert.language;
    frame.dir = view.alert.direction;
    const close = tag === "dialog" && (() => frame.close());
    const send = (input) => this.#send(input);
    const visit = (page) => this.#recorder.visit(page);
    frame.replaceChildren(...draw({ view, state, send, visit, switchTo: (locale) => this.#switchTo(locale), close }));
    if (isOpening && close && !frame.open && frame.isConnected) {
      frame.showModal();
      this.#focus("title");
    } else if (isOpening && !close) {
      pause(100).then(() => this.#status.replaceChildren(view.alert.headline));
    }
    this.#stopWatching();
    const title = this.#shadow.getElementById("title");
    if (state.screen === "first") {
      if (view.alert.badge) this.#vouch(title, view, view.isDrawn ? this.#read() : view);
      if (!state.noted.includes("seen")) this.#stopWatching = whenSeen(title, () => send({ type: "seen" }));
    }
    view.isDrawn = true;
  }

  async #vouch(title, view, asked) {
    const now = (await asked)?.alert;
    if (!now || !title.isConnected) return;
    view.alert.second_screen.attribution = now.second_screen.attribution;
    this.#foot();
    if (now.badge) title.after(badge(now.badge, (path) => this.#recorder.at(path)));
  }

  #makeFrame(tag) {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLES);
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#status = h("p", { class: "aloud", role: "status" });
    this.#frame = h(tag, {
      class: "frame",
      "aria-labelledby": "title",
      onclick: (event) => this.#followed(event),
      oncancel: (event) => this.#escaped(event),
      onclose: () => this.dispatchEvent(new Event("close")),
    });
    this.#shadow.replaceChildren(this.#status, this.#frame);
  }

  #followed({ target }) {
    const link = target.closest("a");
    if (link) this.#send({ type: link.protocol === "tel:" ? "help" : "reviewed" });
  }

  #escaped(event) {
    if (["first", "after"].includes(this.#state.screen)) return;
    event.preventDefault();
    this.#send({ type: "back" });
  }
}

const looks = ({ screen, fault, answers, noted }) =>
  [screen, fault, Object.keys(answers), noted.filter((kind) => !/^(delivered|seen|reviewed|help|scammed)$/.test(kind))].join();

async function read(recorder, locale) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await recorder.read(locale);
    } catch {
      if (attempt === PATIENCE_MS.length) return null;
      await pause(PATIENCE_MS[attempt]);
    }
  }
}
