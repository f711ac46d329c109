// Claims about the ladder, explored by hand and then exhaustively.

import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, nextQuestion, offers, step } from "../src/ladder.js";

const ACTIONS = { safe: "Keep", learn_more: "Signs", go_on: "Continue" };
const EXITS = { scammed: "I think this is a scam", call_me: "Call me", appeal: null };

const view = (alert = {}, rest = {}) => ({
  alert: { rung: "confirm", is_notice: false, actions: ACTIONS, second_step: {}, pair: null, exits: EXITS, ...alert },
  ...rest,
});
const QUESTIONS = [
  { id: "origin", unless: {} },
  { id: "money_back", unless: { origin: ["own_wallet", "told_by_authority"] } },
  { id: "coached" },
];
const ASK = view({ rung: "ask", ask: { questions: QUESTIONS } });
const SHARING = view({ rung: "ask", ask: { questions: [] } });
const LOOKALIKE = view({ pair: {} });
const INFORM = view({ rung: "inform", second_step: null });
const NOTICE = view({ is_notice: true, actions: null, second_step: null });

/** Walk through inputs; return the last state and all effects. */
function walk(from, ...inputs) {
  let state = begin(from);
  const effects = [];
  for (const input of inputs) {
    const [next, more] = step(state, typeof input === "string" ? { type: input } : input);
    state = next;
    effects.push(...more);
  }
  return { state, effects };
}

const REPORTED = { type: "stands", about: "reported" };
const recorded = ({ effects }) => effects.flatMap(({ record }) => record ?? []);
const told = ({ effects }) => effects.flatMap(({ tell }) => tell ?? []);
const asked = ({ effects }) => effects.flatMap(({ ask }) => ask ?? []);

test("the safe choice is told at once and recorded once", () => {
  const walked = walk(view(), "shown", "seen", "cancelled", "cancelled");
  assert.deepEqual(recorded(walked), ["delivered", "seen", "cancelled"]);
  assert.deepEqual(told(walked), ["shown", "cancelled"]);
  assert.equal(walked.state.screen, "after");
});

test("inform: one tap asks to go on", () => {
  assert.equal(asked(walk(INFORM, "continued")).length, 1);
});

test("confirm: the first screen does not go on, the second step does", () => {
  assert.deepEqual(asked(walk(view(), "continued")), []);
  assert.deepEqual(asked(walk(view(), "second_step", { type: "continued", form: { answers: { source: "wallet" } } })), [
    { type: "continued", detail: {}, answers: { source: "wallet" } },
  ]);
});

test("going on is told only after the server has taken it", () => {
  const waiting = walk(view(), "second_step", "continued");
  assert.equal(waiting.state.choice, null);
  assert.deepEqual(told(waiting), []);
  const taken = walk(view(), "second_step", "continued", "taken");
  assert.deepEqual(told(taken), ["continued"]);
  assert.equal(taken.state.choice, "continued");
});

test("a second press while the server is asked changes nothing", () => {
  assert.equal(asked(walk(view(), "second_step", "continued", "continued")).length, 1);
});

test("an outage leaves the customer on the second step, with a word about it", () => {
  const { state } = walk(view(), "second_step", "continued", "away");
  assert.deepEqual([state.screen, state.choice, state.fault], ["second_step", null, "away"]);
});

test("a safe choice made while the server is asked stands over its answer", () => {
  const walked = walk(view(), "second_step", "continued", "cancelled", "taken");
  assert.equal(walked.state.choice, "cancelled");
  assert.deepEqual(told(walked), ["cancelled"]);
});

test("look-alike: nothing typed is not asked, wrong characters are explained and kept", () => {
  const missing = walk(LOOKALIKE, "second_step", { type: "continued", form: { marked: "  " } });
  assert.deepEqual([asked(missing), missing.state.fault], [[], "missing"]);
  const form = { marked: "e86e" };
  const differs = walk(LOOKALIKE, "second_step", { type: "continued", form }, "refused");
  assert.deepEqual([differs.state.fault, differs.state.form], ["differs", form]);
  assert.deepEqual(asked(differs)[0].detail, { marked: "e86e" });
});

test("look-alike: the statement stands in for typing", () => {
  const walked = walk(LOOKALIKE, "second_step", { type: "continued", form: { isReadBack: true } }, "taken");
  assert.deepEqual(asked(walked)[0].detail, { read_back: "yes" });
  assert.equal(walked.state.choice, "continued");
});

test("after going on one can still stop, and never the other way round", () => {
  const back = walk(view(), "second_step", "continued", "taken", "cancelled");
  assert.equal(back.state.choice, "cancelled");
  assert.deepEqual(asked(walk(view(), "cancelled", "back", "second_step", "continued")), []);
});

test("who reports may still stop, and reporting is what stands", () => {
  const { state } = walk(view(), "signs", REPORTED);
  assert.equal(offers(state).stop, true);
  const [stopped] = step(state, { type: "cancelled" });
  assert.equal(stopped.choice, "reported");
});

test("a report made on the help page is told here once and recorded nowhere", () => {
  const walked = walk(view(), "shown", { type: "help", about: "scammed" }, REPORTED, REPORTED);
  assert.deepEqual(recorded(walked), ["delivered", "help"]);
  assert.deepEqual(told(walked), ["shown", "help", "reported"]);
  assert.deepEqual([walked.state.choice, walked.state.screen, offers(walked.state).report], ["reported", "after", false]);
});

test("what the server knows is news only when it is stronger", () => {
  const older = walk(view(), "cancelled", { type: "stands", about: "continued" }, { type: "stands", about: null });
  assert.deepEqual([older.state.choice, told(older)], ["cancelled", ["cancelled"]]);
});

test("a reload repeats no record and shows what was chosen", () => {
  const walked = walk(view({}, { choice: "cancelled", events: ["cancelled", "delivered", "seen"] }), "shown", "seen");
  assert.deepEqual([recorded(walked), told(walked), walked.state.screen], [[], ["shown"], "after"]);
});

test("a notice offers nothing to choose", () => {
  const walked = walk(NOTICE, "cancelled", "continued", "second_step");
  assert.deepEqual([recorded(walked), asked(walked), walked.state.choice], [[], [], null]);
});

test("on hold, refer and block nobody goes on alone", () => {
  for (const rung of ["hold", "refer", "block", null]) {
    const walked = walk(view({ rung }), "second_step", "continued");
    assert.deepEqual([walked.state.screen, asked(walked)], ["first", []]);
  }
});

const answering = (question, value) => ({ type: "answer", form: { answers: { [question]: value } } });

test("ask: the questions come first, one at a time, and an answer can make another needless", () => {
  const first = walk(ASK, "second_step", "continued");
  assert.deepEqual([first.state.screen, nextQuestion(first.state).id, asked(first)], ["questions", "origin", []]);
  const short = walk(ASK, "second_step", answering("origin", "own_wallet"));
  assert.equal(nextQuestion(short.state).id, "coached");
  const long = walk(ASK, "second_step", answering("origin", "not_sure"), answering("money_back", "not_sure"),
    answering("coached", "prefer_not_to_say"));
  assert.deepEqual(asked(long), [{ type: "answered",
    detail: { origin: "not_sure", money_back: "not_sure", coached: "prefer_not_to_say" } }]);
  assert.equal(long.state.isWaiting, true);
});

test("ask: a question sent without an answer is asked again, with a word about it", () => {
  const { state } = walk(ASK, "second_step", { type: "answer", form: { answers: {} } });
  assert.deepEqual([state.fault, nextQuestion(state).id], ["unanswered", "origin"]);
});

test("ask: answers that could not be recorded can be sent again", () => {
  const answers = [answering("origin", "own_wallet"), answering("coached", "no")];
  const walked = walk(ASK, "second_step", ...answers, "away", "answer");
  assert.equal(asked(walked).length, 2);
  assert.deepEqual(asked(walked)[0], asked(walked)[1]);
});

test("who may be sharing the screen is asked nothing and does not go on", () => {
  const walked = walk(SHARING, "second_step", "answer", "continued");
  assert.deepEqual([walked.state.screen, asked(walked)], ["questions", []]);
});

test("what is asked of us is recorded once each, as help", () => {
  const about = (name) => ({ type: "help", about: name });
  const walked = walk(view(), about("call_me"), about("call_me"), about("appeal"), "help");
  assert.deepEqual(recorded(walked), ["help", "help", "help"]);
  assert.deepEqual(walked.effects.flatMap(({ detail }) => detail?.about ?? []), ["call_me", "appeal"]);
});

test("where the money has left nothing can be stopped, and reporting stays open", () => {
  const sent = view({ actions: null, second_step: null, exits: { scammed: EXITS.scammed } }, { events: ["cancelled"] });
  const walked = walk(sent, "shown", "cancelled", "changed");
  assert.deepEqual([walked.state.screen, walked.state.choice, recorded(walked)], ["first", null, ["delivered"]]);
  assert.deepEqual([offers(walked.state).stop, offers(walked.state).report], [false, true]);
  assert.equal(walk(sent, REPORTED).state.screen, "after");
  assert.equal(begin({ ...sent, choice: "reported" }).screen, "after");
});

test("where reporting is not offered nobody is asked to", () => {
  assert.equal(offers(begin(view({ exits: {} }))).report, false);
});

const INPUTS = ["shown", "seen", "help", "reviewed", "signs", "second_step", "back", "cancelled", "stands", "changed",
  "continued", "answer", "taken", "refused", "away", "toString"];
const ABOUT = { __proto__: null, stands: [null, "continued", "changed", "cancelled", "reported"], help: ["", "scammed"] };
const ANSWERS = { origin: "not_sure", money_back: "not_sure", coached: "no" };
const RANK = { null: 0, continued: 0, changed: 1, cancelled: 2, reported: 3 };

for (const [name, from] of Object.entries({ confirm: view(), lookalike: LOOKALIKE, inform: INFORM, ASK, SHARING, NOTICE })) {
  test(`every state that can be reached (${name}): nothing lowers protection, nothing is recorded twice`, () => {
    const seen = new Map();
    const queue = [begin(from)];
    while (queue.length) {
      const state = queue.pop();
      const key = JSON.stringify(state);
      if (seen.has(key)) continue;
      seen.set(key, state);
      assert.equal(new Set(state.noted).size, state.noted.length);
      if (state.alert.acts) assert.equal(offers(state).stop, !state.noted.includes("cancelled"));
      for (const [type, about] of INPUTS.flatMap((type) => (ABOUT[type] ?? [""]).map((about) => [type, about]))) {
        const [next, effects] = step(state, { type, about, form: { marked: "6616", answers: ANSWERS } });
        assert.ok(RANK[next.choice] >= RANK[state.choice]);
        if (next.choice === "continued" && state.choice !== "continued" && about !== "continued") {
          assert.deepEqual([state.choice, state.isWaiting, type], [null, true, "taken"]);
        }
        for (const { record, detail } of effects) {
          if (record) assert.ok(!state.noted.includes(detail?.about ?? record));
        }
        const order = [...next.noted].sort();
        queue.push({ ...next, noted: order });
      }
    }
    assert.ok(seen.size > 5);
  });
}
