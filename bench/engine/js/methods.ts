class Shape {
  x: number;
  y: number;
  moves = 0;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }

  move(dx: number, dy: number): this {
    this.x += dx;
    this.y += dy;
    this.moves++;
    return this;
  }

  area(): number {
    return 0;
  }
}

class Rect extends Shape {
  w: number;
  h: number;

  constructor(x: number, y: number, w: number, h: number) {
    super(x, y);
    this.w = w;
    this.h = h;
  }

  override area(): number {
    return this.w * this.h;
  }
}

class Square extends Rect {}

export default (): number => {
  let sum = 0;
  for (let i = 1; i <= 20000; i++) {
    const shapes = [new Rect(i, i, 2, 3), new Square(i, -i, 4, 4), new Shape(1, 2)];
    for (let round = 1; round <= 5; round++) {
      for (const s of shapes) sum += s.move(1, round).area() + s.x + s.y;
    }
  }
  return sum;
};
