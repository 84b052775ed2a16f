import { transform } from 'esbuild'
import type { Block } from './markdown-block.ts'
import { hasUsing } from './missing-plain-form.ts'

/** The program as Node 22 can run it: as it stands, or compiled, as users do, when it has `using`. */
export async function node22Program(block: Block): Promise<Block> {
  if (!hasUsing(block.text)) return block
  const { code } = await transform(block.text, { loader: 'ts', format: 'esm', target: 'node22' })
  return { ...block, language: 'js', text: code }
}
