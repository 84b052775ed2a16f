import { Script } from './script.ts'

/** Adds the chunk `ARGV[2]`, number `ARGV[1]`; altogether they live for another `ARGV[3]` milliseconds. */
export const ADD_CHUNK = new Script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
`)
