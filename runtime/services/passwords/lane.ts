/**
 * Which comparisons are so expensive that others must not have to wait behind them. Read from the text alone, without the
 * schemes themselves, which only workers load.
 */

/** Some ten milliseconds of a worker each. */
const QUICK = { kibibytes: 8192, bcryptCost: 7, cryptRounds: 10_000, derivationRounds: 50_000 };

export type Lane = 'heavy' | 'quick';

/** Heavy is more than some ten milliseconds of work; broken texts are quick, they end at once. */
export function laneOf(stored: string): Lane {
  return isHeavy(stored) ? 'heavy' : 'quick';
}

function isHeavy(stored: string): boolean {
  const argon2 = /^\$argon2.*[$,]m=(\d+).*[$,]t=(\d+)/.exec(stored);
  if (argon2 !== null) return Number(argon2[1]) * Number(argon2[2]) > QUICK.kibibytes;
  const bcrypt = /^\$2[aby]\$(\d\d)/.exec(stored);
  if (bcrypt !== null) return Number(bcrypt[1]) > QUICK.bcryptCost;
  const crypt = /^\$[56]\$rounds=(\d+)/.exec(stored);
  if (crypt !== null) return Number(crypt[1]) > QUICK.cryptRounds;
  const derived = /^\{(?:SCRAM-[^}]*\}|PBKDF2[^}]*\}(?:\$1\$[^$]*\$)?)(\d+)/.exec(stored);
  return derived === null ? stored.startsWith('$7$') : Number(derived[1]) > QUICK.derivationRounds;
}
