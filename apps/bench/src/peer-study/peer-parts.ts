import { ALL_PEERS } from '../peers/all-peers.ts'
import type { Part } from '../report/part.ts'
import { comparingPart } from './comparing-part.ts'
import { EXPRESS_PART } from './express-part.ts'
import { processesPart } from './processes-part.ts'
import { sizesPart } from './sizes-part.ts'

/** This project beside what people use instead. */
export const PEER_PARTS: readonly Part[] = [
  comparingPart(ALL_PEERS),
  sizesPart(ALL_PEERS),
  processesPart(ALL_PEERS),
  EXPRESS_PART,
]
