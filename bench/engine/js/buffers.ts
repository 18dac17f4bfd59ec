export default (): number => {
  let n = 0;
  for (let round = 1; round <= 40; round++) {
    let s = '';
    for (let i = 1; i <= 500; i++) s += `${i},`;
    n += s.length;
    const parts: string[] = [];
    for (let i = 1; i <= 500; i++) parts.push(`<${i}>`);
    n += parts.join(';').length;
    const rows: string[] = [];
    for (let y = 1; y <= 20; y++) {
      const row: string[] = [];
      for (let x = 1; x <= 20; x++) row.push((x * y) % 3 === 0 ? '#' : '.');
      rows.push(row.join(''));
    }
    const text = rows.join('\n');
    n += text.length + 'ab'.repeat(round).length + [...text].reverse().join('').length + text.charCodeAt(round - 1);
  }
  return n;
};
