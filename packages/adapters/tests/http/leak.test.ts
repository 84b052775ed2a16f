import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { expectNoLeak } from './leak.ts'
import { LEAK_FIELDS } from './leak-fields.ts'
import { LEAK_SCENARIOS, type LeakScenario } from './leak-scenarios.ts'
import type { OriginRequest, Platform, Running } from './platform.ts'
import { PLATFORMS, takesPart } from './platforms.ts'

const SCENARIOS: readonly LeakScenario[] = [...LEAK_SCENARIOS, ...LEAK_FIELDS]

for (const platform of PLATFORMS)
  describe(`leaks nothing on ${platform.name}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-leak-'))
    const store = new Cache(directory)
    let app: Running

    beforeAll(async () => {
      app = await platform.start({ store: store.promises, options: { storeTimeout: 20_000 }, reply })
    })
    afterAll(async () => {
      await app[Symbol.asyncDispose]()
      await store.promises.close()
      rmSync(directory, { recursive: true, force: true })
    })

    for (const [index, scenario] of SCENARIOS.entries())
      if (isPossible(scenario, platform) && takesPart(platform, index))
        test(scenario.name, () =>
          expectNoLeak(scenario, (path, options) => app.ask(`/${index}${path}`, options)),
        )
  })

function isPossible({ name, method = 'GET' }: LeakScenario, { lacks = [] }: Platform): boolean {
  return !lacks.includes(method) && !lacks.includes(name)
}

function reply(request: OriginRequest) {
  const { reply } = SCENARIOS[Number(/^\/(\d+)/.exec(request.url)?.[1])] as LeakScenario
  return reply(request)
}
