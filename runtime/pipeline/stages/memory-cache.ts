/** Has this process seen the same login succeed a moment ago? Then no rule, feature or backend is asked again. */
import { isCacheable } from '../memory-cache.ts';
import { defineStage } from '../stage.ts';
import { takeAnswer } from '../take-answer.ts';

export default defineStage({
  name: 'memory-cache',
  order: 10,
  modes: ['auth'],
  run: (login, { memory, services: { metrics } }) => {
    if (!isCacheable(login)) {
      login.script.explanation?.note({ cache: 'memory', result: 'not asked: in-memory=0, or no password' });
      return 'next';
    }
    const remembered = memory.find(login);
    metrics.count(remembered === undefined ? 'cache_misses_total' : 'cache_hits_total', {});
    login.script.explanation?.note({ cache: 'memory', result: remembered === undefined ? 'miss' : 'hit' });
    if (remembered !== undefined) {
      takeAnswer(login, remembered.answer, { used: 'memory', source: remembered.sourceBackend });
      login.memoryCache = 'Hit';
    }
    return 'next';
  },
});
