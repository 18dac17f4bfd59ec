class Failure {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

function check(x: number): number {
  if (x % 10 === 0) throw new Failure(x);
  return x;
}

function parse(s: string): number {
  const n = Number(s);
  if (Number.isNaN(n)) throw `not a number: ${s}`;
  return n;
}

function inner(x: number): number {
  try {
    return check(x);
  } catch (failure) {
    return (failure as Failure).code * 2;
  }
}

export default (): number => {
  let n = 0;
  for (let i = 1; i <= 20000; i++) {
    n += inner(i);
    try {
      n += parse(i % 20 === 0 ? 'x' : '7');
    } catch (message) {
      n += (message as string).length;
    }
  }
  return n;
};
