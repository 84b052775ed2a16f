/** Takes and releases locks of verrou in a directory, as whoever started it says. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LockFactory, type Verrou } from '@verrou/core'
import { job, tell } from '../../../../recipes/tests/processes/job.ts'
import { VerrouStore } from '../../../src/verrou/index.ts'

interface LockJob {
  readonly directory: string
}

interface LockRequest {
  readonly member: keyof typeof members
  readonly args: readonly unknown[]
}

type Serialized = Parameters<Verrou<never>['restoreLock']>[0]

const { directory } = await job<LockJob>()
const store = new VerrouStore(join(directory, 'locks'), { storeTimeout: 20_000 })
const locks = new LockFactory(store, { retry: { delay: 1 } })
const file = join(directory, 'counter')

const members = {
  /** Adds to a number in a file, which nothing but the lock protects. */
  count: async (times: number) => {
    for (let i = 0; i < times; i++) {
      await locks.createLock('counter').run(async () => {
        await writeFile(file, `${Number(await readFile(file, 'utf8')) + 1}`)
      })
    }
  },
  take: async (key: string, ttl: number | null) => {
    const lock = locks.createLock(key, ttl)
    return (await lock.acquireImmediately()) && lock.serialize()
  },
  wait: (key: string) => locks.createLock(key, null).acquire(),
  release: async (lock: Serialized) =>
    locks
      .restoreLock(lock)
      .release()
      .then(
        () => 'released',
        (error) => error.code,
      ),
} as Record<string, (...args: never[]) => Promise<unknown>>

process.on('message', async ({ member, args }: LockRequest) => {
  tell({ result: await members[member]?.(...(args as never[])) })
})
tell('ready')
