import { useId, useState } from 'preact/hooks'
import type { Sample } from '../../protocol/api.ts'
import { momentText } from '../text/times.ts'
import { HEIGHT, type Line, lineOf, WIDTH } from './line.ts'

interface ChartProps {
  readonly title: string
  readonly samples: readonly Sample[]
  /** What is drawn of a sample, or `undefined` where there is nothing to tell. */
  measure(sample: Sample): number | undefined
  textOf(value: number): string
  /** The top of the chart; the largest value unless given. */
  readonly most?: number
  /** Why there is nothing to draw. */
  readonly absent?: string
}

/** A value over the last minutes. The pointer reads it at a moment. */
export function Chart({ title, samples, measure, textOf, most, absent }: ChartProps) {
  const heading = useId()
  const [at, setAt] = useState<number>()
  const values = samples.map(measure)
  const line = lineOf(values, most)
  const shown = at === undefined ? line.last : values[at]
  const time = at === undefined ? undefined : samples[at]?.time
  return (
    <section class="card chart" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {absent !== undefined && <p class="quiet">{absent}</p>}
      {absent === undefined && (
        <>
          <p class="now">
            {shown === undefined ? '–' : textOf(shown)}{' '}
            {time !== undefined && <small>{momentText(time).slice(11)}</small>}
          </p>
          <Drawing {...{ title, line, textOf }} size={samples.length} at={at} onPoint={setAt} />
        </>
      )}
    </section>
  )
}

interface DrawingProps {
  readonly title: string
  readonly line: Line
  readonly size: number
  readonly at: number | undefined
  textOf(value: number): string
  onPoint(at: number | undefined): void
}

function Drawing({ title, line, size, at, textOf, onPoint }: DrawingProps) {
  const label = line.last === undefined ? 'no values yet' : `${textOf(line.last)} now`
  const point = (event: PointerEvent & { currentTarget: Element }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    onPoint(line.indexAt((event.clientX - left) / width))
  }
  const x = at === undefined ? undefined : line.xOf(at)
  return (
    <div class="drawing">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${label}, between ${textOf(line.least)} and ${textOf(line.most)} in ${size} s`}
        onPointerMove={point}
        onPointerLeave={() => onPoint(undefined)}
      >
        <path class="area" d={line.area} />
        <path class="line" d={line.path} />
        {x !== undefined && <path class="cursor" d={`M${x} 0V${HEIGHT}`} />}
      </svg>
      <span class="axis most">{textOf(line.most)}</span>
      <span class="axis least">{textOf(line.least)}</span>
      <span class="axis span">last {line.seconds / 60} min</span>
    </div>
  )
}
