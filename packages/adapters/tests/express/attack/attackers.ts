import { Agent, type OutgoingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'
import { LANGUAGES, LARGE, PAGES } from './pages.ts'

export interface AttackJob {
  readonly port: number
  readonly seed: number
  readonly attackers: number
  /** The milliseconds for which they ask. */
  readonly time: number
  /** Whether they send as many harmless requests instead. */
  readonly isHarmless: boolean
}

/** How many requests of each kind were sent. */
export type Sent = Record<string, number>

/** The requests of each attacker in a second. */
const RATE = 30

/** Two pages that are renewed in the background, and two that are not. */
const AIMED_AT = [...PAGES.slice(0, 2), ...PAGES.slice(8, 10)]

/** How long what is held up stays so, in milliseconds. */
const HELD_MS = 5_000

interface Sender {
  readonly port: number
  readonly agent: Agent
  readonly random: Random
}

interface Asked {
  readonly method?: string
  readonly path: string
  readonly headers?: OutgoingHttpHeaders
  /** The milliseconds after which the client goes; left out: it stays for the whole answer. */
  readonly leavesAfter?: number
  /** Whether it reads nothing. */
  readonly isDeaf?: boolean
}

type Attack = (sender: Sender) => void

/** Fields that no browser sends; some of them name a host, a place or a spelling that applications may go by. */
const MADE_UP: readonly string[] = [
  ...['x-forwarded-host', 'x-original-url', 'x-forwarded-proto', 'cf-ipcountry', 'x-ua-device', 'x-host'],
  ...['forwarded', 'x-http-method-override', 'accept-language', 'accept-encoding', 'x-forwarded-for'],
]

const ATTACKS: Readonly<Record<string, Attack>> = {
  failing: (sender) => {
    const headers = { 'accept-language': language(sender), ...reload(sender), 'x-break': '1' }
    send(sender, { path: page(sender), headers })
  },
  'failing in the background': (sender) => {
    send(sender, { path: page(sender), headers: { accept: 'crash', 'accept-language': language(sender) } })
  },
  purging: (sender) => {
    const method = sender.random.pick(['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE', 'BAN', 'LOCK'])
    send(sender, { method, path: page(sender) })
  },
  'purging by a form': (sender) => {
    send(sender, { method: 'POST', path: `/form?next=${page(sender)}` })
  },
  'making variants': (sender) => {
    const { random } = sender
    const value = `${random.pick(['evil', 'host=evil', '/', 'q'])}${random.below(1_000)}`
    send(sender, {
      path: page(sender),
      headers: { 'accept-language': language(sender), [random.pick(MADE_UP)]: value },
    })
  },
  'making URLs': (sender) => {
    const [path, number] = [page(sender), sender.random.below(100_000)]
    send(sender, {
      path: sender.random.pick([`${path}?${number}`, `/.${path}`, `/%2e${path}`, path.replace('e', '%65')]),
    })
  },
  'leaving early': (sender) => {
    const headers = { 'accept-language': language(sender), ...reload(sender) }
    send(sender, { path: page(sender), headers, leavesAfter: sender.random.below(30) })
  },
  'asking for what takes long': (sender) => send(sender, { path: '/report', headers: reload(sender) }),
  'not reading': (sender) => {
    const headers = { 'accept-language': language(sender) }
    send(sender, { path: LARGE.path, headers, isDeaf: true, leavesAfter: HELD_MS })
  },
  'sending half': ({ port, random }) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /renewed/1 HTTP/1.1\r\nHost: a.example\r\nX-A: '),
    )
    socket.on('error', () => {})
    setTimeout(() => socket.destroy(), HELD_MS + random.below(HELD_MS)).unref()
  },
}

/** What costs an application as much, and concerns nobody else; for the other attacks, an answer as long as a page. */
const HARMLESS: Readonly<Record<string, Asked>> = {
  'asking for what takes long': { path: '/report' },
  'not reading': { path: LARGE.path, headers: { 'accept-language': LANGUAGES[0] } },
}

role<AttackJob, Sent>(async ({ port, seed, attackers, time, isHarmless }, barrier) => {
  const sender = { port, agent: new Agent({ keepAlive: true }), random: new Random(seed) }
  const attacks = Object.entries(ATTACKS)
  const sent: Sent = {}
  await barrier()
  const end = performance.now() + time
  const each = async () => {
    for (; performance.now() < end; await delay(1_000 / RATE)) {
      const [name, attack] = sender.random.pick(attacks)
      sent[name] = (sent[name] ?? 0) + 1
      if (isHarmless) send(sender, HARMLESS[name] ?? { path: '/own' })
      else attack(sender)
    }
  }
  await Promise.all(Array.from({ length: attackers }, each))
  sender.agent.destroy()
  return sent
})

/** Returns a page, half of the time one of a few. */
function page({ random }: Sender): string {
  return random.pick(random.chance(0.5) ? AIMED_AT : PAGES).path
}

function language({ random }: Sender): string {
  return random.pick(LANGUAGES)
}

/** Half of the requests ask for more than what is stored. */
function reload({ random }: Sender): OutgoingHttpHeaders {
  return random.chance(0.5) ? { 'cache-control': 'no-cache' } : {}
}

/** Sends a request, whatever becomes of it. */
function send({ port, agent }: Sender, { isDeaf = false, leavesAfter, headers, ...rest }: Asked): void {
  const own = isDeaf || leavesAfter !== undefined ? {} : { agent }
  const options = { host: '127.0.0.1', port, ...own, ...rest, headers: { host: 'a.example', ...headers } }
  const asked = request(options, (response) => {
    response.on('error', () => {})
    if (!isDeaf) response.resume()
  })
  asked.on('error', () => {}).end()
  if (leavesAfter !== undefined) setTimeout(() => asked.destroy(), leavesAfter).unref()
}
