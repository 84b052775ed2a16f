/** The number of rows up to which a search looks at all of them, which takes a millisecond or two. */
export const EXACT_ROWS = 8_192
