/** What a set of servers does when it has agreed: tried again until it works, at most for `limit` milliseconds. */
export async function eventually<T>(action: () => Promise<T>, limit: number): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
