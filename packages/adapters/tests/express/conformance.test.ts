import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'
import { CASES, type Step } from './conformance-cases.ts'
import type { Answer } from './http-client.ts'

for (const { section, title, options, origin, steps } of CASES)
  test(`cacheResponses() ${section}: ${title}`, async ({ start, activity, clock }) => {
    let runs = 0
    const { app } = await start({
      ...options,
      handlers: (app) => app.use((req, res) => void origin(++runs, req, res)),
    })
    for (const [at, step] of steps.entries()) {
      clock.advance(step.after ?? 0)
      const answer = await app.ask(step.path ?? '/', step)
      await activity.settled()
      expect({ step: at, runs, ...seen(step, answer) }).toEqual({
        step: at,
        runs: step.runs,
        ...wanted(step),
      })
    }
  })

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
