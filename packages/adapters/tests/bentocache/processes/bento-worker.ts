/** A program that keeps what it computes in a bentocache in a directory, and does what whoever started it says. */
import { BentoCache, bentostore } from 'bentocache'
import { job, tell } from '../../../../recipes/tests/processes/job.ts'
import { diskcacheDriver } from '../../../src/bentocache/index.ts'

interface BentoRequest {
  readonly member: keyof typeof members
  readonly args: readonly unknown[]
}

const { directory } = await job<{ directory: string }>()
const disk = bentostore().useL2Layer(diskcacheDriver(directory, { storeTimeout: 20_000 }))
const bento = new BentoCache({ default: 'disk', stores: { disk } })

const members = {
  find: (id: string, tag: string) =>
    bento.getOrSet({ key: id, ttl: '1h', tags: [tag], factory: async () => ({ id, by: process.pid }) }),
  pid: async () => process.pid,
  deleteByTag: (tag: string) => bento.deleteByTag({ tags: [tag] }),
  setUser: (key: string, value: unknown) => bento.namespace('users').set({ key, value }),
  getUser: (key: string) => bento.namespace('users').get({ key }),
  clearUsers: () => bento.namespace('users').clear(),
} as Record<string, (...args: never[]) => Promise<unknown>>

process.on('message', async ({ member, args }: BentoRequest) => {
  tell({ result: await members[member]?.(...(args as never[])) })
})
tell('ready')
