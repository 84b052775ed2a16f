/** A bucket of three tokens, which gets one back every 100 ms. */
export const RATE = { name: 'b', count: 3, per: 300 }
