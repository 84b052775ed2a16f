import type { CaseAnswer, CaseRequest } from './second-process.ts'
import { STORE_CASES } from './store-cases.ts'
import type { OpenStore } from './store-test.ts'

const { open } = (await import(process.argv[2] ?? '')) as { open: OpenStore }

process.on('message', async (request: CaseRequest) => {
  process.send?.(await answer(request))
})

async function answer({ member, directory, time }: CaseRequest): Promise<CaseAnswer> {
  try {
    using store = open(directory, { clock: () => time })
    return { result: await STORE_CASES[member].act(store) }
  } catch (error) {
    return { error: String((error as Error).stack) }
  }
}
