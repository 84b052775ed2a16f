import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import type { Express, RequestHandler } from 'express'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { expectNoLeak } from '../http/leak.ts'
import { Application } from './application.ts'
import { SCENARIOS, type Scenario } from './leak-scenarios.ts'

for (const version of [4, 5] as const)
  for (const compression of ['before', 'behind'] as const)
    describe(`cacheResponses() leaks nothing, Express ${version}, compression: ${compression}`, () => {
      const directory = mkdtempSync(join(tmpdir(), 'diskcache-leak-'))
      const store = new Cache(directory)
      const cache = cacheResponses(store, { storeTimeout: 20_000 })
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
        test(scenario.name, () =>
          expectNoLeak(scenario, (path, options) => app.ask(`/${index}${path}`, options)),
        )
    })

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
