import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { Lock } from '@diskcache/recipes'
import { expect } from 'vitest'
import { describeChromium } from './chromium-test.ts'
import { fillWithAllKinds } from './entries-of-all-kinds.ts'
import { at, partsOf } from './page-parts.ts'

const PYTHON = process.env.DISKCACHE_PYTHON ?? '/usr/bin/python3'
const hasPython = spawnSync(PYTHON, ['-c', 'import diskcache']).status === 0

/** Returns the files of a directory with their sizes and the times at which they were changed. */
function stateOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((path) => {
      const { size, mtimeMs } = statSync(join(directory, path))
      return `${path} ${size} ${mtimeMs}`
    })
}

const readonly = {
  fill: (directory: string) => fillWithAllKinds(directory, 10),
  args: ['--readonly'],
  isLong: true,
}

describeChromium('a cache that is only read', readonly, (test) => {
  test('has no buttons for changes, and is left as it was', async ({ page, url, directory }) => {
    const before = stateOf(directory)
    await page.goto(at(url, 'entries', { entry: 'sorder:7' }))
    const { value, entry } = partsOf(page)
    await value.getByText('"Ada"').waitFor()
    await page.getByText('read-only').waitFor()
    const buttons = await entry.getByRole('button').allTextContents()
    expect(buttons.filter((text) => /delete|expiry|pin|evict/i.test(text))).toEqual([])
    for (const place of ['sizes', 'live']) {
      await page.goto(at(url, place))
      await page.locator('.card').first().waitFor()
    }
    expect(stateOf(directory)).toEqual(before)
  })
})

const empty = { fill: (directory: string) => new Cache(directory).close() }

describeChromium('an empty cache', empty, (test) => {
  test('says what to do, and shows its first entry and queue', async ({ page, url, directory }) => {
    await page.goto(url)
    await page.getByRole('heading', { name: 'Nothing is in this cache yet' }).waitFor()
    using cache = new Cache(directory)
    cache.set('first', 1)
    await partsOf(page).key('first').waitFor()
    cache.push('job', { prefix: 'jobs' })
    await page.getByRole('link', { name: 'Live' }).click()
    await page.getByRole('region', { name: 'Queues' }).getByText('jobs').waitFor()
  })
})

const sharded = { fill: (directory: string) => new FanoutCache(directory).close(), isLong: true }

describeChromium('a FanoutCache', sharded, (test) => {
  test('shows what happens in all shards, and its locks', async ({ page, url, directory }) => {
    using cache = new FanoutCache(directory)
    for (let i = 0; i < 30; i++) cache.set(`user:${i}`, i, { tag: 'users' })
    await using hold = await new Lock(cache, 'nightly report').acquire()
    await page.goto(at(url, 'live'))
    await page.getByText('nightly report').waitFor()
    await page.getByText('FanoutCache, 8 shards').waitFor()
    await page.getByText('are not counted').waitFor()
    const chart = page.getByRole('img', { name: /^Entries: \d+ now/ })
    await chart.waitFor()
    await hold.release()
    await page.getByText('No lock is held.').waitFor()
    await page.goto(at(url, 'sizes'))
    await page.getByRole('region', { name: 'By tag' }).getByRole('button', { name: 'users' }).click()
    await expect.poll(() => partsOf(page).rows.count()).toBe(30)
  })
})

/** Lets Python store a value that it pickles. */
function fillByPython(directory: string): void {
  const program = `import diskcache; diskcache.Cache(${JSON.stringify(directory)}).set('tuple', (1, 'two'))`
  const { status, stderr } = spawnSync(PYTHON, ['-c', program], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

if (hasPython || process.env.DISKCACHE_REQUIRE_PYTHON) {
  describeChromium('a cache of Python', { fill: fillByPython, isLong: true }, (test) => {
    test('has its pickles as digits, and says why', async ({ page, url }) => {
      await page.goto(url)
      const { key, value, entry } = partsOf(page)
      await key('tuple').click()
      await entry.getByText('Python pickled it').waitFor()
      await value
        .locator('pre.hex')
        .getByText(/^00000000 {2}80 0\d/)
        .waitFor()
    })
  })
}
