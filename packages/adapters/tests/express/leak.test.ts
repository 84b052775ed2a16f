import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Cache } from '@diskcache/cache'
import type { Express, RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { Application } from './application.ts'
import type { Answer } from './http-client.ts'
import { SCENARIOS, type Scenario, secretOf } from './leak-scenarios.ts'

const USERS = ['alice', 'bob', 'nobody']

for (const version of [4, 5] as const)
  for (const compression of ['before', 'behind'] as const)
    describe(`cacheResponses() leaks nothing, Express ${version}, compression: ${compression}`, () => {
      const directory = mkdtempSync(join(tmpdir(), 'diskcache-leak-'))
      const store = new Cache(directory)
      const cache = cacheResponses(store, { timeout: 20_000 })
      let app: Application

      beforeAll(async () => {
        app = await Application.start({ version, compression, before: [beforeAllScenarios], cache, handlers })
      })
      afterAll(async () => {
        await app[Symbol.asyncDispose]()
        await cache.close()
        await store.promises.close()
        rmSync(directory, { recursive: true, force: true })
      })

      for (const [index, scenario] of SCENARIOS.entries())
        test(scenario.name, async () => {
          for (const user of ['alice', 'bob']) expectOwn(scenario, user, await send(app, index, user))
          const together = ['bob', 'alice', 'nobody', 'bob', 'alice']
          const answers = await Promise.all(together.map((user) => send(app, index, user)))
          for (const [at, answer] of answers.entries()) expectOwn(scenario, together[at] as string, answer)
          for (const user of ['nobody', 'bob', 'alice'])
            expectOwn(scenario, user, await send(app, index, user))
        })
    })

function send(app: Application, index: number, user: string): Promise<Answer> {
  const { method = 'GET', sends, path } = SCENARIOS[index] as Scenario
  const headers = { 'x-test-who': user, 'accept-encoding': 'gzip', ...sends?.(user) }
  const body = 'Content-Length' in headers ? 'x' : ''
  return app.ask(`/${index}${path?.(user) ?? ''}`, { method, headers, body })
}

/** Each user gets their own secret, and not a byte of another's. */
function expectOwn(scenario: Scenario, user: string, answer: Answer): void {
  const body =
    answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body).toString() : answer.text
  const seen = JSON.stringify(answer.headers) + body
  expect(scenario.statuses ?? [200]).toContain(answer.status)
  if (!scenario.isSilent) expect(body).toContain(secretOf(user))
  for (const other of USERS) if (other !== user) expect(seen).not.toContain(secretOf(other))
}

function scenarioOf(path: string): Scenario | undefined {
  return SCENARIOS[Number(/^\/(\d+)/.exec(path)?.[1])]
}

const beforeAllScenarios: RequestHandler = (req, res, next) => {
  const before = scenarioOf(req.originalUrl)?.before
  return before === undefined ? next() : before(req, res, next)
}

function handlers(app: Express): void {
  app.use((req, res, next) => scenarioOf(req.originalUrl)?.answer(req, res, next))
}
