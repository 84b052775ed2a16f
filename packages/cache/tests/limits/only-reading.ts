import { Cache } from '@diskcache/cache'
import { outcomeOf } from './outcome.ts'

/** Opens a cache as a user who may read it and not write. */
const [directory = '', uid = ''] = process.argv.slice(2)
if (uid !== '') process.setuid?.(Number(uid))

const outcomes = {
  writable: await outcomeOf(() => new Cache(directory)),
  readonly: await outcomeOf(async () => {
    using cache = new Cache(directory, { readonly: true })
    return [
      cache.get('small'),
      (cache.get('large') as string).length,
      ...[...cache.keys()],
      await cache.promises.get('small'),
      await outcomeOf(() => cache.set('small', 1)),
      await outcomeOf(() => cache.set('large', 'x'.repeat(50_000))),
      await outcomeOf(() => cache.promises.set('large', 'x'.repeat(50_000))),
      await outcomeOf(() => cache.check({ fix: true })),
      cache.size,
    ]
  }),
}
console.log(JSON.stringify(outcomes))
