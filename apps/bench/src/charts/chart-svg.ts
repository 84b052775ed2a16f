import { Error as ERRORS_ONLY, logger, parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

/** Whatever the reader's system has for its own texts. */
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

export const BACKGROUND = '#ffffff'
export const INK = '#1f2937'
const GRID = '#e5e7eb'

/** This project's bars, and others. */
export const OWN = '#0072b2'
export const OTHER = '#9ca3af'

/** A picture of the documentation. */
export interface Chart {
  /** Below the folder of the documentation: `benchmarks/peers-get.svg`. */
  readonly file: string
  readonly title: string
  /** In the language of vega-lite, without the looks that all charts have. */
  readonly spec: { readonly data: { readonly values: readonly Readonly<Record<string, unknown>>[] } }
}

/** On white, so that it can be read in the dark mode of a page, too. */
const CONFIG: TopLevelSpec['config'] = {
  font: FONT,
  background: BACKGROUND,
  padding: 12,
  view: { stroke: null },
  title: { anchor: 'start', color: INK, fontSize: 14, fontWeight: 600, offset: 12 },
  header: { labelAnchor: 'start', labelFontSize: 12, labelFontWeight: 600, labelColor: INK, labelPadding: 4 },
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
export async function chartSvg({ title, spec }: Chart): Promise<string> {
  // It warns of the independent scales of panels, which are meant.
  const quiet = { logger: logger(ERRORS_ONLY) }
  const compiled = compile({ ...spec, title, config: CONFIG } as unknown as TopLevelSpec, quiet)
  const view = new View(parse(compiled.spec), { renderer: 'none' })
  try {
    return `${asPicture(await view.toSVG(), title)}\n`
  } finally {
    view.finalize()
  }
}

/** Gives the numbers that it draws. */
export function pointsOf({ spec }: Chart): number[] {
  return spec.data.values
    .flatMap((point) => Object.values(point))
    .filter((value) => typeof value === 'number')
}

/** Its marks are no controls: to a screen reader it is one picture with a title, and the tables have the figures. */
function asPicture(svg: string, title: string): string {
  const bare = svg.replaceAll(/ (?:role|class|aria-[a-z]+)="[^"]*"/g, '')
  const name = title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
  return bare.replace(/^<svg ([^>]*)>/, `<svg role="img" $1><title>${name}</title>`)
}
