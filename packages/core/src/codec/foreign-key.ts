const BRAND = Symbol.for('diskcache.ForeignKey')

/**
 * A key that Python pickled. It is opaque, because unpickling runs whatever the pickle says; programs can list it and
 * hand it back, for example to `delete`.
 */
export class ForeignKey {
  readonly [BRAND] = true
  readonly #pickle: Uint8Array

  /** Wraps a pickle, as it stands in the database. */
  constructor(pickle: Uint8Array) {
    this.#pickle = pickle
  }

  /** The pickle, as it stands in the database. */
  get bytes(): Uint8Array {
    return this.#pickle
  }

  /** Returns whether a value is a `ForeignKey`, of this or another copy of the package. */
  static is(value: unknown): value is ForeignKey {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
