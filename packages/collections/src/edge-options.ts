/** Which entry: the one that was inserted last (the default), or the first. */
export interface EdgeOptions {
  last?: boolean | undefined
}
