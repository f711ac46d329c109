/**
 * The style of the element, in both themes, for its shadow root.
 *
 * Sizes are in em of the reader's own text size, which no reset of the page's root changes.
 */
export const STYLES: string;
