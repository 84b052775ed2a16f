/** Text that no other call gives. */
export const made = () => `made by ${process.pid}: ${Math.random()}`
