import { quote } from '@diskcache/core'
import { isHost } from '../rules/target/target.ts'
import { checkOneOrMore } from './check-list.ts'

/** Completes the option `hosts`: returns them in lower case, or `undefined` for all. */
export function hostsOf(hosts: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (hosts === undefined) return undefined
  checkOneOrMore('hosts', hosts, 'for all hosts')
  return new Set(hosts.map(hostOf))
}

function hostOf(host: unknown): string {
  const name = typeof host === 'string' ? host.toLowerCase() : ''
  if (isHost(name) && URL.canParse(`http://${name}`)) return name
  const meant = hostIn(name)
  const advice = meant === undefined ? '' : `; write ${quote(meant)}`
  throw new TypeError(
    `Cannot use hosts: expected names such as 'example.com' or 'localhost:3000', none of them a pattern, got ${quote(host)}${advice}`,
  )
}

/** Returns the host that somebody has tried to write, as requests name it. */
function hostIn(text: string): string | undefined {
  const host = URL.parse(text.includes('://') ? text : `http://${text}`)?.host
  return host !== undefined && isHost(host) ? host : undefined
}
