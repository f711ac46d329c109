/**
 * The customer's journey through one alert, as a pure state machine: no DOM, no clock, no network.
 *
 * Invariants: to stop is possible until it was chosen, to go on only from the last step offered, after every question
 * and before any choice; after a choice nothing lowers protection; each kind of event is recorded once; going on and
 * the answers wait for the server, the safe choices do not: they stand at once, also over a request to go on that is under
 * way. What stands on the server may differ: the element reads it again after a stop, and what it reads is shown. A page
 * that was loaded again is told again what it shows. Reporting happens on the help page, which helps first; here
 * it is only learnt of.
 *
 * Explanations stand in the `.d.ts` beside each module, so that customers' browsers need not fetch them.
 */

export type Screen = "first" | "signs" | "questions" | "second_step" | "after";
/** From the weakest to the strongest; the stronger stands, whichever came first. */
export type Choice = "continued" | "changed" | "cancelled" | "reported";
export type Fault = null | "missing" | "differs" | "unanswered" | "away";
type Answers = Record<string, string>;

export interface Question {
  id: string;
  /** Earlier questions with the answers after which this one is not asked. */
  unless?: Record<string, string[]>;
}

/** What a customer put in. */
export interface Form {
  marked?: string;
  isReadBack?: boolean;
  answers?: Answers;
}

/** Where the customer stands. */
export interface State {
  readonly alert: {
    /** Whether there is anything to choose: not in a notice, not beside a block. */
    acts: boolean;
    /** Only on rungs up to `ask`; on every other a person or a time decides. */
    mayGoOn: boolean;
    mayReport: boolean;
    hasStep: boolean;
    hasMarked: boolean;
    /** Questions before the second step; an empty list asks to do something first; null when there are none. */
    questions: Question[] | null;
  };
  readonly screen: Screen;
  readonly choice: Choice | null;
  /** Kinds of events, and what was asked for (`appeal`, `call_me`, `scammed`), recorded or on their way. */
  readonly noted: readonly string[];
  /** Whether the server is being asked. */
  readonly isWaiting: boolean;
  readonly fault: Fault;
  readonly form: Form;
  readonly answers: Answers;
}

export interface Ask {
  type: "continued" | "answered";
  detail: Answers;
  answers?: Answers;
}

/** What follows from an input: the server records, is asked, or the page around the element is told. */
export interface Effect {
  record?: string;
  detail?: Record<string, string>;
  ask?: Ask;
  tell?: string;
}

export interface Input {
  type:
    | "shown" | "seen" | "help" | "reviewed"
    | "signs" | "second_step" | "answer" | "back"
    | "cancelled" | "changed" | "continued" | "stands"
    | "taken" | "refused" | "away";
  /**
   * With `help`: what the customer asks for, `appeal`, `call_me` or, `scammed`, the help page. With `stands`: the choice
   * that the server knows; it is news only when it is stronger than what is known here.
   */
  about?: string;
  form?: Form;
}

export interface Offers {
  stop: boolean;
  report: boolean;
  goOn: boolean;
  secondStep: boolean;
}

/** Begin, or begin again after the alert was read anew; `view` is the body of `GET /v1/alerts/{id}`. */
export function begin(view: any): State;
/** What may be offered on the present screen. */
export function offers(state: State): Offers;
/** The question to ask now; the server walks the same path. */
export function nextQuestion(state: State): any;
/** Take one input. An input that does not fit the state changes nothing. */
export function step(state: State, input: Input): [State, Effect[]];
