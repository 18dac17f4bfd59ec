const two = (n: number): string => String(n).padStart(2, '0');

const lines = Array.from({ length: 200 }, (_, at) => {
  const i = at + 1;
  const date = `2024-${two((i % 12) + 1)}-${two((i % 28) + 1)}`;
  return `${date} host${i % 5} sshd[${i * 7}]: login user=name${i}@example.org from 10.0.${i % 256}.${(i * 3) % 256} port ${1024 + i}`;
});
const short: Readonly<Record<string, string>> = { user: 'u', port: 'p', from: 'f' };

export default (): number => {
  let n = 0;
  for (const line of lines) {
    const [, y, m, d] = /^(\d+)-(\d+)-(\d+)/.exec(line) ?? [];
    n += Number(y) + Number(m) + Number(d);
    const [, user = '', domain = ''] = /user=([\w_]+)@([A-Za-z0-9.]+)/.exec(line) ?? [];
    n += user.length + domain.length;
    const address = /from (\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1] ?? '';
    for (const [octet] of address.matchAll(/\d+/g)) n += Number(octet);
    const bracket = /\[\d+\]/.exec(line)?.[0] ?? '';
    n += bracket.length - 1;
    n += line.replace(/\d/g, '#').length + line.replace(/[A-Za-z]+/g, (word) => short[word] ?? word).length;
    n += line.replace(/([A-Za-z0-9]+)=([A-Za-z0-9]+)/g, (_, k, v) => `${v}=${k}`).length;
    if (line.includes('port')) n++;
  }
  return n;
};
