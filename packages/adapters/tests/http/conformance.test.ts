import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { FakeClock } from '@diskcache/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { Activity } from './activity.ts'
import { ALL_CASES } from './all-cases.ts'
import type { Case, Step } from './conformance-cases.ts'
import type { Answer } from './http-client.ts'
import type { Platform } from './platform.ts'
import { PLATFORMS, takesPart } from './platforms.ts'

/** A busy machine is no reason for a test to go past the cache; milliseconds. */
const PATIENT = { storeTimeout: 20_000, collapse: { timeout: 20_000 } }

for (const platform of PLATFORMS)
  describe(platform.name, () => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-conformance-'))
    const clock = new FakeClock()
    const cache = new Cache(directory, { clock: clock.now, tagIndex: true })
    // Those that take a sample, which has every kind of case, have a namespace for their store.
    const { promises } = platform.isSampled ? cache.namespace('responses') : cache

    afterAll(async () => {
      await cache.promises.close()
      rmSync(directory, { recursive: true, force: true })
    })

    for (const [index, one] of ALL_CASES.entries())
      if (isPossible(one, platform) && takesPart(platform, index))
        test(`${one.section}: ${one.title}`, async () => {
          const { options, origin, steps } = one
          const activity = new Activity()
          // Origins go by the real time.
          clock.time = Date.now()
          let runs = 0
          await using app = await platform.start({
            store: activity.watch(promises),
            // A name of its own keeps each case apart in one store.
            options: { clock: clock.now, name: `case ${index}`, ...PATIENT, ...options },
            reply: (request) => origin(++runs, request),
          })
          for (const [at, step] of steps.entries()) {
            clock.advance(step.after ?? 0)
            const answer = await app.ask(step.path ?? '/', step)
            await activity.settled()
            const expected = { step: at, runs: step.runs, ...wanted(step) }
            expect({ step: at, runs, ...seen(step, answer) }).toEqual(expected)
          }
        })
  })

function isPossible({ title, steps }: Case, { lacks = [] }: Platform): boolean {
  return !lacks.includes(title) && !steps.some(({ method = 'GET' }) => lacks.includes(method))
}

/** What the step says something about. */
function seen({ text, has = {} }: Step, answer: Answer): object {
  const fields = Object.keys(has).map((name) => [name, answer.headers[name]])
  return {
    status: answer.status,
    has: Object.fromEntries(fields),
    ...(text !== undefined && { text: answer.text }),
  }
}

function wanted({ status = 200, text, has = {} }: Step): object {
  const fields = Object.entries(has).map(([name, value]) => [
    name,
    value instanceof RegExp ? expect.stringMatching(value) : value,
  ])
  return { status, has: Object.fromEntries(fields), ...(text !== undefined && { text }) }
}
