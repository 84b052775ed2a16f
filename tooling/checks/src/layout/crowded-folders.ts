import { globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Source files beside each other that one still takes in; tests are not counted. */
const MOST_FILES = 15

/** Folders that may have more: the architecture page gives the reason. */
const EXCUSED: readonly string[] = [
  'apps/bench/src/peers',
  'tooling/stress/src/scenarios',
  'tooling/stress/src/workers',
]

/** Folders with more files than a reader takes in, each as `path: message`. */
export function crowdedFolders(root: string): string[] {
  const sources = '{packages,apps,tooling}/*/src'
  return globSync([sources, `${sources}/**/`], { cwd: root })
    .map((path) => path.replaceAll('\\', '/').replace(/\/$/, ''))
    .filter((path) => !EXCUSED.includes(path))
    .flatMap((path) => {
      const count = readdirSync(join(root, path)).filter(isSource).length
      return count > MOST_FILES ? [`${path}: ${count} files beside each other; make the groups folders`] : []
    })
}

function isSource(name: string): boolean {
  return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name)
}
