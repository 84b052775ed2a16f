/** What a worker can be asked: commands by their names, whose arguments and answers are JSON. */
export interface Service {
  readonly commands: Readonly<Record<string, (...args: never[]) => unknown>>
  close?(): unknown
}

export type ServiceKind = 'store' | 'loop' | 'crowd' | 'route' | 'door' | 'press' | 'writer' | 'absent'
