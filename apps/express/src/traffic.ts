import type { Request, RequestHandler, Response } from 'express'

/** What the cache did with a request: answered it, stored the application's answer, or let both pass. */
export type Outcome = 'hit' | 'stored' | 'passed'

export interface Visit {
  readonly method: string
  readonly path: string
  readonly outcome: Outcome
  /** The parameters of the field `Cache-Status`. */
  readonly status: string
  /** From the request to the end of its answer, in milliseconds. */
  readonly duration: number
}

export interface OutcomeTotal {
  readonly count: number
  /** Of all together, in milliseconds. */
  readonly duration: number
}

/** How many visits are remembered one by one. */
const LATEST = 8

/** What this process has answered, and how. */
export class Traffic {
  readonly #totals = new Map<Outcome, OutcomeTotal>()
  #latest: readonly Visit[] = []

  /** The latest first. */
  get latest(): readonly Visit[] {
    return this.#latest
  }

  total(outcome: Outcome): OutcomeTotal {
    return this.#totals.get(outcome) ?? { count: 0, duration: 0 }
  }

  /** Middleware that counts what comes through it; it stands before the cache. */
  count(): RequestHandler {
    return (req, res, next) => {
      const start = performance.now()
      res.once('finish', () => this.#add(visitOf(req, res, performance.now() - start)))
      next()
    }
  }

  #add(visit: Visit): void {
    const { count, duration } = this.total(visit.outcome)
    this.#totals.set(visit.outcome, { count: count + 1, duration: duration + visit.duration })
    this.#latest = [visit, ...this.#latest].slice(0, LATEST)
  }
}

function visitOf(req: Request, res: Response, duration: number): Visit {
  const status = String(res.getHeader('cache-status') ?? '').replace(/^diskcache; /, '')
  return { method: req.method, path: req.originalUrl, outcome: outcomeOf(status), status, duration }
}

/** Those who waited for another's answer got it from the cache, too. */
function outcomeOf(status: string): Outcome {
  if (/^hit\b|; collapsed\b/.test(status)) return 'hit'
  return /; stored\b/.test(status) ? 'stored' : 'passed'
}
