// See `recorder.d.ts`.

const PATIENCE_MS = [1000, 4000, 15000, 60000];
const BANDS = ["under-2s", "2-5s", "5-15s", "15-60s", "over-60s"];

const encode = (value) =>
  typeof value === "string"
    ? JSON.stringify(value)
    : `{${Object.keys(value).map((name) => `${encode(name)}:${encode(value[name])}`).join(",")}}`;

function newId() {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += byte.toString(16).padStart(2, "0");
  return id;
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Recorder {
  #api;
  #url;
  #token;
  #locale;
  #started = performance.now();
  #epoch = Date.now() - performance.now();
  #asked = { key: "", events: [] };

  constructor(api, alertId, token) {
    this.#api = api.replace(/\/+$/, "");
    this.#url = `${this.#api}/v1/alerts/${encodeURIComponent(alertId)}`;
    this.#token = token;
  }

  async read(locale) {
    const response = await this.#fetch(locale && `?locale=${encodeURIComponent(locale)}`, { cache: "no-store" });
    if (!response.ok) return null;
    const view = await response.json();
    this.#epoch = Date.parse(view.now) - performance.now() || this.#epoch;
    this.#locale = view.alert.locale;
    return view;
  }

  at(path) { return `${this.#api}/alerts/${path}`; }

  visit(page) {
    const address = this.at(encodeURIComponent(this.#token) + page);
    open(`${address}?locale=${encodeURIComponent(this.#locale)}`, "_blank", "noopener,noreferrer");
  }

  record(type, detail) {
    return this.#send([this.#event(type, detail)], PATIENCE_MS);
  }

  async ask({ type, detail, answers = {} }) {
    const key = encode({ type, detail, answers });
    if (this.#asked.key !== key) {
      this.#asked = { key, events: [this.#event(type, detail)] };
      if (Object.keys(answers).length) this.#asked.events.unshift(this.#event("answered", answers));
    }
    const status = await this.#send(this.#asked.events, [500]);
    return { 202: "taken", 409: "closed", 422: "refused" }[status] ?? "away";
  }

  #event(type, detail) {
    const now = performance.now();
    const isOver = (seconds) => now - this.#started >= seconds * 1000;
    return {
      event_id: newId(),
      type,
      occurred_at: new Date(this.#epoch + now).toISOString(),
      detail: {
        locale: this.#locale,
        viewport: innerWidth < 480 ? "narrow" : innerWidth < 1024 ? "medium" : "wide",
        dwell: BANDS[[2, 5, 15, 60].filter(isOver).length],
        ...detail,
      },
    };
  }

  async #send(events, patience) {
    const body = `{"events":[${events.map(encode).join(",")}]}`;
    for (let attempt = 0; ; attempt++) {
      let status;
      try {
        ({ status } = await this.#fetch("/events", { method: "POST", body, keepalive: true }));
      } catch {
        status = 0;
      }
      if ((status && status < 500 && status !== 429) || attempt === patience.length) return status;
      await pause(patience[attempt]);
    }
  }

  #fetch(rest, init) {
    const headers = { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" };
    return fetch(this.#url + rest, { headers, credentials: "omit", referrerPolicy: "no-referrer", ...init });
  }
}

export function whenSeen(element, callback) {
  let inView = false;
  let timer;
  const judge = () => {
    clearTimeout(timer);
    if (inView && !document.hidden) timer = setTimeout(finish, 1000);
  };
  const observer = new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    judge();
  });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", judge);
  };
  const finish = () => {
    stop();
    callback();
  };
  document.addEventListener("visibilitychange", judge);
  observer.observe(element);
  return stop;
}
