/**
 * From an alert and a state to DOM nodes.
 *
 * "I think I am being scammed" leads to the hosted help page, which helps before it asks anything, wherever it is offered.
 *
 * Invariants: words become text nodes only, never markup; a link leads to a number or a web page, nowhere else; what is
 * offered is what the ladder offers; addresses stand in groups of four, a prefix 0x aside; no <form>, because a sandboxed
 * frame would swallow its submission; the second click of a double click does nothing, because it is not meant for what
 * stands there by then.
 */
import type { Input, State } from "./ladder.js";

export interface Scene {
  /** The body of `GET /v1/alerts/{id}`. */
  view: any;
  state: State;
  send(input: Input): void;
  switchTo(locale: string): void;
  /** Open a page of the hosted alert; a button does it, because a link would write the token into the document. */
  visit(page: string): void;
  /** How to leave, in a dialog. */
  close: false | (() => void);
}

/** Make an element: functions listen, true sets an empty attribute, null and false set none; children may be nested. */
export function h(tag: string, properties?: Record<string, any>, ...children: any[]): HTMLElement;
/** Make the badge of partners; `at` says where a picture of theirs lies. Without leave for it only the names stand. */
export function badge(badge: any, at: (path: string) => string): HTMLElement;
/** Make what stands below every screen: the code of the message, and who issued its words where no partner did. */
export function foot(view: any): HTMLElement;
/** Draw the screen on which the customer stands. */
export function draw(scene: Scene): (Node | string)[];
