import { useId, useState } from 'preact/hooks'
import type { SurveyRow } from '../../protocol/api.ts'
import { Bar } from '../parts/bar.tsx'
import { shortText } from '../parts/visible.tsx'
import { bytesText, countText } from '../text/amounts.ts'

/** Rows that are shown at first. */
const MOST_ROWS = 8

interface BarListProps {
  readonly title: string
  readonly rows: readonly SurveyRow[]
  /** What a click on a row does, or `undefined` for a row that filters nothing. */
  actionOf?(row: SurveyRow): (() => void) | undefined
}

/** Sums as bars of bytes, of which the longest fills the width. */
export function BarList({ title, rows, actionOf }: BarListProps) {
  const heading = useId()
  const [isWhole, setIsWhole] = useState(false)
  const most = Math.max(1, ...rows.map(({ bytes }) => bytes))
  const shown = isWhole ? rows : rows.slice(0, MOST_ROWS)
  return (
    <section class="card" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {rows.length === 0 && <p class="quiet">nothing</p>}
      {rows.length > 0 && (
        <table class="bars">
          <thead>
            <tr>
              <th scope="col">what</th>
              <th scope="col">entries</th>
              <th scope="col">bytes</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.id ?? row.label} row={row} share={row.bytes / most} action={actionOf?.(row)} />
            ))}
          </tbody>
        </table>
      )}
      {rows.length > MOST_ROWS && (
        <button type="button" class="plain" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'fewer' : `${rows.length - MOST_ROWS} more`}
        </button>
      )}
    </section>
  )
}

interface RowProps {
  readonly row: SurveyRow
  readonly share: number
  readonly action: (() => void) | undefined
}

function Row({ row: { label, entries, bytes }, share, action }: RowProps) {
  const text = shortText(label, 80)
  return (
    <tr>
      <th scope="row">
        {action === undefined ? (
          <span class="label">{text}</span>
        ) : (
          <button type="button" class="label plain" title="Show these entries" onClick={action}>
            {text}
          </button>
        )}
        <Bar share={share} />
      </th>
      <td>{countText(entries)}</td>
      <td>{bytesText(bytes)}</td>
    </tr>
  )
}
