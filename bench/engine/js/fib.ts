function fib(n: number): number {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

export default (): number => fib(27) + fib(25);
