const PAUSE = 1000

/** Does a job again and again, a second after it was done, or later when it takes long; only while the page is visible. */
export class PollLoop {
  readonly #job: (signal: AbortSignal) => Promise<void>
  readonly #stop = new AbortController()
  #wake: (() => void) | undefined
  #isWoken = false

  constructor(job: (signal: AbortSignal) => Promise<void>) {
    this.#job = job
  }

  /** Begins, with the job at once. */
  async start(): Promise<void> {
    const { signal } = this.#stop
    document.addEventListener('visibilitychange', () => this.wake(), { signal })
    while (!signal.aborted) {
      const start = performance.now()
      if (document.visibilityState === 'visible') await this.#job(signal)
      await this.#pause(Math.max(PAUSE, 3 * (performance.now() - start)))
    }
  }

  /** Ends the pause. */
  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }

  /** Ends, also in the middle of a job. */
  stop(): void {
    this.#stop.abort()
    this.wake()
  }

  async #pause(milliseconds: number): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#isWoken = false
  }
}
