/**
 * <think-twice> shows one alert on the operator's own page and records what happened to it.
 *
 * Invariants: what the operator's server wrote inside the element is shown until the alert is there, and stays when it
 * cannot be had; the alert lives in a shadow root that the page's styles do not reach; no markup is parsed and no style
 * attribute set, so a strict content security policy and Trusted Types have nothing to refuse; Escape leads back and
 * then closes a dialog, it chooses nothing. A partner's name stands on the first screen only where the server has just
 * said so: each time it is drawn again the server is asked again, because a partner may have withdrawn since. Every
 * screen from then on says what stands: the badge and no denial of it, or the denial again.
 *
 * Attributes set in one go load the alert once. Who comes back to the page may have reported a scam beside it, and
 * the code that proves the alert dies after 15 minutes: so the alert is read again then, and every ten minutes while the
 * page is visible. Only the code is exchanged in place, and a choice that was made elsewhere is shown. What changes without showing is not drawn, so that the focus stays; opening, a dialog is shown
 * and takes the focus, a section is announced. An alert that could not be read is asked for again at the next change. Importing the module does not fail outside a browser.
 */

/** The choice that stands: to stop outweighs to go on, whichever came first. */
export type Choice = "reported" | "cancelled" | "changed" | "continued";

/** What an event of the element tells; nothing in it comes from the staff record. */
export interface AlertDetail {
  readonly alertId: string;
  readonly locale: string;
  readonly choice: Choice | null;
}

/** Events bubble and cross shadow roots. They are claims: only the server's clearance releases money. */
export interface ThinkTwiceEventMap {
  /** The alert is rendered. */
  "think-twice:shown": CustomEvent<AlertDetail>;
  /** The customer opened the signs or a page of the registry. */
  "think-twice:reviewed": CustomEvent<AlertDetail>;
  /** The customer keeps the money; told at once, recorded as soon as the server can be reached. */
  "think-twice:cancelled": CustomEvent<AlertDetail>;
  /** `change()` was called. */
  "think-twice:changed": CustomEvent<AlertDetail>;
  /** The customer goes on; told only after the server has recorded it. */
  "think-twice:continued": CustomEvent<AlertDetail>;
  /** The customer chose a number to call, asked for a call or an appeal, or opened the help page. */
  "think-twice:help": CustomEvent<AlertDetail>;
  /** The customer reported a scam on the help page; told when they come back to this page, and recorded before. */
  "think-twice:reported": CustomEvent<AlertDetail>;
}

export class ThinkTwiceElement extends HTMLElement {
  /** The alert's `id` in the answer to `POST /v1/decisions`; attribute `alert-id`. */
  alertId: string;
  /** The alert's `token`; attribute `token`, or only this property, which keeps it out of the document. */
  token: string;
  /** Address of ThinkTwice, such as `https://alerts.example.org`; empty for the page's own origin. Attribute `api`. */
  api: string;
  /** Language asked for, a BCP 47 tag; empty for the one the alert was addressed in. Attribute `locale`. */
  locale: string;
  /** The choice that stands, or null. */
  readonly choice: Choice | null;
  /** Record that the customer changed the amount or the destination; the operator screens the new attempt. */
  change(): void;
  /** Open the dialog again after it was closed; without attribute `dialog` it does nothing. */
  show(): void;
  addEventListener<K extends keyof ThinkTwiceEventMap>(
    type: K,
    listener: (this: ThinkTwiceElement, event: ThinkTwiceEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "think-twice": ThinkTwiceElement;
  }
  interface HTMLElementEventMap extends ThinkTwiceEventMap {}
}
