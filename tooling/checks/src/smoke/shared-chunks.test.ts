import { expect, test } from 'vitest'
import { sharedChunks } from './shared-chunks.ts'

test('sharedChunks() finds what all import, in either format', () => {
  const modules = ['import {\n  a\n} from "./chunk-A.js"\nimport "x"', 'import{b}from"../chunk-A.js";']
  expect(sharedChunks(modules)).toEqual(['chunk-A.js'])
  expect(sharedChunks(['import "../chunk-A.js"', ...modules])).toEqual(['chunk-A.js'])
  const common = ["var a = require('./chunk-A.cjs')", 'require("../chunk-B.cjs"); require("../chunk-A.cjs")']
  expect(sharedChunks(common)).toEqual(['chunk-A.cjs'])
})

test('sharedChunks() finds nothing where one imports none', () => {
  expect(sharedChunks(['import "./chunk-A.js"', 'import { a } from "@diskcache/core"'])).toEqual([])
})
