import { OLD_SQLITE, OTHER_SQLITE, RECIPES, REDIS, TOGETHER, USUAL } from './applications.ts'
import { installedCopies, nativeFiles } from './installed-copies.ts'
import { NPM, OTHER_MANAGERS, type PackageManager, PNPM } from './package-manager.ts'
import type { SmokeCheck } from './smoke-check.ts'
import type { Application, Workbench } from './workbench.ts'

/** What managers print about versions that do not fit together. */
const PEER_WARNING = /unmet peer|incorrect peer|peer dep|ERESOLVE|YN0002|YN0060|YN0086/i

/** That every package manager installs the packages at its defaults, and that applications have no more than they need. */
export const INSTALL_CHECKS: readonly SmokeCheck[] = [
  ...[PNPM, NPM].map((manager) => managerCheck(manager, false)),
  ...OTHER_MANAGERS.map((manager) => managerCheck(manager, true)),
  {
    title: 'npm installs again from its lockfile, and lists no problem',
    isLong: true,
    run: async (bench) => {
      const { folder } = await bench.install(usual(NPM))
      await bench.run('npm', ['ci'], folder)
      await bench.run('npm', ['ls', '--all'], folder)
    },
  },
  nativeCheck(REDIS, 'redis-alone'),
  nativeCheck(RECIPES, 'recipes-alone'),
  copiesCheck(OTHER_SQLITE, ['use', 'other-sqlite'], 2, false),
  copiesCheck(OLD_SQLITE, ['use'], 2, true),
  copiesCheck(TOGETHER, ['use', 'together'], 1, false),
]

function usual(manager: PackageManager): Application {
  return { ...USUAL, title: `usual on ${manager.title}`, manager }
}

function managerCheck(manager: PackageManager, isLong: boolean): SmokeCheck {
  return {
    title: `${manager.title} installs at its defaults, and the programs run`,
    isLong,
    run: async (bench) => {
      const { folder, stdout, stderr } = await bench.install(usual(manager))
      const warnings = `${stdout}${stderr}`.split('\n').filter((line) => PEER_WARNING.test(line))
      if (warnings.length > 0) throw new Error(warnings.join('\n'))
      await runPrograms(bench, folder, ['use'], manager)
    },
  }
}

function nativeCheck(application: Application, program: string): SmokeCheck {
  return {
    title: `${application.title}: no native module`,
    run: async (bench) => {
      const { folder } = await bench.install(application)
      const native = nativeFiles(folder)
      if (native.length > 0) throw new Error(`with ${native.join(', ')}`)
      await runPrograms(bench, folder, [program], application.manager)
    },
  }
}

function copiesCheck(
  application: Application,
  programs: readonly string[],
  sqlites: number,
  isLong: boolean,
): SmokeCheck {
  return {
    title: `${application.title}: one copy of core, and the programs run`,
    isLong,
    run: async (bench) => {
      const { folder } = await bench.install(application)
      expectCopies(folder, '@diskcache/core', 1)
      expectCopies(folder, 'better-sqlite3', sqlites)
      await runPrograms(bench, folder, programs, application.manager)
    },
  }
}

function expectCopies(folder: string, name: string, count: number): void {
  const copies = installedCopies(folder, name)
  if (copies.length !== count) throw new Error(`${copies.length} of ${name}: ${copies.join(', ')}`)
}

/** Each as an ES module and as CommonJS, if there is one. */
async function runPrograms(
  bench: Workbench,
  folder: string,
  programs: readonly string[],
  { command, layout }: PackageManager,
): Promise<void> {
  const [node, ...words] = layout === 'archives' ? [...command, 'node'] : [process.execPath]
  for (const program of programs.flatMap((name) => [`${name}.mjs`, `${name}.cjs`])) {
    await bench.run(node!, [...words, program], folder)
  }
}
