import { getOrSet, memoizeStampede } from '@diskcache/recipes'
import { NestFactory } from '@nestjs/core'
import { createCache } from 'cache-manager'
import { createKeyv } from '../../src/keyv/index.ts'
import { Cached, DiskCacheModule } from '../../src/nest/index.ts'
import { decorate, injectable, moduleOf } from '../nest/decorate.ts'
import { callingUser, type Made, type UserKind } from './user.ts'

/** How long values are kept, in milliseconds: for longer than any run. */
const TTL = 600_000

/** Those that call a function. */
export const CALLING_USERS: readonly UserKind[] = [
  {
    name: 'getOrSet',
    control: 'call',
    async open(store, compute) {
      return callingUser((key) => getOrSet(store, key, () => compute(key), { ttl: TTL }))
    },
  },
  {
    name: 'memoizeStampede',
    control: 'call',
    async open(store, compute) {
      return callingUser(memoizeStampede(store, compute, { name: 'compute', ttl: TTL }))
    },
  },
  {
    name: '@Cached',
    control: 'call',
    async open(store, compute) {
      class Values {
        async find(key: string): Promise<Made> {
          return compute(key)
        }
      }
      decorate(Values.prototype, 'find', Cached({ ttl: TTL, onError() {} }))
      injectable(Values)
      const module = moduleOf({ imports: [DiskCacheModule.forRoot({ store })], providers: [Values] })
      const application = await NestFactory.createApplicationContext(module, { logger: false })
      const values = application.get(Values)
      return { ask: (key) => values.find(key), [Symbol.asyncDispose]: () => application.close() }
    },
  },
  {
    name: 'createKeyv',
    control: 'call',
    async open(store, compute) {
      const keyv = createKeyv<Made>(store)
      keyv.on('error', () => {})
      return callingUser(async (key) => {
        const found = await keyv.get(key)
        if (found !== undefined) return found
        const made = await compute(key)
        await keyv.set(key, made, TTL)
        return made
      })
    },
  },
  {
    name: 'cache-manager',
    control: 'call',
    async open(store, compute) {
      const keyv = createKeyv(store)
      keyv.on('error', () => {})
      const manager = createCache({ stores: [keyv], ttl: TTL })
      return callingUser((key) => manager.wrap(key, () => compute(key)))
    },
  },
]
