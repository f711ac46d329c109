// See `view.d.ts`.

import { nextQuestion, offers } from "./ladder.js";

export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const name of Object.keys(properties)) {
    const value = properties[name];
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child) node.append(child);
  return node;
}

export const draw = (scene) => [
  languages(scene),
  ...SCREENS[scene.state.screen](scene).flat(Infinity),
  foot(scene.view),
].filter(Boolean);

export const foot = ({ alert, words, code: real }) =>
  h("div", { class: "foot" }, code(words.code, real), real && h("p", {}, words.code_text),
    prose(alert.second_screen.attribution, "attribution"));

const SCREENS = { first, signs, questions, second_step: secondStep, after };

function languages({ view: { alert, words }, switchTo }) {
  const one = ({ locale, name }) =>
    button(name, "link", () => switchTo(locale), {
      lang: locale, id: `in-${locale}`, "aria-pressed": `${locale === alert.locale}`,
    });
  return alert.locales.length > 1 &&
    h("div", { class: "languages", role: "group", "aria-label": words.language }, alert.locales.map(one));
}

function first(scene) {
  const { view, state: { noted } } = scene;
  const { alert, words } = view;
  const may = offers(scene.state);
  return [
    title(alert.headline),
    ["appeal", "call_me"].map((about) => noted.includes(about) && note(words[`${about}_done`])),
    alert.first_screen.map(({ kind, prose: blocks }) => [
      prose(blocks, kind),
      kind === "calling" && code(words.call_code, view.call_code),
      kind === "this_withdrawal" && alert.pair ? pair(alert.pair.known, alert.pair.entered)
        : (kind === "this_withdrawal" || kind === "waiting") && facts(view),
    ]),
    alert.is_notice && resources(scene),
    may.goOn && fault(scene),
    actions(
      stop(scene),
      signsButton(scene),
      may.secondStep && button(alert.actions.go_on, "quiet", to(scene, "second_step")),
      may.goOn && button(alert.actions.go_on, "quiet", to(scene, "continued")),
      !alert.actions && closing(scene),
    ),
    exits(scene),
  ];
}

function exits(scene) {
  const { view: { alert: { exits: ways = {} } }, state: { alert, noted }, send } = scene;
  const ask = (about) => alert.acts && ways[about] && !noted.includes(about) &&
    button(ways[about], "link", () => send({ type: "help", about }));
  return h("div", { class: "exits" }, report(scene, "link"), ask("appeal"), ask("call_me"));
}

function questions(scene) {
  const { view: { alert, words }, state, send } = scene;
  const question = nextQuestion(state);
  const step = question && h("div", { class: "step" },
    choices(question, state.answers),
    button(words.next, "plain", () => send({ type: "answer", form: formIn(step) })));
  return [
    title(alert.ask.title),
    fault(scene),
    prose(alert.ask.intro),
    step,
    actions(stop(scene), button(words.back, "quiet", to(scene, "back"))),
    exits(scene),
  ];
}

function signs(scene) {
  const { alert: { second_screen: more }, words } = scene.view;
  const part = (name, tag, content) => more[name].length > 0 && [h("h3", {}, words[name]), h(tag, {}, content)];
  const items = (name) => more[name].map((item) => h("li", {}, runs(item)));
  return [
    title(words.second_screen),
    part("signs", "ol", items("signs")),
    part("example", "blockquote", prose(more.example)),
    part("preempt", "div", prose(more.preempt)),
    part("tips", "ul", items("tips")),
    resources(scene),
    actions(stop(scene), report(scene, "plain"), button(words.back, "quiet", to(scene, "back"))),
  ];
}

function secondStep(scene) {
  const { view: { alert, words }, state: { form, fault: wrong }, send } = scene;
  const { text, go_on, back, typing_prompt, questions: asked } = alert.second_step;
  const submit = () => send({ type: "continued", form: formIn(step) });
  const isWrong = (wrong === "missing" || wrong === "differs") && "true";
  const step = h("div", { class: "step" },
    alert.pair && [
      prose(typing_prompt ?? []),
      h("p", { "aria-hidden": "true" }, h("span", { class: "label" }, words.typing_pattern),
        address(alert.pair.entered, true)),
      h("label", { for: "marked" }, words.typing_label),
      h("input", {
        id: "marked", class: "typed", dir: "ltr", maxlength: "16", autocomplete: "off", autocapitalize: "none",
        autocorrect: "off", spellcheck: "false", value: form.marked, "aria-invalid": isWrong,
        "aria-describedby": isWrong && "fault",
        onkeydown: (event) => event.key === "Enter" && !event.isComposing && submit(),
      }),
      h("details", { open: wrong === "missing" || form.isReadBack },
        h("summary", {}, words.cannot_type),
        pair(alert.pair.entered),
        check(words.read_back, { type: "checkbox", id: "read-back", checked: form.isReadBack })),
    ],
    asked.map((question) => choices(question, form.answers, h("span", { class: "label" }, ` ${words.optional}`))),
    button(go_on, "plain", submit));
  return [
    title(words.second_step),
    fault(scene),
    prose(text),
    alert.rung === "ask" && alert.first_screen.map(({ kind, prose: told }) => kind === "story" && prose(told, kind)),
    actions(
      stop(scene),
      button(back === alert.actions.safe ? words.back : back, "quiet", to(scene, "back")),
    ),
    step,
  ];
}

const check = (label, properties) => h("label", { class: "check" }, h("input", properties), h("span", {}, label));

const choices = ({ id, text, options }, given, hint) =>
  h("fieldset", {}, h("legend", {}, text, hint), options.map((option) => check(option.text,
    { type: "radio", name: id, value: option.id, checked: given?.[id] === option.id })));

function formIn(step) {
  const answers = {};
  for (const { name, value } of step.querySelectorAll("[type=radio]:checked")) answers[name] = value;
  return {
    marked: step.querySelector("#marked")?.value,
    isReadBack: step.querySelector("#read-back")?.checked,
    answers,
  };
}

function after(scene) {
  const { view: { alert, words }, state: { choice, noted } } = scene;
  const said = alert.after_choice;
  const key = choice === "changed" ? "cancelled" : choice;
  return [
    title(words[key]),
    key === "reported" && noted.includes("cancelled") && prose(said.cancelled),
    prose(said[key]),
    key === "continued" && h("p", {}, words.still_open),
    key === "reported" && resources(scene),
    actions(
      closing(scene),
      stop(scene),
      words[`${key}_more`] && visiting(scene, words[`${key}_more`], "plain", ""),
      signsButton(scene),
      report(scene, "quiet"),
    ),
  ];
}

export const badge = ({ text, logos }, at) =>
  h("p", { class: "badge" }, logos.map((logo) => logo &&
    h("img", { src: at(`partners/${logo}`), alt: "", width: 32, height: 32, referrerpolicy: "no-referrer" })), text);

const note = (text) => text && h("p", { class: "fault" }, text);
const title = (text) => h("h2", { id: "title", tabindex: "-1" }, text);
const code = (label, value) => value && h("p", {}, `${label} `, h("b", { dir: "ltr", translate: "no" }, value));
const actions = (...buttons) => h("div", { class: "actions" }, buttons);
const button = (label, look, act, more) =>
  h("button", { type: "button", class: look, onclick: ({ detail }) => detail < 2 && act(), ...more }, label);
const to = ({ send }, type) => () => send({ type });

const stop = (scene) =>
  offers(scene.state).stop && button(scene.view.alert.actions.safe, "safe", to(scene, "cancelled"));

const signsButton = (scene) =>
  scene.view.alert.actions?.learn_more && button(scene.view.alert.actions.learn_more, "plain", to(scene, "signs"));

const report = (scene, look) =>
  offers(scene.state).report && visiting(scene, scene.view.alert.exits.scammed, look, "/help", "scammed");

const visiting = ({ view, send, visit }, label, look, page, about) =>
  button([label, newWindow(view)], look, () => {
    if (about) send({ type: "help", about });
    visit(page);
  });

const newWindow = ({ words }) => h("span", { class: "aloud" }, ` (${words.new_window})`);

const closing = ({ view, state, close }) =>
  close && button(view.words.back, offers(state).stop ? "plain" : "safe", close);

function fault({ view: { words }, state }) {
  const name = state.fault === "away" ? "away" : "error";
  return state.fault && h("p", { class: "fault", id: "fault", role: "alert" },
    h("strong", {}, `${words[name]}. `), words[`${state.fault}_text`]);
}

function facts({ alert: { withdrawal }, words }) {
  const row = (name, properties) =>
    withdrawal[name] && h("div", {}, h("dt", {}, words[name === "address" ? "to" : name]),
      h("dd", {}, h("bdi", properties, withdrawal[name])));
  return h("dl", { class: "facts" }, row("address", { class: "address", dir: "ltr", translate: "no" }), row("memo"),
    row("network"));
}

const pair = (...addresses) => h("dl", {}, addresses.map((one) =>
  h("div", {}, h("dt", {}, one.label), h("dd", {}, address(one), h("span", { class: "aloud" }, one.spoken)))));

function address({ pieces }, isBlank = false) {
  const whole = h("span", { class: "address", dir: "ltr", translate: "no", "aria-hidden": "true" });
  const prefix = /^0x/i.test(pieces[0].text) ? 2 : 0;
  let position = 0;
  let group;
  for (const { text, mark } of pieces) {
    const isMarked = mark === "asked" || (mark === "differs" && !isBlank);
    let run;
    for (const character of text) {
      if (!group || (position > prefix && (position - prefix) % 4 === 0)) {
        whole.append((group = h("span", { class: "group" })), h("wbr"));
        run = null;
      }
      if (!run) group.append((run = h(isMarked ? "mark" : "span", { class: mark })));
      run.append(!isBlank || mark === "same" ? character : mark === "asked" ? "\u00a0" : "·");
      position++;
    }
  }
  return whole;
}

function resources({ view }) {
  const { alert: { second_screen: more }, words } = view;
  const one = ({ name, purpose, phone, url, hours }) =>
    h("div", {},
      h("dt", {}, purpose, hours && [" · ", h("bdi", {}, hours)]),
      h("dd", {}, name),
      h("dd", {},
        phone && link(h("bdi", {}, phone), `tel:${phone.replace(/[^+\d*#]/g, "")}`),
        url && link([h("bdi", {}, new URL(url).hostname.replace(/^www\./, "")), newWindow(view)], url)));
  return more.resources.length + more.resources_intro.length > 0 &&
    [h("h3", {}, words.resources), prose(more.resources_intro), h("dl", {}, more.resources.map(one))];
}

const prose = (blocks, look) =>
  blocks.map(({ type, items, runs: text }) =>
    type === "list" ? h("ul", {}, items.map((item) => h("li", {}, runs(item)))) : h("p", { class: look }, runs(text)));

const TAGS = { value: "bdi", strong: "strong", emphasis: "em" };
const runs = (items) =>
  items.map(({ text, style, href }) => (href ? link(text, href) : TAGS[style] ? h(TAGS[style], {}, text) : text));

function link(content, href, more) {
  if (!/^(https?:\/\/|tel:)/i.test(href)) return content;
  const beside = /^h/i.test(href) && { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { href, ...beside, ...more }, content);
}
