class Node {
  weight: number;

  constructor(weight: number) {
    this.weight = weight;
  }

  cost(n: number): number {
    return this.weight * n;
  }
}

class Leaf extends Node {
  override cost(n: number): number {
    return super.cost(n) + 1;
  }
}

class Hot extends Leaf {
  override cost(n: number): number {
    return super.cost(n) * 2;
  }
}

class Rare extends Hot {}

class Pair {
  x: number;
  y: number;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }

  add(other: Pair): Pair {
    return new Pair(this.x + other.x, this.y + other.y);
  }

  equals(other: Pair): boolean {
    return this.x === other.x && this.y === other.y;
  }
}

export default (): number => {
  let sum = 0;
  for (let i = 1; i <= 15000; i++) {
    const nodes = [new Node(i), new Leaf(2), new Hot(3), new Rare(i)];
    for (let round = 1; round <= 4; round++) for (const node of nodes) sum += node.cost(round);
    const p = new Pair(i, 1).add(new Pair(1, i));
    if (p.equals(new Pair(i + 1, i + 1))) sum += p.x;
  }
  return sum;
};
