export { greedyDual, hyperbolic, s3FifoByCost } from './cost-policies.ts'
export { type Ask, fifo, hitRatio, lru, s3Fifo } from './ideal-policies.ts'
