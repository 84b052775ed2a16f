import { Script } from '../server/script.ts'

/**
 * Adds the chunk `ARGV[2]`, number `ARGV[1]`; altogether they live for another `ARGV[3]` milliseconds. Refuses when the
 * ones before are gone, because Redis has evicted them, or the writer was stopped for so long.
 */
export const ADD_CHUNK = new Script(`
if ARGV[1] ~= '0' and redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('GONE the beginning of the value was evicted')
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
`)
