import { countText } from '../text/amounts.ts'

/** How far something is that looks at all entries. */
export function Progress({ scanned, total }: { scanned: number; total: number }) {
  const share = total > 0 ? Math.min(1, scanned / total) : 0
  return (
    <span class="progress">
      <progress max={1} value={share} aria-label="Entries looked at" />
      <span>
        {countText(scanned)} of {countText(Math.max(total, scanned))}
      </span>
    </span>
  )
}
