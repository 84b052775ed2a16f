import { errorChannel } from '../contract/diagnostics.ts'
import { hasCode } from '../contract/errors.ts'

/**
 * Tells the channel of errors of a failure that no caller sees; `where` is the store, and the key that it was about. Of a
 * store that is away it was told when that was found out, and not again by each call.
 */
export function tellFailure(
  where: { readonly store: string | undefined; readonly key?: unknown },
  error: unknown,
): void {
  if (errorChannel.hasSubscribers && !hasCode(error, 'ERR_DISKCACHE_UNAVAILABLE'))
    errorChannel.publish({ ...where, reason: 'failed', error })
}
