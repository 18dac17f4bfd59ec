function A(i: number, j: number): number {
  const ij = i + j - 1;
  return 1 / (ij * (ij - 1) * 0.5 + i);
}

function times(x: readonly number[], y: number[], n: number, transposed: boolean): void {
  for (let i = 0; i < n; i++) {
    let a = 0;
    for (let j = 0; j < n; j++) a += (x[j] as number) * (transposed ? A(j + 1, i + 1) : A(i + 1, j + 1));
    y[i] = a;
  }
}

function mandelbrot(size: number): number {
  let inside = 0;
  for (let py = 0; py < size; py++) {
    for (let px = 0; px < size; px++) {
      const cx = (2 * px) / size - 1.5;
      const cy = (2 * py) / size - 1;
      let x = 0;
      let y = 0;
      let i = 0;
      for (; i < 50 && x * x + y * y < 4; i++) {
        const next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
      }
      if (i === 50) inside++;
    }
  }
  return inside;
}

export default (): number => {
  const n = 100;
  const u: number[] = Array.from({ length: n }, () => 1);
  const v: number[] = [];
  const t: number[] = [];
  for (let round = 0; round < 5; round++) {
    times(u, t, n, false);
    times(t, v, n, true);
    times(v, t, n, false);
    times(t, u, n, true);
  }
  let vBv = 0;
  let vv = 0;
  for (let i = 0; i < n; i++) {
    const vi = v[i] as number;
    vBv += (u[i] as number) * vi;
    vv += vi * vi;
  }
  return Math.floor(Math.sqrt(vBv / vv) * 1e6) + mandelbrot(120);
};
