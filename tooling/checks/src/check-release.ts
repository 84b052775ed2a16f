/**
 * Makes the next release in a copy of the repository: versions and changelogs, packages, and a project that has nothing but
 * them. Prints one line per check; the exit code is 1 when any failed.
 */
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { copyRepository } from './copy-repository.ts'
import { packPackages } from './packed-package.ts'
import { type Manifest, publicPackages } from './public-packages.ts'
import { reportCheck } from './report-check.ts'
import { runCommand } from './run-command.ts'

const PROGRAMS = ['use.mjs', 'use.cjs']
const EXAMPLES = 'tooling/testkit/examples'
const NPM_INSTALL = ['install', '--no-audit', '--no-fund']

/** Returns the number of checks that failed; throws when there is nothing to check. */
export async function checkRelease(root: string): Promise<number> {
  const workspace = mkdtempSync(join(tmpdir(), 'diskcache-release-'))
  try {
    const copy = join(workspace, 'repository')
    await copyRepository(root, copy)
    await applyChangesets(copy)
    return (await checkVersions(copy)) + (await checkInstalled(copy, workspace))
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}

/** Right after a release there is none, and the versions of that release are checked. */
async function applyChangesets(copy: string): Promise<void> {
  if (globSync('.changeset/*.md', { cwd: copy, exclude: ['.changeset/README.md'] }).length === 0) return
  await runCommand('pnpm', ['exec', 'changeset', 'version'], copy)
}

/** Returns how many of the packages below `copy` lack the version of all others, or a changelog. */
export async function checkVersions(copy: string): Promise<number> {
  const packages = publicPackages(copy)
  const versions = [...new Set(packages.map(({ manifest }) => manifest.version))]
  return failures([
    reportCheck(`All packages have one version: ${versions.join(', ')}`, () => {
      if (versions.length !== 1) throw new Error('see "fixed" in .changeset/config.json')
    }),
    ...packages.map(({ folder, manifest }) =>
      reportCheck(`${manifest.name} ${manifest.version} has a changelog`, () =>
        checkChangelog(join(folder, 'CHANGELOG.md'), manifest),
      ),
    ),
  ])
}

/** Its newest version is this one, and something is said of it, if only that nothing changed. */
function checkChangelog(path: string, { name, version }: Manifest): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const start = `# ${name}\n\n## ${version}\n`
  if (!text.startsWith(start)) throw new Error(`it does not begin with ${JSON.stringify(start)}`)
  const [newest = ''] = text.slice(start.length).split('\n## ')
  if (newest.trim() === '') throw new Error('it says nothing')
}

/** A project that has all packages, as npm installs them. */
async function checkInstalled(copy: string, workspace: string): Promise<number> {
  const project = join(workspace, 'project')
  mkdirSync(project)
  for (const folder of ['tooling/checks/smoke', EXAMPLES]) {
    cpSync(join(copy, folder), project, { recursive: true })
  }
  const packed = await packPackages(copy, workspace)
  const passed = await reportCheck('npm installs the packed packages in an empty project', async () => {
    await runCommand('npm', ['init', '--yes'], project)
    const wanted = packed.flatMap(({ tarball, manifest }) => [tarball, ...peersOf(manifest)])
    await runCommand('npm', [...NPM_INSTALL, ...wanted], project)
  })
  if (!passed) return 1
  return failures([
    reportCheck('The installed packages agree on their versions', () => checkAgreement(copy, project)),
    ...PROGRAMS.map((program) =>
      reportCheck(`It runs ${program}`, () => runCommand(process.execPath, [program], project)),
    ),
    reportCheck("The test kit's example passes in it", () =>
      runCommand(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], project),
    ),
  ])
}

/** Each is there once, in the version of the release, and names the others by that version. */
function checkAgreement(copy: string, project: string): void {
  const expected = publicPackages(copy).map(({ manifest }) => `${manifest.name} ${manifest.version}`)
  const found = globSync('node_modules/**/@diskcache/*/package.json', { cwd: project }).map(
    (path): Manifest => JSON.parse(readFileSync(join(project, path), 'utf8')),
  )
  const installed = found.map(({ name, version }) => `${name} ${version}`).sort()
  if (installed.join() !== expected.sort().join()) throw new Error(`installed are ${installed.join(', ')}`)
  for (const { name, version, dependencies = {} } of found) {
    const strange = Object.entries(dependencies).find(
      ([dependency, range]) => dependency.startsWith('@diskcache/') && range !== `^${version}`,
    )
    if (strange) throw new Error(`${name} ${version} depends on ${strange.join('@')}`)
  }
}

/** The frameworks that users bring along, as arguments of `npm install`. */
function peersOf({ peerDependencies = {} }: Manifest): string[] {
  return Object.entries(peerDependencies).map(([peer, range]) => `${peer}@${range}`)
}

async function failures(outcomes: readonly Promise<boolean>[]): Promise<number> {
  return (await Promise.all(outcomes)).filter((passed) => !passed).length
}

if (import.meta.main) {
  process.exitCode = (await checkRelease(resolve(import.meta.dirname, '../../..'))) > 0 ? 1 : 0
}
