const FIRST_LENGTH = 1_024

/** Numbers by their place, 8 bytes each, as many as are needed. */
export class Column {
  #numbers = new Float64Array(FIRST_LENGTH)

  /** Returns the number at a place, 0 where none was set. */
  at(place: number): number {
    return this.#numbers[place] ?? 0
  }

  /** Sets the number at a place. */
  set(place: number, number: number): void {
    if (place >= this.#numbers.length) this.#grow(place)
    this.#numbers[place] = number
  }

  #grow(place: number): void {
    const longer = new Float64Array(Math.max(place + 1, this.#numbers.length * 2))
    longer.set(this.#numbers)
    this.#numbers = longer
  }
}
