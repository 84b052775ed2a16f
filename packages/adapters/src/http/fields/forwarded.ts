import { MAX_SPELLED_LENGTH } from './header-values.ts'

/** A part of the field that `;` or `,` ends. */
const PAIR = /^[\t ]*([!#$%&'*+.^_`|~\w-]+)=("(?:[^"\\]|\\.)*"|[^\s",;]+)[\t ]*$/

/** What names a host or a scheme to an application that does not read the field by the standard. */
const SIMILAR = /host|proto/i

/**
 * Returns what the field `Forwarded` says of host and scheme, without the addresses of client and proxy (RFC 7239, 4),
 * as a field of that name; `undefined` when it says nothing of them. What is malformed or very long, or could be read
 * otherwise, is returned as it is.
 */
export function forwardedTarget(value: string): string | undefined {
  if (value.length > MAX_SPELLED_LENGTH) return value
  const targets: string[] = []
  for (const element of split(value, ',')) {
    const kept: string[] = []
    for (const part of split(element, ';').filter(isText)) {
      const pair = pairOf(part)
      const isOfTarget = pair?.name === 'host' || pair?.name === 'proto'
      if (pair === undefined || (!isOfTarget && SIMILAR.test(part))) return value
      if (isOfTarget) kept.push(`${pair.name}="${pair.text}"`)
    }
    targets.push(kept.join(';'))
  }
  return targets.filter(isText).join(', ') || undefined
}

/** Splits a text where the separator stands outside of quotes. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') isQuoted = !isQuoted
    else if (character === '\\' && isQuoted) at++
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

function isText(part: string): boolean {
  return part.trim() !== ''
}

/** Returns a pair, or `undefined` for something else. */
function pairOf(part: string): { readonly name: string; readonly text: string } | undefined {
  const [, name = '', value = ''] = PAIR.exec(part) ?? []
  const text = value.startsWith('"') ? value.slice(1, -1) : value
  // No host and no scheme has these.
  return name === '' || /["\\]/.test(text) ? undefined : { name: name.toLowerCase(), text }
}
