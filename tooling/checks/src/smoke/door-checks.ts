import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVERYTHING } from './applications.ts'
import { sharedChunks } from './shared-chunks.ts'
import type { SmokeCheck } from './smoke-check.ts'

/** Packages with several doors, and the files behind those, without extensions. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  core: ['index', 'sqlite/index'],
  adapters: [
    'bentocache',
    'express',
    'fastify',
    'keyv',
    'nest',
    'next',
    'rate-limit',
    'session',
    'undici',
    'unstorage',
    'verrou',
    'web',
  ].map((door) => `${door}/index`),
}

/** That what the doors of a package have in common is one file: a class is one class, whichever door it comes through. */
export const DOOR_CHECKS: readonly SmokeCheck[] = Object.entries(DOORS).map(([name, doors]) => ({
  title: `the doors of ${name} share their modules, in either format`,
  run: async (bench) => {
    const { folder } = await bench.install(EVERYTHING)
    for (const extension of ['js', 'cjs']) {
      const files = doors.map((door) => join('node_modules/@diskcache', name, 'dist', `${door}.${extension}`))
      const shared = sharedChunks(files.map((file) => readFileSync(join(folder, file), 'utf8')))
      if (shared.length === 0) throw new Error(`no file is imported by all of ${files.join(', ')}`)
    }
  },
}))
