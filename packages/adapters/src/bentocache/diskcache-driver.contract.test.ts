import { directoryTest as test } from '@diskcache/testkit'
import { bentocacheSuite } from '../../tests/bentocache/bentocache-suite.ts'
import { ENGINES } from '../../tests/unstorage/engines.ts'

/** The tests that bentocache publishes, at its own version; they wait until an entry expires. */
for (const engine of ENGINES) {
  test.concurrent(`diskcacheDriver() over ${engine.name} passes the tests of bentocache`, async ({
    directory,
    expect,
  }) => {
    const store = engine.open(directory, 1_000_000)
    const suite = bentocacheSuite(store)
    expect(suite.cases).toHaveLength(21)
    expect(await suite.runInTurn()).toEqual([])
    expect(await store.check()).toEqual([])
    await store.close()
  })
}
