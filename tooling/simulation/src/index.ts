export { type Ask, fifo, hitRatio, lru, s3Fifo } from './ideal-policies.ts'
