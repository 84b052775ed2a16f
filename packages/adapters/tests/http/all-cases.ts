import { CASES, type Case } from './conformance-cases.ts'
import { STANDARD } from './standard-cases.ts'
import { TARGETED } from './targeted-cases.ts'
import { VALIDATION } from './validation-cases.ts'
import { VARIANT_CASES } from './variant-cases.ts'

/** The conformance suite. */
export const ALL_CASES: readonly Case[] = [
  ...CASES,
  ...VALIDATION,
  ...TARGETED,
  ...VARIANT_CASES,
  ...STANDARD,
]
