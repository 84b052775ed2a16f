import { directoryTest as test } from '@diskcache/testkit'
import { ENGINES } from '../../tests/unstorage/engines.ts'
import { verrouSuite } from '../../tests/verrou/verrou-suite.ts'

/** The tests that verrou publishes, at its own version; they wait until locks expire. */
for (const engine of ENGINES) {
  test.concurrent(`VerrouStore over ${engine.name} passes the tests of verrou`, async ({
    directory,
    expect,
  }) => {
    const store = engine.open(directory, 1_000_000)
    const suite = verrouSuite(store)
    expect(suite.cases).toHaveLength(25)
    expect(await suite.runAtOnce()).toEqual([])
    expect(await store.check()).toEqual([])
    await store.close()
  })
}
