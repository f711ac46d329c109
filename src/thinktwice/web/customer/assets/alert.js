// What only a browser can know: whether the alert was seen, on how much room, and whether help was called. And a fresh
// code for a page that is left open. The page works without it.

const NOTICEABLE_MS = 1000;
const CODE_MS = 600_000;
const CODE_REST_MS = 60_000;

/** The token is the path segment after "alerts"; it is never written into the page. */
export const tokenIn = (path) => path.split("/alerts/")[1]?.split("/")[0] ?? "";

export const eventOf = (type, id, detail = {}, now = new Date()) => ({
  event_id: id,
  type,
  occurred_at: now.toISOString(),
  detail,
});

/** How much room the alert has, in the three words of the contract. */
export const viewportOf = (width) => (width < 480 ? "narrow" : width < 1024 ? "medium" : "wide");

const post = (main, type, id) =>
  fetch(main.dataset.events, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${tokenIn(location.pathname)}` },
    body: JSON.stringify({
      events: [eventOf(type, id, { locale: main.dataset.locale, viewport: viewportOf(innerWidth) })],
    }),
  }).catch(() => {});

/** Call back once when the element has been visible, on a page that is visible, for a second without a break. */
export function whenSeen(element, callback) {
  let inView = false;
  let timer;
  const judge = () => {
    clearTimeout(timer);
    if (inView && document.visibilityState === "visible") timer = setTimeout(finish, NOTICEABLE_MS);
  };
  const observer = new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    judge();
  });
  const finish = () => {
    observer.disconnect();
    document.removeEventListener("visibilitychange", judge);
    callback();
  };
  document.addEventListener("visibilitychange", judge);
  observer.observe(element);
}

/** Keep the code fresh: it lives 15 minutes, a page that waits is open longer. Reading the alert records nothing. */
export function keepFresh(real) {
  let asked = Date.now();
  const renew = async () => {
    if (document.hidden || Date.now() - asked < CODE_REST_MS) return;
    asked = Date.now();
    const headers = { Authorization: `Bearer ${tokenIn(location.pathname)}` };
    const view = await fetch(real.dataset.view, { cache: "no-store", headers })
      .then((response) => response.ok && response.json())
      .catch(() => null);
    if (!view?.code) return;
    real.querySelector("b").textContent = view.code;
    real.lastElementChild.textContent = view.words.code_text;
  };
  addEventListener("focus", renew);
  document.addEventListener("visibilitychange", renew);
  setInterval(renew, CODE_MS);
}

const main = document.querySelector("main[data-events]");
if (main?.dataset.seen) whenSeen(main.querySelector("h1"), () => post(main, "seen", main.dataset.seen));
main?.addEventListener("click", (event) => {
  if (event.target.closest("a[href^='tel:']")) post(main, "help", main.dataset.help);
});
document.addEventListener("submit", ({ target }) => {
  const room = target.elements.viewport ?? target.appendChild(document.createElement("input"));
  Object.assign(room, { type: "hidden", name: "viewport", value: viewportOf(innerWidth) });
});
const real = document.querySelector(".real");
if (real) keepFresh(real);
