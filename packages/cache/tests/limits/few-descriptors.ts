import { closeSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import { Cache } from '@diskcache/cache'
import { outcomeOf } from './outcome.ts'

/** Uses a cache while the process may open no file, and again afterwards. */
const [directory = ''] = process.argv.slice(2)
const LARGE = Buffer.alloc(50_000)
const cache = new Cache<string | number, Buffer | string>(directory)
cache.setMany([
  ['large', LARGE],
  ['small', 'text'],
])
cache.push(LARGE)

const OPERATIONS: Record<string, () => unknown> = {
  open: () => new Cache(directory),
  openNew: () => new Cache(`${directory}-new`),
  openReadonly: () => new Cache(directory, { readonly: true }),
  set: () => cache.set('other', LARGE),
  setLater: () => cache.promises.set('other', LARGE),
  get: () => cache.get('large'),
  getLater: () => cache.promises.get('large'),
  getMany: () => cache.getMany(['large']),
  pop: () => cache.pop('large'),
  popLater: () => cache.promises.pop('large'),
  pull: () => cache.pull(),
  pullLater: () => cache.promises.pull(),
  update: () => cache.update('large', () => ({ set: LARGE })),
  write: () => cache.write('large', Readable.from([LARGE])),
  writeLater: () => cache.promises.write('large', Readable.from([LARGE])),
  read: () => cache.read('large'),
  entries: () => [...cache.entries()],
}

const taken = takeDescriptors()
const outcomes: Record<string, unknown> = {}
for (const [name, operation] of Object.entries(OPERATIONS)) outcomes[name] = await outcomeOf(operation)
outcomes.small = await outcomeOf(() => cache.get('small'))
for (const descriptor of taken) closeSync(descriptor)
outcomes.after = await outcomeOf(() => [
  cache.get('large')?.length,
  cache.pull()?.value.length,
  cache.check().length,
])
cache.close()
console.log(JSON.stringify(outcomes))

function takeDescriptors(): number[] {
  const descriptors: number[] = []
  try {
    for (;;) descriptors.push(openSync('/dev/null', 'r'))
  } catch {
    return descriptors
  }
}
