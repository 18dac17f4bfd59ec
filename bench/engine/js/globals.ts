const shared = { count: 0, add: (a: number, b: number): number => a + b };
shared.add = (a, b) => {
  shared.count++;
  return a + b;
};

export default (): number => {
  let s = 0;
  for (let i = 1; i <= 200000; i++) {
    s = shared.add(s, Math.floor(i / 3) + (Math.max(i, 5) % 3));
    if (typeof s !== 'number') throw new Error('no');
  }
  return s + shared.count;
};
