/** Call back once when the element was visible, on a visible page, for a second without a break; return how to stop. */
export function whenSeen(element: Element, callback: () => void): () => void;
