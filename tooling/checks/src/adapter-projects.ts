/** A project that has one framework, and the adapter for it. */
export interface AdapterProject {
  readonly title: string
  /** The program, without its extensions, and the subpath of the adapters that it uses. */
  readonly program: 'keyv' | 'nest' | 'express'
  /** What it installs beside the adapters, as arguments of `npm install`. */
  readonly frameworks: readonly string[]
}

export const ADAPTER_PROJECTS: readonly AdapterProject[] = [
  { title: 'Keyv 5', program: 'keyv', frameworks: ['keyv@5'] },
  { title: 'Keyv 6', program: 'keyv', frameworks: ['keyv@6'] },
  { title: 'Nest 11', program: 'nest', frameworks: nest(11) },
  { title: 'Nest 12', program: 'nest', frameworks: nest(12) },
  { title: 'Express 4', program: 'express', frameworks: ['express@4', '@types/express@4'] },
  { title: 'Express 5', program: 'express', frameworks: ['express@5', '@types/express@5'] },
]

function nest(version: number): string[] {
  return [`@nestjs/common@${version}`, `@nestjs/core@${version}`, 'reflect-metadata@0.2', 'rxjs@7']
}
