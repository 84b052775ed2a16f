/** Runs something once, however often a caller asks; what failed can be tried again. */
export class Once {
  #done: Promise<void> | undefined

  /** Whether the task is done, or under way. */
  get hasBegun(): boolean {
    return this.#done !== undefined
  }

  /** Runs the task, unless one is done or under way, and resolves when it is done. */
  run(task: () => Promise<void>): Promise<void> {
    this.#done ??= task().catch((error) => {
      this.#done = undefined
      throw error
    })
    return this.#done
  }
}
