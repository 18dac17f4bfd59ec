/** Comparing passwords with hashes, and checking them against a policy. */
import {
  defineModule,
  error,
  io,
  type LuaTable,
  type LuaValue,
  lax,
  pure,
  rawGet,
  rest,
  result,
  str,
  table,
  toUtf8String,
} from '../host/index.ts';

/** What a policy may ask for; names of its keys, the second one is a spelling found in the documentation. */
interface Minima {
  readonly length: number;
  readonly upper: number;
  readonly lower: number;
  readonly digits: number;
  readonly special: number;
}

function minimaOf(policy: LuaTable): Minima {
  return {
    length: minimum(policy, 'min_length'),
    upper: minimum(policy, 'min_upper'),
    lower: minimum(policy, 'min_lower'),
    digits: minimum(policy, rawGet(policy, 'min_number') === undefined ? 'min_dumber' : 'min_number'),
    special: minimum(policy, 'min_special'),
  };
}

function minimum(policy: LuaTable, key: string): number {
  const value: LuaValue = rawGet(policy, key);
  return typeof value === 'number' ? Math.trunc(value) : 0;
}

/** Length counts bytes, everything else characters; a character counts in one class at most. */
function satisfies(password: string, minima: Minima): boolean {
  const text = toUtf8String(password);
  const count = (characters: RegExp): number => text.match(characters)?.length ?? 0;
  return (
    password.length >= minima.length &&
    count(/\p{Lu}/gu) >= minima.upper &&
    count(/\p{Ll}/gu) >= minima.lower &&
    count(/\p{Nd}/gu) >= minima.digits &&
    count(/[\p{P}\p{S}]/gu) >= minima.special
  );
}

const hash = str('hash');
const plainText = str('password');

const compareDoc = 'Does the password belong to the hash? The second value says why a hash cannot be checked.';

export default defineModule({
  name: 'nauthilus_password',
  classes: 'all',
  doc: 'Password hashes, those of Nauthilus, Dovecot and OpenLDAP, and password policies.',
  functions: {
    compare_passwords: io(
      {
        doc: compareDoc,
        args: [rest(lax('argument'))],
        shown: [hash, plainText],
        returns: [result('match', 'boolean'), error],
      },
      async ({ services }, given) => {
        if (given.length !== 2) return [false, 'wrong number of arguments'];
        const [stored, plain] = textsOf(given);
        const outcome = await services.passwords.compare(stored, plain);
        return [outcome.kind === 'match', outcome.kind === 'unusable' ? outcome.message : undefined];
      },
    ),
    check_password_policy: pure(
      {
        doc: 'Has the password the minimal length and numbers of characters (min_length, min_upper, min_lower, min_number, min_special)?',
        args: [table('policy'), str('password')],
        returns: [result('satisfied', 'boolean')],
      },
      (policy, password) => satisfies(password, minimaOf(policy)),
    ),
  },
});

/** The number of arguments is looked at before their types. */
function textsOf(given: readonly LuaValue[]): readonly [stored: string, plain: string] {
  const functionName = 'compare_passwords';
  return [
    hash.take(given[0], { index: 1, functionName }, given.length),
    plainText.take(given[1], { index: 2, functionName }, given.length),
  ];
}
