export default (): number => {
  let n = 0;
  for (let i = 1; i <= 3000; i++) {
    const line = `user${i}@example.org:${i * 3};${i % 7 === 0}`;
    const at = line.indexOf('@');
    const name = line.slice(0, at);
    const domain = line.slice(at + 1);
    for (let j = 0; j < name.length; j++) n += name.charCodeAt(j);
    const parts: string[] = [];
    for (const [word] of domain.matchAll(/[A-Za-z0-9]+/g)) parts.push(word.toUpperCase());
    n += parts.join('/').length + `${name.padEnd(10)}|${String(i).padStart(5)}|${domain}`.length;
    n += line.replace(/\d/g, 'x').length;
  }
  let s = '';
  for (let i = 0; i < 20000; i++) s += 'x';
  return n + s.length;
};
