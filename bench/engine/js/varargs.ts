function sum(...values: number[]): number {
  let s = 0;
  for (const value of values) s += value;
  return s;
}

function pass(...values: number[]): number[] {
  return values;
}

function prefix(...values: number[]): number[] {
  return [1, ...values];
}

function divide(a: number, b: number): [number, number] {
  return [(a - (a % b)) / b, a % b];
}

export default (): number => {
  let n = 0;
  for (let i = 1; i <= 30000; i++) {
    n += sum(i, 2, 3) + sum(...pass(i, 4)) + prefix(i, i).length;
    const [q, r] = divide(i, 7);
    n += q + r;
    const t = pass(i, q, r);
    n += t.length + (t[1] as number) + (t.slice()[1] as number);
    const [a = 0, b = 0, c = 0] = prefix(i, r);
    n += a + b + c;
  }
  return n;
};
