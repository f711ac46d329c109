/**
 * Tells the server what happened.
 *
 * Invariants: the token travels only in the Authorization header, without cookies and without a referrer; each event
 * has one id for good, so what did not arrive is sent again and counts once; what was refused is not sent again;
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
  /** Record in the background, with patience, until it arrives. */
  record(type: string, detail?: Record<string, string>): void;
  /** Ask: `refused` means something is missing, `closed` that the alert stands elsewhere. The same ask is the same event. */
  ask(ask: Ask): Promise<"taken" | "refused" | "closed" | "away">;
}
