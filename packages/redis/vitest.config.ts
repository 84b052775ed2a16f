import { defineConfig } from 'vitest/config'

/**
 * However the tests are run: on a machine that is busy, Redis and its failures take longer than the 5 s of Vitest, and than
 * the second for which it asks again.
 */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
