/** The options of a caller that does not wait. */
export const NOW = { timeout: 0 }
