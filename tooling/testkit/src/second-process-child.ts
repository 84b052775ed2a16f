import { existsSync, writeFileSync } from 'node:fs'
import type { CaseAnswer, CaseRequest, LockRequest } from './second-process.ts'
import { STORE_CASES } from './store-cases.ts'
import type { OpenStore } from './store-test.ts'

const { open } = (await import(process.argv[2] ?? '')) as { open: OpenStore }

process.on('message', async (request: CaseRequest | LockRequest) => {
  process.send?.(await answer(request))
})

async function answer(request: CaseRequest | LockRequest): Promise<CaseAnswer> {
  try {
    using store = open(request.directory, { clock: () => request.time })
    if ('member' in request) return { result: await STORE_CASES[request.member].act(store) }
    store.transact(() => waitForRemoval(request.file))
    return { result: undefined }
  } catch (error) {
    return { error: String((error as Error).stack) }
  }
}

/** Makes a file, and waits, without a turn of the event loop, until somebody has removed it; at most ten seconds. */
function waitForRemoval(file: string): void {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const end = performance.now() + 10_000
  writeFileSync(file, '')
  while (existsSync(file) && performance.now() < end) Atomics.wait(cell, 0, 0, 1)
}
