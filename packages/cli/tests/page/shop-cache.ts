import { createHash } from 'node:crypto'
import type { Cache, Key } from '@diskcache/cache'
import { png } from '../../../../apps/express/src/pictures/png.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const PRINTS = ['rabbit', 'galaxy', 'dragon', 'fern', 'lightning', 'coral', 'snow', 'river', 'moss', 'ember']
const NAMES = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Radia', 'Donald', 'Frances']

/** A clock that is put back while entries are stored, so that they have an age. */
export class PastClock {
  #behind = 0

  readonly now = (): number => Date.now() - this.#behind

  /** Does something as if it were some time ago. */
  ago(milliseconds: number, act: () => void): void {
    this.#behind = milliseconds
    act()
    this.#behind = 0
  }
}

/** Fills a cache as a shop for prints would: reports, pictures, pages, sessions and counters, the sessions last. */
export async function fillShop(cache: Cache<Key, unknown>, clock: PastClock): Promise<void> {
  for (let month = 1; month <= 10; month++)
    clock.ago((40 - month) * DAY, () =>
      cache.set(`report:2026-${pad(month, 2)}`, report(month), { tag: 'reports', pin: true }),
    )
  for (let i = 0; i < 240; i++) {
    const print = PRINTS[i % PRINTS.length] ?? ''
    const picture = await thumbnail(i)
    clock.ago((1 + (i % 9)) * DAY, () =>
      cache.set(`thumb:${print}-${pad(i, 3)}`, picture, { tag: ['pictures', `print:${print}`] }),
    )
  }
  for (let i = 0; i < 180; i++) {
    const print = PRINTS[i % PRINTS.length] ?? ''
    const entry = [
      `page:/prints/${print}?page=${i}`,
      page(print, i),
      { ttl: 2 * DAY + i * MINUTE, tag: ['pages', `print:${print}`] },
    ] as const
    clock.ago((i % 30) * HOUR, () => cache.set(...entry))
  }
  for (let i = 0; i < 60; i++)
    clock.ago(i * HOUR, () => cache.set(`visits:2026-11-${pad((i % 27) + 1, 2)}`, 900 + i * 37))
  for (let i = 0; i < 640; i++) clock.ago((640 - i) * 20_000, () => cache.set(...session(i)))
}

/** Does what a second of the shop does: mostly hits, now and then a new session, and jobs. */
export function workASecond(cache: Cache<Key, unknown>, second: number): void {
  const reads = Math.round(60 + 30 * Math.sin(second / 11))
  for (let i = 0; i < reads; i++) cache.get(`thumb:${PRINTS[(i * 7) % 10]}-${pad((i * 7) % 240, 3)}`)
  for (let i = 0; i < 40 + (second % 9); i++) {
    const number = (i + (second % 7) * 20) % 190
    cache.get(`page:/prints/${PRINTS[number % 10]}?page=${number}`)
  }
  for (let i = 0; i < 1 + (second % 4); i++) cache.set(...session(1000 + second * 4 + i))
  if (second % 12 === 0)
    for (let i = 0; i < 9; i++)
      cache.set(`report:draft-${second}-${i}`, report(i), { tag: 'reports', ttl: 3 * HOUR })
  cache.push({ mail: second }, { prefix: 'mails' })
  if (second % 3 > 0) cache.pull({ prefix: 'mails' })
}

function session(i: number): [string, unknown, { ttl: number; tag: string[] }] {
  const id = createHash('sha256').update(String(i)).digest('hex').slice(0, 16)
  const user = NAMES[i % NAMES.length] ?? ''
  const prints = PRINTS.slice(i % 6, (i % 6) + 1 + (i % 3))
  const cart = prints.map((print, at) => ({ print, size: at === 0 ? 'A2' : 'A3', price: 24 + 8 * at }))
  const value = {
    user: { name: user, email: `${user.toLowerCase()}@example.com`, since: 2019 + (i % 7) },
    cart,
    total: cart.reduce((sum, { price }) => sum + price, 0),
    seen: prints.map((print) => `/prints/${print}`),
    isLoggedIn: i % 3 > 0,
  }
  return [`session:${id}`, value, { ttl: 4 * HOUR, tag: ['sessions', `user:${i % 97}`] }]
}

function page(print: string, i: number): string {
  const items = Array.from(
    { length: 40 + (i % 60) },
    (_, at) => `<li><a href="/prints/${print}/${at}">${print} ${at}</a></li>`,
  )
  return `<!doctype html>\n<title>${print}</title>\n<h1>${print}</h1>\n<ul>\n${items.join('\n')}\n</ul>\n`
}

function report(month: number): unknown {
  const rows = Array.from({ length: 4000 }, (_, i) => ({
    day: (i % 28) + 1,
    print: PRINTS[i % 10],
    sold: (i * month) % 23,
  }))
  return { month, rows }
}

/** A small picture: rings in two colours. */
function thumbnail(i: number): Promise<Buffer> {
  const side = 120
  const ring = (at: number) => Math.hypot((at % side) - 60, Math.floor(at / side) - 60 + (i % 20)) + i
  const pixels = Uint8Array.from({ length: side * side }, (_, at) => Math.floor(ring(at) * 2.2) % 256)
  const palette = Uint8Array.from(
    { length: 768 },
    (_, at) => (Math.floor(at / 3) * ((at % 3) + 1 + (i % 5))) % 256,
  )
  return png({ width: side, height: side, pixels, palette })
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
