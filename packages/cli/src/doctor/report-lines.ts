import { paint, type Style } from '../terminal/colours.ts'
import { escapeControls } from '../terminal/escape.ts'
import type { Finding } from './findings/diagnosis.ts'

/** The sign of each line, and its colour. */
const SIGNS: Readonly<Record<Finding['sign'], readonly [string, Style]>> = {
  ok: ['✓', 'green'],
  remark: ['!', 'yellow'],
  trouble: ['✗', 'red'],
}

/** Returns the lines for people: a sign and what was found, and below it why that matters, and the way out. */
export function linesForPeople({ sign, examination, text, why, wayOut }: Finding): string[] {
  const [mark, colour] = SIGNS[sign]
  const head = `${paint(colour, mark)} ${paint('bold', examination)}  ${escapeControls(text)}`
  if (why === undefined || wayOut === undefined) return [head]
  return [head, `    ${paint('dim', 'why:')} ${why}`, `    ${paint('dim', 'way out:')} ${wayOut}`]
}

/** Returns the line for programs: sign, examination, id, what was found, why, and the way out, between tabs. */
export function lineForPrograms({
  sign,
  examination,
  id = '',
  text,
  why = '',
  wayOut = '',
}: Finding): string {
  return [sign, examination, id, text, why, wayOut].map(escapeControls).join('\t')
}
