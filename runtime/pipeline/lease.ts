/** Who still works with a generation: logins until they are answered, post actions until they have ended. */
export class Lease {
  #holders = 0;
  readonly #waiting: (() => void)[] = [];

  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nobody holds it; ask when nobody new can come. */
  free(): Promise<void> {
    if (this.#holders === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
