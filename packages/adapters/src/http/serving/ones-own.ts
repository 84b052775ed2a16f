import type { Exchange } from '../exchange/exchange.ts'
import type { Settings } from '../options/options.ts'
import { saysYes } from '../options/says-yes.ts'

/**
 * Returns whether an answer is one user's own, as far as the application says, or what stands before the cache.
 *
 * @throws TypeError when one of them says so later
 */
export function isOnesOwn(exchange: Exchange, settings: Pick<Settings, 'isPersonal'>): boolean {
  return saysYes('isPersonal', exchange.isPersonal?.()) || settings.isPersonal(exchange.req, exchange.res)
}
