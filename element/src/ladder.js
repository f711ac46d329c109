// The customer's journey through one alert, as a pure state machine: no DOM, no clock, no network.
//
// Invariants: to stop is possible until it was chosen, to go on only from the last step offered and before any choice;
// each kind of event is recorded once; going on waits for the server, the safe choices do not. Types: `ladder.d.ts`.

/** Elsewhere a person or a time decides. */
const GOING_ON = ["inform", "confirm", "ask"];

/** The later stands over the earlier. */
const STRENGTH = ["continued", "changed", "cancelled", "reported"];

export function begin({ alert, choice = null, events = [] }) {
  const hasStep = Boolean(alert.second_step);
  const mayGoOn = Boolean(alert.actions) && GOING_ON.includes(alert.rung) && (hasStep || alert.rung === "inform");
  return {
    alert: { isNotice: alert.is_notice, mayGoOn, hasStep, hasMarked: hasStep && Boolean(alert.pair) },
    screen: choice && !alert.is_notice ? "after" : "first",
    choice,
    noted: [...events],
    isWaiting: false,
    fault: null,
    form: {},
  };
}

export function offers({ alert, screen, choice, noted }) {
  const isOpen = alert.mayGoOn && choice === null;
  return {
    stop: !alert.isNotice && !noted.includes("cancelled"),
    report: !alert.isNotice && !noted.includes("reported") && (screen === "signs" || screen === "after"),
    goOn: isOpen && screen === (alert.hasStep ? "second_step" : "first"),
    secondStep: isOpen && alert.hasStep && screen === "first",
  };
}

export function step(state, { type, form = {} }) {
  const to = (changes) => ({ ...state, fault: null, ...changes });
  switch (type) {
    case "shown":
      return noting(state, "delivered", "shown");
    case "seen":
      return noting(state, type);
    case "help":
    case "reviewed":
      return noting(state, type, type);
    case "signs":
      return noting(to({ screen: type }), "reviewed", "reviewed");
    case "back":
      return [to({ screen: state.choice ? "after" : "first" }), []];
    case "second_step":
      return offers(state).secondStep ? [to({ screen: type }), []] : [state, []];
    case "cancelled":
    case "reported":
    case "changed":
      // This stands at once, also over a request to go on that is under way.
      return state.alert.isNotice ? [state, []] : noting(chosen(to({ isWaiting: false }), type), type, type);
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

function noting(state, type, told) {
  const effects = told ? [{ record: type }, { tell: told }] : [{ record: type }];
  if (!state.noted.includes(type)) return [{ ...state, noted: [...state.noted, type] }, effects];
  // A page that was loaded again is told again what it shows.
  return [state, told === "shown" ? [{ tell: told }] : []];
}

function chosen(state, choice) {
  const isStronger = !state.choice || STRENGTH.indexOf(choice) > STRENGTH.indexOf(state.choice);
  return { ...state, screen: "after", choice: isStronger ? choice : state.choice };
}

function goOn(state, form) {
  const marked = (form.marked ?? "").trim();
  const { hasMarked } = state.alert;
  if (hasMarked && !marked && !form.isReadBack) return [{ ...state, form, fault: "missing" }, []];
  const detail = {};
  if (hasMarked && marked) detail.marked = marked;
  if (hasMarked && form.isReadBack) detail.read_back = "yes";
  return [{ ...state, form, isWaiting: true }, [{ ask: { type: "continued", detail, answers: form.answers ?? {} } }]];
}
