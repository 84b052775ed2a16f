import { expect, test } from 'vitest'
import { analyseDeclarations } from './declaration-analysis.ts'

function names(text: string): string[] {
  return analyseDeclarations(text).exports.map(({ kind, name }) => `${kind} ${name}`)
}

test('analyseDeclarations() finds what a list, a keyword, a namespace and an assignment export', () => {
  expect(names('declare function f(): void; interface Hidden {}; export { f as g }')).toEqual(['function f'])
  expect(names('export type T = 1; export declare class C {}')).toEqual(['type T', 'class C'])
  expect(names('export declare namespace a { namespace b { interface I {} } }')).toEqual(['interface I'])
  expect(names('declare namespace a { class C {} } export = a')).toEqual(['class C'])
})

test('analyseDeclarations() counts the globals of a script, and none of the library', () => {
  expect(names('interface Global { a: string[] }')).toEqual(['interface Global'])
  expect(names('export { elsewhere } from "./elsewhere"')).toEqual([])
})

test('analyseDeclarations() has what is written, and counts lines of JSDoc', () => {
  const text =
    '/**\n * Two\n */\nexport declare function f(a: string[]): Promise<void>\n/** One */ export const c: 1'
  expect(analyseDeclarations(text)).toEqual({
    kind: 'declarations',
    exports: [
      {
        kind: 'function',
        name: 'f',
        documented: true,
        api: ['export declare function f(a: string[]): Promise<void>'],
      },
    ],
    docLines: 4,
  })
})

test('analyseDeclarations() takes a type as it is written, whatever it comes to', () => {
  const text =
    'export type Endless<T> = T extends [infer F, ...infer R] ? [F, ...Endless<R>] : { [K in keyof T]: Endless<T[K]> }'
  expect(analyseDeclarations(text)).toMatchObject({ exports: [{ api: [text] }] })
})
