type Tree = readonly [Tree | undefined, number, Tree | undefined];

function* range(n: number): Generator<number> {
  for (let i = 1; i <= n; i++) yield i;
}

function* walk(tree: Tree | undefined): Generator<number> {
  if (tree === undefined) return;
  yield* walk(tree[0]);
  yield tree[1];
  yield* walk(tree[2]);
}

function build(lo: number, hi: number): Tree | undefined {
  if (lo > hi) return undefined;
  const m = Math.floor((lo + hi) / 2);
  return [build(lo, m - 1), m, build(m + 1, hi)];
}

function* doubling(first: number): Generator<number, never, number> {
  for (let x = first; ; ) x = yield x * 2;
}

function* adding(a: number): Generator<number, number, number> {
  const b = yield a + 1;
  return a + b;
}

const tree = build(1, 200);

export default (): number => {
  let n = 0;
  for (const i of range(20000)) n += i % 3;
  for (let round = 1; round <= 10; round++) for (const v of walk(tree)) n += v;
  const filter = doubling(1);
  n += filter.next(0).value;
  for (let i = 2; i <= 10000; i++) n += filter.next(i).value;
  for (let i = 1; i <= 3000; i++) {
    const co = adding(i);
    n += co.next(0).value + co.next(2).value;
  }
  return n;
};
