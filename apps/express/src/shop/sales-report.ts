import { pause } from './pause.ts'
import type { Print } from './print.ts'

const MONTHS = 12
const SALES_A_MONTH = 4_000

/**
 * Last year's sales as lines of CSV, about 900 KB, month by month. Each month costs a query of `queryTime`
 * milliseconds. The sales are made up, but always the same.
 */
export async function* salesReport(prints: readonly Print[], queryTime: number): AsyncGenerator<string> {
  yield 'order,month,print,euros\n'
  let order = 1_000
  for (let month = 1; month <= MONTHS; month++) {
    await pause(queryTime)
    const lines: string[] = []
    for (let sale = 0; sale < SALES_A_MONTH; sale++) {
      order++
      const print = prints[((order * 7_919) % 1_009) % prints.length]
      if (print !== undefined) lines.push(`${order},${month},${print.id},${print.price}\n`)
    }
    yield lines.join('')
  }
}
