import type { Random } from '../../../../packages/cache/tests/processes/random.ts'

/** Something that takes bytes of others, to be tried with inputs at random. */
export interface FuzzTarget extends Disposable {
  readonly name: string
  /** Tries one input; throws or rejects with errors of ours, and nothing else unless something is wrong. */
  try(random: Random): void | Promise<void>
}

/** What is wrong with the outcome of an input. */
export class Finding extends Error {}
