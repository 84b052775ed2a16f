/**
 * The name under which a store has the time to live of writes that give none, the same in all copies of this package; a
 * store without one has nothing there.
 */
export const DEFAULT_TTL: unique symbol = Symbol.for('diskcache.defaultTtl')
