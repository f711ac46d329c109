// Helps whoever writes a draft: checks while they type, completes the names of signals, and warns before unsaved text is left.
// Nothing here is needed: the Check button does the same, and the list of signals stands on the page.

const PAUSE = 700;
const MOST = 6;
const form = document.querySelector("form[data-draft]");
let waiting;
let turn = 0;
let isDirty = false;

function check() {
  const mine = ++turn;
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("open");
  fields.set("act", "check");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  request.onload = () => {
    const fresh = request.status === 200 ? request.response?.getElementById("findings") : null;
    if (fresh && mine === turn) document.getElementById("findings").replaceWith(document.adoptNode(fresh));
  };
  request.send(fields.toString());
}

function known(list) {
  return [...list.querySelectorAll("[data-name]")].map((row) => ({
    name: row.dataset.name,
    meaning: row.querySelector("dd").firstChild.textContent.trim(),
  }));
}

function wordBefore(area) {
  return area.value.slice(0, area.selectionStart).match(/[a-z][a-z0-9_.]*$/)?.[0] ?? "";
}

function take(area, word, name) {
  area.setRangeText(name, area.selectionStart - word.length, area.selectionStart, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function complete(area, signals, box) {
  const word = wordBefore(area);
  const fits = signals.filter(({ name }) => name !== word && name.includes(word));
  const shown = word.length < 3 ? [] : fits.sort((a, b) => a.name.indexOf(word) - b.name.indexOf(word)).slice(0, MOST);
  box.replaceChildren(
    ...shown.map(({ name, meaning }) => {
      const button = document.createElement("button");
      const label = document.createElement("code");
      button.type = "button";
      button.lang = "en";
      label.textContent = name;
      button.append(label, ` ${meaning}`);
      button.addEventListener("click", () => take(area, word, name));
      return button;
    }),
  );
  box.hidden = shown.length === 0;
}

function helpWith(area) {
  const list = document.getElementById(area.dataset.completes);
  const box = document.createElement("div");
  box.className = "completion";
  box.hidden = true;
  area.after(box);
  const signals = known(list);
  for (const kind of ["input", "click"]) area.addEventListener(kind, () => complete(area, signals, box));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") box.hidden = true;
  });
}

// Enter in a field of one line presses the first button of a form, which opens a file; here it means the field's own.
function addOnEnter(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  form.requestSubmit(document.getElementById("add-language"));
}

if (form) {
  form.addEventListener("keydown", addOnEnter);
  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  });
  form.addEventListener("submit", () => (isDirty = false));
  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
  for (const area of form.querySelectorAll("[data-completes]")) helpWith(area);
}
