import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')

const DOORS = globSync(['packages/*/dist/index.js', 'packages/*/dist/*/index.js'], { cwd: ROOT })

test.each(DOORS)('every class that %s exports has the name of its export, as logs show it', async (door) => {
  const exported: Record<string, unknown> = await import(pathToFileURL(resolve(ROOT, door)).href)
  const classes = Object.entries(exported).filter(([, value]) => /^class\b/.test(String(value)))
  for (const [name, value] of classes) expect((value as { name: string }).name).toBe(name)
})
