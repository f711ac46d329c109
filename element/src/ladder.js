// Pure; see `ladder.d.ts`.

const GOING_ON = ["inform", "confirm", "ask"];
const STRENGTH = ["continued", "changed", "cancelled", "reported"];

export function begin({ alert, choice = null, events = [], asked_for = [] }) {
  const acts = Boolean(alert.actions);
  const hasStep = Boolean(alert.second_step);
  return {
    alert: {
      acts,
      mayGoOn: Boolean(acts && alert.actions.go_on && GOING_ON.includes(alert.rung) && (hasStep || alert.rung === "inform")),
      mayReport: Boolean(alert.exits?.scammed),
      hasStep,
      hasMarked: Boolean(hasStep && alert.pair),
      questions: alert.ask?.questions ?? null,
    },
    screen: choice && (acts || choice === "reported") ? "after" : "first",
    choice,
    noted: [...events, ...asked_for],
    isWaiting: false,
    fault: null,
    form: {},
    answers: {},
  };
}

export function offers({ alert, screen, choice, noted }) {
  const isOpen = alert.mayGoOn && choice === null;
  return {
    stop: alert.acts && !noted.includes("cancelled"),
    report: alert.mayReport && !noted.includes("reported"),
    goOn: isOpen && !alert.questions && screen === (alert.hasStep ? "second_step" : "first"),
    secondStep: isOpen && alert.hasStep && screen === "first",
  };
}

export const nextQuestion = ({ alert, answers }) =>
  alert.questions?.find(({ id, unless = {} }) =>
    !answers[id] && !Object.keys(unless).some((other) => unless[other].includes(answers[other])));

export function step(state, { type, about, form }) {
  const to = (changes) => ({ ...state, fault: null, ...changes });
  switch (type) {
    case "shown":
      return noting(state, "delivered", type);
    case "seen":
      return noting(state, type);
    case "help":
      return about ? noting(to(), about, type, { about }) : noting(state, type, type);
    case "reviewed":
      return noting(state, type, type);
    case "signs":
      return noting(to({ screen: type }), "reviewed", "reviewed");
    case "back":
      return [to({ screen: state.choice ? "after" : "first", isWaiting: false }), []];
    case "second_step":
      if (!offers(state).secondStep) return [state, []];
      return [to({ screen: state.alert.questions ? "questions" : type, answers: {} }), []];
    case "answer":
      return state.screen === "questions" && !state.isWaiting ? answer(state, form?.answers) : [state, []];
    case "cancelled":
    case "changed":
      return state.alert.acts ? noting(chosen(to({ isWaiting: false }), type), type, type) : [state, []];
    case "stands":
      return stands(state, chosen(to({ isWaiting: false }), about), about);
    case "continued":
      return offers(state).goOn && !state.isWaiting ? goOn(state, form) : [state, []];
  }
  if (!state.isWaiting) return [state, []];
  const answered = to({ isWaiting: false });
  switch (type) {
    case "taken":
      return [{ ...chosen(answered, "continued"), noted: [...state.noted, "continued"] }, [{ tell: "continued" }]];
    case "refused":
      return [{ ...answered, fault: state.alert.hasMarked ? "differs" : "away" }, []];
    case "away":
      return [{ ...answered, fault: type }, []];
  }
  return [state, []];
}

function noting(state, kind, tell, detail) {
  const effects = [{ record: detail ? tell : kind, detail }, ...(tell ? [{ tell }] : [])];
  if (!state.noted.includes(kind)) return [{ ...state, noted: [...state.noted, kind] }, effects];
  return [state, tell === "shown" ? [{ tell }] : []];
}

function chosen(state, choice) {
  const isStronger = !state.choice || STRENGTH.indexOf(choice) > STRENGTH.indexOf(state.choice);
  return { ...state, screen: "after", choice: isStronger ? choice : state.choice };
}

const stands = (state, next, about) =>
  about && next.choice === about && state.choice !== about
    ? [{ ...next, noted: [...state.noted, about] }, [{ tell: about }]]
    : [state, []];

function answer(state, given = {}) {
  const question = nextQuestion(state);
  if (question && !given[question.id]) return [{ ...state, fault: "unanswered" }, []];
  const next = { ...state, fault: null, answers: { ...state.answers, ...given } };
  if (!state.alert.questions.length || nextQuestion(next)) return [next, []];
  return [{ ...next, isWaiting: true }, [{ ask: { type: "answered", detail: next.answers } }]];
}

function goOn(state, form = {}) {
  const { hasMarked } = state.alert;
  const marked = (form.marked ?? "").trim();
  if (hasMarked && !marked && !form.isReadBack) return [{ ...state, form, fault: "missing" }, []];
  const detail = {};
  if (hasMarked && marked) detail.marked = marked;
  if (hasMarked && form.isReadBack) detail.read_back = "yes";
  return [{ ...state, form, isWaiting: true }, [{ ask: { type: "continued", detail, answers: form.answers } }]];
}
