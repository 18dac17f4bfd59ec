/** What scripts ask of the HTTP answer; the endpoints decide how much of it an answer may take over. Byte strings. */

export type HeaderLine = readonly [name: string, value: string];

interface HeaderChange {
  readonly kind: 'set' | 'add' | 'remove';
  readonly name: string;
  readonly value: string;
}

/** A script that loops must not be able to fill the answer. */
const MOST_CHANGES = 100;

export class ResponseDraft {
  status: number | undefined = undefined;
  body: string | undefined = undefined;
  readonly #changes: HeaderChange[] = [];

  /** False when there are too many already. */
  change(change: HeaderChange): boolean {
    if (this.#changes.length >= MOST_CHANGES) return false;
    this.#changes.push(change);
    return true;
  }

  /** Take over what a later phase asked for. */
  adopt(later: ResponseDraft): void {
    for (const change of later.#changes) this.change(change);
    this.status = later.status ?? this.status;
    this.body = later.body ?? this.body;
  }

  /** The headers with all changes in the order in which they were asked for; names in any case. */
  applyTo(headers: readonly HeaderLine[]): readonly HeaderLine[] {
    let lines = headers;
    for (const { kind, name, value } of this.#changes) {
      const wanted = name.toLowerCase();
      const others = kind === 'add' ? lines : lines.filter(([each]) => each.toLowerCase() !== wanted);
      lines = kind === 'remove' ? others : [...others, [name, value]];
    }
    return lines;
  }
}
