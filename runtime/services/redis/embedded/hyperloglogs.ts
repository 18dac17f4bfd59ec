/**
 * HyperLogLog, with the registers and the estimate of Redis, so that counts are the same: 2^14 registers, MurmurHash64A,
 * and the estimator of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, section 4.
 */
import { atLeast, type CommandTable, fail } from './command.ts';
import type { Keyspace } from './keyspace.ts';

const INDEX_BITS = 14n;
const REGISTERS = 1 << Number(INDEX_BITS);
/** Bits of the hash that are left for counting zeros. */
const COUNTED_BITS = 64 - Number(INDEX_BITS);
/** 1 / (2 ln 2), Ertl's constant for any number of registers. */
const ALPHA = 0.5 / Math.LN2;

type Registers = Map<number, number>;

export const hyperloglogCommands: CommandTable = {
  PFADD: atLeast(1, (ks, [key = '', ...members]) => {
    const isNew = !ks.has(key);
    const registers = open(ks, key);
    let changed = 0;
    for (const member of members) changed += Number(raise(registers, ...place(member)));
    return changed > 0 || isNew ? 1 : 0;
  }),
  PFCOUNT: atLeast(1, (ks, keys) => {
    const [only] = keys;
    return estimate(keys.length === 1 && only !== undefined ? read(ks, only) : union(ks, keys));
  }),
  PFMERGE: atLeast(1, (ks, [target = '', ...sources]) => {
    const merged = union(ks, [target, ...sources]);
    ks.put(target, 'hyperloglog', merged, 'keepTtl');
    return 'OK';
  }),
};

const NOT_ONE = 'WRONGTYPE Key is not a valid HyperLogLog string value.';

function read(ks: Keyspace, key: string): Registers {
  if (ks.typeOf(key) === 'string') fail(NOT_ONE);
  return ks.get(key, 'hyperloglog') ?? new Map();
}

function open(ks: Keyspace, key: string): Registers {
  if (ks.typeOf(key) === 'string') fail(NOT_ONE);
  return ks.open(key, 'hyperloglog');
}

function union(ks: Keyspace, keys: readonly string[]): Registers {
  const all: Registers = new Map();
  for (const registers of keys.map((key) => read(ks, key))) {
    for (const [index, value] of registers) raise(all, index, value);
  }
  return all;
}

/** Lets a register grow; false when it is as high already. */
function raise(registers: Registers, index: number, value: number): boolean {
  if ((registers.get(index) ?? 0) >= value) return false;
  registers.set(index, value);
  return true;
}

/** Register of a member, and the value that it gets at least: position of the lowest 1 in the rest of the hash. */
function place(member: string): [index: number, value: number] {
  const hash = murmurHash64A(member);
  const index = Number(hash & (BigInt(REGISTERS) - 1n));
  let rest = (hash >> INDEX_BITS) | (1n << BigInt(COUNTED_BITS));
  let value = 1;
  for (; (rest & 1n) === 0n; rest >>= 1n) value++;
  return [index, value];
}

const MASK = (1n << 64n) - 1n;
const MULTIPLIER = 0xc6a4a7935bd1e995n;
const SEED = 0xadc83b19n;

/** Austin Appleby's MurmurHash2 of 64 bits, for little-endian machines; the text is bytes. */
function murmurHash64A(text: string): bigint {
  const bytes = Buffer.from(text, 'latin1');
  const { length } = bytes;
  let hash = SEED ^ ((BigInt(length) * MULTIPLIER) & MASK);
  const whole = length - (length % 8);
  for (let at = 0; at < whole; at += 8) {
    let word = (bytes.readBigUInt64LE(at) * MULTIPLIER) & MASK;
    word = ((word ^ (word >> 47n)) * MULTIPLIER) & MASK;
    hash = ((hash ^ word) * MULTIPLIER) & MASK;
  }
  if (whole < length) {
    let tail = 0n;
    for (let at = length - 1; at >= whole; at--) tail = (tail << 8n) | BigInt(bytes[at] ?? 0);
    hash = ((hash ^ tail) * MULTIPLIER) & MASK;
  }
  hash = ((hash ^ (hash >> 47n)) * MULTIPLIER) & MASK;
  return hash ^ (hash >> 47n);
}

function estimate(registers: Registers): number {
  const histogram = new Array<number>(COUNTED_BITS + 2).fill(0);
  histogram[0] = REGISTERS - registers.size;
  for (const value of registers.values()) histogram[value] = (histogram[value] ?? 0) + 1;
  const share = (value: number) => (histogram[value] ?? 0) / REGISTERS;
  let z = REGISTERS * tau(1 - share(COUNTED_BITS + 1));
  for (let value = COUNTED_BITS; value >= 1; value--) z = 0.5 * (z + (histogram[value] ?? 0));
  z += REGISTERS * sigma(share(0));
  return Math.round((ALPHA * REGISTERS * REGISTERS) / z);
}

/** Correction for registers that are 0. */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let power = x;
  let weight = 1;
  let sum = x;
  for (let before = Number.NaN; sum !== before; ) {
    power *= power;
    before = sum;
    sum += power * weight;
    weight += weight;
  }
  return sum;
}

/** Correction for registers that are as high as can be. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let weight = 1;
  let sum = 1 - x;
  for (let before = Number.NaN; sum !== before; ) {
    root = Math.sqrt(root);
    before = sum;
    weight *= 0.5;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
