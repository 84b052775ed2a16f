/** How wide a text is on a terminal, and texts that are cut to fit. */

/** What takes two columns: the letters of East Asia in full width, and pictures. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18d08}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u

/** What takes none: marks that stand on the letter before them. */
const MARKS = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u

const PLAIN = /^[ -~]*$/

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Returns the number of columns that a text takes on a terminal, where it has no control characters. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  return shapesOf(text).reduce((sum, shape) => sum + shapeWidth(shape), 0)
}

/** Returns a text that is at most so wide: its beginning and its end, and an ellipsis in the place of what is between. */
export function cutMiddle(text: string, width: number): string {
  const short = withoutMiddle(text, width)
  if (textWidth(short) <= width) return short
  const shapes = shapesOf(short)
  const front = takeUpTo(shapes, Math.ceil((width - 1) / 2))
  const back = takeUpTo(shapes.reverse(), width - 1 - textWidth(front.join('')))
  return `${front.join('')}…${back.reverse().join('')}`
}

/** A text of megabytes need not be measured. */
function withoutMiddle(text: string, width: number): string {
  const kept = 8 * (width + 8)
  if (text.length <= 2 * kept) return text
  return `${text.slice(0, kept)}…${text.slice(-kept)}`.toWellFormed()
}

function takeUpTo(shapes: readonly string[], width: number): string[] {
  let free = width
  const end = shapes.findIndex((shape) => {
    free -= shapeWidth(shape)
    return free < 0
  })
  return shapes.slice(0, end === -1 ? undefined : end)
}

function shapesOf(text: string): string[] {
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment)
}

function shapeWidth(shape: string): number {
  if (MARKS.test(shape)) return 0
  return WIDE.test(shape) ? 2 : 1
}
