/** Returns options without those that are `undefined`, which say as little as those that are left out. */
export function given<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<T>
}
