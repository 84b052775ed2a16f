import { Script } from '../server/script.ts'

/** Lets chunks live for another `ARGV[1]` milliseconds only. */
export const RETIRE_CHUNKS = new Script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'retired', '1')
return redis.call('PEXPIRE', KEYS[1], ARGV[1])
`)
