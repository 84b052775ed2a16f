/** Options that hold for a whole store, so that no route has them for itself. */
const OF_STORES = ['name', 'cache', 'storeTimeout', 'clock', 'onError'] as const

export type OptionOfStores = (typeof OF_STORES)[number]

/** @throws TypeError for one among the options of a route, with what to do instead */
export function refuseOptionsOfStores(options: object, instead: (name: OptionOfStores) => string): void {
  const found = OF_STORES.find((name) => (options as Record<string, unknown>)[name] !== undefined)
  if (found === undefined) return
  throw new TypeError(`Cannot use ${found} for a route: it holds for a whole store; ${instead(found)}`)
}
