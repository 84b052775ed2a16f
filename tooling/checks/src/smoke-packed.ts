import type { PackedPackage } from './packed-package.ts'
import { EVERYTHING } from './smoke/applications.ts'
import { nodeBinary, SUPPORTED_NODES, TOO_OLD_NODE } from './smoke/node-versions.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'
import type { Workbench } from './smoke/workbench.ts'

/** Each as an ES module and as CommonJS. */
const PROGRAMS = ['use', 'use-types', 'doors']
const REQUIRED = ['README.md', 'LICENSE', 'package.json']
const UNWANTED = /^src\/|^tests?\/|\.test\.|tsconfig/

/** That the packed packages have their files, and that each supported Node loads and runs them. */
export const PACKED_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'every package has its files',
    run: async ({ packages }) => {
      packages.forEach(checkFiles)
    },
  },
  {
    title: 'TypeScript compiles use-types.mts and use-types.cts',
    run: async (bench) => {
      await compiledFolder(bench)
    },
  },
  ...SUPPORTED_NODES.map(nodeCheck),
  {
    title: `Node ${TOO_OLD_NODE} is refused`,
    run: async (bench) => {
      const { folder } = await bench.install(EVERYTHING)
      for (const program of ['too-old.mjs', 'too-old.cjs']) {
        await bench.run(await nodeBinary(bench, TOO_OLD_NODE), [program], folder)
      }
    },
  },
]

/** Where `use-types` is compiled. */
function compiledFolder(bench: Workbench): Promise<string> {
  return bench.once('compiled', async () => {
    const { folder } = await bench.install(EVERYTHING)
    await bench.run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], folder)
    return folder
  })
}

function nodeCheck(version: number): SmokeCheck {
  return {
    title: `Node ${version} loads every door and runs ${[...PROGRAMS, 'formats'].join(', ')}`,
    run: async (bench) => {
      const folder = await compiledFolder(bench)
      const entries = bench.packages.flatMap((packed) => packed.entries)
      const node = await nodeBinary(bench, version)
      for (const loader of ['load.mjs', 'load.cjs']) await bench.run(node, [loader, ...entries], folder)
      for (const program of PROGRAMS) {
        for (const extension of ['mjs', 'cjs']) await bench.run(node, [`${program}.${extension}`], folder)
      }
      await bench.run(node, ['formats.mjs'], folder)
    },
  }
}

function checkFiles({ name, files, targets }: PackedPackage): void {
  const missing = [...REQUIRED, ...targets].filter((path) => !files.includes(path))
  const unwanted = files.filter((path) => UNWANTED.test(path))
  if (missing.length > 0) throw new Error(`${name} without ${missing.join(', ')}`)
  if (unwanted.length > 0) throw new Error(`${name} with ${unwanted.join(', ')}`)
}
