import { ThinkTwiceElement } from "./think-twice.js";

if (globalThis.customElements && !customElements.get("think-twice")) {
  customElements.define("think-twice", ThinkTwiceElement);
}

export { ThinkTwiceElement };
