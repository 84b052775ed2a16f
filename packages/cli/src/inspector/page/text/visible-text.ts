/**
 * What does not show, or changes how other text shows: controls, line and paragraph separators, marks that turn the
 * direction of writing, spaces without width, and halves of surrogate pairs.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\u{e0000}-\u{e007f}]/gu

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

/** A part of a text: as it is, or an escape that stands for what would not show. */
export interface TextPart {
  readonly text: string
  readonly isEscape: boolean
}

/** Returns a text in parts, of which those that would not show are escapes; with `keepLines` lines and tabs stay. */
export function visibleParts(text: string, keepLines = false): TextPart[] {
  const parts: TextPart[] = []
  let [end, plain] = [0, '']
  for (const { 0: hidden, index } of text.matchAll(HIDDEN)) {
    plain += text.slice(end, index)
    end = index + hidden.length
    if (keepLines && (hidden === '\n' || hidden === '\t')) {
      plain += hidden
    } else {
      if (plain !== '') parts.push({ text: plain, isEscape: false })
      parts.push({ text: escapeOf(hidden), isEscape: true })
      plain = ''
    }
  }
  plain += text.slice(end)
  if (plain !== '') parts.push({ text: plain, isEscape: false })
  return parts
}

/** Returns a text with escapes for what would not show. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, escapeOf)
}

/** Returns the beginning of a text, of at most so many characters, and never half of one. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const isHalf = /[\ud800-\udbff]/.test(text[most - 1] ?? '') && /[\udc00-\udfff]/.test(text[most] ?? '')
  return text.slice(0, isHalf ? most - 1 : most)
}

function escapeOf(hidden: string): string {
  const code = hidden.codePointAt(0) ?? 0
  return NAMED[hidden] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${hex4(code)}`)
}

function hex4(code: number): string {
  return code.toString(16).padStart(4, '0')
}
