import type { Random } from '../../../../packages/cache/tests/processes/random.ts'

/** What fields are made of, and what ends or nests something in one of them. */
const PIECES: readonly string[] = [
  ...' \t,;="\\/-*0()[]:.@?%&_'.split(''),
  ...['"a"', 'W/"', 'max-age=', 'no-cache', 'private="', 'bytes=', 'host=', 'proto=http', 'q=0', 'params=('],
  ...['?1', 'Sun, 06 Nov 1994 ', 'Nov', '08:49:37', 'GMT', '\u00e9', '99999999999999999999', '1.5', ':YQ==:'],
  ...[
    'except=',
    'key-order',
    'gzip',
    'de-CH',
    's-maxage=1',
    '1',
    'a',
    'b=2',
    '%2e',
    '..',
    '%',
    '[::1]',
    '://',
  ],
]

const MOST_CHANGES = 5

/** The longest text that is made longer, in characters, by repeating a part of it. */
const MOST_REPEATED = 2_000

/** Returns the text of a field: one of the sound ones, mostly with some changes, or one of nothing but pieces. */
export function fieldText(sound: readonly string[], random: Random): string {
  if (random.chance(0.2)) return piecesOf(random)
  let text = random.pick(sound)
  for (let left = random.below(MOST_CHANGES); left > 0; left--) text = changed(text, sound, random)
  return text
}

function piecesOf(random: Random): string {
  return Array.from({ length: random.below(20) }, () => random.pick(PIECES)).join('')
}

function changed(text: string, others: readonly string[], random: Random): string {
  const at = random.below(text.length + 1)
  const end = at + random.below(8)
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at)
    case 1:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(end)
    case 2:
      return text.slice(0, at) + text.slice(end)
    case 3:
      return `${text.slice(0, at)}${random.pick([', ', ';', ''])}${random.pick(others)}`
    case 4:
      return text.slice(0, at) + String.fromCharCode(0x20 + random.below(0xe0)) + text.slice(at)
    default:
      return text.slice(0, end) + repeated(text.slice(at, end), random) + text.slice(end)
  }
}

function repeated(part: string, random: Random): string {
  return part.repeat(random.below(Math.floor(MOST_REPEATED / Math.max(1, part.length))))
}
