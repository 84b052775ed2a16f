import type { Command } from 'commander'
import { idOfTag, shownTag } from '../../reading/tag-id.ts'
import type { Target } from '../../reading/targets/target.ts'
import { isForPeople, printJsonLines, remark } from '../../terminal/output.ts'
import { formatBytes, formatCount } from '../../terminal/sizes.ts'
import { type Column, printTable } from '../../terminal/table.ts'
import { withExamples } from '../arguments/examples.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'
import { surveyGroups } from './survey-groups.ts'

interface TagRow {
  /** The tag as text that can be turned back into it; `null` for entries without one. */
  readonly id: string | null
  readonly text: string
  readonly entries: number
  readonly bytes: number
}

const COLUMNS: Column<TagRow>[] = [
  {
    ...{ title: 'tag', least: 12, cell: ({ text }: TagRow) => text },
    style: ({ id }) => (id === null ? 'dim' : undefined),
  },
  {
    title: 'entries',
    align: 'right',
    cell: ({ entries }) => formatCount(entries),
    plain: ({ entries }) => entries,
  },
  { title: 'size', align: 'right', cell: ({ bytes }) => formatBytes(bytes), plain: ({ bytes }) => bytes },
]

/** Adds `tags`. */
export function addTags(program: Command): void {
  const command = takesTarget(program.command('tags'))
    .description('list tags, with the entries and bytes that have them, the most bytes first')
    .option('--json', 'print a line of JSON for each')
    .action((directory: string, options: { json?: boolean }) =>
      withTarget(directory, 'read', (target) => printTags(target, options)),
    )
  withExamples(command, [['tags ./cache', 'what evict could remove']])
}

async function printTags(target: Target, { json }: { json?: boolean }): Promise<void> {
  const rows = await rowsOf(target)
  if (json) await printJsonLines(rows)
  // No tag would look like an empty one to a program.
  else await printTable(COLUMNS, isForPeople() ? rows : rows.filter(({ id }) => id !== null))
  if (rows.length === 0 && isForPeople() && !json) remark('There are no entries.')
}

/** An entry counts for each of its tags. */
async function rowsOf(target: Target): Promise<TagRow[]> {
  const sums = new Map<string | null, TagRow>()
  for await (const { tags, entries, bytes } of surveyGroups(target)) {
    const names = tags.map((tag) => ({ id: idOfTag(tag), text: shownTag(tag) }))
    for (const name of names.length > 0 ? names : [{ id: null, text: 'no tag' }]) {
      const sum = sums.get(name.id)
      sums.set(name.id, { ...name, entries: (sum?.entries ?? 0) + entries, bytes: (sum?.bytes ?? 0) + bytes })
    }
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes || b.entries - a.entries)
}
