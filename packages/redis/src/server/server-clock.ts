/**
 * What the server's clock shows, as far as its replies tell. Commands that write carry the server's time until which they
 * may be carried out: one that its caller has given up, because the server stood still, must not take effect when it goes
 * on. A reading that is wrong, since a clock was set or there are several servers, costs one more round trip, because
 * what is refused as too late says the time.
 */
export class ServerClock {
  /** Of the server's time over this process's monotonic one. Without a reading, every command is too late. */
  #lead = -Infinity

  /** Notes the time that just came in, in epoch milliseconds. */
  note(time: number): void {
    this.#lead = time - performance.now()
  }

  /** The server's time in so many milliseconds, as an argument. */
  after(milliseconds: number): string {
    const time = this.#lead + performance.now() + milliseconds
    return time > 0 ? String(Math.round(time)) : '0'
  }
}
