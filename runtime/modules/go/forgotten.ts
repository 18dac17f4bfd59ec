/** Connections and files that a script leaves open end with the last value of the script that leads to them. */

const forgotten = new FinalizationRegistry<() => void>((close) => close());

/** `close` must not refer to `owner`, which would then never be forgotten. */
export function closeWhenForgotten(owner: object, close: () => void): void {
  forgotten.register(owner, close, owner);
}

/** Say that it has been closed. */
export function isClosed(owner: object): void {
  forgotten.unregister(owner);
}
