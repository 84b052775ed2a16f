import type { Ailment, Examination } from '../findings/ailment.ts'
import type { ServerFacts } from './server-facts.ts'

const OLD: Ailment = {
  id: 'old-server',
  sign: 'trouble',
  what: 'The server is older than Redis 7.0 and Valkey 8.0',
  why: 'It lacks commands that RedisStore needs: PEXPIRETIME, SET … GET, SPUBLISH',
  wayOut: 'Update the server',
}

const LEAST = { Redis: 7, Valkey: 8 } as const

/** Which version the server has. */
export const version: Examination<ServerFacts> = {
  name: 'version',
  ailments: [OLD],
  examine({ info }) {
    const valkey = info.get('valkey_version')
    const version = valkey ?? info.get('redis_version')
    if (version === undefined) return undefined
    const name = valkey === undefined ? 'Redis' : 'Valkey'
    const isOld = Number(version.split('.')[0]) < LEAST[name]
    return isOld ? [{ ailment: OLD, detail: `${name} ${version}` }] : `${name} ${version}`
  },
}
