import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { PLATFORMS } from './platforms.ts'

/** What a process is told. */
export interface DoorJob {
  readonly directory: string
  /** Gets a line for each run of a handler, with the name of its platform. */
  readonly log: string
  /** How many requests it makes to each of its applications, at once. */
  readonly requests: number
}

/** Names of platforms, and the texts of their answers. */
export type DoorAnswers = Readonly<Record<string, readonly string[]>>

/** As long as a handler takes, in milliseconds: longer than all processes need to ask. */
const HANDLER_MS = 1_000

/** A busy machine is no reason to go past the cache; milliseconds. */
const PATIENT = { storeTimeout: 20_000, collapse: { timeout: 20_000 } }

const job = JSON.parse(process.argv[2] ?? '') as DoorJob
await using store = new Cache(job.directory, { tagIndex: true })
await using stack = new AsyncDisposableStack()
const applications = await Promise.all(
  PLATFORMS.map(async (platform) => {
    const reply = async () => {
      appendFileSync(job.log, `${platform.name}\n`)
      await delay(HANDLER_MS)
      return { headers: { 'Cache-Control': 'public, max-age=60' }, body: `by ${process.pid}` }
    }
    // Each platform has a cache of its own in the directory.
    const options = { name: platform.name, ...PATIENT }
    return [
      platform.name,
      stack.use(await platform.start({ store: store.promises, options, reply })),
    ] as const
  }),
)
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
const answers = applications.map(async ([name, application]) => {
  const asked = Array.from({ length: job.requests }, () =>
    application.ask('/', { headers: { host: 'example.com' } }),
  )
  return [name, (await Promise.all(asked)).map(({ text }) => text)] as const
})
process.send?.(Object.fromEntries(await Promise.all(answers)) satisfies DoorAnswers)
process.disconnect()
