export default (): number => {
  let x = 0;
  let y = 1;
  let n = 0;
  for (let i = 1; i <= 3000000; i++) x += i % 7;
  while (y < 1e6) {
    y += 3;
    n++;
  }
  do n--;
  while (n >= 1000);
  for (let i = 1; i <= 300; i++) {
    for (let j = 1; j <= 300; j++) {
      for (let k = 1; k <= 10; k++) {
        if ((i + j) % 3 === 0) x += k;
        else if (j > i) x--;
      }
    }
  }
  return x + y + n;
};
