import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../src/repository.ts'
import { errorCodes } from './error-codes.ts'
import { PROVOCATIONS } from './provoked-errors.ts'

const PAGE = readFileSync(join(ROOT, 'apps/docs/troubleshooting.md'), 'utf8')

test('every error code has its entry, in the order of the source, and no other has one', () => {
  const entries = [...PAGE.matchAll(/^#+ .*?(ERR_DISKCACHE_\w+)/gm)].map(([, code]) => code)
  expect(entries).toEqual(errorCodes())
})

test.each(Object.entries(PROVOCATIONS))('%s comes of what is said to provoke it', async (code, provoke) => {
  if (code === 'ERR_DISKCACHE_UNSAFE' && process.platform === 'win32') return
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-trouble-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  await expect((async () => provoke(directory))()).rejects.toMatchObject({ code })
})

test('what provokes an error stands in its entry', () => {
  const source = readFileSync(join(import.meta.dirname, 'provoked-errors.ts'), 'utf8')
  const entries = PAGE.split(/^(?=### ERR_)/m).slice(1)
  for (const code of Object.keys(PROVOCATIONS)) {
    const entry = entries.find((text) => text.startsWith(`### ${code}\n`))
    const quoted = /```ts fragment from=apps\/docs\/tests\/provoked-errors\.ts\n([\s\S]*?)\n```/.exec(
      entry ?? '',
    )?.[1]
    const provocation = source
      .slice(source.indexOf(`\n  ${code}:`))
      .split('\n  },')[0]
      ?.replaceAll('\n    ', '\n')
    expect(provocation, code).toContain(quoted ?? `the entry of ${code} quotes nothing`)
  }
})
