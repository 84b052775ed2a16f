import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVERYTHING } from './applications.ts'
import type { SmokeCheck } from './smoke-check.ts'
import type { Application, Workbench } from './workbench.ts'

/** How TypeScript finds packages. Each has its configuration in `smoke-types/types`. */
type Resolution = 'nodenext' | 'bundler' | 'node10'

/** The lowest version that compiles the declarations themselves: below it there is no `IteratorObject`. */
const LOWEST = '5.6'
/** The lowest that compiles a program against them, with `skipLibCheck`: below it there is no `const` type parameter. */
const LOWEST_UNCHECKED = '5.0'
const ALL: readonly Resolution[] = ['nodenext', 'bundler', 'node10']

/** Nest 12 is of ES modules, which TypeScript before 5.8 cannot `require`. */
const VERSIONS: Application = {
  ...EVERYTHING,
  title: 'several versions of TypeScript',
  others: {
    ...EVERYTHING.others,
    '@nestjs/common': '^11',
    '@nestjs/core': '^11',
    ...Object.fromEntries(
      [LOWEST_UNCHECKED, LOWEST, '5.9', '7'].map((version) => [
        `typescript-${version}`,
        `npm:typescript@${version}`,
      ]),
    ),
  },
}

/** That TypeScript finds the types of every door, and that the declarations themselves have no error. */
export const TYPE_CHECKS: readonly SmokeCheck[] = [
  ...ALL.map((resolution) => typeCheck(EVERYTHING, '6.0', resolution)),
  ...[LOWEST, '5.9'].flatMap((version) => ALL.map((resolution) => typeCheck(VERSIONS, version, resolution))),
  ...ALL.map((resolution) => typeCheck(VERSIONS, LOWEST_UNCHECKED, resolution)),
  // 7 has no node10.
  ...ALL.slice(0, 2).map((resolution) => typeCheck(VERSIONS, '7', resolution)),
]

function typeCheck(application: Application, version: string, resolution: Resolution): SmokeCheck {
  const skipsLibraries = version === LOWEST_UNCHECKED
  return {
    title: `TypeScript ${version}, ${resolution}${skipsLibraries ? ', skipLibCheck' : ''}: every door`,
    isLong: application === VERSIONS || resolution !== 'node10',
    run: async (bench) => {
      const folder = await typeFolder(bench, application)
      const compiler = application === VERSIONS ? `typescript-${version}` : 'typescript'
      const options = ['--project', `tsconfig.${resolution}.json`, '--skipLibCheck', String(skipsLibraries)]
      // 6 calls node10 deprecated.
      if (version === '6.0' && resolution === 'node10') options.push('--ignoreDeprecations', version)
      const binary = join('../node_modules', compiler, 'bin/tsc')
      await bench.run(process.execPath, [binary, ...options], folder)
    },
  }
}

/** Where the program is, for either format, too. */
async function typeFolder(bench: Workbench, application: Application): Promise<string> {
  const { folder } = await bench.install(application)
  const types = join(folder, 'types')
  for (const extension of ['mts', 'cts']) {
    copyFileSync(join(types, 'every-door.ts'), join(types, `every-door.${extension}`))
  }
  return types
}
