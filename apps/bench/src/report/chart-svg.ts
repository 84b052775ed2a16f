import { Error as ERRORS_ONLY, logger, parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { barsSpec } from './bars-spec.ts'
import { BACKGROUND, FONT, GRID, INK } from './chart-colours.ts'
import { linesSpec } from './lines-spec.ts'
import type { Chart } from './section.ts'

/** On white, so that it can be read in the dark mode of a page, too. */
const CONFIG: TopLevelSpec['config'] = {
  font: FONT,
  background: BACKGROUND,
  padding: 12,
  view: { stroke: null },
  title: { anchor: 'start', color: INK, fontSize: 14, fontWeight: 600, offset: 12 },
  axis: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    gridColor: GRID,
    domain: false,
    ticks: false,
    labelPadding: 6,
  },
}

/** Draws a chart as an SVG file. */
export async function chartSvg(chart: Chart): Promise<string> {
  const spec = chart.kind === 'bars' ? barsSpec(chart) : linesSpec(chart)
  // It warns of the independent scales of panels, which are meant.
  const quiet = { logger: logger(ERRORS_ONLY) }
  const compiled = compile({ ...spec, title: chart.title, config: CONFIG } as TopLevelSpec, quiet)
  const view = new View(parse(compiled.spec), { renderer: 'none' })
  try {
    return `${asPicture(await view.toSVG(), chart.title)}\n`
  } finally {
    view.finalize()
  }
}

/** Its marks are no controls: to a screen reader it is one picture with a title, and the tables have the figures. */
function asPicture(svg: string, title: string): string {
  const bare = svg.replaceAll(/ (?:role|class|aria-[a-z]+)="[^"]*"/g, '')
  const name = title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
  return bare.replace(/^<svg ([^>]*)>/, `<svg role="img" $1><title>${name}</title>`)
}
