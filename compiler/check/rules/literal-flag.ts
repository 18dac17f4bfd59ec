/** Numbers returned where a constant says what they mean. */
import { definedEntries } from '../entries.ts';
import { returnsOf } from '../flow.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  name: 'literal-flag',
  severity: 'warning',
  doc: 'An entry function returns a number literal where a constant of nauthilus_builtin is meant.',
  *run(file, program) {
    for (const { entry, body } of definedEntries(file, program)) {
      for (const { values } of returnsOf(body)) {
        for (const [at, value] of values.entries()) {
          const constants = entry.results[at]?.constants;
          if (value.kind !== 'Number' || constants === undefined) continue;
          const [zero, one] = constants;
          const constant = value.value === 0 ? zero : value.value === 1 ? one : undefined;
          yield {
            at: value.at,
            message: `'${entry.results[at]?.name}' is a flag, not the number ${value.value}`,
            hint:
              constant === undefined
                ? `nauthilus_builtin.${zero} or nauthilus_builtin.${one}`
                : `write nauthilus_builtin.${constant}`,
          };
        }
      }
    }
  },
});
