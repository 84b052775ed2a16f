const BRAND = Symbol.for('diskcache.ForeignKey')

/**
 * A key that Python pickled. It is opaque, because unpickling executes what the pickle says; it can be listed
 * and handed back, for example to `delete`.
 */
export class ForeignKey {
  readonly [BRAND] = true
  readonly #pickle: Uint8Array

  constructor(pickle: Uint8Array) {
    this.#pickle = pickle
  }

  /** The pickle, as it stands in the database. */
  get bytes(): Uint8Array {
    return this.#pickle
  }

  /** Like `instanceof`, also for an instance of another copy of this package. */
  static is(value: unknown): value is ForeignKey {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
