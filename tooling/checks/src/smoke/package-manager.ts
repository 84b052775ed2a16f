/** A package manager at its defaults: nothing is set but what an application needs to take packages from files. */
export interface PackageManager {
  readonly title: string
  /** What `npx` runs. */
  readonly command: readonly string[]
  /** Where it looks for the versions of packages that others depend on. */
  readonly overrides: 'overrides' | 'pnpm' | 'pnpm-workspace' | 'resolutions'
  /** How it lays packages out: in folders of `node_modules`, or in archives that only a Node that it starts reads. */
  readonly layout?: 'archives'
}

export const NPM: PackageManager = { title: 'npm', command: ['npm'], overrides: 'overrides' }
export const PNPM: PackageManager = {
  title: 'pnpm 12',
  command: ['npx', '--yes', 'pnpm@12'],
  overrides: 'pnpm-workspace',
}

/** In the full run only. */
export const OTHER_MANAGERS: readonly PackageManager[] = [
  ...[10, 11, 12].map((version) => npmOf(version)),
  { title: 'pnpm 10', command: ['npx', '--yes', 'pnpm@10'], overrides: 'pnpm' },
  { title: 'pnpm 11', command: ['npx', '--yes', 'pnpm@11'], overrides: 'pnpm-workspace' },
  { title: 'Yarn 1', command: ['npx', '--yes', 'yarn@1.22'], overrides: 'resolutions' },
  {
    title: "Yarn 4 with Plug'n'Play",
    command: ['npx', '--yes', '@yarnpkg/cli-dist@4'],
    overrides: 'resolutions',
    layout: 'archives',
  },
]

/** What a new application consists of before its first install: its files, by name. */
export function applicationFiles(
  { overrides }: PackageManager,
  dependencies: Readonly<Record<string, string>>,
  tarballs: Readonly<Record<string, string>>,
): Record<string, string> {
  const manifest = { name: 'application', version: '1.0.0', private: true, dependencies }
  switch (overrides) {
    case 'overrides':
    case 'resolutions':
      return { 'package.json': json({ ...manifest, [overrides]: tarballs }) }
    case 'pnpm':
      return { 'package.json': json({ ...manifest, pnpm: { overrides: tarballs } }) }
    case 'pnpm-workspace':
      // JSON is YAML.
      return { 'package.json': json(manifest), 'pnpm-workspace.yaml': json({ overrides: tarballs }) }
  }
}

function npmOf(version: number): PackageManager {
  return { title: `npm ${version}`, command: ['npx', '--yes', `npm@${version}`], overrides: 'overrides' }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
