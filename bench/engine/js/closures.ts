function minmax(...values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

export default (): number => {
  let sum = 0;
  const list = Array.from({ length: 100 }, (_, i) => i + 1);
  for (let k = 1; k <= 1000; k++) {
    const scaled = list.map((v, i) => v * k + i + 1);
    sum += scaled.reduce((a, b) => a + b, 0);
    const [lo, hi] = minmax(k, 2, 3, 4);
    sum += lo + hi + (attempt(() => k + 1) ?? 0);
  }
  return sum;
};
