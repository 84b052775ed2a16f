import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'

const start = () => fork(join(import.meta.dirname, 'batch.ts'))

const first = start()
const state = new Cache('batch-state')
while (Number(state.get('next') ?? 0) < 15) await setTimeout(10)
state.close()
first.kill('SIGKILL')
await once(first, 'exit')
console.log('killed')

// It begins where the first was.
await once(start(), 'exit')
