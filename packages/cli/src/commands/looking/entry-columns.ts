import type { EntryView } from '../../reading/entry-view.ts'
import { formatAge, formatTime } from '../../terminal/durations.ts'
import { formatBytes, formatCount } from '../../terminal/sizes.ts'
import type { Column } from '../../terminal/table.ts'

/** What is not known, or never. */
const NONE = '-'

/** Returns the columns of a list of entries, as of a moment. */
export function entryColumns(now: number): Column<EntryView>[] {
  return [
    {
      ...{ title: 'key', least: 12, cell: ({ key }) => key },
      style: ({ isDamaged, isExpired }) => (isDamaged ? 'red' : isExpired ? 'dim' : undefined),
    },
    { title: 'value', cell: ({ kind }) => kind },
    { title: 'size', align: 'right', cell: ({ bytes }) => formatBytes(bytes), plain: ({ bytes }) => bytes },
    {
      ...{ title: 'age', align: 'right', plain: ({ storeTime }) => moment(storeTime) },
      cell: ({ storeTime }) => (storeTime === null ? NONE : formatAge(now - storeTime)),
    },
    {
      ...{
        title: 'expires in',
        align: 'right',
        isOptional: true,
        plain: ({ expireTime }) => moment(expireTime),
      },
      cell: ({ expireTime, isExpired }) =>
        isExpired ? 'expired' : expireTime === null ? NONE : formatAge(expireTime - now),
    },
    {
      ...{ title: 'hits', align: 'right', isOptional: true, plain: ({ hits }) => hits ?? NONE },
      cell: ({ hits }) => (hits === null ? NONE : formatCount(hits)),
    },
    {
      ...{ title: 'tags', least: 8, isOptional: true },
      cell: ({ tags, pin, isDamaged }) =>
        [
          ...tags.map(({ text }) => text),
          ...(pin ? ['(pinned)'] : []),
          ...(isDamaged ? ['(damaged)'] : []),
        ].join(' '),
      plain: ({ tags }) => tags.map(({ text }) => text).join(','),
    },
  ]
}

function moment(time: number | null): string {
  return time === null ? NONE : formatTime(time)
}
