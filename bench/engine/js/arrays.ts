function sieve(n: number): number {
  const flags: boolean[] = [];
  for (let i = 0; i <= n; i++) flags.push(true);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (!flags[i]) continue;
    count++;
    for (let k = i * 2; k <= n; k += i) flags[k] = false;
  }
  return count;
}

function product(n: number): number {
  const a: number[][] = [];
  const b: number[][] = [];
  const c: number[][] = [];
  for (let i = 1; i <= n; i++) {
    const [ai, bi]: [number[], number[]] = [[], []];
    for (let j = 1; j <= n; j++) {
      ai.push(i + j);
      bi.push(i - j);
    }
    a.push(ai);
    b.push(bi);
    c.push([]);
  }
  for (let i = 0; i < n; i++) {
    const ai = a[i] as number[];
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += (ai[k] as number) * ((b[k] as number[])[j] as number);
      c[i]?.push(s);
    }
  }
  return c[n - 1]?.[n - 1] as number;
}

function stack(n: number): number {
  const s: number[] = [];
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    s.push(i);
    if (i % 3 === 0) sum += s.pop() as number;
  }
  return sum + s.length;
}

export default (): number => sieve(200000) + product(80) + stack(300000);
