/**
 * The guard fields `$h`, `$a` and `$mt` on primitive values and functions, so that emitted code may read them of any
 * value but nil without a test of its type: docs/decisions/001-value-guards.md. Not enumerable, never written, and
 * their descriptor sends every access to the slow path.
 */
import { BLOCKED, MetaFamily, NO_ELEMENTS, NO_STRINGS } from './descriptor.ts';
import { NO_TABLE } from './table.ts';

/** Process-wide, once. A second copy of the engine in the process finds fields that send its accesses to the slow path too. */
export function installGuards(): void {
  const { object } = new MetaFamily(undefined, NO_TABLE);
  object.ni = BLOCKED;
  object.nih = BLOCKED;
  object.ln = BLOCKED;
  const fields = {
    $h: { value: NO_STRINGS },
    $a: { value: NO_ELEMENTS },
    $mt: { value: object },
  };
  for (const { prototype } of [Number, String, Boolean, Function]) {
    if (!Object.hasOwn(prototype, '$mt')) Object.defineProperties(prototype, fields);
  }
}
