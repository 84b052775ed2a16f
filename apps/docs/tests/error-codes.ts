import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createSourceFile,
  isLiteralTypeNode,
  isStringLiteral,
  isTypeAliasDeclaration,
  isUnionTypeNode,
  ScriptTarget,
} from 'typescript'
import { ROOT } from '../src/repository.ts'

const FILE = join(ROOT, 'packages/core/src/contract/errors.ts')

/** Every code that a `DiskCacheError` can have, as the source declares them. */
export function errorCodes(): string[] {
  const source = createSourceFile(FILE, readFileSync(FILE, 'utf8'), ScriptTarget.Latest)
  const declared = source.statements.filter(isTypeAliasDeclaration)
  const codes = declared.find(({ name }) => name.text === 'DiskCacheErrorCode')?.type
  if (!codes || !isUnionTypeNode(codes)) throw new Error(`${FILE} has no union DiskCacheErrorCode`)
  return codes.types.map((type) => {
    if (!isLiteralTypeNode(type) || !isStringLiteral(type.literal)) throw new Error('a code is no string')
    return type.literal.text
  })
}
