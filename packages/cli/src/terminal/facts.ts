import { printTable } from './table.ts'

/** A fact: its name, what people read, and what programs read if that is something else. */
export type Fact = readonly [name: string, text: string, plain?: string | number]

/** Prints facts one below the other: names and texts for people, between a tab for programs. */
export async function printFacts(facts: readonly Fact[]): Promise<void> {
  const columns = [
    { title: '', cell: ([name]: Fact) => name, style: () => 'dim' as const },
    { title: '', cell: ([, text]: Fact) => text, plain: ([, text, plain = text]: Fact) => plain, least: 20 },
  ]
  await printTable(columns, facts, { titles: false })
}
