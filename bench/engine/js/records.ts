interface Account {
  readonly id: number;
  readonly user: { readonly name: string; readonly age: number };
  balance: number;
  readonly active: boolean;
  flagged: number | undefined;
  closed: number | undefined;
}

function account(id: number): Account {
  const user = { name: `u${id % 10}`, age: id % 80 };
  return { id, user, balance: id * 3, active: id % 3 !== 0, flagged: undefined, closed: undefined };
}

export default (): number => {
  const accounts: Account[] = [];
  for (let i = 1; i <= 2000; i++) accounts.push(account(i));
  let sum = 0;
  for (let round = 1; round <= 40; round++) {
    for (const a of accounts) {
      if (a.active) a.balance += a.user.age % 7;
      else a.flagged = (a.flagged ?? 0) + 1;
      if (a.flagged !== undefined && a.flagged > 3 && a.closed === undefined) a.closed = round;
      sum += (a.balance % 10) + (a.closed ?? 0);
    }
  }
  return sum;
};
