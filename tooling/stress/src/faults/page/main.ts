import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SECTIONS } from './fault-sections.ts'

/** Makes all trials and writes their figures into the page, or into one section of it. */
const PAGE = fileURLToPath(new URL('../../../../../apps/docs/faults.md', import.meta.url))

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '30000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})

const names = Object.keys(SECTIONS).filter((name) => values.only === undefined || name === values.only)
if (names.length === 0) throw new RangeError(`--only is one of ${Object.keys(SECTIONS).join(', ')}`)
const directory = mkdtempSync(join(tmpdir(), 'diskcache-faults-'))
try {
  const job = { directory, seed: Number(values.seed), trials: Number(values.trials) }
  for (const name of names) {
    const text = (await SECTIONS[name]?.(job)) ?? ''
    writeFileSync(PAGE, fill(readFileSync(PAGE, 'utf8'), name, text))
    console.log(text)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function fill(page: string, name: string, text: string): string {
  const block = new RegExp(`(<!-- faults:${name} -->\n\n)[\\s\\S]*?(\n\n<!-- /faults -->)`)
  if (!block.test(page)) throw new Error(`${PAGE} has no block faults:${name}`)
  return page.replace(block, (_, begin, end) => `${begin}${text}${end}`)
}
