/** Commands on sorted sets. */
import {
  argument,
  atLeast,
  between,
  type CommandTable,
  exactly,
  fail,
  fromFloat,
  pairs,
  range,
  SYNTAX_ERROR,
  toFloat,
  toInteger,
} from './command.ts';
import type { Keyspace } from './keyspace.ts';

type Scored = readonly [member: string, score: number];

export const sortedSetCommands: CommandTable = {
  ZADD: atLeast(3, add),
  ZREM: atLeast(2, (ks, [key = '', ...members]) => removeAll(ks, key, members)),
  ZSCORE: exactly(2, (ks, [key = '', member = '']) => scoreText(ks.get(key, 'zset')?.get(member))),
  ZCARD: exactly(1, (ks, [key = '']) => ks.get(key, 'zset')?.size ?? 0),
  ZINCRBY: exactly(3, (ks, [key = '', by = '', member = '']) => {
    const step = toFloat(by);
    const sum = (ks.get(key, 'zset')?.get(member) ?? 0) + step;
    if (Number.isNaN(sum)) fail('ERR resulting score is not a number (NaN)');
    ks.open(key, 'zset').set(member, sum);
    return fromFloat(sum);
  }),
  ZRANK: exactly(2, (ks, [key = '', member = '']) => rank(sorted(ks, key), member)),
  ZREVRANK: exactly(2, (ks, [key = '', member = '']) => rank(sorted(ks, key).reverse(), member)),
  ZCOUNT: exactly(3, (ks, [key = '', min = '', max = '']) => byScore(() => sorted(ks, key), min, max).length),
  ZRANGE: between(3, 4, (ks, args) => byIndex(() => sorted(ks, argument(args, 0)), args)),
  ZREVRANGE: between(3, 4, (ks, args) => byIndex(() => sorted(ks, argument(args, 0)).reverse(), args)),
  ZRANGEBYSCORE: atLeast(3, (ks, [key = '', min = '', max = '', ...words]) =>
    limited(
      byScore(() => sorted(ks, key), min, max),
      words,
    ),
  ),
  ZREVRANGEBYSCORE: atLeast(3, (ks, [key = '', max = '', min = '', ...words]) =>
    limited(byScore(() => sorted(ks, key), min, max).reverse(), words),
  ),
  ZREMRANGEBYSCORE: exactly(3, (ks, [key = '', min = '', max = '']) =>
    removeAll(
      ks,
      key,
      byScore(() => sorted(ks, key), min, max).map(([member]) => member),
    ),
  ),
  ZREMRANGEBYRANK: exactly(3, (ks, [key = '', start = '', stop = '']) => {
    const select = range(start, stop);
    const doomed = select(sorted(ks, key)).map(([member]) => member);
    return removeAll(ks, key, doomed);
  }),
  ZPOPMIN: between(1, 2, (ks, args) => popFirst(ks, args, sorted(ks, argument(args, 0)))),
  ZPOPMAX: between(1, 2, (ks, args) => popFirst(ks, args, sorted(ks, argument(args, 0)).reverse())),
};

/** By score, then by bytes of the member. */
function sorted(ks: Keyspace, key: string): Scored[] {
  const all = [...(ks.get(key, 'zset') ?? [])];
  return all.sort(([a, x], [b, y]) => x - y || (a < b ? -1 : Number(a > b)));
}

function scoreText(score: number | undefined): string | null {
  return score === undefined ? null : fromFloat(score);
}

function rank(all: readonly Scored[], member: string): number | null {
  const index = all.findIndex(([name]) => name === member);
  return index < 0 ? null : index;
}

function removeAll(ks: Keyspace, key: string, members: readonly string[]): number {
  const zset = ks.get(key, 'zset');
  const removed = members.filter((member) => zset?.delete(member)).length;
  ks.prune(key);
  return removed;
}

function byIndex(all: () => readonly Scored[], [, start = '', stop = '', option]: readonly string[]): string[] {
  const withScores = option !== undefined;
  if (withScores && option.toUpperCase() !== 'WITHSCORES') fail(SYNTAX_ERROR);
  const select = range(start, stop);
  return flatten(select(all()), withScores);
}

function flatten(scored: readonly Scored[], withScores: boolean): string[] {
  return scored.flatMap(([member, score]) => (withScores ? [member, fromFloat(score)] : [member]));
}

/** Bounds are inclusive, `(5` excludes. */
function byScore(all: () => readonly Scored[], min: string, max: string): Scored[] {
  const low = bound(min);
  const high = bound(max);
  return all().filter(([, score]) => {
    const isAbove = low.exclusive ? score > low.value : score >= low.value;
    return isAbove && (high.exclusive ? score < high.value : score <= high.value);
  });
}

function bound(text: string): { value: number; exclusive: boolean } {
  const exclusive = text.startsWith('(');
  return { value: toFloat(exclusive ? text.slice(1) : text, 'ERR min or max is not a float'), exclusive };
}

function limited(scored: readonly Scored[], words: readonly string[]): string[] {
  let withScores = false;
  let selected = scored;
  for (let i = 0; i < words.length; i++) {
    const word = argument(words, i).toUpperCase();
    if (word === 'WITHSCORES') withScores = true;
    else if (word === 'LIMIT') {
      const offset = toInteger(argument(words, ++i));
      const count = toInteger(argument(words, ++i));
      selected = offset < 0 ? [] : scored.slice(offset, count < 0 ? undefined : offset + count);
    } else fail(SYNTAX_ERROR);
  }
  return flatten(selected, withScores);
}

function popFirst(ks: Keyspace, args: readonly string[], all: readonly Scored[]): string[] {
  const count = args[1] === undefined ? 1 : toInteger(args[1], 'ERR value is out of range, must be positive');
  if (count < 0) fail('ERR value is out of range, must be positive');
  const taken = all.slice(0, count);
  removeAll(
    ks,
    argument(args, 0),
    taken.map(([member]) => member),
  );
  return flatten(taken, true);
}

interface AddOptions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  ch: boolean;
  incr: boolean;
}

function add(ks: Keyspace, args: readonly string[]): number | string | null {
  const options: AddOptions = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false };
  let index = 1;
  for (; index < args.length; index++) {
    const word = argument(args, index).toLowerCase();
    if (!isAddOption(word)) break;
    options[word] = true;
  }
  const { nx, xx, gt, lt, ch, incr } = options;
  if ((nx && xx) || (nx && (gt || lt)) || (gt && lt)) fail(contradiction(options));
  const flat = args.slice(index);
  if (flat.length === 0 || flat.length % 2 !== 0) fail(SYNTAX_ERROR);
  const scored = pairs(flat, 'zadd').map(([score, member]): Scored => [member, toFloat(score)]);
  if (incr && scored.length > 1) fail('ERR INCR option supports a single increment-element pair');
  const before = ks.get(argument(args, 0), 'zset');
  const zset = before ?? ks.open(argument(args, 0), 'zset');
  const counts = { added: 0, changed: 0 };
  let result: number | undefined;
  for (const [member, score] of scored) result = place(zset, member, score, options, counts);
  ks.prune(argument(args, 0));
  return incr ? scoreText(result) : counts.added + (ch ? counts.changed : 0);
}

function isAddOption(word: string): word is keyof AddOptions {
  return ['nx', 'xx', 'gt', 'lt', 'ch', 'incr'].includes(word);
}

function contradiction({ nx, xx }: AddOptions): string {
  return nx && xx
    ? 'ERR XX and NX options at the same time are not compatible'
    : 'ERR GT, LT, and/or NX options at the same time are not compatible';
}

/** Sets one score where the options allow it; gives the new score, `undefined` when nothing was done. */
function place(
  zset: Map<string, number>,
  member: string,
  score: number,
  { nx, xx, gt, lt, incr }: AddOptions,
  counts: { added: number; changed: number },
): number | undefined {
  const current = zset.get(member);
  if (current === undefined) {
    if (xx) return undefined;
    zset.set(member, score);
    counts.added++;
    return score;
  }
  const next = incr ? current + score : score;
  if (nx || (gt && next <= current) || (lt && next >= current)) return undefined;
  if (next !== current) counts.changed++;
  zset.set(member, next);
  return next;
}
