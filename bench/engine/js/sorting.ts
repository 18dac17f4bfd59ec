function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state;
  };
}

function quicksort(t: number[], lo: number, hi: number): void {
  if (lo >= hi) return;
  const pivot = t[Math.floor((lo + hi) / 2)] as number;
  let i = lo;
  let j = hi;
  while (i <= j) {
    while ((t[i] as number) < pivot) i++;
    while ((t[j] as number) > pivot) j--;
    if (i > j) break;
    const kept = t[i] as number;
    t[i++] = t[j] as number;
    t[j--] = kept;
  }
  quicksort(t, lo, j);
  quicksort(t, i, hi);
}

export default (): number => {
  const next = random(42);
  const numbers: number[] = [];
  const own: number[] = [];
  const texts: string[] = [];
  const records: { key: number; name: string }[] = [];
  for (let i = 1; i <= 3000; i++) {
    const r = next() % 100000;
    numbers.push(r);
    own.push(r);
    records.push({ key: r, name: `n${r}` });
    texts.push(`k${r}`);
  }
  numbers.sort((a, b) => a - b);
  texts.sort();
  quicksort(own, 0, own.length - 1);
  records.sort((a, b) => b.key - a.key);
  const at = <T>(list: readonly T[], i: number): T => list[i - 1] as T;
  return at(numbers, 10) + at(own, 20) + at(records, 30).key + at(texts, 40).length + at(numbers, 3000);
};
