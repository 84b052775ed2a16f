import { createRequire } from 'node:module'

const core = createRequire(createRequire(import.meta.url).resolve('@diskcache/core'))

const { Packr } = core('msgpackr') as { Packr: new (options: object) => { pack(value: unknown): Buffer } }

const packr = new Packr({ structuredClone: true })

/** What stands in the database for a table of nodes. */
export function packNodes(nodes: unknown): Buffer {
  return Buffer.concat([Buffer.of(0xc1), packr.pack(nodes)])
}

/** An extension that nobody defined. */
export function packUnknown(): Buffer {
  return Buffer.from('91d47f00', 'hex')
}

/**
 * An array that holds one array twice, which holds another twice and so on, followed by a byte too many. It is small in
 * memory, and 2^depth items long for whoever walks it.
 */
export function sharedThenLeftOver(depth: number): Buffer {
  const header = (type: number, id: number) => Buffer.from([0xd6, type, 0, 0, 0, id])
  let value = Buffer.from([0xa1, 0x78])
  for (let id = 1; id <= depth; id++) {
    // Extension 0x69 names the value that follows; 0x70 refers to it.
    value = Buffer.concat([
      header(0x69, id),
      Buffer.from([0x92]),
      value,
      id === 1 ? value : header(0x70, id - 1),
    ])
  }
  return Buffer.concat([value, Buffer.of(0)])
}
