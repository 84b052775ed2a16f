import { ok } from 'node:assert'
import type { Random } from '../../../../cache/tests/processes/random.ts'
import { checkStamped, FORMS, stamped } from '../../../../cache/tests/processes/stamped-value.ts'

const KEY = 'item'

/** An item that proves itself, of any form. */
export function flowItem(producer: number, sequence: number, random: Random): unknown {
  return stamped({ key: KEY, writer: producer, sequence }, random.pick(FORMS), random)
}

/** Who made an item, and which of its items it is: `'3:17'`. Throws when it is damaged. */
export function labelOf(item: unknown): string {
  const { writer, sequence } = checkStamped(KEY, item)
  return `${writer}:${sequence}`
}

/** Throws when an item comes after a later one of its producer. */
export function expectOrder(labels: readonly string[], where: string): void {
  const last = new Map<string, number>()
  for (const label of labels) {
    const [producer = '', sequence] = label.split(':')
    const before = last.get(producer) ?? -1
    ok(Number(sequence) > before, `${where}: item ${label} came after item ${before} of its producer`)
    last.set(producer, Number(sequence))
  }
}

/** All labels of so many producers with so many items each. */
export function allLabels(producers: number, items: number): string[] {
  return Array.from({ length: producers * items }, (_, i) => `${Math.floor(i / items)}:${i % items}`)
}
