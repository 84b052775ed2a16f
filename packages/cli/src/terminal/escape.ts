/**
 * What does something to a terminal, or hides from its reader what stands there: control characters, marks of direction,
 * and other characters without a shape, of which those that join letters are left alone; halves of surrogates.
 */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Returns a text of others as one line that can be written to a terminal, and to a column between tabs. */
export function escapeControls(text: string): string {
  return text.replaceAll(UNSHOWN, escaped)
}

/** Returns a text of others with its lines and tabs, and everything else that a terminal would act on escaped. */
export function escapeText(text: string): string {
  return text.replaceAll(UNSHOWN, (character) => (/[\n\t]/.test(character) ? character : escaped(character)))
}

/** Returns JSON that says the same, without a character that a terminal would act on. */
export function escapeJson(json: string): string {
  return json.replaceAll(UNSHOWN, (character) => {
    if (character === '\n') return character
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}

function escaped(character: string): string {
  const point = character.codePointAt(0)!.toString(16)
  return SHORT[character] ?? (point.length <= 2 ? `\\x${point.padStart(2, '0')}` : `\\u{${point}}`)
}
