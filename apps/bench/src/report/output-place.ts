import { join, resolve } from 'node:path'

/** Where the report is written, as paths. */
export interface OutputPlace {
  readonly page: string
  readonly charts: string
  readonly results: string
}

const BENCH = join(import.meta.dirname, '../..')
const DOCS = join(BENCH, '../docs')

/** The folder of the charts, beside the page. */
export const CHARTS = 'benchmarks'

/** In the documentation; the results stand by the program that can read them again. */
export const DOCS_PLACE = { ...placeIn(DOCS), results: join(BENCH, 'results.json') } satisfies OutputPlace

/** All in one directory, unless it is that of the documentation. */
export function outputPlace(directory: string): OutputPlace {
  return resolve(directory) === DOCS ? DOCS_PLACE : placeIn(resolve(directory))
}

function placeIn(directory: string): OutputPlace {
  return {
    page: join(directory, 'benchmarks.md'),
    charts: join(directory, CHARTS),
    results: join(directory, 'results.json'),
  }
}
