import { randomUUID } from 'node:crypto'
import type { AsyncStore } from '@diskcache/cache'
import type { Request, Response } from 'express'

const COOKIE = 'session'

/** How long a login lasts, in milliseconds. */
const TIME = 24 * 60 * 60 * 1_000

/** Who is logged in, in all processes. There are no passwords: this is an example. */
export class Sessions {
  readonly #store: AsyncStore

  constructor(store: AsyncStore) {
    this.#store = store
  }

  async begin(res: Response, user: string): Promise<void> {
    const token = randomUUID()
    await this.#store.set(keyOf(token), user, { ttl: TIME })
    res.cookie(COOKIE, token, { httpOnly: true, sameSite: 'strict', maxAge: TIME })
  }

  /** The name of the user, or `undefined`. */
  async userOf(req: Request): Promise<string | undefined> {
    const token = tokenOf(req)
    const user = token === undefined ? undefined : await this.#store.get(keyOf(token))
    return typeof user === 'string' ? user : undefined
  }

  async end(req: Request, res: Response): Promise<void> {
    const token = tokenOf(req)
    if (token !== undefined) await this.#store.delete(keyOf(token))
    res.clearCookie(COOKIE, { httpOnly: true, sameSite: 'strict' })
  }
}

function keyOf(token: string): [string, string] {
  return ['session', token]
}

function tokenOf(req: Request): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
}
