import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { describe } from 'vitest'
import { expectNoLeak } from './leak.ts'
import { LEAK_FIELDS } from './leak-fields.ts'
import { LEAK_SCENARIOS, type LeakScenario } from './leak-scenarios.ts'
import type { OriginRequest, Running } from './platform.ts'
import { PLATFORMS } from './platforms.ts'

const SCENARIOS: readonly LeakScenario[] = [...LEAK_SCENARIOS, ...LEAK_FIELDS]

for (const { name, lacks = [], start } of PLATFORMS)
  describe(`leaks nothing on ${name}`, () => {
    const test = directoryTest.extend<{ app: Running }>({
      app: async ({ directory }, use) => {
        await using store = new Cache(directory)
        await using app = await start({ store: store.promises, options: { timeout: 20_000 }, reply })
        await use(app)
      },
    })

    for (const [index, scenario] of SCENARIOS.entries())
      if (!lacks.includes(scenario.method ?? 'GET') && !lacks.includes(scenario.name))
        test(scenario.name, ({ app }) =>
          expectNoLeak(scenario, (path, options) => app.ask(`/${index}${path}`, options)),
        )
  })

function reply(request: OriginRequest) {
  const { reply } = SCENARIOS[Number(/^\/(\d+)/.exec(request.url)?.[1])] as LeakScenario
  return reply(request)
}
