/**
 * The name under which a store may be told that an entry is probably not there, the same in all copies of this package: a
 * function of the key. A store that has to ask first what an entry is may then try without.
 */
export const EXPECT_ABSENT: unique symbol = Symbol.for('diskcache.expectAbsent')
