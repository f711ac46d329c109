/** The types of the ladder; written beside it so that browsers need not fetch them. */

export type Screen = "first" | "signs" | "second_step" | "after";
export type Choice = "continued" | "changed" | "cancelled" | "reported";
export type Fault = null | "missing" | "differs" | "away";

/** What a customer put into the second step. */
export interface Form {
  marked?: string;
  isReadBack?: boolean;
  answers?: Record<string, string>;
}

/** Where the customer stands. */
export interface State {
  readonly alert: { isNotice: boolean; mayGoOn: boolean; hasStep: boolean; hasMarked: boolean };
  readonly screen: Screen;
  readonly choice: Choice | null;
  /** Kinds of events recorded, or on their way. */
  readonly noted: readonly string[];
  /** Whether the server is being asked to go on. */
  readonly isWaiting: boolean;
  readonly fault: Fault;
  readonly form: Form;
}

export interface Ask {
  type: "continued";
  detail: Record<string, string>;
  answers: Record<string, string>;
}

/** What follows from an input: the server records, is asked, or the page around the element is told. */
export type Effect = { record: string } | { ask: Ask } | { tell: string };

export interface Input {
  type:
    | "shown" | "seen" | "help" | "reviewed"
    | "signs" | "second_step" | "back"
    | "cancelled" | "reported" | "changed" | "continued"
    | "taken" | "refused" | "away";
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
/** Take one input. An input that does not fit the state changes nothing. */
export function step(state: State, input: Input): [State, Effect[]];
