import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { NPM } from '../../smoke/package-manager.ts'
import type { Workbench } from '../../smoke/workbench.ts'

const ROOT = resolve(import.meta.dirname, '../../../../..')
const FILES = join(ROOT, 'apps/docs/deployment/files')

/** The text of a page of the guide. */
export function readPage(name: string): string {
  return readFileSync(join(FILES, '..', name), 'utf8')
}

/** The text of one of the files that readers copy. */
export function readGuideFile(name: string): string {
  return readFileSync(join(FILES, name), 'utf8')
}

/** A folder with all files of the guide, in which npm has installed what they need. */
export async function installGuide(bench: Workbench): Promise<string> {
  const { folder } = await bench.install({
    title: 'deployment',
    manager: NPM,
    ours: ['@diskcache/cache'],
    others: { yaml: '2.9.1' },
  })
  cpSync(FILES, folder, { recursive: true })
  return folder
}
