/**
 * Tells the server what happened, and tells when the alert was seen.
 *
 * Invariants: the token travels only in the Authorization header, without cookies and without a referrer; each event
 * has one id for good, so what did not arrive, or may not have, is sent again and counts once; what was refused is not sent again;
 * ids are 128 random bits (`randomUUID` would need a secure context);
 * events are dated by the server's clock, and their JSON is written so that a `toJSON` on a prototype cannot change it.
 */
import type { Ask } from "./ladder.js";

export function pause(milliseconds: number): Promise<void>;

export class Recorder {
  /** @param api address of ThinkTwice, empty for the page's own origin */
  constructor(api: string, alertId: string, token: string);
  /** Read the alert; null when it is refused. Throws when it cannot be reached. */
  read(locale: string | null): Promise<any>;
  /** Return the address of a page or a picture of the hosted alerts. */
  at(path: string): string;
  /**
   * Open a page of the hosted alert beside this one, such as `/help`, or the alert itself for an empty string. The new
   * window knows nothing of this one. Only in answer to a press, else browsers refuse; a sandboxed frame needs
   * `allow-popups`.
   */
  visit(page: string): void;
  /** Record in the background, with patience, until it arrives; nobody need wait for it. */
  record(type: string, detail?: Record<string, string>): Promise<unknown>;
  /** Ask: `refused` means something is missing, `closed` that the alert stands elsewhere. The same ask is the same event. */
  ask(ask: Ask): Promise<"taken" | "refused" | "closed" | "away">;
}

/** Call back once when the element was visible, on a visible page, for a second without a break; return how to stop. */
export function whenSeen(element: Element, callback: () => void): () => void;
