import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { NPM } from './package-manager.ts'
import type { SmokeCheck } from './smoke-check.ts'
import type { Application, Workbench } from './workbench.ts'

type Bundler = 'esbuild' | 'rollup' | 'webpack' | 'ncc'

interface Cell {
  readonly bundler: Bundler
  readonly input: 'app.mjs' | 'app.cjs'
  readonly format: 'esm' | 'cjs'
}

const SQLITE = { 'better-sqlite3': '^13' }

/** What the program needs, and one bundler; and all of them. */
const WITH_ESBUILD: Application = {
  title: 'bundled by esbuild',
  manager: NPM,
  ours: ['cache', 'fanout', 'recipes', 'adapters'].map((name) => `@diskcache/${name}`),
  others: { keyv: '^5', esbuild: '^0.28' },
  programs: ['smoke-bundles'],
}
const WITH_OTHERS: Application = {
  ...WITH_ESBUILD,
  title: 'bundled by others',
  others: {
    keyv: '^5',
    '@rollup/plugin-commonjs': '*',
    '@rollup/plugin-node-resolve': '*',
    '@vercel/ncc': '*',
    rollup: '^4',
    webpack: '^5',
  },
}

/** That a program in one file runs where there is nothing but what was left out of the file. */
export const BUNDLER_CHECKS: readonly SmokeCheck[] = (
  ['esbuild', 'rollup', 'webpack', 'ncc'] as const
).flatMap((bundler) => [
  bundlerCheck({ bundler, input: 'app.mjs', format: 'esm' }),
  bundlerCheck({ bundler, input: 'app.mjs', format: 'cjs' }),
  bundlerCheck({ bundler, input: 'app.cjs', format: 'cjs' }),
])

function bundlerCheck(cell: Cell): SmokeCheck {
  const { bundler, input, format } = cell
  return {
    title: `${bundler} makes a program of ${input}, in ${format === 'esm' ? 'an ES module' : 'CommonJS'}`,
    isLong: bundler !== 'esbuild',
    run: async (bench) => {
      const { folder } = await bench.install(bundler === 'esbuild' ? WITH_ESBUILD : WITH_OTHERS)
      const output = join(bench.folder, `bundle-${bundler}-${input}-${format}`)
      await bench.run(
        process.execPath,
        ['build.mjs', bundler, input, format, output],
        join(folder, 'bundles'),
      )
      await runBundle(bench, output, cell)
    },
  }
}

/** Runs the bundle beside better-sqlite3 alone, and then beside Keyv, too. */
async function runBundle(bench: Workbench, output: string, cell: Cell): Promise<void> {
  const file = cell.format === 'esm' ? 'bundle.mjs' : 'bundle.cjs'
  const embedsSqlite = cell.bundler === 'ncc' && cell.format === 'cjs'
  await runBeside(bench, output, embedsSqlite ? {} : SQLITE, [file])
  // webpack puts the path of the sources for that of a module's own file, from where nothing is found elsewhere.
  if (cell.bundler === 'webpack' && cell.format === 'esm') return
  await runBeside(bench, output, { ...SQLITE, keyv: '^5' }, [file, 'with-keyv'])
}

async function runBeside(
  bench: Workbench,
  output: string,
  externals: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<void> {
  const title = ['beside', ...Object.keys(externals)].join(' ')
  const { folder } = await bench.install({ title, manager: NPM, ours: [], others: externals })
  const place = join(folder, 'bundle')
  cpSync(output, place, { recursive: true })
  try {
    await withoutSources(bench, () => bench.run(process.execPath, words, place))
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** Runs `action` while the folders with the sources of the bundles are away: nobody has them where a bundle runs. */
async function withoutSources(bench: Workbench, action: () => Promise<unknown>): Promise<void> {
  const folders = readdirSync(bench.folder).filter((name) => name.startsWith('bundled-by-'))
  const rename = (from: string, to: string) => {
    for (const name of folders) renameSync(join(bench.folder, name + from), join(bench.folder, name + to))
  }
  rename('', '.away')
  try {
    await action()
  } finally {
    rename('.away', '')
  }
}
