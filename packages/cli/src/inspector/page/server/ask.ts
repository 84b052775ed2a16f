import type { Change, Changed, Failure } from '../../protocol/api.ts'

/** An answer that is an error, or none: then `status` is 0. Of one that is not the inspector's it is 401. */
export class AnswerError extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.name = 'AnswerError'
    this.status = status
  }
}

/** What a question says beside its address; what is `undefined` is left out. */
export type Query = Readonly<Record<string, string | undefined>>

/** Returns the address of a question, relative to the page. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length > 0 ? `api/${path}?${new URLSearchParams(given)}` : `api/${path}`
}

/** Asks the server. @throws AnswerError when it refuses or does not answer */
export function ask<T>(path: string, query: Query, signal: AbortSignal): Promise<T> {
  return answerOf<T>(addressOf(path, query), { signal })
}

/** Changes entries and returns how many there were. @throws AnswerError when the server refuses or does not answer */
export async function makeChange(change: Change): Promise<number> {
  const { entries } = await answerOf<Changed>(addressOf(change.action), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Diskcache-Inspector': '1' },
    body: JSON.stringify(change),
  })
  return entries
}

async function answerOf<T>(address: string, init: RequestInit): Promise<T> {
  const response = await fetch(address, { ...init, cache: 'no-store', redirect: 'manual' }).catch((error) => {
    throw init.signal?.aborted ? error : new AnswerError('The server does not answer', 0)
  })
  if (isOfLogin(response))
    throw new AnswerError('The answer was not that of the inspector: reload the page to log in', 401)
  if (response.ok) return (await response.json()) as T
  throw new AnswerError(await reasonOf(response), response.status)
}

/** Whether an application has answered in the place of the inspector, which it does until somebody logs in. */
function isOfLogin({ type, ok, status, headers }: Response): boolean {
  const isJson = headers.get('Content-Type')?.startsWith('application/json') === true
  return type === 'opaqueredirect' || status === 401 || (ok && !isJson)
}

async function reasonOf(response: Response): Promise<string> {
  if (response.status === 431 || response.status === 414)
    return 'The key is too long for an address: the server takes no request as long as this'
  try {
    return ((await response.json()) as Failure).error
  } catch {
    return `The server answered with the status ${response.status}`
  }
}
