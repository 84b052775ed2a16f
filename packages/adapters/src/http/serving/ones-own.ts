import type { Exchange } from '../exchange/exchange.ts'
import { checkAnswer } from '../options/check-answer.ts'
import type { Settings } from '../options/options.ts'

/** Returns whether an answer is one user's own, as far as the application says, or what stands before the cache. */
export function isOnesOwn(exchange: Exchange, settings: Pick<Settings, 'isPersonal'>): boolean {
  const isPersonal = checkAnswer('isPersonal', exchange.isPersonal?.())
  return isPersonal || checkAnswer('isPersonal', settings.isPersonal(exchange.req, exchange.res))
}
