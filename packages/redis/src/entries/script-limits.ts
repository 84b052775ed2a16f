/** How many keys one script is about, and how many bytes it gets: a fraction of a millisecond of the server. */
export const MOST_KEYS = 125
export const LARGEST_SCRIPT = 512 * 1024
