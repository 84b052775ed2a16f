/** Something that is done once, however often it is asked for; but what failed can be tried again. */
export class Once {
  #done: Promise<void> | undefined

  /** Whether it is done, or under way. */
  get hasBegun(): boolean {
    return this.#done !== undefined
  }

  run(task: () => Promise<void>): Promise<void> {
    this.#done ??= task().catch((error) => {
      this.#done = undefined
      throw error
    })
    return this.#done
  }
}
