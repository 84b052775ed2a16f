import type { Ailment, Examination } from '../findings/ailment.ts'
import { messageOf } from '../findings/diagnosis.ts'
import type { ServerFacts } from './server-facts.ts'

const UNREACHABLE: Ailment = {
  id: 'unreachable-server',
  sign: 'trouble',
  what: 'The server does not answer, or refuses this user',
  why: 'Every operation of the store fails',
  wayOut: 'Start the server, or name its address, user and password: redis://USER:PASSWORD@HOST:PORT',
}

const UNTOLD: Ailment = {
  id: 'untold-server',
  sign: 'remark',
  what: 'The server does not tell this user about itself (INFO)',
  why: 'Version, memory and persistence stay unknown',
  wayOut: 'Ask as a user who may, or allow it: ACL SETUSER … +info',
}

const REPLICA: Ailment = {
  id: 'replica',
  sign: 'trouble',
  what: 'The server is a replica',
  why: 'Writes are refused there, and reads are behind',
  wayOut: 'Name the primary; with sentinels, use the option sentinel of RedisStore',
}

const CLUSTER: Ailment = {
  id: 'cluster-node',
  sign: 'remark',
  what: 'The server is one of a cluster',
  why: 'A store with a url alone does not follow its slots, and this is about one node',
  wayOut: 'Give RedisStore a client of createCluster, and ask about each node',
}

/** Whether the server answers, and is one to write to. */
export const reachable: Examination<ServerFacts> = {
  name: 'server',
  ailments: [UNREACHABLE, UNTOLD, REPLICA, CLUSTER],
  examine({ error, info, address }) {
    if (error !== undefined) return [{ ailment: UNREACHABLE, detail: `${address}: ${messageOf(error)}` }]
    const found = [
      ...(info.size === 0 ? [{ ailment: UNTOLD, detail: address }] : []),
      ...(info.get('role') === 'slave'
        ? [
            {
              ailment: REPLICA,
              detail: `its primary is ${info.get('master_host')}:${info.get('master_port')}`,
            },
          ]
        : []),
      ...(info.get('redis_mode') === 'cluster' ? [{ ailment: CLUSTER, detail: address }] : []),
    ]
    return found.length === 0 ? `${address} answers` : found
  },
}
