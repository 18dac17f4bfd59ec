import assert from 'node:assert/strict';
import { test } from 'node:test';
import { B, Budget, charge, chargeMemory, spent, switchBudget } from '../../runtime/engine/budget.ts';
import { BudgetExceeded, LuaError } from '../../runtime/engine/error.ts';

/** Runs `body` with a budget on a clock that only `body` moves. */
function withBudget(
  options: { deadlineMs?: number; blockingMs?: number; memoryBytes?: number },
  body: (clock: { now: number }, budget: Budget) => void,
): void {
  const clock = { now: 100 };
  const { deadlineMs = 1000, blockingMs = 1e9, memoryBytes = 2 ** 40 } = options;
  const budget = new Budget({ deadlineMs, blockingMs, memoryBytes, clock: () => clock.now });
  const outer = switchBudget(budget);
  try {
    body(clock, budget);
  } finally {
    switchBudget(outer);
  }
}

function countDown(): void {
  if (--B.c < 0) spent();
}

test('counting goes on for ever while the clock stands still', () => {
  withBudget({}, () => {
    for (let i = 0; i < 200_000; i++) countDown();
  });
});

test('past the deadline every further check throws', () => {
  withBudget({ deadlineMs: 50 }, (clock) => {
    clock.now += 51;
    const isDeadline = (error: unknown) => error instanceof BudgetExceeded && error.reason === 'deadline';
    assert.throws(() => {
      for (;;) countDown();
    }, isDeadline);
    for (let i = 0; i < 3; i++) assert.throws(countDown, isDeadline);
  });
});

test('plain code may not hold the thread longer than it was given', () => {
  withBudget({ blockingMs: 20 }, (clock) => {
    assert.throws(
      () => {
        for (let pass = 0; ; pass++) {
          if (pass % 1000 === 0) clock.now += 1;
          countDown();
        }
      },
      (error) => error instanceof BudgetExceeded && error.reason === 'blocking',
    );
    assert.ok(clock.now < 200, `noticed after ${clock.now - 100} ms`);
  });
});

test('a stretch on the thread begins anew when the task gets it again', () => {
  withBudget({ blockingMs: 20 }, (clock, budget) => {
    for (let turn = 0; turn < 10; turn++) {
      switchBudget(undefined);
      switchBudget(budget);
      for (let pass = 0; pass < 15; pass++) {
        clock.now += 1;
        spent();
      }
    }
  });
});

test('slices adapt to what a pass costs', () => {
  withBudget({}, (clock) => {
    spent();
    for (let look = 0; look < 10; look++) {
      clock.now += 10;
      spent();
    }
    assert.ok(B.c <= 2, `slice of expensive passes is ${B.c}`);
    for (let look = 0; look < 10; look++) {
      clock.now += 0.01;
      spent();
    }
    assert.ok(B.c > 1000, `slice of cheap passes is ${B.c}`);
  });
});

test('library work is charged to the same count', () => {
  withBudget({ deadlineMs: 50 }, (clock) => {
    clock.now += 51;
    assert.throws(() => charge(1_000_000), BudgetExceeded);
  });
});

test('an allocation beyond the limit is an ordinary Lua error', () => {
  withBudget({ memoryBytes: 1000 }, () => {
    chargeMemory(999);
    assert.throws(
      () => chargeMemory(1001),
      (error) => error instanceof LuaError && error.value === 'not enough memory',
    );
  });
});

test('the heap may not grow beyond the limit while a task runs', () => {
  const kept: unknown[] = [];
  withBudget({ memoryBytes: 64 << 20 }, (clock) => {
    assert.throws(
      () => {
        for (let pass = 0; pass < 5_000_000; pass++) {
          kept.push([pass, pass, pass, pass]);
          if (pass % 1000 === 0) clock.now += 0.01;
          if (pass % 5000 === 0) {
            clock.now += 2;
            spent();
          }
        }
      },
      (error) => error instanceof BudgetExceeded && error.reason === 'memory',
      `kept ${kept.length} arrays`,
    );
  });
  assert.ok(kept.length < 3_000_000);
});

test('without a task nothing is limited', () => {
  switchBudget(undefined);
  B.c = -1;
  spent();
  assert.ok(B.c > 0);
  chargeMemory(2 ** 50);
});

test('work of the host is excused from everything but the deadline', () => {
  withBudget({ deadlineMs: 1000, blockingMs: 100 }, (clock, budget) => {
    spent();
    const made = budget.excuse(() => {
      clock.now += 500;
      for (let i = 0; i < 200_000; i++) countDown();
      return 'made';
    });
    assert.equal(made, 'made');
    clock.now += 99;
    spent();
    clock.now += 1;
    assert.throws(spent, (error: unknown) => error instanceof BudgetExceeded && error.reason === 'blocking');
  });
  withBudget({ deadlineMs: 1000, blockingMs: 100 }, (clock, budget) => {
    budget.excuse(() => {
      clock.now += 1001;
    });
    assert.throws(spent, (error: unknown) => error instanceof BudgetExceeded && error.reason === 'deadline');
  });
});
