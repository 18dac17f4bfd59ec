const words = Array.from({ length: 200 }, (_, i) => `word${((i + 1) * 7919) % 1000}`);

export default (): number => {
  let total = 0;
  for (let round = 1; round <= 200; round++) {
    const counts = new Map<string, number>();
    for (const w of words) counts.set(w, (counts.get(w) ?? 0) + 1);
    for (const [k, v] of counts) total += v * k.length;
    const record: Record<string, string | number | boolean> = { user: 'u', realm: 'r', port: round, ok: true };
    for (const k in record) if (record[k] === true) total++;
  }
  return total;
};
