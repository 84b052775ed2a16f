/** Bodies that were read lately, by the name of their response, which is never given to another: they cannot be out of date. */
export class RecentBodies {
  readonly #limit: number
  readonly #bodies = new Map<string, Uint8Array>()
  #size = 0

  /** `limit` is in bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get(id: string): Uint8Array | undefined {
    const body = this.#bodies.get(id)
    if (body !== undefined) {
      // The map's order is that of the last use.
      this.#bodies.delete(id)
      this.#bodies.set(id, body)
    }
    return body
  }

  add(id: string, body: Uint8Array): void {
    this.delete(id)
    this.#bodies.set(id, body)
    this.#size += body.byteLength
    for (const oldest of this.#bodies.keys()) {
      if (this.#size <= this.#limit) return
      this.delete(oldest)
    }
  }

  delete(id: string): void {
    this.#size -= this.#bodies.get(id)?.byteLength ?? 0
    this.#bodies.delete(id)
  }
}
