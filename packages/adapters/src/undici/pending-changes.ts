/** What is being done to the responses of URLs: who asks for one after that sees what came of it. */
export class PendingChanges {
  readonly #changes = new Map<string, Set<Promise<void>>>()

  /** Notes a change, which must not reject, until it is done. */
  add(url: string, change: Promise<void>): void {
    const changes = this.#changes.get(url) ?? new Set()
    this.#changes.set(url, changes.add(change))
    change.then(() => {
      changes.delete(change)
      if (changes.size === 0) this.#changes.delete(url)
    })
  }

  /** Resolves when what is being done to a URL is done, or after so many milliseconds. */
  async settled(url: string, limit = Infinity): Promise<void> {
    const changes = this.#changes.get(url)
    if (changes === undefined) return
    const done = Promise.all(changes)
    if (limit === Infinity) return void (await done)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, limit)
    await Promise.race([done, promise])
    clearTimeout(timer)
  }

  /** Resolves when all that is being done is done. */
  async allSettled(): Promise<void> {
    await Promise.all(Array.from(this.#changes.values(), (changes) => Promise.all(changes)))
  }
}
