import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { checkVersions } from './check-release.ts'

const roots: string[] = []

afterEach(() => {
  vi.restoreAllMocks()
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** Packages by their names, each with its version and its changelog; the lines that the check prints are kept. */
async function check(packages: Record<string, [version: string, changelog: string]>) {
  const root = mkdtempSync(join(tmpdir(), 'check-release-'))
  roots.push(root)
  for (const [name, [version, changelog]] of Object.entries(packages)) {
    const folder = join(root, 'packages', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, exports: {} }))
    if (changelog) writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  }
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  return {
    failed: await checkVersions(root),
    failures: log.mock.calls.flat().filter((line) => /^FAIL/.test(line)),
  }
}

const SOME = 'No changes in this release.'

test('checkVersions() accepts one version, of which each changelog says something', async () => {
  const packages = {
    a: ['0.1.1', `# a\n\n## 0.1.1\n\n${SOME}\n\n## 0.1.0\n\n- b\n`],
    b: ['0.1.1', `# b\n\n## 0.1.1\n\n### Patch Changes\n\n- c\n`],
  } satisfies Record<string, [string, string]>
  expect(await check(packages)).toEqual({ failed: 0, failures: [] })
})

test('checkVersions() finds versions that differ', async () => {
  const { failed, failures } = await check({
    a: ['0.1.0', `# a\n\n## 0.1.0\n\n${SOME}`],
    b: ['0.0.1', `# b\n\n## 0.0.1\n\n${SOME}`],
  })
  expect(failed).toBe(1)
  expect(failures[0]).toMatch('0.1.0, 0.0.1')
})

test.each([
  ['is missing', ''],
  ['begins with another version', `# a\n\n## 0.0.9\n\n${SOME}`],
  ['says nothing', '# a\n\n## 0.1.0\n\n## 0.0.9\n\n- b'],
])('checkVersions() finds a changelog that %s', async (_, changelog) => {
  expect((await check({ a: ['0.1.0', changelog] })).failed).toBe(1)
})
