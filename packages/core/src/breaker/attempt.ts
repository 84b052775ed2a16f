import type { Access, Patience } from './patience.ts'

/** How an operation is attempted. */
export interface Terms {
  /** What it does. */
  readonly access: Access
  /** How long its caller waits; for as long as the store is not away when left out. */
  readonly patience?: Patience | undefined
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined
  /** Whether it is sent, and goes on, whatever the caller is told, since others depend on it. */
  readonly isDue?: boolean
}

/** Told what becomes of attempts. */
export interface AttemptListener<A> {
  answered(attempt: A): void
  failed(attempt: A, error: unknown): void
  /** It was aborted, and says nothing of the store. */
  takenBack(attempt: A): void
  /** It has taken half as long as it may. */
  doubted(attempt: A): void
  /** It has taken longer than a store should. */
  late(attempt: A): void
}

/** One operation of a store that is under way, and whose caller may leave before it ends. */
export class Attempt<T = unknown> {
  readonly terms: Terms
  /** After how many milliseconds it is late. */
  readonly bound: number
  /** What the caller gets. */
  readonly result: Promise<T>
  readonly #listener: AttemptListener<Attempt>
  /** Takes back what has no effect yet. */
  readonly #controller: AbortController | undefined
  #reject: ((error: unknown) => void) | undefined
  #time = 0

  constructor(
    listener: AttemptListener<Attempt>,
    terms: Terms,
    bound: number,
    operation: (signal: AbortSignal | undefined) => Promise<T>,
  ) {
    this.#listener = listener
    this.terms = terms
    this.bound = bound
    const { access, signal, isDue } = terms
    if (access === 'write' && !isDue) this.#controller = new AbortController()
    const own = this.#controller?.signal
    const joined =
      own === undefined || signal === undefined ? (own ?? signal) : AbortSignal.any([own, signal])
    this.result = new Promise((resolve, reject) => {
      this.#reject = reject
      begin(operation, joined).then(
        (value) => {
          listener.answered(this as Attempt)
          resolve(value)
        },
        (error) => {
          if (joined?.aborted) listener.takenBack(this as Attempt)
          else listener.failed(this as Attempt, error)
          reject(error)
        },
      )
    })
  }

  /** Whether it was waited for at all. */
  get hasWaited(): boolean {
    return this.#time > 0
  }

  /** Whether it has taken longer than a store should. */
  get isLate(): boolean {
    return this.#time >= this.bound
  }

  /** Whether nobody waits for it, and it has told what it can. */
  get isForgotten(): boolean {
    return this.#reject === undefined && this.isLate
  }

  /** Its caller leaves. */
  leave(error: unknown): void {
    if (this.#reject === undefined) return
    this.#reject(error)
    this.#reject = undefined
    this.#controller?.abort(error)
  }

  /** Notes that it was waited for some more milliseconds. */
  waited(time: number): void {
    const { access, patience } = this.terms
    const before = this.#time
    this.#time += time
    if (this.#reject !== undefined && patience?.spend(time, access)) this.leave(patience.error(access))
    if (before < this.bound / 2 && this.#time >= this.bound / 2) this.#listener.doubted(this as Attempt)
    if (before < this.bound && this.#time >= this.bound) this.#listener.late(this as Attempt)
  }
}

/** Begins an operation, which may throw, or return no promise where a store is of somebody else's making. */
function begin<T>(
  operation: (signal: AbortSignal | undefined) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return Promise.resolve(operation(signal))
  } catch (error) {
    return Promise.reject(error)
  }
}
