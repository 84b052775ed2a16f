import { refusePromise } from '@diskcache/core'
import type { Exchange } from '../exchange/exchange.ts'
import type { Settings } from '../options/options.ts'

/** Returns whether an answer is one user's own, as far as the application says, or what stands before the cache. */
export function isOnesOwn(exchange: Exchange, settings: Pick<Settings, 'isPersonal'>): boolean {
  return saysYes(exchange.isPersonal?.()) || saysYes(settings.isPersonal(exchange.req, exchange.res))
}

/** Returns whether the application says so, also by giving the user instead of a boolean. */
function saysYes(answer: unknown): boolean {
  return Boolean(refusePromise('decide by isPersonal', answer))
}
